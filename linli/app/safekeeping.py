"""The commands `backup`, `restore` and `upgrade`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from linli.app import homes
from linli.cli import output
from linli.kernel.errors import InputError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@output.json_option
def backup(file: Path, as_json: bool) -> None:
    """Write the whole installation into FILE, while work goes on.

    The file holds no keys: `linli keys export` writes them, under a passphrase, into a file to be kept elsewhere. Without them
    nothing that residents said can be read.
    """
    from linli.app import backup as work

    done = work.make(file, output.now(), tell=output.note)
    document = {"file": str(done.file), "bytes": done.size, "sha256": done.sha256, "files": done.files}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))
    output.note("It holds no keys. Keep them apart: linli keys export RING")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The exported key ring.")
@click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Of the key ring."
)
@click.option(
    "--erasures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The ledger of erasures: the folder `erasures` of the home that was, or a copy.",
)
@click.option("--without-erasures", is_flag=True, help="The ledger is lost: say so, and answer for it.")
@output.json_option
@click.pass_context
def restore(
    ctx: click.Context,
    file: Path,
    keys: Path | None,
    passphrase_file: Path | None,
    erasures: Path | None,
    without_erasures: bool,
    as_json: bool,
) -> None:
    """Make an installation from a backup, in a home (LINLI_HOME) that holds none, and verify it.

    What was erased since the backup is erased again, by the ledger of erasures. Ends with status 1 where something does not
    fit.
    """
    from linli.app import ledger, restoring
    from linli.cli.keys import passphrase_of

    own = ledger.ledger_folder()
    chosen = erasures or (own if own.is_dir() else None)
    if chosen is None and not without_erasures:
        raise InputError(
            "A restore without the ledger of erasures brings back what people had erased.",
            code="restore.no_ledger",
            hint="Give --erasures FOLDER (the folder `erasures` of the old home), or --without-erasures if it is lost.",
        )
    wish = restoring.Wish(file, chosen, keys, lambda: passphrase_of(passphrase_file, confirm=False))
    done = restoring.Restored()
    steps = list(output.progress(restoring.run(wish, output.now(), done, tell=output.note), label="Restoring"))
    rows = [{"step": step.name, "changed": step.changed, "detail": step.detail} for step in steps]
    document = {"home": str(homes.home_folder()), "steps": rows, **asdict(done)}
    output.emit(document, as_json=as_json, show=lambda: output.table(rows, title=f"Restored in {homes.home_folder()}"))
    if done.found or done.photos_missing:
        output.note(f"{done.found} things do not fit, {done.photos_missing} photos are missing. {done.first}".rstrip())
        ctx.exit(1)


@click.command()
@click.option(
    "--backup", "file", type=click.Path(dir_okay=False, path_type=Path), help="File of the backup made before."
)
@click.option("--no-backup", is_flag=True, help="Make none: one was made just now.")
@output.json_option
def upgrade(file: Path | None, no_backup: bool, as_json: bool) -> None:
    """After a new release was installed: back up, migrate, renew grants. Stop `linli serve` and `linli work` before."""
    from linli.app import upgrading

    at = output.now()
    out = None if no_backup else file or upgrading.default_file(at)
    steps = list(output.progress(upgrading.run(out, at, tell=output.note), label="Upgrading"))
    rows = [{"step": step.name, "changed": step.changed, "detail": step.detail} for step in steps]
    output.emit({"steps": rows}, as_json=as_json, show=lambda: output.table(rows, title="Upgraded"))

"""`linli keys`: the key ring under which personal parts lie. A passphrase never comes as an argument."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from linli.cli import output
from linli.journal.keyfile import export_keys, import_keys
from linli.journal.keyring import key_ring
from linli.journal.rotation import parts_by_key, rotate
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import InputError

PASSPHRASE = "LINLI_KEYS_PASSPHRASE"  # noqa: S105  (the name of a variable)
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file with the passphrase; else the variable {PASSPHRASE}, else it is asked for.",
)


@click.group()
def keys() -> None:
    """Show, rotate, export and import the key ring."""


@keys.command("list")
@output.json_option
def list_command(as_json: bool) -> None:
    """Show the ids of the keys, which one seals, and how many parts lie under each."""
    ring, counts = key_ring(), parts_by_key()
    active = ring.active()
    names = sorted({*ring.key_ids(), *counts})
    held = set(ring.key_ids())
    rows = [
        {"key": name, "active": name == active, "in_ring": name in held, "parts": counts.get(name, 0)} for name in names
    ]
    output.emit({"keys": rows}, as_json=as_json, show=lambda: output.table(rows))


@keys.command("rotate")
@output.json_option
def rotate_command(as_json: bool) -> None:
    """Make a new key and encrypt every personal part anew; run again after an interruption, it goes on."""
    with Progress(console=Console(stderr=True), transient=True, disable=not os.isatty(2)) as bar:
        task = bar.add_task("Encrypting anew", total=None)
        done = rotate(SYSTEM, output.now(), lambda n, total: bar.update(task, completed=n, total=total))
    document = {"key": done.key, "parts": done.parts, "resumed": done.resumed}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))
    output.note("Old keys are kept for old backups. Export the ring anew: linli keys export FILE")


@keys.command("export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_option
def export_command(out: Path, passphrase_file: Path | None) -> None:
    """Write the whole ring into one file under a passphrase, to be kept apart from the database's backups."""
    count = export_keys(key_ring(), passphrase_of(passphrase_file, confirm=True), out)
    output.line(f"{count} keys written to {out}.")


@keys.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_option
def import_command(source: Path, passphrase_file: Path | None) -> None:
    """Put the keys of an exported file back; keys that are there stay as they are."""
    count = import_keys(key_ring(), passphrase_of(passphrase_file, confirm=False), source)
    output.line(f"{count} keys added.")


def passphrase_of(file: Path | None, *, confirm: bool) -> str:
    """The passphrase: from the file, else the environment, else asked for.

    Raises:
        InputError: nobody can be asked.
    """
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if given := os.environ.get(PASSPHRASE, ""):
        return given
    if not os.isatty(0):
        raise InputError(
            "A passphrase is needed.", code="journal.passphrase", hint=f"Set {PASSPHRASE}, or give --passphrase-file."
        )
    asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
    return asked

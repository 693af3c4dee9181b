"""`linli audit`: does the log hold what it promises? Verification, the seals, and what the outbox could not deliver."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import click

from linli.cli import output
from linli.journal.checks import check_journal
from linli.journal.delivery import dead_rows, outbox_counts, retry_dead
from linli.journal.sealing import seal_due, seals_folder, stored_seals
from linli.journal.seals import write_file
from linli.journal.verifying import Finding, Verification, verify

SHOWN = 20


@click.group()
def audit() -> None:
    """Verify the log, show its seals, look after undelivered effects."""


@audit.command("verify")
@click.option(
    "--seals",
    "outside",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of seal files kept by another body.",
)
@output.json_option
@click.pass_context
def verify_command(ctx: click.Context, outside: Path | None, as_json: bool) -> None:
    """Recompute every chain, personal commitment and seal; name the first entry that does not fit.

    Ends with status 1 where something does not fit.
    """
    folders = [folder for folder in (seals_folder(), outside) if folder is not None and folder.is_dir()]
    compared = outside is not None and any(outside.glob("*.json"))
    with _counter("entries") as step:
        result = verify(folders, step)
    troubles = [asdict(trouble) for trouble in check_journal(output.now())]
    document = {**_counts(result), "compared_with_outside": compared, "troubles": troubles}
    document["first"] = _plain(result.first) if result.first else None
    document["findings"] = [_plain(finding) for finding in sorted(result.findings, key=Finding.moment)]
    output.emit(document, as_json=as_json, show=lambda: _show(result, troubles, compared))
    if result.found:
        ctx.exit(1)


def _counts(result: Verification) -> dict[str, object]:
    return {
        "fits": result.found == 0,
        "entries": result.entries,
        "subjects": result.subjects,
        "personal_parts": result.parts,
        "personal_parts_erased": result.parts_erased,
        "seals": result.seals,
        "seal_files": result.outside,
        "entries_after_last_seal": result.unsealed,
        "found": result.found,
    }


def _plain(finding: Finding) -> dict[str, object]:
    return asdict(finding)


def _show(result: Verification, troubles: list[dict[str, str]], outside: bool) -> None:
    output.facts(_counts(result))
    if not outside:
        output.note("Compared with no seals from outside; --seals DIR compares with copies that another body holds.")
    if result.first is not None:
        rows = [_plain(finding) for finding in sorted(result.findings, key=Finding.moment)[:SHOWN]]
        output.table(rows, title="What does not fit, the first first")
        first = result.first
        place = f"{first.subject} entry {first.seq}" if first.subject else f"day {first.day}"
        output.line(f"The first that does not fit: {place}: {first.message}")
    if troubles:
        output.table(troubles, title="Other troubles")


class _counter:  # noqa: N801  (read as a verb: with _counter(...))
    """A running count on a terminal, nothing elsewhere."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __enter__(self) -> Callable[[int], None]:
        self.last = 0
        return self._step

    def _step(self, count: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{count:,} {self.unit}", nl=False, err=True)
            self.last = count

    def __exit__(self, *_error: object) -> None:
        if self.last:
            click.echo("", err=True)


@audit.command("seals")
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the seal files there, for another body to keep.",
)
@output.json_option
def seals_command(target: Path | None, as_json: bool) -> None:
    """Seal what is due, and show or hand out the seals."""
    seal_due(output.now())
    seals = list(stored_seals())
    written = sum(write_file(target, seal) for seal in seals) if target else 0
    rows: list[Mapping[str, object]] = [
        {"day": seal.day, "entries": seal.entries, "hash": seal.hash.hex()} for seal in seals
    ]
    document = {"seals": rows, "written": written}
    output.emit(document, as_json=as_json, show=lambda: output.table(rows[-SHOWN:], title=f"{len(rows)} seals"))
    if target:
        output.note(f"{written} new files in {target}.")


@audit.command("outbox")
@click.option("--retry", "retry", type=int, multiple=True, help="Try this given-up row again; may be repeated.")
@click.option("--retry-all", is_flag=True, help="Try all given-up rows again.")
@output.json_option
def outbox_command(retry: tuple[int, ...], retry_all: bool, as_json: bool) -> None:
    """Show how many effects wait, were sent, or were given up, and try given-up ones again."""
    again = retry_dead(None if retry_all else retry, output.now()) if retry or retry_all else 0
    counts, dead = outbox_counts(), [asdict(row) for row in dead_rows()]

    def show() -> None:
        output.facts({**counts, "tried_again": again})
        if dead:
            output.table(dead, title="Given up")

    output.emit({**counts, "tried_again": again, "given_up": dead}, as_json=as_json, show=show)

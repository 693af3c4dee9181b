"""`linli knowledge`: import answers for callers, and look up what would be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from linli.access.selectors import system_actor
from linli.cli import output
from linli.cli.tables import Row, read_table
from linli.kernel.errors import InputError
from linli.knowledge.imports import REQUIRED, Fault, ImportReport, entries_import
from linli.knowledge.selectors import entries_for
from linli.organisations.selectors import organisation_names

_PROBLEMS = {
    "too_few_cells": "the row has fewer cells than the header",
    "too_many_cells": "the row has more cells than the header",
    "unreadable": "the row cannot be read; perhaps a quote is left open",
}


@click.group()
def knowledge() -> None:
    """Answers for callers: what they ask, what they are told."""


@knowledge.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@output.json_option
def import_command(source: Path, as_json: bool) -> None:
    """Bring answers to what a CSV list says.

    Columns questions (parted by |), answer, owner (key, name, or a duty); optional key, place, source, matter, from, until.
    Bad rows are reported, the rest is kept; a key and a place again change that answer by a new version, and the same list
    again changes nothing.
    """
    broken: list[Fault] = []
    rows = list(_rows(read_table(source, REQUIRED, strict=False), broken))
    if not rows and not broken:
        raise InputError(f"{source} has no rows.", code="knowledge.empty", hint="Columns: " + ", ".join(REQUIRED))
    report = entries_import(rows, system_actor(), output.now())
    report.faults = sorted([*report.faults, *broken], key=lambda one: one.line)
    _show(source, report, as_json=as_json)
    if len(report.faults) == len(rows) + len(broken):
        raise click.exceptions.Exit(1)


@knowledge.command("find")
@click.argument("words")
@click.option("--place", default="", help="Code of a place; without it all places.")
@click.option("--limit", type=click.IntRange(1, 50), default=5, help="Most answers.")
@output.json_option
def find_command(words: str, place: str, limit: int, as_json: bool) -> None:
    """Show the answers that a caller's words would find, the best first."""
    at = output.now()
    found = entries_for(words, place, at, limit=limit)
    names = organisation_names({one.owner for one in found}, at)
    rows: list[Mapping[str, object]] = [
        {
            "id": one.id,
            "version": one.number,
            "place": one.place,
            "question": one.title,
            "answer": one.answer,
            "owner": names.get(one.owner, ""),
        }
        for one in found
    ]
    output.emit({"answers": rows}, as_json=as_json, show=lambda: output.table(rows))


def _rows(table: Iterator[Row], broken: list[Fault]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in table:
        if row.problem:
            broken.append(Fault(row.line_no, "", _PROBLEMS[row.problem], "Give the row as many cells as the header."))
        else:
            yield row.line_no, row.values


def _show(source: Path, report: ImportReport, *, as_json: bool) -> None:
    faults: list[Mapping[str, object]] = [
        {"file": str(source), "line": one.line, "column": one.column, "message": one.message, "mend": one.mend}
        for one in report.faults
    ]
    counts = {"opened": report.opened, "changed": report.changed, "kept": report.kept, "refused": len(faults)}

    def show() -> None:
        output.facts(counts)
        if faults:
            output.table(faults, title="Rows that were not taken in")

    output.emit({**counts, "faults": faults}, as_json=as_json, show=show)

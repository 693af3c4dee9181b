"""`linli intake import`: a hand-over of reports from a file, one line answered for each row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import click

from linli.cli import output
from linli.cli.tables import Row, read_table
from linli.intake.imports import Incoming, Intake
from linli.intake.lines import Line
from linli.intake.reports import COLUMNS, report_of
from linli.kernel.errors import InputError

SHOWN_REFUSALS = 1_000
"""Refused rows that are listed; the count is of all."""


@click.group()
def intake() -> None:
    """Take in reports of residents."""


@intake.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--channel", default="import", show_default=True, help="Where the reports come from; numbers are its own."
)
@click.option("--out", type=click.Path(path_type=Path), help="File for one JSON line a row.")
@output.json_option
def import_(file: Path, channel: str, out: Path | None, as_json: bool) -> None:
    """Take in every row of a CSV file; the same file again makes no new case.

    Columns: external_id, reported_at, title, text, lon, lat, crs, address, contact_name, contact_phone, matter; title or
    text must be there. UTF-8 or GB 18030, gzip or not. Only an unreadable row, or one without any words, is refused.
    """
    summary = _Summary()
    run = Intake(channel, output.now)
    rows = output.progress(_incoming(file), label="Taking in reports")
    if out is None:
        for lines in run.take(rows):
            summary.add(lines)
    else:
        with out.open("w", encoding="utf-8", newline="\n") as sink:
            for lines in run.take(rows):
                _write(lines, sink)
                summary.add(lines)
    output.emit(summary.document(), as_json=as_json, show=summary.show)
    if summary.rows and not summary.done:
        raise click.exceptions.Exit(1)


def _write(lines: Iterable[Line], sink: TextIO) -> None:
    """Write the lines of a batch that is committed, and let go of them: what stands in the file is taken in."""
    sink.writelines(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)
    sink.flush()


def _incoming(file: Path) -> Iterator[Incoming]:
    checked = False
    for row in read_table(file, [], strict=False):
        if not checked and row.values:
            _refuse_other_table(file, row)
            checked = True
        yield report_of(row.line_no, row.values, row.problem), row.problem


def _refuse_other_table(file: Path, row: Row) -> None:
    if not {"title", "text"} & set(row.values):
        raise InputError(
            f"{file}:1: Neither of the columns title and text is there.",
            code="intake.columns",
            hint=f"The columns are: {', '.join(COLUMNS)}.",
            data={"file": str(file), "line": 1, "fields": ["title", "text"]},
        )


class _Summary:
    """Counts of what became of the rows, and the rows that were refused."""

    def __init__(self) -> None:
        self.rows = 0
        self.statuses: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.classed: Counter[str] = Counter()
        self.duplicates = 0
        self.refusals: list[dict[str, object]] = []

    @property
    def done(self) -> int:
        """Rows that are no refusals."""
        return self.rows - self.statuses["refused"]

    def add(self, lines: Iterable[Line]) -> None:
        """Count the lines of a batch."""
        for line in lines:
            self.rows += 1
            self.statuses[str(line["status"])] += 1
            flags = line.get("flags")
            self.flags.update(flags if isinstance(flags, list) else ())
            self.classed.update([str(line["matter_by"])] if line.get("matter_by") else ())
            self.duplicates += bool(line.get("duplicate_of"))
            if line["status"] == "refused" and len(self.refusals) < SHOWN_REFUSALS:
                refusal = {"row": self.rows, "external_id": line["external_id"], "errors": line["errors"]}
                self.refusals.append(refusal)

    def document(self) -> dict[str, object]:
        """What was done, as one document."""
        return {
            "rows": self.rows,
            "statuses": dict(self.statuses),
            "flags": dict(self.flags),
            "matter_by": dict(self.classed),
            "duplicates_proposed": self.duplicates,
            "refused": self.refusals,
        }

    def show(self) -> None:
        """Print it for people."""
        counts = {"rows": self.rows, **self.statuses, "duplicates proposed": self.duplicates}
        output.table([{"what": name, "count": count} for name, count in counts.items()], title="Taken in")
        if self.flags:
            output.table([{"flag": name, "count": count} for name, count in self.flags.most_common()], title="Flags")
        if self.refusals:
            output.table(self.refusals, title="Refused")

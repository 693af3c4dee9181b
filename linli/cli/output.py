"""How every command speaks: one table for people or one JSON document, progress on a terminal, errors in a sentence.

Is: what commands share about printing. Is not: what they print. Results go to standard output, progress and errors
to standard error (with `--json` an error is the document).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from linli.kernel.errors import LinliError

Item = TypeVar("Item")
Function = TypeVar("Function", bound=Callable[..., object])

PIPE_COLUMNS = 200
"""Width of a table that is not printed to a terminal."""


def json_option(function: Function) -> Function:
    """Add `--json` to a command; its value arrives as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")(function)


def now() -> datetime:
    """Return the present moment in UTC: the clock of a command, read here and passed on as `at`."""
    return datetime.now(UTC)


def emit(document: Mapping[str, object] | Sequence[object], *, as_json: bool, show: Callable[[], None]) -> None:
    """Print `document` as JSON, or call `show`, which prints tables and lines for people."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))
    else:
        show()


def table(rows: Iterable[Mapping[str, object]], *, title: str = "", columns: Sequence[str] = ()) -> None:
    """Print rows as a table; its columns are the keys of the first row unless they are given."""
    held = list(rows)
    names = list(columns) or list(held[0] if held else ())
    shown = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in names:
        numeric = bool(held) and all(isinstance(row.get(name), int) for row in held)
        shown.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in held:
        shown.add_row(*(Text(_cell(row.get(name))) for name in names))
    console().print(shown)


def facts(pairs: Mapping[str, object], *, title: str = "") -> None:
    """Print names and values, one a line."""
    shown = Table(title=title or None, box=None, show_header=False, title_justify="left", pad_edge=False)
    for name, value in pairs.items():
        shown.add_row(Text(name, style="bold"), Text(_cell(value)))
    console().print(shown)


def line(text: str) -> None:
    """Print one line to standard output."""
    click.echo(text)


def note(text: str) -> None:
    """Print one line for people to standard error: what goes on, never a result."""
    click.echo(text, err=True)


def progress(items: Iterable[Item], *, label: str, total: int | None = None) -> Iterator[Item]:
    """Go through `items`, with a bar on a terminal and nothing elsewhere.

    Args:
        items: what is worked through.
        label: what is done, in a few words.
        total: how many there are, where known.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, total=total, description=label)


def show_error(error: LinliError, *, as_json: bool) -> None:
    """Print an error: message and hint for people, or its document."""
    if as_json:
        document = {"code": error.code, "message": error.message, "hint": error.hint, "data": error.data}
        click.echo(json.dumps({"error": document}, ensure_ascii=False, indent=2, default=_plain))
        return
    click.echo(click.style("Error: ", fg="red", bold=True) + error.message, err=True)
    if error.hint:
        click.echo(error.hint, err=True)


def console() -> Console:
    """Return a console for standard output, wide enough when nobody looks."""
    return Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(part) for part in value)
    return str(value)


def _plain(value: object) -> object:
    """Return what JSON can hold for dates, paths and sets."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, Path):
        return str(value)
    return str(value)

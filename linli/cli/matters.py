"""`linli matters train | suggest`: a classifier of any labels from closed cases, and its suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from linli.cli import output
from linli.cli.tables import lines_writer, read_table
from linli.intake.text.model import CERTAIN, Model, Suggestion, load_model
from linli.intake.text.training import Training, train
from linli.kernel.errors import InputError

TEN_THOUSAND = 10_000
SHOWN_BAD_ROWS = 1_000


@click.group()
def matters() -> None:
    """Train and use the suggestion of matters from text."""


def _columns(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    named = tuple(name.strip() for name in value.split(",") if name.strip())
    if not named:
        raise click.BadParameter("name at least one column")
    return named


_FILE = click.argument("file", type=click.Path(path_type=Path))
_TEXT = click.option(
    "--text", "text", required=True, callback=_columns, metavar="COL[,COL]", help="Columns of words, the title first."
)
_MODEL = click.option("--model", required=True, type=click.Path(path_type=Path), help="The model's file.")


@matters.command("train")
@_FILE
@_TEXT
@click.option("--label", required=True, metavar="COL", help="Column of the label.")
@_MODEL
@output.json_option
def train_(file: Path, text: tuple[str, ...], label: str, model: Path, as_json: bool) -> None:
    """Learn labels from a CSV file, raw Chinese or words set apart by spaces; prints macro-F1 by five folds."""
    reading = _Reading(file, text, (label,))
    pairs = [(words, values[label].strip()) for _, words, values in reading.rows()]
    if not pairs:
        raise InputError(f"{file}: there are no rows with words.", code="intake.no_rows", hint="Check the file.")
    learnt = train([words for words, _ in pairs], [name for _, name in pairs], progress=output.note)
    learnt.model.save(model)
    document = {
        "model": str(model),
        "rows": learnt.rows,
        "left_out": learnt.left_out + reading.wordless,
        "labels": list(learnt.model.labels),
        "macro_f1": [fold / TEN_THOUSAND for fold in learnt.macro_f1],
        "macro_f1_mean": learnt.mean_f1 / TEN_THOUSAND,
        "curve": [{"surest_percent": cover, "right": right / TEN_THOUSAND} for cover, right in learnt.curve],
        "bad_rows": reading.bad,
    }
    output.emit(document, as_json=as_json, show=lambda: _show(learnt, model, reading))


def _show(learnt: Training, model: Path, reading: _Reading) -> None:
    folds = [{"fold": str(n), "macro-F1": _share(f1)} for n, f1 in enumerate(learnt.macro_f1, start=1)]
    output.table([*folds, {"fold": "mean", "macro-F1": _share(learnt.mean_f1)}], title="Five-fold cross-validation")
    curve = [{"surest messages": f"{cover} %", "right": _share(right)} for cover, right in learnt.curve]
    output.table(curve, title="How many are right among the surest")
    left = learnt.left_out + reading.wordless
    output.line(f"{learnt.rows} rows, {len(learnt.model.labels)} labels, {left} rows left out. Model: {model}")
    reading.show()


def _share(ten_thousandths: int) -> str:
    return f"{ten_thousandths // TEN_THOUSAND}.{ten_thousandths % TEN_THOUSAND:04d}"


@matters.command("suggest")
@_FILE
@_TEXT
@_MODEL
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File for one JSON line a row; - = here.")
@output.json_option
def suggest(file: Path, text: tuple[str, ...], model: Path, out: Path, as_json: bool) -> None:
    """Suggest a label for every row: {row, label, confidence, runner_up, because}."""
    scorer, reading = load_model(model), _Reading(file, text, ())
    count = 0
    with lines_writer(out) as write:
        for row, words, _ in output.progress(reading.every_row(), label="Suggesting"):
            write(_line(row, _suggested(scorer, words)))
            count += 1
    document = {"rows": count, "out": str(out), "bad_rows": reading.bad}
    if str(out) != "-":
        output.emit(document, as_json=as_json, show=lambda: _told(count, out, reading))


def _told(count: int, out: Path, reading: _Reading) -> None:
    output.line(f"{count} rows suggested for: {out}")
    reading.show()


def _suggested(scorer: Model, words: str) -> Suggestion:
    return scorer.suggest(words) if words else Suggestion("", 0, "", ())


def _line(row: int, found: Suggestion) -> dict[str, object]:
    return {
        "row": row,
        "label": found.label or None,
        "confidence": found.confidence / CERTAIN,
        "runner_up": found.runner_up or None,
        "because": list(found.because),
    }


class _Reading:
    """The rows of a file with their words; bad ones are listed and passed over."""

    def __init__(self, file: Path, text: Sequence[str], more: Sequence[str]) -> None:
        self._file, self._text, self._more = file, text, more
        self.bad: list[dict[str, object]] = []
        self.wordless = 0

    def rows(self) -> Iterator[tuple[int, str, dict[str, str]]]:
        """Number (the first after the header is 1), words and cells of every good row."""
        return (row for row in self.every_row() if row[1])

    def every_row(self) -> Iterator[tuple[int, str, dict[str, str]]]:
        """The same, with empty words for a row that is bad: an answer is owed for each."""
        for number, row in enumerate(read_table(self._file, [*self._text, *self._more], strict=False), start=1):
            words = " ".join(part for name in self._text if (part := row.values.get(name, "").strip()))
            self.wordless += not words
            if row.problem or not words:
                self._note(number, row.line_no, row.problem or "no_words")
            yield number, words, {name: row.values.get(name, "") for name in self._more}

    def _note(self, number: int, line: int, problem: str) -> None:
        if len(self.bad) < SHOWN_BAD_ROWS:
            self.bad.append({"row": number, "line": line, "problem": problem})

    def show(self) -> None:
        """Print the bad rows for people."""
        if self.bad:
            output.table(self.bad, title="Rows with a problem")

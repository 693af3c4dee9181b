"""`linli matters train | suggest`: figures, one line a row, bad rows listed and passed over."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.cli import matters
from linli.intake.text.tests.word_town import LABELS, TEXTS
from linli.kernel.errors import InputError


@pytest.fixture
def training(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["title", "body", "label"])
        writer.writerows([text[:6], text[6:], label] for text, label in zip(TEXTS, LABELS, strict=True))
        writer.writerows([["", "", "lamp"], ["路灯", "坏了", ""], ["只有一格"]])
    return file


def test_train_then_suggest(training: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "m" / "model.npz", tmp_path / "o.jsonl"
    asked = ["train", str(training), "--text", "title,body", "--label", "label", "--model", str(model), "--json"]
    learnt = CliRunner().invoke(matters.matters, asked)
    assert learnt.exit_code == 0, learnt.output
    document = json.loads(learnt.stdout)
    assert len(document["macro_f1"]) == 5
    assert 0 <= document["macro_f1_mean"] <= 1
    assert document["rows"] == len(TEXTS)
    assert document["left_out"] == 3
    assert [row["problem"] for row in document["bad_rows"]] == ["no_words", "too_few_cells"]
    done = CliRunner().invoke(
        matters.matters,
        ["suggest", str(training), "--text", "title,body", "--model", str(model), "--out", str(out), "--json"],
    )
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["row"] for line in lines] == list(range(1, len(TEXTS) + 4))
    assert set(lines[0]) == {"row", "label", "confidence", "runner_up", "because"}
    right = sum(line["label"] == label for line, label in zip(lines, LABELS, strict=False))
    assert right >= 28
    assert all(0 <= line["confidence"] <= 1 for line in lines)
    assert len({line["confidence"] for line in lines[: len(TEXTS)]}) >= len(TEXTS) - 1
    assert lines[len(TEXTS)] == {
        "row": len(TEXTS) + 1,
        "label": None,
        "confidence": 0,
        "runner_up": None,
        "because": [],
    }


def test_figures_for_people(training: Path, tmp_path: Path) -> None:
    asked = ["train", str(training), "--text", "title, body", "--label", "label", "--model", str(tmp_path / "m")]
    learnt = CliRunner().invoke(matters.matters, asked)
    assert "mean" in learnt.output
    assert "75 %" in learnt.output
    assert "no_words" in learnt.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "{file}", "--text", "nix", "--label", "label", "--model", "{model}"],
        ["train", "{file}", "--text", "title", "--label", "nix", "--model", "{model}"],
        ["train", "{file}x", "--text", "title", "--label", "label", "--model", "{model}"],
        ["suggest", "{file}", "--text", "title", "--model", "{file}", "--out", "{model}"],
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], training: Path, tmp_path: Path) -> None:
    filled = [part.format(file=training, model=tmp_path / "m") for part in arguments]
    assert isinstance(CliRunner().invoke(matters.matters, filled).exception, InputError)


def test_wrong_use_ends_with_two(training: Path) -> None:
    assert CliRunner().invoke(matters.matters, ["train", str(training), "--text", " , "]).exit_code == 2

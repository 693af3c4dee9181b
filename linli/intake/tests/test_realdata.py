"""Figures on real messages that are not part of this repository; nothing of them is printed, kept or asserted by word."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from linli.intake.duplicates import Sketcher, alike
from linli.intake.findings import Reader, find
from linli.intake.imports import rarity_of
from linli.intake.installed import ensure_model
from linli.intake.reports import report_of
from linli.intake.rules import duplicate_rules, reading
from linli.intake.text.lists import word_lists
from linli.intake.text.masks import screen
from linli.intake.text.model import CERTAIN, load_model
from linli.intake.text.placewords import Gazetteer
from linli.intake.text.training import train
from linli.rules.snapshot import Snapshot

FOLDER = os.environ.get("LINLI_REALDATA", "")
DAY = date(2026, 11, 24)

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER, reason="LINLI_REALDATA names no folder of real messages"),
]


def rows_of(name: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    path = Path(FOLDER) / "messages" / name
    with (
        gzip.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from csv.DictReader(lines)


@pytest.mark.slow
def test_matters_are_suggested_rightly(tmp_path: Path) -> None:
    rows = list(rows_of("labelled_tokens.csv.gz"))
    learnt = train([row["tokens"] for row in rows], [row["label"] for row in rows])
    print("macro-F1 of each fold", learnt.macro_f1, "mean", learnt.mean_f1, "curve", learnt.curve)
    assert learnt.mean_f1 >= 9_300
    assert dict(learnt.curve)[75] >= 9_700
    learnt.model.save(tmp_path / "model.npz")
    model = load_model(tmp_path / "model.npz")
    texts = [f"{row['title']} {row['body']}"[:300] for row in rows_of("stream.csv.gz")]
    begun = time.perf_counter()
    sure = {model.suggest(text).confidence for text in texts}
    print("milliseconds a message", 1000 * (time.perf_counter() - begun) / len(texts))
    assert len(sure) > len(texts) * 0.9
    assert max(sure) <= CERTAIN


def test_repeated_complaints_are_found_by_their_words(national: Snapshot, linli_home: Path) -> None:
    rows = list(rows_of("stream.csv.gz"))
    groups = {row["message_id"]: row["issue_id"] for row in rows_of("hot_issue_groups.csv")}
    group = [groups.get(row["message_id"], "") for row in rows]
    times = [datetime.fromisoformat(row["sent_at"]) for row in rows]
    sketcher, lists = Sketcher(rarity_of(ensure_model(national))), word_lists(national)
    sketches = [sketcher.sketch(screen(f"{row['title']}。{row['body'][:4000]}", lists)) for row in rows]
    rules = duplicate_rules(national, DAY)
    within = timedelta(days=rules.days)
    proposed = {(min(a, b), max(a, b)) for a, b, _ in alike(sketches, times, within, rules.likeness)}
    grouped = [number for number, name in enumerate(group) if name]
    pairs = {pair for pair in itertools.combinations(grouped, 2) if abs(times[pair[0]] - times[pair[1]]) <= within}
    same = {pair for pair in pairs if group[pair[0]] == group[pair[1]]}
    recall, precision = len(same & proposed) / len(same), len(same & proposed) / len(pairs & proposed)
    print(f"pairs: recall {recall:.3f}, precision among grouped messages {precision:.3f}, proposed {len(proposed)}")
    assert recall >= 0.8
    assert precision >= 0.9


@pytest.mark.parametrize("name", ["stream.csv.gz", "unlabelled.csv.gz"])
def test_every_message_is_read_and_its_task_holds_words_of_the_pack_alone(
    name: str, national: Snapshot, linli_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = reading(national, DAY)
    reader = Reader(rules, ensure_model(national), Gazetteer([]))
    vocabulary = {word for matter in rules.catalogue for word in matter.words}
    sealed = 0
    for number, row in enumerate(rows_of(name)):
        found = find(report_of(number, {"title": row["title"], "text": row["body"]}), reader)
        sealed += found.sealed
        assert set(found.terms) <= vocabulary, number
        assert not any(sign.isdigit() for place in found.places for sign in place), number
    assert sealed < number // 20
    assert capsys.readouterr().out == ""

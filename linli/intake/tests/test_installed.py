"""The installation's model is learnt once for what its packs say, and anew when they say something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from linli.intake import installed
from linli.intake.installed import ensure_model, evidence_of, model_path
from linli.rules.snapshot import Snapshot


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "LINLI_HOME", tmp_path)
    return tmp_path


def _with_matters(pack: Snapshot, chosen: dict[str, Any]) -> Snapshot:
    return Snapshot.of({**pack.content, "matters": chosen})


def test_topics_are_what_reports_are_classed_by(national: Snapshot) -> None:
    evidence = evidence_of(national)
    labels = {label for _, label in (*evidence.rows, *evidence.anchors)}
    assert {label.partition(".")[0] for label in labels} == {"topic"}
    assert len(evidence.anchors) == len(labels)


def test_learnt_once_and_anew_for_other_words(national: Snapshot, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ensure_model(national)
    assert first is not None
    assert first.suggest("路灯不亮").label == "topic.02.001"
    monkeypatch.setattr(installed, "train", lambda *_args, **_known: pytest.fail("learnt twice"))
    assert ensure_model(national) is not None
    matters = dict(national.matters())
    code, other = next(iter((c, r) for c, r in matters.items() if c.startswith("topic.")))
    changed = _with_matters(national, {**matters, code: {**other, "words": [*other["words"], "新词"]}})  # type: ignore[misc]
    assert model_path(changed)[0] != model_path(national)[0]


def test_packs_with_too_little_leave_classing_to_persons(national: Snapshot, home: Path) -> None:
    code, row = next((c, dict(r)) for c, r in national.matters().items() if c.startswith("topic."))
    assert ensure_model(_with_matters(national, {code: {**row, "examples": []}})) is None
    assert ensure_model(_with_matters(national, {})) is None


def test_no_example_of_a_pack_speaks_of_an_accusation(national: Snapshot) -> None:
    from linli.intake.text.accusations import accusation
    from linli.intake.text.lists import word_lists

    lists = word_lists(national)
    assert not [text for text, _ in evidence_of(national).rows if accusation(text, lists, 45).is_one]

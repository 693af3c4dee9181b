"""The table of weights says what scikit-learn says; other files are refused; the surer is always the greater lead."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest

from linli.intake.text import training
from linli.intake.text.features import is_cut, words_of
from linli.intake.text.model import CERTAIN, Model, load_model
from linli.intake.text.tests.word_town import LABELS, TEXTS
from linli.kernel.errors import InputError


@pytest.fixture(scope="module")
def model() -> Model:
    return training.train(TEXTS, LABELS).model


@pytest.mark.parametrize("labels", [LABELS, ["lamp" if label == "lamp" else "other" for label in LABELS]])
@pytest.mark.parametrize("most_apart", [training.MOST_APART, 0])
def test_numpy_says_what_scikit_learn_says(
    labels: list[str], most_apart: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(training, "MOST_APART", most_apart)
    counted = training._count([words_of(text) for text in TEXTS])
    rows = np.arange(len(TEXTS))
    fitted = training._fit(counted, rows, np.array(labels))
    exported = training._export(counted, fitted, (1.0, 0.0))
    theirs = fitted.decide(counted, rows)
    ours = np.stack([exported.scores(text) for text in TEXTS])
    assert np.allclose(ours, theirs, atol=1e-4)
    exported.save(tmp_path / "m.npz")
    kept = np.stack([load_model(tmp_path / "m.npz").scores(text) for text in TEXTS])
    assert np.allclose(kept, theirs, atol=5e-3)
    assert (kept.argmax(axis=1) == theirs.argmax(axis=1)).all()


def test_a_message_is_scored_alike_raw_and_cut(model: Model) -> None:
    for text in TEXTS:
        cut = " ".join(words_of(text))
        assert is_cut(cut)
        assert np.allclose(model.scores(text), model.scores(cut), atol=1e-6)


def test_a_message_is_scored_alike_whatever_came_before(model: Model) -> None:
    fresh = {text: model.suggest(text) for text in TEXTS}
    shuffled = random.Random(3).sample(TEXTS, len(TEXTS))
    assert {text: model.suggest(text) for text in shuffled} == fresh


def test_the_words_that_decided_are_words_of_the_message(model: Model) -> None:
    found = model.suggest("我们巷口的路灯坏了")
    assert found.label == "lamp"
    assert "路灯" in found.because
    assert set(found.because) <= set(words_of("我们巷口的路灯坏了"))
    assert found.runner_up in {"rubbish", "noise"}


def test_nothing_known_suggests_nothing(model: Model) -> None:
    assert model.suggest("😡 ???").label == ""
    assert model.suggest("").confidence == 0


def test_confidence_rises_with_every_lead(model: Model) -> None:
    sure = [model.slope * lead + model.offset for lead in np.linspace(0, 4, 200)]
    assert all(one < other for one, other in itertools.pairwise(sure))
    assert 0 < model.confidence(0.0) < model.confidence(1.0) < CERTAIN


def test_a_set_without_errors_still_ranks(tmp_path: Path) -> None:
    right = np.ones(20, bool)
    slope, offset = training._confidence_curve(np.linspace(0.1, 2, 20).astype(np.float32), right)
    assert slope > 0
    assert np.isfinite(offset)


def test_a_word_of_one_message_alone_is_not_learnt(model: Model) -> None:
    once = {"广场舞", "健身房"}
    assert not once & set(model.words.index)


@pytest.mark.parametrize(
    ("texts", "labels"),
    [([], []), (["路灯"], ["a"]), (["路灯坏了"] * 9, ["a"] * 9), (["!!!"] * 10, ["a", "b"] * 5)],
)
def test_too_little_to_learn_from_is_said(texts: list[str], labels: list[str]) -> None:
    with pytest.raises(InputError):
        training.train(texts, labels)


def test_rare_labels_and_empty_rows_are_left_out() -> None:
    learnt = training.train([*TEXTS, "孤零零的一条", ""], [*LABELS, "alone", "lamp"])
    assert learnt.left_out == 2
    assert "alone" not in learnt.model.labels
    assert len(learnt.macro_f1) == training.FOLDS
    assert learnt.curve[-1][0] == 100


def test_anchors_are_learnt_but_never_held_out() -> None:
    learnt = training.train(TEXTS, LABELS, anchors=[("水管 漏水 停水", "water")] * 2)
    assert learnt.rows == len(TEXTS)
    assert learnt.model.suggest("家里停水漏水").label == "water"


@pytest.mark.parametrize("harm", ["cut", "flip", "format", "labels", "text", "missing"])
def test_another_file_is_refused(model: Model, harm: str, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    model.save(path)
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif harm == "flip":
        middle = len(whole) // 3
        path.write_bytes(
            whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 64]) + whole[middle + 64 :]
        )
    elif harm == "text":
        path.write_text("not a model", encoding="utf-8")
    elif harm == "missing":
        path.unlink()
    else:
        _write_other(path, harm)
    with pytest.raises(InputError) as refused:
        load_model(path)
    assert refused.value.code == "intake.model"


def _write_other(path: Path, harm: str) -> None:
    with np.load(path) as held:
        parts = {name: held[name] for name in held.files}
    head = json.loads(bytes(parts["head"]))
    if harm == "format":
        head["format"] += 1
    else:
        head["labels"] = head["labels"][:-1]
    parts["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    with path.open("wb") as out:
        np.savez_compressed(out, **parts)

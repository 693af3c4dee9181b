"""The installation's own model of matters: made from the published packs, kept under the home, made anew for new rules.

Is: which texts are learnt from, and where the file lies. Is not: training itself, nor a city's own closed cases;
those go through `linli matters train`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from linli.intake.text.accusations import accusation
from linli.intake.text.lists import folded, word_lists
from linli.intake.text.model import FORMAT, Model, load_model
from linli.intake.text.training import train
from linli.kernel.errors import InputError
from linli.matters.domain import Catalogue, Matter
from linli.matters.selectors import catalogue
from linli.packs.selectors import packs_folder
from linli.rules.snapshot import Snapshot, canonical

TRAINING = "text/training.csv"
"""Beside a pack's word lists: labelled sentences, columns `matter,text`."""

TOPICS = "topic"
"""Reports are classed by the topics of residents' requests; without any, by every matter."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model of some rules is learnt from.

    Attributes:
        rows: pairs of text and matter that are held out in turn: labelled sentences and the catalogue's examples.
        anchors: pairs that are always learnt from: each matter's title with its words.
    """

    rows: tuple[tuple[str, str], ...]
    anchors: tuple[tuple[str, str], ...]

    def digest(self) -> str:
        """A name for this evidence."""
        return hashlib.sha256(canonical([FORMAT, self.rows, self.anchors])).hexdigest()


def ensure_model(snapshot: Snapshot) -> Model | None:
    """The model for these rules, trained now if their evidence has none yet.

    Args:
        snapshot: published rules.

    Returns:
        The model; None when the packs have too few examples to learn from, and persons class every report.
    """
    path, evidence = model_path(snapshot)
    if path.exists():
        return load_model(path)
    texts, labels = [text for text, _ in evidence.rows], [label for _, label in evidence.rows]
    try:
        model = train(texts, labels, anchors=evidence.anchors).model
    except InputError:
        return None
    model.save(path)
    return load_model(path)


def make_models(*, pack: str, at: object) -> tuple[bool, str]:
    """Train the model of every pack that is published; a step of `linli setup`.

    Args:
        pack: ignored: all that hold now get one.
        at: now, aware.

    Returns:
        Whether one was made, and how many there are.
    """
    from datetime import datetime

    from linli.packs.selectors import live_rules, snapshot_by_hash

    assert isinstance(at, datetime)
    made, known = 0, 0
    for one in live_rules(at).publications:
        snapshot = snapshot_by_hash(one.hash)
        there = model_path(snapshot)[0].exists()
        if ensure_model(snapshot) is not None:
            made, known = made + (not there), known + 1
    return bool(made), f"{known} ready, {made} trained"


def model_path(snapshot: Snapshot) -> tuple[Path, Evidence]:
    """Where the model of these rules lies, and what it is learnt from; packs with equal evidence share one."""
    evidence = evidence_of(snapshot)
    return Path(settings.LINLI_HOME) / "models" / f"{evidence.digest()}.npz", evidence


def evidence_of(snapshot: Snapshot) -> Evidence:
    """What the packs of a snapshot say about the words of each matter."""
    matters = catalogue(snapshot)
    classes = {matter.code: matter for matter in _classes(matters)}
    sentences = [(text, code) for code, text in _sentences(snapshot) if code in classes]
    examples = [(text, matter.code) for matter in classes.values() for text in matter.examples]
    rows = [(text, code) for text, code in sentences + examples if not _accuses(text, snapshot)]
    anchors = [(" ".join((*matter.words, matter.title_zh)), matter.code) for matter in classes.values()]
    return Evidence(tuple(dict.fromkeys(rows)), tuple(anchors))


def _accuses(text: str, snapshot: Snapshot) -> bool:
    """Whether a sentence of a pack is an accusation: those are never learnt from, not even invented ones."""
    return accusation(folded(text), word_lists(snapshot), len(text)).is_one


def _classes(matters: Catalogue) -> list[Matter]:
    topics = [matter for matter in matters if matter.catalogue == TOPICS]
    return topics or list(matters)


def _sentences(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for name in snapshot.chain:
        file = packs_folder() / name / TRAINING
        if not file.exists():
            continue
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield str(row.get("matter") or ""), str(row.get("text") or "")

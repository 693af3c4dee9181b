"""Learning labels from closed cases: a linear model over words, made once, exported as a table of weights.

Is: training with scikit-learn and its honest figures by five-fold cross-validation. Is not: scoring (`model.py`
scores without scikit-learn, and a test proves both alike). No text of a message is kept in the model or logged.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.intake.text.features import piece_features, word_features, words_of
from linli.intake.text.model import Family, Floats, Model
from linli.kernel.errors import InputError

FOLDS = 5
SEED = 0
FEWEST_LABELS = 2
FEWEST_MESSAGES = 2
"""A feature that stands in fewer messages is not learnt: it may be somebody's name."""

TOGETHER = 0.5
"""What the machine over all labels counts beside those that each know one label."""

MOST_APART = 40
"""With more labels than this the machines of one label each cost more than they add."""

SHALLOWEST = 0.01
"""Least slope of the curve of confidence, for sets too small to show one."""

COVERAGES = (25, 50, 60, 70, 75, 80, 90, 100)
"""Shares of messages, the surest first, in per cent, for which a report names how many were right."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Training:
    """A model with the figures that say how far it can be trusted.

    Attributes:
        macro_f1: of each fold, in ten-thousandths.
        curve: (share of messages taken, surest first, in per cent; right among them, in ten-thousandths).
        left_out: rows without words or without a label.
    """

    model: Model
    macro_f1: tuple[int, ...]
    curve: tuple[tuple[int, int], ...]
    rows: int
    left_out: int

    @property
    def mean_f1(self) -> int:
        """Mean macro-F1 of the folds, in ten-thousandths."""
        return round(sum(self.macro_f1) / len(self.macro_f1))


Examples = Sequence[tuple[str, str]]
"""Pairs of text and label."""


def train(
    texts: Sequence[str], labels: Sequence[str], *, anchors: Examples = (), progress: Progress = lambda _: None
) -> Training:
    """Learn labels from texts, with macro-F1 by stratified five-fold cross-validation.

    Args:
        texts: messages, raw or as words set apart by spaces.
        labels: one a text.
        anchors: texts learnt from in every fold and held out in none, e.g. a catalogue's own words.
        progress: told in words what is being done.

    Raises:
        InputError: fewer than two labels with enough messages to be held out in turn.
    """
    rows = [(said, label) for text, label in zip(texts, labels, strict=True) if label and (said := words_of(text))]
    seen = Counter(label for _, label in rows)
    fixed = [(said, label) for text, label in anchors if (said := words_of(text))]
    anchored = {label for _, label in fixed}
    rows = [row for row in rows if seen[row[1]] >= FEWEST_LABELS or row[1] in anchored]
    words, names = [row[0] for row in rows], np.array([row[1] for row in rows])
    if len(rows) < FOLDS or len(set(names.tolist()) | anchored) < FEWEST_LABELS:
        raise InputError(
            "there are not two labels with two messages each to learn from",
            code="intake.too_few_labels",
            hint="Check the columns named by --text and --label.",
        )
    counted = _count([*words, *(said for said, _ in fixed)])
    names = np.array([*names.tolist(), *(label for _, label in fixed)])
    right, leads, scores = _held_out(counted, names, len(rows), progress)
    progress("learning from all messages")
    model = _export(counted, _fit(counted, np.arange(len(names)), names), _confidence_curve(leads, right))
    return Training(model, tuple(scores), _coverage_curve(leads, right), len(rows), len(texts) - len(rows))


@dataclass(frozen=True, slots=True)
class _Counted:
    """How often each feature stands in each message: names and a sparse table for each family."""

    names: tuple[list[str], ...]
    tables: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What was learnt: which features of each family and their rarity, the linear machines, and the scale of each.

    Attributes:
        ratios: one row of factors a label for the machines of `apart`; none with many labels.
    """

    kept: tuple[npt.NDArray[np.int64], ...]
    rarity: tuple[Any, ...]
    labels: tuple[str, ...]
    together: Any
    apart: tuple[Any, ...]
    ratios: tuple[npt.NDArray[np.float64], ...]

    def table(self, counted: _Counted, rows: npt.NDArray[np.int64]) -> Any:
        """Return the features of messages, damped, weighed by rarity and of length one in each family."""
        from scipy.sparse import hstack

        parts = zip(counted.tables, self.kept, self.rarity, strict=True)
        return hstack([rarity.transform(table[rows][:, kept]) for table, kept, rarity in parts]).tocsr()

    def decide(self, counted: _Counted, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return the score of every label for messages, as scikit-learn reckons it."""
        table = self.table(counted, rows)
        decision = np.asarray(self.together.decision_function(table))
        decision = decision if decision.ndim == 2 else np.stack([-decision, decision], axis=1)
        if not self.apart:
            return decision
        pairs = zip(self.apart, self.ratios, strict=True)
        alone = [machine.decision_function(table.multiply(ratio).tocsr()) for machine, ratio in pairs]
        return np.asarray(TOGETHER * decision + np.stack(alone, axis=1))

    def weights(self) -> tuple[Floats, Floats]:
        """Return all of it folded into one table of weights (a row a label) and one bias a label."""
        weights, bias = np.asarray(self.together.coef_), np.asarray(self.together.intercept_)
        if len(weights) == 1:
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        if self.apart:
            alone = np.vstack([m.coef_ * ratio for m, ratio in zip(self.apart, self.ratios, strict=True)])
            weights = TOGETHER * weights + alone
            bias = TOGETHER * bias + np.concatenate([machine.intercept_ for machine in self.apart])
        return weights.astype(np.float32), bias.astype(np.float32)


def _count(words: list[list[str]]) -> _Counted:
    from sklearn.feature_extraction.text import CountVectorizer

    made = [CountVectorizer(analyzer=features, dtype=np.float32) for features in (word_features, piece_features)]
    try:
        tables = tuple(vectorizer.fit_transform(words) for vectorizer in made)
    except ValueError as error:
        raise _too_little() from error
    return _Counted(tuple(vectorizer.get_feature_names_out().tolist() for vectorizer in made), tables)


def _too_little() -> InputError:
    return InputError(
        "the messages are too few, or share no words, to learn from",
        code="intake.no_words",
        hint="Every label needs several messages; check the columns named by --text and --label.",
    )


def _held_out(
    counted: _Counted, names: npt.NDArray[np.str_], rows: int, progress: Progress
) -> tuple[npt.NDArray[np.bool_], Floats, list[int]]:
    """Return, for each message while it was held out, whether it was right and by what lead; macro-F1 of each fold."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import KFold, StratifiedKFold

    smallest = min(Counter(names[:rows].tolist()).values())
    splitter = (StratifiedKFold if smallest >= FOLDS else KFold)(FOLDS, shuffle=True, random_state=SEED)
    right, leads, scores = np.zeros(rows, bool), np.zeros(rows, np.float32), []
    always = np.arange(rows, len(names))
    for number, (learn, held) in enumerate(splitter.split(np.zeros(rows), names[:rows]), start=1):
        progress(f"fold {number} of {FOLDS}")
        fitted = _fit(counted, np.concatenate([learn, always]), names)
        decision = fitted.decide(counted, held)
        order = np.sort(decision, axis=1)
        leads[held] = order[:, -1] - order[:, -2]
        answer = np.array(fitted.labels)[decision.argmax(axis=1)]
        right[held] = answer == names[held]
        scores.append(round(10_000 * float(f1_score(names[held], answer, average="macro", zero_division=0))))
    return right, leads, scores


def _fit(counted: _Counted, rows: npt.NDArray[np.int64], names: npt.NDArray[np.str_]) -> _Fitted:
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.svm import LinearSVC

    tables = [table[rows] for table in counted.tables]
    kept = tuple(np.flatnonzero(table.getnnz(axis=0) >= FEWEST_MESSAGES) for table in tables)
    if not all(len(places) for places in kept) or len(set(names[rows].tolist())) < FEWEST_LABELS:
        raise _too_little()
    parts = zip(tables, kept, strict=True)
    rarity = tuple(TfidfTransformer(sublinear_tf=True).fit(table[:, places]) for table, places in parts)
    bare = _Fitted(kept, rarity, (), None, (), ())
    table = bare.table(counted, rows)
    together = LinearSVC(C=0.5, class_weight="balanced", random_state=SEED).fit(table, names[rows])
    labels = tuple(together.classes_.tolist())
    alone = [_fit_apart(table, names[rows] == label) for label in labels] if len(labels) <= MOST_APART else []
    return _Fitted(kept, rarity, labels, together, tuple(m for m, _ in alone), tuple(ratio for _, ratio in alone))


def _fit_apart(table: Any, mine: npt.NDArray[np.bool_]) -> tuple[Any, npt.NDArray[np.float64]]:
    """Learn one label against all others, each feature scaled by how much oftener it stands in that label's messages.

    Source: Wang and Manning 2012, "Baselines and Bigrams" (support vectors over ratios of naive Bayes).
    """
    from sklearn.svm import LinearSVC

    seen = table.copy()
    seen.data = np.ones_like(seen.data)
    here = np.asarray(seen[mine].sum(axis=0), np.float64).ravel() + 1
    there = np.asarray(seen[~mine].sum(axis=0), np.float64).ravel() + 1
    ratio = np.log((here / here.sum()) / (there / there.sum()))
    ratio /= float(np.abs(ratio).mean()) or 1.0
    machine = LinearSVC(C=0.1, class_weight="balanced", random_state=SEED, tol=1e-3)
    return machine.fit(table.multiply(ratio).tocsr(), mine), ratio


def _export(counted: _Counted, fitted: _Fitted, curve: tuple[float, float]) -> Model:
    weights, bias = fitted.weights()
    families, start = [], 0
    for names, kept, rarity in zip(counted.names, fitted.kept, fitted.rarity, strict=True):
        index = {names[place]: number for number, place in enumerate(kept.tolist())}
        table = np.ascontiguousarray(weights[:, start : start + len(kept)].T)
        start += len(kept)
        families.append(Family(index, np.asarray(rarity.idf_, np.float32), table))
    return Model(fitted.labels, families[0], families[1], bias, *curve)


def _confidence_curve(leads: Floats, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of a logistic curve from lead to share right, fitted on held-out messages only.

    A logistic curve rises everywhere, so that of two messages the one with the greater lead is always the surer.
    """
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any():
        # Nothing to tell apart: as sure as the rule of succession allows, a little more with a greater lead.
        share = (int(right.sum()) + 1) / (len(right) + 2)
        return SHALLOWEST, math.log(share / (1 - share)) - SHALLOWEST * float(np.median(leads))
    fitted = LogisticRegression(C=1e3).fit(leads.reshape(-1, 1).astype(np.float64), right)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope < SHALLOWEST:
        share = float(right.mean())
        return SHALLOWEST, math.log(share / (1 - share)) - SHALLOWEST * float(np.median(leads))
    return slope, offset


def _coverage_curve(leads: Floats, right: npt.NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    ordered = right[np.argsort(-leads, kind="stable")]
    return tuple(
        (cover, round(10_000 * float(ordered[: max(1, len(ordered) * cover // 100)].mean()))) for cover in COVERAGES
    )

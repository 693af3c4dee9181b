"""Learning labels from closed cases: a linear model over words, made once, exported as a table of weights.

Is: training with scikit-learn and its honest figures by five-fold cross-validation. Is not: scoring (`model.py`
scores without scikit-learn, and a test proves both alike). No text of a message is kept in the model or logged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
CURVE_POINTS = 101
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


@dataclass(frozen=True, slots=True)
class _Fitted:
    vectorizers: tuple[Any, Any]
    svm: Any


def train(texts: Sequence[str], labels: Sequence[str], *, progress: Progress = lambda _: None) -> Training:
    """Learn labels from texts, with macro-F1 by stratified five-fold cross-validation.

    Args:
        texts: messages, raw or as words set apart by spaces.
        labels: one a text.
        progress: told in words what is being done.

    Raises:
        InputError: fewer than two labels with enough messages to be held out in turn.
    """
    rows = [(words, label) for text, label in zip(texts, labels, strict=True) if label and (words := words_of(text))]
    seen = Counter(label for _, label in rows)
    rows = [row for row in rows if seen[row[1]] >= FEWEST_LABELS]
    words, names = [row[0] for row in rows], np.array([row[1] for row in rows])
    if len(set(names.tolist())) < FEWEST_LABELS:
        raise InputError(
            "there are not two labels with two messages each to learn from",
            code="intake.too_few_labels",
            hint="Check the columns named by --text and --label.",
        )
    right, leads, scores = _held_out(words, names, progress)
    progress("learning from all messages")
    model = _export(_fit(words, names), *_confidence_curve(leads, right))
    return Training(model, tuple(scores), _coverage_curve(leads, right), len(rows), len(texts) - len(rows))


def _held_out(
    words: list[list[str]], names: npt.NDArray[np.str_], progress: Progress
) -> tuple[npt.NDArray[np.bool_], Floats, list[int]]:
    """Return, for each message while it was held out, whether it was right and by what lead; macro-F1 of each fold."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import KFold, StratifiedKFold

    smallest = min(Counter(names.tolist()).values())
    splitter = (StratifiedKFold if smallest >= FOLDS else KFold)(FOLDS, shuffle=True, random_state=SEED)
    right, leads, scores = np.zeros(len(names), bool), np.zeros(len(names), np.float32), []
    for number, (learn, held) in enumerate(splitter.split(words, names), start=1):
        progress(f"fold {number} of {FOLDS}")
        fitted = _fit([words[i] for i in learn], names[learn])
        decision = _decide(fitted, [words[i] for i in held])
        order = np.sort(decision, axis=1)
        leads[held] = order[:, -1] - order[:, -2]
        answer = fitted.svm.classes_[decision.argmax(axis=1)]
        right[held] = answer == names[held]
        scores.append(round(10_000 * float(f1_score(names[held], answer, average="macro", zero_division=0))))
    return right, leads, scores


def _fit(words: list[list[str]], names: npt.NDArray[np.str_]) -> _Fitted:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    def vectorizer(analyzer: Callable[[Sequence[str]], Iterator[str]]) -> Any:
        return TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=2, dtype=np.float32)

    pair = (vectorizer(word_features), vectorizer(piece_features))
    try:
        table = hstack([made.fit_transform(words) for made in pair]).tocsr()
    except ValueError as error:
        raise InputError("the messages share no words to learn from", code="intake.no_words") from error
    svm = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED).fit(table, names)
    return _Fitted(pair, svm)


def _decide(fitted: _Fitted, words: list[list[str]]) -> npt.NDArray[np.float64]:
    from scipy.sparse import hstack

    table = hstack([made.transform(words) for made in fitted.vectorizers]).tocsr()
    decision = np.asarray(fitted.svm.decision_function(table))
    return decision if decision.ndim == 2 else np.stack([-decision, decision], axis=1)


def _export(fitted: _Fitted, margins: Floats, shares: Floats) -> Model:
    coefficients = np.asarray(fitted.svm.coef_, np.float32)
    bias = np.asarray(fitted.svm.intercept_, np.float32)
    if len(coefficients) == 1:
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    families, start = [], 0
    for made in fitted.vectorizers:
        names = made.get_feature_names_out().tolist()
        weights = np.ascontiguousarray(coefficients[:, start : start + len(names)].T)
        start += len(names)
        families.append(Family({n: i for i, n in enumerate(names)}, np.asarray(made.idf_, np.float32), weights))
    return Model(tuple(fitted.svm.classes_.tolist()), families[0], families[1], bias, margins, shares)


def _confidence_curve(leads: Floats, right: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return a rising curve from lead to share right (per mille), fitted on held-out messages only."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(leads, right.astype(float))
    margins = np.quantile(leads, np.linspace(0, 1, CURVE_POINTS)).astype(np.float32)
    return margins, (1000 * fitted.predict(margins)).astype(np.float32)


def _coverage_curve(leads: Floats, right: npt.NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    ordered = right[np.argsort(-leads, kind="stable")]
    return tuple(
        (cover, round(10_000 * float(ordered[: max(1, len(ordered) * cover // 100)].mean()))) for cover in COVERAGES
    )

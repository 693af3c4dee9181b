"""A classifier of labels as a table of weights: load it, score a message, say which words decided.

Is: scoring in numpy, CPU only, well under a millisecond a message. Is not: training (`training.py`), nor a decision:
a person confirms what falls under the pack's confidence. One file (`.npz`) holds everything.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linli.intake.text.features import OPENING_WORDS, pieces, words_of
from linli.kernel.errors import InputError

FORMAT = 1
"""Version of the file's layout; another one is refused."""

SHOWN_TERMS = 5
"""Words named as the reason of a label."""

CERTAIN = 1_000_000
"""Confidence is counted in millionths of certainty."""

KEPT_WORDS = 50_000
"""Words whose pieces a process remembers; then it forgets them all and begins anew."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_NO_PLACES: Places = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a message is probably about.

    Attributes:
        label: the likeliest label; "" where no known word occurs.
        confidence: share of messages this sure that were right, in millionths; rises strictly with the lead of the
            first label over the second.
        runner_up: the next likeliest label.
        because: the words that spoke most for the label against the runner-up, strongest first.
    """

    label: str
    confidence: int
    runner_up: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """One family of features: where each stands in the table, its weight by rarity, and a row of weights for each."""

    index: dict[str, int]
    rarity: Floats
    weights: Floats

    def places(self, features: Iterable[str]) -> Places:
        """Return the places of the known ones among these features, each as often as it occurs."""
        known = [place for place in map(self.index.get, features) if place is not None]
        return np.fromiter(known, np.int64, len(known))

    def row(self, places: Places) -> Row:
        """Return the row of one message from the places of its features: damped counts by rarity, of length one."""
        known, counts = _counted(places)
        values = (1 + np.log(counts)) * self.rarity[known]
        length = math.sqrt(float(values @ values))
        return Row(known, values / np.float32(length or 1))


def _counted(places: Places) -> tuple[Places, Floats]:
    """Return each place once, rising, and how often it stood there (`numpy.unique` does the same, more slowly)."""
    rising = np.sort(places)
    first = np.flatnonzero(np.diff(rising, prepend=-1))
    return rising[first], np.diff(first, append=len(rising)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Row:
    """A message in one family: places of its features, rising, and what each counts."""

    places: Places
    values: Floats

    def speaks(self, asked: Places, weight: Floats) -> npt.NDArray[np.float64]:
        """Return what the features at `asked` add, given the weight of each of this row's places; unknown ones none."""
        if not len(self.places):
            return np.zeros(len(asked))
        at = np.minimum(np.searchsorted(self.places, asked), len(self.places) - 1)
        return np.where(self.places[at] == asked, (self.values * weight)[at], 0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of every label and the curve from lead to confidence.

    Attributes:
        labels: in the order of the columns of weights.
        words: words and pairs.
        inner: pieces of words.
        bias: one figure a label.
        slope, offset: of the logistic curve from the lead of the first label over the second to the share that was
            right among held-out messages; the slope is above 0.
    """

    labels: tuple[str, ...]
    words: Family
    inner: Family
    bias: Floats
    slope: float
    offset: float
    _pieces: dict[str, Places] = field(default_factory=dict, repr=False, compare=False)

    def suggest(self, text: str) -> Suggestion:
        """Suggest a label for one message: raw Chinese, or words set apart by spaces."""
        return self.suggest_words(words_of(text))

    def suggest_words(self, words: Sequence[str]) -> Suggestion:
        """Suggest a label for a message that is already cut into words."""
        whole, inner = self._rows(words)
        if not len(whole.places) and not len(inner.places):
            return Suggestion("", 0, "", ())
        scores = self._score(whole, inner)
        order = np.argsort(scores)
        first, second = int(order[-1]), int(order[-2])
        lead = float(scores[first] - scores[second])
        because = self._because(words, (whole, inner), first, second)
        return Suggestion(self.labels[first], self.confidence(lead), self.labels[second], because)

    def ranked(self, words: Sequence[str], most: int) -> tuple[str, ...]:
        """The likeliest labels of a message that is already cut into words, the likeliest first; none where no word is known."""
        whole, inner = self._rows(words)
        if not len(whole.places) and not len(inner.places):
            return ()
        order = np.argsort(self._score(whole, inner))[::-1][:most]
        return tuple(self.labels[int(place)] for place in order)

    def scores(self, text: str) -> Floats:
        """Return the raw score of every label, in the order of `labels`."""
        return self._score(*self._rows(words_of(text)))

    def confidence(self, lead: float) -> int:
        """Return the share right, in millionths, among held-out messages with that lead of the first label."""
        return round(CERTAIN / (1 + math.exp(-(self.slope * lead + self.offset))))

    def knows(self, word: str) -> bool:
        """Whether the word stood in at least two of the messages learnt from."""
        return word in self.words.index

    def _rows(self, words: Sequence[str]) -> tuple[Row, Row]:
        found = [self._pieces_of(word) for word in words]
        found += found[:OPENING_WORDS]
        return self.words.row(self._places_of(words)), self.inner.row(np.concatenate(found) if found else _NO_PLACES)

    def _score(self, whole: Row, inner: Row) -> Floats:
        total = self.bias + whole.values @ self.words.weights[whole.places]
        return np.asarray(total + inner.values @ self.inner.weights[inner.places], np.float32)

    def _places_of(self, words: Sequence[str]) -> Places:
        """The places of `word_features(words)`, each word and pair looked up once."""
        where = self.words.index.get
        alone = [where(word) for word in words]
        pairs = [where(f"{one} {next_one}") for one, next_one in itertools.pairwise(words)]
        every = (*alone, *alone[:OPENING_WORDS], *pairs, *pairs[: OPENING_WORDS - 1])
        known = [place for place in every if place is not None]
        return np.fromiter(known, np.int64, len(known))

    def _pieces_of(self, word: str) -> Places:
        known = self._pieces.get(word)
        if known is None:
            if len(self._pieces) >= KEPT_WORDS:
                self._pieces.clear()
            known = self._pieces[word] = self.inner.places(pieces(word))
        return known

    def _because(self, words: Sequence[str], rows: tuple[Row, Row], first: int, second: int) -> tuple[str, ...]:
        """Return whole words only: what pieces of a word weigh is added to the word they stand in."""
        whole, inner = rows
        named = sorted(set(words))
        index = self.words.index
        asked = np.array([index.get(word, -1) for word in named], np.int64)
        said = whole.speaks(asked, _difference(self.words, whole.places, first, second))
        pieces_of = [self._pieces_of(word) for word in named]
        owner = np.repeat(np.arange(len(named)), [len(places) for places in pieces_of])
        parts = inner.speaks(np.concatenate(pieces_of), _difference(self.inner, inner.places, first, second))
        said = said + np.bincount(owner, weights=parts, minlength=len(named))
        strongest = np.argsort(-said, kind="stable")[:SHOWN_TERMS]
        return tuple(named[place] for place in strongest if said[place] > 0)

    def save(self, path: Path) -> None:
        """Write the model to one compressed file, nothing of the training text but single features in it."""
        vocabulary = {"words": list(self.words.index), "inner": list(self.inner.index), "labels": list(self.labels)}
        head = json.dumps({"format": FORMAT, **vocabulary}, ensure_ascii=False).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.part")
        with fresh.open("wb") as out:
            np.savez_compressed(
                out,
                head=np.frombuffer(head, np.uint8),
                words_rarity=self.words.rarity,
                words_weights=self.words.weights.astype(np.float16),
                inner_rarity=self.inner.rarity,
                inner_weights=self.inner.weights.astype(np.float16),
                bias=self.bias,
                curve=np.array([self.slope, self.offset]),
            )
        fresh.replace(path)


def _difference(family: Family, places: Places, first: int, second: int) -> Floats:
    return np.asarray(family.weights[places, first] - family.weights[places, second], np.float32)


def load_model(path: Path) -> Model:
    """Read a model written by `Model.save`.

    Raises:
        InputError: no such file, or not a model of this format.
    """
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{path} is not a model that can be read",
            code="intake.model",
            hint="Make one with: linli matters train T.csv --text COL --label COL --model M",
        ) from error


@functools.lru_cache(maxsize=4)
def _load(path: Path, _written: int) -> Model:
    with np.load(path, allow_pickle=False) as held:
        head = json.loads(bytes(held["head"]))
        if head["format"] != FORMAT:
            raise ValueError("another format")
        families = [
            Family(
                {name: place for place, name in enumerate(head[family])},
                held[f"{family}_rarity"],
                held[f"{family}_weights"].astype(np.float32),
            )
            for family in ("words", "inner")
        ]
        labels = tuple(head["labels"])
        _refuse_torn(families, labels, held["bias"])
        slope, offset = (float(value) for value in held["curve"])
        return Model(labels, families[0], families[1], held["bias"], slope, offset)


def _refuse_torn(families: Sequence[Family], labels: Sequence[str], bias: Floats) -> None:
    for family in families:
        if family.weights.shape != (len(family.index), len(labels)) or len(family.rarity) != len(family.index):
            raise ValueError("a table does not fit its names")
    if len(bias) != len(labels) or len(labels) < 2 or not all(np.isfinite(f.weights).all() for f in families):
        raise ValueError("labels do not fit the weights")

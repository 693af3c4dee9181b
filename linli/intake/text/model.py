"""A classifier of labels as a table of weights: load it, score a message, say which words decided.

Is: scoring in numpy, CPU only, under a millisecond a message. Is not: training (`training.py`), nor a decision: a
person confirms what falls under the pack's confidence. One file (`.npz`) holds everything.
"""

from __future__ import annotations

import functools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linli.intake.text.features import piece_features, pieces, word_features, words_of
from linli.kernel.errors import InputError

FORMAT = 1
"""Version of the file's layout; another one is refused."""

SHOWN_TERMS = 5
"""Words named as the reason of a label."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a message is probably about.

    Attributes:
        label: the likeliest label; "" where no known word occurs.
        confidence: share of messages this sure that were right, in whole per mille, from held-out folds.
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

    def row(self, features: Iterable[str]) -> tuple[npt.NDArray[np.int64], Floats, list[str]]:
        """Return places, normalised values and names of the known features of one message."""
        index = self.index
        known = [(index[name], count, name) for name, count in Counter(features).items() if name in index]
        if not known:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), []
        places = np.fromiter((place for place, _, _ in known), np.int64, len(known))
        counts = np.fromiter((count for _, count, _ in known), np.float32, len(known))
        values = (1 + np.log(counts)) * self.rarity[places]
        return places, values / np.float32(math.sqrt(float(values @ values))), [name for _, _, name in known]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of every label and the curve from margin to confidence.

    Attributes:
        labels: in the order of the columns of weights.
        words: words and pairs.
        inner: pieces of words.
        bias: one figure a label.
        margins: rising lead of the first label over the second; the curve's x.
        shares: per mille right at that lead in held-out folds; the curve's y.
    """

    labels: tuple[str, ...]
    words: Family
    inner: Family
    bias: Floats
    margins: Floats
    shares: Floats

    def suggest(self, text: str) -> Suggestion:
        """Suggest a label for one message: raw Chinese, or words set apart by spaces."""
        words = words_of(text)
        scores, evidence = self._weigh(words)
        if not evidence:
            return Suggestion("", 0, "", ())
        order = np.argsort(scores)
        first, second = int(order[-1]), int(order[-2])
        lead = float(scores[first] - scores[second])
        because = self._because(words, evidence, first, second)
        return Suggestion(self.labels[first], self.confidence(lead), self.labels[second], because)

    def scores(self, text: str) -> Floats:
        """Return the raw score of every label, in the order of `labels`."""
        return self._weigh(words_of(text))[0]

    def confidence(self, lead: float) -> int:
        """Return per mille right among held-out messages with that lead of the first label over the second."""
        return round(float(np.interp(lead, self.margins, self.shares)))

    def _weigh(self, words: Sequence[str]) -> tuple[Floats, dict[str, tuple[Family, int, float]]]:
        total = self.bias.copy()
        evidence: dict[str, tuple[Family, int, float]] = {}
        for family, features in ((self.words, word_features(words)), (self.inner, piece_features(words))):
            places, values, names = family.row(features)
            if not names:
                continue
            total += values @ family.weights[places]
            prefix = "" if family is self.words else "\0"
            evidence.update(
                (prefix + name, (family, int(place), float(value)))
                for name, place, value in zip(names, places, values, strict=True)
            )
        return total, evidence

    def _because(
        self, words: Sequence[str], evidence: dict[str, tuple[Family, int, float]], first: int, second: int
    ) -> tuple[str, ...]:
        """Return whole words only: what pieces of a word weigh is added to the word they stand in."""

        def speaks(name: str) -> float:
            if name not in evidence:
                return 0.0
            family, place, value = evidence[name]
            return value * float(family.weights[place, first] - family.weights[place, second])

        shares = {word: speaks(word) + sum(speaks("\0" + piece) for piece in pieces(word)) for word in set(words)}
        strongest = sorted(shares, key=lambda word: (-shares[word], word))
        return tuple(word for word in strongest[:SHOWN_TERMS] if shares[word] > 0)

    def save(self, path: Path) -> None:
        """Write the model to one compressed file, nothing of the training text but single features in it."""
        vocabulary = {"words": list(self.words.index), "inner": list(self.inner.index), "labels": list(self.labels)}
        head = json.dumps({"format": FORMAT, **vocabulary}, ensure_ascii=False).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            np.savez_compressed(
                out,
                head=np.frombuffer(head, np.uint8),
                words_rarity=self.words.rarity,
                words_weights=self.words.weights.astype(np.float16),
                inner_rarity=self.inner.rarity,
                inner_weights=self.inner.weights.astype(np.float16),
                bias=self.bias,
                margins=self.margins,
                shares=self.shares,
            )


def load_model(path: Path) -> Model:
    """Read a model written by `Model.save`.

    Raises:
        InputError: no such file, or not a model of this format.
    """
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (OSError, KeyError, ValueError) as error:
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
        return Model(tuple(head["labels"]), *families, held["bias"], held["margins"], held["shares"])

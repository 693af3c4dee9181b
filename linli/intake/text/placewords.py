"""Names of roads, compounds and public places in the words of a report, and which registered place they mean.

Is: names as they stand in the visible part of a text, and the deepest registered place that all of them agree on.
Is not: a map of roads. Names repeat across a city: what fits two places is narrowed to the place that holds both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from linli.intake.text.lists import WordIndex, WordLists
from linli.intake.text.masks import PERSON_TAGS, Screened, Token
from linli.kernel.codes import Tier

LONGEST_NAME = 10
SHOWN_NAMES = 4
_SHORTEST_OWN = 3
_SUFFIX_LISTS = ("places.road_suffixes", "places.compound_suffixes", "places.public_suffixes")
_OWN_NAME_TAGS = frozenset({"ns", "nz", "nt"})
_NAMING_TAGS = frozenset({"ns", "nz", "nt", "n", "j", "b", *PERSON_TAGS})
_LEADING = frozenset("在到沿位从至往过与和跟、（(")

_SHORT_ENDINGS = ("居民委员会", "村民委员会", "居委会", "村委会")
_TIER_DIGITS = (12, 9, 6)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """Where the words of a report say it is.

    Attributes:
        code: deepest registered place that is sure, "" when none is.
        names: registered names that decided.
    """

    code: str
    names: tuple[str, ...]


NOWHERE_NAMED = NamedPlace("", ())


def place_words(screened: Screened, lists: WordLists) -> tuple[str, ...]:
    """Names of roads, compounds and public places in the visible part of a text, in order, each once.

    On the safe side: a made-up name counts only where the words around it speak of a place.
    """
    suffixes = _suffixes(tuple(lists.words(name) for name in _SUFFIX_LISTS))
    near = lists.words("places.near_words")
    surnames = frozenset(lists.words("masks.surnames"))
    found: dict[str, None] = {}
    tokens = screened.shown
    for number, token in enumerate(tokens):
        if token[0][-1] not in suffixes.last:
            continue
        name = _name_ending_at(tokens, number, suffixes, surnames)
        if name and (_is_known(token, name) or _speaks_of_a_place(screened, token, name, near)):
            found[name] = None
    longest = [name for name in found if not any(name != other and name in other for other in found)]
    return tuple(longest[:SHOWN_NAMES])


@dataclass(frozen=True, slots=True)
class _Suffixes:
    words: tuple[str, ...]
    whole: frozenset[str]
    last: frozenset[str]


@lru_cache(maxsize=16)
def _suffixes(lists: tuple[tuple[str, ...], ...]) -> _Suffixes:
    words = tuple(word for one in lists for word in one)
    return _Suffixes(words, frozenset(words), frozenset(word[-1] for word in words))


def _name_ending_at(tokens: Sequence[Token], number: int, suffixes: _Suffixes, surnames: frozenset[str]) -> str:
    word, tag, start = tokens[number]
    if not word.endswith(suffixes.words):
        return ""
    if word not in suffixes.whole:
        own = len(word) >= _SHORTEST_OWN and tag in _NAMING_TAGS - PERSON_TAGS
        return word if own and _is_han(word) else ""
    if not number or not _may_name(tokens[number - 1], surnames):
        return ""
    before, _, began = tokens[number - 1]
    return before + word if began + len(before) == start else ""


def _may_name(token: Token, surnames: frozenset[str]) -> bool:
    word, tag, _ = token
    if tag not in _NAMING_TAGS or not _is_han(word) or len(word) > LONGEST_NAME - 2:
        return False
    # A word taken for a person's name is a place's only where it cannot well be a person's.
    return tag not in PERSON_TAGS or (len(word) == 2 and word[0] not in surnames)


def _is_han(word: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" for sign in word)


def _is_known(token: Token, name: str) -> bool:
    return token[0] == name and token[1] in _OWN_NAME_TAGS


def _speaks_of_a_place(screened: Screened, token: Token, name: str, near: tuple[str, ...]) -> bool:
    end = token[2] + len(token[0])
    start, after = end - len(name), screened.text[end : end + 6]
    if after.startswith(near) or (after[:1].isdigit() and "号" in after):
        return True
    return start > 0 and screened.text[start - 1] in _LEADING


class Gazetteer:
    """Registered names and the codes that bear them."""

    __slots__ = ("_codes", "_grids", "_index")

    def __init__(self, places: Iterable[tuple[str, str, Tier]]) -> None:
        """Index the names.

        Args:
            places: code, name, tier of every place that holds today.
        """
        self._codes: dict[str, set[str]] = {}
        self._grids: dict[str, set[str]] = {}
        for code, name, tier in places:
            names = self._grids if tier is Tier.GRID else self._codes
            for form in _forms(name, tier):
                names.setdefault(form, set()).add(code)
        self._index = WordIndex(self._codes)

    def find(self, text: str) -> NamedPlace:
        """The deepest place that the registered names in a text agree on.

        Args:
            text: visible part of a report's words.
        """
        mentions = dict(self._mentions(text))
        if not mentions:
            return NOWHERE_NAMED
        sure = _agreed(list(mentions.values()))
        decided = tuple(
            name for name, codes in mentions.items() if any(sure.startswith(c) or c.startswith(sure) for c in codes)
        )
        return NamedPlace(sure, decided) if sure else NOWHERE_NAMED

    def _mentions(self, text: str) -> Iterator[tuple[str, set[str]]]:
        if _GRID_WORD in text:
            for name in sorted(self._grids, key=len, reverse=True):
                if name in text:
                    yield name, self._grids[name]
                    text = text.replace(name, "\0")
        for name in sorted(self._index.present(text), key=lambda name: (-len(name), name)):
            if name in text:
                yield name, self._codes[name]
                text = text.replace(name, "\0")


_GRID_WORD = "网格"


def _forms(name: str, tier: Tier) -> set[str]:
    """A place's name as people write it: a community also without its committee."""
    forms = {name}
    if tier is Tier.COMMUNITY:
        for ending in _SHORT_ENDINGS:
            stem = name.removesuffix(ending)
            # A bare stem of two characters is a word of its own too often.
            forms |= {stem} if stem != name and stem.endswith(("社区", "村")) and len(stem) >= _SHORTEST_OWN else set()
    return {form for form in forms if len(form) >= _SHORTEST_OWN}


def _agreed(mentions: Sequence[set[str]]) -> str:
    """The deepest code on which mentions agree; "" when they contradict each other."""
    fits = _consistent(mentions)
    if not fits:
        return ""
    deepest = max(len(code) for code in fits)
    candidates = {code for code in fits if len(code) == deepest}
    if len(candidates) == 1:
        return candidates.pop()
    for digits in _TIER_DIGITS:
        above = {code[:digits] for code in candidates}
        if digits < deepest and len(above) == 1:
            return above.pop()
    return ""


def _consistent(mentions: Sequence[set[str]]) -> set[str]:
    """Codes of any mention that lie above or below some code of every other mention."""
    return {
        code
        for codes in mentions
        for code in codes
        if all(any(code.startswith(other) or other.startswith(code) for other in others) for others in mentions)
    }

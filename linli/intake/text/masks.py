"""What must not leave a reporter's compartment: where names, numbers, homes, hours, viewpoints and set phrases stand.

Is: spans of a text that tell who speaks, or nothing about the matter; on the safe side, so ordinary words go too. Is
not: the task text; that is composed anew (`task.py`) and takes only words of the pack's lists and names of places.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from linli.intake.text.lists import BLANK, WordLists, folded

Span = tuple[int, int]

LISTS = ("masks.first_person", "masks.viewpoints", "masks.moments", "masks.self_introduction", "masks.contact_cues")
SET_PHRASES = ("boilerplate.openings", "boilerplate.closings")
HOME_CUES = "masks.home_cues"
SURNAMES, TITLES = "masks.surnames", "masks.person_titles"
_FAR = 1 << 60
PERSON_TAGS = frozenset({"nr", "nrfg", "nrt"})

_DIGIT = "0-9０-９〇零一二三四五六七八九十百两"
_LETTER = "A-Za-z"
_NUMBERS = re.compile(
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"  # mail
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·•\s]?[A-Z0-9]{5,6}"  # plates
    r"|(?<![0-9])[0-9][0-9 \-]{4,}[0-9Xx]?"  # phones, identity cards, accounts, any five digits and more
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9_-]*[0-9])(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{5,}"  # names of accounts
    r"|[Xx*＊]{3,}",
    re.ASCII,
)
_HOMES = re.compile(
    rf"[{_DIGIT}{_LETTER}]+[\-－—#]?[{_DIGIT}{_LETTER}]*\s*(?:号院|号楼|号门|号房|单元|幢|栋|座|室|户|门|层|楼|弄|号|组|队|排|房)"
    rf"|[{_DIGIT}]+\s*[\-－—#]\s*[{_DIGIT}]+(?:\s*[\-－—#]\s*[{_DIGIT}]+)*"
)
_HOURS = re.compile(
    rf"[{_DIGIT}]+\s*[:：]\s*[{_DIGIT}]+|[{_DIGIT}]+\s*(?:点钟|点半|点多|点左右|点|时许|时|分钟|分|刻|年|月份|月|日|号)"
    r"|(?:大前|前|昨|今|明|后|当)(?:天|日|晚|早|夜)|(?:上|这|本|下)个?(?:周|星期|礼拜|月)[一二三四五六日天末]?|(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|夜间"
)
_CLAUSE_END = re.compile(r"[，。；！？、,;!?\n\r]|$")


Token = tuple[str, str, int]
"""A word of a text, its tag of the word-tagger, and where it begins."""


@dataclass(frozen=True, slots=True)
class Screened:
    """A text with what must be hidden known.

    Attributes:
        text: folded; spaces are gone.
        hidden: spans that must not be used, rising and apart from each other.
        shown: words that touch no hidden span, in order.
        visible: the text with hidden spans blanked.
        words: every word, hidden ones too, for the classifier alone: nothing of them is ever shown.
    """

    text: str
    hidden: tuple[Span, ...]
    shown: tuple[Token, ...]
    visible: str
    words: tuple[str, ...]


def screen(text: str, lists: WordLists) -> Screened:
    """Find what must be hidden in a text.

    Args:
        text: title and words of a report, raw or folded.
        lists: of the pack.
    """
    plain = folded(text)
    tokens = tokens_of(plain)
    hidden = _merged(
        [*_by_pattern(plain), *_by_lists(plain, lists), *_homes(plain, lists), *_persons(plain, tokens, lists)]
    )
    words = tuple(word for word, _, _ in tokens if word[0].isalnum())
    return Screened(plain, hidden, tuple(_outside(tokens, hidden)), _blanked(plain, hidden), words)


def tokens_of(text: str) -> list[Token]:
    """Words of a text with tags and places."""
    tagged = rjieba.tag(text)
    words = [word for word, _ in tagged]
    starts = itertools.accumulate(map(len, words), initial=0)
    if "".join(words) == text:
        return list(zip(words, (tag for _, tag in tagged), starts, strict=False))
    return list(_looked_for(text, tagged))


def _looked_for(text: str, tagged: Iterable[tuple[str, str]]) -> Iterator[Token]:
    """Places of words where the tagger left something out."""
    place = 0
    for word, tag in tagged:
        start = text.find(word, place)
        if start >= 0:
            place = start + len(word)
            yield word, tag, start


def _outside(tokens: Iterable[Token], hidden: Sequence[Span]) -> Iterator[Token]:
    spans = iter((*hidden, (_FAR, _FAR + 1)))
    start, end = next(spans)
    for token in tokens:
        begins = token[2]
        while end <= begins:
            start, end = next(spans)
        if begins + len(token[0]) <= start:
            yield token


def _by_pattern(text: str) -> Iterator[Span]:
    for pattern in (_NUMBERS, _HOMES, _HOURS):
        for match in pattern.finditer(text):
            yield match.span()


def _by_lists(text: str, lists: WordLists) -> Iterator[Span]:
    for name in (*LISTS, *SET_PHRASES):
        for word in lists.said(name, text):
            start = text.find(word)
            while start >= 0:
                yield start, start + len(word)
                start = text.find(word, start + len(word))


def _homes(text: str, lists: WordLists) -> Iterator[Span]:
    """What follows a home's cue, to the end of the clause: nothing in it is the place of the matter for sure."""
    for cue in lists.said(HOME_CUES, text):
        start = text.find(cue)
        while start >= 0:
            end = _CLAUSE_END.search(text, start + len(cue))
            yield start, end.start() if end else len(text)
            start = text.find(cue, start + len(cue))


def _persons(text: str, tokens: Sequence[Token], lists: WordLists) -> Iterator[Span]:
    for word, tag, start in tokens:
        if tag in PERSON_TAGS:
            yield start, start + len(word)
    for pattern in _person_patterns(lists.words(SURNAMES), lists.words(TITLES)):
        for match in pattern.finditer(text):
            yield match.span()
    for cue in lists.said("masks.self_introduction", text):
        start = text.find(cue)
        if start >= 0:
            end = _CLAUSE_END.search(text, start + len(cue))
            yield start, end.start() if end else len(text)


@lru_cache(maxsize=16)
def _person_patterns(surnames: tuple[str, ...], titles: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    if not surnames:
        return ()
    family = "|".join(sorted(map(re.escape, surnames), key=len, reverse=True))
    title = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
    masked = re.compile(rf"(?:{family})(?:某+|[Xx*＊×]{{1,3}})")
    return (re.compile(rf"(?:{family})[\u4e00-\u9fff]{{0,2}}(?:{title})"), masked) if titles else (masked,)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _blanked(text: str, hidden: Sequence[Span]) -> str:
    parts, place = [], 0
    for start, end in hidden:
        parts += [text[place:start], BLANK]
        place = end
    return "".join([*parts, text[place:]])

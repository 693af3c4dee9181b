"""Entries as lines: the question with what was asked marked in it, whose it is, where and until when it holds, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.kernel.pairs import pairs_of, runs_of
from linli.knowledge.domain import Entry
from linli.organisations.selectors import organisation_names, post_roles
from linli.places.selectors import place_names
from linli.web.base.words import local, plain_day, role_title


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a question; marked where it is what was asked."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a list shows it.

    Attributes:
        checked: when it was last said to be right, and by which post.
        ends: until when it holds, in words; "" = no end.
    """

    id: int
    number: int
    pieces: tuple[Piece, ...]
    answer: str
    owner: str
    place: str
    checked: str
    ends: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id or code, read at once for a page."""

    places: dict[str, str]
    bodies: dict[int, str]
    roles: dict[int, str]

    def place(self, code: str) -> str:
        """A place in words; everywhere for no code."""
        return self.places.get(code, code) if code else _("everywhere")


def names_of(entries: Collection[Entry], at: datetime, posts: Iterable[int | None] = ()) -> Names:
    """The names that lines of these entries need: three queries, whatever their number."""
    places = {entry.place for entry in entries if entry.place}
    seats = {entry.checked_post for entry in entries} | set(posts)
    known = {post for post in seats if post is not None}
    return Names(
        place_names(places, at) if places else {},
        organisation_names({entry.owner for entry in entries}, at) if entries else {},
        post_roles(known) if known else {},
    )


def lines_of(entries: Sequence[Entry], at: datetime, asked: str = "") -> tuple[Line, ...]:
    """Entries as lines.

    Args:
        entries: in their order.
        at: now.
        asked: what was searched, marked in the questions.
    """
    names = names_of(entries, at)
    return tuple(line_of(entry, names, at, asked) for entry in entries)


def line_of(entry: Entry, names: Names, at: datetime, asked: str = "") -> Line:
    """One entry as a line; of its questions the one that fits best what was asked stands first."""
    wanted = {pair for run in runs_of(asked) for pair in pairs_of(run)}
    shown = max(entry.questions, key=lambda one: len(wanted & _pairs(one))) if wanted else entry.title
    return Line(
        id=entry.id,
        number=entry.number,
        pieces=pieces_of(shown, wanted),
        answer=entry.answer,
        owner=names.bodies.get(entry.owner, ""),
        place=names.place(entry.place),
        checked=checked_words(entry, names, at),
        ends=_day(entry.until, at) if entry.until else "",
        is_over=entry.until is not None and entry.until <= at,
    )


def checked_words(entry: Entry, names: Names, at: datetime) -> str:
    """When it was last said to be right, and by which post; never by whom."""
    day, role = _day(entry.checked_at, at), names.roles.get(entry.checked_post or 0, "")
    if not role:
        return _("checked {day}").format(day=day)
    return _("checked {day} by {post}").format(day=day, post=role_title(role))


def pieces_of(text: str, wanted: Collection[str]) -> tuple[Piece, ...]:
    """A question cut where pairs of what was asked stand in it.

    Args:
        text: the question.
        wanted: pairs of characters, made plain as `kernel.pairs` does.
    """
    plain = text.casefold()
    hit = [False] * len(text)
    if len(plain) == len(text):
        for start in range(len(text) - 1):
            if plain[start : start + 2] in wanted:
                hit[start] = hit[start + 1] = True
    pieces: list[Piece] = []
    for letter, is_hit in zip(text, hit, strict=True):
        if pieces and pieces[-1].is_hit == is_hit:
            pieces[-1] = Piece(pieces[-1].text + letter, is_hit)
        else:
            pieces.append(Piece(letter, is_hit))
    return tuple(pieces)


def _pairs(text: str) -> set[str]:
    return {pair for run in runs_of(text) for pair in pairs_of(run)}


def _day(at: datetime, now: datetime) -> str:
    return plain_day(local(at).date(), local(now).date())

"""The search as a page: a question cut into words, the cases in which they stand, and what to mark in their titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from linli.cases.deskqueue import QueueLine, scopes_of
from linli.cases.searching import BY_NEWEST, MOST_RUNS, Word, search_code, search_sheet
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFoundError
from linli.kernel.keyset import After, cursor_of
from linli.kernel.pairs import runs_of
from linli.places.selectors import places_called
from linli.web.desk.filters import CHANNELS
from linli.web.desk.rows import Row, rows_of

MOST_ASKED = 100
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a title; marked where it is what was asked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found: its row, and its title in pieces."""

    row: Row
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the template of the search shows."""

    asked: str
    hits: tuple[Hit, ...]
    next: str
    is_short: bool


def search_page(actor: Actor, query: QueryDict, at: datetime, *, after: After | None, limit: int) -> Findings:
    """The cases that a question finds, of those that this person may see.

    Args:
        actor: with the posts held at `at`.
        query: of the address; `q` is the question.
        at: aware UTC.
        after: where the page before ended.
        limit: most rows.

    Raises:
        NotFoundError: the person has no queue, and so no search.
    """
    scopes = scopes_of(actor)
    if not scopes:
        raise NotFoundError("You hold no post with a queue today.", code="desk.no_queue")
    asked = query.get("q", "").strip()[:MOST_ASKED]
    runs = runs_of(asked)[:MOST_RUNS]
    if max(map(len, runs), default=0) < 2:
        return Findings(asked, (), "", True)
    by_code: tuple[QueueLine, ...] = ()
    if after is None and _CODE.fullmatch(asked):
        by_code = search_code(actor, scopes[0], asked, CHANNELS)
    if by_code:
        return Findings(asked, _hits(by_code, runs, at), "", False)
    words = [Word(run, tuple(places_called(run, at))) for run in runs]
    sheet = search_sheet(actor, scopes[0], words, after=after, limit=limit)
    rest = query.copy()
    rest["after"] = cursor_of(BY_NEWEST, sheet.after) if sheet.after else ""
    return Findings(asked, _hits(sheet.rows, runs, at), f"?{rest.urlencode()}" if sheet.after else "", False)


def _hits(lines: tuple[QueueLine, ...], runs: list[str], at: datetime) -> tuple[Hit, ...]:
    return tuple(Hit(row, pieces_of(row.title, runs)) for row in rows_of(lines, at))


def pieces_of(title: str, runs: list[str]) -> tuple[Piece, ...]:
    """A title cut where the words of a question stand in it."""
    wanted = "|".join(re.escape(run) for run in sorted(runs, key=len, reverse=True))
    if not wanted:
        return (Piece(title, False),)
    parts = re.split(f"({wanted})", title, flags=re.IGNORECASE)
    return tuple(Piece(part, number % 2 == 1) for number, part in enumerate(parts) if part)

"""Finding open-compartment cases by their words, of all that somebody may see, the newest first; page by page.

Is: pairs of characters against `cases_casewords`, one statement a page. Is not: a reader of what reporters wrote, nor of
sealed or protected cases: none of those are kept there.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from linli.cases.deskqueue import (
    LINE_COLUMNS,
    NEAREST,
    QueueFilter,
    QueueLine,
    Scope,
    ground_of,
    line_of,
    places_of,
    scope_values,
)
from linli.cases.queues import BY_NEWEST
from linli.cases.reading import run_once
from linli.cases.wordmatch import MOST_RUNS, Word, words_condition
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, Page, Stretch, turn_page
from linli.kernel.pairs import matter_mark, place_mark

__all__ = ["BY_NEWEST", "MOST_RUNS", "Word", "search_code", "search_sheet"]

_MARKED = (9, 12, 15)
"""Digits of the tiers whose marks narrow a search; nearly all cases bear the mark of a district."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition over `c` and `w`, and its values."""

    where: str
    values: Mapping[str, object]


def search_sheet(
    actor: Actor, scope: Scope, words: Sequence[Word], *, after: After | None = None, limit: int = 50
) -> Page[QueueLine]:
    """Cases in which every word stands: in the title, in what is to be done, or as a place that is called so.

    Args:
        actor: with the posts held now.
        scope: as in a queue; whoever works in a body finds what the body works on.
        words: of the question; none finds nothing.
        after: where the page before ended (`keyset`, sort `BY_NEWEST`).
        limit: most rows.
    """
    text, values = words_condition(words)
    return _sheet(actor, scope, _Asked(text, values), after, limit) if text else Page((), None)


def search_code(actor: Actor, scope: Scope, code: str, channels: Collection[str]) -> tuple[QueueLine, ...]:
    """Cases of a matter's code, or with this number of another system.

    Args:
        actor: with the posts held now.
        scope: as `search_sheet`.
        code: as typed, without spaces around it.
        channels: those whose numbers are looked at.
    """
    # Indexes: cases_words_pairs; cases_case_external_once.
    where = (
        "w.case_id = ANY(array(SELECT m.case_id FROM cases_casewords m WHERE m.pairs @> %(matter)s::text[]"
        " ORDER BY m.case_id DESC LIMIT 200) || array(SELECT e.id FROM cases_case e"
        " WHERE e.channel = ANY(%(channels)s::text[]) AND e.external_id = %(code)s::text))"
    )
    values = {"matter": [matter_mark(code)], "channels": list(channels), "code": code}
    return _sheet(actor, scope, _Asked(where, values), None, 50).rows


def _sheet(actor: Actor, scope: Scope, asked: _Asked, after: After | None, limit: int) -> Page[QueueLine]:
    seen, own = ground_of(actor, QueueFilter(scope=scope))
    own |= {name: value for name, value in scope_values(actor, scope).items() if f"%({name})s" in seen}
    marks = _marks(actor) if scope == "place" else []
    # Index: cases_words_pairs, for a street's desk with the street beside the words, and then case by case, the newest
    # first; the primary key, backwards, where the words are common and the place is wide.
    if marks:
        found = (
            f"(SELECT w.case_id FROM cases_casewords w WHERE {asked.where} AND w.pairs && %(near)s::text[]"
            " ORDER BY w.case_id DESC) w JOIN cases_case c ON c.id = w.case_id WHERE true"
        )
    else:
        found = f"cases_case c JOIN cases_casewords w ON w.case_id = c.id WHERE {asked.where}"

    def fetch(stretch: Stretch) -> list[QueueLine]:
        inner = (
            f"SELECT c.* FROM {found} AND c.compartment = 'open' AND {seen} AND {stretch.where} {stretch.order}"
            " LIMIT %(row_limit)s"
        )
        query = f"SELECT {LINE_COLUMNS} FROM ({inner}) c{NEAREST} {stretch.order}"
        values = {**asked.values, **own, **({"near": marks} if marks else {}), **stretch.values}
        return [line_of(row) for row in run_once(query, values).fetchall()]

    return turn_page(BY_NEWEST, after, limit, fetch, lambda row: After(row.case, row.case))


def _marks(actor: Actor) -> list[str]:
    """The marks of one's places, where every one of them is a street or within one; else none."""
    places = places_of(actor)
    return [place_mark(place) for place in places] if all(len(place) in _MARKED for place in places) else []

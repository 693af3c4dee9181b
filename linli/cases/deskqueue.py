"""The desk's queue: open cases under a filter, page by page, the nearest limit first; and how many each view holds.

Keyset, no offsets. Reads rows for pages; who may see a case is the scope's: of a place, of a body, named. No reporter and
no words beyond the title are in a row.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from linli.cases.domain import CaseFacts
from linli.cases.inside import STREET, inside, within
from linli.cases.queues import BY_LIMIT, BY_NEWEST, SCOPES, Narrowing, narrowed_page
from linli.cases.reading import run_once
from linli.cases.views import QueueRow
from linli.cases.wordmatch import Word, words_condition
from linli.kernel.actors import Actor, Holding
from linli.kernel.keyset import After, Page, Sort, Stretch, turn_page
from linli.kernel.worktime import instant

Scope = Literal["place", "body", "named"]
Due = Literal["", "late", "soon", "today"]

COUNTED_TO = 300
"""A view is counted up to here; more is shown as `300+`, so that no count walks a hundred thousand rows."""

NEWER_TO = 100
"""What came in meanwhile is counted up to here."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of a queue is shown; empty parts ask for nothing.

    Attributes:
        scope: `place`, `body`, or `named`.
        mine: only cases with a running clock of mine: my body's, or the desk's where I am the desk.
        places: prefixes of codes; cases in any of them.
        states, kinds, channels: any of these.
        matter: a code or its beginning.
        owner: the leading body.
        clock: only with a running clock of this name (`promise`: what the desk has promised).
        reminded: only where a resident has urged.
        due: of the case's nearest limit: `late` it has passed, `soon` it ends within the pack's warning, `today` before
            `day_end`.
        since, until: opened in `[since, until)`, aware UTC.
        words: all stand in the case's title or task, or are what its place or matter is called.
    """

    scope: Scope = "place"
    mine: bool = False
    places: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    matter: str = ""
    owner: int | None = None
    clock: str = ""
    reminded: bool = False
    due: Due = ""
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Moments:
    """The instants that a filter is measured by: now, until when something is *soon*, and the end of the day."""

    at: datetime
    soon: datetime
    day_end: datetime


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One row: the case, its voices, and its nearest clock (None where none is open).

    Attributes:
        clock: name of the clock; `started`, `due` of it, `due` None while it stands.
        again: how often the work was sent back.
    """

    case: int
    no: str
    kind: str
    state: str
    title: str
    matter: str | None
    place: str
    owner: int | None
    snapshot: str
    opened_at: datetime
    limit_at: datetime | None
    voices: int
    again: int
    clock: str | None
    started: datetime | None
    due: datetime | None


LINE_COLUMNS = (
    "c.id, c.no, c.kind, c.state, c.title, c.matter, c.place, c.owner, c.snapshot, c.opened_at, c.limit_at,"
    " (SELECT count(*) FROM cases_voice v WHERE v.case_id = c.id),"
    " coalesce((c.counts->>'reworks')::int, 0) + coalesce((c.counts->>'redos')::int, 0),"
    " k.name, (k.work->>'start')::bigint, k.due_at"
)
# Index: cases_clock_case. A running clock goes before a standing one, the nearest limit first.
NEAREST = (
    " LEFT JOIN LATERAL (SELECT k.name, k.work, k.due_at FROM cases_clock k"
    " WHERE k.case_id = c.id AND k.state <> 'stopped' ORDER BY k.due_at NULLS LAST, k.id LIMIT 1) k ON true"
)
_CLOCK = "EXISTS (SELECT 1 FROM cases_clock k WHERE k.case_id = c.id AND k.state = 'running' AND {})"
# Indexes: cases_clock_body where few of a body's clocks run; else the clocks of each case, cases_clock_case.
_OF_BODIES = "k.whose = 'body' AND k.organisation = ANY(%(bodies)s::bigint[])"
_MINE, _MINE_OF_DESK = _CLOCK.format(_OF_BODIES), _CLOCK.format(f"({_OF_BODIES} OR k.whose = 'desk')")
# Indexes: cases_case_wide, cases_case_place, cases_case_street. A case that is late is not due soon as well.
_DUES: Mapping[str, str] = {
    "late": "c.limit_at < %(at)s::timestamptz",
    "soon": "c.limit_at >= %(at)s::timestamptz AND c.limit_at < %(soon)s::timestamptz",
    "today": "c.limit_at >= %(at)s::timestamptz AND c.limit_at < %(day_end)s::timestamptz",
}


def queue_sheet(
    actor: Actor,
    wanted: QueueFilter,
    moments: Moments,
    *,
    sort: Sort = BY_LIMIT,
    after: After | None = None,
    limit: int = 50,
) -> Page[QueueLine]:
    """One page of the queue.

    Args:
        actor: with the posts held now.
        wanted: what to show.
        moments: what *late*, *soon* and *today* are measured by.
        sort: `BY_LIMIT` or `BY_NEWEST`.
        after: where the page before ended (`keyset`, of that sort).
        limit: most rows.
    """
    where, values = condition_of(actor, wanted, moments)

    def fetch(stretch: Stretch) -> list[QueueLine]:
        # The inner read goes along the index; only the rows of the page are asked for voices and clocks.
        query = (
            f"SELECT {LINE_COLUMNS} FROM (SELECT c.id FROM cases_case c WHERE {where} AND {stretch.where} {stretch.order}"
            f" LIMIT %(row_limit)s) q JOIN cases_case c ON c.id = q.id{NEAREST} {stretch.order}"
        )
        return [line_of(row) for row in run_once(query, {**values, **stretch.values}).fetchall()]

    def key_of(row: QueueLine) -> After:
        return After(row.case if sort is BY_NEWEST else row.limit_at, row.case)

    return turn_page(sort, after, limit, fetch, key_of)


@dataclass(frozen=True, slots=True)
class Beside:
    """The cases before and behind one in a queue, by number; "" where there is none."""

    before: str
    behind: str


def queue_beside(actor: Actor, wanted: QueueFilter, moments: Moments, case: CaseFacts, sort: Sort = BY_LIMIT) -> Beside:
    """The neighbours of a case in a queue, also of one that the filter does not show: by where it would stand.

    At most four statements, each a step along the index.
    """
    where, values = condition_of(actor, wanted, moments)
    key = case.id if sort is BY_NEWEST else case.limit_at

    def first(condition: str, order: str) -> str:
        query = f"SELECT c.no FROM cases_case c WHERE {where} AND {condition} {order} LIMIT 1"
        row = run_once(query, {**values, "key": key, "case": case.id}).fetchone()
        return str(row[0]) if row else ""

    if sort is BY_NEWEST:
        return Beside(
            first("c.id > %(case)s::bigint", "ORDER BY c.id"), first("c.id < %(case)s::bigint", "ORDER BY c.id DESC")
        )
    down, up = "ORDER BY c.limit_at, c.id", "ORDER BY c.limit_at DESC, c.id DESC"
    place = "(c.limit_at, c.id) {} (%(key)s::timestamptz, %(case)s::bigint)"
    gaps = "c.limit_at IS NULL AND c.id {} %(case)s::bigint"
    if key is None:
        before = first(gaps.format("<"), "ORDER BY c.id DESC") or first("c.limit_at IS NOT NULL", up)
        return Beside(before, first(gaps.format(">"), "ORDER BY c.id"))
    behind = first(place.format(">"), down) or first("c.limit_at IS NULL", "ORDER BY c.id")
    return Beside(first(place.format("<"), up), behind)


def queue_newer(actor: Actor, wanted: QueueFilter, moments: Moments, since: datetime) -> int:
    """How many cases of a queue came in at `since` or later, counted up to `NEWER_TO`; two statements.

    The first walks back from the latest case to the last one before `since`: ids follow the time of opening.
    """
    row = run_once(
        "SELECT id FROM cases_case WHERE opened_at < %(since)s ORDER BY id DESC LIMIT 1", {"since": since}
    ).fetchone()
    where, values = condition_of(actor, narrowed(wanted, since=max(since, wanted.since or since)), moments)
    query = f"SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE {where} AND c.id > %(last)s::bigint LIMIT {NEWER_TO}) q"
    found = run_once(query, {**values, "last": row[0] if row else 0}).fetchone()
    return int(found[0]) if found else 0


def queue_heads(
    actor: Actor, views: Mapping[str, QueueFilter], moments: Moments, most: int
) -> dict[str, list[QueueLine]]:
    """The first rows of several views, the nearest limit first; one query.

    Args:
        actor: with the posts held now.
        views: what each shows, by name.
        moments: what *late*, *soon* and *today* are measured by.
        most: rows of each.
    """
    parts: list[str] = []
    values: dict[str, object] = {"row_limit": most}
    order = "ORDER BY c.limit_at NULLS LAST, c.id"
    for number, wanted in enumerate(views.values()):
        where, own = _numbered(number, *condition_of(actor, wanted, moments))
        values |= own
        parts.append(
            f"(SELECT {number}, {LINE_COLUMNS} FROM (SELECT c.* FROM cases_case c WHERE {where} {order}"
            f" LIMIT %(row_limit)s) c{NEAREST} {order})"
        )
    found: dict[str, list[QueueLine]] = {name: [] for name in views}
    names = list(views)
    for number, *row in run_once(" UNION ALL ".join(parts), values).fetchall() if parts else ():
        found[names[number]].append(line_of(tuple(row)))
    return found


def _numbered(number: int, where: str, own: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """A condition whose values have names of their own, so that several stand in one statement."""
    for name in own:
        where = where.replace(f"%({name})s", f"%({name}_{number})s")
    return where, {f"{name}_{number}": value for name, value in own.items()}


def queue_counts(actor: Actor, views: Mapping[str, QueueFilter], moments: Moments) -> dict[str, int]:
    """How many cases each view holds, counted up to one more than `COUNTED_TO`; one query."""
    parts: list[str] = []
    values: dict[str, object] = {}
    is_wide = any(len(place) < STREET for place in places_of(actor))
    for number, wanted in enumerate(views.values()):
        where, own = _numbered(number, *condition_of(actor, wanted, moments))
        values |= own
        # Index: cases_case_wide, where the desk of more than a street asks for its own: the first thousand along it.
        walk = " ORDER BY c.limit_at, c.id" if is_wide and wanted.mine else ""
        parts.append(
            f"(SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE {where}{walk} LIMIT {COUNTED_TO + 1}) q)"
        )
    row = run_once(f"SELECT {', '.join(parts)}", values).fetchone() if parts else ()
    return dict(zip(views, row or (), strict=True))


def counted(count: int) -> str:
    """A count of `queue_counts` as it is shown: `300+` where there are more."""
    return f"{COUNTED_TO}+" if count > COUNTED_TO else str(count)


def scopes_of(actor: Actor) -> tuple[Scope, ...]:
    """The scopes in which somebody works, the widest first: whole places for desks, else their body's cases."""
    wide: tuple[Scope, ...] = ("place",) if any(_is_wide(h) for h in actor.holdings) else ()
    return wide if not any(h.works for h in actor.holdings) else (*wide, "body")


def condition_of(actor: Actor, wanted: QueueFilter, moments: Moments) -> tuple[str, dict[str, object]]:
    """The condition of a filter, and its values."""
    ground, edges = ground_of(actor, wanted)
    own = scope_values(actor, wanted.scope)
    asked, values = _asked(wanted, moments, is_desk=bool(own["is_desk"]))
    where = " AND ".join(["c.closed_at IS NULL", ground, *asked])
    return where, _named({**own, **edges, **values}, where)


def queue_rows(
    actor: Actor,
    wanted: QueueFilter,
    moments: Moments,
    *,
    sort: Sort = BY_LIMIT,
    after: After | None = None,
    limit: int = 50,
) -> Page[QueueRow]:
    """One page of a queue for another system: all that the holder's posts see, as `queues.queue_page` has it.

    Nothing is asked of a sealed case that its row does not say.

    Args: see `queue_sheet`.
    """
    asked, values = _asked(wanted, moments, is_desk=any(h.works and h.is_desk for h in actor.holdings))
    if wanted.places:
        text, edges = inside("inside", wanted.places)
        asked, values = [*asked, text], {**values, **edges}
    if wanted.scope == "named" and (wanted.matter or wanted.words):
        asked = [*asked, "c.compartment <> 'sealed'"]
    where = " AND ".join(["true", *asked])
    narrowing = Narrowing(where, _named(values, where))
    return narrowed_page(actor, wanted.scope, narrowing, sort=sort, after=after, limit=limit)


def _asked(wanted: QueueFilter, moments: Moments, *, is_desk: bool) -> tuple[list[str], dict[str, object]]:
    """What a filter asks for beside whose cases they are and where; `mine` needs `scope_values`."""
    values: dict[str, object] = {
        "at": moments.at,
        "soon": moments.soon,
        "day_end": moments.day_end,
        "states": list(wanted.states),
        "kinds": list(wanted.kinds),
        "channels": list(wanted.channels),
        "matter": f"{wanted.matter}%",
        "owner": wanted.owner,
        "clock": wanted.clock,
        "since": wanted.since,
        "until": wanted.until,
    }
    asked = (
        (wanted.mine, _MINE_OF_DESK if is_desk else _MINE),
        (wanted.states, "c.state = ANY(%(states)s::text[])"),
        (wanted.kinds, "c.kind = ANY(%(kinds)s::text[])"),
        (wanted.channels, "c.channel = ANY(%(channels)s::text[])"),
        (wanted.matter, "c.matter LIKE %(matter)s::text"),
        (wanted.owner is not None, "c.owner = %(owner)s::bigint"),
        (wanted.clock, _CLOCK.format("k.name = %(clock)s::text")),
        (wanted.reminded, "(c.counts->>'reminders')::int > 0"),
        (wanted.due, _DUES.get(wanted.due, "")),
        (wanted.since is not None, "c.opened_at >= %(since)s::timestamptz"),
        (wanted.until is not None, "c.opened_at < %(until)s::timestamptz"),
    )
    said, own = words_condition(wanted.words)
    words = [f"c.id IN (SELECT w.case_id FROM cases_casewords w WHERE {said})"] if said else []
    return [*words, *(text for on, text in asked if on)], {**values, **own}


def _named(values: Mapping[str, object], where: str) -> dict[str, object]:
    """The values that a condition names."""
    return {name: value for name, value in values.items() if f"%({name})s" in where}


def ground_of(actor: Actor, wanted: QueueFilter) -> tuple[str, dict[str, object]]:
    """Whose cases, and where: of one's own places those that are asked for, as ranges of codes."""
    if wanted.scope != "place":
        text, values = inside("inside", wanted.places)
        return f"{SCOPES[wanted.scope]} AND {text}" if wanted.places else SCOPES[wanted.scope], values
    own = places_of(actor)
    text, values = inside("inside", within(own, wanted.places) if wanted.places else own)
    return f"c.compartment = 'open' AND {text}", values


def places_of(actor: Actor) -> list[str]:
    """Prefixes of the places whose open cases are before somebody because of a post."""
    return [holding.place for holding in actor.holdings if _is_wide(holding)]


def scope_values(actor: Actor, scope: Scope) -> dict[str, object]:
    """What the condition of a scope is filled with, for this person."""
    working = [h for h in actor.holdings if h.works or (scope != "body" and h.watches)]
    return {
        "bodies": [h.organisation for h in working],
        "places": [f"{h.place}%" for h in working if scope != "place" or _is_wide(h)],
        "posts": [h.post for h in working],
        "account": actor.ref.account,
        "is_desk": any(h.is_desk for h in working),
    }


def _is_wide(holding: Holding) -> bool:
    return holding.is_desk or holding.watches


def line_of(row: tuple[Any, ...]) -> QueueLine:
    """A row of `LINE_COLUMNS` as a line."""
    *facts, start, due = row
    values: list[Any] = [*facts, instant(start) if start is not None else None, due]
    return QueueLine(*values)


def narrowed(wanted: QueueFilter, **changes: Any) -> QueueFilter:
    """The same filter with some parts changed."""
    return replace(wanted, **changes)

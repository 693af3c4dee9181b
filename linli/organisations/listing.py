"""The rows of a list of organisations, read into what they mean; each fault named by line and column. Pure.

Columns: `name`, `kind`, `place` must be there. Others may be:

    key      lasting name of the body, e.g. its social credit code; without it the body's name
    line     government, party, discipline, self_government, market, society; without it as its kind usually stands
    parent   key of the body above it
    from     day from which it stands, 2026-01-31; without it the moment of the import
    duties   duty.sanitation; duty.lighting@320106003          (the place after @ where it is not the body's own)
    posts    head 主任 = wang; grid_worker@320106003001002 网格员 = sun; handler* 经办人 = li, zhao; duty_desk > duty_head
             role, then @place, then * for several holders, then a title, then > the next post, then = account names

A column that is absent leaves what it is about untouched; an empty cell says that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from linli.kernel.codes import place_code
from linli.kernel.errors import InputError
from linli.kernel.worktime import OFFSET
from linli.organisations.domain import Line, OrganisationKind, StandingDraft, is_role

T = TypeVar("T")

REQUIRED = ("name", "kind", "place")
EVERYWHERE = "everywhere"

_POST = re.compile(
    r"(?P<role>[a-z0-9_.]+)(@(?P<place>\w+))?(?P<many>\*)?"
    r"(\s+(?P<title>[^=>]+?))?(\s*>\s*(?P<next>[a-z0-9_.@]+))?(\s*=\s*(?P<holders>.*))?"
)
_LONGEST_KEY = 64
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and where; never a person's words."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A seat that a row lists. `holders` is None where the row says nothing about them."""

    key: str
    role: str
    title: str
    place: str
    single: bool
    next_key: str
    holders: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A body that a row lists; `duties` and `posts` are None where the list has no such column."""

    line: int
    key: str
    name: str
    kind: str
    named_line: str
    place: str
    parent: str
    since: datetime | None
    duties: tuple[tuple[str, str], ...] | None
    posts: tuple[ListedPost, ...] | None

    def standing(self, parent: int | None) -> StandingDraft:
        """What the body is to be, its parent as an id."""
        return StandingDraft(self.name, self.kind, self.place, parent, self.named_line)


@dataclass(slots=True)
class Listing:
    """What a list says: bodies, parents before their children, and every fault.

    `keys_named` holds the keys of refused rows too: a body is not closed because its row could not be read.
    """

    bodies: list[ListedBody] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keys_named: set[str] = field(default_factory=set)


class _CellError(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def read_listing(rows: Iterable[tuple[int, Mapping[str, str]]], known_keys: Iterable[str]) -> Listing:
    """Read the rows of a list.

    Args:
        rows: line number and cells by column.
        known_keys: keys of bodies that stand already and may be parents.
    """
    listing = Listing()
    found: dict[str, ListedBody] = {}
    for line, cells in rows:
        key = _key(cells)
        listing.keys_named.add(key)
        try:
            body = _body(line, key, cells)
            if key in found:
                raise _CellError("key", f"{key} stands already in line {found[key].line}; keep one of the two rows")
            found[key] = body
        except _CellError as error:
            listing.faults.append(Fault(line, error.column, str(error)))
    listing.bodies, faults = _parents_first(found, set(known_keys))
    listing.faults += faults
    return listing


def _key(cells: Mapping[str, str]) -> str:
    return (cells.get("key") or cells.get("name") or "").strip()


def _body(line: int, key: str, cells: Mapping[str, str]) -> ListedBody:
    name = cells["name"].strip()
    if not name or len(name) > _LONGEST_NAME:
        raise _CellError("name", f"a body needs a name of at most {_LONGEST_NAME} characters")
    if len(key) > _LONGEST_KEY:
        raise _CellError("key", f"a key has at most {_LONGEST_KEY} characters; give the body a short one")
    kind, named_line = cells["kind"].strip(), cells.get("line", "").strip()
    if kind not in set(OrganisationKind):
        raise _CellError("kind", f"{kind!r} is no kind; kinds are {', '.join(OrganisationKind)}")
    if named_line and named_line not in set(Line):
        raise _CellError("line", f"{named_line!r} is no line; lines are {', '.join(Line)}")
    place = _place(cells["place"], "place")
    return ListedBody(
        line=line,
        key=key,
        name=name,
        kind=kind,
        named_line=named_line,
        place=place,
        parent=cells.get("parent", "").strip(),
        since=_since(cells.get("from", "").strip()),
        duties=_cell(cells, "duties", lambda text: _duty(text, place)),
        posts=_posts(cells, place),
    )


def _place(text: str, column: str) -> str:
    code = text.strip()
    if code == EVERYWHERE:
        return ""
    try:
        return str(place_code(code))
    except InputError as error:
        raise _CellError(column, f"{error.message}; write {EVERYWHERE} for no place") from None


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _CellError("from", f"{text!r} is no day; write it like 2026-01-31") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(minutes=OFFSET)


def _cell(cells: Mapping[str, str], column: str, read: Callable[[str], T]) -> tuple[T, ...] | None:
    if column not in cells:
        return None
    found = [read(part.strip()) for part in cells[column].replace("；", ";").split(";") if part.strip()]
    if len(set(found)) != len(found):
        raise _CellError(column, f"something stands twice in {column}")
    return tuple(found)


def _duty(text: str, own: str) -> tuple[str, str]:
    role, _, place = text.partition("@")
    if not is_role(role):
        raise _CellError("duties", f"{role!r} is no duty; duties are like duty.sanitation")
    return role, _place(place, "duties") if place else own


def _posts(cells: Mapping[str, str], own: str) -> tuple[ListedPost, ...] | None:
    posts = _cell(cells, "posts", lambda text: _post(text, own))
    keys = [post.key for post in posts or ()]
    if len(set(keys)) != len(keys):
        raise _CellError("posts", "two posts have the same role and place; write * for several holders")
    for post in posts or ():
        if post.next_key and post.next_key not in keys:
            raise _CellError("posts", f"the next post {post.next_key} is not listed in the row")
    return posts


def _post(text: str, own: str) -> ListedPost:
    match = _POST.fullmatch(text)
    if match is None or not is_role(match["role"]):
        raise _CellError("posts", "a post is like: grid_worker@320106003001002 网格员 = sun")
    place = _place(match["place"], "posts") if match["place"] else own
    holders = match["holders"]
    names = None if holders is None else tuple(n.strip() for n in holders.replace("，", ",").split(",") if n.strip())
    single = match["many"] is None
    if single and names is not None and len(names) > 1:
        raise _CellError("posts", f"the post {match['role']} has one holder; write {match['role']}* for several")
    return ListedPost(
        key=match["role"] + (f"@{match['place']}" if match["place"] else ""),
        role=match["role"],
        title=(match["title"] or match["role"]).strip(),
        place=place,
        single=single,
        next_key=match["next"] or "",
        holders=names,
    )


def _parents_first(found: Mapping[str, ListedBody], known: set[str]) -> tuple[list[ListedBody], list[Fault]]:
    ordered: dict[str, ListedBody] = {}
    waiting = dict(found)
    while waiting:
        ready = [b for b in waiting.values() if not b.parent or b.parent in ordered or _stands(b, found, known)]
        if not ready:
            break
        for body in ready:
            ordered[body.key] = waiting.pop(body.key)
    return list(ordered.values()), [Fault(b.line, "parent", _orphan(b, waiting)) for b in waiting.values()]


def _stands(body: ListedBody, found: Mapping[str, ListedBody], known: set[str]) -> bool:
    """Whether the parent stands already and is not itself listed anew."""
    return body.parent in known and body.parent not in found


def _orphan(body: ListedBody, waiting: Mapping[str, ListedBody]) -> str:
    if body.parent in waiting:
        return f"the parent {body.parent} cannot be taken, or the parents lead in a circle"
    return f"no body has the key {body.parent}; list it, or correct the parent"


def unknown_places(bodies: Sequence[ListedBody], known: set[str]) -> list[str]:
    """Codes that the list names and the register of places does not."""
    named = {body.place for body in bodies}
    named |= {place for body in bodies for _, place in body.duties or ()}
    named |= {post.place for body in bodies for post in body.posts or ()}
    return sorted(named - known - {""})

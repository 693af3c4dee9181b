"""People of a table who are to get accounts with posts: each row understood against the bodies and posts of the day.

Is: from the words of an office to `AccountDraft`, with what is wrong by column. Is not: reading a file. One wrong row takes no
other with it; a person who holds the post already gets no second account.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from linli.access.domain import AccountRef, is_account_name
from linli.access.enrolment import link_make
from linli.access.errors import AccessRefusedError, AccountConflictError
from linli.access.selectors import account_ids, accounts
from linli.access.services import AccountDraft, account_add
from linli.kernel.actors import Actor
from linli.kernel.worktime import CHINA
from linli.organisations.domain import PostRef
from linli.organisations.errors import (
    OrganisationConflictError,
    OrganisationError,
    OrganisationMissingError,
    OrganisationRefusedError,
)
from linli.organisations.selectors import AppointmentRef, organisations_at
from linli.organisations.staffing import holders_from, posts_of_bodies
from linli.places.selectors import place_names

_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
Wrong = tuple[str, str]
"""A column and a code of what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A row understood. `draft` is None where something is wrong."""

    draft: AccountDraft | None
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened: what goes on its slip. `secret` is of the link, shown once."""

    account: int
    name: str
    display_name: str
    post: int
    secret: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page reads what people write.

    Attributes:
        at: now, aware UTC.
        role_words: words for a role, in small letters -> the role.
        day_of: a day as people write it; None for none.
    """

    at: datetime
    role_words: Mapping[str, str]
    day_of: Callable[[str], date | None]


@dataclass(frozen=True, slots=True)
class _Town:
    """Bodies, posts, holders and names as they stand, read once a table."""

    reading: Reading
    bodies: Mapping[str, int]
    posts: Mapping[int, Sequence[PostRef]]
    places: Mapping[str, str]
    taken: Mapping[str, int]

    @property
    def single(self) -> frozenset[int]:
        """Posts that one person holds at a time."""
        return frozenset(one.id for posts in self.posts.values() for one in posts if one.single)


def newcomers(rows: Sequence[Mapping[str, str]], reading: Reading) -> list[Newcomer]:
    """Understand the rows of a table; a handful of queries, however many rows.

    Args:
        rows: cells by column: `display_name`, `account`, `organisation`, `role`, `place`, `from`, `until`.
        reading: of the page.
    """
    town = _town(rows, reading)
    return _held(_alone([_understood(row, town) for row in rows], town), town)


def _town(rows: Sequence[Mapping[str, str]], reading: Reading) -> _Town:
    bodies = {name: id_ for id_, one in organisations_at(reading.at).items() for name in (one.key, one.name)}
    asked = {bodies[row["organisation"]] for row in rows if row.get("organisation") in bodies}
    posts = posts_of_bodies(asked, reading.at)
    places = place_names({one.place for some in posts.values() for one in some} - {""}, reading.at)
    return _Town(reading, bodies, posts, places, account_ids({row.get("account", "") for row in rows} - {""}))


def newcomer_open(draft: AccountDraft, actor: Actor, at: datetime) -> Opened | Wrong:
    """Open the account of one newcomer, with its post and the link by which they choose a password.

    Args:
        draft: as understood; without a name it gets one.
        actor: the security administrator.
        at: the server's clock.

    Returns:
        What goes on its slip, or what was wrong by now; then nothing was opened.
    """
    assert draft.post is not None
    named = draft if draft.name else replace(draft, name=_free_name())
    try:
        account = account_add(named, actor, at)
    except AccountConflictError:
        return "account", "name_taken"
    except OrganisationConflictError:
        return "role", "taken"
    except OrganisationMissingError:
        return "role", "no_post"
    except (AccessRefusedError, OrganisationRefusedError):
        return "role", "refused"
    except OrganisationError:
        return "until", "before"
    return Opened(account, named.name, named.display_name, draft.post, link_make(account, actor, at))


def _understood(row: Mapping[str, str], town: _Town) -> Newcomer:
    wrong: list[Wrong] = [
        (column, "missing") for column in ("display_name", "organisation", "role") if not row.get(column)
    ]
    name = row.get("account", "")
    if name and not is_account_name(name):
        wrong.append(("account", "name_form"))
    elif name in town.taken:
        wrong.append(("account", "name_taken"))
    since, until = _days(row, town, wrong)
    post = _post(row, town, wrong)
    if wrong or post is None:
        return Newcomer(None, tuple(wrong))
    return Newcomer(AccountDraft(name, row["display_name"][:100], post.id, since, until))


def _days(row: Mapping[str, str], town: _Town, wrong: list[Wrong]) -> tuple[datetime | None, datetime | None]:
    days: dict[str, datetime | None] = {}
    for column in ("from", "until"):
        text = row.get(column, "")
        day = town.reading.day_of(text) if text else None
        if text and day is None:
            wrong.append((column, "day"))
        days[column] = datetime.combine(day, time(), CHINA).astimezone(UTC) if day else None
    since, until = days["from"], days["until"]
    if since is not None and since < town.reading.at:
        # An appointment of a table begins when it is recorded: nobody acted in it before.
        since = None
    if until is not None and until <= town.reading.at:
        wrong.append(("until", "over"))
    elif until is not None and since is not None and until <= since:
        wrong.append(("until", "before"))
    return since, until


def _post(row: Mapping[str, str], town: _Town, wrong: list[Wrong]) -> PostRef | None:
    body = town.bodies.get(row.get("organisation", ""))
    if body is None:
        if row.get("organisation"):
            wrong.append(("organisation", "no_body"))
        return None
    asked, place = row.get("role", ""), row.get("place", "")
    roles = {asked, town.reading.role_words.get(asked.lower(), "")}
    found = [one for one in town.posts.get(body, ()) if roles & {one.role, one.title}]
    if place:
        found = [one for one in found if place in (one.place, town.places.get(one.place))]
    if len(found) == 1:
        return found[0]
    if asked:
        wrong.append(("place", "which_post") if found else ("role", "no_post"))
    return None


def _alone(found: Sequence[Newcomer], town: _Town) -> list[Newcomer]:
    """A post for one holder, or a name of an account, that stands twice in the table: the first row has it."""
    seen: set[object] = set()
    kept = []
    for one in found:
        draft = one.draft
        marks = {"post": draft.post if draft.post in town.single else None, "name": draft.name} if draft else {}
        twice = next((mark for mark in marks.items() if mark[1] and mark in seen), None)
        seen |= set(marks.items())
        wrong = ("role", "twice") if twice and twice[0] == "post" else ("account", "name_taken")
        kept.append(Newcomer(None, (wrong,)) if twice else one)
    return kept


def _held(found: Sequence[Newcomer], town: _Town) -> list[Newcomer]:
    """Posts that have a holder in those days: this person already, or somebody else."""
    at = town.reading.at
    holders = holders_from({one.draft.post for one in found if one.draft and one.draft.post}, at)
    people = accounts({held.account for rows in holders.values() for held in rows})
    return [_free(one, holders, people, town) for one in found]


def _free(
    one: Newcomer, holders: Mapping[int, Sequence[AppointmentRef]], people: Mapping[int, AccountRef], town: _Town
) -> Newcomer:
    draft = one.draft
    if draft is None or draft.post is None:
        return one
    since, until = draft.since or town.reading.at, draft.until
    there = [
        held
        for held in holders.get(draft.post, ())
        if (held.until is None or held.until > since) and (until is None or held.since is None or held.since < until)
    ]
    if any(people[held.account].display_name == draft.display_name for held in there):
        return Newcomer(None, (("role", "held"),))
    return Newcomer(None, (("role", "taken"),)) if there and draft.post in town.single else one


def _free_name() -> str:
    return "u-" + "".join(secrets.choice(_LETTERS) for _ in range(8))

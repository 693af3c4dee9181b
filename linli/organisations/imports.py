"""What an import of organisations does: opens, changes and closes until all stands as the list says.

Rows are read by `listing`. What a row cannot have is reported and the rest is kept; the same list again changes
nothing. Endings come before beginnings, so that a duty or a post can pass from one row to another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linli.kernel.actors import Actor
from linli.kernel.errors import LinliError
from linli.organisations import selectors
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end
from linli.organisations.domain import PostDraft, PostRef
from linli.organisations.listing import Fault, ListedBody, ListedPost, Listing
from linli.organisations.services import (
    DutyDraft,
    duty_end,
    duty_open,
    organisation_change,
    organisation_close,
    organisation_open,
    post_close,
    post_follow,
    post_open,
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        counts: `opened`, `changed`, `closed`, `kept` bodies; `duties_opened`, `duties_ended`, `posts_opened`,
            `posts_closed`, `appointed`, `ended`.
        faults: what was refused, by line.
    """

    counts: Mapping[str, int]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Import:
    """An import under way."""

    listing: Listing
    accounts: Mapping[str, int]
    actor: Actor
    at: datetime
    ids: dict[str, int]
    fresh: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def attempt(self, body: ListedBody, column: str, act: Callable[[], object], counted: str) -> None:
        """Do one thing of a row; what is refused becomes a fault of that row."""
        try:
            done = act()
        except LinliError as error:
            self.faults.append(Fault(body.line, column, error.message))
            return
        self.counts["kept" if done is False else counted] += 1

    def since(self, body: ListedBody) -> datetime:
        """From when what a row lists newly is to hold: its day for a new body, else the import."""
        return body.since if body.since is not None and body.key in self.fresh else self.at


def organisations_import(
    listing: Listing, accounts: Mapping[str, int], actor: Actor, at: datetime, *, whole: bool = False
) -> ImportReport:
    """Bring bodies, duties, posts and holders to what a list says.

    Args:
        listing: from `listing.read_listing`.
        accounts: ids of accounts by the names that holders are written with.
        actor: who imports; needs what each single change needs.
        at: the server's clock, aware UTC.
        whole: the list names every body there is, so those it does not name are closed.

    Returns:
        Counts, and what was refused.
    """
    ids = {body.key: body.id for body in selectors.organisations_at(at).values()}
    work = _Import(listing, accounts, actor, at, ids, faults=list(listing.faults))
    for body in listing.bodies:
        _stand(work, body)
    taken = sorted((body for body in listing.bodies if body.key in work.ids), key=lambda body: body.line)
    for body in taken:
        _end(work, body)
    if whole:
        _close_unnamed(work)
    for body in taken:
        _begin(work, body)
    return ImportReport(dict(work.counts), tuple(sorted(work.faults, key=lambda fault: fault.line)))


def _stand(work: _Import, body: ListedBody) -> None:
    if body.parent and body.parent not in work.ids:
        work.faults.append(Fault(body.line, "parent", f"the parent {body.parent} could not be taken"))
        return
    standing = body.standing(work.ids.get(body.parent))
    known = work.ids.get(body.key)
    if known is not None:
        work.attempt(body, "", lambda: organisation_change(known, standing, work.actor, work.at, work.at), "changed")
        return

    def enter() -> None:
        since = body.since or work.at
        work.ids[body.key] = organisation_open(body.key, standing, work.actor, since, work.at)
        work.fresh.add(body.key)

    work.attempt(body, "key", enter, "opened")


def _end(work: _Import, body: ListedBody) -> None:
    organisation = work.ids[body.key]
    if body.duties is not None:
        for duty, link in selectors.duties_of(organisation, work.at).items():
            if duty not in body.duties:
                work.attempt(body, "duties", _ender(work, link), "duties_ended")
    if body.posts is not None:
        listed = {post.key: post for post in body.posts}
        for key, post in selectors.posts_of(organisation, work.at).items():
            _end_post(work, body, post, listed.get(key))


def _ender(work: _Import, link: int) -> Callable[[], None]:
    return lambda: duty_end(link, work.actor, work.at, work.at)


def _end_post(work: _Import, body: ListedBody, post: PostRef, listed: ListedPost | None) -> None:
    kept = None if listed is None else listed.holders
    named = {work.accounts.get(name) for name in kept or ()}
    for held in selectors.appointments_of(post.id, work.at):
        if listed is None or (kept is not None and held.account not in named):
            work.attempt(body, "posts", _leaver(work, held.id), "ended")
    if listed is None:
        work.attempt(body, "posts", lambda: post_close(post.id, work.actor, work.at, work.at), "posts_closed")


def _leaver(work: _Import, appointment: int) -> Callable[[], None]:
    return lambda: appointment_end(appointment, work.actor, work.at, work.at)


def _close_unnamed(work: _Import) -> None:
    gone = {key: body for key, body in work.ids.items() if key not in work.listing.keys_named}
    for key, organisation in gone.items():
        row = ListedBody(0, key, key, "", "", "", "", None, (), ())
        _end(work, row)
        work.attempt(row, "key", _closer(work, organisation), "closed")


def _closer(work: _Import, organisation: int) -> Callable[[], None]:
    return lambda: organisation_close(organisation, work.actor, work.at, work.at)


def _begin(work: _Import, body: ListedBody) -> None:
    organisation = work.ids[body.key]
    held = selectors.duties_of(organisation, work.at)
    for role, place in body.duties or ():
        if (role, place) not in held:
            draft = DutyDraft(organisation, role, place, work.since(body))
            work.attempt(body, "duties", lambda draft=draft: duty_open(draft, work.actor, work.at), "duties_opened")  # type: ignore[misc]
    posts = selectors.posts_of(organisation, work.at)
    for post in body.posts or ():
        if post.key not in posts:
            work.attempt(body, "posts", _seat(work, body, post), "posts_opened")
    posts = selectors.posts_of(organisation, work.at)
    for post in body.posts or ():
        if post.key in posts:
            _follow(work, body, post, posts)
            _hold(work, body, post, posts[post.key])


def _seat(work: _Import, body: ListedBody, post: ListedPost) -> Callable[[], int]:
    draft = PostDraft(
        organisation=work.ids[body.key],
        key=post.key,
        role=post.role,
        title=post.title,
        since=work.since(body),
        place=post.place,
        single=post.single,
    )
    return lambda: post_open(draft, work.actor, work.at)


def _follow(work: _Import, body: ListedBody, post: ListedPost, posts: Mapping[str, PostRef]) -> None:
    ref = posts[post.key]
    wanted = posts[post.next_key].id if post.next_key in posts else None
    if post.next_key and ref.next_post != wanted:
        work.attempt(body, "posts", lambda: post_follow(ref.id, wanted, work.actor, work.at), "followed")


def _hold(work: _Import, body: ListedBody, post: ListedPost, ref: PostRef) -> None:
    holding = {held.account for held in selectors.appointments_of(ref.id, work.at)}
    for name in post.holders or ():
        account = work.accounts.get(name)
        if account is None:
            message = f"the post {post.key} names an account that is not there; add it with `linli accounts add`"
            work.faults.append(Fault(body.line, "posts", message))
        elif account not in holding:
            draft = AppointmentDraft(ref.id, account, work.since(body))
            work.attempt(body, "posts", lambda draft=draft: appoint(draft, work.actor, work.at), "appointed")  # type: ignore[misc]

"""Writes of bodies, their posts and their duties. Who sits in a post is `appointments`; shifts are `roster`.

Every service takes the acting person and the server's clock, and journals in its own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from linli.kernel.actors import Actor
from linli.kernel.codes import place_code
from linli.organisations.changes import Change, change, cut, instant, period
from linli.organisations.domain import OrganisationKind, PostDraft, StandingDraft, is_role
from linli.organisations.errors import OrganisationError, OrganisationMissingError
from linli.organisations.models import DutyLink, Organisation, Post, Standing
from linli.organisations.policies import may_keep_bodies


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """A duty link to be opened: this body holds that duty for that place, from when to when."""

    organisation: int
    duty_role: str
    place: str
    since: datetime
    until: datetime | None = None


def organisation_open(key: str, standing: StandingDraft, actor: Actor, since: datetime, at: datetime) -> int:
    """Enter a body that was not known before.

    Args:
        key: lasting name for imports; the social credit code where there is one.
        standing: what it is called, what it is, where, under whom.
        actor: who enters it.
        since: from when it stands like that, aware UTC.
        at: the server's clock.

    Returns:
        Its id.

    Raises:
        OrganisationConflictError: the key is taken.
        OrganisationError: a place or kind is wrong.
        OrganisationRefusedError: the actor may not.
    """
    _check_standing(standing)
    with change(actor, at) as done:
        done.allow(may_keep_bodies(actor, standing.place))
        if not key:
            raise OrganisationError("A body needs a key.", code="organisations.key")
        row = Organisation.objects.create(key=key)
        _stand(done, row.pk, standing, period(since, None), "opened")
        return row.pk


def organisation_change(
    organisation: int, standing: StandingDraft, actor: Actor, since: datetime, at: datetime
) -> bool:
    """From `since` on the body stands otherwise; what it was before stays as it was.

    Args:
        organisation: id of the body.
        standing: what it is from then on.
        actor: who says so.
        since: from when, aware UTC.
        at: the server's clock.

    Returns:
        False when it stands like that already.

    Raises:
        OrganisationMissingError: it does not stand at `since`.
    """
    _check_standing(standing)
    with change(actor, at) as done:
        row = _standing_at(organisation, since)
        done.allow(may_keep_bodies(actor, row.place))
        done.allow(may_keep_bodies(actor, standing.place))
        if _same(row, standing):
            return False
        _shorten_standing(done, row, since)
        _stand(done, organisation, standing, DateTimeTZRange(since, row.valid.upper), "changed")
        return True


def organisation_close(organisation: int, actor: Actor, until: datetime, at: datetime) -> None:
    """The body ends at `until`, and with it its duties; its posts must be empty by then.

    Raises:
        OrganisationMissingError: it does not stand then.
        OrganisationError: somebody holds a post of it after that.
    """
    with change(actor, at) as done:
        row = _standing_at(organisation, until)
        done.allow(may_keep_bodies(actor, row.place))
        _refuse_held_posts(organisation, until)
        for link in _live_duties(organisation, until):
            _end_duty(done, link, until)
        for post in Post.objects.filter(organisation_id=organisation, valid__contains=until):
            _close_post(done, post, until)
        _shorten_standing(done, row, until)
        done.log(f"organisation:{organisation}", "organisations.organisation.closed", {"until": instant(until)})


def post_open(draft: PostDraft, actor: Actor, at: datetime) -> int:
    """Make a seat in a body.

    Args:
        draft: role, title, place; an empty place means the body's own.
        actor: who makes it.
        at: the server's clock.

    Returns:
        Its id.

    Raises:
        OrganisationConflictError: the body has a post with that key.
        OrganisationError: role or place is wrong.
    """
    _check_role(draft.role)
    with change(actor, at) as done:
        place = draft.place if draft.place is not None else _standing_at(draft.organisation, draft.since).place
        _check_place(place)
        done.allow(may_keep_bodies(actor, place))
        post = Post.objects.create(
            organisation_id=draft.organisation,
            key=draft.key,
            role=draft.role,
            title=draft.title,
            place=place,
            single=draft.single,
            next_post_id=draft.next_post,
            valid=period(draft.since, None),
        )
        data = {"organisation": draft.organisation, "role": draft.role, "place": place, "single": draft.single}
        done.log(f"post:{post.pk}", "organisations.post.opened", data, draft.since)
        return post.pk


def post_follow(post: int, next_post: int | None, actor: Actor, at: datetime) -> None:
    """Name the post that acts when this one has no holder.

    Raises:
        OrganisationError: the chain of next posts would lead back here.
        OrganisationMissingError: no such post.
    """
    with change(actor, at) as done:
        row = _post(post)
        done.allow(may_keep_bodies(actor, row.place))
        seen = {post}
        step = next_post
        while step is not None:
            if step in seen:
                raise OrganisationError("The next posts would lead in a circle.", code="organisations.circle")
            seen.add(step)
            step = _post(step).next_post_id
        before, row.next_post_id = row.next_post_id, next_post
        row.save(update_fields=["next_post"])
        done.log(f"post:{post}", "organisations.post.followed", {"before": before, "next_post": next_post})


def post_close(post: int, actor: Actor, until: datetime, at: datetime) -> None:
    """The seat ends at `until`; nobody may hold it after that.

    Raises:
        OrganisationError: somebody does.
    """
    with change(actor, at) as done:
        row = _post(post)
        done.allow(may_keep_bodies(actor, row.place))
        _refuse_held_posts(row.organisation_id, until, post)
        _close_post(done, row, until)


def duty_open(draft: DutyDraft, actor: Actor, at: datetime) -> int:
    """A body holds a duty for a place from now on.

    Returns:
        Id of the link.

    Raises:
        OrganisationConflictError: another body holds it for exactly that place at that time.
        OrganisationError: role or place is wrong.
    """
    _check_role(draft.duty_role)
    _check_place(draft.place)
    with change(actor, at) as done:
        done.allow(may_keep_bodies(actor, draft.place))
        link = DutyLink.objects.create(
            organisation_id=draft.organisation,
            duty_role=draft.duty_role,
            place=draft.place,
            valid=period(draft.since, draft.until),
            recorded=done.live(),
        )
        data = {"duty": draft.duty_role, "place": draft.place, "link": link.pk}
        done.log(f"organisation:{draft.organisation}", "organisations.duty.opened", data, draft.since)
        return link.pk


def duty_end(link: int, actor: Actor, until: datetime, at: datetime) -> None:
    """A duty link ends at `until`.

    Raises:
        OrganisationMissingError: no such live link.
    """
    with change(actor, at) as done:
        row = DutyLink.objects.filter(pk=link, recorded__upper_inf=True).first()
        if row is None:
            raise OrganisationMissingError("There is no such duty link.", data={"link": link})
        done.allow(may_keep_bodies(actor, row.place))
        _end_duty(done, row, until)


def _check_standing(standing: StandingDraft) -> None:
    _check_place(standing.place)
    if standing.kind not in set(OrganisationKind):
        raise OrganisationError(
            f"{standing.kind!r} is no kind of organisation.",
            code="organisations.kind",
            hint="Kinds: " + ", ".join(OrganisationKind),
            data={"kind": standing.kind},
        )
    if not standing.name:
        raise OrganisationError("A body needs a name.", code="organisations.name")


def _check_place(place: str) -> None:
    if place:
        place_code(place)


def _check_role(role: str) -> None:
    if not is_role(role):
        raise OrganisationError(f"{role!r} is no name of a role.", code="organisations.role", data={"role": role})


def _stand(done: Change, organisation: int, draft: StandingDraft, valid: DateTimeTZRange, verb: str) -> None:
    Standing.objects.create(
        organisation_id=organisation,
        name=draft.name,
        kind=draft.kind,
        line=draft.line,
        place=draft.place,
        parent_id=draft.parent,
        valid=valid,
        recorded=done.live(),
    )
    data = {"name": draft.name, "kind": draft.kind, "line": draft.line, "place": draft.place, "parent": draft.parent}
    done.log(f"organisation:{organisation}", f"organisations.organisation.{verb}", data, valid.lower)


def _standing_at(organisation: int, at: datetime) -> Standing:
    row = Standing.objects.filter(organisation_id=organisation, recorded__upper_inf=True, valid__contains=at).first()
    if row is None:
        raise OrganisationMissingError("The body does not stand at that time.", data={"organisation": organisation})
    return row


def _same(row: Standing, draft: StandingDraft) -> bool:
    stands = (row.name, row.kind, row.line, row.place, row.parent_id)
    return stands == (draft.name, draft.kind, draft.line, draft.place, draft.parent)


def _shorten_standing(done: Change, row: Standing, until: datetime) -> None:
    left = cut(row.valid, until)
    done.close(row)
    if left is not None:
        Standing.objects.create(
            organisation_id=row.organisation_id,
            name=row.name,
            kind=row.kind,
            line=row.line,
            place=row.place,
            parent_id=row.parent_id,
            valid=left,
            recorded=done.live(),
        )


def _post(post: int) -> Post:
    row = Post.objects.filter(pk=post).first()
    if row is None:
        raise OrganisationMissingError("There is no such post.", data={"post": post})
    return row


def _refuse_held_posts(organisation: int, until: datetime, post: int | None = None) -> None:
    held = Post.objects.filter(
        organisation_id=organisation,
        appointments__recorded__upper_inf=True,
        appointments__valid__overlap=DateTimeTZRange(until, None),
    )
    if post is not None:
        held = held.filter(pk=post)
    still = list(held.order_by("pk").values_list("pk", flat=True).distinct())
    if still:
        raise OrganisationError(
            "Somebody holds a post of it after that day: end the appointments first.",
            code="organisations.post_held",
            data={"posts": still},
        )


def _close_post(done: Change, row: Post, until: datetime) -> None:
    row.valid = cut(row.valid, until) or DateTimeTZRange(empty=True)
    row.save(update_fields=["valid"])
    done.log(f"post:{row.pk}", "organisations.post.closed", {"until": instant(until)}, until)


def _live_duties(organisation: int, until: datetime) -> list[DutyLink]:
    return list(
        DutyLink.objects.filter(
            organisation_id=organisation, recorded__upper_inf=True, valid__overlap=DateTimeTZRange(until, None)
        ).order_by("pk")
    )


def _end_duty(done: Change, row: DutyLink, until: datetime) -> None:
    left = cut(row.valid, until)
    done.close(row)
    if left is not None:
        DutyLink.objects.create(
            organisation_id=row.organisation_id,
            duty_role=row.duty_role,
            place=row.place,
            valid=left,
            recorded=done.live(),
        )
    data = {"duty": row.duty_role, "place": row.place, "link": row.pk, "until": instant(until)}
    done.log(f"organisation:{row.organisation_id}", "organisations.duty.ended", data, until)

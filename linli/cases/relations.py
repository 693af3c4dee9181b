"""In which relation somebody stands to a case: the one place that decides who may take a step and who may read.

Relations are words of the procedure:

    system                     the machine, at an alarm
    reporter                   holder of the private link of one of the case's voices
    owner, co_owner            a post in the leading body, in another body at work
    receiver                   a post named for a sealed or protected case
    next_line                  who would be named for it today, once nobody who was named can act on it any more
    desk                       a post that the pack calls a desk and whose place holds the case
    place.street.duty_desk     that role at exactly that tier of the case's place; without a role any post that looks
                               after the place
    involved                   any of owner, co_owner, desk, place.* : whoever has the case before them
    supervisor, arbiter, ...   a bare role whose place holds the case

By place see those whose post is to look after it (desks, grid and community workers) and who watches; which posts
these are is the pack's to say (`organisations.posts`). A handler or the head of a body sees what that body works on and
nothing else, wherever it sits: a property firm sits in a community too.

A sealed or protected case is seen by its receivers, who stand there as its desk, and by the bodies they sent; by
nobody else, whatever post they hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from linli.cases.domain import Bundle, CaseFacts, Standing
from linli.cases.procedures.procedure import StepSpec
from linli.kernel.actors import Denied, Holding

TIERS = {"city": 4, "district": 6, "street": 9, "community": 12, "grid": 15}
_UNLOCATED = 6

NOT_YOURS = Denied("case.not_yours", "This step is not yours: none of the posts you hold today may take it.")
OWN_WORK = Denied("case.own_work", "Who did the work, and their unit, do not check it.")
NOT_SEEN = Denied("case.not_seen", "There is no such case.")


def standing(bundle: Bundle, step: StepSpec) -> Standing | Denied:
    """The first relation of the step in which this actor stands, or why there is none."""
    own = False
    if bundle.actor.ref.kind == "order" and not step.by_order:
        return NOT_YOURS if may_read(bundle) else NOT_SEEN
    for relation in step.who:
        for found in _standings(bundle, relation):
            if step.apart and _did_it(bundle, found):
                own = True
                continue
            return found
    if own:
        return OWN_WORK
    return NOT_YOURS if may_read(bundle) else NOT_SEEN


def may_read(bundle: Bundle) -> bool:
    """Whether the actor has this case before them at all."""
    if bundle.actor.ref.kind == "system" or bundle.is_reporter:
        return True
    if bundle.case.compartment != "open":
        return any(True for _ in _inside(bundle))
    return any(sees_place(h, bundle.case) or works_on(h, bundle) for h in bundle.actor.holdings)


def sees_place(holding: Holding, case: CaseFacts) -> bool:
    """Whether a post has an open case before it because of the place it looks after."""
    return holding.sees_place and _holds(holding.place, case)


def works_on(holding: Holding, bundle: Bundle) -> bool:
    """Whether a post has a case before it because its body works on it."""
    return holding.works and bundle.body(holding.organisation) is not None


def _standings(bundle: Bundle, relation: str) -> Iterable[Standing]:
    if relation == "system":
        return (Standing("system"),) if bundle.actor.ref.kind == "system" else ()
    if relation == "reporter":
        return (Standing("reporter"),) if bundle.is_reporter else ()
    if bundle.case.compartment != "open":
        return _next_line(bundle) if relation == "next_line" else _inside_as(bundle, relation)
    return (Standing(relation, h) for h in bundle.actor.holdings if _stands(bundle, relation, h))


def _stands(bundle: Bundle, relation: str, holding: Holding) -> bool:
    case = bundle.case
    if relation in ("owner", "co_owner"):
        return _in_body(bundle, relation, holding)
    if relation == "desk":
        return holding.is_desk and _holds(holding.place, case)
    if relation == "receiver":
        return _receives(bundle, holding)
    if relation == "involved":
        return (holding.looks_after and _holds(holding.place, case)) or works_on(holding, bundle)
    if relation.startswith("place."):
        return _at_tier(case, relation, holding)
    return holding.role == relation and sees_place(holding, case)


def _in_body(bundle: Bundle, relation: str, holding: Holding) -> bool:
    if not holding.works:
        return False
    body = bundle.body(holding.organisation)
    return body is not None and body.role == ("lead" if relation == "owner" else "co")


def _at_tier(case: CaseFacts, relation: str, holding: Holding) -> bool:
    parts = relation.split(".")
    length = TIERS[parts[1]]
    if len(case.place) < length or holding.place != case.place[:length]:
        return False
    return holding.role == parts[2] if len(parts) > 2 else holding.looks_after


def _holds(place: str, case: CaseFacts) -> bool:
    """Whether the post's place holds the case; a case without a place is before the desks of districts and cities."""
    if case.place.startswith(place):
        return True
    return len(place) <= _UNLOCATED and len(case.place) < _UNLOCATED and place.startswith(case.place)


def _receives(bundle: Bundle, holding: Holding) -> bool:
    """Whether the person is named, in this body's post, or the post is; neither is by rank."""
    account = bundle.actor.ref.account
    return any(
        b.role == "receiver"
        and b.ended_at is None
        and (b.account == account if b.account is not None else b.post == holding.post)
        and b.organisation == holding.organisation
        for b in bundle.bodies
    )


def _inside(bundle: Bundle) -> Iterable[Standing]:
    for holding in bundle.actor.holdings:
        if _receives(bundle, holding):
            yield Standing("receiver", holding)
        elif holding.works and bundle.body(holding.organisation) is not None:
            yield Standing("owner", holding)


def _next_line(bundle: Bundle) -> Iterable[Standing]:
    """Asked of a step that gathers the receivers of today; without them nobody stands in it."""
    if not bundle.unreceived:
        return
    account = bundle.actor.ref.account
    for holding in bundle.actor.holdings:
        if any(
            one.organisation == holding.organisation
            and (one.account == account if one.account is not None else one.post == holding.post)
            for one in bundle.receivers
        ):
            yield Standing("next_line", holding)


def _inside_as(bundle: Bundle, relation: str) -> Iterable[Standing]:
    for found in _inside(bundle):
        holding = found.holding
        if holding is None:
            continue
        if (found.relation == "receiver" and relation not in ("owner", "co_owner")) or (
            relation in ("owner", "co_owner") and _in_body(bundle, relation, holding)
        ):
            yield Standing(relation, holding)


def _did_it(bundle: Bundle, found: Standing) -> bool:
    account = bundle.actor.ref.account
    unit = found.holding.organisation if found.holding else None
    return any(
        (account is not None and who == account) or (unit is not None and body == unit)
        for who, body in bundle.case.doers
    )

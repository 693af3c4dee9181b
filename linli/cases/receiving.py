"""Who would receive a closed case today, and whether anybody who was named still can: for the step that names a receiver.

Reads the log for what the columns do not hold: who typed it in or sealed it, and whom the words speak of. Tells nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from linli.access.selectors import active_among
from linli.cases.domain import Body, Bundle, CaseFacts, Receiver
from linli.cases.receivers import Closing, Day, receivers_for
from linli.cases.rules import CaseRules
from linli.journal.selectors import EntryRow, entries_of, open_parts
from linli.organisations.selectors import holdings_of

_TYPED = frozenset({"open", "seal", "classify"})


def next_line(bundle: Bundle, rules: CaseRules, day: Day) -> tuple[tuple[Receiver, ...], bool]:
    """The receivers of today, computed as at the closing, and whether nobody who was named can act any more.

    Args:
        bundle: a sealed or protected case.
        rules: of its place and day.
        day: what stands now.
    """
    found = receivers_for(closing_of(bundle.case, rules), rules, day)
    return found, not acting_receivers(bundle.bodies, day)


def closing_of(case: CaseFacts, rules: CaseRules) -> Closing:
    """The case as it was closed: whom it accuses, and who had it in hand when it was typed in or sealed."""
    if case.compartment == "protected":
        matter = rules.matter(case.matter)
        return Closing("protected", case.place, duty=matter.duty if matter else "")
    entries = [one for one in entries_of(f"case:{case.id}") if one.verb.rpartition(".")[2] in _TYPED]
    accused = case.marks.get("accused")
    return Closing(
        "sealed",
        case.place,
        accused=tuple(accused) if isinstance(accused, list) else (),
        people=tuple(_people(entries)),
        also_away=tuple(sorted({one.actor.account for one in entries if one.actor.account is not None})),
    )


def acting_receivers(bodies: Iterable[Body], day: Day) -> tuple[Body, ...]:
    """Those of the named receivers who can act today: an open account in its body's post, or a post that is held."""
    named = [body for body in bodies if body.role == "receiver" and body.ended_at is None]
    accounts = {body.account for body in named if body.account is not None}
    holdings = holdings_of(accounts, day.at) if accounts else []
    seated = {(account, holding.organisation) for account, holding in holdings}
    active = active_among(accounts) if accounts else frozenset()
    return tuple(body for body in named if _acts(body, seated, active, day))


def _acts(body: Body, seated: set[tuple[int, int]], active: frozenset[int], day: Day) -> bool:
    if body.account is not None:
        return body.account in active and (body.account, body.organisation) in seated
    return any(holding.post == body.post for _account, holding in day.town().acting)


def _people(entries: Iterable[EntryRow]) -> Iterable[int]:
    """Accounts that a sealing named; they lie in the personal part of its entry."""
    sealing = [one.personal for one in entries if one.verb.endswith(".seal") and one.personal is not None]
    for content in open_parts(sealing).values() if sealing else ():
        said: Mapping[str, Mapping[str, object]] = json.loads(content) if content else {}
        people = said.get("desk", {}).get("people")
        yield from (one for one in (people if isinstance(people, list) else ()) if isinstance(one, int))

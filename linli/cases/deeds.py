"""What somebody did themselves, for their own eyes: steps under their own request ids, the latest first.

Is: a person's memory of their own work, as long as receipts are kept. Is not: a measure: nothing is counted, nobody else can
ask, and cases that the person may no longer read are not named.
"""

# ruff: noqa: S608 - statements are put together from constants

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases.reading import run
from linli.journal.domain import actor_key
from linli.journal.selectors import RECEIPTS_OF_ACTOR
from linli.kernel.actors import Actor

_OWN = (
    f"SELECT r.at, r.step, c.no, c.kind, c.title, c.snapshot FROM ({RECEIPTS_OF_ACTOR}) r"
    " JOIN cases_case c ON 'case:' || c.id = r.subject WHERE c.compartment = 'open' AND"
    " (c.place LIKE ANY(%(places)s::text[]) OR EXISTS (SELECT 1 FROM cases_assignment a WHERE a.case_id = c.id"
    " AND a.organisation = ANY(%(bodies)s::bigint[]) AND a.ended_at IS NULL)) ORDER BY r.at DESC"
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One step that the person took."""

    at: datetime
    step: str
    no: str
    kind: str
    title: str
    snapshot: str


def own_deeds(actor: Actor, most: int) -> list[Deed]:
    """The latest steps of the person who asks; nobody can ask for another's.

    Args:
        actor: who asks, with the posts held now.
        most: most rows.
    """
    values = {
        "actor_key": actor_key(actor.ref),
        "most": most,
        "places": [f"{h.place}%" for h in actor.holdings if h.sees_place],
        "bodies": [h.organisation for h in actor.holdings if h.works],
    }
    return [Deed(*row) for row in run(_OWN, values).fetchall()]

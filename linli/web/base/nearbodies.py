"""Bodies that serve a place, for fields that name one: the nearest first."""

from __future__ import annotations

from datetime import datetime

from linli.organisations.domain import OrganisationRef, place_prefix
from linli.organisations.selectors import organisations_at

_STREET = 9


def bodies_near(place: str, at: datetime) -> list[OrganisationRef]:
    """A place's own bodies, those of its street, of its district and above. One query.

    Args:
        place: code of any tier.
        at: aware UTC.
    """
    near = [
        body
        for body in organisations_at(at).values()
        if place.startswith(place_prefix(body.place)) or body.place.startswith(place[:_STREET])
    ]
    return sorted(near, key=lambda body: (-len(place_prefix(body.place)), body.name))

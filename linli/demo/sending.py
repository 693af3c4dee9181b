"""Who is responsible for a matter at a place, asked as a desk asks it when it has found either out."""

from __future__ import annotations

from datetime import datetime

from linli.demo.plan import CHINA
from linli.organisations.selectors import duty_table
from linli.packs.selectors import snapshot_for
from linli.routing.domain import Route, facts_at, route
from linli.routing.selectors import routing_table


def route_for(matter: str, place: str, channel: str, at: datetime) -> Route:
    """The route of a matter at a place.

    Args:
        matter: code of the catalogue.
        place: deepest code known.
        channel: how it came in.
        at: aware.
    """
    table = routing_table(snapshot_for(place, at), at.astimezone(CHINA).date())
    return route(facts_at(matter, place, at, channel=channel), table, duty_table(at))

"""What the form of a call offers to choose: what a caller wants, and bodies near the desk that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from linli.kernel.actors import Actor
from linli.organisations.domain import place_prefix
from linli.organisations.selectors import organisations_at

_A_TIER = 3
TYPE_WORDS: Mapping[str, Promise] = {
    "enquiry": gettext_lazy("Enquiry"),
    "help": gettext_lazy("Help"),
    "complaint": gettext_lazy("Complaint"),
    "tip_off": gettext_lazy("Tip-off"),
    "suggestion": gettext_lazy("Suggestion"),
}


def bodies_near(actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Bodies of the desk's own place, of those one tier inside it and of those that hold it, the nearest first."""
    places = [place_prefix(one.place) for one in actor.holdings if one.is_desk]
    near = [
        body for body in organisations_at(at).values() if any(_is_near(place_prefix(body.place), own) for own in places)
    ]
    near.sort(key=lambda body: (-len(place_prefix(body.place)), body.name))
    return [(str(body.id), body.name) for body in near]


def _is_near(place: str, own: str) -> bool:
    return own.startswith(place) or (place.startswith(own) and len(place) <= len(own) + _A_TIER)

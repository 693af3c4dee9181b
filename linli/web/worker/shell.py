"""What every worker's page shows around its content: one's place, which tab it is, how many messages are unread."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from linli.cases.notices import COUNTED_TO, unread
from linli.kernel.actors import Actor
from linli.places.selectors import place_names
from linli.web.base.pages import Asked
from linli.web.desk.rows import place_name

_TIERS = (6, 9, 12, 15)


def show(
    request: Asked, template: str, values: Mapping[str, object], *, tab: str = "", status: int = 200
) -> HttpResponse:
    """A worker's page; nobody on the way keeps it.

    Args:
        request: the request.
        template: name below `worker/`.
        values: for the template.
        tab: which of the five is the current one.
        status: of the answer.
    """
    fresh = unread(request.actor, request.at)
    around = {
        "now": request.at,
        "tab": tab,
        "own_place": own_place(request),
        "unread": f"{COUNTED_TO}+" if fresh > COUNTED_TO else str(fresh) if fresh else "",
    }
    response = render(request, f"worker/{template}", {**around, **values}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def own_place(request: Asked) -> str:
    """The place of one's first post, in its two narrowest names."""
    codes = codes_of(request.actor.holdings[0].place)[-2:] if request.actor.holdings else []
    names = place_names(codes, request.at) if codes else {}
    return " ".join(place_name(code, names[code]) for code in codes if code in names)


def codes_of(place: str) -> list[str]:
    """A place and those that hold it, the widest first."""
    return [place[:length] for length in _TIERS if len(place) >= length]


def own_places(actor: Actor) -> list[str]:
    """Codes of the places that one's posts serve, each once, in the order of the posts."""
    return list(dict.fromkeys(holding.place for holding in actor.holdings if holding.place))

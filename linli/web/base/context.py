"""What every template may read besides its own: the display, the city, and where the person may go."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from linli.access.policies import SUPPORT
from linli.access.support import support_until
from linli.kernel.actors import Actor
from linli.web.base.display import display_of
from linli.web.base.navigation import places_to_go
from linli.web.base.posts import own_post


def bare_shell(request: HttpRequest) -> dict[str, object]:
    """What an error page needs: it may be drawn when nothing else works, so it asks nothing of the database."""
    return {"display": getattr(request, "display", None) or display_of(request), "request": request}


def shell(request: HttpRequest) -> dict[str, object]:
    """Values for the shells: `display`, `navigation`, `own_post`, `support_until` (in a support session: its end)."""
    actor = getattr(request, "actor", None)
    display = getattr(request, "display", None) or display_of(request)
    signed_in = isinstance(actor, Actor) and bool(actor.ref.account)
    return {
        "display": display,
        # Asked for by the desk's shell alone: a phone's page pays nothing for it.
        "navigation": lambda: places_to_go(actor, request.path, request.at) if signed_in and actor else (),  # type: ignore[attr-defined]
        "support_until": _support_until(request, actor) if signed_in and actor else None,
        "own_post": own_post(actor, request.at) if signed_in and actor else None,  # type: ignore[attr-defined]
    }


def _support_until(request: HttpRequest, actor: Actor) -> datetime | None:
    """Asked of the database only where somebody holds a post of support."""
    if actor.ref.account is None or not any(holding.role == SUPPORT for holding in actor.holdings):
        return None
    return support_until(actor.ref.account, request.at)  # type: ignore[attr-defined]

"""Cases by number: the work order, the desk's part, history, reasons, and the steps that may be taken now."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path

from linli.api import shapes
from linli.api.forms import form_name, form_schema
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.cases.numbers import heard
from linli.cases.offers import Offered, offers
from linli.cases.seeing import numbers_of
from linli.cases.selectors import access_case, desk_view, explain, handler_view, history

router = Router(tags=["cases"])

NO = Path(description="Public number; spaces and hyphens do not matter.", max_length=40)


@offer(router, "GET", "/{no}", Scope.READ, shapes.Case)
def case_show(request: HttpRequest, no: str = NO) -> object:
    """The work order of a case."""
    who = asked(request)
    return handler_view(who.actor, access_case(who.actor, no, who.at), who.at)


@offer(router, "GET", "/{no}/desk", Scope.READ, shapes.Desk)
def case_desk(request: HttpRequest, no: str = NO) -> object:
    """What a desk sees of a case beside the work order; for desks of its place and for named receivers."""
    who = asked(request)
    view = desk_view(who.actor, access_case(who.actor, no, who.at), who.at)
    numbers = numbers_of((*view.candidates, *view.children))
    return {
        "compartment": view.compartment,
        "channel": view.channel,
        "external_id": view.external_id,
        "candidates": [numbers[one] for one in view.candidates if one in numbers],
        "children": [numbers[one] for one in view.children if one in numbers],
        "bodies": view.bodies,
        "voices": [{"voice": voice, "wishes": wishes} for voice, wishes in view.voices],
        "marks": view.marks,
        "why": view.why,
    }


@offer(router, "GET", "/{no}/history", Scope.READ, shapes.History)
def case_history(request: HttpRequest, no: str = NO) -> object:
    """The log of a case, as far as this reader may read it."""
    who = asked(request)
    case = access_case(who.actor, no, who.at)
    return {"no": heard(no), "moments": list(history(who.actor, case, who.at))}


@offer(router, "GET", "/{no}/why", Scope.READ, shapes.Reasons)
def case_why(request: HttpRequest, no: str = NO) -> object:
    """Why this place, matter, owner and deadline."""
    who = asked(request)
    case = access_case(who.actor, no, who.at)
    return {"no": heard(no), "why": list(explain(who.actor, case, who.at))}


@offer(router, "GET", "/{no}/steps", Scope.READ, shapes.StepOffers)
def case_steps(request: HttpRequest, no: str = NO) -> object:
    """The steps that this key's holder may take now, each with its form."""
    who = asked(request)
    found = offers(who.actor, access_case(who.actor, no, who.at))
    return {"no": found.no, "state": found.state, "steps": [_offered(found.kind, one) for one in found.steps]}


def _offered(kind: str, one: Offered) -> dict[str, object]:
    return {
        "step": one.step,
        "title": one.title,
        "form": form_name(kind, one.form),
        "fields": form_schema(kind, one.form),
    }

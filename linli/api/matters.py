"""The catalogue of matters that holds at a place on a day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path, Query

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.reading import PLACE_PATTERN, rules_at
from linli.api.scopes import Scope
from linli.matters.domain import Matter
from linli.matters.selectors import catalogue

router = Router(tags=["matters"])

PLACE = Query("", description="Code of any tier; empty = what holds everywhere.", pattern=PLACE_PATTERN, max_length=15)
DAY = Query(None, description="Day in China; today if left out.")
UNDER = Query("", description="Beginning of the code, e.g. `event.01`.", max_length=20)
MATTER = Path(description="E.g. `event.01.002`.", max_length=20)


@offer(router, "GET", "", Scope.MATTERS, shapes.Matters)
def matter_list(request: HttpRequest, place: str = PLACE, day: date | None = DAY, under: str = UNDER) -> object:
    """The matters that hold at a place on a day, by code."""
    rules = rules_at(place, day, asked(request).at)
    rows = sorted(catalogue(rules.snapshot), key=lambda one: one.code)
    return {"snapshot": rules.snapshot.hash, "matters": [_shape(one) for one in rows if one.code.startswith(under)]}


@offer(router, "GET", "/{matter}", Scope.MATTERS, shapes.Matter)
def matter_show(request: HttpRequest, matter: str = MATTER, place: str = PLACE, day: date | None = DAY) -> object:
    """One matter."""
    return _shape(catalogue(rules_at(place, day, asked(request).at).snapshot).matter(matter))


def _shape(matter: Matter) -> dict[str, object]:
    names = (
        "code", "filing", "closing", "duty", "check", "joinable", "protected", "auto_dispatch", "source", "confidence",
    )  # fmt: skip
    title = {"zh": matter.title_zh, "en": matter.title_en}
    return {**{name: getattr(matter, name) for name in names}, "title": title, "limits": list(matter.limits)}

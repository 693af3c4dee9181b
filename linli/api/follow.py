"""Following a case by its private link, as its reporter: for channels that show residents where their report is."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Header

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.cases.selectors import reporter_view

router = Router(tags=["cases"])

LINK = Header(alias="Linli-Link", description="The private link's secret. Never part of an address.", max_length=200)


@offer(router, "GET", "", Scope.FOLLOW, shapes.Followed)
def follow(request: HttpRequest, link: str = LINK) -> object:
    """Where a report is, as its reporter may see it."""
    return reporter_view(link, asked(request).at)

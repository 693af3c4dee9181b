"""The desk's map: open cases of a filter on the city's own outlines, from district to grid."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from linli.web.base.pages import CASE_WORK, Asked, page
from linli.web.map.mappage import map_page


@page(CASE_WORK)
def board(request: Asked) -> HttpResponse:
    """The map under the filter of the address; `place` is the ground that is drawn."""
    return render(request, "map/map.html", {"map": map_page(request.actor, request.GET, request.at)})

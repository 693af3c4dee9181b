"""Looking without a link: find by number and telephone digits, what goes on around, the map's ground, the privacy notice."""

from __future__ import annotations

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from linli.cases.finding import Found, find
from linli.cases.numbers import heard
from linli.cases.publicly import PublicMatter, public_matters
from linli.kernel.codes import Tier
from linli.matters.selectors import catalogue
from linli.organisations.selectors import organisation_names
from linli.places.selectors import outline_geojson, place_names
from linli.web.base.pages import PUBLIC, Asked, page
from linli.web.base.words import english, local, plain_day, when_exact
from linli.web.resident import sentences
from linli.web.resident.here import Here, here, show
from linli.web.resident.limits import may_find

PERSONAL = ("voice.identity", "voice.original", "case.words", "evidence.photo")
_MINUTES_KEPT = 5


@page(PUBLIC, methods=("GET", "POST"))
def find_page(request: Asked) -> HttpResponseBase:
    """How far a matter is, by its number and four digits; every miss is one answer."""
    where = here(request.at)
    values: dict[str, object] = {"number": "", "errors": [], "found": None}
    status = 200
    if request.method == "POST":
        number = request.POST.get("number", "")[:40]
        values["number"] = number
        if not may_find(request, heard(number), where.rules, request.at):
            values["errors"] = [("number", _locked(where))]
            status = 429
        else:
            found = find(number, request.POST.get("digits", "")[:10])
            values |= _found(found, request) if found else {"errors": [("number", _missed())]}
            status = 200 if found else 404
    return show(request, "find.html", values, status=status)


def _locked(where: Here) -> str:
    words = _("This number was tried too often. Use the link you were given, or call {number}.")
    return words.format(number=where.call)


def _missed() -> str:
    return _(
        "Nothing found. Numbers have 12 digits, like 4821 0937 5520. If you left no phone, use the link you were given."
    )


def _found(found: Found, request: Asked) -> dict[str, object]:
    names = organisation_names([found.owner], request.at) if found.owner else {}
    return {
        "found": found,
        "owner": names.get(found.owner or 0, ""),
        "ladder": sentences.ladder(found.stage),
        "due": when_exact(found.due_at, request.at) if found.due_at else "",
        "open": found.stage not in ("done", "over"),
    }


@page(PUBLIC)
def around(request: Asked) -> HttpResponseBase:
    """Public matters of the city, as a list, and as a map where there is a script."""
    where = here(request.at)
    rows = public_matters(where.snapshot, where.prefix, request.at)
    return show(request, "around.html", {"rows": _rows(rows, where, request)}, private=False)


def _rows(rows: list[PublicMatter], where: Here, request: Asked) -> list[dict[str, object]]:
    names = place_names([one.community for one in rows], request.at)
    matters = catalogue(where.snapshot)
    today = local(request.at).date()
    found = []
    for one in rows:
        matter = matters.find(one.matter)
        title = (matter.title_en if english() else matter.title_zh) if matter else ""
        since = plain_day(one.since, today)
        place = names.get(one.community, "")
        found.append({"title": title, "place": place, "since": since, "state": one.state_title, "shown": one})
    return found


@page(PUBLIC)
def ground(request: Asked) -> HttpResponseBase:
    """Outlines of the city's communities, for the map; they are public."""
    where = here(request.at)
    answer = JsonResponse(outline_geojson(where.prefix, Tier.COMMUNITY, request.at))
    answer["Cache-Control"] = f"public, max-age={_MINUTES_KEPT * 60}"
    return answer


@page(PUBLIC)
def privacy(request: Asked) -> HttpResponseBase:
    """What is kept of residents, why, and for how long: out of the pack."""
    where = here(request.at)
    kept = [where.snapshot.personal(name) for name in PERSONAL]
    return show(request, "privacy.html", {"kept": kept}, private=False)

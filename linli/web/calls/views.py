"""Pages of the phone desk: parse, hear or take, show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render

from linli.cases.promises import BY_DAY
from linli.cases.rules import local_date
from linli.intake.callers import earlier_cases
from linli.intake.calls import EARLIER_MOST, LONGEST_WORDS, MATTERS_MOST, SERVICES
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.kernel.keyset import after_of
from linli.matters.selectors import catalogue
from linli.packs.selectors import snapshot_by_hash, snapshot_for
from linli.rules.snapshot import Rules
from linli.web.base.errors import status_of
from linli.web.base.fieldwords import option_words
from linli.web.base.pages import Asked, page
from linli.web.base.refusals import refusal_words
from linli.web.base.words import english, titled
from linli.web.calls.hearing import NOTHING_HEARD, EarlierRow, beside, earlier_rows, is_number
from linli.web.calls.policies import TAKES_CALLS
from linli.web.calls.promisespage import promise_list
from linli.web.calls.readback import read_back
from linli.web.calls.taking import take, wrong_fields
from linli.web.calls.typed import ACTS, RESULTS, TYPES, Typed, checked, fresh, typed_in
from linli.web.calls.wanted import TYPE_WORDS, bodies_near
from linli.web.signin.keeping import KEPT, kept_fields

ROWS = 40
LOOK, EARLIER = "look", "earlier"


@page(TAKES_CALLS, methods=("GET", "POST"))
def call(request: Asked) -> HttpResponse:
    """The form of a call; sent, the call is taken and read back, or the form comes back with what is wrong."""
    rules = _rules(request)
    most = rules[MATTERS_MOST]
    if request.method == "GET":
        kept = kept_fields(request, request.path) if KEPT in request.session else {}
        return _form(request, typed_in(kept, most) if kept else fresh(most))
    typed = typed_in(request.POST, most)
    act = request.POST.get("act", ACTS[0])
    if act == EARLIER:
        return _form(request, typed, earlier=_earlier(request, typed))
    if act not in ACTS:
        return _form(request, typed)
    typed = checked(typed, act, rules[LONGEST_WORDS], local_date(request.at))
    if typed.errors:
        return _form(request, typed, status=422)
    return _take(request, typed, act)


def _take(request: Asked, typed: Typed, act: str) -> HttpResponse:
    try:
        noted = take(typed, act, request.actor, request.at)
    except InputError as error:
        wrong = wrong_fields(error)
        again = typed.wrong(**wrong) if wrong else replace(typed, refusal=refusal_words(error))
        return _form(request, again, status=422)
    except (RefusedError, ConflictError) as error:
        return _form(request, replace(typed, refusal=refusal_words(error)), status=status_of(error))
    told = read_back(typed, noted, request.actor, request.at)
    return _private(render(request, "calls/readback.html", {"told": told, "now": request.at}))


@page(TAKES_CALLS, methods=("POST",))
def heard(request: Asked) -> HttpResponse:
    """What stands beside the form, while somebody types; nothing is kept."""
    rules = _rules(request)
    typed = typed_in(request.POST, rules[MATTERS_MOST])
    seen = beside(typed, request.actor, request.at, rules[LONGEST_WORDS])
    return _private(render(request, "calls/beside.html", {"beside": seen, "typed": typed}))


@page(TAKES_CALLS, methods=("POST",))
def earlier(request: Asked) -> HttpResponse:
    """Earlier cases of the number, asked for by a press; the asking is written down."""
    typed = typed_in(request.POST, _rules(request)[MATTERS_MOST])
    return _private(render(request, "calls/earlier.html", {"earlier": _earlier(request, typed)}))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a look-up of a number brought; `is_short` where it is none that could be looked up."""

    rows: tuple[EarlierRow, ...]
    is_short: bool


def _earlier(request: Asked, typed: Typed) -> Earlier:
    if not is_number(typed.number):
        return Earlier((), is_short=True)
    most = _rules(request)[EARLIER_MOST]
    found = earlier_cases(request.actor, typed.number, typed.chosen, most=most, at=request.at)
    return Earlier(earlier_rows(found, request.at), is_short=False)


def _form(request: Asked, typed: Typed, *, earlier: Earlier | None = None, status: int = 200) -> HttpResponse:
    rules = _rules(request)
    any_words = any(row.words for row in typed.rows)
    seen = beside(typed, request.actor, request.at, rules[LONGEST_WORDS]) if any_words else NOTHING_HEARD
    values = {
        "typed": typed,
        "beside": seen,
        "earlier": earlier,
        "errors": [(name, words) for name, words in typed.errors.items()],
        "types": [(name, TYPE_WORDS[name]) for name in TYPES],
        "results": [(name, option_words("result", name)) for name in RESULTS],
        "services": [(str(row["number"]), titled(row)) for row in rules[SERVICES]],
        "matters": _matters(_snapshot_hash(request), english=english()),
        "bodies": bodies_near(request.actor, request.at),
        "today": local_date(request.at).isoformat(),
        "longest": rules[LONGEST_WORDS],
        "now": request.at,
    }
    return _private(render(request, "calls/call.html", values, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody on the way, nor the browser, keeps a page of a call."""
    response["Cache-Control"] = "no-store"
    return response


def _own_place(request: Asked) -> str:
    return next((one.place for one in request.actor.holdings if one.is_desk), "")


def _snapshot_hash(request: Asked) -> str:
    return snapshot_for(_own_place(request), request.at).hash


def _rules(request: Asked) -> Rules:
    snapshot = snapshot_for(_own_place(request), request.at)
    return snapshot.at(snapshot.place, local_date(request.at))


@lru_cache(maxsize=8)
def _matters(hash_: str, *, english: bool) -> list[tuple[str, str]]:
    """Code and title of every matter that a desk may choose; protected ones are found by their words alone."""
    rows = [one for one in catalogue(snapshot_by_hash(hash_)) if not one.protected]
    return [(one.code, f"{one.code} {one.title_en if english else one.title_zh}") for one in rows]


@page(TAKES_CALLS)
def promises(request: Asked) -> HttpResponse:
    """What this desk has promised and not kept yet."""
    cursor = request.GET.get("after", "")
    after = after_of(BY_DAY, cursor) if cursor else None
    shown = promise_list(request.actor, request.at, after=after, limit=ROWS)
    return render(request, "calls/promises.html", {"list": shown, "now": request.at})

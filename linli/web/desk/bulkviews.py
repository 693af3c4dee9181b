"""Several cases at once. The queue as a file; steps: choose the step, see beforehand who cannot, take it, read what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from linli.kernel.errors import NotFoundError
from linli.web.base.pages import CASE_WORK, Asked, page
from linli.web.base.stepform import NOTHING_SENT, Sent, errors_of
from linli.web.base.words import local
from linli.web.base.workbook import download
from linli.web.desk.bulk import (
    Chosen,
    boxes_for,
    bulk_take,
    chosen_cases,
    options_of,
    sorted_for,
    step_words,
    with_template,
)
from linli.web.desk.bulkbar import selection_bar
from linli.web.desk.bulkresult import result_keep, result_of
from linli.web.desk.replying import USE
from linli.web.desk.sheets import queue_workbook

UNWELL = 422


@page(CASE_WORK)
def queue_file(request: Asked) -> FileResponse:
    """The queue under the filter of the address, as an Excel file."""
    name = f"queue-{local(request.at):%Y%m%d-%H%M}.xlsx"
    file = queue_workbook(request.actor, request.GET, request.at)
    return download(file, name)


@page(CASE_WORK, methods=("GET", "POST"))
def bulk(request: Asked) -> HttpResponseBase:
    """A step for the selected cases: chosen, filled in, taken."""
    query = request.POST if request.method == "POST" else request.GET
    chosen = chosen_cases(request.actor, query.getlist("no"))
    if not chosen:
        return _shown(request, {"nothing": True})
    step = query.get("step", "")
    if not step:
        return _shown(request, {"options": options_of(chosen), "chosen": chosen})
    if request.method == "GET":
        return _form(request, chosen, step, NOTHING_SENT)
    able = sorted_for(chosen, step).able
    if USE in request.POST and able:
        return _form(request, chosen, step, with_template(able[0], step, request.POST, request.at), status=200)
    return _take(request, chosen, step, request.POST)


@page(CASE_WORK)
def bulk_bar(request: Asked) -> HttpResponse:
    """What can be done with a selection, while it is made."""
    return render(request, "desk/bulk_bar.html", {"bar": selection_bar(request.actor, request.GET.getlist("no"))})


@page(CASE_WORK)
def bulk_result(request: Asked, number: str) -> HttpResponse:
    """What was done and what was not, with what was not still selected."""
    result = result_of(request.session, number, request.actor, request.at)
    return _shown(request, {"outcome": result, "left": result.left, "title": result.title})


def _take(request: Asked, chosen: Sequence[Chosen], step: str, post: QueryDict) -> HttpResponseBase:
    _title(chosen, step)
    outcome = bulk_take(chosen, step, request.actor, post, request.at)
    if outcome.wrong is not None:
        return _form(request, chosen, step, outcome.wrong)
    number = post.get("request_id", "")
    result_keep(request.session, number, step, outcome, request.at)
    return redirect("desk_bulk_result", number)


def _form(
    request: Asked, chosen: Sequence[Chosen], step: str, sent: Sent, *, status: int | None = None
) -> HttpResponse:
    parted = sorted_for(chosen, step)
    boxes = boxes_for(parted.able[0], step, request.actor, request.at, sent) if parted.able else ()
    values = {
        "parted": parted,
        "left": parted.left,
        "chosen": chosen,
        "boxes": boxes,
        "errors": errors_of(boxes),
        "step": step,
        "title": _title(chosen, step),
        "request_id": str(uuid4()),
    }
    return _shown(request, values, status=status or (UNWELL if sent is not NOTHING_SENT else 200))


def _title(chosen: Sequence[Chosen], step: str) -> str:
    known = next((one for one in chosen if one.seen and f"step.{step}" in one.seen.procedure.titles), None)
    if known is None:
        raise NotFoundError("There is no such step.", code="case.no_step")
    return step_words(known, step)


def _shown(request: Asked, values: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, "desk/bulk.html", {**values, "now": request.at}, status=status)

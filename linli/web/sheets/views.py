"""Excel in at the desk: hand a table in, read what is wrong with it, take it in, watch a long one, get the wrong rows back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.intake.headings import REPORTS
from linli.intake.tables import Table, bounds_at, read_reports
from linli.intake.uploading import (
    UploadView,
    access_upload,
    upload_drop,
    upload_keep,
    upload_start,
    upload_table,
)
from linli.kernel.errors import ConflictError, InputError
from linli.matters.selectors import catalogue
from linli.packs.selectors import installation_rules
from linli.web.base.pages import Asked, Policy, keeps_a_desk, page
from linli.web.base.words import english
from linli.web.base.workbook import Cells, download
from linli.web.sheets.checkpage import check_page
from linli.web.sheets.files import Blank, blank_workbook, wrong_workbook
from linli.web.sheets.said import file_words, heading_of

TAKES_REPORTS = Policy("takes_reports", True, keeps_a_desk)
_WORDS = tuple(column for column in REPORTS if column.name in ("title", "text"))
_UNWELL = 422


@page(TAKES_REPORTS, methods=("GET", "POST"))
def hand_in(request: Asked) -> HttpResponseBase:
    """Choose a file; it is read and checked before anything is taken in."""
    if request.method == "GET":
        return _form(request)
    try:
        table = read_reports(file_sent(request), request.at)
    except InputError as error:
        return _form(request, file_words(error, _WORDS))
    return redirect("desk_import_upload", upload_keep(table, "reports", request.actor, request.at))


@page(TAKES_REPORTS, methods=("GET", "POST"))
def upload(request: Asked, upload: int) -> HttpResponseBase:
    """A table: what was read of it; sent, it is taken in; afterwards, what became of it."""
    view = access_upload(request.actor, upload, "reports")
    if request.method == "POST":
        try:
            upload_start(request.actor, upload, lambda: request.at)
        except ConflictError:
            messages.info(request, _("It was taken in already."))
        return redirect("desk_import_upload", upload)
    part = "progress" if request.GET.get("part") else "upload"
    values = {"upload": view, "page": check_page(view, kept_table(request, view)), "now": request.at}
    answer = render(request, f"sheets/{part}.html", values)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(TAKES_REPORTS, methods=("POST",))
def drop(request: Asked, upload: int) -> HttpResponseBase:
    """Delete a table before its time; what was taken in stays."""
    upload_drop(request.actor, upload, "reports", request.at)
    messages.success(request, _("The table is deleted."))
    return redirect("desk_import")


@page(TAKES_REPORTS)
def wrong_rows(request: Asked, upload: int) -> FileResponse:
    """The rows with mistakes, in the columns of the file."""
    table = upload_table(request.actor, upload, "reports")
    return download(wrong_workbook(table), f"import-{upload}-to-put-right.xlsx")


@page(TAKES_REPORTS)
def template(request: Asked) -> FileResponse:
    """The sheet to fill in: headings, an example, the codes of matters."""
    about = _about()
    columns = [(column, *about[column.name]) for column in REPORTS]
    blank = Blank(_("Reports"), columns, _("Codes of matters"), _codes(request.at))
    return download(blank_workbook(blank), "linli-import.xlsx")


def file_sent(request: Asked) -> bytes:
    """The file of a form, within the pack's bound.

    Raises:
        InputError: `sheets.missing`, `sheets.large`.
    """
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise InputError("No file was chosen.", code="sheets.missing")
    most = bounds_at(request.at).most_bytes
    if (sent.size or 0) > most:
        raise InputError("The file is too large.", code="sheets.large", data={"most": most})
    content: bytes = sent.read()
    return content


def kept_table(request: Asked, view: UploadView) -> Table | None:
    """The rows of an upload; None where they are gone, or while they are worked through."""
    shown = view.has_file and view.state in ("checked", "done")
    return upload_table(request.actor, view.id, view.purpose) if shown else None


def _form(request: Asked, wrong: str = "") -> HttpResponse:
    bounds = bounds_at(request.at)
    values = {
        "columns": [(heading_of(column), about[1]) for column, about in zip(REPORTS, _about().values(), strict=True)],
        "wrong": wrong,
        "errors": [("f-file", wrong)] if wrong else [],
        "most_rows": f"{bounds.most_rows:,}",
        "most_megabytes": bounds.most_bytes // 1_000_000,
        "now": request.at,
    }
    return render(request, "sheets/hand_in.html", values, status=_UNWELL if wrong else 200)


def _about() -> dict[str, tuple[str, str]]:
    """An example of each column, and what it is for."""
    return {
        "external_id": ("NJ-20261124-001", _("Its number in the other system. With it, the same row never makes a second case.")),
        "reported_at": ("2026-11-24 08:30", _("When it was reported; China's time. Without it, the time of handing in.")),
        "title": (_("Street lamp out"), _("A few words. Title or text must be there.")),
        "text": (_("The lamp before no. 4 has been out for three days."), _("What was said. Only named desks can open it.")),
        "lon": ("118.766", _("Degrees, where a point is known.")),
        "lat": ("32.066", _("Degrees, where a point is known.")),
        "crs": ("wgs84", _("wgs84 (none written), gcj02 (Amap, Tencent) or bd09 (Baidu).")),
        "address": (_("Yining Lane 4"), _("Where it is, in words.")),
        "contact_name": ("", _("Who reported it; goes into the reporter's compartment.")),
        "contact_phone": ("", _("Goes into the reporter's compartment.")),
        "matter": ("topic.02.001", _("A code of the sheet of codes; without it the system suggests one.")),
    }  # fmt: skip


def _codes(at: datetime) -> Iterator[Cells]:
    rules = installation_rules(at)
    yield (_("Code"), _("Matter"), _("Other language"))
    for matter in sorted(catalogue(rules.snapshot), key=lambda one: one.code):
        if not matter.protected:
            own, other = (matter.title_en, matter.title_zh) if english() else (matter.title_zh, matter.title_en)
            yield (matter.code, own, other)

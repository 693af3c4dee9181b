"""Accounts by Excel: hand a table in, read what is wrong, open the accounts, print a slip for each. No password is made.

A slip holds a link that is shown once: the person opens it and chooses a password that nobody else has seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.access.enrolment import link_make
from linli.access.newcomers import Newcomer, Opened, Reading, newcomer_open, newcomers
from linli.access.register import account_facts
from linli.intake.checking import Found
from linli.intake.headings import ACCOUNTS, names_any
from linli.intake.spreadsheets import Bounds, Line, read_sheet
from linli.intake.tables import Checked, Table, bounds_at, only_wrong, table_of
from linli.intake.times import CHINA, read_time
from linli.intake.uploading import access_upload, upload_claim, upload_done, upload_drop, upload_keep, upload_table
from linli.kernel.actors import Actor
from linli.kernel.errors import ConflictError, InputError
from linli.organisations.selectors import organisation_names, organisations_at, post_at
from linli.packs.selectors import installation_rules
from linli.places.selectors import place_names
from linli.rules.parameters import Integer, Parameter
from linli.web.base.pages import KEEPS_ACCOUNTS, Asked, page
from linli.web.base.qr import qr_drawing
from linli.web.base.words import ROLES
from linli.web.base.workbook import Cells, download
from linli.web.sheets.checkpage import check_page
from linli.web.sheets.files import Blank, blank_workbook, wrong_workbook
from linli.web.sheets.said import file_words, heading_of
from linli.web.sheets.views import file_sent, kept_table

MOST_ACCOUNTS = Parameter("sheets.most_accounts", Integer)
_NEEDED = ("display_name", "organisation", "role")
_UNWELL = 422


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a person: their account's name, the post, and the link to open it, also as a picture."""

    display_name: str
    name: str
    post: str
    link: str
    picture: SafeString


@page(KEEPS_ACCOUNTS, methods=("GET", "POST"))
def hand_in(request: Asked) -> HttpResponseBase:
    """Choose a file; it is read and checked before an account is opened."""
    if request.method == "GET":
        return _form(request)
    try:
        table = _read(file_sent(request), request.at)
    except InputError as error:
        return _form(request, file_words(error, [one for one in ACCOUNTS if one.name in _NEEDED]))
    return redirect("admin_accounts_import_upload", upload_keep(table, "accounts", request.actor, request.at))


@page(KEEPS_ACCOUNTS, methods=("GET", "POST"))
def upload(request: Asked, upload: int) -> HttpResponseBase:
    """A table: what was read; sent, the accounts are opened and their slips shown, this one time."""
    view = access_upload(request.actor, upload, "accounts")
    if request.method == "POST":
        try:
            opened = _open(request.actor, upload, request.at)
        except ConflictError:
            messages.info(request, _("It was taken in already."))
            return redirect("admin_accounts_import_upload", upload)
        view = access_upload(request.actor, upload, "accounts")
        return _slips(request, opened, view.wrong, upload)
    values = {"upload": view, "page": check_page(view, kept_table(request, view)), "now": request.at}
    answer = render(request, "sheets/accounts.html", values)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(KEEPS_ACCOUNTS, methods=("POST",))
def drop(request: Asked, upload: int) -> HttpResponseBase:
    """Delete a table before its time; accounts that were opened stay."""
    upload_drop(request.actor, upload, "accounts", request.at)
    messages.success(request, _("The table is deleted."))
    return redirect("admin_accounts_import")


@page(KEEPS_ACCOUNTS)
def wrong_rows(request: Asked, upload: int) -> FileResponse:
    """The rows with mistakes, in the columns of the file."""
    table = upload_table(request.actor, upload, "accounts")
    return download(wrong_workbook(table), f"accounts-{upload}-to-put-right.xlsx")


@page(KEEPS_ACCOUNTS)
def template(request: Asked) -> FileResponse:
    """The sheet to fill in: headings, an example, the roles and bodies that there are."""
    about = _about()
    columns = [(column, *about[column.name]) for column in ACCOUNTS]
    blank = Blank(_("Accounts"), columns, _("Posts and bodies"), _codes(request.at))
    return download(blank_workbook(blank), "linli-accounts.xlsx")


@page(KEEPS_ACCOUNTS, methods=("POST",))
def new_link(request: Asked, account: int) -> HttpResponse:
    """A new link for one account, on a slip; links made before open nothing any more."""
    facts = account_facts(account)
    secret = link_make(account, request.actor, request.at)
    return _shown(request, [_slip(request, facts.display_name, facts.name, "", secret)], 0, None)


def _read(content: bytes, at: datetime) -> Table:
    bounds = bounds_at(at)
    fewer = Bounds(bounds.most_bytes, bounds.most_unpacked, installation_rules(at)[MOST_ACCOUNTS], bounds.most_columns)
    sheet = read_sheet(content, fewer, lambda cells: names_any(cells, ACCOUNTS, _NEEDED))
    return table_of(sheet, ACCOUNTS, lambda rows: _check(rows, at))


def _check(rows: Sequence[tuple[Line, Mapping[str, str]]], at: datetime) -> Checked:
    found = newcomers([values for _line, values in rows], _reading(at))
    wrong = {
        line.number: tuple(Found(column, what) for column, what in one.wrong)
        for (line, _values), one in zip(rows, found, strict=True)
        if one.wrong
    }
    return wrong, {}


def _reading(at: datetime) -> Reading:
    return Reading(at, _role_words(), _day_of)


def _role_words() -> dict[str, str]:
    """The words of both languages for a role: a table may be written in either."""
    from django.utils import translation

    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(words).lower(): role for role, words in ROLES.items()}
    return found


def _day_of(text: str) -> date | None:
    at = read_time(text)
    return at.astimezone(CHINA).date() if at else None


def _open(actor: Actor, upload: int, at: datetime) -> list[Opened]:
    table = upload_claim(actor, upload, "accounts")
    rows = [line for line in table.lines if line.number not in table.wrong]
    wrong, opened = dict(table.wrong), []
    for line, one in zip(rows, newcomers([table.values(line) for line in rows], _reading(at)), strict=True):
        came = _newcomer(one, actor, at)
        if isinstance(came, Opened):
            opened.append(came)
        else:
            wrong[line.number] = tuple(Found(column, what) for column, what in came)
    counts = {"opened": len(opened), "refused": len(wrong)}
    upload_done(actor, upload, only_wrong(table, wrong), counts, at)
    return opened


def _newcomer(one: Newcomer, actor: Actor, at: datetime) -> Opened | tuple[tuple[str, str], ...]:
    if one.draft is None:
        return one.wrong
    came = newcomer_open(one.draft, actor, at)
    return came if isinstance(came, Opened) else (came,)


def _slips(request: Asked, opened: Sequence[Opened], wrong: int, upload: int) -> HttpResponse:
    posts = {one.post: post_at(one.post, request.at) for one in opened}
    bodies = organisation_names({post.organisation for post in posts.values()}, request.at) if posts else {}
    words = {id_: f"{bodies.get(post.organisation, '')} {post.title}".strip() for id_, post in posts.items()}
    slips = [_slip(request, one.display_name, one.name, words[one.post], one.secret) for one in opened]
    return _shown(request, slips, wrong, upload)


def _slip(request: Asked, display_name: str, name: str, post: str, secret: str) -> Slip:
    link = request.build_absolute_uri(reverse("enrol", args=[secret]))
    return Slip(display_name, name, post, link, qr_drawing(link))


def _shown(request: Asked, slips: Sequence[Slip], wrong: int, upload: int | None) -> HttpResponse:
    values = {"slips": slips, "wrong": wrong, "upload": upload, "now": request.at}
    answer = render(request, "sheets/slips.html", values)
    answer["Cache-Control"] = "no-store"
    return answer


def _form(request: Asked, wrong: str = "") -> HttpResponse:
    values = {
        "columns": [(heading_of(column), about[1]) for column, about in zip(ACCOUNTS, _about().values(), strict=True)],
        "wrong": wrong,
        "errors": [("f-file", wrong)] if wrong else [],
        "most_rows": f"{installation_rules(request.at)[MOST_ACCOUNTS]:,}",
        "now": request.at,
    }
    return render(request, "sheets/accounts_hand_in.html", values, status=_UNWELL if wrong else 200)


def _about() -> dict[str, tuple[str, str]]:
    """An example of each column, and what it is for."""
    return {
        "display_name": (_("Wang Fang"), _("The name that colleagues read.")),
        "account": ("wang.fang", _("Name to sign in with: small letters and digits. Empty: one is made.")),
        "organisation": (_("Yihe Road Residents' Committee"), _("The body's full name, as under Organisations.")),
        "role": (_("Community worker"), _("The post: one of the sheet of posts, or its title in that body.")),
        "place": ("", _("Name or code of the place, where the body has several such posts.")),
        "from": ("2027-01-01", _("First day. Empty: today.")),
        "until": ("", _("First day on which it no longer holds. Empty: open. Rights end with it.")),
    }


def _codes(at: datetime) -> Iterator[Cells]:
    yield (_("Code"), _("Post"), "")
    for role, words in ROLES.items():
        yield (role, str(words), "")
    yield ("", "", "")
    yield (_("Body"), _("Place"), "")
    bodies = sorted(organisations_at(at).values(), key=lambda one: (one.place, one.name))
    places = place_names({one.place for one in bodies} - {""}, at)
    for one in bodies:
        yield (one.name, places.get(one.place, ""), "")

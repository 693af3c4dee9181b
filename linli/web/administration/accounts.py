"""Pages of accounts and keys, for the security administrator alone. A password or key is shown once, on one page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.access import services
from linli.access.errors import AccountError
from linli.access.register import account_facts, accounts_page, keys_page
from linli.access.scopes import Scope
from linli.access.selectors import accounts as accounts_of
from linli.access.selectors import keys_of
from linli.access.services import AccountDraft, KeyDraft
from linli.kernel.errors import ConflictError, InputError
from linli.organisations.selectors import appointments_held, organisation_names, post_at
from linli.web.administration.asking import Typed, address_with, after_in, day_in, day_start, typed
from linli.web.base.errors import status_of
from linli.web.base.pages import KEEPS_ACCOUNTS, Asked, page
from linli.web.base.refusals import refusal_words

ROWS = 50


@page(KEEPS_ACCOUNTS)
def accounts(request: Asked) -> HttpResponse:
    """Accounts by name."""
    rows = accounts_page(request.GET.get("q", "").strip(), after=after_in(request.GET), limit=ROWS + 1)
    more = address_with(request.GET, after=rows[ROWS - 1].id) if len(rows) > ROWS else ""
    values = {"rows": rows[:ROWS], "more": more, "asked": {"q": request.GET.get("q", "")}, "now": request.at}
    return render(request, "administration/accounts.html", values)


@page(KEEPS_ACCOUNTS, methods=("GET", "POST"))
def new_account(request: Asked) -> HttpResponseBase:
    """Add an account; its password is made here and shown once."""
    form = typed(request.POST)
    if request.method == "GET":
        return render(request, "administration/account_new.html", {"form": form, "now": request.at})
    draft = AccountDraft(form.values.get("name", ""), form.values.get("display_name", ""))
    try:
        account = services.account_add(draft, request.actor, request.at)
    except (InputError, ConflictError) as error:
        form.wrong["display_name" if error.code == "access.display_name" else "name"] = refusal_words(error)
        values = {"form": form, "now": request.at}
        return render(request, "administration/account_new.html", values, status=status_of(error))
    return _account(request, account, secret=services.password_make(account, request.actor, request.at))


@page(KEEPS_ACCOUNTS)
def account(request: Asked, account: int) -> HttpResponse:
    """One account: its posts and keys."""
    return _account(request, account)


@page(KEEPS_ACCOUNTS, methods=("POST",))
def new_password(request: Asked, account: int) -> HttpResponse:
    """Give an account a new password, shown once."""
    return _account(request, account, secret=services.password_make(account, request.actor, request.at))


@page(KEEPS_ACCOUNTS, methods=("POST",))
def close_account(request: Asked, account: int) -> HttpResponseBase:
    """Close an account: appointments and keys end with it."""
    services.account_close(account, request.actor, request.at)
    messages.success(request, _("Closed: posts and keys ended with it."))
    return redirect("admin_account", account)


@page(KEEPS_ACCOUNTS, methods=("POST",))
def new_key(request: Asked, account: int) -> HttpResponse:
    """Make a key, shown once."""
    form = typed(request.POST)
    scopes = [scope for scope in request.POST.getlist("scopes") if scope in set(Scope)]
    until = day_in(form, "until", required=True)
    if not form.values.get("label"):
        form.wrong["label"] = _("Say what the key is for.")
    if not scopes:
        form.wrong["scopes"] = _("Choose at least one.")
    if form.wrong or until is None:
        return _account(request, account, form=form, status=422)
    draft = KeyDraft(account, form.values["label"], scopes, day_start(until))
    try:
        made = str(services.key_add(draft, request.actor, request.at))
    except AccountError as error:
        days = error.data.get("days_most")
        words = _("A key ends within {days} days.").format(days=days) if days else _("A key must end after today.")
        form.wrong["until"] = words
        return _account(request, account, form=form, status=422)
    return _account(request, account, key=made)


@page(KEEPS_ACCOUNTS)
def keys(request: Asked) -> HttpResponse:
    """All keys, of whom, for what, until when."""
    rows = keys_page(after=after_in(request.GET), limit=ROWS + 1)
    more = address_with(request.GET, after=rows[ROWS - 1].id) if len(rows) > ROWS else ""
    people = accounts_of({row.account for row in rows})
    values = {"rows": [(row, people[row.account]) for row in rows[:ROWS]], "more": more, "now": request.at}
    return render(request, "administration/keys.html", values)


@page(KEEPS_ACCOUNTS, methods=("POST",))
def end_key(request: Asked, prefix: str) -> HttpResponseBase:
    """End a key now."""
    services.key_revoke(prefix, request.actor, request.at)
    messages.success(request, _("The key has ended."))
    return redirect("admin_keys")


def _account(
    request: Asked, account: int, *, form: Typed | None = None, secret: str = "", key: str = "", status: int = 200
) -> HttpResponse:
    held = appointments_held(account, request.at)
    posts = [(one, post_at(one.post, max(one.since or request.at, request.at))) for one in held]
    values = {
        "facts": account_facts(account),
        "posts": posts,
        "bodies": organisation_names({post.organisation for _held, post in posts}, request.at) if posts else {},
        "keys": keys_of(account),
        "scopes": list(Scope),
        "days_most": services.key_days_most(request.at),
        "form": form or Typed({}),
        "chosen": request.POST.getlist("scopes"),
        "secret": secret,
        "key": key,
        "now": request.at,
    }
    response = render(request, "administration/account.html", values, status=status)
    response["Cache-Control"] = "no-store"
    return response

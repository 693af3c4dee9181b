"""Signing in and out, and second factors: allauth's views behind our policies and pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from allauth.account import views as account
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from linli.access.services import sessions_end
from linli.web.base.pages import PUBLIC, SIGNED_IN, Asked, Policy, page
from linli.web.signin.middleware import ENROLLED

Both = ("GET", "POST")


def _behind(policy: Policy, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Put a view of allauth behind a policy."""

    def shown(request: Asked, **named: int) -> HttpResponseBase:
        return view(request, **named)

    return cast("Callable[..., HttpResponseBase]", page(policy, methods=Both)(shown))


sign_out = _behind(PUBLIC, account.logout)
second_factor = _behind(PUBLIC, mfa.authenticate)
again = _behind(SIGNED_IN, account.reauthenticate)
again_with_code = _behind(SIGNED_IN, mfa.reauthenticate)
security = _behind(SIGNED_IN, mfa.index)
change_password = _behind(SIGNED_IN, account.password_change)
show_codes = _behind(SIGNED_IN, recovery.view_recovery_codes)
new_codes = _behind(SIGNED_IN, recovery.generate_recovery_codes)
passkeys = _behind(SIGNED_IN, webauthn.list_webauthn)
again_with_passkey = _behind(SIGNED_IN, webauthn.reauthenticate_webauthn)
download_codes = _behind(SIGNED_IN, recovery.download_recovery_codes)


@page(PUBLIC, methods=Both)
def sign_in(request: Asked) -> HttpResponseBase:
    """Sign in; a field that was left empty is named."""
    response = account.login(request)
    form = (response.context_data or {}).get("form") if isinstance(response, TemplateResponse) else None
    if form is not None and form.is_bound:
        for name, words in (("login", _("Enter your account.")), ("password", _("Enter your password."))):
            if form.has_error(name, "required"):
                form.errors[name] = form.error_class([words])
        named = [(form[name].id_for_label, told) for name in form.fields for told in form.errors.get(name, ())]
        response.context_data["errors"] = named
    return cast("HttpResponseBase", response)


@page(SIGNED_IN, methods=Both)
def enrol(request: Asked) -> HttpResponseBase:
    """Make an app for codes one's second factor; the code that proves it counts for this session."""
    return _made(request, totp.activate_totp)


@page(SIGNED_IN, methods=Both)
def add_passkey(request: Asked) -> HttpResponseBase:
    """Make a passkey one's second factor; making it counts for this session."""
    return _made(request, webauthn.add_webauthn)


def _made(request: Asked, view: Callable[..., HttpResponseBase]) -> HttpResponseBase:
    """Only a factor that is there afterwards and was not before counts; being sent elsewhere does not."""
    before = _factors(request)
    response = view(request)
    if request.method == "POST" and _factors(request) > before:
        request.session[ENROLLED] = True
    return response


@page(SIGNED_IN, methods=Both)
def remove_app(request: Asked) -> HttpResponseBase:
    """Remove the app for codes."""
    return _removed(request, totp.deactivate_totp)


@page(SIGNED_IN, methods=Both)
def remove_passkey(request: Asked, pk: int) -> HttpResponseBase:
    """Remove a passkey of one's own."""
    return _removed(request, partial(webauthn.remove_webauthn, pk=pk))


def _removed(request: Asked, view: Callable[..., HttpResponseBase]) -> HttpResponseBase:
    """A factor less ends the other sessions; once none is left, the one that was shown in this session counts no more."""
    user, before = request.user, _factors(request)
    with transaction.atomic():
        response = view(request)
        left = _factors(request)
        if user.is_authenticated and left < before:
            sessions_end(user.pk, request.actor, request.at)
    if user.is_authenticated and left < before:
        user.refresh_from_db(fields=["sessions_ended"])
        update_session_auth_hash(request, user)
    if request.method == "POST" and not left:
        request.session.pop(ENROLLED, None)
        shown = get_authentication_records(request, request.user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in shown if one.get("method") != "mfa"]
    return response


def _factors(request: Asked) -> int:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return int(Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).count())

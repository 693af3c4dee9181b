"""Signing in and out, and second factors: allauth's views behind our policies and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpResponse, HttpResponseBase

from linli.web.base.pages import PUBLIC, SIGNED_IN, Asked, Policy, page
from linli.web.signin.middleware import ENROLLED

Both = ("GET", "POST")


def _behind(policy: Policy, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Put a view of allauth behind a policy."""

    def shown(request: Asked) -> HttpResponseBase:
        return view(request)

    return cast("Callable[..., HttpResponseBase]", page(policy, methods=Both)(shown))


sign_in = _behind(PUBLIC, account.login)
sign_out = _behind(PUBLIC, account.logout)
second_factor = _behind(PUBLIC, mfa.authenticate)
again = _behind(SIGNED_IN, account.reauthenticate)
again_with_code = _behind(SIGNED_IN, mfa.reauthenticate)
security = _behind(SIGNED_IN, mfa.index)
change_password = _behind(SIGNED_IN, account.password_change)
remove_app = _behind(SIGNED_IN, totp.deactivate_totp)
show_codes = _behind(SIGNED_IN, recovery.view_recovery_codes)
new_codes = _behind(SIGNED_IN, recovery.generate_recovery_codes)
download_codes = _behind(SIGNED_IN, recovery.download_recovery_codes)


@page(SIGNED_IN, methods=Both)
def enrol(request: Asked) -> HttpResponseBase:
    """Make an app for codes one's second factor; the code that proves it counts for this session."""
    response: HttpResponse = totp.activate_totp(request)
    if request.method == "POST" and response.status_code == 302:
        request.session[ENROLLED] = True
    return response

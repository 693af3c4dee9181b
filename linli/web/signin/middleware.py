"""What holds for a session: it ends when idle, and a post that demands it needs a second factor before anything else.

Puts `request.at` and `request.actor` there for everybody behind it, so that the posts of a request are read once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.access.policies import SUPPORT
from linli.access.selectors import holdings
from linli.access.support import support_looked
from linli.kernel.actors import Actor, ActorRef
from linli.packs.errors import NoRulesError
from linli.web.base.pages import Asked
from linli.web.signin.keeping import keep
from linli.web.signin.rules import SignInRules, rules_at

SEEN = "linli_seen"
SEEN_SECONDS = 30
"""For so long a session is not written again; that much sooner it may end as idle."""
ENROLLED = "linli_second_factor"
_ALWAYS = ("/sign-in", "/sign-out", "/static/")
_QUIET = frozenset({"/desk/queue/newer"})
"""Asked by a page by itself: nobody is there because of it, and an idle session ends all the same."""


def now() -> datetime:
    """The server's clock, read once a request; aware UTC."""
    return datetime.now(UTC)


class SessionRulesMiddleware:
    """Knows who asks, ends idle sessions, and sends holders of guarded posts to their second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or answer in its stead."""
        asked = cast("Asked", request)
        asked.at = now()
        asked.actor = Actor(ActorRef(kind="reporter"))
        if request.path.startswith("/static/") or not request.user.is_authenticated:
            return self.get_response(request)
        asked.actor = _actor(asked)
        answer = self._instead(asked)
        answer = answer if answer is not None else self.get_response(request)
        _note_support(asked)
        return answer

    def _instead(self, asked: Asked) -> HttpResponse | None:
        try:
            rules = rules_at(asked.at)
        except NoRulesError:
            return None
        if _is_idle(asked, rules):
            return _end(asked, rules)
        if asked.path not in _QUIET and _is_old(asked):
            asked.session[SEEN] = int(asked.at.timestamp())
        if asked.path.startswith(_ALWAYS) or not rules.demands_second_factor(asked.actor):
            return None
        return None if has_second_factor(asked) else _to_second_factor(asked)


def _note_support(asked: Asked) -> None:
    """In a support session each page that is opened goes into the log, by its pattern."""
    match = asked.resolver_match
    if match is not None and match.url_name and any(holding.role == SUPPORT for holding in asked.actor.holdings):
        support_looked(asked.actor, match.url_name, asked.at)


def _actor(asked: Asked) -> Actor:
    account = cast("int", asked.user.pk)
    name = str(getattr(asked.user, "display_name", ""))
    return Actor(ActorRef(kind="person", account=account), name, holdings(account, asked.at))


def _is_old(asked: Asked) -> bool:
    """Whether it is to be noted anew that somebody was here: within the same half-minute nothing is written."""
    seen = asked.session.get(SEEN)
    return not isinstance(seen, int) or not 0 <= asked.at.timestamp() - seen < SEEN_SECONDS


def _is_idle(asked: Asked, rules: SignInRules) -> bool:
    seen = asked.session.get(SEEN)
    return isinstance(seen, int) and asked.at.timestamp() - seen > rules.idle_minutes * 60


def _end(asked: Asked, rules: SignInRules) -> HttpResponse:
    """End an idle session; what a form held is kept for the same person, and the page it came from is come back to."""
    back = keep(asked) or asked.get_full_path()
    account = asked.user.pk
    kept = asked.session.get("linli_kept")
    logout(asked)
    if kept is not None:
        asked.session["linli_kept"] = kept
        asked.session["linli_kept_of"] = account
    words = _("Signed out after {minutes} idle minutes; what you had not sent is kept.")
    messages.info(asked, words.format(minutes=rules.idle_minutes))
    return redirect_to_login(back, reverse("account_login"))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor, or made one."""
    if request.session.get(ENROLLED):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _to_second_factor(asked: Asked) -> HttpResponse:
    """To enrolment; somebody who has a factor and did not show it signs in anew."""
    if is_mfa_enabled(asked.user):
        logout(asked)
        return redirect_to_login(asked.get_full_path(), reverse("account_login"))
    return redirect("mfa_activate_totp")

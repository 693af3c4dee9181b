"""Who may open a page. Every view says so by `@page(...)`; an architecture test finds those that do not.

    @page(PUBLIC)                     anybody
    @page(SIGNED_IN)                  whoever has signed in
    @page(DESK, methods=("GET",))     one of the posts that the policy names

A policy answers for the person as a whole (which roles they hold today). Whether they may see *this* case, or take *this*
step, is the engine's to say, inside. Without a policy's roles the page answers like a wrong address, never "forbidden".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import reverse

from linli.access.policies import AUDITOR, SUPPORT
from linli.kernel.actors import Actor
from linli.organisations.policies import (
    ADMINISTRATORS,
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
)

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may open a page.

    Attributes:
        name: for the table of addresses and roles.
        signed_in: whether an account is needed.
        admits: whether the posts held today are enough.
    """

    name: str
    signed_in: bool
    admits: Callable[[Actor], bool]


def holding_any(*roles: str) -> Callable[[Actor], bool]:
    """A rule that admits holders of one of the roles; none named = of any post at all."""

    def admits(actor: Actor) -> bool:
        return any(not roles or holding.role in roles for holding in actor.holdings)

    return admits


def works_on_cases(actor: Actor) -> bool:
    """Whether one of the posts held is one in which cases are worked on or watched; administrators' are not."""
    return any(holding.role not in ADMINISTRATORS and not holding.stands_aside for holding in actor.holdings)


def keeps_a_desk(actor: Actor) -> bool:
    """Whether one of the posts held runs the queue of its place."""
    return any(holding.is_desk for holding in actor.holdings)


PUBLIC = Policy("public", False, lambda _: True)
SIGNED_IN = Policy("signed_in", True, lambda _: True)
POST_HOLDER = Policy("post_holder", True, holding_any())
CASE_WORK = Policy("case_work", True, works_on_cases)
ADMINISTRATION = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR, AUDITOR, SUPPORT)
"""Roles that have rows of their own in the administration."""
KEEPS_BODIES = Policy("keeps_bodies", True, holding_any(SYSTEM_ADMINISTRATOR))
KEEPS_ACCOUNTS = Policy("keeps_accounts", True, holding_any(SECURITY_ADMINISTRATOR))
KEEPS_POSTS = Policy("keeps_posts", True, holding_any(SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR))
READS_LOG = Policy("reads_log", True, holding_any(AUDIT_ADMINISTRATOR, AUDITOR))
READS_RUNNING = Policy("reads_running", True, holding_any(SYSTEM_ADMINISTRATOR, SUPPORT))
ADMINISTERS = Policy("administers", True, holding_any(*ADMINISTRATION))


class Asked(HttpRequest):
    """A request as our views get it: with the instant, and who asks."""

    at: datetime
    actor: Actor


def page(
    policy: Policy, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[
    [Callable[Concatenate[Asked, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Declare who may open a view, and by which methods.

    The view gets `request.at` (aware UTC, read once) and `request.actor` (with the posts held now; one without posts
    where nobody has signed in), both from `signin.middleware`.

    Args:
        policy: who may.
        methods: HTTP methods; `HEAD` comes with `GET`.
    """
    allowed = {*methods, *(("HEAD",) if "GET" in methods else ())}

    def declare(
        view: Callable[Concatenate[Asked, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            asked = cast("Asked", request)
            if policy.signed_in and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if not policy.admits(asked.actor):
                raise Http404
            return view(asked, *args, **kwargs)

        guarded.policy = policy  # type: ignore[attr-defined]
        guarded.methods = frozenset(allowed)  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)

    return declare

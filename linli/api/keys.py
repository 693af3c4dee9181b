"""Who asks: a key in the `Authorization` header, its scope, its pace. Each request costs two statements here.

Nothing is remembered of a key's use: what it changes stands in the journal with its holder, what it reads leaves no trace
of a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.security import HttpBearer

from linli.access.counting import counter
from linli.access.domain import KeyRef
from linli.access.policies import may_use_key
from linli.access.selectors import actor_of_key
from linli.api.problems import field_error
from linli.api.scopes import Scope
from linli.kernel.actors import Actor, Denied
from linli.kernel.errors import RefusedError, TooOftenError, UnknownActorError
from linli.packs.selectors import rules_this_minute
from linli.rules.parameters import Integer, Parameter

STRETCH_SECONDS = 60
A_MINUTE = Parameter("access.key_requests_a_minute", Integer)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, with which key, when. One instant a request, so that all of it speaks of the same moment."""

    actor: Actor
    key: KeyRef
    at: datetime


class KeyAuth(HttpBearer):
    """Lets a request through whose key is known, of this scope, not too fast, and asks for nothing that is not there.

    A filter misspelt in the address must not silently widen an answer, so names that the operation lacks are refused.
    """

    def __init__(self, scope: Scope, parameters: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.scope = scope
        self.parameters = parameters

    def __call__(self, request: HttpRequest) -> Asked:
        """The asker.

        Raises:
            RequestDataTooBig: more is announced than any operation takes.
            UnknownActorError: no key, or one that is wrong, ended or revoked.
            TooOftenError: more requests in this minute than a key has.
            RefusedError: the key was not made for this.
            InputError: the address has a parameter that the operation lacks.
        """
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.API_LARGEST_BODY:
            raise RequestDataTooBig
        given = request.headers.get("Authorization", "")
        kind, _, text = given.partition(" ")
        who = self.authenticate(request, text if kind.lower() == "bearer" else "")
        if not self.parameters.issuperset(request.GET):
            raise field_error({"query": "extra_forbidden"})
        return who

    def authenticate(self, request: HttpRequest, token: str) -> Asked:
        """The asker behind a key; see `__call__`."""
        at = datetime.now(UTC)
        found = actor_of_key(token, at) if token.isascii() else None
        if found is None:
            raise UnknownActorError(
                "No key, or none that holds.",
                code="api.key",
                hint="Send the header `Authorization: Bearer lk_…`; `linli accounts keys add` makes a key.",
            )
        actor, key = found
        _keep_pace(key, at)
        verdict = may_use_key(key.scopes, self.scope)
        if isinstance(verdict, Denied):
            raise RefusedError(verdict.reason, code=verdict.code, data={"scope": str(self.scope)})
        return Asked(actor, key, at)


def _keep_pace(key: KeyRef, at: datetime) -> None:
    most = settings.API_REQUESTS_A_MINUTE or rules_this_minute(at)[A_MINUTE]
    if counter().count(f"api:{key.id}", STRETCH_SECONDS, at) > most:
        raise TooOftenError(
            f"More than {most} requests in one minute.",
            code="api.too_often",
            hint="Wait until the next minute.",
            data={"most": most, "seconds": STRETCH_SECONDS - int(at.timestamp()) % STRETCH_SECONDS},
        )


def asked(request: HttpRequest) -> Asked:
    """Who asks; set by `KeyAuth` before an operation runs."""
    return cast("Asked", cast("Callable[..., object]", getattr)(request, "auth"))

"""A town with rules, keys for its people, and a client that speaks JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.access.selectors import system_actor
from linli.access.services import KeyDraft, key_add
from linli.api.scopes import Scope
from linli.cases.tests.desk import published
from tests.town import Town, town_of

ROOT = "/api/v1"
LIFE = timedelta(days=30)


@dataclass(slots=True)
class Caller:
    """Somebody with a key; `get` and `post` answer with Django's response."""

    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers={**self._headers, **(headers or {})})

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        sent = {**self._headers, **(headers or {})}
        return self.client.post(ROOT + path, data, content_type="application/json", headers=sent)

    def speak(self, link: str, act: str, request_id: object = None, **said: Any) -> Any:
        """An act of a private link's holder."""
        return self.post(f"/follow/{act}", {"request_id": str(request_id or uuid4()), **said}, {"Linli-Link": link})

    def take(self, no: str, step: str, request_id: object = None, **form: Any) -> Any:
        return self.post(f"/cases/{no}/steps/{step}", {"request_id": str(request_id or uuid4()), "form": form})

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


@dataclass(slots=True)
class Keyed:
    """The town, and callers by the names of its people; each key is made once."""

    town: Town
    callers: dict[tuple[str, frozenset[str]], Caller] = field(default_factory=dict)

    def caller(self, name: str, scopes: Iterable[str] = tuple(Scope)) -> Caller:
        """A person's key with these scopes, all of them if none are named; the empty name has no key at all."""
        asked = (name, frozenset(scopes))
        if asked not in self.callers:
            self.callers[asked] = Caller(_key(self.town, name, asked[1]) if name else "")
        return self.callers[asked]

    def __getattr__(self, name: str) -> Caller:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.caller(name)


def _key(town: Town, name: str, scopes: frozenset[str]) -> str:
    now = datetime.now(UTC)
    return str(
        key_add(KeyDraft(town.people[name], "test", [str(scope) for scope in scopes], now + LIFE), system_actor(), now)
    )


@pytest.fixture
def town(db: None) -> Town:
    town = town_of()
    published()
    return town


@pytest.fixture
def keyed(town: Town) -> Keyed:
    return Keyed(town)

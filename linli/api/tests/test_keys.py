"""Keys: none, wrong, ended, revoked, of another scope, too fast; and bodies that no text may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linli.access.domain import parse_key
from linli.access.models import ApiKey
from linli.access.selectors import system_actor
from linli.access.services import account_close, key_revoke
from linli.api.scopes import Scope
from linli.api.tests.conftest import Caller, Keyed
from linli.cases.tests.desk import open_one

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["", "lk_12345678_nonsense", "nonsense", "lk_é_1", "x" * 5000])
def test_without_a_key_nothing_is_told(keyed: Keyed, key: str) -> None:
    answer = Caller(key).get("/places")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "api.key"


def test_ended_revoked_and_unknown_keys_get_the_same_answer(keyed: Keyed) -> None:
    caller, now = keyed.mo, datetime.now(UTC)
    assert caller.get("/places").status_code == 200
    parsed = parse_key(caller.key)
    assert parsed
    ApiKey.objects.filter(prefix=parsed.prefix).update(expires_at=now - timedelta(seconds=1))
    ended = caller.get("/places")
    ApiKey.objects.filter(prefix=parsed.prefix).update(expires_at=now + timedelta(days=1))
    key_revoke(parsed.prefix, system_actor(), now)
    revoked = caller.get("/places")
    unknown = Caller("lk_00000000_0").get("/places")
    assert ended.content == revoked.content == unknown.content
    assert {ended.status_code, revoked.status_code, unknown.status_code} == {401}


def test_a_key_of_a_closed_account_is_none(keyed: Keyed) -> None:
    assert keyed.fang.get("/places").status_code == 200
    account_close(keyed.town.fang, system_actor(), datetime.now(UTC))
    assert keyed.fang.get("/places").status_code == 401


def test_each_scope_opens_its_own_operations_alone(keyed: Keyed) -> None:
    caller = keyed.caller("duan", [Scope.PLACES])
    assert caller.get("/places").status_code == 200
    refused = caller.get("/queues/place")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.scope")
    assert refused.json()["data"] == {"scope": "queues:read"}


def test_a_key_has_so_many_requests_a_minute(keyed: Keyed, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    answers = [keyed.mo.get("/places") for _ in range(3)]
    # A minute may end in between; then the third is the first of the next.
    assert [one.status_code for one in answers] in ([200, 200, 429], [200, 200, 200])
    if answers[-1].status_code == 429:
        assert answers[-1].json()["retryable"] is True
        assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert keyed.duan.get("/places").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]x", b'{"request_id": NaN}', b'{"form": {"note": "a\\u0000"}}', b'{"form": {"note": "\\ud800"}}',
        b'{"form": {"organisation": 9223372036854775808}}', b'{"a": 1e999}', b'{"a": 1, "a": 2}', b"\xff",
        b"[" * 5000 + b"]" * 5000, b'{"form": ' + b'{"a":' * 60 + b"1" + b"}" * 61,
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(keyed: Keyed, body: bytes) -> None:
    answer = keyed.duan.post(f"/cases/{open_one().no}/steps/dispatch", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "api.body"


@pytest.mark.parametrize("address", ["/queues/place?q=%00", "/answers?q=a%00", "/queues/place?place=%05%00"])
def test_a_sign_that_no_text_may_hold_in_an_address_is_a_problem_too(keyed: Keyed, address: str) -> None:
    answer = keyed.duan.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_body_that_is_too_large(keyed: Keyed) -> None:
    answer = keyed.duan.post(f"/cases/{open_one().no}/steps/note", {"form": {"note": "长" * 2_000_000}})
    assert answer.status_code == 413


def test_a_crash_tells_a_number_and_nothing_else(keyed: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("13912345678")

    monkeypatch.setattr("linli.api.cases.access_case", broken)
    answer = keyed.duan.get("/cases/1")
    assert answer.status_code == 500
    assert set(answer.json()["data"]) == {"number"}
    assert "13912345678" not in answer.content.decode()

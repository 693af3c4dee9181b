"""Numbers by route and how the system stands: no address, no person; for this machine or who knows the secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog
from django.test import Client

from linli.journal.outbox import OutboxDraft, add_outbox
from linli.web.conftest import Clock, SignedIn
from tests.town import Town

PRIVATE = "tok-9vLm-of-a-private-link"


def numbers(**head: str) -> str:
    response = Client().get("/metrics", headers=head)
    assert response.status_code == 200
    return response.content.decode()


def test_requests_are_counted_by_route_and_no_address_or_person_is_named(
    town: Town, signed_in: SignedIn, clock: Clock
) -> None:
    client = signed_in("duan")
    client.get(f"/f/{PRIVATE}")
    client.get(f"/rules?q={PRIVATE}")
    client.get(f"/{PRIVATE}")
    add_outbox([OutboxDraft("no.such", {})], clock.at - timedelta(minutes=3))
    text = numbers()
    assert 'linli_requests_total{method="GET",route="rules",status="200"}' in text
    assert 'route="none",status="404"' in text
    assert "linli_outbox_waiting 1.0" in text
    assert "linli_outbox_oldest_seconds 180.0" in text
    assert "linli_release{" in text
    for word in (PRIVATE, "town.duan", "Duan", "account=", "actor", "127.0.0.1"):
        assert word not in text, word


def test_what_came_through_the_proxy_needs_the_secret(town: Town, settings: object) -> None:
    client = Client()
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    settings.METRICS_SECRET = "between monitors"  # type: ignore[attr-defined]
    assert (
        client.get("/metrics", headers={"authorization": "Bearer wrong"}, REMOTE_ADDR="203.0.113.9").status_code == 404
    )
    right = {"authorization": "Bearer between monitors", "x-forwarded-for": "203.0.113.9"}
    assert client.get("/metrics", headers=right).status_code == 200


def test_a_request_is_logged_by_its_pattern_alone(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("duan")
    with structlog.testing.capture_logs() as lines:
        client.get(f"/f/{PRIVATE}?words={PRIVATE}")
        client.post(f"/f/{PRIVATE}", {"words": PRIVATE}, headers={"user-agent": PRIVATE})
    told = [line for line in lines if line["event"] == "web.request"]
    assert len(told) == 2
    assert {frozenset(line) for line in told} == {frozenset({"event", "log_level", "route", "method", "status", "ms"})}
    assert PRIVATE not in str(lines)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(town: Town, method: str) -> None:
    assert getattr(Client(), method)("/metrics").status_code == 405

"""What a phone keeps for a first opening without a network: the program, two empty pages, nothing of the work."""

from __future__ import annotations

import json

from django.test import Client

from linli.cases.tests.desk import VOICE, in_hand
from linli.web.conftest import SignedIn
from tests.town import Town


def test_the_service_worker_names_what_is_built_and_may_serve_the_workers_pages(town: Town) -> None:
    answer = Client().get("/w/service.js")
    text = answer.content.decode()
    told = json.loads(text.partition("const LINLI = ")[2].partition(";\n")[0])
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/w"
    assert told["inbox"] == ["/w", "/w/shell"]
    assert any(one.endswith(".css") for one in told["assets"])
    assert sum(one.endswith(".js") for one in told["assets"]) >= 2
    assert "eval" not in text


def test_the_shells_hold_no_work_no_message_and_no_name(town: Town, signed_in: SignedIn) -> None:
    opened = in_hand(town)
    client = signed_in("han")
    inbox = client.get("/w").content.decode()
    assert str(opened.no) in inbox
    for path in ("/w/shell", "/w/shell/new"):
        text = client.get(path).content.decode()
        assert str(opened.no) not in text
        assert "Han of the town" not in text
        assert VOICE.name not in text
        assert "data-saved" in text
    form = client.get("/w/shell/new").content.decode()
    assert "data-fresh" in form
    assert "存在本机的" in form
    assert "（周二）" in form

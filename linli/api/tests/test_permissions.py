"""The table of who gets what, asked of every operation there is; whoever is refused has changed nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from linli.api.description import api
from linli.api.keys import KeyAuth
from linli.api.scopes import Scope
from linli.api.tests.conftest import ROOT, Caller, Keyed
from linli.api.tests.reports import report
from linli.api.tests.table import CALLERS, READS, WRITES
from linli.cases.evidence import Holder, attach, bounds_of, keep_photo
from linli.cases.tests.desk import in_hand, later, open_one, rules, take
from linli.cases.tests.test_evidence import photo
from linli.knowledge.tests.scene import write
from tests.town import AT, STREET, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(town: Town) -> dict[str, Any]:
    """Two cases, a photo of the first, and the rest of what addresses name."""
    town.ground()
    opened = in_hand(town)
    sealed = open_one(compartment="sealed", accused=(town.enforcement,))
    take(sealed.case, "look_in", town.ref("tan"), datetime.now(UTC), reason="按程序核查")
    fresh = open_one(at=datetime.now(UTC), received_at=datetime.now(UTC))
    solved = in_hand(town)
    take(solved.case, "reply", town.ref("han"), later(minutes=20), result="solved", words="已清理完毕。")
    take(solved.case, "check_on_site", town.ref("fang"), later(minutes=25), done=True)
    write(town)
    kept = keep_photo(photo(), Holder(account=town.han), bounds_of(rules(), AT), AT)
    attach([kept.id], Holder(account=town.han), opened.case, side="body")
    return {
        "no": opened.no, "sealed": sealed.no, "photo": kept.id, "link": opened.token, "queue": "place", "code": STREET,
        "matter": "event.01.002", "key": "request.sign_within", "fresh": fresh.token, "solved": solved.token,
        "requests": {act: str(uuid4()) for act in SAID},
    }  # fmt: skip


ASKED: Mapping[str, dict[str, Any]] = {
    "/places/locate": {"lon": 101.005, "lat": 25.005},
    "/answers": {"q": "路灯不亮找谁修", "place": STREET},
}
"""What a read needs in its address."""
SAID: Mapping[str, tuple[str, dict[str, Any]]] = {
    "remind": ("link", {}),
    "add": ("link", {"words": "又堆了一袋"}),
    "correct": ("fresh", {"words": "路口的垃圾堆成了山，请清理"}),
    "withdraw": ("link", {"words": "已经好了"}),
    "rate": ("solved", {"solved": "yes", "satisfied": "yes"}),
}
"""Whose link, and what is said; every caller repeats the same request."""


def _caller(keyed: Keyed, name: str) -> Caller:
    if name == "none":
        return keyed.caller("")
    return keyed.caller("duan", ["nothing:here"]) if name == "narrow" else keyed.caller(name)


def _asked(caller: Caller, method: str, path: str, scene: dict[str, Any]) -> Any:
    address = path.format_map(scene)
    if method == "GET":
        return caller.get(address, headers={"Linli-Link": scene["link"]}, **ASKED.get(path, {}))
    if path.startswith("/follow/"):
        act = path.removeprefix("/follow/")
        link, said = SAID[act]
        return caller.speak(scene[link], act, scene["requests"][act], **said)
    if path == "/cases":
        return caller.post(address, report())
    if path == "/attachments":
        given = {"photo": SimpleUploadedFile("p.jpg", photo())}
        headers = {"Authorization": f"Bearer {caller.key}"} if caller.key else {}
        return caller.client.post(ROOT + address, given, headers=headers)
    return caller.take(address.split("/")[2], "note", note="内部记录")


@pytest.mark.parametrize(
    ("method", "path", "expected"), [*READS, *WRITES], ids=lambda v: v if isinstance(v, str) else ""
)
def test_each_caller_gets_what_the_table_says(
    keyed: Keyed, scene: dict[str, Any], method: str, path: str, expected: tuple[int, ...]
) -> None:
    found = []
    for name in CALLERS:
        caller = _caller(keyed, name)
        before = _written()
        answer = _asked(caller, method, path, scene)
        found.append(answer.status_code)
        if answer.status_code >= 400:
            assert _written() == before, name
            assert answer["Content-Type"] == "application/problem+json"
    assert dict(zip(CALLERS, found, strict=True)) == dict(zip(CALLERS, expected, strict=True))


def _written() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM cases_case),"
            " (SELECT count(*) FROM cases_evidence), (SELECT count(*) FROM journal_receipt)"
        )
        return tuple(cursor.fetchone())


def test_every_operation_stands_in_the_table_and_has_one_key_and_scope() -> None:
    told = {(method, _shape(path)) for method, path, _ in (*READS, *WRITES)}
    offered = set()
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                (auth,) = operation.auth_callbacks
                assert isinstance(auth, KeyAuth)
                assert auth.scope in set(Scope)
                offered |= {(method, _shape(f"{router.prefix}/{path}")) for method in operation.methods}
    assert offered == told


def _shape(path: str) -> str:
    """An address without the names of its parts; the one step of the table stands for all."""
    plain = re.sub(r"\{[^}]*\}", "{}", "/" + path.strip("/").replace("//", "/"))
    return plain.replace("/steps/note", "/steps/{}").replace("//", "/")

"""Planted words: nothing of a reporter, and no trace of a sealed case, leaves by any operation, to anybody it is not for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from linli.api.tests.conftest import Keyed
from linli.api.tests.reports import ACCUSING, HOME, NAME, PHONE, report
from linli.api.tests.table import CALLERS, READS
from linli.api.tests.test_permissions import _asked, _caller
from linli.cases.tests.desk import open_one
from tests.town import STREET, Town

pytestmark = pytest.mark.django_db

WORDS = "我家住在顶楼西户，夜里十一点半总被路口的垃圾车吵醒"
REASON = "她说谢谢小周"
ADDED, URGED, DISSATISFIED = "三楼的老李也听见了", "我姓柳，再不来我就急了", "我女儿还是睡不着"
MARKERS = (NAME, PHONE, HOME, "顶楼西户", "十一点半", "我家", REASON, "老李", "姓柳", "女儿", "邮箱在二门")


@pytest.fixture
def said() -> Iterator[list[str]]:
    """All that is logged, by Python's logging and by structlog."""
    lines: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.__dict__}")

    handler = Collect(level=0)
    logging.getLogger().addHandler(handler)
    with structlog.testing.capture_logs() as captured:
        yield lines
    lines += [str(one) for one in captured]
    logging.getLogger().removeHandler(handler)


def _filed(keyed: Keyed, **changes: Any) -> dict[str, Any]:
    answer = keyed.mo.post("/cases", report(**changes))
    assert answer.status_code == 201
    filed: dict[str, Any] = answer.json()
    return filed


def _scene(filed: dict[str, Any], sealed: str) -> dict[str, Any]:
    return {
        "no": filed["no"], "sealed": sealed, "photo": 1, "link": filed["link"], "queue": "place", "code": STREET,
        "matter": "event.01.002", "key": "request.sign_within",
    }  # fmt: skip


def _everything(keyed: Keyed, scene: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every read by every caller: who, what, and all of the answer."""
    for name in CALLERS:
        for method, path, _ in READS:
            queues = ("place", "body", "named") if "{queue}" in path else ("",)
            for queue in queues:
                answer = _asked(_caller(keyed, name), method, path, {**scene, "queue": queue})
                yield name, path, f"{dict(answer.headers)} {answer.content.decode(errors='replace')}"


def _worked(keyed: Keyed, town: Town, no: str) -> list[str]:
    """The case goes its way, with words that only the desk may read; what each step answered."""
    voice = keyed.duan.get(f"/cases/{no}/desk").json()["voices"][0]["voice"]
    told = [
        keyed.duan.take(no, "dispatch", organisation=town.sanitation),
        keyed.han.take(no, "sign"),
        keyed.han.take(no, "begin"),
        keyed.duan.take(no, "open_part", what="identity", voice=voice, reason=REASON),
        keyed.han.take(no, "reply", result="solved", words="已清理完毕。"),
        keyed.han.take(no, "reply", result=PHONE, words=HOME),
        keyed.han.take(no, "dispatch", organisation=PHONE),
        keyed.deng.take(no, "note", note=NAME),
    ]
    # The machine may have dispatched it already.
    assert told[0].status_code in (200, 409)
    assert [one.status_code for one in told[1:5]] == [200, 200, 200, 200]
    return [one.content.decode() for one in told]


def _spoken(keyed: Keyed, link: str) -> list[str]:
    """The reporter speaks by their link, rightly and wrongly; what each act answered."""
    told = [
        keyed.mo.speak(link, "correct", words=f"{WORDS}，邮箱在二门"),
        keyed.mo.speak(link, "remind", words=URGED),
        keyed.mo.speak(link, "add", words=ADDED),
        keyed.mo.speak(link, "add", words=ADDED, evidence=[10**9]),
        keyed.mo.speak(link, "rate", solved="no", words=DISSATISFIED),
        keyed.mo.speak(link, "rate", solved=NAME, words=DISSATISFIED),
        keyed.mo.speak(link, NAME, words=ADDED),
        keyed.mo.speak(f"{PHONE}{link}", "add", words=ADDED),
        keyed.mo.speak(link, "add", words=ADDED, name=NAME),
    ]
    assert [one.status_code for one in told] == [200, 200, 200, 422, 409, 422, 404, 404, 422]
    return [one.content.decode() for one in told[:6]] + [one.content.decode() for one in told[7:]]


def test_nothing_of_a_reporter_leaves(keyed: Keyed, town: Town, said: list[str]) -> None:
    town.ground()
    filed = _filed(keyed, text=WORDS, external_id="GD-9")
    told = [*_spoken(keyed, filed["link"]), *_worked(keyed, town, filed["no"])]
    # Its reporter reads why the identity was opened.
    told.append(keyed.mo.speak(filed["link"], "withdraw", words=DISSATISFIED).content.decode().replace(REASON, ""))
    told.append(keyed.mo.post("/cases", report(text=WORDS, channel=f"x {PHONE}")).content.decode())
    told.append(keyed.mo.post("/cases", {"request_id": NAME, "text": WORDS}).content.decode())
    for name, path, answer in _everything(keyed, _scene(filed, "000000000000")):
        seen = [one for one in MARKERS if one in answer]
        # Why a desk opened the identity is for desks and for the reporter.
        allowed = {REASON} if path == "/follow" or (name, path) == ("duan", "/cases/{no}/history") else set()
        assert set(seen) <= allowed, (name, path)
    for line in (*told, *said):
        assert [one for one in MARKERS if one in line] == []


def test_nobody_but_its_receiver_finds_a_trace_of_a_sealed_case(keyed: Keyed, town: Town, said: list[str]) -> None:
    town.ground()
    plain = _filed(keyed)
    secret = _filed(keyed, text=ACCUSING, matter="", title="举报", external_id="GD-10")
    before = keyed.tan.get("/queues/named").json()["rows"]
    assert [one["no"] for one in before] == [secret["no"]]
    for name, path, answer in _everything(keyed, _scene(plain, secret["no"])):
        if name == "tan":
            continue
        words = () if path.startswith("/rules") or path.endswith("/steps") else ("sealed", "密件")
        for trace in (secret["no"], secret["link"], "商贩", "包庇", *words):
            assert trace not in answer, (name, path, trace)
    told = [
        keyed.mo.speak(secret["link"], act, words="商贩又来了", **more).content.decode()
        for act, more in (("remind", {}), ("add", {}), ("withdraw", {}), ("rate", {"solved": "no"}))
    ]
    for line in (*said, *told):
        assert "商贩" not in line
        assert secret["link"] not in line


def test_a_case_sealed_on_the_way_is_gone_at_once_for_who_sealed_it(keyed: Keyed, town: Town) -> None:
    no = open_one().no
    assert keyed.duan.take(no, "seal", accused=[town.enforcement]).status_code == 200
    for name in ("duan", "fang", "han", "bao", "shen"):
        for path in ("", "/desk", "/history", "/why", "/steps", "/attachments"):
            assert keyed.caller(name).get(f"/cases/{no}{path}").status_code == 404
        rows = [
            *keyed.caller(name).get("/queues/place").json()["rows"],
            *keyed.caller(name).get("/queues/body").json()["rows"],
        ]
        assert no not in [row["no"] for row in rows]
    unopened = keyed.tan.get(f"/cases/{no}")
    assert (unopened.status_code, unopened.json()["code"]) == (403, "case.look_in_first")
    assert keyed.tan.take(no, "look_in", reason="按程序核查").status_code == 200
    assert keyed.tan.get(f"/cases/{no}").status_code == 200


def test_a_protected_case_names_its_place_to_its_receivers_alone(keyed: Keyed, town: Town) -> None:
    town.ground()
    filed = _filed(keyed, text="邻居家丈夫经常打老婆，昨晚又动手了，孩子一直哭", matter="")
    seen = {name: keyed.caller(name).get(f"/cases/{filed['no']}").status_code for name in ("fu", "duan", "fang", "mei")}
    assert seen == {"fu": 200, "duan": 404, "fang": 404, "mei": 404}
    for name in ("duan", "fang", "mei"):
        for queue in ("place", "body", "named"):
            assert filed["no"] not in keyed.caller(name).get(f"/queues/{queue}").content.decode()
    assert filed["no"] in keyed.fu.get("/queues/named").content.decode()

"""A reporter's photo can show a home, an hour, a point of view: no page of work shows it before a desk opens it with a reason."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from linli.cases.drafts import Opened
from linli.cases.evidence import keep_photo
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import in_hand, later
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, photo
from linli.journal.selectors import entries_of
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import page, send
from linli.web.worker.tests.scene import picture
from tests.town import Town

READERS = ("han", "mei", "fang", "su", "duan")
_ADDRESS = re.compile(r"/photo/(\d+)")


def added(town: Town) -> tuple[Opened, int]:
    """A case that the sanitation team has in hand, to which its reporter added a photo."""
    opened = in_hand(town)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    said = Said("add", {}, [kept.id], HOLDER)
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=uuid4(), at=later(minutes=20))
    return opened, kept.id


def test_no_page_of_work_holds_a_reporters_photo_or_its_address(town: Town, signed_in: SignedIn) -> None:
    opened, kept = added(town)
    shown = 0
    for name in READERS:
        client = signed_in(name)
        for address in (f"/desk/case/{opened.no}", f"/w/{opened.no}"):
            answer = client.get(address)
            shown += answer.status_code == 200
            assert not _ADDRESS.findall(answer.content.decode()), (name, address)
            wanted, missing = (client.get(f"{address}/photo/{one}") for one in (kept, 10**9))
            assert wanted.status_code == missing.status_code, (name, address)
            assert wanted.status_code in (403, 404), (name, address)
            assert wanted.content == missing.content, (name, address)
    assert shown >= 4


def test_what_a_body_took_is_shown_to_whoever_may_read_the_case(town: Town, signed_in: SignedIn) -> None:
    opened, _kept = added(town)
    send(signed_in("han"), str(opened.no), "note", note="在看", evidence=picture())
    for name in ("han", "duan"):
        client = signed_in(name)
        (photo_id,) = set(_ADDRESS.findall(page(client, "desk_case", opened.no)))
        assert client.get(f"/desk/case/{opened.no}/photo/{photo_id}")["Content-Type"] == "image/jpeg"
    assert signed_in("deng").get(f"/desk/case/{opened.no}/photo/{photo_id}").status_code == 404


def _open_photos(client: Any, no: str, **fields: Any) -> Any:
    address = f"/desk/case/{no}/open_part"
    voice = client.get(f"/desk/case/{no}").context["page"].voices[0].id
    form = client.get(f"{address}?voice={voice}&what=photos").context["form"]
    return client.post(address, {"request_id": form.request_id, "voice": voice, "what": "photos", **fields})


def test_a_desk_opens_the_photos_with_a_reason_for_one_page(town: Town, signed_in: SignedIn) -> None:
    opened, _kept = added(town)
    desk, no = signed_in("duan"), str(opened.no)
    assert "查看 1 张照片" in page(desk, "desk_case", no)
    assert "查看 1 张照片" not in page(signed_in("han"), "desk_case", no)
    refused = _open_photos(desk, no)
    assert refused.status_code == 422
    assert "data:image/jpeg" not in refused.content.decode()
    shown = _open_photos(desk, no, reason="核对位置")
    assert shown.content.decode().count('src="data:image/jpeg;base64,') == 1
    assert shown["Cache-Control"] == "no-store"
    last = entries_of(f"case:{opened.case}")[-1]
    assert last.verb == "cases.request.open_part"
    assert "photos" in str(last.data["form"])
    assert "data:image/jpeg" not in page(desk, "desk_case", no)


def test_a_handler_cannot_open_them(town: Town, signed_in: SignedIn) -> None:
    opened, _kept = added(town)
    fields = {"request_id": str(uuid4()), "voice": link_of(opened.token).voice, "what": "photos", "reason": "想看"}
    before = len(entries_of(f"case:{opened.case}"))
    assert signed_in("han").post(f"/desk/case/{opened.no}/open_part", fields).status_code == 404
    assert len(entries_of(f"case:{opened.case}")) == before

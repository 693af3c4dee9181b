"""Photos by key: kept, named by a step, seen by whoever sees the case; a reporter's by nobody."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.api.tests.conftest import ROOT, Caller, Keyed
from linli.cases.evidence import keep_photo
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import in_hand, later
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, MARKER, bomb, photo, with_exif
from tests.town import Town

pytestmark = pytest.mark.django_db


def _keep(caller: Caller, content: bytes, name: str = "p.jpg") -> Any:
    given = {"photo": SimpleUploadedFile(name, content, content_type="image/jpeg")}
    return caller.client.post(f"{ROOT}/attachments", given, headers={"Authorization": f"Bearer {caller.key}"})


def test_a_photo_is_kept_named_by_a_step_and_shown_without_what_it_said_of_its_owner(keyed: Keyed, town: Town) -> None:
    no = in_hand(town).no
    kept = _keep(keyed.han, with_exif())
    assert kept.status_code == 201
    number = kept.json()["id"]
    assert keyed.han.get(f"/cases/{no}/attachments/{number}").status_code == 404
    done = keyed.han.take(no, "reply", result="solved", words="已清理完毕。", evidence=[number])
    assert done.status_code == 200
    assert [one["id"] for one in keyed.duan.get(f"/cases/{no}/attachments").json()["photos"]] == [number]
    shown = keyed.duan.get(f"/cases/{no}/attachments/{number}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert MARKER not in shown.content
    for stranger in ("deng", "mo"):
        assert keyed.caller(stranger).get(f"/cases/{no}/attachments").status_code == 404
        assert keyed.caller(stranger).get(f"/cases/{no}/attachments/{number}").status_code == 404


def test_a_reporters_photo_is_for_nobody_who_works_on_the_case(keyed: Keyed, town: Town) -> None:
    opened = in_hand(town)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    said = Said("add", {}, [kept.id], HOLDER)
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=uuid4(), at=later(minutes=20))
    for name in ("han", "fang", "duan", "deng"):
        listed = keyed.caller(name).get(f"/cases/{opened.no}/attachments")
        assert listed.status_code == 404 or listed.json()["photos"] == [], name
        wanted, missing = (keyed.caller(name).get(f"/cases/{opened.no}/attachments/{one}") for one in (kept.id, 10**9))
        assert (wanted.status_code, missing.status_code) == (404, 404), name
        assert wanted.json()["code"] == missing.json()["code"], name
        assert '"evidence"' not in keyed.caller(name).get(f"/cases/{opened.no}/history").content.decode(), name


def test_another_persons_photo_is_not_there_and_the_step_does_not_happen(keyed: Keyed, town: Town) -> None:
    no = in_hand(town).no
    number = _keep(keyed.wei, photo()).json()["id"]
    refused = keyed.han.take(no, "reply", result="solved", words="已清理完毕。", evidence=[number])
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence.unknown")
    assert keyed.han.get(f"/cases/{no}").json()["state"] == "in_hand"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<script>alert(1)</script>", "evidence.not_a_picture"),
        (b"%PDF-1.7", "evidence.not_a_picture"),
        (bomb(60_000, 60_000), "evidence.too_many_pixels"),
        (b"\xff\xd8" + b"x" * 10_000_001, "evidence.too_big"),
    ],
)
def test_what_is_no_photo_is_refused(keyed: Keyed, content: bytes, code: str) -> None:
    answer = _keep(keyed.han, content, "../../etc/passwd.jpg")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_body_larger_than_any_operation_takes_is_not_read(keyed: Keyed) -> None:
    answer = _keep(keyed.han, BytesIO(b"x" * (17 * 2**20)).getvalue())
    assert answer.status_code == 413

"""Bodies of requests: too large ones are refused before they are read; what is uploaded never touches a disk in the clear."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.core.files.uploadhandler import StopFutureHandlers
from django.test import Client

from linli.cases import evidence
from linli.cases.evidence import work_photos
from linli.cases.tests.desk import later, open_one, take
from linli.cases.tests.test_evidence import photo
from linli.web.base import uploads
from linli.web.conftest import SignedIn
from tests.town import Town

DJANGOS_SMALL = 2_621_440
"""Bytes above which Django's own handlers would write a temporary file."""


def _order(town: Town) -> tuple[int, str]:
    case = open_one().case
    take(case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.property)
    made = take(case, "issue_order", town.ref("duan"), later(minutes=6), at_work=town.property, made_as="link")
    return case, made.order


def _no_disk(*args: Any, **kwargs: Any) -> None:
    raise AssertionError("a temporary file was asked for")


def _large_photo() -> bytes:
    """A photo that is a photo, with more bytes behind it than Django keeps in memory."""
    return photo() + b"\0" * DJANGOS_SMALL


def test_a_large_photo_stays_in_memory(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case, secret = _order(town)
    seen: list[object] = []
    kept = evidence.keep_photo

    def keep(upload: bytes, *args: Any) -> Any:
        seen.append(len(upload))
        return kept(upload, *args)

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", _no_disk)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", _no_disk)
    monkeypatch.setattr("linli.web.desk.stepping.keep_photo", keep)
    upload = SimpleUploadedFile("../../etc/passwd.jpg", _large_photo(), content_type="image/jpeg")
    answer = Client().post(f"/o/{secret}/note", {"request_id": str(uuid4()), "note": "x", "evidence": upload})
    assert answer.status_code == 302
    assert seen == [len(_large_photo())]
    assert len(work_photos(case)) == 1


def test_the_handler_takes_files_of_any_size_that_the_body_may_have() -> None:
    handler = uploads.InMemoryHandler()
    handler.handle_raw_input(None, {}, 10 * DJANGOS_SMALL, b"", None)
    with pytest.raises(StopFutureHandlers):
        handler.new_file("evidence", "a.jpg", "image/jpeg", 1, None, {})
    handler.receive_data_chunk(b"abc", 0)
    assert isinstance(handler.file_complete(3), InMemoryUploadedFile)


@pytest.mark.parametrize("path", ["/o", "/sign-in", "/report", "/w/new", "/desk/bulk"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    town: Town, signed_in: SignedIn, settings: Any, path: str
) -> None:
    settings.LARGEST_BODY = 1000
    client = signed_in("duan")
    answer = client.post(path, {"code": "x" * 2000})
    assert answer.status_code == 413
    assert answer["Connection"] == "close"
    assert "发来的内容太大了" in answer.content.decode()


@pytest.mark.parametrize("length", ["-1", "1e9", "12a", "9" * 30])
def test_a_length_that_is_no_length_is_refused(town: Town, length: str) -> None:
    assert Client().post("/o", {"code": "x"}, CONTENT_LENGTH=length).status_code == 413


def test_more_words_than_any_form_has_are_refused(town: Town) -> None:
    answer = Client().post("/o", {"code": "x" * (DJANGOS_SMALL + 10)})
    assert 400 <= answer.status_code < 500

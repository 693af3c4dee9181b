"""Reporting an event: in a plain form or from a phone's queue, once, with photos, and done on the spot in one step."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.cases.evidence import Holder, evidence_of, loose_of
from linli.cases.models import Case
from linli.web.conftest import SignedIn
from linli.web.worker.tests.scene import LITTER, picture, report
from tests.town import BRIDGE, GRIDS, Town


@pytest.fixture
def ground(town: Town) -> Town:
    """The town with outlines."""
    town.ground()
    return town


def test_a_plain_form_opens_an_event_with_its_photos(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    answer = report(client, photos=[picture(), picture("close.jpg")])
    assert answer["Location"] == "/w/new/sent"
    case = Case.objects.get()
    assert (case.kind, case.place, case.matter) == ("event", GRIDS[0], LITTER)
    assert len(evidence_of(case.pk)) == 2
    page = client.get("/w/new/sent").content.decode()
    assert "已上报" in page
    assert f"/w/{case.no}" in page


def test_the_phones_queue_is_answered_in_json_and_opens_once(ground: Town, signed_in: SignedIn) -> None:
    client, request_id = signed_in("fang"), str(uuid4())
    answers = [report(client, by_script=True, request_id=request_id, photos=[picture()]) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 201]
    assert len({one.json()["no"] for one in answers}) == 1
    assert Case.objects.count() == 1
    assert len(evidence_of(Case.objects.get().pk)) == 1
    assert loose_of(Holder(account=ground.fang)) == []


def test_what_is_missing_is_said_and_the_photos_are_kept(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    answer = report(client, matter="", photos=[picture()])
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请说是什么事" in page
    kept = answer.context["form"].photos
    assert len(kept) == 1
    report(client, kept=kept)
    assert [one.id for one in evidence_of(Case.objects.get().pk)] == list(kept)


def test_the_queue_gets_its_mistakes_in_words(ground: Town, signed_in: SignedIn) -> None:
    told = report(signed_in("fang"), by_script=True, matter="")
    assert (told.status_code, told.json()["said"]) == (422, "请说是什么事：选一项，或写几个字。")


def test_done_on_the_spot_asks_what_was_done_and_closes(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    assert report(client, done="yes").status_code == 422
    report(client, done="yes", done_words="当场清走了")
    assert Case.objects.get().state == "closed"


def test_on_the_spot_outside_ones_place_is_refused_in_words(ground: Town, signed_in: SignedIn) -> None:
    answer = report(signed_in("fang"), by_script=True, done="yes", done_words="清走了", grid=GRIDS[2])
    assert answer.status_code == 403
    assert "不在您负责的范围内" in answer.json()["said"]
    assert not Case.objects.exists()


def test_outside_ones_place_it_is_taken_in_and_not_shown(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    report(client, grid=GRIDS[2])
    case = Case.objects.get()
    assert case.place.startswith(BRIDGE)
    page = client.get("/w/new/sent").content.decode()
    assert "已上报" in page
    assert f"/w/{case.no}" not in page


def test_without_a_position_it_counts_to_the_own_place_and_to_no_other(ground: Town, signed_in: SignedIn) -> None:
    report(signed_in("fang"), lon="", lat="", place=GRIDS[0])
    report(signed_in("fang"), lon="", lat="", place=GRIDS[3])
    assert sorted(Case.objects.values_list("place", flat=True)) == ["", GRIDS[0]]


def test_a_like_one_close_by_can_be_joined_by_the_finder(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    report(client)
    first = Case.objects.get()
    report(client)
    second = Case.objects.exclude(pk=first.pk).get()
    page = client.get("/w/new/sent")
    assert "附近有一件同样的，并进去？" in page.content.decode()
    joined = client.post(f"/w/{second.no}/join", {"request_id": page.context["join_id"], "into": first.no})
    assert joined.status_code == 302
    second.refresh_from_db()
    assert (second.state, second.joined_to) == ("joined", first.pk)


def test_an_accusation_is_answered_as_any_report(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    answer = report(client, by_script=True, words="我要举报街道办主任收受贿赂，让装修队随便倒垃圾。")
    assert answer.status_code == 201
    case = Case.objects.get()
    assert case.compartment == "sealed"
    page = client.get("/w/new/sent").content.decode()
    assert f"/w/{case.no}" not in page
    for path in ("/w", "/w/me", "/w/messages"):
        assert case.no not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("bill.pdf", b"%PDF-1.4 nothing"), ("run.jpg", b"MZ" + b"0" * 200), ("../../etc.jpg", b"<svg onload=alert(1)>")],
)
def test_files_that_are_no_photos_are_refused(ground: Town, signed_in: SignedIn, name: str, content: bytes) -> None:
    answer = report(signed_in("fang"), photos=[SimpleUploadedFile(name, content, "image/jpeg")])
    assert answer.status_code == 422
    assert "不是照片" in answer.content.decode()
    assert not Case.objects.exists()


def test_too_many_photos_are_refused_with_the_number(ground: Town, signed_in: SignedIn) -> None:
    answer = report(signed_in("fang"), photos=[picture(f"{n}.jpg") for n in range(21)])
    assert answer.status_code == 422
    assert "最多" in answer.content.decode()


def test_script_in_words_stays_words(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    report(client, words="<script>alert(1)</script>路边垃圾", where="</textarea><b>")
    case = Case.objects.get()
    assert "<script>alert" not in client.get(f"/w/{case.no}").content.decode()


def test_the_likely_matters_are_those_of_the_place(ground: Town, signed_in: SignedIn) -> None:
    client = signed_in("fang")
    report(client, matter="event.01.003")
    likely = [one.value for one in client.get("/w/new").context["form"].likely]
    assert likely[0] == "event.01.003"
    assert len(likely) == len(set(likely)) == 6
    assert all(code.startswith(("event.", "component.")) for code in likely)


def test_another_event_under_the_same_number_is_refused(ground: Town, signed_in: SignedIn) -> None:
    client, request_id = signed_in("fang"), str(uuid4())
    report(client, by_script=True, request_id=request_id)
    assert report(client, by_script=True, request_id=request_id, words="别的").status_code == 409
    assert report(client, by_script=True, request_id="nonsense").status_code == 400

"""A desk lets a reporter's photo be seen: looked at first, nobody recognisable, no trace of whose it is, taken back at will."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from linli.cases.evidence import erase_photos_of_voice, keep_photo, work_photos
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import VOICE, in_hand, later, open_one, take
from linli.cases.tests.folding import differences
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, photo
from linli.cases.voices import PartRequest, photos_open
from linli.journal.selectors import entries_of
from linli.kernel.errors import InputError, LinliError, RefusedError
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, page, send
from linli.web.desk.tests.test_photos import added
from linli.web.worker.tests.scene import picture
from tests.town import Town

_ADDRESS = re.compile(r"/photo/(\d+)")


def looked(town: Town, case: int, token: str, who: str = "duan", minutes: int = 22) -> None:
    """A desk opens the photos of a voice."""
    request = PartRequest(case, link_of(token).voice, "photos", "核对现场")
    photos_open(request, town.ref(who), request_id=uuid4(), at=later(minutes=minutes))


def release(town: Town, case: int, photos: list[int], who: str = "duan", **changes: Any) -> None:
    form = {"photos": photos, "unrecognisable": True} | changes
    take(case, "release_photo", town.ref(who), later(minutes=25), **form)


def test_a_photo_that_nobody_looked_at_is_not_shown(town: Town) -> None:
    opened, kept = added(town)
    for who in ("duan", "he"):
        with pytest.raises(RefusedError) as refused:
            release(town, opened.case, [kept], who)
        assert refused.value.code == "case.photo_not_seen"
    looked(town, opened.case, opened.token, "he")
    with pytest.raises(RefusedError):
        release(town, opened.case, [kept])
    assert work_photos(opened.case) == []


def test_one_in_which_somebody_is_recognised_is_not_shown(town: Town) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    with pytest.raises(RefusedError) as refused:
        release(town, opened.case, [kept], unrecognisable=False)
    assert refused.value.code == "case.photo_recognised"
    assert work_photos(opened.case) == []


def test_a_photo_that_came_after_the_look_has_to_be_looked_at(town: Town) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    fresh = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=23))
    said = Said("add", {}, [fresh.id], HOLDER)
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=uuid4(), at=later(minutes=24))
    with pytest.raises(RefusedError):
        release(town, opened.case, [kept, fresh.id])
    release(town, opened.case, [kept])
    assert [one.id for one in work_photos(opened.case)] == [kept]


@pytest.mark.parametrize("wrong", [[], [0], [-1], [10**12], "body", "other"])
def test_only_the_reporters_own_photos_of_this_case(town: Town, signed_in: SignedIn, wrong: Any) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    if wrong == "body":
        send(signed_in("han"), str(opened.no), "note", note="在看", evidence=picture())
        wrong = [one.id for one in work_photos(opened.case)]
    elif wrong == "other":
        wrong = [added(town)[1]]
    before = len(entries_of(f"case:{opened.case}"))
    with pytest.raises(InputError) as refused:
        release(town, opened.case, [kept, *wrong] if wrong else wrong)
    assert next(iter(refused.value.data["fields"])) == "photos"  # type: ignore[call-overload]
    assert len(entries_of(f"case:{opened.case}")) == before


@pytest.mark.parametrize("who", ["han", "wei", "mei", "fang", "deng", "su", "shen", "mo", "adam"])
def test_no_other_lets_it_be_seen_or_takes_it_back(town: Town, who: str) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    with pytest.raises(LinliError):
        release(town, opened.case, [kept], who)
    release(town, opened.case, [kept])
    with pytest.raises(LinliError):
        take(opened.case, "take_back_photo", town.ref(who), later(minutes=26), photos=[kept], reason="不合适")
    assert [one.id for one in work_photos(opened.case)] == [kept]
    assert differences(opened.case) == {}


def test_who_works_on_it_sees_it_without_a_trace_of_whose_it_is(town: Town, signed_in: SignedIn) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    release(town, opened.case, [kept])
    (shown,) = work_photos(opened.case)
    assert (shown.side, shown.voice, shown.case) == ("body", None, opened.case)
    for name in ("han", "wei", "mei", "su"):
        client = signed_in(name)
        address = f"/w/{opened.no}" if name == "mei" else f"/desk/case/{opened.no}"
        text = client.get(address).content.decode()
        assert _ADDRESS.findall(text), name
        assert set(_ADDRESS.findall(text)) == {str(kept)}, name
        assert not [word for word in (*PLANTED, VOICE.phone) if word in text], name
        assert "居民 1，第 1 张" not in text, name
        answer = client.get(f"{address}/photo/{kept}")
        assert answer["Content-Type"] == "image/jpeg"
        assert b"Exif" not in answer.content
    for name in ("deng", "lin", "mo"):
        assert signed_in(name).get(f"/desk/case/{opened.no}/photo/{kept}").status_code == 404


def test_taken_back_nobody_sees_it_any_more(town: Town, signed_in: SignedIn) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    release(town, opened.case, [kept], public=True)
    take(opened.case, "take_back_photo", town.ref("he"), later(minutes=27), photos=[kept], reason="看得出门牌")
    assert work_photos(opened.case) == []
    assert signed_in("han").get(f"/desk/case/{opened.no}/photo/{kept}").status_code == 404
    assert not _ADDRESS.findall(page(signed_in("han"), "desk_case", opened.no))
    with pytest.raises(InputError):
        take(opened.case, "take_back_photo", town.ref("he"), later(minutes=28), photos=[kept], reason="再收一次")
    assert differences(opened.case) == {}


def test_erased_by_its_reporter_it_is_gone_for_all(town: Town, signed_in: SignedIn) -> None:
    opened, kept = added(town)
    looked(town, opened.case, opened.token)
    release(town, opened.case, [kept])
    erase_photos_of_voice(link_of(opened.token).voice, later(minutes=40))
    assert work_photos(opened.case) == []
    assert signed_in("han").get(f"/desk/case/{opened.no}/photo/{kept}").status_code == 404


def test_those_who_follow_see_it_only_where_the_desk_says_so(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    opened, kept = added(town)
    neighbour = open_one(at=later(minutes=2))
    take(neighbour.case, "join", town.ref("duan"), later(minutes=21), into=opened.no)
    looked(town, opened.case, opened.token)
    browser, address = Client(), f"/f/{neighbour.token}"
    for public in (False, True):
        release(town, opened.case, [kept], public=public)
        text = browser.get(address).content.decode()
        assert (f"{address}/photo/{kept}" in text) is public
        assert browser.get(f"{address}/photo/{kept}").status_code == (200 if public else 404)
        assert not [word for word in PLANTED if word in text.replace(VOICE.original, "")]
    assert "值班台公开了现场照片。" in browser.get(address).content.decode()
    take(opened.case, "take_back_photo", town.ref("duan"), later(minutes=28), photos=[kept], reason="看得出人")
    assert browser.get(f"{address}/photo/{kept}").status_code == 404


def test_a_photo_of_a_joined_neighbour_leaves_with_them(town: Town) -> None:
    opened = in_hand(town)
    neighbour = open_one(at=later(minutes=2))
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=3))
    said = Said("add", {}, [kept.id], HOLDER)
    take_as_reporter(neighbour.case, link_of(neighbour.token), said, request_id=uuid4(), at=later(minutes=20))
    take(neighbour.case, "join", town.ref("duan"), later(minutes=21), into=opened.no)
    looked(town, opened.case, neighbour.token)
    release(town, opened.case, [kept.id])
    assert [one.id for one in work_photos(opened.case)] == [kept.id]
    take(neighbour.case, "unjoin", town.ref("duan"), later(minutes=30))
    assert work_photos(opened.case) == []
    assert work_photos(neighbour.case) == []


def test_from_the_page_of_the_case(town: Town, signed_in: SignedIn, clock: Clock) -> None:
    opened, kept = added(town)
    desk, no = signed_in("duan"), str(opened.no)
    assert "公开照片" in page(desk, "desk_case", no)
    assert "收回照片" not in page(desk, "desk_case", no)
    assert "公开照片" not in page(signed_in("han"), "desk_case", no)
    looked(town, opened.case, opened.token)
    form = desk.get(f"/desk/case/{no}/release_photo").content.decode()
    assert "居民 1，第 1 张" in form
    assert "确认认不出人、车牌和住处吗？" in form
    assert send(desk, no, "release_photo", photos=str(kept)).status_code == 422
    refused = send(desk, no, "release_photo", photos=str(kept), unrecognisable="false")
    assert (refused.status_code, "认得出人、车牌或住处的照片不能公开。" in refused.content.decode()) == (403, True)
    assert send(desk, no, "release_photo", photos=str(kept), unrecognisable="true", public="false").status_code == 302
    assert f"/photo/{kept}" in page(desk, "desk_case", no)
    assert "收回照片" in page(desk, "desk_case", no)
    assert send(desk, no, "take_back_photo", photos=str(kept), reason="看得出门牌").status_code == 302
    assert f"/photo/{kept}" not in page(desk, "desk_case", no)


def test_a_case_without_photos_offers_nothing(town: Town, signed_in: SignedIn) -> None:
    assert "公开照片" not in page(signed_in("duan"), "desk_case", in_hand(town).no)

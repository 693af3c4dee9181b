"""An event found at work: the way of every report, one case for one request, done on the spot in one step."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from linli.cases.evidence import Holder, evidence_of, keep_photo
from linli.cases.models import Case, Voice
from linli.cases.seeing import numbered
from linli.cases.tests.test_evidence import BOUNDS, photo
from linli.intake.events import Found, Reported, event_report
from linli.journal.errors import RequestReusedError
from linli.journal.selectors import entries_of
from linli.kernel.errors import InputError, RefusedError
from tests.town import AT, BRIDGE, GRIDS, Town, point_in

LITTER = "event.01.002"


def found(**more: Any) -> Found:
    lon, lat = point_in(GRIDS[0])
    known: dict[str, Any] = {"matter": LITTER, "lon": lon, "lat": lat, "said": repr(sorted(more.items())).encode()}
    return Found(**{**known, **more})


def report(town: Town, who: str = "fang", request_id: UUID | None = None, **more: Any) -> Reported:
    return event_report(found(**more), town.ref(who), request_id=request_id or uuid4(), at=AT)


def case_of(no: str) -> Case:
    return Case.objects.get(pk=numbered(no))


def test_it_is_located_classed_and_routed_and_nobody_stands_behind_it(town: Town) -> None:
    case = case_of(report(town).no)
    assert (case.kind, case.channel, case.matter, case.matter_by) == ("event", "worker", LITTER, "given")
    assert case.place == GRIDS[0]
    assert case.why["route"]["role"] == "duty.sanitation"
    assert not Voice.objects.filter(home=case).exists()


def test_what_the_pack_lets_a_machine_send_is_sent_at_once(town: Town) -> None:
    case = case_of(report(town, words="桶满了，垃圾堆到地上").no)
    assert case.state in ("reported", "dispatched")
    assert "垃圾" in case.task_text


def test_names_and_numbers_in_the_finders_words_are_blanked(town: Town) -> None:
    case = case_of(report(town, words="垃圾堆在路口，找陈建国，电话13912345678").no)
    assert "13912345678" not in case.task_text
    assert "垃圾" in case.task_text


def test_the_same_request_opens_once_and_another_event_under_its_id_is_refused(town: Town) -> None:
    request_id = uuid4()
    first = report(town, request_id=request_id)
    again = report(town, request_id=request_id)
    assert (again.no, again.repeated) == (first.no, True)
    assert Case.objects.count() == 1
    with pytest.raises(RequestReusedError):
        report(town, request_id=request_id, words="别的事")


def test_done_on_the_spot_is_closed_by_one_step_with_its_photos(town: Town) -> None:
    kept = keep_photo(photo(), Holder(account=town.fang), BOUNDS, AT)
    case = case_of(report(town, done="当场清走了", photos=(kept.id,)).no)
    assert (case.state, case.result, case.counts) == ("closed", "solved", {"on_the_spot": 1})
    verbs = [entry.verb for entry in entries_of(f"case:{case.pk}")]
    assert verbs == ["cases.event.open", "cases.event.done_on_the_spot"]
    assert [(one.id, one.side) for one in evidence_of(case.pk)] == [(kept.id, "body")]


def test_nobody_closes_on_the_spot_what_is_not_their_place(town: Town) -> None:
    with pytest.raises(RefusedError):
        report(town, "qin", done="清走了")
    assert not Case.objects.exists()


def test_photos_are_evidence_from_the_first_entry(town: Town) -> None:
    kept = keep_photo(photo(), Holder(account=town.fang), BOUNDS, AT)
    case = case_of(report(town, photos=(kept.id,)).no)
    assert case.data["evidence"] == [kept.id]
    assert evidence_of(case.pk)[0].case == case.pk


def test_a_photo_of_somebody_else_is_refused_and_nothing_is_opened(town: Town) -> None:
    kept = keep_photo(photo(), Holder(account=town.gu), BOUNDS, AT)
    with pytest.raises(InputError):
        report(town, photos=(kept.id,))
    assert not Case.objects.exists()


def test_a_place_that_the_finder_names_stands_where_there_is_no_point(town: Town) -> None:
    assert case_of(report(town, lon=None, lat=None, place=GRIDS[1]).no).place == GRIDS[1]
    lost = case_of(report(town, lon=None, lat=None).no)
    assert lost.state == "to_locate"


def test_a_point_wins_over_the_named_place(town: Town) -> None:
    lon, lat = point_in(GRIDS[2])
    assert case_of(report(town, lon=lon, lat=lat, place=GRIDS[0]).no).place == GRIDS[2]
    assert GRIDS[2].startswith(BRIDGE)


def test_a_like_one_close_by_is_named_and_neither_is_joined(town: Town) -> None:
    first = report(town)
    second = report(town, words="又一处垃圾")
    assert second.like == (first.no,)
    assert case_of(second.no).joined_to is None
    assert case_of(first.no).pk in case_of(second.no).candidates


def test_an_accusation_goes_to_its_receivers_and_is_answered_alike(town: Town) -> None:
    told = report(town, words="我要举报街道办主任收受贿赂，让装修队随便倒垃圾。")
    case = case_of(told.no)
    assert (case.compartment, case.kind) == ("sealed", "request")
    assert "贿赂" not in case.task_text + case.title
    assert told.like == ()


def test_something_must_be_said(town: Town) -> None:
    with pytest.raises(InputError):
        report(town, matter="")

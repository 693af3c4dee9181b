"""A resident's own report goes the same way as every other, once, with their link; and what they say of trouble is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.cases.following import follow
from linli.cases.models import Assignment, Case, Voice
from linli.cases.mydata import my_data, voice_told
from linli.cases.residents import link_of
from linli.intake.residents import (
    Telling,
    corrected_task,
    outside,
    report_send,
    same_nearby,
    troubled,
    understood,
)
from linli.intake.tasks import drop_unsent
from linli.intake.written import draft_of, keep_draft, link_of_draft, new_secret
from linli.kernel.errors import InputError
from tests.town import AT, GRIDS, Town, point_in

LON, LAT = point_in(GRIDS[0])
LAMP = Telling(words="路口的路灯不亮，已经三天了。", where="桂花路口", lon=LON, lat=LAT, phone="13900001234")


def send(telling: Any = LAMP, secret: Any = None, at: Any = AT, **more: Any) -> Any:
    return report_send(telling, secret or new_secret(), (), at=at, **more)


def test_it_is_located_classed_and_routed_like_any_other_and_keeps_the_words_apart(town: Town) -> None:
    opened = send()
    case = Case.objects.get(pk=opened.case)
    assert (case.place, case.channel, case.kind, case.compartment) == (GRIDS[0], "web", "request", "open")
    assert opened.due_at
    assert opened.token
    assert "13900001234" not in str(vars(case))
    told = {one.what: one.content for one in my_data(link_of(opened.token)).held}
    assert told["voice.original"]["text"].startswith(LAMP.words)
    assert told["voice.identity"] == {"phone": "13900001234"}


def test_the_same_form_sent_twice_is_one_case_and_leads_to_the_same_link(town: Town) -> None:
    secret = new_secret()
    keep_draft(secret, {"words": "…"}, AT)
    first, again = send(secret=secret), send(secret=secret)
    assert (again.case, again.known, Case.objects.count()) == (first.case, True, 1)
    assert link_of_draft(secret) == first.token
    assert draft_of(secret) is None


def test_a_draft_is_read_by_its_secret_alone_and_goes_after_a_day(town: Town) -> None:
    secret = new_secret()
    keep_draft(secret, {"words": "路灯"}, AT)
    assert draft_of(secret) == {"words": "路灯"}
    assert draft_of(new_secret()) is None
    for wrong in ("", "x", "../../etc/passwd", "a" * 31, "a" * 33, "é" * 32):
        with pytest.raises(InputError):
            draft_of(wrong)
    assert drop_unsent(AT + timedelta(hours=23)) == 0
    assert drop_unsent(AT + timedelta(hours=25)) == 1


def test_a_helper_is_named_in_the_compartment_and_wishes_are_kept(town: Town) -> None:
    opened = send(replace(LAMP, helper="钱帮忙", relation="邻居", tell="message", may_ring=True))
    voice = Voice.objects.get(case=opened.case)
    assert voice.wishes == ["by_message", "may_ring", "by_helper"]
    assert "钱帮忙" in str(my_data(link_of(opened.token)))
    assert "钱帮忙" not in str(vars(Case.objects.get(pk=opened.case)))


def test_a_pin_outside_says_how_far(town: Town) -> None:
    far = understood(replace(LAMP, lon=LON + 0.4), AT)
    assert (outside(far) or 0) > 1000
    assert outside(understood(LAMP, AT)) is None
    assert outside(understood(replace(LAMP, lon=None, lat=None), AT)) is None


def test_a_neighbours_public_matter_is_offered_after_the_delay_and_joined_by_the_resident(town: Town) -> None:
    first = send(replace(LAMP, matter=_shared(town)))
    later = AT + timedelta(hours=3)
    case = understood(replace(LAMP, matter=_shared(town)), later)
    (same,) = same_nearby(case, later)
    assert same.case == first.case
    second = send(at=later, same=same)
    assert Case.objects.get(pk=second.case).joined_to == first.case
    seen = follow(link_of(second.token), later)
    assert (seen.joined, seen.voices) == (True, 2)
    assert same_nearby(understood(replace(LAMP, matter=_shared(town)), AT), AT) == []


def _shared(town: Town) -> Any:
    from linli.intake.tests.conftest import PACKS
    from linli.rules.compiler import compile_pack

    rows = compile_pack(PACKS, "national").matters().items()
    return next(c for c, r in rows if r["joinable"] and r["public"] and not r["protected"] and c.startswith("topic"))


def test_an_accusation_is_sealed_and_offered_nothing(town: Town) -> None:
    words = replace(LAMP, words="我要举报街道办主任收受贿赂，让装修队随便倒垃圾。")
    assert understood(words, AT).compartment == "sealed"
    assert same_nearby(understood(words, AT), AT + timedelta(hours=3)) == []
    assert corrected_task(words, AT)[2] == "sealed"
    opened = send(words)
    assert Case.objects.get(pk=opened.case).compartment == "sealed"


def test_trouble_over_a_matter_is_a_sealed_case_away_from_everybody_who_had_it(town: Town) -> None:
    opened = send()
    link = link_of(opened.token)
    Assignment.objects.create(
        case_id=opened.case, organisation=town.sanitation, role="co", state="ended", by="person", sent_at=AT,
        deemed=False, ended_at=AT,
    )  # fmt: skip
    sealed = troubled(link, opened.no, GRIDS[0], replace(voice_told(link), original="有人来敲门骂我"), AT)
    case = Case.objects.get(pk=sealed.case)
    assert (case.compartment, case.marks["accused"]) == ("sealed", [town.sanitation])
    assert opened.no not in str(vars(case))
    assert "敲门" not in str(vars(case))
    told = str(my_data(link_of(sealed.token)))
    assert opened.no in told
    assert "有人来敲门骂我" in told
    assert "13900001234" in told
    assert follow(link, AT).happened[-1].step == "open"

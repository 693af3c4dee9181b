"""A closed case that nobody can receive, and one that is handed on: the rule names who, and nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.access.selectors import system_actor
from linli.access.services import AccountDraft, account_add
from linli.cases.drafts import Opened
from linli.cases.models import Assignment
from linli.cases.seeing import see
from linli.cases.tests.desk import in_hand, later, open_one, rules, take
from linli.cases.tests.folding import differences
from linli.journal.selectors import entries_of
from linli.kernel.errors import InputError, LinliError, NotFoundError, RefusedError
from linli.organisations.appointments import AppointmentDraft, appoint, appointment_end
from linli.organisations.domain import PostDraft
from linli.organisations.selectors import duties_of
from linli.organisations.services import DutyDraft, duty_end, duty_open, post_open
from tests.town import DISTRICT, FOUNDED, Town

HOUR = timedelta(hours=1)
PEOPLE = (
    "fang",
    "mei",
    "liang",
    "duan",
    "he",
    "hong",
    "hu",
    "han",
    "wei",
    "zhong",
    "su",
    "ji",
    "shen",
    "adam",
    "beth",
    "mo",
)


def receivers(case: int) -> set[int | None]:
    """Accounts that receive a case."""
    return set(Assignment.objects.filter(case=case, role="receiver", ended_at=None).values_list("account", flat=True))


def second_receiver(town: Town) -> int:
    """A colleague of tan, in a post of the same desk."""
    system = system_actor()
    account = account_add(AccountDraft("town.tang", "Tang of the town"), system, FOUNDED)
    draft = PostDraft(town.petitions, "seal_receiver@2", "seal_receiver", "receiver", FOUNDED, place="870102")
    appoint(AppointmentDraft(post_open(draft, system, FOUNDED), account, FOUNDED), system, FOUNDED)
    town.people["tang"] = account
    return account


def sealed(town: Town) -> Opened:
    return open_one(compartment="sealed", matter=None, accused=(town.sanitation,), title="密件")


def left(town: Town, *names: str) -> None:
    for name in names:
        appointment_end(town.appointments[name], town.actor("beth"), later(hours=1), later(hours=1))


def test_the_receiver_hands_it_to_a_colleague_and_loses_sight(town: Town) -> None:
    tang = second_receiver(town)
    opened = open_one(compartment="sealed", matter=None, accused=(town.sanitation,))
    assert receivers(opened.case) == {town.tan, tang}
    with pytest.raises(RefusedError) as there:
        take(opened.case, "name_receiver", town.ref("tan"), account=tang)
    assert there.value.code == "case.receiver_there"


def test_handing_on_to_somebody_who_came_later(town: Town) -> None:
    opened = sealed(town)
    assert receivers(opened.case) == {town.tan}
    tang = second_receiver(town)
    take(opened.case, "name_receiver", town.ref("tan"), later(hours=1), account=tang)
    assert receivers(opened.case) == {tang}
    assert see(town.actor("tang"), opened.case).is_desk
    with pytest.raises(NotFoundError):
        see(town.actor("tan"), opened.case)
    assert differences(opened.case) == {}


@pytest.mark.parametrize("account", [None, 0, -1, 10**12, "han", "ji", "wei", "beth"])
def test_nobody_but_the_receivers_of_today_is_named(town: Town, account: int | str | None) -> None:
    opened = sealed(town)
    before = len(entries_of(f"case:{opened.case}"))
    named = town.people[account] if isinstance(account, str) else account
    with pytest.raises(InputError) as wrong:
        take(opened.case, "name_receiver", town.ref("tan"), later(hours=1), account=named)
    assert list(wrong.value.data["fields"]) == ["account"]  # type: ignore[call-overload]
    assert len(entries_of(f"case:{opened.case}")) == before


def test_when_the_receiver_left_the_next_line_takes_it_and_no_other(town: Town) -> None:
    opened = sealed(town)
    left(town, "tan")
    at = later(hours=2)
    for name in PEOPLE:
        if name != "ji":
            with pytest.raises(NotFoundError):
                take(opened.case, "name_receiver", town.ref(name), at, account=town.ji)
    take(opened.case, "name_receiver", town.ref("ji"), at, account=town.ji)
    assert receivers(opened.case) == {town.ji}
    assert see(town.actor("ji", at), opened.case).is_desk
    assert differences(opened.case) == {}
    told = entries_of(f"case:{opened.case}")[-1]
    assert (told.verb, told.data["as"]) == ("cases.request.name_receiver", "next_line")


def test_while_a_receiver_can_act_nobody_takes_it_from_them(town: Town) -> None:
    opened = sealed(town)
    with pytest.raises(NotFoundError):
        take(opened.case, "name_receiver", town.ref("ji"), account=town.ji)
    assert receivers(opened.case) == {town.tan}


def test_without_any_receiver_at_the_closing_the_next_who_is_appointed_takes_it(town: Town) -> None:
    left(town, "tan", "ji")
    opened = open_one(at=later(hours=2), compartment="sealed", matter=None, accused=(town.sanitation,))
    assert receivers(opened.case) == set()
    tang = second_receiver(town)
    take(opened.case, "name_receiver", town.ref("tang"), later(hours=3), account=tang)
    assert receivers(opened.case) == {tang}
    assert differences(opened.case) == {}


def test_who_typed_it_in_and_whom_it_speaks_of_are_never_the_next_line(town: Town) -> None:
    plain = in_hand(town)
    take(plain.case, "seal", town.ref("duan"), later(minutes=20), accused=[town.sanitation], people=[town.ji])
    assert receivers(plain.case) == set()
    left(town, "tan")
    typed = open_one(town.ref("ji"), compartment="sealed", matter=None, accused=(town.sanitation,))
    for case in (plain.case, typed.case):
        with pytest.raises(NotFoundError):
            take(case, "name_receiver", town.ref("ji"), later(hours=2), account=town.ji)


def test_a_protected_case_goes_to_the_posts_of_today(town: Town) -> None:
    matter = next(
        code for code, row in rules().matters().items() if row["protected"] and row["duty"] == "duty.person_safe"
    )
    left(town, "fu")
    opened = open_one(at=later(hours=2), compartment="protected", matter=matter)
    assert Assignment.objects.filter(case=opened.case, role="receiver", ended_at=None).exists()
    with pytest.raises(NotFoundError):
        take(opened.case, "name_receiver", town.ref("han"), later(hours=3))


def test_opening_needs_a_reason_and_is_for_receivers(town: Town) -> None:
    opened = sealed(town)
    forms: list[dict[str, Any]] = [{}, {"reason": ""}, {"reason": "  "}, {"reason": "看" * 4001}]
    for form in forms:
        with pytest.raises(InputError):
            take(opened.case, "look_in", town.ref("tan"), **form)
    for name in PEOPLE:
        with pytest.raises(NotFoundError):
            take(opened.case, "look_in", town.ref(name), reason="看看")
    take(opened.case, "look_in", town.ref("tan"), reason="按程序核查")
    assert entries_of(f"case:{opened.case}")[-1].verb == "cases.request.look_in"


def test_on_an_open_case_there_is_nothing_to_open_or_to_hand_on(town: Town) -> None:
    opened = in_hand(town)
    for name in ("duan", "he", "han", "su", "ji", "tan"):
        with pytest.raises(LinliError):
            take(opened.case, "look_in", town.ref(name), reason="看看")
        with pytest.raises(LinliError):
            take(opened.case, "name_receiver", town.ref(name), account=town.tan)


def test_when_the_duty_has_moved_the_posts_of_its_new_holder_take_a_protected_case(town: Town) -> None:
    matter = next(
        code for code, row in rules().matters().items() if row["duty"] == "duty.person_safe" and row["protected"]
    )
    opened = open_one(compartment="protected", matter=matter)
    left(town, "fu")
    system, at = system_actor(), later(hours=1)
    link = duties_of(town.person_safe, at)["duty.person_safe", DISTRICT]
    duty_end(link, system, at, at)
    duty_open(DutyDraft(town.discipline, "duty.person_safe", DISTRICT, at), system, at)
    with pytest.raises(NotFoundError):
        take(opened.case, "name_receiver", town.ref("han"), later(hours=2))
    take(opened.case, "name_receiver", town.ref("ji"), later(hours=2))
    named = Assignment.objects.filter(case=opened.case, role="receiver", ended_at=None)
    assert [row.post for row in named] == [town.posts["ji"]]
    assert see(town.actor("ji", later(hours=2)), opened.case).is_desk
    assert differences(opened.case) == {}

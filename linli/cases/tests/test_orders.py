"""Bodies without an account: what an order lets them do, for how long, and what ends it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from linli.access.models import OrderPass
from linli.access.orders import order_of
from linli.cases.attaching import holder_for, take_with_photos
from linli.cases.drafts import Opened
from linli.cases.engine import take_step
from linli.cases.evidence import Holder, keep_photo, work_photos
from linli.cases.models import Case
from linli.cases.orders import access_order, orders_out
from linli.cases.seeing import see
from linli.cases.tests.desk import later, open_one, rules, take
from linli.cases.tests.folding import differences
from linli.cases.tests.test_evidence import BOUNDS, photo
from linli.journal.selectors import entries_of
from linli.kernel.actors import ActorRef
from linli.kernel.errors import ConflictError, InputError, LinliError, NotFoundError, RefusedError
from tests.town import Town

REPLY = {"result": "solved", "words": "已修好。"}
STEPS = {"sign", "return", "say", "note"}
OTHERS = (
    "answer_at_once", "dispatch", "take_up", "bring_in", "contact", "note_try", "give_up", "leave_unsafe", "grant_extension",
    "ask_shelf", "call_back", "check_on_site", "check_evidence", "withdraw", "void", "split", "seal", "open_part", "remind",
    "issue_order", "withdraw_order", "overdue",
)  # fmt: skip


def _sent(town: Town) -> Opened:
    opened = open_one()
    take(opened.case, "dispatch", town.ref("duan"), later(minutes=5), organisation=town.sanitation)
    return opened


def _order(town: Town, case: int, made_as: str = "paper", minutes: int = 6) -> str:
    given = {"at_work": town.sanitation, "made_as": made_as}
    return take(case, "issue_order", town.ref("duan"), later(minutes=minutes), **given).order


def _holder(secret: str, minutes: int = 7) -> ActorRef:
    found = order_of(secret, later(minutes=minutes))
    assert found is not None
    return ActorRef("order", order=found.id)


def test_a_body_signs_and_replies_with_its_order_and_the_log_says_so(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    holder = _holder(secret)
    assert take(case, "sign", holder, later(minutes=8)).state == "signed"
    assert take(case, "reply", holder, later(minutes=20), **REPLY).state == "checking"
    last = entries_of(f"case:{case}")[-1]
    assert (last.actor.kind, last.actor.account, last.organisation, last.post) == ("order", None, town.sanitation, None)
    assert (last.data["as"], last.data["order"]) == ("owner", holder.order)
    assert differences(case) == {}
    (use,) = orders_out(see(town.actor("duan"), case).bundle.case)
    assert (use.uses, use.used_at) == (2, later(minutes=20))


def test_the_steps_of_an_order_are_those_that_the_procedure_marks(town: Town) -> None:
    case = _sent(town).case
    found = access_order(_order(town, case), later(minutes=7))
    assert {one.spec.id for one in found.file.steps if one.denied is None} == STEPS
    assert found.file.voices == ()
    assert found.file.alike == ()


@pytest.mark.parametrize("step", OTHERS)
def test_every_other_step_is_refused_and_nothing_happens(town: Town, step: str) -> None:
    case = _sent(town).case
    holder = _holder(_order(town, case))
    before = len(entries_of(f"case:{case}"))
    with pytest.raises(LinliError):
        take(case, step, holder, later(minutes=8))
    assert len(entries_of(f"case:{case}")) == before


def test_an_order_opens_its_own_case_and_no_other(town: Town) -> None:
    case, other = _sent(town).case, _sent(town).case
    holder = _holder(_order(town, case))
    _order(town, other)
    for step in ("sign", "note", "return"):
        with pytest.raises(NotFoundError):
            take(other, step, holder, later(minutes=8), **({"note": "x"} if step == "note" else {}))


def test_who_makes_up_an_order_gets_nothing(town: Town) -> None:
    case = _sent(town).case
    _order(town, case)
    for ref in (ActorRef("order", order=10**9), ActorRef("order"), ActorRef("order", account=town.people["duan"])):
        with pytest.raises(NotFoundError):
            take(case, "sign", ref, later(minutes=8))


def test_a_repeated_request_acts_once_and_another_form_is_refused(town: Town) -> None:
    case = _sent(town).case
    holder, request_id = _holder(_order(town, case)), uuid4()
    first = take_step(case, "note", holder, {"note": "明天去修。"}, request_id=request_id, at=later(minutes=8))
    again = take_step(case, "note", holder, {"note": "明天去修。"}, request_id=request_id, at=later(minutes=9))
    assert (again.repeated, again.seq) == (True, first.seq)
    with pytest.raises(ConflictError):
        take_step(case, "note", holder, {"note": "后天去修。"}, request_id=request_id, at=later(minutes=9))


# what ends an order


def _dead(secret: str, case: int, holder: ActorRef, minutes: int = 60) -> None:
    at = later(minutes=minutes)
    with pytest.raises(NotFoundError):
        access_order(secret, at)
    before = len(entries_of(f"case:{case}"))
    with pytest.raises(NotFoundError):
        take(case, "note", holder, at, note="还在吗")
    assert len(entries_of(f"case:{case}")) == before


def test_it_ends_when_it_is_withdrawn(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    holder = _holder(secret)
    take(case, "withdraw_order", town.ref("duan"), later(minutes=9), at_work=town.sanitation)
    _dead(secret, case, holder)
    with pytest.raises(ConflictError) as gone:
        take(case, "withdraw_order", town.ref("duan"), later(minutes=9), at_work=town.sanitation)
    assert gone.value.code == "case.no_order"
    assert differences(case) == {}


def test_a_new_one_ends_the_one_before(town: Town) -> None:
    case = _sent(town).case
    first, second = _order(town, case), _order(town, case, "link", minutes=7)
    holder = _holder(first)
    _dead(first, case, holder)
    assert access_order(second, later(minutes=8)).order.case == case


def test_it_ends_when_the_body_gives_the_case_back_and_does_not_come_to_life_again(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    holder = _holder(secret)
    take(case, "return", holder, later(minutes=8), rule="供水条例", reason="不是我们的管网。")
    _dead(secret, case, holder)
    take(case, "dispatch", town.ref("duan"), later(minutes=20), organisation=town.sanitation)
    _dead(secret, case, holder)
    assert Case.objects.get(pk=case).marks.get("orders") is None
    assert differences(case) == {}


def test_it_ends_when_the_case_is_closed_and_stays_ended_when_it_is_opened_again(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    holder = _holder(secret)
    take(case, "sign", holder, later(minutes=8))
    take(case, "reply", holder, later(minutes=9), **REPLY)
    take(case, "check_on_site", town.ref("fang"), later(minutes=10), done=True)
    _dead(secret, case, holder)
    take(case, "draw", town.ref("duan"), later(minutes=11))
    _dead(secret, case, holder)
    assert differences(case) == {}


def test_it_ends_on_the_day_that_the_pack_says(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    row = OrderPass.objects.get()
    holder = ActorRef("order", order=row.pk)
    assert later(days=20) < row.expires_at < later(days=40)
    take(case, "note", holder, row.expires_at - timedelta(minutes=1), note="还在办。")
    for at in (row.expires_at, row.expires_at + timedelta(days=1)):
        with pytest.raises(NotFoundError):
            access_order(secret, at)
        with pytest.raises(NotFoundError):
            take(case, "note", holder, at, note="过期了。")


def test_it_ends_when_the_case_is_sealed(town: Town) -> None:
    case = _sent(town).case
    secret = _order(town, case)
    holder = _holder(secret)
    Case.objects.filter(pk=case).update(compartment="sealed")
    _dead(secret, case, holder)


# who may issue one, and for whom


@pytest.mark.parametrize("who", ["han", "fang", "mei", "deng", "su", "adam", "mo"])
def test_only_the_desk_issues_and_withdraws(town: Town, who: str) -> None:
    case = _sent(town).case
    for step, form in (
        ("issue_order", {"at_work": town.sanitation, "made_as": "link"}),
        ("withdraw_order", {"at_work": town.sanitation}),
    ):
        with pytest.raises((RefusedError, NotFoundError)):
            take(case, step, town.ref(who), later(minutes=6), **form)
    assert not OrderPass.objects.exists()


def test_a_body_that_is_not_at_work_gets_none(town: Town) -> None:
    case = _sent(town).case
    with pytest.raises(InputError) as wrong:
        take(case, "issue_order", town.ref("duan"), later(minutes=6), at_work=town.enforcement, made_as="link")
    assert wrong.value.data["fields"] == {"at_work": "unknown"}
    with pytest.raises(InputError):
        take(case, "issue_order", town.ref("duan"), later(minutes=6), at_work=town.sanitation, made_as="fax")
    assert not OrderPass.objects.exists()


def test_nothing_of_a_closed_compartment_goes_on_paper(town: Town) -> None:
    protected = next(code for code, row in rules().matters().items() if row["protected"])
    case = _sent(town).case
    Case.objects.filter(pk=case).update(compartment="protected", matter=protected)
    with pytest.raises(LinliError):
        _order(town, case)
    assert not OrderPass.objects.exists()


def test_a_repeated_issue_shows_no_secret_a_second_time(town: Town) -> None:
    case, request_id = _sent(town).case, uuid4()
    form = {"at_work": town.sanitation, "made_as": "paper"}
    first = take_step(case, "issue_order", town.ref("duan"), form, request_id=request_id, at=later(minutes=6))
    again = take_step(case, "issue_order", town.ref("duan"), form, request_id=request_id, at=later(minutes=7))
    assert first.order
    assert again.order == ""
    assert OrderPass.objects.count() == 1
    assert first.order not in repr(first)
    assert first.order not in str([entry.data for entry in entries_of(f"case:{case}")])


# photos


def test_photos_come_in_with_the_order_that_kept_them_and_with_no_other(town: Town) -> None:
    case, other = _sent(town).case, _sent(town).case
    holder, stranger = _holder(_order(town, case)), _holder(_order(town, other))
    kept = keep_photo(photo(), holder_for(holder), BOUNDS, later(minutes=8))
    with pytest.raises(InputError):
        take_with_photos(
            other, "note", stranger, {"note": "偷来的", "evidence": [kept.id]}, request_id=uuid4(), at=later(minutes=8)
        )
    take_with_photos(
        case, "note", holder, {"note": "修好的样子", "evidence": [kept.id]}, request_id=uuid4(), at=later(minutes=9)
    )
    assert [one.id for one in work_photos(case)] == [kept.id]
    assert holder_for(ActorRef("person", account=3)) == Holder(account=3)

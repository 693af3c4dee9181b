"""A deadline on days that nobody has published moves when the calendar is, and the log says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from linli.access.selectors import actor_at
from linli.cases.explaining import explain
from linli.cases.models import Case, Clock
from linli.cases.provisional import recompute_provisional
from linli.cases.tests.desk import PACKS, open_one, take
from linli.cases.tests.folding import differences
from linli.cases.views import Why
from linli.journal.selectors import entries_of
from linli.kernel import clocks as work
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import snapshot_for
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from tests.town import Town

LATE = datetime(2026, 12, 28, 2, tzinfo=UTC)


def publish_2027(folder: Path) -> None:
    """A calendar of 2027 whose first five days are holidays."""
    pack = folder / "with-2027"
    (pack / "calendars").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        'name: with-2027\ntitle: {zh: 新日历, en: New}\nparent: national\nplace: ""\nmaintainer: tests\n'
    )
    days = "".join(
        f"  2027-01-0{day}: {{kind: holiday, name: {{zh: 元旦, en: New Year}}}}\n" for day in (1, 2, 3, 4, 5)
    )
    (pack / "calendars" / "2027.yaml").write_text(
        f"year: 2027\nwhole: true\nsource: BK\nconfidence: high\ndays:\n{days}"
    )
    publish(compile_pack(folder, "with-2027", [PACKS]), SYSTEM, LATE, replaces="confirmed")


def reasons(case: int, town: Town, name: str) -> Why:
    """Why a clock of a case is due when it is, as the desk reads it."""
    actor = actor_at(town.people["duan"], LATE)
    return next(why for why in explain(actor, case, LATE) if why.what.startswith(f"deadline {name} "))


def counted(why: Why) -> int:
    """The sum of what counts."""
    return sum(cast("int", one["amount"]) for one in why.detail)


def test_a_published_calendar_moves_provisional_deadlines(town: Town, tmp_path: Path) -> None:
    opened = open_one(at=LATE, received_at=LATE)
    before = Clock.objects.get(case=opened.case, name="answer")
    assert before.provisional
    assert recompute_provisional(LATE) == 0

    publish_2027(tmp_path)
    assert recompute_provisional(LATE) == 1
    after = Clock.objects.get(case=opened.case, name="answer")
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at > before.due_at
    assert not after.provisional
    assert entries_of(f"case:{opened.case}")[-1].verb == "cases.request.recompute"
    assert differences(opened.case) == {}
    case = Case.objects.get(pk=opened.case)
    rings = Clock.objects.filter(case=case, next_at__isnull=False).values_list("next_at", flat=True)
    assert case.next_due_at == min(ring for ring in rings if ring is not None)
    assert recompute_provisional(LATE) == 0


def test_a_moved_deadline_is_explained_by_the_calendar_that_moved_it(town: Town, tmp_path: Path) -> None:
    opened = open_one(at=LATE, received_at=LATE)
    before = reasons(opened.case, town, "answer")
    publish_2027(tmp_path)
    assert reasons(opened.case, town, "answer") == before
    recompute_provisional(LATE)

    clock = Clock.objects.get(case=opened.case, name="answer")
    why = reasons(opened.case, town, "answer")
    assert clock.due_at is not None
    assert why.value == why.detail[-1]["to"] == clock.due_at.isoformat()
    limit = work.load(clock.work).limit
    assert counted(why) == counted(before) == limit.count
    newest = snapshot_for("320106", LATE).hash
    assert {one["calendar"] for one in why.detail} == {newest[:12]}
    assert {one["calendar"] for one in before.detail} == {Case.objects.get(pk=opened.case).snapshot[:12]}
    assert "元旦" in {one["day_name"] for one in why.detail}
    told = cast("list[dict[str, object]]", entries_of(f"case:{opened.case}")[-1].data["clocks"])
    assert {one["calendar"] for one in told} == {newest}


def test_later_moves_of_the_clock_stay_on_the_calendar_that_moved_it(town: Town, tmp_path: Path) -> None:
    opened = open_one(at=LATE, received_at=LATE)
    publish_2027(tmp_path)
    recompute_provisional(LATE)
    before = Clock.objects.get(case=opened.case, name="answer")

    take(opened.case, "dispatch", town.ref("duan"), LATE + timedelta(minutes=5), organisation=town.sanitation)
    take(opened.case, "sign", town.ref("han"), LATE + timedelta(minutes=10))
    after = Clock.objects.get(case=opened.case, name="answer")
    assert (after.due_at, after.provisional, after.calendar) == (before.due_at, False, before.calendar)

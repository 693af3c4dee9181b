"""What was promised, as a queue of the desk: by day, within its place, gone once it is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from linli.cases.models import Case, Clock
from linli.cases.promises import BY_DAY, promise_page, promise_scope
from linli.cases.tests.desk import in_grid, in_hand, later, open_one, take
from linli.cases.tests.folding import differences
from linli.kernel.keyset import after_of, cursor_of
from tests.town import GRIDS, Town


def promised(town: Town, until: str, *, who: str = "duan", grid: str = GRIDS[0]) -> int:
    case = open_one(located=in_grid(grid)).case
    take(case, "promise", town.ref(who), until=until, promised="回电")
    return case


def test_they_stand_by_day_within_the_desks_place(town: Town) -> None:
    later_one = promised(town, "2026-11-27")
    first = promised(town, "2026-11-24")
    promised(town, "2026-11-25", who="deng", grid=GRIDS[4])
    page = promise_page(town.actor("duan"), limit=1)
    assert [one.case for one in page.rows] == [first]
    assert page.after is not None
    rest = promise_page(town.actor("duan"), after=after_of(BY_DAY, cursor_of(BY_DAY, page.after)))
    assert ([one.case for one in rest.rows], rest.after) == ([later_one], None)
    assert rest.rows[0].due_at == datetime(2026, 11, 27, 16, tzinfo=UTC)


def test_who_is_no_desk_has_none(town: Town) -> None:
    promised(town, "2026-11-24")
    for person in ("han", "fang", "su", "shen", "mo"):
        assert promise_page(town.actor(person)).rows == ()
        assert promise_scope(town.actor(person)) == ()


def test_a_reply_keeps_it_and_the_desk_may_say_that_it_was_not_kept(town: Town) -> None:
    replied = in_hand(town).case
    take(replied, "promise", town.ref("duan"), later(minutes=20), until="2026-11-25", promised="回电")
    take(replied, "reply", town.ref("han"), later(hours=2), result="solved", words="已清理。")
    broken = promised(town, "2026-11-24")
    take(broken, "keep_promise", town.ref("duan"), later(days=2), kept=False)
    assert promise_page(town.actor("duan")).rows == ()
    outcomes = {clock.case_id: clock.outcome for clock in Clock.objects.filter(name="promise")}
    assert outcomes == {replied: "in_time", broken: "late"}
    assert Case.objects.get(pk=broken).counts == {"promises": 1, "promises_broken": 1}
    assert differences(replied) == {}
    assert differences(broken) == {}


def test_a_second_promise_may_follow_the_first(town: Town) -> None:
    case = promised(town, "2026-11-24")
    take(case, "keep_promise", town.ref("duan"), later(hours=1), kept=True)
    take(case, "promise", town.ref("duan"), later(hours=2), until="2026-11-30", promised="再回电")
    assert [one.case for one in promise_page(town.actor("duan")).rows] == [case]
    assert differences(case) == {}

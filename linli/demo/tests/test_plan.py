"""Weeks, grids near to a number, messages of a file, and reports that a seed makes again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linli.demo.city import _nearest
from linli.demo.messages import messages_of, own_finds, own_messages
from linli.demo.plan import DemoPlan, Week, last_week
from linli.kernel.errors import InputError


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 24, 1, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), date(2026, 11, 9)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 16)),
    ],
)
def test_the_week_is_the_last_whose_friday_is_over(now: datetime, monday: date) -> None:
    week = last_week(now)
    assert week.monday == monday
    assert week.end <= now
    assert (week.ticks()[0], week.ticks()[-1]) == (week.at(0, 30), week.end)
    assert len(week.ticks()) == 240


def test_grids_of_districts_come_near_to_the_number_wanted() -> None:
    numbers = {"a": 212, "b": 151, "c": 61, "d": 64}
    for wanted in (0, 61, 125, 276, 488):
        found = _nearest(numbers, wanted)
        assert abs(sum(numbers[key] for key in found) - wanted) <= 3


def test_dice_are_the_same_for_one_seed_only() -> None:
    plan = DemoPlan(Week(date(2026, 11, 16)))
    other = DemoPlan(Week(date(2026, 11, 16)), seed=1)
    assert plan.chance("x", 1).random() == plan.chance("x", 1).random()
    assert plan.chance("x", 1).random() != other.chance("x", 1).random()


def test_own_messages_and_finds_are_many_and_have_matters() -> None:
    messages = own_messages()
    assert len(messages) >= 400
    assert all(message.matter for message in messages)
    assert len({message.key for message in messages}) == len(messages)
    assert max(Counter(m.group for m in messages if m.group).values()) > 1
    assert all(find.matter.partition(".")[0] in {"event", "component"} for find in own_finds())


def test_messages_of_a_file_need_a_column_of_words(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("message_id,title,sent_at,body,label\n1,灯,2026/11/3 8:05,路灯不亮,x\n2,,,,x\n", encoding="gb18030")
    (message,) = messages_of(file)
    assert (message.title, message.text) == ("灯", "路灯不亮")
    assert message.sent_at == datetime(2026, 11, 3, 0, 5, tzinfo=UTC)
    file.write_text("id,words\n1,路灯不亮\n", encoding="utf-8")
    with pytest.raises(InputError, match="no message"):
        messages_of(file)

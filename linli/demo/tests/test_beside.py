"""A demo on messages of somebody else's, and where a demo may stand: never beside a city of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linli.cases.reading import run
from linli.demo import fresh
from linli.demo.histories import histories_of, show_histories
from linli.demo.plan import DemoPlan
from linli.demo.reports import reports_of
from linli.demo.summary import course_of, show_course
from linli.demo.tests.founded import founded, taken_back
from linli.demo.working import week_work

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoPlan]:
    with founded(django_db_blocker) as plan:
        yield plan


def test_messages_of_a_file_run_through_the_week_without_a_trace_of_their_words(
    city: DemoPlan, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.csv"
    phrase = "像拖拉机开进耳朵里一样"
    rows = "".join(f"{n},反映{n},2019/1/{n % 27 + 1} 9:0{n % 10},{phrase}，路灯第{n}天不亮了\n" for n in range(30))
    file.write_text(f"message_id,title,sent_at,body\n{rows}", encoding="utf-8")
    plan = replace(city, messages=file)
    with taken_back():
        done = week_work(plan, reports_of(plan), lambda ticks: ticks)
        show_course(course_of(done))
        show_histories(histories_of(done, plan.week.end))
        entries = str(run("SELECT string_agg(data::text, ' ') FROM journal_entry", {}).fetchone())
    assert done.statuses["accepted"] == 30
    assert phrase not in entries + "".join(capfd.readouterr())


def test_an_installation_with_a_city_of_its_own_is_left_alone(city: DemoPlan) -> None:
    assert fresh.look().state == "other"
    with taken_back():
        fresh.mark(fresh.BEGUN, city, city.week.founded)
        assert fresh.look().state == "begun"
        fresh.mark(fresh.DONE, city, city.week.last_minute)
        found = fresh.look()
        assert found.state == "done"
        assert fresh.plan_there(found, replace(city, seed=9, district="")) == replace(city, pack=city.pack)

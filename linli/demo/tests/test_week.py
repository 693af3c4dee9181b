"""A small demo from end to end: deterministic, verified, and silent about everybody's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from linli.cases.reading import run
from linli.demo.histories import History, histories_of, show_histories
from linli.demo.plan import DemoPlan
from linli.demo.reports import DemoReport, reports_of
from linli.demo.summary import course_of, show_course, show_summary, summary_of
from linli.demo.tests.founded import founded, taken_back
from linli.demo.working import Done, week_work
from linli.journal.sealing import seals_folder, stored_seals
from linli.journal.verifying import verify

pytestmark = pytest.mark.django_db

CLOSED = ("closed in time", "closed late")


@dataclass(frozen=True)
class Worked:
    """A week that was worked through, and all that was told of it."""

    plan: DemoPlan
    done: Done
    summary: dict[str, object]
    histories: list[History]
    reports: list[DemoReport]
    again: dict[str, object]


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoPlan]:
    with founded(django_db_blocker) as plan:
        yield plan


@pytest.fixture(scope="module")
def week(city: DemoPlan) -> Worked:
    reports = reports_of(city)
    with taken_back():
        week_work(city, reports, lambda ticks: ticks)
        again = summary_of(city)
    done = week_work(city, reports, lambda ticks: ticks)
    summary = summary_of(city)
    return Worked(city, done, summary, histories_of(done, city.week.end), reports, again)


def test_every_report_is_taken_in_and_counted_once(week: Worked) -> None:
    assert sum(week.done.statuses.values()) == week.plan.reports
    assert set(week.done.statuses) <= {"accepted", "sealed", "found"}
    (cases,) = run("SELECT count(*) FROM cases_case WHERE parent IS NULL", {}).fetchone() or (0,)
    assert cases == week.plan.reports
    whole = week.summary["whole"]
    assert isinstance(whole, dict)
    assert whole["cases"] + whole["joined"] == whole["reports"]
    assert sum(whole[name] for name in (*CLOSED, "open in time", "open late")) == whole["cases"]
    assert whole["closed in time"] > whole["closed late"] > 0


def test_the_same_seed_gives_the_same_week(week: Worked) -> None:
    assert week.again == week.summary
    assert reports_of(week.plan) == week.reports
    assert reports_of(replace(week.plan, seed=2)) != week.reports


def test_who_acts_wrong_is_refused_and_counted(week: Worked) -> None:
    refused = week.done.world.refused
    assert sum(refused.values()) > 0
    assert "case.form" not in refused
    assert {"return", "classify", "locate", "contact", "check_on_site"} <= set(week.done.world.steps)


def test_days_are_sealed_and_the_log_verifies(week: Worked) -> None:
    assert [seal.day for seal in stored_seals()][-1].isoformat() == "2026-11-19"
    result = verify([seals_folder()], lambda entries: None)
    assert result.found == 0
    assert result.entries > 1000


def test_nothing_told_holds_a_word_of_a_reporter(week: Worked, capsys: pytest.CaptureFixture[str]) -> None:
    show_summary(week.plan, week.summary)
    show_course(course_of(week.done))
    show_histories(week.histories)
    told = "".join(capsys.readouterr()) + json.dumps(course_of(week.done))
    assert {history.kind for history in week.histories} >= {"simple"}
    for history in week.histories:
        assert any("时限" in line for line in history.why)
        assert any("受理" in line for line in history.course)
    for report in week.reports:
        for name in ("contact_name", "contact_phone", "title", "text"):
            words = report.row.get(name, "")
            assert len(words) < 6 or words not in told
    assert "1990000" not in told


def test_streets_are_summed_and_a_small_number_of_sealed_ones_is_not_told(week: Worked) -> None:
    streets = week.summary["streets"]
    assert isinstance(streets, list)
    assert len(streets) >= 7
    assert all("grid" not in row and "account" not in row for row in streets)
    course = course_of(week.done)["taken in"]
    assert isinstance(course, dict)
    assert course["sealed"] is None or course["sealed"] >= 5

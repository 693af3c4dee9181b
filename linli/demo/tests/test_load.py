"""The load: made by the opening's own rows, folds and verifies like anything, is found and queued; the same for a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.access.selectors import actor_at
from linli.cases.courses import Course, open_courses
from linli.cases.deskqueue import Moments, QueueFilter, queue_sheet
from linli.cases.models import Case
from linli.cases.reading import run
from linli.cases.relettering import WHERE, Alike, open_alike
from linli.cases.relettering import Case as One
from linli.cases.searching import Word, search_sheet
from linli.cases.tests.folding import differences
from linli.demo.load import DAYS, LoadPlan, Maker
from linli.demo.loading import load
from linli.demo.plan import DemoPlan
from linli.demo.stock import Stock, stock_of
from linli.demo.tests.founded import founded, taken_back
from linli.journal.verifying import verify
from linli.places.domain import Located

pytestmark = pytest.mark.django_db

NUMBER = 2_000


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoPlan]:
    with founded(django_db_blocker) as plan:
        yield plan


def plan_of(city: DemoPlan, number: int = NUMBER, seed: int = 7) -> LoadPlan:
    until = city.week.end
    return LoadPlan(number, seed, until, until - timedelta(days=3))


@pytest.fixture(scope="module")
def stock(city: DemoPlan) -> Stock:
    return stock_of(7, city.week.end)


@pytest.fixture(scope="module")
def loaded(city: DemoPlan, stock: Stock) -> Iterator[datetime]:
    with taken_back():
        done = load(plan_of(city), lambda batches, number: batches, lambda line: None, processes=1)
        assert done.cases == NUMBER
        assert done.entries >= 2 * NUMBER * 0.95
        yield city.week.end


def test_a_tenth_is_open_in_many_states_and_days(loaded: datetime) -> None:
    open_ones = Case.objects.filter(closed_at=None)
    assert 0.05 < open_ones.count() / NUMBER < 0.15
    assert len(set(open_ones.values_list("state", flat=True))) >= 4
    days = Case.objects.dates("opened_at", "day")
    assert DAYS * 0.9 < len(days) <= DAYS + 2
    assert len(set(Case.objects.values_list("matter", flat=True))) > 60


def test_every_case_has_its_log_and_clocks_and_most_a_body_or_a_voice(loaded: datetime) -> None:
    shapes = run(
        "SELECT count(*) FILTER (WHERE c.seq < 2),"
        " count(*) FILTER (WHERE (SELECT count(*) FROM cases_clock k WHERE k.case_id = c.id) < 2),"
        " count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM cases_assignment a WHERE a.case_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM cases_voice v WHERE v.case_id = c.id)) FROM cases_case c",
        {},
    ).fetchone()
    assert shapes is not None
    short, clockless, bare = shapes
    assert (short, clockless) == (0, 0)
    assert bare < NUMBER // 100


def test_the_log_verifies_and_folds_back_into_the_columns(loaded: datetime) -> None:
    assert not verify([], lambda entries: None).found
    states = dict(Case.objects.values_list("state", "id"))
    chosen = {*states.values(), *Case.objects.order_by("id").values_list("id", flat=True)[::40]}
    assert {case: differences(case) for case in chosen} == {case: {} for case in chosen}


def test_search_finds_them_and_a_street_desk_has_them_in_its_queue(loaded: datetime, stock: Stock) -> None:
    case = Case.objects.filter(closed_at=None, kind="request", place__regex=r"^\d{15}$").order_by("id").first()
    assert case is not None
    desk = stock.desk(case.place)
    actor = actor_at(desk.ref.account or 0, loaded)
    moments = Moments(loaded, loaded, loaded)
    street = queue_sheet(actor, QueueFilter(places=(case.place[:9],)), moments, limit=200)
    assert case.id in {line.case for line in street.rows}
    where = case.task_text.splitlines()[-1].removeprefix("地点：").split("，")[-1]
    found = search_sheet(actor, "place", [Word(where)], limit=200)
    assert case.id in {line.case for line in found.rows}


def test_the_same_seed_gives_the_same_cases(city: DemoPlan, stock: Stock) -> None:
    def told(seed: int) -> list[tuple[object, ...]]:
        with taken_back():
            open_alike(Maker(plan_of(city, seed=seed), stock).groups(range(1000, 1060)))
            columns = ("external_id", "task_text", "place", "state", "opened_at", "closed_at", "lon")
            own = Case.objects.filter(external_id__startswith=f"load-{seed}-")
            return list(own.order_by("external_id").values_list(*columns))

    assert told(8) == told(8)
    assert [row[1:] for row in told(8)] != [row[1:] for row in told(9)]


TABLES = {
    "cases_case": "t.external_id",
    "cases_clock": "t.name, t.organisation",
    "cases_assignment": "t.organisation",
    "cases_voice": "t.id",
    "cases_casewords": "t.case_id",
}
MINE = "c.external_id LIKE 'load-10-%'"
OWN = {"id", "case_id", "home_id", "no", "token", "identity", "words", "pairs"}


def rows() -> dict[str, list[object]]:
    """All rows of the tables by number of the channel, without ids, random parts and secrets."""
    found: dict[str, list[object]] = {}
    for table, order in TABLES.items():
        own = "t.id" if table == "cases_case" else "t.case_id"
        query = f"SELECT c.external_id, to_jsonb(t) FROM {table} t JOIN cases_case c ON c.id = {own} WHERE {MINE} ORDER BY 1, {order}"
        found[table] = [(number, {k: v for k, v in row.items() if k not in OWN}) for number, row in _read(query)]
    pairs = _read(
        "SELECT c.external_id, w.pairs FROM cases_casewords w JOIN cases_case c ON c.id = w.case_id"
        f" WHERE {MINE} ORDER BY 1"
    )
    found["pairs"] = [(number, sorted(set(words))) for number, words in pairs]
    entries = _read(
        "SELECT c.external_id, to_jsonb(e) FROM journal_entry e JOIN cases_case c ON e.subject = 'case:' || c.id"
        f" WHERE {MINE} ORDER BY 1, e.seq"
    )
    hidden = {"id", "subject", "personal", "commitment", "prev", "hash"}
    found["entries"] = [
        (number, _without_own({k: v for k, v in row.items() if k not in hidden})) for number, row in entries
    ]
    parts = _read(
        "SELECT c.external_id, p.purpose, p.erase_after::text, p.written_at::text FROM journal_personal p"
        f" JOIN cases_case c ON p.subject = 'case:' || c.id WHERE {MINE} ORDER BY 1, 2"
    )
    found["parts"] = parts
    return found


def _without_own(row: dict[str, Any]) -> dict[str, Any]:
    data = {k: v for k, v in row["data"].items() if k != "voice"}
    if "facts" in data:
        data["facts"] = {k: v for k, v in data["facts"].items() if k != "no"}
    return {**row, "data": data}


def _read(query: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(_plain(cell) for cell in row) for row in cursor.fetchall()]


def _plain(cell: object) -> object:
    import json

    return json.loads(cell) if isinstance(cell, str) and cell[:1] == "{" else cell


def alone(group: Alike, one: One) -> Course:
    """The course of one case of a group, told by itself."""
    course, spot = group.course, one.spot
    draft = course.draft
    located = Located(spot.grid, spot.grid[:12], spot.grid[:9], spot.grid[:6], 0)
    own = replace(
        draft, located=located, lon=spot.lon, lat=spot.lat, external_id=one.number, voice=one.voice,
        task_text=draft.task_text.replace(WHERE, spot.words),
        why={**draft.why, "place": {"by": "point", "code": spot.grid}},
    )  # fmt: skip
    if one.finder is None:
        return replace(course, draft=own)
    later = tuple(replace(step, actor=one.finder) if step.actor.ref == course.actor else step for step in course.later)
    return replace(course, draft=own, actor=one.finder.ref, later=later)


def test_rows_of_one_shape_are_those_that_each_course_alone_writes(city: DemoPlan, stock: Stock) -> None:
    plan = plan_of(city, number=10_000, seed=10)
    groups = [g for start in (100, 9_500, 9_900, 9_980) for g in Maker(plan, stock).groups(range(start, start + 60))]
    with taken_back():
        open_alike(groups)
        together = rows()
    with taken_back():
        open_courses([alone(group, one) for group in groups for one in group.cases])
        apart = rows()
    assert len(together["cases_case"]) > 200
    assert {name for name, found in together.items() if not found} == set()
    for name, found in apart.items():
        assert together[name] == found, name

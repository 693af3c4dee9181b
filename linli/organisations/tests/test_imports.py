"""A list of organisations: what it means, what is refused, and that the same list again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from linli.access.selectors import account_ids, system_actor
from linli.access.services import AccountDraft, account_add
from linli.journal.selectors import entries_of
from linli.organisations import selectors
from linli.organisations.domain import OrganisationRef
from linli.organisations.imports import ImportReport, organisations_import
from linli.organisations.listing import Listing, read_listing

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HEAD = "key,name,kind,place,parent,from,duties,posts\n"
TOWN = HEAD + (
    "desk,街道分中心,operations_centre,870102001,office,2026-01-01,duty.street_desk,duty_desk 值班员 > duty_head = wang; duty_head 值班长 = li\n"
    "office,街道办事处,street_office,870102001,,2026-01-01,duty.street_office; duty.enforcement@870102001001,head 主任 = zhao\n"
    "crew,环卫所,public_institution,870102001,office,2026-01-01,duty.sanitation,handler* 经办人 = sun，qian; grid_worker@870102001001001\n"
)


def listing(text: str, known: Iterable[str] = ()) -> Listing:
    reader = csv.DictReader(io.StringIO(text))
    return read_listing([(reader.line_num, row) for row in reader], known)


def bring(text: str, at: datetime = AT, *, whole: bool = False) -> ImportReport:
    names = ["wang", "li", "zhao", "sun", "qian"]
    known = {body.key for body in selectors.organisations_at(at).values()}
    return organisations_import(listing(text, known), account_ids(names), system_actor(), at, whole=whole)


@pytest.fixture
def people(db: None) -> None:
    for name in ("wang", "li", "zhao", "sun", "qian"):
        account_add(AccountDraft(name, name), system_actor(), AT - 300 * DAY)


def body(key: str, at: datetime = AT) -> OrganisationRef:
    return {b.key: b for b in selectors.organisations_at(at).values()}[key]


def keys(at: datetime) -> set[str]:
    return {b.key for b in selectors.organisations_at(at).values()}


def responsible(place: str, at: datetime) -> str:
    found = selectors.responsible("duty.sanitation", place, at)
    return found.key if found else ""


def test_parents_come_first_whatever_the_order() -> None:
    found = listing(TOWN)
    assert [b.key for b in found.bodies] == ["office", "desk", "crew"]
    assert found.faults == []
    crew = found.bodies[2]
    assert crew.posts is not None
    assert [(p.key, p.single, p.holders) for p in crew.posts] == [
        ("handler", False, ("sun", "qian")),
        ("grid_worker@870102001001001", True, None),
    ]
    assert crew.since == datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    assert found.bodies[0].duties == (("duty.street_office", "870102001"), ("duty.enforcement", "870102001001"))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,,department,870102,,,,", "name"),
        ("x,x,castle,870102,,,,", "kind"),
        ("x,x,department,8701,,,,", "place"),
        ("x,x,department,870102,nobody,,,", "parent"),
        ("x,x,department,870102,x,,,", "parent"),
        ("x,x,department,870102,,yesterday,,", "from"),
        ("x,x,department,870102,,,Sanitation!,", "duties"),
        ("x,x,department,870102,,,duty.a@12,", "duties"),
        ("x,x,department,870102,,,duty.a; duty.a,", "duties"),
        ('x,x,department,870102,,,,"head 主任 = a, b"', "posts"),
        ("x,x,department,870102,,,,head; head", "posts"),
        ("x,x,department,870102,,,,head > deputy", "posts"),
        ("x,x,department,870102,,,,主任", "posts"),
        ("x" * 65 + ",x,department,870102,,,,", "key"),
    ],
)
def test_fault_is_named_by_line_and_column_and_the_rest_is_kept(row: str, column: str) -> None:
    found = listing(TOWN + row + "\n")
    assert [(fault.line, fault.column) for fault in found.faults] == [(5, column)]
    assert len(found.bodies) == 3


def test_key_twice_keeps_the_first() -> None:
    found = listing(TOWN + "desk,x,department,870102,,,,\n")
    assert [(f.line, f.column) for f in found.faults] == [(5, "key")]


def test_list_comes_in_and_again_changes_nothing(people: None) -> None:
    report = bring(TOWN)
    assert report.faults == ()
    assert dict(report.counts) == {
        "opened": 3,
        "duties_opened": 4,
        "posts_opened": 5,
        "appointed": 5,
        "followed": 1,
    }
    assert responsible("870102001001001", AT - 200 * DAY) == "crew"
    entries = len(entries_of(f"organisation:{body('crew').id}"))
    again = bring(TOWN, AT + DAY)
    assert dict(again.counts) == {"kept": 3}
    assert len(entries_of(f"organisation:{body('crew').id}")) == entries


def test_changed_list_closes_and_opens(people: None) -> None:
    bring(TOWN)
    changed = (
        TOWN.replace("duty.street_office; duty.enforcement@870102001001", "duty.street_office; duty.sanitation")
        .replace("duty.sanitation,handler*", ",handler*")
        .replace("= sun，qian", "= sun")
        .replace("值班长 = li", "值班长 = qian")
        .replace("环卫所", "环卫中心")
    )
    report = bring(changed, AT + DAY)
    assert report.faults == ()
    assert dict(report.counts) == {
        "changed": 1,
        "kept": 2,
        "duties_ended": 2,
        "duties_opened": 1,
        "ended": 2,
        "appointed": 1,
    }
    assert responsible("870102001001", AT) == "crew"
    assert responsible("870102001001", AT + DAY) == "office"
    assert body("crew").name == "环卫所"
    assert body("crew", AT + DAY).name == "环卫中心"


def test_whole_list_closes_what_it_does_not_name_but_never_what_it_could_not_read(people: None) -> None:
    bring(TOWN)
    less = (
        HEAD
        + "office,街道办事处,street_office,870102001,,,duty.street_office,head 主任 = zhao\ncrew,环卫所,castle,870102001,,,,\n"
    )
    report = bring(less, AT + DAY, whole=True)
    assert [(f.line, f.column) for f in report.faults] == [(3, "kind")]
    assert report.counts["closed"] == 1
    assert "desk" not in keys(AT + DAY)
    assert "desk" in keys(AT)
    assert "crew" in keys(AT + DAY)


def test_unknown_account_is_told_without_its_name_and_the_rest_is_kept(people: None) -> None:
    report = bring(TOWN.replace("= wang", "= zhangsan"))
    assert [(f.line, f.column) for f in report.faults] == [(2, "posts")]
    assert "zhangsan" not in report.faults[0].message
    assert report.counts["appointed"] == 4


def test_duty_that_another_body_holds_is_refused_by_line(people: None) -> None:
    report = bring(TOWN + "other,另一单位,department,870102001,,,duty.sanitation,\n")
    assert [(f.line, f.column) for f in report.faults] == [(5, "duties")]
    assert "other" in keys(AT)


def test_columns_that_are_absent_leave_things_untouched(people: None) -> None:
    bring(TOWN)
    report = bring("key,name,kind,place,parent\ncrew,环卫所,public_institution,870102001,office\n", AT + DAY)
    assert dict(report.counts) == {"kept": 1}
    assert responsible("870102001001", AT + DAY) == "crew"

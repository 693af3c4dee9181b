"""The code lists: bad rows one by one, changed lists close and open, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from linli.journal.models import Entry
from linli.kernel.actors import Actor, ActorRef, Holding
from linli.kernel.codes import Tier
from linli.kernel.errors import ConflictError, InputError, RefusedError
from linli.places import selectors
from linli.places.domain import PlaceKind
from linli.places.lists import read_lists
from linli.places.models import Place
from linli.places.register import SUBJECT
from linli.places.tests import cloud_ridge as city
from linli.places.tree import tree_import


def test_a_city_comes_in_with_kinds_from_its_codes(tree: None) -> None:
    kinds = {str(p.code): p.kind for p in selectors.places_under("8701", city.AT)}
    assert kinds["870100"] is PlaceKind.CITY
    assert kinds["870102001"] is PlaceKind.SUBDISTRICT
    assert kinds["870102100"] is PlaceKind.TOWN
    assert kinds["870103401"] is PlaceKind.ZONE
    assert kinds["870102100201"] is PlaceKind.VILLAGE
    assert kinds["870103401001"] is PlaceKind.VIRTUAL
    assert len(selectors.places_under("870100", city.AT, Tier.COMMUNITY)) == 5


def test_first_lists_open_without_a_known_beginning(tree: None) -> None:
    found = selectors.place_at("870102001001", city.AT - timedelta(days=4000))
    assert found is not None
    assert found.period.start is None


def test_bad_rows_are_reported_one_by_one_and_the_rest_is_kept() -> None:
    found = city.lists(
        communities=[
            ("870102001001", "桥头社区居委会"),
            ("870102001001", "桥头又一社区"),
            ("87010200100", "短码社区"),
            ("870102009001", "无街道社区"),
            ("870102001003", " "),
            ("870102001", "街道当社区"),
            ("8.70102E+11", "被表格改坏"),
        ]
    )
    assert "870102001001" in found.places
    assert [(r.line, r.field) for r in found.refused] == [
        (3, "code"), (4, "code"), (5, "code"), (6, "name"), (7, "code"), (8, "code"),
    ]  # fmt: skip
    assert "d.csv" not in {r.source for r in found.refused}
    assert "add 870102009" in found.refused[2].message


def test_the_same_lists_again_change_nothing(tree: None) -> None:
    before = Entry.objects.count()
    report = tree_import(city.lists(), city.KEEPER, city.LATER)
    assert (report.opened, report.closed, report.changed, report.kept) == (0, 0, 0, 11)
    assert Entry.objects.count() == before


def test_a_changed_list_closes_opens_and_renames(tree: None) -> None:
    changed = [
        ("870102001001", "桥头新社区居委会"),
        *city.COMMUNITIES[2:],
        ("870102001003", "桥中社区居委会"),
    ]
    report = tree_import(city.lists(communities=changed), city.KEEPER, city.LATER)
    assert (report.opened, report.closed, report.changed) == (1, 1, 1)
    earlier, now = city.AT, city.LATER
    assert selectors.place_names(["870102001001"], earlier) == {"870102001001": "桥头社区居委会"}
    assert selectors.place_names(["870102001001"], now) == {"870102001001": "桥头新社区居委会"}
    assert selectors.place_at("870102001002", now) is None
    assert selectors.place_at("870102001002", earlier) is not None
    assert selectors.place_at("870102001003", earlier) is None
    assert selectors.place_at("870102001003", now) is not None


def test_closing_a_community_closes_its_grids(gridded: None) -> None:
    tree_import(city.lists(communities=city.COMMUNITIES[1:]), city.KEEPER, city.LATER)
    assert selectors.places_under("870102001001", city.LATER) == []
    assert len(selectors.places_under("870102001001", city.AT)) == 5


def test_a_refused_row_closes_nothing(tree: None) -> None:
    """A district missing from its list by mistake: its streets are refused, and all of them stay open."""
    report = tree_import(city.lists(districts=city.DISTRICTS[:1]), city.KEEPER, city.LATER)
    assert report.closed == 0
    assert len(report.refused) == 3
    assert any("870103" in note for note in report.notes)


def test_another_city_is_left_alone(tree: None) -> None:
    other = read_lists(
        city.rows("d", [("880102", "海东区")]), city.rows("s", [("880102001", "海口街道")]), city.rows("c", [])
    )
    report = tree_import(other, city.KEEPER, city.LATER)
    assert (report.opened, report.closed) == (3, 0)
    assert len(selectors.places_under("870100", city.LATER)) == 11


def test_a_city_without_districts(rules: None) -> None:
    lists = read_lists(
        city.rows("d", [("890200", "无区市")]),
        city.rows("s", [("890200003", "中心街道")]),
        city.rows("c", [("890200003001", "中心社区居委会")]),
    )
    assert lists.refused == []
    tree_import(lists, city.KEEPER, city.AT)
    assert selectors.place_names(["890200"], city.AT) == {"890200": "无区市"}


def test_nothing_to_take_is_an_error(rules: None) -> None:
    with pytest.raises(InputError, match="not one row"):
        tree_import(read_lists(city.rows("d", [("x", "y")]), [], []), city.KEEPER, city.AT)


def test_two_changes_at_one_instant_are_refused(tree: None) -> None:
    later = [*city.COMMUNITIES[:-1], ("870103401002", "园北新社区")]
    tree_import(city.lists(communities=later), city.KEEPER, city.LATER)
    with pytest.raises(ConflictError):
        tree_import(city.lists(), city.KEEPER, city.LATER)


def test_who_does_not_keep_the_register_changes_nothing(tree: None) -> None:
    stranger = Actor(ActorRef("person", 5), "stranger", (Holding(1, "handler", 1, "8701"),))
    with pytest.raises(RefusedError):
        tree_import(city.lists(communities=city.COMMUNITIES[1:]), stranger, city.LATER)
    assert len(selectors.places_under("8701", city.LATER)) == 11


def test_the_journal_proves_the_register(tree: None) -> None:
    entry = Entry.objects.get(subject=SUBJECT)
    held, found = selectors.register_proof(entry.data["change"])
    assert entry.data["digest"] == held == found
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE places_place DISABLE TRIGGER USER")
        cursor.execute("UPDATE places_place SET name = '改名' WHERE code = '870102'")
        cursor.execute("ALTER TABLE places_place ENABLE TRIGGER USER")
    held, found = selectors.register_proof(entry.data["change"])
    assert held != found


@pytest.mark.parametrize("statement", ["UPDATE places_place SET name = 'x'", "DELETE FROM places_place"])
def test_rows_are_never_changed_or_deleted(tree: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="closed, never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Place.objects.count() == 11


def test_import_costs_few_queries(rules: None, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        tree_import(city.lists(), city.KEEPER, city.AT)

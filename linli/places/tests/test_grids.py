"""Grids: generated again, imported, split, merged; ground has one grid, and statistics can follow it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import shapely
from django.db import DatabaseError, transaction

from linli.journal.models import Entry
from linli.kernel.codes import Tier
from linli.kernel.errors import InputError, NotFoundError
from linli.places import selectors
from linli.places.domain import ImportReport, Notice
from linli.places.errors import GeometryError
from linli.places.generated import Recipe, grids_generate
from linli.places.grids import grids_import
from linli.places.models import GridNotice, Outline, Place
from linli.places.notices import notices_set
from linli.places.outlines import read_features
from linli.places.services import grid_merge, grid_split, layer_set
from linli.places.tasks import daily_forgetting
from linli.places.tests import cloud_ridge as city

HOME = "870102001001"
HOUR = timedelta(hours=1)


def _import(*features: dict[str, object], at: datetime = city.LATER) -> ImportReport:
    return grids_import(read_features(city.collection(*features), "g.geojson"), "g.geojson", city.KEEPER, at)


def _four(first: str = "001") -> list[dict[str, object]]:
    """Four grids side by side, numbers from `first`."""
    start = int(first)
    return [
        city.feature(city.square(108.1 + n / 100, 26, 108.11 + n / 100, 26.01), code=f"{HOME}{start + n:03d}")
        for n in range(4)
    ]


def _now(code: str = HOME, at: datetime = city.LATER) -> list[str]:
    return [p.code for p in selectors.places_under(code, at + HOUR * 20) if len(p.code) == 15]


def test_generated_grids_are_the_same_again_and_redrawn_by_another_seed(gridded: None) -> None:
    entries = Entry.objects.count()
    again = grids_generate(Recipe(4, 7), city.KEEPER, city.LATER)
    assert (again.opened, again.closed, again.changed, again.kept) == (0, 0, 0, 20)
    assert Entry.objects.count() == entries
    other = grids_generate(Recipe(3, 9), city.KEEPER, city.LATER)
    assert (other.opened, other.closed, other.changed) == (0, 5, 15)
    descents = selectors.lineage_of(f"{HOME}001", city.AT + HOUR, city.LATER)
    assert sum(d.share_ppm for d in descents) == pytest.approx(1_000_000, abs=10)


def test_districts_without_outline_are_named(tree: None) -> None:
    with pytest.raises(InputError, match="outline"):
        grids_generate(Recipe(4, 7), city.KEEPER, city.LATER)


def test_only_whole_districts_are_generated(outlined: None) -> None:
    for recipe in (Recipe(4, 7, "870102001"), Recipe(0, 7), Recipe(1000, 7)):
        with pytest.raises(InputError):
            grids_generate(recipe, city.KEEPER, city.LATER)
    assert _now() == []


def test_one_district_alone(outlined: None) -> None:
    report = grids_generate(Recipe(4, 7, "870102"), city.KEEPER, city.LATER)
    assert report.opened == 12
    assert report.without_outline == ()
    alone = dict(Outline.objects.values_list("code", "wkb"))
    grids_generate(Recipe(4, 7), city.KEEPER, city.LATER + HOUR)
    both = dict(Outline.objects.values_list("code", "wkb"))
    assert all(bytes(both[code]) == bytes(wkb) for code, wkb in alone.items())


def test_imported_grids_are_not_generated_over(outlined: None) -> None:
    _import(*_four())
    grids_generate(Recipe(2, 7), city.KEEPER, city.LATER + HOUR)
    assert _now() == [f"{HOME}00{n}" for n in (1, 2, 3, 4)]
    assert len(_now("870102001002")) == 2


def test_import_twice_changes_nothing_and_a_smaller_file_closes(tree: None) -> None:
    assert _import(*_four()).opened == 4
    again = _import(*_four(), at=city.LATER + HOUR)
    assert (again.opened, again.closed, again.changed, again.kept) == (0, 0, 0, 4)
    assert _import(*_four()[:3], at=city.LATER + HOUR * 2).closed == 1
    assert len(_now()) == 3


def test_ground_has_one_grid(tree: None) -> None:
    report = _import(
        *_four(), city.feature(city.square(108.105, 26, 108.115, 26.01), code=f"{HOME}009", kind="dedicated")
    )
    assert report.opened == 4
    assert [r.line for r in report.refused] == [5]
    assert "ground has one grid" in report.refused[0].message
    across = city.feature(city.square(108.10, 26, 108.11, 26.01), code="870102001002001")
    with pytest.raises(InputError, match="not one grid"):
        _import(across, at=city.LATER + HOUR)


def test_bad_features_are_named(tree: None) -> None:
    report = _import(
        _four()[0],
        city.feature(city.EAST, code="123"),
        city.feature(city.EAST, code="870102009009001"),
        city.feature(city.EAST, code=f"{HOME}002", kind="purple"),
        city.feature(city.EAST, code=f"{HOME}003", kind="micro"),
        city.feature(city.EAST),
    )
    assert report.opened == 1
    assert [r.line for r in report.refused] == [2, 3, 4, 5, 6]


def test_micro_grids_lie_in_their_base(tree: None) -> None:
    micro = {"kind": "micro", "base": f"{HOME}001"}
    report = _import(
        *_four(),
        city.feature(city.square(108.101, 26.001, 108.104, 26.004), code=f"{HOME}101", **micro),
        city.feature(city.square(108.108, 26.001, 108.114, 26.004), code=f"{HOME}102", **micro),
        city.feature(city.square(108.108, 26.001, 108.109, 26.004), code=f"{HOME}103", kind="micro", base=f"{HOME}888"),
    )
    assert report.opened == 5
    assert sorted(r.line for r in report.refused) == [6, 7]
    [inside, beside] = selectors.locate_many([108.102, 108.106], [26.002, 26.006], city.LATER)
    assert (inside.grid, inside.micro) == (f"{HOME}001", f"{HOME}101")
    assert (beside.grid, beside.micro) == (f"{HOME}001", None)


def test_micro_grids_alone_leave_the_ground_as_it_is(tree: None) -> None:
    _import(*_four())
    inner = city.square(108.101, 26.001, 108.104, 26.004)
    _import(city.feature(inner, code=f"{HOME}101", kind="micro", base=f"{HOME}001"), at=city.LATER + HOUR)
    assert len(_now()) == 5
    _import(*_four()[1:], at=city.LATER + HOUR * 2)
    assert len(_now()) == 3


def test_grids_without_a_code_are_numbered_and_keep_their_number(tree: None) -> None:
    features = [
        city.feature(city.square(108.1 + n / 100, 26, 108.11 + n / 100, 26.01), community=HOME) for n in (2, 0, 1)
    ]
    _import(*features)
    west = selectors.locate_many([108.105, 108.125], [26.005, 26.005], city.LATER)
    assert [x.grid for x in west] == [f"{HOME}001", f"{HOME}003"]
    again = _import(*features, at=city.LATER + HOUR)
    assert (again.opened, again.closed) == (0, 0)


def test_split_and_merge_keep_the_ground_joined(tree: None) -> None:
    _import(*_four())
    west, east = shapely.box(108.1, 26, 108.1025, 26.01), shapely.box(108.1025, 26, 108.11, 26.01)
    after_split = city.LATER + HOUR
    new = grid_split(f"{HOME}001", [west.wkb, east.wkb], city.KEEPER, after_split)
    assert new == [f"{HOME}005", f"{HOME}006"]
    shares = {d.after: d.share_ppm for d in selectors.lineage_of(f"{HOME}001", city.LATER, after_split)}
    assert shares == {f"{HOME}005": 250_000, f"{HOME}006": 750_000}
    merged = grid_merge([f"{HOME}006", f"{HOME}002"], city.KEEPER, after_split + HOUR)
    assert merged == f"{HOME}007"
    end = after_split + HOUR * 2
    joined = {d.after: d.share_ppm for d in selectors.lineage_of(f"{HOME}001", city.LATER, end)}
    assert joined == {f"{HOME}005": 250_000, f"{HOME}007": 750_000}
    assert selectors.lineage_of(f"{HOME}002", city.LATER, end)[0].after == f"{HOME}007"
    assert selectors.lineage_of(f"{HOME}003", city.LATER, end)[0].share_ppm == 1_000_000
    verbs = list(Entry.objects.filter(subject=f"place:{HOME}").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["places.grid.split", "places.grid.merged"]
    [found] = selectors.locate_many([108.105], [26.005], end)
    assert found.grid == merged


def test_parts_must_tile_and_grids_must_touch(tree: None) -> None:
    _import(*_four())
    half = shapely.box(108.1, 26, 108.105, 26.01)
    with pytest.raises(GeometryError, match="tile"):
        grid_split(f"{HOME}001", [half.wkb, half.wkb], city.KEEPER, city.LATER + HOUR)
    with pytest.raises(GeometryError, match="touch"):
        grid_merge([f"{HOME}001", f"{HOME}003"], city.KEEPER, city.LATER + HOUR)
    with pytest.raises(NotFoundError):
        grid_merge([f"{HOME}001", f"{HOME}009"], city.KEEPER, city.LATER + HOUR)
    with pytest.raises(NotFoundError):
        selectors.lineage_of(f"{HOME}009", city.LATER, city.LATER + HOUR)
    assert len(_now()) == 4


def test_a_number_is_never_used_twice(tree: None) -> None:
    _import(*_four("996"))
    west, east = shapely.box(108.1, 26, 108.105, 26.01), shapely.box(108.105, 26, 108.11, 26.01)
    with pytest.raises(InputError, match="no grid code left"):
        grid_split(f"{HOME}996", [west.wkb, east.wkb], city.KEEPER, city.LATER + HOUR)


def test_layers_are_made_of_the_same_grids(tree: None) -> None:
    _import(*_four())
    rows = {f"{HOME}001": ["main_road", "market"], f"{HOME}002": ["main_road"], "x": ["market"]}
    report = layer_set((selectors.CLASS_LAYER, "Place class"), rows, city.KEEPER, city.LATER + HOUR)
    assert (report.opened, len(report.refused)) == (3, 1)
    fewer = {f"{HOME}001": ["main_road"]}
    report = layer_set((selectors.CLASS_LAYER, "Place class"), fewer, city.KEEPER, city.LATER + HOUR * 2)
    assert (report.opened, report.closed, report.kept) == (0, 2, 1)
    then, now = city.LATER + HOUR, city.LATER + HOUR * 2
    assert selectors.place_classes([f"{HOME}001"], then) == {f"{HOME}001": frozenset({"main_road", "market"})}
    assert selectors.place_classes([f"{HOME}001", f"{HOME}002"], now) == {f"{HOME}001": frozenset({"main_road"})}
    half = [shapely.box(108.1, 26, 108.105, 26.01).wkb, shapely.box(108.105, 26, 108.11, 26.01).wkb]
    new = grid_split(f"{HOME}001", half, city.KEEPER, now + HOUR)
    assert set(selectors.place_classes(new, now + HOUR)) == set(new)


def test_grids_without_a_notice_are_listed(tree: None) -> None:
    _import(*_four())
    assert len(list(selectors.grids_incomplete(HOME, city.LATER))) == 4
    notices = [
        Notice(f"{HOME}001", "桥头一号网格", "示例员", "025-1", "025-2"),
        Notice(f"{HOME}002", "桥头二号网格", "", "025-1", "025-2"),
        Notice("870102001001999", "没有的网格", "", "", ""),
    ]
    report = notices_set(notices, city.KEEPER, city.LATER + HOUR, "n.csv")
    assert (report.opened, len(report.refused)) == (2, 1)
    missing = {i.grid: i.missing for i in selectors.grids_incomplete(HOME, city.LATER + HOUR)}
    assert f"{HOME}001" not in missing
    assert missing[f"{HOME}002"] == ("worker_shown",)
    again = notices_set(notices[:2], city.KEEPER, city.LATER + HOUR * 2)
    assert (again.opened, again.changed, again.kept) == (0, 0, 2)
    entry = Entry.objects.filter(verb="places.notices.set").latest("recorded_at")
    assert "示例员" not in str(entry.data)
    assert selectors.grid_notice(f"{HOME}001", city.LATER + HOUR * 3) == notices[0]


def test_a_closed_notice_forgets_its_worker(tree: None, as_app: None) -> None:
    _import(*_four())
    notices_set([Notice(f"{HOME}001", "桥头一号网格", "示例员", "025-1", "025-2")], city.KEEPER, city.LATER + HOUR)
    changed = city.LATER + HOUR * 2
    notices_set([Notice(f"{HOME}001", "桥头一号网格", "另一员", "025-3", "025-2")], city.KEEPER, changed)
    assert daily_forgetting(changed + timedelta(days=364)) == 0
    assert daily_forgetting(changed + timedelta(days=366)) == 1
    assert daily_forgetting(changed + timedelta(days=366)) == 0
    old, new = GridNotice.objects.order_by("id")
    assert (old.worker_shown, old.worker_phone, old.supervision_phone) == ("", "", "025-2")
    assert new.worker_shown == "另一员"
    with pytest.raises(DatabaseError, match="closed, never"), transaction.atomic():
        GridNotice.objects.filter(pk=new.pk).update(worker_shown="")


def test_a_map_of_one_tier(gridded: None) -> None:
    found = selectors.outline_geojson("870102", Tier.GRID, city.LATER)
    assert len(found["features"]) == 12  # type: ignore[arg-type]


def test_every_generated_grid_has_a_place_and_an_outline(gridded: None) -> None:
    places = set(Place.objects.filter(kind="base").values_list("code", flat=True))
    assert places == {code for code in Outline.objects.values_list("code", flat=True) if len(code) == 15}


def test_generation_costs_few_queries(outlined: None, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        grids_generate(Recipe(6, 1), city.KEEPER, city.LATER)

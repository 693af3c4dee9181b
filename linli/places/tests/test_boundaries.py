"""Outlines from GeoJSON: the file's own system, rings repaired or named, what is not understood refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from linli.kernel.errors import InputError
from linli.places import selectors
from linli.places.boundaries import boundaries_import
from linli.places.coordinates import Crs, wgs84_to_gcj02
from linli.places.domain import ImportReport, Refusal
from linli.places.errors import CrsError
from linli.places.models import Outline
from linli.places.outlines import Feature, area_m2, read_features
from linli.places.tests import cloud_ridge as city

REAL = Path(os.environ.get("LINLI_REALDATA", "")) / "places"
absent = pytest.mark.skipif(not REAL.is_dir(), reason="LINLI_REALDATA names no folder with places/")

BOW_TIE = {"type": "Polygon", "coordinates": [[[108, 26], [108.1, 26.1], [108.1, 26], [108, 26.1], [108, 26]]]}
SPIKE = {
    "type": "Polygon",
    "coordinates": [
        [[108, 26], [108.1, 26], [108.1, 26.1], [108.05, 26.1], [108.05, 26.11], [108.05, 26.1], [108, 26.1], [108, 26]]
    ],
}


def _import(document: dict[str, object], at: object = city.LATER) -> ImportReport:
    return boundaries_import(read_features(document, "b.geojson"), "b.geojson", city.KEEPER, at)  # type: ignore[arg-type]


def _one(geometry: object, crs: Crs | None = None, named: str = "") -> Feature | Refusal:
    document = city.collection(city.feature(geometry, code="870102"), crs=named)  # type: ignore[arg-type]
    return next(read_features(document, "b.geojson", crs))


def test_outlines_come_in_once(tree: None) -> None:
    assert _import(city.boundaries()).opened == 2
    again = _import(city.boundaries(), city.LATER.replace(hour=5))
    assert (again.opened, again.changed, again.kept) == (0, 0, 2)
    wider = city.collection(city.feature(city.square(108.1, 26, 108.3, 26.1), code="870102"))
    changed = _import(wider, city.LATER.replace(hour=6))
    assert (changed.opened, changed.changed) == (0, 1)
    assert Outline.objects.filter(code="870102").count() == 2


def test_an_outline_holds_since_its_place_is_known(tree: None) -> None:
    _import(city.boundaries())
    [found] = selectors.locate_many([108.05], [26.05], city.AT)
    assert found.district == "870103"


def test_what_cannot_be_taken_is_refused_by_name(tree: None) -> None:
    report = _import(
        city.collection(
            city.feature(city.EAST, code="870102"),
            city.feature(city.EAST, code="870102"),
            city.feature(city.WEST, code="870999"),
            city.feature(city.WEST, name="no code"),
            city.feature({"type": "Point", "coordinates": [108, 26]}, code="870103"),
            {"type": "Feature", "properties": {"code": "870103"}, "geometry": None},
            city.feature(city.square(650000, 2870000, 660000, 2880000), code="870103"),
        )
    )
    assert report.opened == 1
    assert [r.line for r in report.refused] == [2, 3, 4, 5, 6, 7]
    assert "not in the register" in report.refused[1].message
    assert "degrees" in report.refused[5].message


@pytest.mark.parametrize("key", ["adcode", "gb"])
def test_codes_as_other_publishers_write_them(tree: None, key: str) -> None:
    value: object = 870102 if key == "adcode" else "156870102"
    assert _import(city.collection(city.feature(city.EAST, **{key: value}))).opened == 1


def test_neighbours_that_overlap_are_noted(tree: None) -> None:
    report = _import(
        city.collection(
            city.feature(city.EAST, code="870102"), city.feature(city.square(108, 26, 108.12, 26.1), code="870103")
        )
    )
    assert report.opened == 2
    assert "870102 and 870103 both claim" in report.notes[0]


def test_a_touching_ring_is_repaired_and_a_bow_tie_named() -> None:
    repaired = _one(SPIKE)
    assert isinstance(repaired, Feature)
    assert repaired.repaired
    assert repaired.shape.is_valid
    assert area_m2(repaired.shape) == pytest.approx(area_m2(shapely.box(108, 26, 108.1, 26.1)), rel=1e-6)
    named = _one(BOW_TIE)
    assert isinstance(named, Refusal)
    assert "area" in named.message


def test_the_file_says_its_system() -> None:
    lon, lat = wgs84_to_gcj02(np.array([108.10, 108.20]), np.array([26.00, 26.10]))
    shifted = city.square(lon[0], lat[0], lon[1], lat[1])
    for found in (_one(shifted, Crs.GCJ02), _one(shifted, named="GCJ-02")):
        assert isinstance(found, Feature)
        assert found.shape.bounds == pytest.approx((108.10, 26.00, 108.20, 26.10), abs=2e-4)
    with pytest.raises(CrsError, match="command says gcj02"):
        _one(city.EAST, Crs.GCJ02, named="urn:ogc:def:crs:EPSG::4490")
    with pytest.raises(CrsError, match="4549"):
        _one(city.EAST, named="EPSG:4549")


def test_no_collection_is_an_error() -> None:
    with pytest.raises(InputError, match="FeatureCollection"):
        next(read_features({"type": "Topology"}, "b.geojson"))


def test_areas_on_the_ellipsoid() -> None:
    """A cell at 32 degrees against the integral of its meridian, and the half globe."""
    up = np.radians(np.linspace(32, 33, 200_001))
    bend = 1 - 0.00669438002290 * np.sin(up) ** 2
    strip = 6378137.0**2 * (1 - 0.00669438002290) * np.cos(up) / bend**2
    expected = np.trapezoid(strip, up) * np.radians(1)
    assert area_m2(shapely.box(118, 32, 119, 33)) == pytest.approx(expected, rel=1e-9)
    assert area_m2(shapely.box(-180, 0, 180, 90)) == pytest.approx(510_065_621_724_088 / 2, rel=1e-6)


@pytest.mark.realdata
@absent
def test_real_outlines_in_gcj02_are_repaired_and_land_on_the_others() -> None:
    shifted = _real("nanjing_districts_gcj02.geojson", Crs.GCJ02)
    plain = _real("nanjing_districts_cgcs2000.geojson", None)
    assert sorted(code for code, f in shifted.items() if f.repaired) == ["320114", "320118"]
    mixed_up = _real("nanjing_districts_gcj02.geojson", Crs.WGS84)
    for code, feature in plain.items():
        assert _apart(feature, shifted[code]) < 0.07
        assert _apart(feature, shifted[code]) < _apart(feature, mixed_up[code])


def _apart(one: Feature, other: Feature) -> float:
    """Ground that only one of two outlines claims, as a share of the first."""
    return float(one.shape.symmetric_difference(other.shape).area / one.shape.area)


def _real(name: str, crs: Crs | None) -> dict[str, Feature]:
    document = json.loads((REAL / name).read_text(encoding="utf-8"))
    found = list(read_features(document, name, crs))
    return {f.text("code"): f for f in found if isinstance(f, Feature)}

"""The shifts against published vectors, and their inverses to well below a metre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.places.coordinates import (
    Crs,
    bd09_to_gcj02,
    crs_named,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from linli.places.errors import CrsError

# wgs lon, wgs lat, gcj lon, gcj lat (vectors of eviltransform and coordtransform)
GCJ = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
    (116.404, 39.915, 116.41024449916938, 39.91640428150164),
]


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat"), GCJ)
def test_gcj02_vectors(lon: float, lat: float, gcj_lon: float, gcj_lat: float) -> None:
    x, y = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
    assert (x[0], y[0]) == pytest.approx((gcj_lon, gcj_lat), abs=1e-9)
    back_x, back_y = gcj02_to_wgs84(np.array([gcj_lon]), np.array([gcj_lat]))
    assert (back_x[0], back_y[0]) == pytest.approx((lon, lat), abs=1e-9)


def test_bd09_vectors() -> None:
    x, y = gcj02_to_bd09(np.array([116.404]), np.array([39.915]))
    assert (x[0], y[0]) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    x, y = bd09_to_gcj02(np.array([116.404]), np.array([39.915]))
    assert (x[0], y[0]) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-5)


@given(st.floats(74, 135), st.floats(4, 53))
def test_the_way_back_is_exact(lon: float, lat: float) -> None:
    x, y = np.array([lon]), np.array([lat])
    for crs, forward in ((Crs.GCJ02, wgs84_to_gcj02), (Crs.BD09, wgs84_to_bd09)):
        back_x, back_y = to_wgs84(*forward(x, y), crs)
        assert abs(back_x[0] - lon) < 1e-9
        assert abs(back_y[0] - lat) < 1e-9


def test_outside_china_nothing_is_shifted() -> None:
    x, y = wgs84_to_gcj02(np.array([-71.06]), np.array([42.36]))
    assert (x[0], y[0]) == (-71.06, 42.36)


def test_web_mercator() -> None:
    """The worked example of EPSG guidance note 7-2 for method 1024."""
    x, y = to_wgs84(np.array([-11169055.58]), np.array([2800000.0]), Crs.MERCATOR)
    assert (x[0], y[0]) == pytest.approx((-100.333333333, 24.381786944), abs=1e-7)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("urn:ogc:def:crs:EPSG::4490", Crs.WGS84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs.WGS84),
        ("EPSG:4326", Crs.WGS84),
        ("", Crs.WGS84),
        ("GCJ-02", Crs.GCJ02),
        ("BD09LL", Crs.BD09),
        ("EPSG:3857", Crs.MERCATOR),
    ],
)
def test_names_of_systems(text: str, crs: Crs) -> None:
    assert crs_named(text) is crs


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(CrsError, match="4549"):
        crs_named("EPSG:4549")

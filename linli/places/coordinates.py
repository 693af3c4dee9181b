"""GCJ-02 and BD-09, the shifted coordinates of Chinese map services, turned into WGS 84 and back. Pure numpy.

Known here only: `wgs84` (for our purposes also CGCS2000), `gcj02`, `bd09`, and web mercator for files that say so.
The inverse of GCJ-02 and BD-09 has no closed form; it is found by iteration to well below a millimetre.

Source: the forward formulas are the ones published with every open implementation (eviltransform, coordtransform);
vectors of theirs are in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from linli.places.errors import CrsError

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)
_BAIDU_PI = np.pi * 3000.0 / 180.0
_MERCATOR_R = 6378137.0
_ROUNDS = 12


class Crs(StrEnum):
    """Coordinate systems that can be read."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    MERCATOR = "epsg3857"


_NAMES = {
    "": Crs.WGS84,
    "wgs84": Crs.WGS84,
    "cgcs2000": Crs.WGS84,
    "crs84": Crs.WGS84,
    "epsg4326": Crs.WGS84,
    "epsg4490": Crs.WGS84,
    "epsg4979": Crs.WGS84,
    "gcj02": Crs.GCJ02,
    "gcj02ll": Crs.GCJ02,
    "bd09": Crs.BD09,
    "bd09ll": Crs.BD09,
    "epsg3857": Crs.MERCATOR,
    "epsg900913": Crs.MERCATOR,
}


def crs_named(text: str) -> Crs:
    """The system behind a name, however it is written (`EPSG:4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `GCJ-02`).

    Raises:
        CrsError: a name that is not known here.
    """
    short = text.strip().lower()
    for part in ("http://www.opengis.net/def/crs/", "urn:ogc:def:crs:", "ogc:1.3:", "ogc/1.3/", "ogc:"):
        short = short.replace(part, "")
    short = "".join(c for c in short if c.isalnum())
    short = short.replace("epsg0", "epsg") if short.startswith("epsg0") else short
    if short not in _NAMES:
        raise CrsError(
            f"coordinate system {text[:60]!r} is not known here",
            hint="write wgs84 (also CGCS2000), gcj02 or bd09, or turn the file into EPSG:4490",
        )
    return _NAMES[short]


def to_wgs84(lon: Floats, lat: Floats, crs: Crs) -> Pair:
    """Turn coordinates of a system into WGS 84 / CGCS2000 degrees.

    Args:
        lon: degrees east (metres for web mercator).
        lat: degrees north, of the same shape.
        crs: the system they are in.

    Returns:
        Longitude and latitude in degrees, new arrays. Points outside China are not shifted by GCJ-02.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if crs is Crs.GCJ02:
        return gcj02_to_wgs84(x, y)
    if crs is Crs.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    if crs is Crs.MERCATOR:
        down = np.degrees(2 * np.arctan(np.exp(y / _MERCATOR_R)) - np.pi / 2)
        return np.degrees(x / _MERCATOR_R), down
    return x.copy(), y.copy()


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Shift WGS 84 degrees as GCJ-02 does; points outside China stay where they are."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    east, north = _gcj_shift(x, y)
    west, right, south, top = _CHINA
    inside = (x >= west) & (x <= right) & (y >= south) & (y <= top)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Undo the shift of GCJ-02 by iteration."""
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Shift GCJ-02 degrees as BD-09 does."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    reach = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_PI)
    turn = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_PI)
    return reach * np.cos(turn) + 0.0065, reach * np.sin(turn) + 0.006


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Undo the shift of BD-09 by iteration."""
    return _inverse(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Both shifts, one after the other."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def _inverse(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """The point that `forward` carries to (lon, lat): fixed-point steps, the shift being nearly constant."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    goal_x, goal_y = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        there_x, there_y = forward(x, y)
        step_x, step_y = goal_x - there_x, goal_y - there_y
        x, y = x + step_x, y + step_y
        if not x.size or max(np.abs(step_x).max(), np.abs(step_y).max()) < 1e-11:
            break
    return x, y


def _gcj_shift(lon: Floats, lat: Floats) -> Pair:
    """Degrees east and north by which GCJ-02 moves a point."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    shared = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    up = np.radians(lat)
    bend = 1.0 - _KRASOVSKY_EE * np.sin(up) ** 2
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_EE) / (bend * np.sqrt(bend))
    parallel = _KRASOVSKY_A / np.sqrt(bend) * np.cos(up)
    return np.degrees(east / parallel), np.degrees(north / meridian)

"""An invented city for the tests: Cloud Ridge (云岭), two districts, three streets, five communities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linli.kernel.actors import SYSTEM, Actor
from linli.places.lists import ListRow, Lists, read_lists

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
KEEPER = Actor(SYSTEM, "keeper")

DISTRICTS = [("870102", "云东区"), ("870103", "云西区")]
STREETS = [("870102001", "长桥街道"), ("870102100", "石门镇"), ("870103401", "云西高新技术园区")]
COMMUNITIES = [
    ("870102001001", "桥头社区居委会"),
    ("870102001002", "桥尾社区居委会"),
    ("870102100201", "石门村委会"),
    ("870103401001", "高新园虚拟社区"),
    ("870103401002", "园北社区居委会"),
]

Pairs = list[tuple[str, str]]


def rows(source: str, pairs: Pairs) -> list[ListRow]:
    """Rows of a list as a reader would give them."""
    return [ListRow(source, line, code, name) for line, (code, name) in enumerate(pairs, start=2)]


def lists(districts: Pairs | None = None, streets: Pairs | None = None, communities: Pairs | None = None) -> Lists:
    """The city's lists, with any of the three replaced."""
    return read_lists(
        rows("d.csv", DISTRICTS if districts is None else districts),
        rows("s.csv", STREETS if streets is None else streets),
        rows("c.csv", COMMUNITIES if communities is None else communities),
    )


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    """A GeoJSON polygon."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: dict[str, object], **properties: object) -> dict[str, object]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, object], crs: str = "") -> dict[str, object]:
    """A GeoJSON FeatureCollection, with a crs member if one is named."""
    made: dict[str, object] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        made["crs"] = {"type": "name", "properties": {"name": crs}}
    return made


EAST = square(108.10, 26.00, 108.20, 26.10)
WEST = square(108.00, 26.00, 108.10, 26.10)


def boundaries() -> dict[str, object]:
    """Outlines of both districts, side by side."""
    return collection(feature(EAST, code="870102", name="云东区"), feature(WEST, code="870103", name="云西区"))

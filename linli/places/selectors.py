"""Reads of the register. Each answers for an instant `at` (aware, UTC) and returns frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from linli.places.domain import Descent, Incomplete, Located, Notice, PlaceInfo

CLASS_LAYER = "place_class"
"""The layer whose places are classes of ground: `main_road`, `compound`, `market` …"""


def locate_many(lon: Sequence[float], lat: Sequence[float], at: datetime) -> list[Located]:
    """Where points lie, in one go.

    Args:
        lon, lat: degrees, WGS 84 / CGCS2000 (see `coordinates.to_wgs84` for others), equally long.
        at: which grids were valid.

    Returns:
        One `Located` a point, in order; the tolerance is the pack's `places.edge_tolerance`.
    """
    raise NotImplementedError


def place_at(code: str, at: datetime) -> PlaceInfo | None:
    """The version of a place that holds at an instant, or None."""
    raise NotImplementedError


def places_under(prefix: str, at: datetime, tier: str | None = None) -> list[PlaceInfo]:
    """Every place below a code prefix ("" = all) at an instant, by code; of one tier if given."""
    raise NotImplementedError


def place_names(codes: Iterable[str], at: datetime) -> dict[str, str]:
    """Names by code; codes unknown at that instant are left out."""
    raise NotImplementedError


def place_classes(grid: str, at: datetime) -> frozenset[str]:
    """Classes of a grid (`main_road`, `compound` …), from the layer `place_class`; cached in the process."""
    raise NotImplementedError


def layer_places(layer: str, grids: Iterable[str], at: datetime) -> dict[str, tuple[str, ...]]:
    """To which of a trade's own places each grid belongs; grids outside the layer are left out."""
    raise NotImplementedError


def grid_notice(grid: str, at: datetime) -> Notice | None:
    """The public notice of a grid at an instant."""
    raise NotImplementedError


def grids_incomplete(prefix: str, at: datetime) -> Iterator[Incomplete]:
    """Grids below a prefix without public name, worker or phone lines, by code. Source: S4 art 6."""
    raise NotImplementedError


def lineage_of(code: str, earlier: datetime, later: datetime) -> list[Descent]:
    """Which grids hold at `later` the ground that `code` had at `earlier`, with shares.

    Returns:
        One `Descent` a successor (itself alone, with all its ground, when nothing happened), by code.

    Raises:
        NotFoundError: the grid did not hold at `earlier`.
    """
    raise NotImplementedError


def outline_geojson(prefix: str, tier: str, at: datetime) -> dict[str, object]:
    """Outlines of one tier below a prefix as a GeoJSON FeatureCollection (for maps)."""
    raise NotImplementedError

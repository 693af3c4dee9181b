"""GeoJSON in: polygons in WGS 84 degrees, each valid as it stands, repaired and said so, or refused by name.

Pure: shapely and numpy. Not here: which place a polygon belongs to is checked by the writers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InputError, LinliError
from linli.places.coordinates import Crs, crs_named, to_wgs84
from linli.places.domain import Refusal
from linli.places.errors import CrsError, GeometryError

_AXIS = 6378137.0
_FLAT = 1 / 298.257222101
_ECC2 = _FLAT * (2 - _FLAT)
_STRAIGHT = 0.005
"""Degrees after which a straight edge is given a further point before it is bent by a projection."""

REPAIR_MAY_CHANGE_PPM = 20_000
"""A repair that changes more of the area than this is refused: the ring is wrong, not untidy."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One polygon of a file.

    Attributes:
        number: its place in the file, from 1.
        shape: valid polygon or multipolygon, WGS 84 degrees, longitude first.
        properties: as in the file.
        repaired: what was wrong with the ring, "" when nothing was.
    """

    number: int
    shape: BaseGeometry
    properties: Mapping[str, object]
    repaired: str = ""

    def text(self, *names: str) -> str:
        """The first of these properties that is there, as text without blanks around it."""
        found = (self.properties.get(name) for name in names)
        return next((str(value).strip() for value in found if value not in (None, "")), "")


def read_features(document: object, source: str, crs: Crs | None = None) -> Iterator[Feature | Refusal]:
    """Features of a GeoJSON FeatureCollection, one by one; unreadable ones come as refusals.

    Args:
        document: the parsed JSON.
        source: file name for messages.
        crs: what the caller says the coordinates are; None = as the file says, WGS 84 if it says nothing.

    Raises:
        InputError: no FeatureCollection.
        CrsError: a system unknown here, or the file says another one than the caller.
    """
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise InputError(f"{source} is not a GeoJSON FeatureCollection", hint="it needs a list `features`")
    system = _system(document, source, crs)
    for number, raw in enumerate(document["features"], start=1):
        try:
            yield _feature(raw, number, system)
        except LinliError as error:
            yield Refusal(source, number, "geometry", error.message)


def _system(document: Mapping[str, object], source: str, said: Crs | None) -> Crs:
    member = document.get("crs")
    if member is None:
        return said or Crs.WGS84
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else member
    own = crs_named(str(name))
    if said is not None and said is not own:
        raise CrsError(
            f"{source} says its coordinates are {own}, the command says {said}",
            hint="leave the option out, or take `crs` out of the file if it is wrong",
        )
    return own


def _feature(raw: object, number: int, crs: Crs) -> Feature:
    if not isinstance(raw, dict) or not isinstance(raw.get("geometry"), dict):
        raise GeometryError("the feature has no geometry")
    properties = raw.get("properties") or {}
    try:
        shape = shapely.geometry.shape(raw["geometry"])
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise GeometryError("the geometry cannot be read: a ring needs at least four points") from error
    shape, repaired = mended(_in_wgs84(shapely.force_2d(shape), crs))
    return Feature(number, shape, properties, repaired)


def _in_wgs84(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    if shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise GeometryError(f"an outline is a Polygon or MultiPolygon, not {shape.geom_type}")

    def turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = to_wgs84(points[:, 0], points[:, 1], crs)
        return np.column_stack([lon, lat])

    moved = shapely.transform(shape, turned) if crs is not Crs.WGS84 else shape
    west, south, east, north = moved.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise GeometryError(
            "coordinates are not degrees of longitude and latitude",
            hint="longitude comes first; projected files must be turned into EPSG:4490 before",
        )
    return moved


def mended(shape: BaseGeometry) -> tuple[BaseGeometry, str]:
    """A valid polygon for a shape, and what was wrong with it ("" = nothing).

    Raises:
        GeometryError: nothing polygonal is left, or the repair changes more than 2 % of the area.
    """
    if shape.is_valid:
        return shape, ""
    reason = shapely.is_valid_reason(shape)
    repaired = polygonal(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    if repaired.is_empty:
        raise GeometryError(f"the ring cannot be repaired: {reason}")
    before, after = _loose_area(shape), area_m2(repaired)
    if abs(before - after) * 1_000_000 > REPAIR_MAY_CHANGE_PPM * max(before, after):
        raise GeometryError(f"repairing the ring would change its area from {before:.0f} to {after:.0f} m²: {reason}")
    return repaired, reason


def _loose_area(shape: BaseGeometry) -> float:
    """Area by the rings as drawn, outer less inner, valid or not."""
    return abs(float(shapely.area(_equal_area(shape))))


def polygonal(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape and nothing else: one Polygon, or a MultiPolygon (empty if there are none)."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon | MultiPolygon) and not p.is_empty]
    return shapely.union_all(parts) if parts else Polygon()


def area_m2(shape: BaseGeometry) -> float:
    """Square metres on the CGCS2000 ellipsoid of a shape in degrees (edges straight in longitude and latitude)."""
    return float(shapely.area(_equal_area(shapely.segmentize(shape, _STRAIGHT))))


def areas_m2(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """`area_m2` of many shapes at once."""
    return np.asarray(
        shapely.area(shapely.transform(shapely.segmentize(shapes, _STRAIGHT), _lambert)), dtype=np.float64
    )


def _equal_area(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, _lambert)


def _lambert(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cylindrical equal-area projection of the ellipsoid (Snyder 1987, eq. 10-15 and 3-12)."""
    ecc = np.sqrt(_ECC2)
    sin = np.sin(np.radians(points[:, 1]))
    q = (1 - _ECC2) * (sin / (1 - _ECC2 * sin**2) + np.arctanh(ecc * sin) / ecc)
    return np.column_stack([_AXIS * np.radians(points[:, 0]), _AXIS * q / 2])

"""Lineage of ground: how much of each old grid went to which new one, and the walk over many such changes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.places.domain import Descent
from linli.places.outlines import areas_m2

WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """Ground of `before` that went to `after` at an instant, in millionths of `before`."""

    before: str
    after: str
    at: datetime
    share_ppm: int


def shares(old: Mapping[str, BaseGeometry], new: Mapping[str, BaseGeometry]) -> list[Descent]:
    """How the ground of old shapes went to new ones, in millionths of each old one; slivers left out."""
    if not old or not new:
        return []
    before, after = list(old), list(new)
    old_shapes, new_shapes = (
        np.array([m[c] for c in names], dtype=object) for m, names in ((old, before), (new, after))
    )
    i, j = shapely.STRtree(new_shapes).query(old_shapes, predicate="intersects")
    common = areas_m2(shapely.intersection(old_shapes[i], new_shapes[j]))
    parts = np.rint(common / areas_m2(old_shapes)[i] * WHOLE).astype(np.int64)
    found = [Descent(before[a], after[b], min(int(p), WHOLE)) for a, b, p in zip(i, j, parts, strict=True) if p >= 1]
    return sorted(found, key=lambda d: (d.before, d.after))


def walk(code: str, steps: Iterable[Step]) -> list[Descent]:
    """Follow a grid's ground through steps in the order of time.

    Args:
        code: where the walk begins.
        steps: of any grids; those of one instant happen together.

    Returns:
        One `Descent` a grid that holds some of the ground in the end.
    """
    held: dict[str, Fraction] = {code: Fraction(1)}
    by_instant: dict[datetime, dict[str, list[Step]]] = {}
    for step in steps:
        by_instant.setdefault(step.at, {}).setdefault(step.before, []).append(step)
    for at in sorted(by_instant):
        held = _moved(held, by_instant[at])
    ends = ((after, round(share * WHOLE)) for after, share in sorted(held.items()))
    return [Descent(code, after, share) for after, share in ends if share]


def _moved(held: Mapping[str, Fraction], steps: Mapping[str, list[Step]]) -> dict[str, Fraction]:
    moved: dict[str, Fraction] = {}
    for code, share in held.items():
        for step in steps.get(code, [Step(code, code, datetime.min, WHOLE)]):  # noqa: DTZ901 - not read
            moved[step.after] = moved.get(step.after, Fraction(0)) + share * Fraction(step.share_ppm, WHOLE)
    return moved

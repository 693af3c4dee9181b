"""What the writers of outlines share: what holds now, what differs, and rows to open and close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.places.descent import shares
from linli.places.models import Lineage, Outline, Place
from linli.places.outlines import areas_m2
from linli.places.register import Writing, open_from

Shapes = Mapping[str, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Held:
    """Places and outlines that hold now, by code."""

    places: dict[str, Place]
    outlines: dict[str, Outline]

    def shape(self, code: str) -> BaseGeometry:
        """The outline of a code as a shape."""
        return shapely.from_wkb(bytes(self.outlines[code].wkb))

    def shapes(self, codes: Iterable[str]) -> dict[str, BaseGeometry]:
        """Outlines of those of the codes that have one."""
        known = [code for code in codes if code in self.outlines]
        return dict(zip(known, shapely.from_wkb([bytes(self.outlines[c].wkb) for c in known]), strict=True))


def held_under(prefix: str) -> Held:
    """Everything that holds now below a prefix ("" = all): two queries. Index: the `_like` ones of `code`."""
    places = Place.objects.filter(code__startswith=prefix, period__upper_inf=True)
    outlines = Outline.objects.filter(code__startswith=prefix, period__upper_inf=True)
    return Held({row.code: row for row in places}, {row.code: row for row in outlines})


def set_outlines(
    writing: Writing, held: Held, shapes: Shapes, origin: str, first: Mapping[str, datetime | None]
) -> int:
    """Open outlines that are new or other than before, closing the old ones.

    Args:
        writing: the change under way.
        held: what holds now.
        shapes: by code.
        origin: `import` or `generated`.
        first: beginning of the period of codes that never had an outline; others begin now.

    Returns:
        How many were opened.
    """
    wkbs = {code: shapely.to_wkb(shapely.normalize(shape)) for code, shape in shapes.items()}
    other = [code for code, wkb in wkbs.items() if not _same(held.outlines.get(code), wkb, origin)]
    if not other:
        return 0
    areas = np.rint(areas_m2(np.array([shapes[code] for code in other], dtype=object))).astype(int)
    writing.close(held.outlines[code] for code in other if code in held.outlines)
    writing.open(
        [
            Outline(
                code=code,
                wkb=wkbs[code],
                area_m2=int(area),
                origin=origin,
                period=open_from(first.get(code, writing.at)),
            )
            for code, area in zip(other, areas, strict=True)
        ]
    )
    return len(other)


def _same(row: Outline | None, wkb: bytes, origin: str) -> bool:
    return row is not None and bytes(row.wkb) == wkb and row.origin == origin


def never_outlined(codes: Iterable[str]) -> frozenset[str]:
    """Those of the codes that never had an outline."""
    wanted = set(codes)
    return frozenset(wanted.difference(Outline.objects.filter(code__in=wanted).values_list("code", flat=True)))


def ever_divided(prefix: str) -> frozenset[str]:
    """Communities below a prefix that have, or once had, grids."""
    codes = Place.objects.filter(code__startswith=prefix, code__regex="^.{15}$").values_list("code", flat=True)
    return frozenset(code[:12] for code in codes)


def first_day(held: Held, codes: Iterable[str], settled: frozenset[str]) -> dict[str, datetime | None]:
    """From when the first grids of a community hold: from when the community does; others begin at the change."""
    return {code: held.places[code[:12]].period.lower for code in codes if code[:12] not in settled}


def by_community(shapes: Shapes) -> dict[str, dict[str, BaseGeometry]]:
    """Grid outlines by community."""
    found: dict[str, dict[str, BaseGeometry]] = {}
    for code, shape in shapes.items():
        found.setdefault(code[:12], {})[code] = shape
    return found


def redrawn(old: Mapping[str, Shapes], new: Mapping[str, Shapes], at: datetime) -> list[Lineage]:
    """Lineage of communities whose grids were drawn anew.

    Args:
        old: grid outlines by community before.
        new: and after; what is equal is passed over.
        at: when.
    """
    return [
        Lineage(before=d.before, after=d.after, at=at, reason="redraw", share_ppm=d.share_ppm)
        for community in sorted(old.keys() & new.keys())
        if not _equal(old[community], new[community])
        for d in shares(old[community], new[community])
    ]


def _equal(old: Shapes, new: Shapes) -> bool:
    return old.keys() == new.keys() and all(
        shapely.equals_exact(old[code], shapely.normalize(new[code]), 0) for code in old
    )

"""Writes of single grids and layers: split, merge, and which grids a layer's places are made of.

Whole files come in by `tree.tree_import`, `boundaries.boundaries_import`, `grids.grids_import`, `notices.notices_set`;
ground is made up by `generated.grids_generate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.actors import Actor
from linli.kernel.codes import CommunityCode, GridCode
from linli.kernel.errors import NotFoundError
from linli.places.descent import WHOLE, shares
from linli.places.domain import Descent, ImportReport, PlaceKind, Refusal
from linli.places.errors import GeometryError
from linli.places.ground import Held, held_under, set_outlines
from linli.places.models import GridNotice, Layer, LayerGrid, Lineage, Place
from linli.places.outlines import areas_m2, mended
from linli.places.register import Writing, changing, counted, open_from

_DRAWING_ERROR_PPM = 100


def grid_split(code: str, parts: Sequence[bytes], actor: Actor, at: datetime) -> list[str]:
    """Split a grid along new outlines; the new grids take the next free numbers, lineage keeps the shares.

    Args:
        code: of a base or dedicated grid without micro-grids.
        parts: WKB of the new outlines in WGS 84 degrees; together they are the old ground.
        actor: with the posts held now.
        at: the server's clock, aware UTC.

    Returns:
        The new codes, in the order of `parts`.

    Raises:
        GeometryError: parts that do not tile the grid.
        InputError: `codes.grid_sequence_full` when the community's 999 numbers are used up.
        NotFoundError: no such grid now.
    """
    with changing("places.grid.split", actor, at, place=code, subject=f"place:{code[:12]}") as writing:
        held = _held(code)
        shapes = [mended(shapely.from_wkb(part))[0] for part in parts]
        if len(shapes) < 2:
            raise GeometryError("a grid is split into two parts or more")
        _check_tiles(held.shape(code), shapes)
        return _replace(writing, held, [code], shapes, "split")


def grid_merge(codes: Sequence[str], actor: Actor, at: datetime) -> str:
    """Merge adjacent grids of one community into a new one; returns its code.

    Args:
        codes: two or more, of one kind, without micro-grids.
        actor: with the posts held now.
        at: the server's clock, aware UTC.

    Raises:
        GeometryError: grids that do not touch, of two communities or kinds.
        NotFoundError: one of them is no grid now.
    """
    place = codes[0] if codes else ""
    with changing("places.grid.merged", actor, at, place=place, subject=f"place:{place[:12]}") as writing:
        if len(set(codes)) < 2 or len({code[:12] for code in codes}) > 1:
            raise GeometryError("two grids or more of one community are merged")
        held = _held(*codes)
        if len({held.places[code].kind for code in codes}) > 1:
            raise GeometryError("grids of two kinds are not merged")
        whole = shapely.union_all(list(held.shapes(codes).values()))
        if len(shapely.get_parts(whole)) > min(len(shapely.get_parts(s)) for s in held.shapes(codes).values()):
            raise GeometryError("the grids do not touch; only adjacent grids are merged")
        return _replace(writing, held, sorted(set(codes)), [whole], "merge")[0]


def _held(*codes: str) -> Held:
    """What holds in the community of these grids, each of which must hold and have no micro-grid."""
    held = held_under(codes[0][:12])
    for code in codes:
        place = held.places.get(code)
        if place is None or code not in held.outlines or len(code) != 15:
            raise NotFoundError(f"no grid {code} now", code="places.no_grid", data={"code": code})
        if any(other.base == code for other in held.places.values()) or place.kind == PlaceKind.MICRO:
            raise GeometryError(f"{code} is or has micro-grids; import them anew with the new outlines")
    return held


def _check_tiles(whole: BaseGeometry, parts: Sequence[BaseGeometry]) -> None:
    array = np.array([*parts, shapely.union_all(list(parts)), whole], dtype=object)
    areas = areas_m2(array)
    off = max(abs(areas[:-2].sum() - areas[-1]), abs(areas[-2] - areas[-1]))
    off = max(off, float(areas_m2(np.array([shapely.symmetric_difference(array[-2], whole)], dtype=object))[0]))
    if off * WHOLE > _DRAWING_ERROR_PPM * areas[-1]:
        raise GeometryError(
            f"the parts do not tile the grid: {off:.0f} m² are left over, outside, or claimed twice",
            hint="cut the old outline itself; do not draw it anew",
        )


def _replace(
    writing: Writing, held: Held, old: Sequence[str], shapes: Sequence[BaseGeometry], reason: str
) -> list[str]:
    """Close grids and open others on their ground, with lineage; layers and notices of the old ones close too."""
    before = held.shapes(old)
    codes = _next_codes(CommunityCode(old[0][:12]), len(shapes))
    kind = held.places[old[0]].kind
    writing.close(held.places[code] for code in old)
    writing.close(held.outlines[code] for code in old)
    writing.open([Place(code=c, name=c[12:], kind=kind, period=open_from(writing.at)) for c in codes])
    after = dict(zip(codes, shapes, strict=True))
    set_outlines(writing, held, after, held.outlines[old[0]].origin, {})
    found = shares(before, after) if reason == "split" else [Descent(code, codes[0], WHOLE) for code in old]
    writing.descend(
        [Lineage(before=d.before, after=d.after, at=writing.at, reason=reason, share_ppm=d.share_ppm) for d in found]
    )
    _hand_down(writing, old, codes)
    writing.facts |= {"before": list(old), "after": list(codes)}
    return codes


def _next_codes(community: CommunityCode, count: int) -> list[str]:
    taken = {c for c in Place.objects.filter(code__startswith=community).values_list("code", flat=True) if len(c) == 15}
    codes: list[str] = []
    for _ in range(count):
        codes.append(str(GridCode.after(community, taken)))
        taken.add(codes[-1])
    return codes


def _hand_down(writing: Writing, old: Sequence[str], codes: Sequence[str]) -> None:
    """The new grids stay in the layers of the old ones; the public notices have to be written anew."""
    writing.close(GridNotice.objects.filter(code__in=old, period__upper_inf=True))
    rows = list(LayerGrid.objects.filter(code__in=old, period__upper_inf=True))
    writing.close(rows)
    pairs = sorted({(row.layer_id, row.place) for row in rows})
    writing.open(
        [
            LayerGrid(code=code, layer_id=layer, place=place, period=open_from(writing.at))
            for code in codes
            for layer, place in pairs
        ]
    )


def layer_set(layer: tuple[str, str], rows: Mapping[str, Iterable[str]], actor: Actor, at: datetime) -> ImportReport:
    """Say which grids belong to which places of a layer, closing what no longer holds.

    Args:
        layer: code and title, e.g. `("place_class", "Place class")`.
        rows: the trade's own places by grid code; the whole layer, not a part of it.
        actor: with the posts held now.
        at: the server's clock, aware UTC.

    Returns:
        Counts of pairs of grid and place; unknown grids are refused.
    """
    code, title = layer
    wanted = {(grid, place) for grid, places in rows.items() for place in places}
    with changing("places.layer.set", actor, at) as writing:
        Layer.objects.get_or_create(code=code, defaults={"title": title})
        grids = {g for g, _ in wanted}
        known = set(Place.objects.filter(code__in=grids, period__upper_inf=True).values_list("code", flat=True))
        held = {(r.code, r.place): r for r in LayerGrid.objects.filter(layer=code, period__upper_inf=True)}
        good = {pair for pair in wanted if pair[0] in known and len(pair[0]) == 15}
        writing.close(row for pair, row in held.items() if pair not in good)
        fresh = sorted(good - held.keys())
        writing.open([LayerGrid(code=g, layer_id=code, place=p, period=open_from(at)) for g, p in fresh])
        writing.facts |= {"layer": code, **counted({"opened": len(fresh), "closed": len(held.keys() - good)})}
    refused = [Refusal(code, 0, "grid", f"{g!r} is no grid of the register") for g, _ in sorted(wanted - good)]
    return ImportReport(len(fresh), len(held.keys() - good), 0, len(held.keys() & good), tuple(refused))

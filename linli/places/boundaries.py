"""Import of outlines from GeoJSON for places of any tier above the grid; most often districts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.actors import Actor
from linli.kernel.codes import place_code
from linli.kernel.errors import InputError
from linli.places.domain import ImportReport, Refusal
from linli.places.ground import Held, held_under, never_outlined, set_outlines
from linli.places.outlines import Feature, areas_m2
from linli.places.register import changing

CODE_NAMES = ("code", "adcode", "gb", "id")
_COUNTRY = "156"
_NOTED_OVERLAP_M2 = 10_000


def boundaries_import(
    features: Iterable[Feature | Refusal], source: str, actor: Actor, at: datetime, file_hash: str = ""
) -> ImportReport:
    """Give registered places the outlines of a file; places that the file does not name keep theirs.

    Args:
        features: from `outlines.read_features`; the code is in the property `code`, `adcode` or `gb`.
        source: file name for messages.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        file_hash: for the journal.

    Returns:
        Counts of outlines; refused features; rings that were repaired, neighbours that overlap.
    """
    with changing("places.boundaries.imported", actor, at) as writing:
        held = held_under("")
        shapes, refused, notes = _checked(features, source, held)
        fresh = never_outlined(shapes)
        first = {code: held.places[code].period.lower for code in fresh}
        opened = set_outlines(writing, held, shapes, "import", first)
        writing.facts |= {"outlines": opened, "refused": len(refused), "file": file_hash}
    changed = opened - len(fresh)
    return ImportReport(
        opened=len(fresh),
        changed=changed,
        kept=len(shapes) - opened,
        refused=tuple(refused),
        notes=(*notes, *_overlaps(shapes)),
    )


def _checked(
    features: Iterable[Feature | Refusal], source: str, held: Held
) -> tuple[dict[str, BaseGeometry], list[Refusal], list[str]]:
    shapes: dict[str, BaseGeometry] = {}
    refused: list[Refusal] = []
    notes: list[str] = []
    for feature in features:
        if isinstance(feature, Refusal):
            refused.append(feature)
            continue
        code = feature_code(feature)
        problem = _problem(code, shapes, held)
        if problem:
            refused.append(Refusal(source, feature.number, "code", problem))
            continue
        shapes[code] = feature.shape
        if feature.repaired:
            notes.append(f"{code} {held.places[code].name}: ring repaired ({feature.repaired})")
    return shapes, refused, notes


def feature_code(feature: Feature) -> str:
    """The place code of a feature, the country's 156 before nine digits of a district taken off."""
    text = feature.text(*CODE_NAMES)
    return text.removeprefix(_COUNTRY) if len(text) == 9 and text.startswith(_COUNTRY) else text


def _problem(code: str, shapes: dict[str, BaseGeometry], held: Held) -> str:
    try:
        place_code(code)
    except InputError as error:
        return f"{error.message} (property {' or '.join(CODE_NAMES[:3])})"
    if len(code) == 15:
        return f"{code} is a grid; use `linli grids import`"
    if code in shapes:
        return f"{code} stands twice in the file; the first outline was kept"
    if code not in held.places:
        return f"{code} is not in the register; import the code lists first"
    return ""


def _overlaps(shapes: dict[str, BaseGeometry]) -> list[str]:
    """Pairs of one tier that claim the same ground, as notes."""
    names = sorted(shapes)
    array = np.array([shapes[name] for name in names], dtype=object)
    i, j = shapely.STRtree(array).query(array, predicate="intersects")
    pairs = [(a, b) for a, b in zip(i, j, strict=True) if a < b and len(names[a]) == len(names[b])]
    pairs = [(a, b) for a, b in pairs if not names[a].endswith("00")]
    if not pairs:
        return []
    a, b = np.array(pairs).T
    common = areas_m2(shapely.intersection(array[a], array[b]))
    return [
        f"{names[x]} and {names[y]} both claim {area / 1e6:.3f} km²"
        for x, y, area in zip(a, b, common, strict=True)
        if area > _NOTED_OVERLAP_M2
    ]

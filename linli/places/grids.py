"""Import of surveyed grids from GeoJSON: base, dedicated, and micro-grids inside them; never two for the same ground.

A file restates the whole ground of each community it names: its base and dedicated grids, or its micro-grids, or both;
what it leaves out of these is closed, and lineage says which ground went where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.actors import Actor
from linli.kernel.codes import CommunityCode, GridCode
from linli.kernel.errors import InputError
from linli.packs.selectors import live_rules
from linli.places.domain import GRID_KINDS, ImportReport, Notice, PlaceKind, Refusal
from linli.places.ground import Held, by_community, ever_divided, first_day, held_under, redrawn, set_outlines
from linli.places.lookup import CHINA_TIME
from linli.places.models import Place
from linli.places.notices import write_notices
from linli.places.outlines import Feature, areas_m2
from linli.places.register import Writing, changing, counted, open_from
from linli.places.tiling import reading_order
from linli.rules.parameters import Integer, Parameter

OVERLAP_ALLOWED = Parameter("places.overlap_allowed", Integer)
"""Overlap taken for drawing error, in thousandths of the smaller grid."""

CODE_NAMES = ("code", "grid", "grid_code")
_ROUNDING = 0.01
"""Thousandths below which an overlap is the arithmetic's, not the surveyor's."""

Allowed = Callable[[], int]

_NOTICE_NAMES = (
    ("public_name",),
    ("worker", "worker_shown"),
    ("worker_phone", "phone"),
    ("supervision_phone",),
)


@dataclass(frozen=True, slots=True)
class GridDraft:
    """One grid of a file, checked by itself."""

    number: int
    code: str
    name: str
    kind: PlaceKind
    base: str
    shape: BaseGeometry
    notice: Notice


@dataclass(slots=True)
class _Reading:
    """What a file says, growing as its features are checked."""

    source: str
    held: Held
    drafts: dict[str, GridDraft] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    refused_codes: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def refuse(self, number: int, column: str, message: str, code: str = "") -> None:
        self.refused.append(Refusal(self.source, number, column, message))
        self.refused_codes.add(code)

    def drop(self, draft: GridDraft, message: str) -> None:
        self.refuse(draft.number, "geometry", message, draft.code)
        del self.drafts[draft.code]


def grids_import(
    features: Iterable[Feature | Refusal], source: str, actor: Actor, at: datetime, file_hash: str = ""
) -> ImportReport:
    """Bring the grids of the communities that a file names to what it says.

    Args:
        features: from `outlines.read_features`. Properties: `code` (15 digits) or `community` (12; the grid is
            numbered), `name`, `kind` (base, dedicated, micro), `base` (of a micro-grid), and the public notice
            `public_name`, `worker`, `worker_phone`, `supervision_phone`.
        source: file name for messages.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        file_hash: for the journal.

    Raises:
        InputError: not one grid could be taken.
    """
    with changing("places.grids.imported", actor, at) as writing:
        reading = _Reading(source, held_under(""))
        _read(reading, list(features))
        _check_ground(reading, at)
        if not reading.drafts:
            raise InputError(
                f"not one grid of {source} could be taken",
                code="places.nothing",
                hint="each feature needs a property `code` of 15 digits whose community is in the register",
                data={"refused": [f"{r.line}: {r.message}" for r in reading.refused[:20]]},
            )
        report = _write(writing, reading)
        writing.facts |= counted({"opened": report.opened, "changed": report.changed, "closed": report.closed})
        writing.facts |= {"refused": len(reading.refused), "file": file_hash}
    return report


def _read(reading: _Reading, features: list[Feature | Refusal]) -> None:
    for refusal in (f for f in features if isinstance(f, Refusal)):
        reading.refused.append(refusal)
    good = [f for f in features if isinstance(f, Feature)]
    numbered = _numbered(reading, [f for f in good if not f.text(*CODE_NAMES) and f.text("community")])
    for feature in good:
        code = feature.text(*CODE_NAMES) or numbered.get(feature.number, "")
        try:
            draft = _draft(reading, feature, code)
        except InputError as error:
            reading.refuse(feature.number, "properties", error.message, code)
            continue
        reading.drafts[code] = draft
        if feature.repaired:
            reading.notes.append(f"{code}: ring repaired ({feature.repaired})")


def _numbered(reading: _Reading, features: list[Feature]) -> dict[int, str]:
    """Codes for features that give only their community: as before if the outline was there, else the next number."""
    before = {bytes(row.wkb): code for code, row in reading.held.outlines.items() if len(code) == 15}
    communities: dict[str, list[Feature]] = {}
    for feature in features:
        communities.setdefault(feature.text("community"), []).append(feature)
    found: dict[int, str] = {}
    for community, group in communities.items():
        if community not in reading.held.places:
            continue
        taken = set(Place.objects.filter(code__startswith=community).values_list("code", flat=True))
        for i in reading_order([f.shape for f in group]):
            known = before.get(shapely.to_wkb(shapely.normalize(group[i].shape)), "")
            code = known if known[:12] == community else str(GridCode.after(CommunityCode(community), _grids(taken)))
            taken.add(code)
            found[group[i].number] = code
    return found


def _grids(codes: Iterable[str]) -> list[str]:
    return [code for code in codes if len(code) == 15]


def _draft(reading: _Reading, feature: Feature, code: str) -> GridDraft:
    grid = GridCode(code)
    if grid in reading.drafts:
        raise InputError(f"{grid} stands twice in the file; the first outline was kept")
    if grid.parent not in reading.held.places:
        raise InputError(f"{grid} lies in community {grid.parent}, which is not in the register")
    word = feature.text("kind") or PlaceKind.BASE.value
    if word not in GRID_KINDS:
        raise InputError(f"{grid}: kind is base, dedicated or micro, not {word[:20]!r}")
    base = feature.text("base")
    if (word == PlaceKind.MICRO) != bool(base):
        raise InputError(f"{grid}: a micro-grid names its `base` grid, and only a micro-grid does")
    notice = Notice(grid, *(feature.text(*names)[:40] for names in _NOTICE_NAMES))
    name = feature.text("name")[:120] or grid[12:]
    return GridDraft(feature.number, grid, name, PlaceKind(word), base, feature.shape, notice)


def _check_ground(reading: _Reading, at: datetime) -> None:
    """Refuse grids on ground that another grid has, and micro-grids that do not lie in their base."""

    @cache
    def allowed() -> int:
        first = min(reading.drafts)
        return live_rules(at).snapshot_for(first).at(first, at.astimezone(CHINA_TIME).date())[OVERLAP_ALLOWED]

    for micro in (False, True):
        mine = [d for d in reading.drafts.values() if (d.kind is PlaceKind.MICRO) is micro]
        _refuse_overlaps(reading, mine, micro, allowed)
    for draft in [d for d in reading.drafts.values() if d.kind is PlaceKind.MICRO]:
        _check_base(reading, draft, allowed)


def _refuse_overlaps(reading: _Reading, mine: list[GridDraft], micro: bool, allowed: Allowed) -> None:
    communities = {draft.code[:12] for draft in mine}
    others = [
        code
        for code in reading.held.outlines
        if len(code) == 15 and code[:12] not in communities and (_kind(reading.held, code) == "micro") is micro
    ]
    names = [*others, *(draft.code for draft in mine)]
    shapes = np.array([*reading.held.shapes(others).values(), *(draft.shape for draft in mine)], dtype=object)
    if not len(shapes):
        return
    later, earlier = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = (later > earlier) & (later >= len(others))
    later, earlier = later[keep], earlier[keep]
    common = areas_m2(shapely.intersection(shapes[later], shapes[earlier]))
    areas = areas_m2(shapes)
    share = common * 1000 / np.minimum(areas[later], areas[earlier])
    if not (share > _ROUNDING).any():
        return
    too_much = share > max(allowed(), _ROUNDING)
    for i, j, area in zip(later[too_much], earlier[too_much], common[too_much], strict=True):
        draft = reading.drafts.get(names[i])
        if draft is not None and (j < len(others) or names[j] in reading.drafts):
            reading.drop(
                draft, f"{names[i]} covers {area:.0f} m² of {names[j]}: ground has one grid; mend the outlines"
            )


def _kind(held: Held, code: str) -> str:
    place = held.places.get(code)
    return place.kind if place else ""


def _check_base(reading: _Reading, draft: GridDraft, allowed: Allowed) -> None:
    base = reading.drafts.get(draft.base)
    shape = base.shape if base else None
    if shape is None and draft.base in reading.held.outlines:
        shape = reading.held.shape(draft.base)
    if shape is None or draft.base[:12] != draft.code[:12]:
        reading.drop(draft, f"{draft.code}: its base {draft.base} is no grid of the same community")
        return
    inside, whole = areas_m2(np.array([shapely.intersection(shape, draft.shape), draft.shape], dtype=object))
    outside = (whole - inside) * 1000 / whole
    if outside > _ROUNDING and outside > allowed():
        reading.drop(
            draft, f"{draft.code} reaches {whole - inside:.0f} m² out of its base {draft.base}; mend the outline"
        )


def _write(writing: Writing, reading: _Reading) -> ImportReport:
    held, drafts = reading.held, reading.drafts
    gone = _gone(reading)
    first = first_day(held, drafts, ever_divided(""))
    communities = {code[:12] for code in drafts}
    before = by_community(held.shapes(c for c in held.outlines if len(c) == 15 and c[:12] in communities))
    fresh = [draft for draft in drafts.values() if draft.code not in held.places]
    changed = [d for d in drafts.values() if d.code in held.places and _facts(held.places[d.code]) != _said(d)]
    writing.close([held.places[code] for code in gone] + [held.places[d.code] for d in changed])
    writing.close(held.outlines[code] for code in gone if code in held.outlines)
    writing.open([_row(d, first.get(d.code, writing.at)) for d in fresh] + [_row(d, writing.at) for d in changed])
    shapes = {code: draft.shape for code, draft in drafts.items()}
    drawn = set_outlines(writing, held, shapes, "import", first)
    if before and (drawn or gone):
        stay = {c: s for c, s in held.shapes(before_codes(before)).items() if c not in gone}
        writing.descend(redrawn(before, by_community({**stay, **shapes}), writing.at))
    write_notices(writing, [d.notice for d in drafts.values() if d.notice != Notice(d.code, "", "", "", "")])
    altered = {d.code for d in changed}
    return ImportReport(
        opened=len(fresh),
        closed=len(gone),
        changed=max(len(altered), drawn - len(fresh)),
        kept=len(drafts) - len(fresh) - max(len(altered), drawn - len(fresh)),
        refused=tuple(reading.refused),
        notes=tuple(reading.notes),
    )


def before_codes(shapes: dict[str, dict[str, BaseGeometry]]) -> list[str]:
    """All grid codes of outlines by community."""
    return [code for grids in shapes.values() for code in grids]


def _gone(reading: _Reading) -> list[str]:
    """Grids that hold now and that the file leaves out, of the sort (ground or micro) that it restates."""
    restated = {(d.code[:12], d.kind is PlaceKind.MICRO) for d in reading.drafts.values()}
    said = reading.drafts.keys() | reading.refused_codes
    left = {c: p for c, p in reading.held.places.items() if len(c) == 15 and c not in said}
    gone = {c for c, p in left.items() if (c[:12], p.kind == PlaceKind.MICRO) in restated}
    return sorted(gone | {code for code, place in left.items() if place.base in gone})


def _facts(place: Place) -> tuple[str, str, str]:
    return place.name, place.kind, place.base


def _said(draft: GridDraft) -> tuple[str, str, str]:
    return draft.name, draft.kind.value, draft.base


def _row(draft: GridDraft, start: datetime | None) -> Place:
    return Place(code=draft.code, name=draft.name, kind=draft.kind.value, base=draft.base, period=open_from(start))

"""What anybody may see of matters: the public list, the public map, and "is it this one?". Nothing here can find a person out.

Only matters that the pack marks public, in the open compartment, neither complaints nor tip-offs, on public ground; no
title, word, photo, body or number; the point rounded, the day instead of the hour, and only after the pack's delay.
Nearness is measured from the rounded point, so that asking again from elsewhere tells nothing finer.

Source: PIPL art 6 (no more than needed) and art 28.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.cases.nearby import NEVER_JOINED
from linli.cases.reading import run
from linli.cases.rules import local_date, procedure_for
from linli.matters.domain import Catalogue
from linli.matters.selectors import catalogue
from linli.packs.selectors import snapshot_by_hash
from linli.places.selectors import place_kinds
from linli.rules.parameters import Integer, Parameter, TextList
from linli.rules.snapshot import Snapshot

ROUNDING = Parameter("public.rounding_metres", Integer)
DELAY = Parameter("public.delay_minutes", Integer)
DAYS = Parameter("public.days", Integer)
ROWS = Parameter("public.rows", Integer)
NEARBY_METRES = Parameter("public.nearby_metres", Integer)
NEARBY_ROWS = Parameter("public.nearby_rows", Integer)
NEVER_GROUND = Parameter("public.never_ground", TextList)

_METRES_A_DEGREE = 111_320.0
_COMMUNITY = 12

# Index: cases_case_again (matter, received_at), open cases of the open compartment only.
_PUBLIC = """
SELECT c.id, c.no, c.kind, c.state, c.matter, c.place, c.lon, c.lat, c.received_at, c.snapshot
  FROM cases_case c
 WHERE c.compartment = 'open' AND c.joined_to IS NULL
   AND c.matter = ANY (%(matters)s::text[]) AND c.received_at >= %(since)s AND c.received_at < %(until)s
   AND coalesce(c.data->>'request_type', '') <> ALL (%(never)s::text[])
   AND c.place LIKE %(place)s || '%%'
   AND c.lon BETWEEN %(west)s AND %(east)s AND c.lat BETWEEN %(south)s AND %(north)s
 ORDER BY c.received_at DESC, c.id DESC
 LIMIT %(most)s
"""
_EVERYWHERE = {"west": -180.0, "east": 180.0, "south": -90.0, "north": 90.0}


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """A matter as anybody may see it.

    Attributes:
        matter: code of the catalogue; its title is all that is said of it.
        community: code; the place is not told nearer.
        lon, lat: centre of the square in which it lies, WGS 84 degrees.
        since: day, China Standard Time.
        stage: of the procedure.
    """

    matter: str
    community: str
    lon: float
    lat: float
    since: date
    stage: str
    state_title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Likely:
    """A matter that may be the same, with what the server alone may know of it."""

    shown: PublicMatter
    case: int
    no: str


@dataclass(frozen=True, slots=True)
class Asking:
    """From where somebody asks, and about which matter; degrees WGS 84."""

    lon: float
    lat: float
    matter: str
    kind: str


def rounded(lon: float, lat: float, metres: int) -> tuple[float, float]:
    """The centre of the square of so many metres in which a point lies; the squares do not move with who asks."""
    step = metres / _METRES_A_DEGREE
    row = math.floor(lat / step)
    centre = (row + 0.5) * step
    wide = step / max(0.1, math.cos(math.radians(centre)))
    return round((math.floor(lon / wide) + 0.5) * wide, 6), round(centre, 6)


def public_matters(snapshot: Snapshot, place: str, at: datetime, *, matter: str = "") -> list[PublicMatter]:
    """The latest public matters below a place, newest day first.

    Args:
        snapshot: the rules of the place.
        place: code prefix; "" = everywhere the rules hold.
        at: aware UTC.
        matter: of this matter only.
    """
    rules = snapshot.at(snapshot.place, local_date(at))
    codes = [code for code in _public_codes(catalogue(snapshot)) if matter in ("", code)]
    box = {**_EVERYWHERE, "place": place, "most": rules[ROWS]}
    return [found.shown for found in _found(snapshot, codes, box, at)]


def likely_the_same(snapshot: Snapshot, asking: Asking, at: datetime) -> list[Likely]:
    """At most so many public matters that may be the one somebody is about to report, the nearest first.

    Args:
        snapshot: the rules of the place.
        asking: point, matter, kind of case.
        at: aware UTC.
    """
    rules = snapshot.at(snapshot.place, local_date(at))
    matters = catalogue(snapshot)
    wanted = matters.find(asking.matter)
    if wanted is None or not (wanted.public and wanted.joinable) or wanted.protected:
        return []
    metres, reach = rules[ROUNDING], rules[NEARBY_METRES]
    here = rounded(asking.lon, asking.lat, metres)
    box = {**_box(here, reach + metres), "place": "", "most": rules[ROWS]}
    found = [one for one in _found(snapshot, [wanted.code], box, at, kind=asking.kind) if _far(here, one) <= reach]
    return sorted(found, key=lambda one: (_far(here, one), one.case))[: rules[NEARBY_ROWS]]


def _public_codes(matters: Catalogue) -> list[str]:
    return [matter.code for matter in matters if matter.public and not matter.protected]


def _box(centre: tuple[float, float], metres: int) -> dict[str, float]:
    lon, lat = centre
    high = metres / _METRES_A_DEGREE
    wide = high / max(0.1, math.cos(math.radians(lat)))
    return {"west": lon - wide, "east": lon + wide, "south": lat - high, "north": lat + high}


def _far(here: tuple[float, float], one: Likely) -> float:
    north = (one.shown.lat - here[1]) * _METRES_A_DEGREE
    east = (one.shown.lon - here[0]) * _METRES_A_DEGREE * math.cos(math.radians(here[1]))
    return math.hypot(north, east)


def _found(
    snapshot: Snapshot, codes: Sequence[str], box: Mapping[str, object], at: datetime, *, kind: str = ""
) -> list[Likely]:
    rules = snapshot.at(snapshot.place, local_date(at))
    asked = {
        **box,
        "matters": list(codes),
        "since": at - timedelta(days=rules[DAYS]),
        "until": at - timedelta(minutes=rules[DELAY]),
        "never": list(NEVER_JOINED),
    }
    rows = run(_PUBLIC, asked).fetchall()
    hidden = _hidden_ground((row[5] for row in rows), rules[NEVER_GROUND], at)
    found = []
    for case, no, its_kind, state, matter, place, lon, lat, received, its_rules in rows:
        procedure = procedure_for(snapshot_by_hash(its_rules), its_kind)
        stage = procedure.stages[state]
        joins = procedure.steps.get("join")
        if (
            place in hidden
            or stage == "over"
            or (kind and (its_kind != kind or joins is None or state not in joins.leaves))
        ):
            continue
        shown = PublicMatter(
            matter, place[:_COMMUNITY], *rounded(lon, lat, rules[ROUNDING]), local_date(received), stage, procedure.public[state]
        )  # fmt: skip
        found.append(Likely(shown, case, no))
    return sorted(found, key=lambda one: (one.shown.since, one.shown.matter, one.shown.lon), reverse=True)


def _hidden_ground(places: Iterable[str], never: Sequence[str], at: datetime) -> set[str]:
    """Places that belong to a firm, a market, a house: what lies there is nobody else's to see."""
    codes = set(places)
    return {code for code, kind in place_kinds(codes, at).items() if kind in never} if codes else set()

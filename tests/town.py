"""One small town for every area's tests: a district, two streets, three communities, six grids, and people by name.

    town = town_of(AT)              # everything but the ground; built through services, journalled
    town.ground(AT)                 # the register of places with outlines, where a test looks up points
    town.fang, town.sanitation      # ids of accounts and bodies
    town.actor("fang", AT)          # with the posts held

The codes belong to no real city. Who is who:

    fang     grid worker of the first grid, community Osmanthus      gu       grid worker of the second
    mei      community worker there                                  liang    head of that residents' committee
    duan     duty desk of the first street, hong its operator        he       head of that desk
    hu       head of the first street office                         deng     duty desk of the second street
    han      handler of the street's sanitation team                 wei      its head
    lin      handler of the district's lighting station              bao      handler of the street's law enforcement
    zhong    arbiter (establishment office)                          su       supervisor (district operations centre)
    tan      receiver of sealed reports (petitions office)           ji       discipline office
    fu       person-safe desk of the district                        shen     auditor
    adam, beth, carl   the three administrators: system, security, audit
    mo       a stranger: an account without a post
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from linli.access.selectors import actor_at, system_actor
from linli.access.services import AccountDraft, account_add
from linli.kernel.actors import Actor, ActorRef
from linli.organisations.appointments import AppointmentDraft, appoint
from linli.organisations.domain import PostDraft, StandingDraft
from linli.organisations.services import DutyDraft, duty_open, organisation_open, post_open

FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # a Tuesday, nine in the morning

CITY, DISTRICT = "870100", "870102"
STREET, OTHER_STREET = "870102001", "870102002"
OSMANTHUS, BRIDGE, LAKE = "870102001001", "870102001002", "870102002001"
GRIDS = tuple(f"{community}{n:03d}" for community in (OSMANTHUS, BRIDGE, LAKE) for n in (1, 2))

# name -> kind, name shown, place, name of the parent
BODIES: Mapping[str, tuple[str, str, str, str]] = {
    "city_government": ("government", "云岭市人民政府", CITY, ""),
    "district_government": ("government", "青石区人民政府", DISTRICT, "city_government"),
    "street_office": ("street_office", "桂花街道办事处", STREET, "district_government"),
    "other_street_office": ("street_office", "湖滨街道办事处", OTHER_STREET, "district_government"),
    "street_desk": ("operations_centre", "桂花街道城市运行管理分中心", STREET, "street_office"),
    "other_street_desk": ("operations_centre", "湖滨街道城市运行管理分中心", OTHER_STREET, "other_street_office"),
    "district_desk": ("operations_centre", "青石区城市运行管理中心", DISTRICT, "district_government"),
    "sanitation": ("public_institution", "桂花街道环卫所", STREET, "street_office"),
    "enforcement": ("department", "桂花街道综合行政执法队", STREET, "street_office"),
    "district_sanitation": ("public_institution", "青石区环境卫生管理所", DISTRICT, "district_government"),
    "lighting": ("public_institution", "青石区路灯管理站", DISTRICT, "district_government"),
    "municipal_works": ("department", "青石区市政设施管理所", DISTRICT, "district_government"),
    "person_safe": ("department", "青石区妇女联合会", DISTRICT, "district_government"),
    "establishment": ("department", "青石区机构编制委员会办公室", DISTRICT, "district_government"),
    "petitions": ("party_committee", "青石区委社会工作部信访接待室", DISTRICT, ""),
    "discipline": ("discipline_office", "青石区纪律检查委员会", DISTRICT, ""),
    "osmanthus": ("residents_committee", "桂花社区居民委员会", OSMANTHUS, "street_office"),
    "bridge": ("residents_committee", "桥头社区居民委员会", BRIDGE, "street_office"),
    "lake": ("residents_committee", "湖畔社区居民委员会", LAKE, "other_street_office"),
    "property": ("property_company", "安居物业有限公司", OSMANTHUS, ""),
}

# duty -> bodies that hold it for their own place
DUTIES: Mapping[str, tuple[str, ...]] = {
    "duty.street_desk": ("street_desk", "other_street_desk"),
    "duty.district_desk": ("district_desk",),
    "duty.street_office": ("street_office", "other_street_office"),
    "duty.sanitation": ("sanitation", "district_sanitation"),
    "duty.enforcement": ("enforcement",),
    "duty.lighting": ("lighting",),
    "duty.municipal_works": ("municipal_works",),
    "duty.community": ("osmanthus", "bridge", "lake"),
    "duty.person_safe": ("person_safe",),
    "duty.discipline": ("discipline",),
    "lead.arbitration": ("establishment",),
}

# person -> body, role, place served where it is not the body's
PEOPLE: Mapping[str, tuple[str, str, str | None] | None] = {
    "fang": ("osmanthus", "grid_worker", GRIDS[0]),
    "gu": ("osmanthus", "grid_worker", GRIDS[1]),
    "mei": ("osmanthus", "community_worker", None),
    "liang": ("osmanthus", "head", None),
    "qin": ("bridge", "grid_worker", GRIDS[2]),
    "yu": ("bridge", "head", None),
    "kang": ("lake", "grid_worker", GRIDS[4]),
    "duan": ("street_desk", "duty_desk", None),
    "hong": ("street_desk", "operator", None),
    "he": ("street_desk", "duty_head", None),
    "hu": ("street_office", "head", None),
    "deng": ("other_street_desk", "duty_desk", None),
    "han": ("sanitation", "handler", None),
    "wei": ("sanitation", "head", None),
    "cao": ("district_sanitation", "handler", None),
    "bao": ("enforcement", "handler", None),
    "lin": ("lighting", "handler", None),
    "ren": ("municipal_works", "handler", None),
    "fu": ("person_safe", "handler", None),
    "zhong": ("establishment", "arbiter", None),
    "su": ("district_desk", "supervisor", None),
    "tan": ("petitions", "seal_receiver", None),
    "ji": ("discipline", "head", None),
    "shen": ("district_desk", "auditor", None),
    "an": ("property", "handler", None),
    "adam": ("district_desk", "system_administrator", ""),
    "beth": ("district_desk", "security_administrator", ""),
    "carl": ("district_desk", "audit_administrator", ""),
    "mo": None,
}


@dataclass(slots=True)
class Town:
    """Ids by name: bodies and accounts as attributes too; posts and appointments by the person's name."""

    bodies: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    appointments: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.people:
            return self.people[name]
        if name in self.bodies:
            return self.bodies[name]
        raise AttributeError(name)

    def actor(self, name: str, at: datetime = AT) -> Actor:
        """A person with the posts held."""
        return actor_at(self.people[name], at)

    def ref(self, name: str) -> ActorRef:
        """A person as the engine takes them."""
        return ActorRef(kind="person", account=self.people[name])

    def ground(self, at: datetime = FOUNDED) -> None:
        """Enter the places with outlines: each grid a square of a hundredth of a degree, see `point_in`."""
        ground(at)


def town_of(at: datetime = FOUNDED) -> Town:
    """Bodies, posts, accounts, appointments and duties, all from `at` on.

    Built through the services the first time; later tests of this process get the same rows put back, ten times
    as fast.
    """
    with connection.cursor() as cursor:
        if at not in _KEPT or not _is_free(cursor, _KEPT[at][0]):
            town = _build(at)
            _KEPT[at] = town, {table: _rows_of(cursor, table, chosen) for table, chosen in _tables(town).items()}
            return town
        kept, tables = _KEPT[at]
        for table, rows in tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        return deepcopy(kept)


_KEPT: dict[datetime, tuple[Town, dict[str, bytes]]] = {}


def _is_free(cursor: Any, kept: Town) -> bool:
    """Whether the kept rows can be put back: a test that commits leaves its log behind, and its ids are used up."""
    cursor.execute(
        "SELECT NOT EXISTS (SELECT FROM organisations_organisation) AND NOT EXISTS (SELECT FROM access_account)"
        " AND NOT EXISTS (SELECT FROM journal_head WHERE subject = ANY(%s))",
        [_subjects(kept)],
    )
    return bool(cursor.fetchone()[0])


def _subjects(town: Town) -> list[str]:
    groups = {"organisation": town.bodies, "post": town.posts, "account": town.people}
    return [f"{kind}:{number}" for kind, ids in groups.items() for number in ids.values()]


def _tables(town: Town) -> dict[str, str]:
    """Tables in the order in which they can be filled, each with what is the town's in it."""
    bodies, accounts = (",".join(map(str, ids.values())) for ids in (town.bodies, town.people))
    subjects = ",".join(f"'{subject}'" for subject in _subjects(town))
    return {
        "access_account": f"id IN ({accounts})",
        "organisations_organisation": f"id IN ({bodies})",
        "organisations_standing": f"organisation_id IN ({bodies})",
        "organisations_post": f"organisation_id IN ({bodies})",
        "organisations_appointment": f"account_id IN ({accounts})",
        "organisations_dutylink": f"organisation_id IN ({bodies})",
        "organisations_stamp": "true",
        "journal_head": f"subject IN ({subjects})",
        "journal_entry": f"subject IN ({subjects})",
    }


def _rows_of(cursor: Any, table: str, chosen: str) -> bytes:
    with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {chosen}) TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def _build(at: datetime) -> Town:
    town, system = Town(), system_actor()
    places: dict[str, str] = {}
    for key, (kind, name, place, parent) in BODIES.items():
        standing = StandingDraft(name, kind, place, town.bodies.get(parent))
        town.bodies[key], places[key] = organisation_open(f"town.{key}", standing, system, at, at), place
    for duty, holders in DUTIES.items():
        for key in holders:
            duty_open(DutyDraft(town.bodies[key], duty, places[key], at), system, at)
    for person, seat in PEOPLE.items():
        town.people[person] = account_add(AccountDraft(f"town.{person}", f"{person.title()} of the town"), system, at)
        if seat is None:
            continue
        body, role, own_place = seat
        served = places[body] if own_place is None else own_place
        draft = PostDraft(town.bodies[body], f"{role}@{served}", role, role.replace("_", " "), at, place=served)
        town.posts[person] = post_open(draft, system, at)
        town.appointments[person] = appoint(AppointmentDraft(town.posts[person], town.people[person], at), system, at)
    return town


def point_in(grid: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of a grid of the town."""
    west, south = _corner(grid)
    return round(west + 0.005, 6), round(south + 0.005, 6)


def ground(at: datetime = FOUNDED) -> None:
    """Enter the places of the town and the outlines of its grids."""
    from shapely.geometry import box

    from linli.places.grids import grids_import
    from linli.places.lists import ListRow, read_lists
    from linli.places.outlines import Feature
    from linli.places.tree import tree_import

    def rows(*pairs: tuple[str, str]) -> list[ListRow]:
        return [ListRow("town", line, code, name) for line, (code, name) in enumerate(pairs, 2)]

    lists = read_lists(
        rows((DISTRICT, "青石区")),
        rows((STREET, "桂花街道"), (OTHER_STREET, "湖滨街道")),
        rows((OSMANTHUS, "桂花社区"), (BRIDGE, "桥头社区"), (LAKE, "湖畔社区")),
    )
    tree_import(lists, system_actor(), at)
    squares = [(grid, *_corner(grid)) for grid in GRIDS]
    features = [
        Feature(
            number,
            box(west, south, west + 0.01, south + 0.01),
            {"code": grid, "name": f"第{number}网格", "kind": "base"},
        )
        for number, (grid, west, south) in enumerate(squares, 1)
    ]
    grids_import(features, "town", system_actor(), at)


def _corner(grid: str) -> tuple[float, float]:
    column, row = GRIDS.index(grid) % 2, GRIDS.index(grid) // 2
    return round(101.0 + column * 0.01, 6), round(25.0 + row * 0.01, 6)

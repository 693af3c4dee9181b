"""Building the demo city through the services that any installation uses: places, grids, bodies, posts, accounts.

Is: the order in which an office would do it. Nothing here is known to a lower layer.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from linli.access.policies import SUPPORT
from linli.access.selectors import system_actor
from linli.access.services import AccountDraft, account_add
from linli.cli import ground
from linli.demo.bodies import listed_rows
from linli.demo.plan import DemoPlan
from linli.kernel.codes import Tier
from linli.kernel.errors import BrokenError
from linli.organisations.domain import PostRef
from linli.organisations.imports import organisations_import
from linli.organisations.listing import read_listing
from linli.organisations.selectors import organisations_at, posts_of
from linli.places.boundaries import boundaries_import
from linli.places.domain import Notice
from linli.places.generated import Recipe, grids_generate
from linli.places.lists import ListRow, read_lists
from linli.places.notices import notices_set
from linli.places.selectors import places_under
from linli.places.tree import tree_import

Tell = Callable[[str], None]
Progress = Callable[[Sequence[PostRef]], Iterable[PostRef]]

LISTS = ("nanjing_districts.csv", "nanjing_streets.csv", "nanjing_communities.csv")
OUTLINES = "nanjing_outlines.geojson"
_ACCOUNT_NAME_MOST = 64
_LINE_OF_THE_DESK = "025-12345"


def city_found(plan: DemoPlan, tell: Tell, progress: Progress = lambda posts: posts) -> Mapping[str, int]:
    """Build the city as of `plan.week.founded`.

    Args:
        plan: which district, how many grids.
        tell: called with each stage's name.
        progress: what the posts are handed through while accounts are made for them.

    Returns:
        How many places, grids, bodies and accounts there are now.
    """
    at = plan.week.founded
    tell("places")
    _tree(at)
    tell("grids")
    _grids(plan, at)
    places = places_under("", at)
    tell("bodies and posts")
    bodies = _bodies(places, at)
    tell("staff")
    accounts = _staff(at, progress)
    grids = [place for place in places if place.tier is Tier.GRID]
    _notices([str(place.code) for place in grids], {str(p.code): p.name for p in places}, at)
    return {"places": len(places) - len(grids), "grids": len(grids), "bodies": bodies, "accounts": accounts}


def _data(name: str) -> Traversable:
    return files("linli.demo.data") / name


def _tree(at: datetime) -> None:
    tree_import(read_lists(*(_rows(name) for name in LISTS)), system_actor(), at)
    with as_file(_data(OUTLINES)) as path:
        boundaries_import(ground.features(path, None), OUTLINES, system_actor(), at, ground.file_hash(path))


def _rows(name: str) -> Iterator[ListRow]:
    with _data(name).open("r", encoding="utf-8") as lines:
        for line, row in enumerate(csv.DictReader(lines), start=2):
            yield ListRow(name, line, row["code"], row["name"], city_name=row.get("city_name", ""))


def _grids(plan: DemoPlan, at: datetime) -> None:
    """So many grids a community that the sum comes near to the plan's; a district takes one number more or none."""
    communities: dict[str, int] = {}
    for place in places_under(plan.district, at, Tier.COMMUNITY):
        district = str(place.code)[:6]
        communities[district] = communities.get(district, 0) + 1
    each, over = divmod(plan.grids, sum(communities.values()))
    more = _nearest(communities, over)
    for district in sorted(communities):
        recipe = Recipe(max(each, 1) + (district in more), plan.seed, district)
        grids_generate(recipe, system_actor(), at)


def _nearest(numbers: Mapping[str, int], wanted: int) -> frozenset[str]:
    """The keys whose numbers add up nearest to what is wanted."""
    sums: dict[int, frozenset[str]] = {0: frozenset()}
    for key, number in sorted(numbers.items()):
        sums |= {total + number: keys | {key} for total, keys in sums.items() if total + number not in sums}
    return sums[min(sums, key=lambda total: (abs(total - wanted), total))]


def _bodies(places: Sequence[object], at: datetime) -> int:
    listing = read_listing(listed_rows(places), [])  # type: ignore[arg-type]
    # No transaction around it all: thousands of moves of one stamp in one transaction make each slower than the last.
    report = organisations_import(listing, {}, system_actor(), at)
    if report.faults:
        first = report.faults[0]
        raise BrokenError(f"The demo's list of bodies has a fault: {first.column}: {first.message}", code="demo.bodies")
    return report.counts["opened"]


def _staff(at: datetime, progress: Progress) -> int:
    """One account for every post but those of support, which are held for hours; a person is called by post and body."""
    bodies = organisations_at(at)
    posts = [post for body in sorted(bodies) for post in posts_of(body, at).values() if post.role != SUPPORT]
    keys = {body.id: body.key for body in bodies.values()}
    count = 0
    for post in progress(posts):
        name = _account_name(post, keys[post.organisation])
        account_add(AccountDraft(name, f"{bodies[post.organisation].name}{post.title}", post.id), system_actor(), at)
        count += 1
    return count


def _account_name(post: PostRef, key: str) -> str:
    if post.role == "grid_worker":
        return f"grid.{post.place}"
    return f"{post.role}.{key}"[:_ACCOUNT_NAME_MOST]


def _notices(grids: Sequence[str], names: Mapping[str, str], at: datetime) -> None:
    """A public notice for every grid: a name, its worker's post and the desk's line, and nobody's own number."""
    notices = [
        Notice(
            grid, f"{names.get(grid[:12], '')}第{int(grid[12:])}网格", "网格员", _LINE_OF_THE_DESK, _LINE_OF_THE_DESK
        )
        for grid in grids
    ]
    notices_set(notices, system_actor(), at, "demo")

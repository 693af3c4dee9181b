"""The map: what lies where for whom, the way down, the filter of the address, and what a page costs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.cases.tests.desk import in_grid, later
from linli.places.domain import Located
from linli.web.conftest import Clock, SignedIn
from linli.web.desk.tests.scene import PLANTED, in_hand_no, opened_no, page
from tests.town import AT, BRIDGE, DISTRICT, GRIDS, OSMANTHUS, STREET, Town, point_in

MOST_QUERIES = 14


@pytest.fixture
def ground(town: Town) -> Town:
    town.ground(AT)
    return town


def pinned(grid: str = GRIDS[0], **changes: Any) -> str:
    """The number of a case that lies in the middle of a grid."""
    lon, lat = point_in(grid)
    return opened_no(located=in_grid(grid), lon=lon, lat=lat, **changes)


def counts(text: str) -> dict[str, tuple[int, int]]:
    """Open and late cases by the code of each place in the list."""
    rows = re.findall(
        r'<tr data-place="(\d+)">.*?<td class="num">(.*?)</td><td class="num">(.*?)</td></tr>', text, re.DOTALL
    )
    return {code: (number(cases), number(late)) for code, cases, late in rows}


def number(cell: str) -> int:
    return int(re.sub(r"<[^>]+>", "", cell))


def test_a_desk_sees_how_many_cases_each_place_of_its_street_has(ground: Town, signed_in: SignedIn) -> None:
    opened_no()
    opened_no(located=in_grid(GRIDS[2]))
    opened_no(located=in_grid(GRIDS[4]))  # another street's
    text = page(signed_in("duan"), "desk_map")
    assert counts(text) == {OSMANTHUS: (1, 0), BRIDGE: (1, 0)}
    assert f"?place={OSMANTHUS}" in text


def test_the_way_leads_down_to_the_grids_and_their_cases(ground: Town, signed_in: SignedIn) -> None:
    no = pinned()
    desk = signed_in("duan")
    community = page(desk, "desk_map", query=f"?place={OSMANTHUS}")
    assert community.count('<path class="poly"') == 2  # two grids of the community
    assert f'data-case="{no}"' in community
    assert f"/desk/case/{no}" in community
    assert f'href="?place={STREET}"' in community  # the way up
    grid = page(desk, "desk_map", query=f"?place={GRIDS[0]}")
    assert 'class="poly here"' in grid
    assert f"/desk/case/{no}" in grid


def test_late_cases_are_counted_and_marked_by_shape_and_word(ground: Town, signed_in: SignedIn, clock: Clock) -> None:
    no = pinned()
    limit = Case.objects.get(no=no).limit_at
    assert limit is not None
    clock.at = later(days=60)
    text = page(signed_in("duan"), "desk_map")
    assert counts(text)[OSMANTHUS] == (1, 1)
    community = page(signed_in("duan"), "desk_map", query=f"?place={OSMANTHUS}")
    assert 'href="#s-late"' in community
    assert "已超期" in community


def test_the_filter_is_the_queues(ground: Town, signed_in: SignedIn) -> None:
    opened_no()
    opened_no(located=in_grid(GRIDS[2]), matter="event.04.008", channel="web")
    desk = signed_in("duan")
    assert counts(page(desk, "desk_map", query="?channel=web")) == {BRIDGE: (1, 0)}
    text = page(desk, "desk_map", query=f"?place={STREET}&state=closed")
    assert "没有符合条件的案卷" in text
    both = page(desk, "desk_map", query=f"?place={STREET}&channel=web")
    assert f'href="?place={STREET}"' in both  # the chip taken away
    assert f"/desk/queue?place={BRIDGE}&amp;channel=web" in both


def test_nonsense_in_the_address_draws_ones_own_ground(ground: Town, signed_in: SignedIn) -> None:
    no = opened_no()
    for query in ("?place=x", "?place=12345", "?place=", "?place=" + "9" * 400):
        assert counts(page(signed_in("duan"), "desk_map", query=query)) == {OSMANTHUS: (1, 0)}, query
    elsewhere = page(signed_in("duan"), "desk_map", query="?place=320106")
    assert no not in elsewhere
    assert "没有在办的案卷" in elsewhere


def test_cases_without_a_street_are_said_not_lost(ground: Town, signed_in: SignedIn) -> None:
    opened_no(located=Located(None, None, None, DISTRICT, None), flags=("to_locate",))
    pinned()
    text = page(signed_in("su"), "desk_map", query=f"?place={DISTRICT}")
    assert "在办 2 件" in text
    assert "1 件还没定位到下一级" in text
    assert counts(text)[STREET] == (1, 0)


def test_nothing_of_a_reporter_and_no_sealed_case_is_on_a_map(ground: Town, signed_in: SignedIn) -> None:
    pinned()
    in_hand_no(ground)
    lon, lat = point_in(GRIDS[0])
    sealed = opened_no(compartment="sealed", title="检举", lon=lon, lat=lat)
    for name in ("duan", "han", "su", "tan"):
        for query in ("", f"?place={OSMANTHUS}", f"?place={GRIDS[0]}"):
            text = page(signed_in(name), "desk_map", query=query)
            assert not [word for word in PLANTED if word in text], (name, query)
            assert sealed not in text
            assert "检举" not in text


def test_whoever_works_on_no_case_finds_no_map(ground: Town, signed_in: SignedIn) -> None:
    for name in ("mo", "adam"):
        assert signed_in(name).get("/desk/map").status_code == 404
    assert Client().get("/desk/map")["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("query", ["", f"?place={OSMANTHUS}", f"?place={GRIDS[0]}"])
def test_a_map_costs_the_same_however_many_cases(ground: Town, signed_in: SignedIn, query: str) -> None:
    desk = signed_in("duan")
    pinned()
    page(desk, "desk_map", query=query)  # rules and snapshots are kept in the process
    with CaptureQueriesContext(connection) as few:
        page(desk, "desk_map", query=query)
    for _ in range(5):
        pinned()
    with CaptureQueriesContext(connection) as many:
        page(desk, "desk_map", query=query)
    assert len(many) <= len(few) <= MOST_QUERIES


def test_points_lie_inside_their_outline(ground: Town, signed_in: SignedIn) -> None:
    pinned()
    text = page(signed_in("duan"), "desk_map", query=f"?place={GRIDS[0]}")
    at = re.search(r"translate\(([\d.]+) ([\d.]+)\)", text)
    corners = re.search(r'<path class="poly here" d="M([^"]+)z"', text)
    assert at
    assert corners
    xs, ys = zip(*(map(float, corner.split()) for corner in corners[1].split("L")), strict=True)
    assert min(xs) <= float(at[1]) <= max(xs)
    assert min(ys) <= float(at[2]) <= max(ys)

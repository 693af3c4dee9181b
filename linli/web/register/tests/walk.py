"""For the walk over all pages: a post that nobody holds, a stand-in, a grid whose notice is complete and one that lacks a phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from linli.access.selectors import system_actor
from linli.organisations.appointments import StandInDraft, stand_in
from linli.organisations.domain import PostDraft
from linli.organisations.services import post_open
from linli.places.domain import Notice
from linli.places.notices import notices_set
from tests.town import GRIDS, OSMANTHUS, STREET, Town


def fill(town: Town, at: datetime) -> list[str]:
    """Fill the first community and return pages of the register."""
    vacancy(town, at)
    absence(town, at)
    notices(at)
    return [
        reverse("place", args=[STREET]),
        reverse("place", args=[OSMANTHUS]),
        reverse("organisation", args=[town.osmanthus]),
    ]


def vacancy(town: Town, at: datetime) -> int:
    """A post of the committee that nobody holds: its head acts instead."""
    draft = PostDraft(
        town.osmanthus, "deputy", "community_worker", "副主任", at - timedelta(days=30), next_post=town.posts["liang"]
    )
    return post_open(draft, system_actor(), at - timedelta(days=1))


def absence(town: Town, at: datetime) -> int:
    """The community worker is away for a week; the head of the committee stands in."""
    draft = StandInDraft(town.appointments["mei"], town.liang, at - timedelta(days=2), at + timedelta(days=5))
    return stand_in(draft, system_actor(), at - timedelta(days=1))


def notices(at: datetime) -> None:
    """The board of the first grid is complete, that of the second lacks the worker's phone."""
    notices_set(
        [
            Notice(GRIDS[0], "桂花一网格", "方师傅", "025-00000001", "025-00000009"),
            Notice(GRIDS[1], "桂花二网格", "顾师傅", "", "025-00000009"),
        ],
        system_actor(),
        at - timedelta(days=1),
    )

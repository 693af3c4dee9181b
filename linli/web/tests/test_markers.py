"""Planted words: no page of any face shows a reporter, or a trace of a closed case, to anybody it is not for.

Every address that can be read, and whatever those pages link to, for every kind of person and for nobody, with an ordinary, a protected and a sealed case
in the town. Opening a part is a step and is tested with the desk's pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from linli.access.selectors import system_actor
from linli.cases.evidence import keep_photo
from linli.cases.residents import Said, link_of, take_as_reporter
from linli.cases.tests.desk import VOICE, in_hand, later, open_one, rules, take
from linli.cases.tests.test_evidence import BOUNDS, HOLDER, photo
from linli.knowledge.domain import EntryDraft
from linli.knowledge.services import entry_open
from linli.web.conftest import SignedIn
from linli.web.desk.tests.scene import PLANTED
from linli.web.tests.walk.crawl import links
from tests.town import AT, GRIDS, OSMANTHUS, STREET, Town

SAID_LATER = "我女儿赵小月也看见了"
HIDDEN = "密件里的商贩"
PROTECTED = next(code for code, row in rules().matters().items() if row["protected"])
MARKERS = (*PLANTED, VOICE.original[:6], SAID_LATER, HIDDEN)
PEOPLE = (
    "", "mo", "fang", "mei", "han", "wei", "bao", "duan", "he", "hu", "deng", "zhong", "su", "shen", "an", "adam", "beth", "carl",
)  # fmt: skip
"""Nobody, somebody without a post, and one of each post; receivers of closed cases are not among them."""
FACES = sorted(
    file.parent.name for file in (Path(__file__).parents[1]).glob("*/urls.py") if file.parent.name != "signin"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Numbers of the cases, the closed ones last; the reporter's photo."""

    town: Town
    open: str
    closed: tuple[str, str]
    photo: int


@pytest.fixture
def scene(town: Town) -> Scene:
    town.ground()
    opened = in_hand(town)
    kept = keep_photo(photo(), HOLDER, BOUNDS, later(minutes=1))
    said = Said("add", {"words": SAID_LATER}, [kept.id], HOLDER)
    take_as_reporter(opened.case, link_of(opened.token), said, request_id=uuid4(), at=later(minutes=18))
    take(opened.case, "say", town.ref("han"), later(minutes=19), words="已安排。")
    closed = (
        open_one(compartment="sealed", matter=None, title=HIDDEN, task_text=HIDDEN).no,
        open_one(compartment="protected", matter=PROTECTED, title=HIDDEN, task_text=HIDDEN).no,
    )
    return Scene(town, str(opened.no), (str(closed[0]), str(closed[1])), kept.id)


def _named() -> Iterator[URLPattern]:
    for face in FACES:
        yield from (one for one in import_module(f"linli.web.{face}.urls").urlpatterns if isinstance(one, URLPattern))


def _addresses(scene: Scene) -> list[str]:
    """Every address of these faces, filled in with what the scene holds."""
    town = scene.town
    known: Mapping[str, tuple[object, ...]] = {
        "no": (scene.open, *scene.closed),
        "step": ("open_part", "reply", "note", "dispatch"),
        "what": ("deadline", "owner", "matter"),
        "other": (scene.open, *scene.closed),
        "number": ("0d1f6f5c-28b3-4c41-9f56-2f1cb1b3f3aa",),
        "photo": (scene.photo,),
        "organisation": (town.sanitation, town.street_desk),
        "post": (town.posts["han"],),
        "appointment": (town.appointments["han"],),
        "account": (town.people["han"], town.people["duan"]),
        "code": ("event.01.002",),
        "kind": ("request", "event"),
        "key": ("request.sign_within",),
        "prefix": ("none",),
        "token": ("C" * 32,),
        "upload": (1,),
        "draft": ("C" * 32,),
        "entry": (entry_open("", "", EntryDraft(("垃圾",), "每天清。", town.street_desk), system_actor(), AT),),
        "report": (1,),
        "session": (1,),
        "shift": (1,),
        "place": (STREET, OSMANTHUS, GRIDS[0]),
    }
    found = []
    for pattern in _named():
        names = list(pattern.pattern.converters)
        unknown = [name for name in names if name not in known]
        assert not unknown, (
            f"{pattern.name}: say in `known` what {unknown} may be, so that planted words are looked for there"
        )
        filled = (dict(zip(names, values, strict=True)) for values in product(*(known[name] for name in names)))
        found += [reverse(str(pattern.name), kwargs=one) for one in filled]
    searches = [
        f"/desk/{page}?q={word}"
        for page in ("search", "answers")
        for word in ("垃圾", VOICE.name, "商贩", scene.open, *scene.closed)
    ]
    return [*found, *searches]


def _beyond(told: str, address: str, seen: set[str], waiting: list[str]) -> list[str]:
    """What a page links to, query and all: a few of each kind, so that pages joined later are read too."""
    seen.add(address)
    found = []
    for path in dict.fromkeys(links(told, address)):
        kind = re.sub(r"\d+|[A-Za-z0-9_-]{20,}|=[^&]*", "*", path)
        if path not in waiting and kind not in seen and address.count("?") + path.count("?") < 2:
            seen.add(kind)
            found.append(path)
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_of_any_face_shows_a_reporter_or_a_closed_case(scene: Scene, signed_in: SignedIn, who: str) -> None:
    client, read = signed_in(who) if who else Client(), 0
    waiting, seen = _addresses(scene), set[str]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        told = f"{dict(answer.headers)} {b''.join(answer).decode(errors='replace')}"
        waiting += _beyond(told, address, seen, waiting)
        read += answer.status_code == 200
        asked = address.partition("?q=")[2]
        markers = [one for one in MARKERS if one in told and one != asked]
        assert not markers, (who, address)
        if answer.status_code == 200 and asked not in scene.closed:
            assert not [no for no in scene.closed if no in told], (who, address)
        assert f"/photo/{scene.photo}" not in told or address.endswith(f"/photo/{scene.photo}"), (who, address)
        assert answer.get("Content-Type") != "image/jpeg", (who, address)
    assert read >= 4, who

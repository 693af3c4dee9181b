"""Fills the small town with something to see on each page: work on its way in every stage, residents' links, a sealed case.

Everything happens through pages and steps, as in a city. A face brings more by a function `fill(town, at)` in its own
`tests/walk.py`; it is found by itself and returns paths that nothing links to.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from linli.cases.drafts import CaseDraft, Opened, VoiceDraft
from linli.cases.engine import take_step
from linli.cases.opening import open_cases
from linli.cases.residents import link_of
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import snapshot_for
from linli.places.domain import Located
from linli.web.signin import middleware
from linli.web.tests.walk.crawl import HOST, WEB, faces
from tests.town import GRIDS, STREET, Town, point_in

# title, task, matter, hours ago, how far it is
EVENTS = (
    ("暴露垃圾", "桶满了，垃圾堆到地上；桂花苑东侧垃圾亭", "event.01.001", 30, "replied"),
    ("道路破损", "路面有坑，电动车摔过；桂花路与桥头路路口东", "event.01.003", 1, "new"),
    ("占道堆物", "楼道口堆杂物，挡住消防栓；桂花苑二幢", "event.01.002", 4, "replied"),
    ("积存渣土", "渣土清运后去看一眼；桂花苑北墙外", "event.01.002", 2, "replied"),
    ("垃圾堆积", "路口垃圾堆积，请清理", "event.01.002", 3, "sent"),
    ("路灯不亮", "桂花路中段路灯不亮", "event.04.008", 6, "sent"),
)
REQUESTS = (
    ("围墙外装修垃圾挡住人行道", 26, "in_hand"),
    ("路口垃圾堆积", 5, "dispatched"),
    ("桶满了，垃圾堆到地上", 9, "returned"),
    ("渣土挡住人行道", 2, "received"),
    ("绿化带里倒了一车砖", 20, "replied"),
    ("垃圾亭一早就满", 40, "closed"),
)
SAID = "桂花苑北墙外堆了一车装修垃圾，把人行道挡住了，老人只能走到路上。"
DANGER = "楼上男人在打老婆，一直在喊救命"
ACCUSED = "我要举报桂花街道环卫所的队长收了装修队的钱，垃圾不清。"
RUBBISH = "event.01.002"
NEIGHBOURS = 4
"""How many journeys may each join a neighbour's matter."""


@dataclass(slots=True)
class Filled:
    """What is there to begin from.

    Attributes:
        starts: paths that no page links to: private links, drafts.
        tokens: private links by what they are good for.
    """

    starts: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)


def fill(town: Town, at: datetime) -> Filled:
    """Put work on its way.

    Args:
        town: with its ground.
        at: now; what happened lies before it.
    """
    filled = Filled()
    for event in EVENTS:
        _event(town, filled, event, at)
    for request in REQUESTS:
        _request(town, filled, request, at)
    _residents(town, filled, at)
    for face in faces():
        if (WEB / face / "tests" / "walk.py").exists():
            filled.starts += import_module(f"linli.web.{face}.tests.walk").fill(town, at)
    return filled


def _open(kind: str, title: str, task: str, matter: str, at: datetime, **more: Any) -> Opened:
    grid = GRIDS[0]
    lon, lat = point_in(grid)
    spread = sum(map(ord, title)) % 9 * 0.0005
    draft = CaseDraft(
        kind=kind,
        title=title,
        task_text=task,
        snapshot=snapshot_for(STREET, at),
        received_at=at,
        matter=matter,
        matter_by="given",
        located=Located(grid, grid[:12], grid[:9], grid[:6], 0),
        lon=lon + spread,
        lat=lat,
        **more,
    )
    return open_cases([draft], SYSTEM, at=at)[0]


def _take(town: Town, case: int, step: str, who: str, at: datetime, **form: Any) -> None:
    take_step(case, step, town.ref(who), form, request_id=uuid4(), at=at)


def _event(town: Town, filled: Filled, row: tuple[str, str, str, int, str], now: datetime) -> None:
    title, task, matter, hours, stage = row
    at = now - timedelta(hours=hours)
    opened = _open("event", title, task, matter, at, channel="worker", flags=("to_verify",) if stage == "new" else ())
    filled.cases[title] = str(opened.no)
    if stage == "new":
        return
    body = town.lighting if matter == "event.04.008" else town.sanitation
    _take(town, opened.case, "file_and_dispatch", "duan", at + timedelta(minutes=2), organisation=body)
    if stage == "replied":
        _take(town, opened.case, "sign", "han", at + timedelta(minutes=9))
        _take(town, opened.case, "feed_back", "han", at + timedelta(minutes=40), result="solved", words="已经清走。")


def _request(town: Town, filled: Filled, row: tuple[str, int, str], now: datetime) -> None:
    title, hours, stage = row
    at = now - timedelta(hours=hours)
    voice = VoiceDraft(
        name="赵明月",
        phone="13912345678",
        address="桂花苑三栋402",
        original_title="我家楼下",
        original="我在阳台看见老鼠",
    )
    matter = _asked_about(at) if stage in ("replied", "closed") else RUBBISH
    data = {"request_type": "help"}
    opened = _open("request", title, f"{title}，请处理。", matter, at, channel="hotline", voice=voice, data=data)
    filled.cases[stage] = str(opened.no)
    filled.tokens[stage] = opened.token
    for minute, (step, who, form) in enumerate(_course(town, stage), 1):
        _take(town, opened.case, step, who, at + timedelta(minutes=12 * minute), **form)


def _course(town: Town, stage: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Steps up to a stage."""
    wrong_unit = {"reason": "不属于本单位职责", "rule": "桂花街道职责清单第 12 项"}
    steps: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
        "received": [],
        "dispatched": [("dispatch", "duan", {"organisation": town.sanitation})],
        "returned": [("dispatch", "duan", {"organisation": town.sanitation}), ("return", "han", wrong_unit)],
    }
    steps["in_hand"] = [
        *steps["dispatched"],
        ("sign", "han", {}),
        ("begin", "han", {}),
        ("say", "han", {"words": "已安排清运，明天上午再来一车。"}),
        ("note", "han", {"note": "清运公司说车在桥头社区，先排一趟。"}),
    ]
    steps["replied"] = [*steps["in_hand"], ("reply", "han", {"result": "solved", "words": "已经清走，地面冲洗过。"})]
    steps["closed"] = [*steps["replied"], ("call_back", "duan", {"solved": "no_answer"})]
    return steps[stage]


# residents, by their own pages


def _residents(town: Town, filled: Filled, now: datetime) -> None:
    lon, lat = (f"{one:.6f}" for one in point_in(GRIDS[1]))
    here = {"where": "桂花苑北墙外", "lon": lon, "lat": lat}
    with _clock(now - timedelta(hours=3)):
        for number in range(NEIGHBOURS):
            _neighbour(filled, number, now)
        first = _told(_Form().report(words=SAID, matter=_joinable(now), phone="13900001234", photos=photo(), **here))
        filled.tokens["own"] = first
        filled.tokens["urgent"] = _told(_Form().report(words=DANGER, **here))
        filled.tokens["sealed"] = _told(_Form().report(words=ACCUSED, **here))
    _take_up(town, first, now - timedelta(hours=2, minutes=40))
    neighbour = _Form()
    asked = neighbour.report(words=SAID, matter=_joinable(now), **here)
    if asked.endswith("/nearby"):
        filled.starts.append(asked)
        second = _Form()
        path = second.report(words=SAID, matter=_joinable(now), **here)
        filled.tokens["joined"] = _told(second.join(path))
    filled.starts += [f"/f/{filled.tokens[one]}" for one in ("own", "replied", "urgent") if one in filled.tokens]
    filled.starts += [f"/f/{filled.tokens['joined']}"] if "joined" in filled.tokens else []
    for one in ("own", "replied"):
        token = filled.tokens[one]
        filled.starts += [f"/f/{token}/{act}" for act in ("add", "correct", "withdraw", "rate")]
        filled.starts += [f"/report/done/{token}", f"/my/{token}", f"/my/{token}/download"]


def neighbour_point(number: int) -> tuple[float, float]:
    """Where the neighbour of a journey lives: far enough from the others to be nobody else's neighbour."""
    lon, lat = point_in(GRIDS[2])
    return round(lon - 0.004 + 0.0027 * (number % 4), 6), round(lat - 0.003 + 0.003 * (number // 4), 6)


def _neighbour(filled: Filled, number: int, now: datetime) -> None:
    """A public matter that a journey will join."""
    lon, lat = (f"{one:.6f}" for one in neighbour_point(number))
    told = _told(_Form().report(words=SAID, matter=_joinable(now), where="桥头社区活动室", lon=lon, lat=lat))
    from linli.cases.models import Case

    filled.cases[f"neighbour{number}"] = str(Case.objects.get(pk=link_of(told).home).no)


def _take_up(town: Town, token: str, at: datetime) -> None:
    """The desk sends a resident's matter to the sanitation team, where rules have not done so; the team begins."""
    case = link_of(token).home
    from linli.cases.models import Case

    if Case.objects.get(pk=case).state == "received":
        _take(town, case, "dispatch", "duan", at, organisation=town.sanitation)


def _joinable(at: datetime) -> str:
    """A matter of public space that neighbours may join, as the pack says."""
    rows = snapshot_for(STREET, at).matters()
    shared = [
        code for code, row in rows.items()
        if row["joinable"] and row["public"] and not row["protected"] and code.startswith("topic")
    ]  # fmt: skip
    return next((code for code in shared if "垃圾" in str(rows[code]["title"])), shared[0])


def _asked_about(at: datetime) -> str:
    """A matter whose reporter is asked whether it is solved."""
    rows = snapshot_for(STREET, at).matters()
    return next(code for code, row in rows.items() if row["check"] == "reporter" and not row["protected"])


def _told(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


class _Form:
    """A resident's browser."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST=HOST)

    def report(self, **fields: Any) -> str:
        """Send the form; where it leads."""
        text = self.client.get("/report").content.decode()
        draft = text.split('name="draft" value="')[1].split('"')[0]
        return self._post("/report", {"draft": draft, **fields})

    def join(self, path: str) -> str:
        """Say that it is the neighbour's."""
        text = self.client.get(path).content.decode()
        return self._post(path, {"choice": text.split('name="choice" value="')[1].split('"')[0]})

    def _post(self, path: str, fields: dict[str, Any]) -> str:
        token = self.client.cookies["csrftoken"].value
        answer = self.client.post(path, {"csrfmiddlewaretoken": token, **fields})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])


def photo() -> SimpleUploadedFile:
    """A photo as a phone makes it: ground, a wall, a heap."""
    image = Image.new("RGB", (1280, 960), (176, 190, 200))
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((0, 560, 1280, 960), fill=(120, 116, 108))
    drawn.rectangle((0, 260, 1280, 560), fill=(168, 128, 104))
    drawn.polygon(((340, 760), (560, 470), (820, 520), (980, 780)), fill=(92, 86, 78))
    into = io.BytesIO()
    image.save(into, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", into.getvalue(), "image/jpeg")


@contextmanager
def _clock(at: datetime) -> Iterator[None]:
    """Let pages think that it is another time."""
    with patch.object(middleware, "now", lambda: at):
        yield

"""Small helps of the worker's tests: an event that waits for a look, photos, an event sent as a browser or a phone sends it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.tests.desk import open_one, take
from linli.cases.tests.test_evidence import photo
from tests.town import AT, GRIDS, Town, point_in

LITTER = "event.01.002"


def to_check(town: Town) -> str:
    """The number of an event of the first grid that waits for somebody to look on the spot."""
    opened = open_one(kind="event", voice=None, matter="event.01.001", channel="worker", title="暴露垃圾")
    take(opened.case, "file_and_dispatch", town.ref("duan"), AT, organisation=town.sanitation)
    take(opened.case, "sign", town.ref("han"), AT)
    take(opened.case, "feed_back", town.ref("han"), AT, result="solved", words="清走了")
    return str(opened.no)


def picture(name: str = "wide.jpg") -> SimpleUploadedFile:
    """A photo as a browser sends it."""
    return SimpleUploadedFile(name, photo(), "image/jpeg")


def here(grid: str = GRIDS[0]) -> dict[str, str]:
    """A position in the middle of a grid, as the form holds it."""
    lon, lat = point_in(grid)
    return {"lon": str(lon), "lat": str(lat)}


def report(client: Client, *, by_script: bool = False, grid: str = GRIDS[0], **fields: Any) -> Any:
    """Send the form of a new event; by a phone's queue where asked."""
    given = {"request_id": str(uuid4()), "matter": LITTER, **here(grid), **fields}
    headers = {"accept": "application/json"} if by_script else {}
    return client.post("/w/new", given, headers=headers)

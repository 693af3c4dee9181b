"""Residents' browsers in the small town with its ground; the model of matters is left out, words class nothing here."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.residents import link_of
from linli.web.conftest import Clock
from tests.town import GRIDS, Town, point_in

LON, LAT = point_in(GRIDS[0])
WORDS = "路口的路灯不亮，已经三天了。"


@pytest.fixture
def place(town: Town) -> Town:
    """The town with its ground."""
    town.ground()
    return town


@pytest.fixture
def browser(place: Town) -> Client:
    """A browser that checks where forms come from, as real ones do."""
    return Client(enforce_csrf_checks=True)


def jpeg(size: tuple[int, int] = (640, 480), name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    """An upload as a phone makes it."""
    into = BytesIO()
    Image.new("RGB", size, (90, 120, 60)).save(into, "JPEG")
    return SimpleUploadedFile(name, into.getvalue(), "image/jpeg")


def token_in(browser: Client, path: str = "/report") -> dict[str, str]:
    """What a form hands out: the token against forgeries, and the draft's secret where there is one."""
    response = browser.get(path)
    text = response.content.decode()
    found = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    for name in ("draft", "request_id"):
        if f'name="{name}" value="' in text:
            found[name] = text.split(f'name="{name}" value="')[1].split('"')[0]
    return found


def send(browser: Client, path: str = "/report", **fields: object) -> Any:
    """Fill a form in and send it."""
    return browser.post(path, {**token_in(browser, path), **fields})


def reported(browser: Client, **fields: Any) -> str:
    """Report something; the token of its link."""
    response = send(browser, **{"words": WORDS, "where": "桂花路口", "lon": str(LON), "lat": str(LAT), **fields})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"]).rsplit("/", 1)[1]


def case_of(token: str) -> int:
    """The case behind a link."""
    return link_of(token).home


__all__ = ["LAT", "LON", "WORDS", "Clock", "case_of", "jpeg", "reported", "send", "token_in"]

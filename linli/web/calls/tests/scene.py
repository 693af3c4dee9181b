"""Small helps of the phone desk's tests: a call as a browser sends it, and words that must never show to a handler."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from tests.town import GRIDS, point_in

NUMBER, NAME = "138 6543 4021", "郑晚秋"
WORDS = "我家隔壁工地路口垃圾堆了好几天，我昨晚在阳台看见的，垃圾车一直不来。"
LITTER = "event.01.002"
BRIBE = "我要举报桂花街道办事处的王主任收了施工队的红包，吃拿卡要。"
PLANTED = (NUMBER, NUMBER.replace(" ", ""), NAME, WORDS, WORDS[:12])


def fields(**more: Any) -> dict[str, Any]:
    """The fields of a call about rubbish in the first grid."""
    lon, lat = point_in(GRIDS[0])
    known = {
        "request_id": str(uuid4()), "act": "dispatch", "number": NUMBER, "name": NAME, "words": WORDS,
        "matter": LITTER, "lon": str(lon), "lat": str(lat), "request_type": "help",
    }  # fmt: skip
    return {**known, **more}


def ring(client: Client, **more: Any) -> Any:
    """Send a call."""
    return client.post("/desk/call", fields(**more))


def number_of(answer: Any, line: int = 0) -> str:
    """The public number on a page that reads back."""
    return str(answer.context["told"].lines[line].no)

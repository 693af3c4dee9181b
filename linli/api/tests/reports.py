"""Reports as another system hands them in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.town import GRIDS, point_in

NAME, PHONE, HOME = "赵明月", "13912345678", "桂花苑三栋402"
WORDS = "我昨晚八点在阳台看见路口的垃圾堆积如山，我家老人都不敢出门"
ACCUSING = "桂花街道综合行政执法队的队长收受商贩好处，包庇占道经营，请查处"


def report(**changes: Any) -> dict[str, Any]:
    """A report about rubbish in the first grid."""
    lon, lat = point_in(GRIDS[0])
    known: dict[str, Any] = {
        "request_id": str(uuid4()),
        "channel": "hotline",
        "title": "我家楼下",
        "text": WORDS,
        "point": {"lon": lon, "lat": lat},
        "matter": "event.01.002",
        "contact": {"name": NAME, "phone": PHONE, "address": HOME},
        "wishes": ["no_call_back"],
    }
    return {**known, **changes}

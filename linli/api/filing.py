"""Handing in a report: for hotlines, apps and sensors. It goes the way of every report; words are read, never shown again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime, ConfigDict, Field

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.scopes import Scope
from linli.intake.filing import Handed, report_file
from linli.intake.reports import report_of
from linli.kernel.errors import InputError
from linli.places.coordinates import Crs

router = Router(tags=["cases"])

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
Wish = Literal["may_ring", "confidential", "no_call_back"]


class Contact(Schema):
    """Who reports. Encrypted at once, apart from the case; no handler reads it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=300, description="Home; the place of the matter is a point, or in the words.")


NOBODY = Contact(name="", phone="", address="")


class Point(Schema):
    """Where the matter is."""

    model_config = ConfigDict(extra="forbid")

    lon: float = Field(ge=-180, le=180, description="Degrees east.")
    lat: float = Field(ge=-90, le=90, description="Degrees north.")
    crs: Crs = Field(Crs.WGS84, description="WGS 84 counts as CGCS2000.")


class ReportRequest(Schema):
    """A report to be taken in."""

    model_config = ConfigDict(extra="forbid")

    request_id: UUID = Field(description="Made by you; the same id with the same report opens one case only.")
    channel: str = Field(pattern="^[a-z][a-z0-9_-]{1,39}$", description="Through which it came, e.g. `hotline`.")
    external_id: str = Field("", max_length=200, description="The channel's own number; opens once.")
    title: str = Field("", max_length=400)
    text: str = Field(min_length=1, max_length=20_000, description="The reporter's words, as they said them.")
    reported_at: Moment | None = Field(None, description="When they said it; now if left out.")
    happened_at: Moment | None = None
    point: Point | None = None
    matter: str = Field("", max_length=60, description="Code of the catalogue, where you know it.")
    contact: Contact | None = None
    wishes: list[Wish] = Field(default_factory=list, max_length=3)
    evidence: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field(
        default_factory=list, max_length=10, description="Ids of photos that this key's account kept."
    )


@offer(router, "POST", "", Scope.FILE, shapes.Filed, status=201)
def case_file(request: HttpRequest, given: ReportRequest) -> object:
    """Hand in a report.

    Read, located, classed, routed, compared and opened as every report is. The answer is the same whatever the words
    say: the number, the reporter's link, and until when they are answered. A repeated `request_id` answers again, without
    the link, which is kept nowhere.
    """
    who = asked(request)
    if given.happened_at is not None and given.happened_at > who.at:
        raise InputError("It cannot have happened yet.", code="api.fields", data={"fields": {"happened_at": "future"}})
    filed = report_file(_handed(given, who.at), who.actor.ref, request_id=given.request_id, at=who.at)
    return Status(201, {"no": filed.no, "link": filed.link or None, "due_at": filed.due_at, "repeated": filed.repeated})


def _handed(given: ReportRequest, at: datetime) -> Handed:
    point, contact = given.point, given.contact or NOBODY
    cells = {
        "external_id": given.external_id,
        "reported_at": (given.reported_at or at).astimezone(UTC).isoformat(timespec="seconds"),
        "title": given.title,
        "text": given.text,
        "lon": repr(point.lon) if point else "",
        "lat": repr(point.lat) if point else "",
        "crs": str(point.crs) if point else "",
        "address": contact.address,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "matter": given.matter,
    }
    said = json.dumps(given.model_dump(mode="json", exclude={"request_id"}), sort_keys=True, ensure_ascii=False)
    return Handed(
        channel=given.channel,
        report=report_of(0, cells),
        said=said.encode(),
        wishes=tuple(dict.fromkeys(given.wishes)),
        happened_at=given.happened_at,
        photos=tuple(given.evidence),
    )

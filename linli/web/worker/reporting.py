"""Reporting an event: what the form offers, what was sent, and its answer. Sent by hand or later by the phone, it opens once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.evidence import PHOTOS_MOST, Holder, bounds_of, forget_loose, keep_photo, loose_of
from linli.cases.rules import local_date
from linli.cases.seeing import access_case
from linli.cases.usual import usual_matters
from linli.intake.events import Found, Reported, event_report
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError, NotFoundError
from linli.matters.domain import Matter
from linli.matters.selectors import catalogue
from linli.packs.selectors import snapshot_for
from linli.places.selectors import place_names
from linli.rules.parameters import Integer, Parameter
from linli.rules.snapshot import Snapshot
from linli.web.base.words import titled
from linli.web.desk.rows import place_name
from linli.web.worker.nearpage import point_sent
from linli.web.worker.shell import own_places

LIKELY = Parameter("worker.likely_matters", Integer)
LIKELY_DAYS = Parameter("worker.likely_days", Integer)
_COMMUNITY = 12
_LONGEST = 2000
_MEGA = 1024 * 1024
_FIELDS = ("matter", "other_matter", "words", "where", "place", "lon", "lat", "done", "done_words", "found_at")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class NewForm:
    """The form of a new event.

    Attributes:
        likely: matters to choose by one tap.
        others: the rest of the catalogue, by its groups.
        places: one's own places, for whoever has no position.
        values: what was typed before.
        photos: ids of photos that came already and are kept.
        errors: the element's id and the words shown there.
    """

    likely: tuple[Choice, ...]
    others: tuple[Choice, ...]
    places: tuple[Choice, ...]
    request_id: str
    most_photos: int
    values: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[int, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by field."""
        return {element.removeprefix("f-"): words for element, words in self.errors}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in: fields, photos, and who sent it when."""

    fields: QueryDict
    files: Sequence[UploadedFile[bytes]]
    actor: Actor
    at: datetime


class WrongFieldsError(InputError):
    """The form is not right; `fields` says where and why, in words."""

    def __init__(self, fields: Mapping[str, str], photos: tuple[int, ...] = ()) -> None:
        super().__init__("The form is wrong.", code="worker.form")
        self.fields = fields
        self.photos = photos


def new_form(
    actor: Actor, at: datetime, wrong: WrongFieldsError | None = None, sent: QueryDict | None = None
) -> NewForm:
    """The form, empty or as it came back.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
        wrong: what was wrong with it.
        sent: what was typed.
    """
    place, snapshot = _ground(actor, at)
    rules = snapshot.at(place, local_date(at))
    matters = {m.code: m for m in catalogue(snapshot) if m.catalogue != "topic" and not m.protected}
    usual = usual_matters(place[:_COMMUNITY], at - timedelta(days=rules[LIKELY_DAYS]), at, rules[LIKELY])
    first = [code for code in dict.fromkeys([*usual, *_ready(matters)]) if code in matters][: rules[LIKELY]]
    own = own_places(actor)
    names = place_names(own, at)
    return NewForm(
        likely=tuple(_choice(matters[code]) for code in first),
        others=tuple(_choice(matter) for code, matter in matters.items() if code not in first),
        places=tuple(
            Choice(code, place_name(code, names[code])) for code in own if code in names and len(code) >= _COMMUNITY
        ),
        request_id=(sent.get("request_id", "") if sent else "") or fresh_id(),
        most_photos=rules[PHOTOS_MOST],
        values={name: sent.get(name, "") for name in _FIELDS} if sent else {},
        photos=wrong.photos if wrong else (),
        errors=tuple((f"f-{name}", words) for name, words in wrong.fields.items()) if wrong else (),
    )


def event_send(sent: Sent) -> Reported:
    """Report what was sent. The same request again gives the same answer, whatever became of its photos.

    Raises:
        WrongFieldsError: something is missing or wrong; photos that came are kept.
        RefusedError, ConflictError: see `event_report`.
    """
    fields, actor, at = sent.fields, sent.actor, sent.at
    wrong: dict[str, str] = {}
    matter = fields.get("other_matter") or fields.get("matter", "")
    if not matter and not fields.get("words", "").strip():
        wrong["matter"] = _("Say what it is: choose a matter or write a few words.")
    if fields.get("done") and not fields.get("done_words", "").strip():
        wrong["done_words"] = _("Say what was done on the spot.")
    photos, said = _photos(sent, wrong)
    if wrong:
        raise WrongFieldsError(wrong, photos)
    try:
        told = event_report(_found(sent, matter, photos, said), actor.ref, request_id=_request_id(fields), at=at)
    except InputError as error:
        named = error.data.get("fields")
        words = {"where": _("Say where it is: take the position or write it."), "evidence": _("A photo is not there.")}
        found = {name: words[name] for name in named if name in words} if isinstance(named, Mapping) else {}
        if not found:
            raise
        raise WrongFieldsError(
            {name.replace("evidence", "photos"): text for name, text in found.items()}, photos
        ) from None
    if told.repeated:
        forget_loose(photos, _holder(actor))
    return told


def like_readable(told: Reported, actor: Actor) -> str:
    """The number of the nearest like one that this person may read; "" for none."""
    for no in told.like:
        try:
            access_case(actor, no)
        except NotFoundError:
            continue
        return no
    return ""


def fresh_id() -> str:
    """A request id for a form."""
    return str(uuid4())


def is_readable(no: str, actor: Actor) -> bool:
    """Whether this person may read the case of that number."""
    try:
        access_case(actor, no)
    except NotFoundError:
        return False
    return True


def _ground(actor: Actor, at: datetime) -> tuple[str, Snapshot]:
    place = actor.holdings[0].place if actor.holdings else ""
    return place, snapshot_for(place, at)


def _ready(matters: Mapping[str, Matter]) -> list[str]:
    """Matters that the pack lets a machine send come first: the plain ones of every day."""
    return [code for code, matter in matters.items() if matter.auto_dispatch]


def _choice(matter: Matter) -> Choice:
    return Choice(matter.code, titled({"zh": matter.title_zh, "en": matter.title_en}))


def _found(sent: Sent, matter: str, photos: tuple[int, ...], said: bytes) -> Found:
    fields = sent.fields
    point = point_sent(fields)
    own = own_places(sent.actor)
    place = fields.get("place", "")
    return Found(
        said=said,
        matter=matter,
        words=fields.get("words", "").strip()[:_LONGEST],
        where=fields.get("where", "").strip()[:_LONGEST],
        place=place if place in own else "",
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        photos=photos,
        done=fields.get("done_words", "").strip()[:_LONGEST] if fields.get("done") else "",
        found_at=_instant(fields.get("found_at", "")),
    )


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _request_id(fields: QueryDict) -> UUID:
    try:
        return UUID(fields.get("request_id", ""))
    except ValueError:
        raise InputError("The form came without its number; load the page again.", code="web.request_id") from None


# photos


def _holder(actor: Actor) -> Holder:
    return Holder(account=actor.ref.account)


def _photos(sent: Sent, wrong: dict[str, str]) -> tuple[tuple[int, ...], bytes]:
    """Ids of the photos, those that came before included; and what was said in all, by the photos' own bytes."""
    place, snapshot = _ground(sent.actor, sent.at)
    bounds, holder = bounds_of(snapshot, sent.at), _holder(sent.actor)
    most = snapshot.at(place, local_date(sent.at))[PHOTOS_MOST]
    asked = [int(one) for one in sent.fields.getlist("kept") if one.isascii() and one.isdigit()]
    loose = {one.id for one in loose_of(holder)} if asked else set()
    kept = [one for one in asked if one in loose]
    digests = [str(one) for one in asked]
    if len(kept) + len(sent.files) > most:
        wrong["photos"] = ngettext("At most {n} photo.", "At most {n} photos.", most).format(n=most)
        return tuple(kept), b""
    for upload in sent.files:
        content = upload.read(bounds.bytes + 1)
        digests.append(hashlib.sha256(content).hexdigest())
        try:
            kept.append(keep_photo(content, holder, bounds, sent.at).id)
        except InputError as error:
            wrong["photos"] = _photo_words(error, upload.size or 0, bounds.megabytes)
    told = {name: sent.fields.get(name, "") for name in _FIELDS}
    return tuple(kept), json.dumps([told, digests], sort_keys=True).encode()


def _photo_words(error: InputError, size: int, most: int) -> str:
    if error.code == "evidence.too_big":
        return _("This photo is {n} MB. Choose one under {most} MB.").format(n=-(-size // _MEGA), most=most)
    return _("This file is not a photo. Choose a JPEG, PNG or WebP.")

"""The report form: what was typed and sent along, checked field by field, with the words that are shown at the field.

Is: parsing and checking; photos are kept as they come, so that none is lost when another field is wrong. Is not: the
intake of a report. Nothing typed is ever in an error or a log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.cases.evidence import PHOTOS_MOST, Holder, bounds_of, forget_loose, keep_photo, loose_of
from linli.cases.pictures import MEGA, PictureBounds
from linli.intake.residents import Telling
from linli.kernel.errors import InputError
from linli.web.base.fieldtext import cleaned, typed_point
from linli.web.resident.here import LONGEST, Here

TELL = ("message", "call", "link")
_SHORT = 60
_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{5,19}")
_MATTER = re.compile(r"[a-z]+\.\d{2}\.\d{3}")


@dataclass(frozen=True, slots=True)
class Told:
    """What the form holds, as typed; and what is wrong with it, by field.

    Attributes:
        for_other, consent: somebody speaks for another, who knows of it.
        photos: ids of photos kept so far.
    """

    draft: str = ""
    words: str = ""
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    matter: str = ""
    phone: str = ""
    name: str = ""
    tell: str = ""
    may_ring: bool = False
    for_other: bool = False
    helper: str = ""
    relation: str = ""
    consent: bool = False
    photos: tuple[int, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    def telling(self) -> Telling:
        """The same, as intake takes it."""
        return Telling(
            words=self.words,
            where=self.where,
            lon=self.lon,
            lat=self.lat,
            matter=self.matter,
            name=self.name,
            phone=self.phone,
            tell=self.tell or ("message" if self.phone else "link"),
            may_ring=self.may_ring,
            helper=self.helper if self.for_other else "",
            relation=self.relation if self.for_other else "",
        )

    def kept(self) -> dict[str, object]:
        """The same for a draft: without photos and errors."""
        told = asdict(self)
        return {name: value for name, value in told.items() if name not in ("photos", "errors", "draft")}


def told_in(request: HttpRequest) -> Told:
    """What was typed, cleaned of signs that nobody types; not checked yet."""
    text = {name: cleaned(request.POST.get(name, "")) for name in _TEXTS}
    lon, lat = typed_point(request.POST.get("lon", ""), request.POST.get("lat", "")) or (None, None)
    return Told(
        **text,  # type: ignore[arg-type]
        lon=lon,
        lat=lat,
        may_ring=request.POST.get("may_ring") == "yes",
        for_other=request.POST.get("for_other") == "yes",
        consent=request.POST.get("consent") == "yes",
    )


_TEXTS = ("draft", "words", "where", "matter", "phone", "name", "tell", "helper", "relation")


def told_again(draft: str, kept: Mapping[str, object]) -> Told:
    """What a draft held."""
    return Told(draft=draft, **kept)  # type: ignore[arg-type]


def checked(told: Told, where: Here) -> Told:
    """The same with what is wrong, by field; the order is that of the page."""
    errors = {**told.errors}
    most = where.rules[LONGEST]
    for name, words in _problems(told, most):
        errors.setdefault(name, words)
    order = ("words", "where", "photos", "phone", "tell", "helper", "relation", "consent")
    return replace(told, errors={name: errors[name] for name in order if name in errors})


def _problems(told: Told, most: int) -> list[tuple[str, str]]:
    found = []
    if not any(sign.isalnum() for sign in told.words):
        found.append(("words", _("Say what is wrong.")))
    if len(told.words) > most:
        found.append(("words", _("This is longer than {n} characters. Please shorten it.").format(n=most)))
    if not told.where and told.lon is None:
        found.append(("where", _("Tell us where: write an address or use “Use where I am”.")))
    if len(told.where) > 4 * _SHORT:
        found.append(("where", _("This is longer than {n} characters. Please shorten it.").format(n=4 * _SHORT)))
    if told.phone and not _PHONE.fullmatch(told.phone):
        found.append(("phone", _("This does not look like a telephone number. Leave it empty or write digits only.")))
    if told.tell not in ("", *TELL) or (told.tell in ("message", "call") and not told.phone):
        found.append(("phone", _("To be told by message or call, write your telephone number.")))
    return found + (_problems_of_helper(told) if told.for_other else [])


def _problems_of_helper(told: Told) -> list[tuple[str, str]]:
    found = []
    if not told.helper or len(told.helper) > _SHORT:
        found.append(("helper", _("Write your own name.")))
    if not told.relation or len(told.relation) > _SHORT:
        found.append(("relation", _("Write how you know them.")))
    if not told.consent:
        found.append(("consent", _("Ask them first, then tick that they agree.")))
    return found


def is_matter(code: str) -> bool:
    """Whether this can be the code of a matter."""
    return bool(_MATTER.fullmatch(code))


# photos


def photos_taken(
    uploads: Sequence[UploadedFile[bytes]], dropped: Sequence[str], holder: Holder, where: Here, at: datetime
) -> tuple[tuple[int, ...], str]:
    """Keep the photos that came along, drop those that are not wanted any more.

    Args:
        uploads: in the order they were chosen.
        dropped: ids of kept ones to drop, as typed.
        holder: of the draft.
        where: the rules.
        at: now, aware UTC.

    Returns:
        Ids of all that are kept now, and what is wrong with the last that was not, "" if none.
    """
    forget_loose([int(one) for one in dropped if one.isascii() and one.isdigit() and len(one) < 19], holder)
    most, bounds = where.rules[PHOTOS_MOST], bounds_of(where.snapshot, at)
    kept = [one.id for one in loose_of(holder)]
    error = ""
    for upload in uploads:
        if len(kept) >= most:
            error = _("At most {n} photos at a time.").format(n=most)
            break
        taken, wrong = _photo_taken(upload, holder, bounds, at)
        kept += taken
        error = wrong or error
    return tuple(kept), error


def _photo_taken(
    upload: UploadedFile[bytes], holder: Holder, bounds: PictureBounds, at: datetime
) -> tuple[list[int], str]:
    if (upload.size or 0) > bounds.bytes:
        return [], _too_big(upload.size or 0, bounds)
    try:
        return [keep_photo(upload.read(), holder, bounds, at).id], ""
    except InputError as error:
        if error.code == "evidence.too_big":
            return [], _too_big(upload.size or 0, bounds)
        if error.code == "evidence.too_many_pixels":
            return [], _("This photo has too many pixels. Choose one under {n} million.").format(n=bounds.megapixels)
        return [], _("This file is not a photo. Choose a JPEG, PNG or WebP.")


def _too_big(size: int, bounds: PictureBounds) -> str:
    found = max(bounds.megabytes + 1, (size + MEGA // 2) // MEGA)
    words = _("This photo is {n} MB. Choose one under {most} MB.").format(n=found, most=bounds.megabytes)
    return words.replace(" MB", "\u00a0MB")

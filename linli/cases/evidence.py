"""Photos of a case: made anew (`pictures`), encrypted by the key ring, one file each under the home folder.

A photo is kept first, held by whoever sent it (a draft, an account), and becomes evidence of a case by the step that
names its id: that step's entry is its record. What no step named is deleted after the pack's hours. Erasing deletes
the file and leaves the row, so that the log's ids go on meaning something.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from linli.cases.models import Evidence
from linli.cases.pictures import PictureBounds, picture_anew
from linli.cases.released import released_photos
from linli.cases.rules import local_date
from linli.journal.keyring import key_ring
from linli.journal.outbox import OutboxDraft, add_outbox
from linli.journal.seals import bounds
from linli.kernel.errors import InputError, NotFoundError
from linli.packs.selectors import live_rules, snapshot_by_hash
from linli.rules.parameters import Integer, Parameter, PersonalField
from linli.rules.snapshot import Snapshot

MEGABYTES = Parameter("evidence.photo_megabytes", Integer)
MEGAPIXELS = Parameter("evidence.photo_megapixels", Integer)
EDGE = Parameter("evidence.photo_edge", Integer)
PHOTOS_MOST = Parameter("evidence.photos_most", Integer)
LOOSE_HOURS = Parameter("evidence.loose_hours", Integer)
PHOTO = PersonalField("evidence.photo")
ERASURE = "cases.photo_erasure"
"""Kind of the outbox rows that tell the ledger of erasures which photo a reporter took back."""

Side = Literal["reporter", "body"]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sent a photo and may attach it: an account, or whoever knows a draft's secret (its hash is kept)."""

    account: int | None = None
    draft: bytes = b""


NOBODY = Holder()


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored photo, without its content. `case` is None until a step has named it."""

    id: int
    case: int | None
    voice: int | None
    side: str
    width: int
    height: int
    made_at: datetime


def bounds_of(snapshot: Snapshot, at: datetime) -> PictureBounds:
    """What the pack lets a photo be."""
    rules = snapshot.at(snapshot.place, local_date(at))
    return PictureBounds(rules[MEGABYTES], rules[MEGAPIXELS], rules[EDGE])


def keep_photo(upload: bytes, holder: Holder, bounds: PictureBounds, at: datetime) -> Kept:
    """Check, make anew, encrypt and store an upload; it belongs to no case yet.

    Args:
        upload: what came in.
        holder: who may attach it.
        bounds: see `bounds_of`.
        at: now, aware UTC.

    Raises:
        InputError: it is no photo, or too big; see `picture_anew`.
        KeyMissingError: there is no key ring.
    """
    picture = picture_anew(upload, bounds)
    name = secrets.token_hex(16)
    key_id, cipher = key_ring().seal(picture.content, _bound(name))
    _write(_path(name), cipher)
    row = Evidence.objects.create(
        name=name,
        key_id=key_id,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        account=holder.account,
        draft=holder.draft or None,
        made_at=at,
    )
    return _kept(row)


def attach(ids: Sequence[int], holder: Holder, case: int, *, side: Side, voice: int | None = None) -> None:
    """Make photos evidence of a case; call it in the transaction of the step that names them.

    Raises:
        InputError: one of them is not there, is not this holder's, or belongs to a case already.
    """
    moved = Evidence.objects.filter(_held_by(holder), pk__in=ids, case__isnull=True, erased_at__isnull=True).update(
        case=case, side=side, voice=voice
    )
    if moved != len(set(ids)):
        raise InputError("A photo is not there.", code="evidence.unknown", data={"fields": {"evidence": "unknown"}})


def loose_of(holder: Holder) -> list[Kept]:
    """What a holder has kept and not yet attached, the oldest first."""
    rows = Evidence.objects.filter(_held_by(holder), case__isnull=True, erased_at__isnull=True).order_by("id")
    return [_kept(row) for row in rows]


def forget_loose(ids: Iterable[int], holder: Holder) -> None:
    """Delete photos that a holder does not want to send after all."""
    rows = list(Evidence.objects.filter(_held_by(holder), pk__in=list(ids), case__isnull=True))
    _delete_rows(rows)


def evidence_of(case: int) -> list[Kept]:
    """All photos of a case that are still there, the reporter's too: for the reporter, never for a page of work."""
    rows = Evidence.objects.filter(case=case, erased_at__isnull=True).order_by("id")
    return [_kept(row) for row in rows]


def work_photos(case: int) -> list[Kept]:
    """The photos of a case that bodies took or a desk released, for whoever may read it: see the case first.

    A reporter's photo can show a home, an hour and a point of view: it is opened as their words are, see `voices`.
    """
    released = released_photos(case)
    rows = Evidence.objects.filter(Q(case=case, side="body") | Q(pk__in=list(released)), erased_at__isnull=True)
    # Nothing of a released photo tells whose it is or which way it came.
    return [replace(_kept(row), case=case, voice=None, side="body") for row in rows.order_by("id")]


def open_work_photo(photo: int, case: int) -> bytes:
    """The JPEG of a photo that a body took or a desk released, for whoever may read the case.

    Raises:
        NotFoundError: none, of another case, a reporter's, or erased: one answer.
        PartUnreadableError: the file was changed.
    """
    where = Q(case=case, side="body")
    if not Evidence.objects.filter(where, pk=photo).exists() and photo in released_photos(case):
        where = Q(side="reporter")
    return _content(where, photo)


def photos_of_voice(voice: int) -> list[int]:
    """Ids of the photos that a reporter sent and that are still there."""
    rows = Evidence.objects.filter(voice=voice, side="reporter", erased_at__isnull=True).order_by("id")
    return list(rows.values_list("pk", flat=True))


def open_voice_photos(voice: int) -> list[bytes]:
    """The JPEGs that a reporter sent, in their order; for an opening that has been written down. See `voices`.

    Raises:
        PartUnreadableError: a file was changed.
    """
    return [_content(Q(voice=voice, side="reporter"), photo) for photo in photos_of_voice(voice)]


def open_photo(photo: int, *, case: int | None = None, holder: Holder | None = None) -> bytes:
    """The JPEG of a photo for its reporter, or of one that the holder has not attached yet; for work: `open_work_photo`.

    Args:
        photo: id.
        case: the case through which the reporter came; the photo must be its.
        holder: who kept it, for one that is not attached.

    Raises:
        NotFoundError: none, not of this case or holder, or erased: one answer.
        PartUnreadableError: the file was changed.
    """
    where = Q(case=case) if case is not None else _held_by(holder or NOBODY) & Q(case__isnull=True)
    return _content(where, photo)


def _content(where: Q, photo: int) -> bytes:
    row = Evidence.objects.filter(where, pk=photo, erased_at__isnull=True).first()
    if row is None:
        raise _no_photo()
    try:
        cipher = _path(row.name).read_bytes()
    except FileNotFoundError as error:
        raise _no_photo() from error
    return key_ring().open(row.key_id, cipher, _bound(row.name))


def erase_photos_of_voice(voice: int, at: datetime) -> list[int]:
    """Delete what a reporter sent; the ids of what was deleted."""
    rows = list(Evidence.objects.filter(voice=voice, erased_at__isnull=True))
    with transaction.atomic():
        _erase(rows, at)
        add_outbox([OutboxDraft(ERASURE, {"photo": row.name}) for row in rows], at)
    return [row.pk for row in rows]


def erase_photo_again(name: str, at: datetime) -> bool:
    """Delete a photo that a restored backup has brought back; whether it was there.

    Args:
        name: as the ledger of erasures knows it.
        at: now, aware UTC.
    """
    rows = list(Evidence.objects.filter(name=name, erased_at__isnull=True))
    _erase(rows, at)
    return bool(rows)


def photos_missing() -> int:
    """How many photos have no file although they were not erased: there should be none."""
    names = Evidence.objects.filter(erased_at__isnull=True).values_list("name", flat=True)
    return sum(not _path(name).exists() for name in names.iterator())


def drop_loose(before: datetime) -> int:
    """Delete what nobody attached and was kept before an instant; how many."""
    dropped = 0
    while rows := list(Evidence.objects.filter(case__isnull=True, made_at__lt=before)[:_BATCH]):
        _delete_rows(rows)
        dropped += len(rows)
    return dropped


def erase_due(at: datetime) -> int:
    """Delete photos of cases that closed longer ago than the pack keeps them; how many.

    Args:
        at: now, aware UTC; the day is that of China.
    """
    erased, handled = 0, Q(pk__isnull=True)
    for rules in live_rules(at).publications:
        here = Q(case__place__startswith=rules.place)
        period = cast("Mapping[str, int]", snapshot_by_hash(rules.hash).personal(PHOTO.key)["period"])
        before = bounds(local_date(at) - timedelta(days=period["amount"]))[0]
        over = Evidence.objects.filter(here, ~handled, case__closed_at__lt=before, erased_at__isnull=True)
        while rows := list(over[:_BATCH]):
            _erase(rows, at)
            erased += len(rows)
        handled |= here
    return erased


def loose_since(snapshot: Snapshot, at: datetime) -> datetime:
    """Photos kept before this instant and not attached are not waited for any longer."""
    return at - timedelta(hours=snapshot.at(snapshot.place, local_date(at))[LOOSE_HOURS])


def _erase(rows: Sequence[Evidence], at: datetime) -> None:
    with transaction.atomic():
        Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(erased_at=at, key_id="")
        transaction.on_commit(lambda: _unlink(row.name for row in rows))


def _delete_rows(rows: Sequence[Evidence]) -> None:
    with transaction.atomic():
        Evidence.objects.filter(pk__in=[row.pk for row in rows]).delete()
        transaction.on_commit(lambda: _unlink(row.name for row in rows))


def _unlink(names: Iterable[str]) -> None:
    for name in names:
        _path(name).unlink(missing_ok=True)


def _held_by(holder: Holder) -> Q:
    if holder.account is not None:
        return Q(account=holder.account)
    return Q(draft=holder.draft) if holder.draft else Q(pk__isnull=True)


def _kept(row: Evidence) -> Kept:
    return Kept(row.pk, row.case_id, row.voice, row.side, row.width, row.height, row.made_at)


def _no_photo() -> NotFoundError:
    return NotFoundError("There is no such photo.", code="evidence.not_found")


def _bound(name: str) -> bytes:
    return f"linli evidence 1|{name}".encode()


def _path(name: str) -> Path:
    return Path(settings.LINLI_HOME) / "evidence" / name[:2] / name


def _write(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 that is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

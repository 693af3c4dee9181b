"""Photos: what an upload may be, what is left of it, where it lies, who gets it, and when it goes."""

from __future__ import annotations

import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from PIL import Image

from linli.cases.evidence import (
    Holder,
    attach,
    bounds_of,
    drop_loose,
    erase_due,
    erase_photos_of_voice,
    evidence_of,
    forget_loose,
    keep_photo,
    loose_of,
    open_photo,
)
from linli.cases.models import Case, Evidence
from linli.cases.pictures import PictureBounds, picture_anew
from linli.cases.tests.desk import later, open_one, rules
from linli.cases.voices import voice_of_token
from linli.journal.errors import PartUnreadableError
from linli.kernel.errors import InputError, NotFoundError
from tests.town import AT, Town

BOUNDS = PictureBounds(10, 64, 1920)
HOLDER = Holder(draft=b"d" * 32)
MARKER = b"secret-owner-of-this-phone"


def photo(size: Any = (640, 480), form: Any = "JPEG", **more: Any) -> bytes:
    into = BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(into, form, **more)
    return into.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    exif[0x0112] = 6  # lies on its side
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (32.0, 3.0, 30.0)
    return photo(exif=exif, comment=MARKER)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds into gigabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + name + body + pack(">I", zlib.crc32(name + body))

    rows = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )  # fmt: skip


def test_nothing_of_the_metadata_is_left_and_the_picture_stands_upright() -> None:
    made = picture_anew(with_exif(), BOUNDS)
    assert MARKER not in made.content
    assert (made.width, made.height) == (480, 640)
    with Image.open(BytesIO(made.content)) as again:
        assert again.format == "JPEG"
        assert not again.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(again.info)


def test_a_big_picture_gets_smaller_and_transparency_becomes_white() -> None:
    assert picture_anew(photo((4000, 3000)), BOUNDS).width == 1920
    into = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(into, "PNG")
    with Image.open(BytesIO(picture_anew(into.getvalue(), BOUNDS).content)) as again:
        assert min(again.convert("L").tobytes()) > 250
    assert picture_anew(photo(form="WEBP"), BOUNDS).width == 640


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"", "evidence.not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "evidence.not_a_picture"),
        (b"<?php system($_GET['x']); ?>", "evidence.not_a_picture"),
        (b"GIF89a" + b"\0" * 200, "evidence.not_a_picture"),
        (b"%PDF-1.7 not a photo", "evidence.not_a_picture"),
        (photo()[:200], "evidence.not_a_picture"),
        (photo((4, 4)), "evidence.not_a_picture"),
        (photo(form="TIFF"), "evidence.not_a_picture"),
        (bomb(60_000, 60_000), "evidence.too_many_pixels"),
        (bomb(9_000, 9_000), "evidence.too_many_pixels"),
        (bomb(5_000, 5_000), "evidence.not_a_picture"),
        (b"\xff\xd8\xff" + b"\0" * 11_000_000, "evidence.too_big"),
    ],
    ids=["empty", "svg", "php", "gif", "pdf", "cut", "dot", "tiff", "bomb", "middling", "truncated", "big"],
)
def test_uploads_that_lie_or_burst_are_refused(upload: Any, code: Any) -> None:
    with pytest.raises(InputError) as refused:
        picture_anew(upload, BOUNDS)
    assert refused.value.code == code


def test_a_photo_that_is_a_page_too_becomes_a_photo_only() -> None:
    made = picture_anew(photo() + b"<script>alert(1)</script>", BOUNDS)
    assert b"script" not in made.content


def test_the_file_is_encrypted_and_opens_for_its_holder_alone(db: None, linli_home: Path) -> None:
    kept = keep_photo(photo(), HOLDER, BOUNDS, AT)
    row = Evidence.objects.get(pk=kept.id)
    path = Path(linli_home) / "evidence" / row.name[:2] / row.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert not path.read_bytes().startswith(b"\xff\xd8")
    assert open_photo(kept.id, holder=HOLDER).startswith(b"\xff\xd8")
    assert [one.id for one in loose_of(HOLDER)] == [kept.id]
    for other in (Holder(draft=b"e" * 32), Holder(account=1), Holder()):
        with pytest.raises(NotFoundError):
            open_photo(kept.id, holder=other)
        assert loose_of(other) == []
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(PartUnreadableError):
        open_photo(kept.id, holder=HOLDER)


def test_a_photo_belongs_to_one_case_and_is_reached_through_it(town: Town) -> None:
    one, other = open_one(), open_one()
    kept = keep_photo(photo(), HOLDER, BOUNDS, AT)
    with pytest.raises(InputError):
        attach([kept.id], Holder(draft=b"e" * 32), one.case, side="reporter")
    attach([kept.id], HOLDER, one.case, side="reporter", voice=voice_of_token(one.token))
    assert [found.id for found in evidence_of(one.case)] == [kept.id]
    assert open_photo(kept.id, case=one.case)
    for wrong in ({"case": other.case}, {"holder": HOLDER}):
        with pytest.raises(NotFoundError):
            open_photo(kept.id, **wrong)
    with pytest.raises(InputError):
        attach([kept.id], HOLDER, other.case, side="reporter")


def test_what_nobody_sent_goes_after_the_hours_of_the_pack(
    town: Town, django_capture_on_commit_callbacks: Any, linli_home: Path
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        kept = [keep_photo(photo(), HOLDER, bounds_of(rules(), AT), AT) for _ in range(2)]
        forget_loose([kept[0].id], HOLDER)
        assert drop_loose(AT) == 0
        assert drop_loose(later(hours=25)) == 1
    assert not Evidence.objects.exists()


def test_photos_go_with_the_voice_and_when_their_period_is_over(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    opened = open_one()
    voice = voice_of_token(opened.token)
    assert voice is not None
    first, second = (keep_photo(photo(), HOLDER, BOUNDS, AT) for _ in range(2))
    attach([first.id], HOLDER, opened.case, side="reporter", voice=voice)
    attach([second.id], HOLDER, opened.case, side="body")
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_photos_of_voice(voice, later(hours=1)) == [first.id]
    with pytest.raises(NotFoundError):
        open_photo(first.id, case=opened.case)
    assert open_photo(second.id, case=opened.case)
    Case.objects.filter(pk=opened.case).update(closed_at=AT)
    assert erase_due(AT + timedelta(days=730)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_due(AT + timedelta(days=732)) == 1
    with pytest.raises(NotFoundError):
        open_photo(second.id, case=opened.case)

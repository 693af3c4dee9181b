"""Run as a program in a home of its own: parts of two people, a photo, and what one of them takes back.

`python scene.py fill` writes them, `erase` erases those of the second, `look` prints what can be read, as JSON.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from datetime import UTC, datetime, timedelta

from linli.app import ready

ready.django()

from django.db import connection  # noqa: E402
from PIL import Image  # noqa: E402

from linli.cases.evidence import Holder, erase_photos_of_voice, keep_photo  # noqa: E402
from linli.cases.models import Evidence  # noqa: E402
from linli.cases.pictures import PictureBounds  # noqa: E402
from linli.journal.domain import EntryDraft, PersonalDraft  # noqa: E402
from linli.journal.erasing import erase_subject  # noqa: E402
from linli.journal.selectors import open_parts, parts_of  # noqa: E402
from linli.journal.services import append_many, write_personal  # noqa: E402
from linli.kernel.actors import SYSTEM  # noqa: E402

KEPT, TAKEN_BACK = "scene:1", "scene:2"
WORDS = {KEPT: "一号的话", TAKEN_BACK: "二号的话"}


def fill() -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    for subject, words in WORDS.items():
        (part,) = write_personal([PersonalDraft(subject, "voice.words", words.encode(), None)], at)
        draft = EntryDraft(
            subject, "scene.word.said", SYSTEM, at, at, {"n": 1}, personal=part.id, commitment=part.commitment
        )
        append_many([draft])
    for account, shade in ((1, 40), (2, 200)):
        upload = io.BytesIO()
        Image.new("RGB", (64, 48), (shade, shade, shade)).save(upload, "PNG")
        kept = keep_photo(upload.getvalue(), Holder(account=account), PictureBounds(10, 20, 1600), at)
        Evidence.objects.filter(pk=kept.id).update(voice=account)


def erase() -> None:
    at = datetime.now(UTC)
    erase_subject(TAKEN_BACK, SYSTEM, at)
    erase_photos_of_voice(2, at)


def look() -> None:
    said = {}
    for subject in WORDS:
        contents = open_parts([row.id for row in parts_of(subject)])
        said[subject] = [None if one is None else one.decode() for one in contents.values()]
    photos = Evidence.objects.filter(erased_at__isnull=True).count()
    print(json.dumps({"parts": said, "photos": photos, "tables": tables()}))


def tables() -> dict[str, str]:
    """A hash of the rows of each table, but those that work changes by itself."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (name,) in cursor.fetchall():
            if not name.startswith(("procrastinate", "web_cache", "django_session", "journal")):
                cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM \"{name}\" t")
                found[name] = hashlib.sha256((cursor.fetchone() or ("",))[0].encode()).hexdigest()
    return found


if __name__ == "__main__":
    ready.server()
    {"fill": fill, "erase": erase, "look": look}[sys.argv[1]]()

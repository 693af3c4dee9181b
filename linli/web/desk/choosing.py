"""What a desk chooses among in a few steps: reporters' photos by number, and who the rule names to receive a closed case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from linli.cases.deskcase import CaseFile
from linli.cases.released import voice_photos
from linli.web.sealed.desk import receiver_options


def choices_for(file: CaseFile, fields: Collection[str], at: datetime) -> dict[str, Sequence[tuple[str, str]]]:
    """Options of the fields `photos` and `account`, where a form has them.

    Args:
        file: the case.
        fields: of the form.
        at: aware UTC.
    """
    found: dict[str, Sequence[tuple[str, str]]] = {}
    if "photos" in fields:
        found["photos"] = _photos(file, only_shown="unrecognisable" not in fields)
    if "account" in fields:
        found["account"] = receiver_options(file.seen, at)
    return found


def _photos(file: CaseFile, *, only_shown: bool) -> list[tuple[str, str]]:
    """Photos by the number of their voice on the page, and their own number when that voice's photos are opened."""
    voices = {voice.id: number for number, voice in enumerate(file.voices, 1)}
    seen: Counter[int] = Counter()
    options = []
    for photo in voice_photos(file.facts.id):
        seen[photo.voice] += 1
        if photo.voice in voices and (photo.released or not only_shown):
            words = _("Resident {n}, photo {m}").format(n=voices[photo.voice], m=seen[photo.voice])
            options.append((str(photo.id), words))
    return options

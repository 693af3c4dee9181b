"""A reporter's photo that a desk lets be seen: by the bodies at work, and on the follow page where it says so.

The mark of the case says which (`released`, `released_public`); the photo stays the reporter's and can be taken back. Nothing
here tells whose it is. A photo of a voice that has left the case, or that was erased, is not shown, whatever the mark says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.mechanisms.releasing import PUBLIC, RELEASED
from linli.cases.reading import run
from linli.journal.selectors import entries_of

# Indexes: cases_voice_case, cases_evidence_voice.
_PHOTOS = (
    "SELECT e.id, e.voice, e.case_id, e.made_at, coalesce(c.marks->%(released)s::text, '[]') @> to_jsonb(e.id),"
    " coalesce(c.marks->%(public)s::text, '[]') @> to_jsonb(e.id)"
    " FROM cases_case c JOIN cases_voice v ON v.case_id = c.id"
    " JOIN cases_evidence e ON e.voice = v.id AND e.side = 'reporter' AND e.erased_at IS NULL"
    " WHERE c.id = %(case)s ORDER BY e.id"
)


@dataclass(frozen=True, slots=True)
class VoicePhoto:
    """A photo that a reporter sent to a case.

    Attributes:
        voice: whose; never shown.
        case: the case it came with.
        released: bodies at work see it; `public`: so do those who follow the case.
    """

    id: int
    voice: int
    case: int
    made_at: datetime
    released: bool
    public: bool


def voice_photos(case: int) -> tuple[VoicePhoto, ...]:
    """The photos of the voices that are heard in a case; one query."""
    return tuple(
        VoicePhoto(*row) for row in run(_PHOTOS, {"case": case, "released": RELEASED, "public": PUBLIC}).fetchall()
    )


def released_photos(case: int) -> Mapping[int, VoicePhoto]:
    """Those of them that a desk has let be seen, by id."""
    return {one.id: one for one in voice_photos(case) if one.released}


def photos_looked_at(case: int, account: int | None) -> Mapping[int, bool]:
    """The photos of a case's reporters, and whether this person has opened each since it came: the log says so.

    Args:
        case: id.
        account: who asks; None has opened nothing.
    """
    opened: dict[int, datetime] = {}
    for entry in entries_of(f"case:{case}") if account is not None else ():
        form = entry.data.get("form")
        own = entry.verb.endswith(".open_part") and entry.actor.account == account
        if own and isinstance(form, Mapping) and form.get("what") == "photos":
            opened[int(str(form["voice"]))] = entry.at
    return {one.id: one.voice in opened and opened[one.voice] >= one.made_at for one in voice_photos(case)}

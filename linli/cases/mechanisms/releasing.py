"""Letting a reporter's photo be seen: by a desk that has looked at it and says that nobody can be recognised in it.

Source: PIPL art 6 (no more than the purpose needs), art 26 (pictures of persons in public places).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from linli.cases.domain import Effects, Notice
from linli.cases.forms import Form, Words
from linli.cases.registry import handler
from linli.kernel.errors import InputError, RefusedError

if TYPE_CHECKING:
    from linli.cases.decide import Turn

RELEASED, PUBLIC = "released", "released_public"


class ReleasePhoto(Form):
    """Which photos, whether nobody can be recognised in them, and whether those who follow the case see them too."""

    photos: list[int] = Field(min_length=1, max_length=20, description="Ids of the reporters' photos.")
    unrecognisable: bool
    public: bool = False


class TakeBackPhoto(Form):
    """Which photos nobody is to see any more, and why."""

    photos: list[int] = Field(min_length=1, max_length=20, description="Ids of released photos.")
    reason: Words


@handler
def release_photo(turn: Turn, form: ReleasePhoto) -> Effects:
    """The desk lets photos be seen that it has opened and in which no person, plate or home can be recognised.

    Raises:
        InputError: a photo is none of the reporters' of this case.
        RefusedError: one was not opened by whoever lets it be seen, or somebody could be recognised.
    """
    looked = turn.bundle.photos
    if any(one not in looked for one in form.photos):
        raise InputError("No such photo.", code="case.form", data={"fields": {"photos": "unknown"}})
    if not all(looked[one] for one in form.photos):
        raise RefusedError("Open the photos first: only what was looked at is shown.", code="case.photo_not_seen")
    if not form.unrecognisable:
        raise RefusedError("A photo in which somebody can be recognised is not shown.", code="case.photo_recognised")
    wanted = set(form.photos)
    public = _marked(turn, PUBLIC) | wanted if form.public else _marked(turn, PUBLIC) - wanted
    owner = turn.case.owner
    return Effects(
        marks={RELEASED: sorted(_marked(turn, RELEASED) | wanted), PUBLIC: sorted(public) or None},
        notices=(Notice("release_photo", "owner", owner),) if owner is not None else (),
    )


@handler
def take_back_photo(turn: Turn, form: TakeBackPhoto) -> Effects:
    """Nobody sees these photos any more, but a desk that opens them.

    Raises:
        InputError: one of them is not shown.
    """
    shown, gone = _marked(turn, RELEASED), set(form.photos)
    if gone - shown:
        raise InputError("No such photo.", code="case.form", data={"fields": {"photos": "unknown"}})
    left, public = shown - gone, _marked(turn, PUBLIC) - gone
    return Effects(marks={RELEASED: sorted(left) or None, PUBLIC: sorted(public) or None})


def _marked(turn: Turn, name: str) -> set[int]:
    found = turn.case.marks.get(name, [])
    return {one for one in found if isinstance(one, int)} if isinstance(found, list) else set()

"""What an entry is: what callers ask, what they are told, whose it is, how long it holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Settled = Literal["changed", "checked", "dropped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands at one instant.

    Attributes:
        id: of the entry, the same through all versions.
        number: of its version, from 1; with `id` it names exactly this content for ever.
        key: entries of one key answer one question, each for its place.
        place: code of any tier; "" = everywhere.
        questions: ways of asking, the first as its title.
        answer: what the caller is told.
        owner: id of the body that vouches for it.
        source: law or other source; "" = none named.
        matter: code of the catalogue; "" = none.
        since, until: when it holds, aware UTC; None = no end.
        checked_at: when somebody last said that it is right, aware UTC.
        checked_post: id of the post in which they said so; None = it came by an import.
    """

    id: int
    number: int
    key: str
    place: str
    questions: tuple[str, ...]
    answer: str
    owner: int
    source: str
    matter: str
    since: datetime
    until: datetime | None
    checked_at: datetime
    checked_post: int | None

    @property
    def title(self) -> str:
        """The question as it is asked most."""
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What an entry is to say. See `Entry`; `since` None = from now on."""

    questions: tuple[str, ...]
    answer: str
    owner: int
    source: str = ""
    matter: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportRef:
    """An open report of something wrong or missing.

    Attributes:
        entry: id; None = there was no answer to what was asked.
        number: version of the entry that was looked at.
        asked: what was searched, where nothing was found.
        words: what is wrong, where it was said; "" once erased.
    """

    id: int
    entry: int | None
    number: int | None
    title: str
    place: str
    owner: int | None
    asked: str
    words: str
    at: datetime

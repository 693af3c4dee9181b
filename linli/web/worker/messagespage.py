"""Messages and one's own past in words: what happened to which case, by the words of its procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.deeds import Deed, own_deeds
from linli.cases.notices import NEWEST, NoticeLine, messages
from linli.cases.rules import procedure_for
from linli.kernel.actors import Actor
from linli.kernel.keyset import After, cursor_of
from linli.packs.selectors import snapshot_by_hash
from linli.web.base.words import titled

_COUNTS: Mapping[str, object] = {
    "reworks": gettext_lazy("Sent back to be done again"),
    "redos": gettext_lazy("To be done again"),
    "case": gettext_lazy("Something changed"),
}
_MOST_DEEDS = 50


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One message."""

    no: str
    title: str
    what: str
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class MessagesView:
    """Messages, the newest first. `upto` is the newest of all on the page; `next` the cursor of the page after."""

    items: tuple[MessageItem, ...]
    upto: int
    any_new: bool
    next: str


def messages_page(actor: Actor, at: datetime, *, after: After | None, limit: int) -> MessagesView:
    """A page of messages; three queries."""
    page = messages(actor, at, after=after, limit=limit)
    items = tuple(_message(line) for line in page.rows)
    upto = max((line.id for line in page.rows), default=0)
    following = cursor_of(NEWEST, page.after) if page.after else ""
    return MessagesView(items, upto, any(item.is_new for item in items), following)


@dataclass(frozen=True, slots=True)
class DeedItem:
    """One step of one's own."""

    no: str
    title: str
    what: str
    at: datetime


def deeds_page(actor: Actor) -> tuple[DeedItem, ...]:
    """One's own latest steps, for nobody else; one query."""
    return tuple(_deed(deed) for deed in own_deeds(actor, _MOST_DEEDS))


def _message(line: NoticeLine) -> MessageItem:
    return MessageItem(line.no, line.title, _step_words(line.snapshot, line.kind, line.what), line.at, line.is_new)


def _deed(deed: Deed) -> DeedItem:
    words = _("Reported") if deed.step == "open" else _step_words(deed.snapshot, deed.kind, deed.step)
    return DeedItem(deed.no, deed.title, words, deed.at)


def _step_words(snapshot: str, kind: str, step: str) -> str:
    titles: Mapping[str, Mapping[str, str]] = procedure_for(snapshot_by_hash(snapshot), kind).titles
    found = titles.get(f"step.{step}")
    return titled(found) if found else str(_COUNTS.get(step, _COUNTS["case"]))


def posts_held(actor: Actor) -> Sequence[str]:
    """Roles of one's posts, each once."""
    return list(dict.fromkeys(holding.role for holding in actor.holdings))

"""Saved views: a queue's filter under a name, for oneself or for one's own body. Every change is journalled by ids alone.

Is: the names of an address, kept. Is not: a right: whoever opens a view sees what they may see, and the words of a search are
never kept, for they may name somebody.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import QueryDict

from linli.cases.rules import local_date
from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError, NotFoundError
from linli.web.desk.filters import SAVED_NAMES, kept
from linli.web.desk.live import live_for
from linli.web.models import SavedView

MOST = "desk.views_most"
LONGEST_NAME = 40
_LONGEST_QUERY = 1500
_LIKE_A_NUMBER = re.compile(r"\d{5,}")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view as its readers see it.

    Attributes:
        key: in its address.
        query: the filter, as the end of an address.
        organisation: the body it is shared with; None for nobody.
        mine: this person's own, to be renamed, shared and deleted.
        used_on: the last day on which anybody opened it.
    """

    key: str
    name: str
    query: str
    organisation: int | None
    mine: bool
    used_on: date | None


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """What somebody asks to keep: a name, whom to share it with, and the filter of an address."""

    name: str
    organisation: int | None
    query: QueryDict


def views_for(actor: Actor) -> list[ViewLine]:
    """The views that a person may use: their own first, then those of their bodies; by name. One query."""
    rows = SavedView.objects.filter(_readable(actor)).order_by("name", "id")[:_SHOWN]
    lines = [_line(row, actor) for row in rows]
    return sorted(lines, key=lambda line: not line.mine)


def view_of(actor: Actor, key: str) -> ViewLine:
    """One view that a person may use.

    Raises:
        NotFoundError: none, or neither theirs nor shared with a body of theirs.
    """
    row = SavedView.objects.filter(_readable(actor), key=key).first()
    if row is None:
        raise NotFoundError("There is no such view.", code="desk.no_view")
    return _line(row, actor)


def view_used(line: ViewLine, at: datetime) -> None:
    """Note the day on which a view was opened; once a day, and not by whom."""
    today = local_date(at)
    if line.used_on != today:
        SavedView.objects.filter(key=line.key).update(used_on=today)


def view_save(draft: ViewDraft, actor: Actor, at: datetime) -> str:
    """Keep a filter under a name; the key of its address.

    Raises:
        InputError: no name, one that is too long, taken, or holds a number like a telephone's; a body that is not one's own;
            more views than the pack allows.
    """
    account, name = _account(actor), _name(draft.name)
    query = kept(draft.query, SAVED_NAMES).urlencode()
    if len(query) > _LONGEST_QUERY:
        raise _wrong("query", "long")
    if SavedView.objects.filter(account=account).count() >= live_for(actor, at).rules.integer(MOST):
        raise _wrong("name", "many")
    row = SavedView(
        key=secrets.token_urlsafe(9),
        account=account,
        organisation=_own_body(draft.organisation, actor),
        name=name,
        query=query,
    )
    _write(row, "saved", actor, at)
    return row.key


def view_change(key: str, name: str, organisation: int | None, actor: Actor, at: datetime) -> None:
    """Rename a view of one's own, or share it with another body.

    Raises:
        NotFoundError: no such view of this person's.
        InputError: as `view_save`.
    """
    row = _own(key, actor)
    row.name, row.organisation = _name(name), _own_body(organisation, actor)
    _write(row, "changed", actor, at)


def view_delete(key: str, actor: Actor, at: datetime) -> None:
    """Delete a view of one's own, for everybody it was shared with too.

    Raises:
        NotFoundError: no such view of this person's.
    """
    row = _own(key, actor)
    with transaction.atomic():
        _log(row, "deleted", actor, at)
        row.delete()


def _write(row: SavedView, what: str, actor: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            row.save()
            _log(row, what, actor, at)
    except IntegrityError:
        raise _wrong("name", "taken") from None


def _log(row: SavedView, what: str, actor: Actor, at: datetime) -> None:
    data = {"view": row.pk, "organisation": row.organisation}
    append_many([EntryDraft(f"view:{row.pk}", f"web.view.{what}", actor.ref, at, at, data)])


def _readable(actor: Actor) -> Q:
    return Q(account=actor.ref.account) | Q(organisation__in={h.organisation for h in actor.holdings})


def _account(actor: Actor) -> int:
    if actor.ref.account is None:
        raise NotFoundError("Views are kept for people.", code="desk.no_view")
    return actor.ref.account


def _own(key: str, actor: Actor) -> SavedView:
    row = SavedView.objects.filter(key=key, account=_account(actor)).first()
    if row is None:
        raise NotFoundError("There is no such view.", code="desk.no_view")
    return row


def _line(row: SavedView, actor: Actor) -> ViewLine:
    return ViewLine(row.key, row.name, row.query, row.organisation, row.account == actor.ref.account, row.used_on)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise _wrong("name", "missing")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise _wrong("name", "long")
    if _LIKE_A_NUMBER.search(name):
        raise _wrong("name", "number")
    return name


def _own_body(organisation: int | None, actor: Actor) -> int | None:
    if organisation is not None and organisation not in {h.organisation for h in actor.holdings}:
        raise _wrong("shared", "unknown")
    return organisation


def _wrong(field: str, how: str) -> InputError:
    return InputError(f"The view is wrong in: {field}.", code="desk.view", data={"fields": {field: how}})

"""Queues: the open cases of the holder's bodies, of their places, and those they receive by name; filtered as desks filter.

The names in the address are those of the desk's queue, and are read by the same reader. What a page would leave out because it
cannot be read or is not there is refused here, by name: a filter that fails must not widen an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Path, Query
from pydantic import ConfigDict, Field

from linli.api import shapes
from linli.api.keys import asked
from linli.api.offering import offer
from linli.api.problems import field_error
from linli.api.scopes import Scope
from linli.cases.deskqueue import Due, QueueFilter, queue_rows
from linli.cases.queuefilters import (
    MOST_ASKED,
    SORTS,
    QueueRules,
    moments_for,
    not_there,
    queue_rules,
    read_filter,
    words_asked,
)
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.kernel.keyset import MOST_ROWS, After, Sort, after_of, cursor_of

router = Router(tags=["queues"])

MOST_VALUES = 50
Name = Annotated[str, Field(max_length=40)]
Code = Annotated[str, Field(pattern=r"^(\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$", max_length=15)]


class QueueName(StrEnum):
    """Which queue."""

    BODY = "body"
    PLACE = "place"
    NAMED = "named"


class Asking(Schema):
    """What of a queue is asked for; what is left out asks for nothing."""

    model_config = ConfigDict(populate_by_name=True)

    place: list[Code] = Field([], max_length=MOST_VALUES, description="Cases in any of these places, of any tier.")
    state: list[Name] = Field([], max_length=MOST_VALUES, description="Any of these states.")
    matter: str = Field("", max_length=60, description="Code of the catalogue, or its beginning.")
    owner: int | None = Field(None, ge=1, lt=10**18, description="The leading body.")
    kind: list[Name] = Field([], max_length=MOST_VALUES, description="Any of these kinds.")
    channel: list[Name] = Field([], max_length=MOST_VALUES, description="Came through any of these channels.")
    clock: str = Field(
        "", max_length=40, description="With a running clock of this name; `promise`: what was promised."
    )
    reminded: Literal["", "1"] = Field("", description="`1`: only where a resident has urged.")
    due: Due = Field(
        "", description="`late`: a limit is over; `soon`: one ends within the pack's warning; `today`: one ends today."
    )
    since: date | None = Field(None, alias="from", description="Opened on this day in China or later.")
    until: date | None = Field(None, alias="to", description="Opened on this day or earlier.")
    q: str = Field("", max_length=MOST_ASKED, description="Words of title or task, a place's name, or a matter's code.")
    sort: Literal["limit", "newest"] = Field("limit", description="The nearest limit first, or the newest.")
    after: str = Field("", max_length=600, description="The `next` of the page before, of the same sort.")
    limit: int = Field(50, ge=1, le=MOST_ROWS)


SCOPE = Path(
    description="`body`: what the holder's bodies work on; `place`: of the places they serve; `named`: theirs by name."
)
ASKING = Query()


@offer(router, "GET", "/{queue}", Scope.QUEUES, shapes.QueuePage)
def queue_show(request: HttpRequest, queue: QueueName = SCOPE, asking: Asking = ASKING) -> object:
    """A page of a queue."""
    who = asked(request)
    sort = SORTS[asking.sort]
    after = _after(sort, asking.after)
    rules = queue_rules(_own_place(who.actor), who.at)
    wanted = _wanted(QueueFilter(scope=queue.value), request, rules, who.at)
    moments = moments_for(rules.rules, who.at)
    page = queue_rows(who.actor, wanted, moments, sort=sort, after=after, limit=asking.limit)
    return {"rows": list(page.rows), "next": cursor_of(sort, page.after) if page.after else None}


def _wanted(base: QueueFilter, request: HttpRequest, rules: QueueRules, at: datetime) -> QueueFilter:
    """The filter of the address.

    Raises:
        InputError: names the parameters that cannot be read, or that name what is not there.
    """
    reading = read_filter(base, dict(request.GET.lists()))
    _refuse(reading.wrong, "cannot_be_read")
    _refuse(not_there(reading.wanted, rules, at), "not_there")
    words = request.GET.get("q", "")
    found = words_asked(words, rules.rules.catalogue, at)
    if words and not found:
        _refuse(("q",), "too_short")
    return replace(reading.wanted, words=found)


def _refuse(names: Iterable[str], why: str) -> None:
    wrong = {f"query.{name}": why for name in names}
    if wrong:
        raise field_error(wrong)


def _after(sort: Sort, cursor: str) -> After | None:
    try:
        return after_of(sort, cursor) if cursor else None
    except InputError as error:
        data = {"fields": {"query.after": "cursor"}}
        raise InputError(error.message, code=error.code, hint=error.hint, data=data) from None


def _own_place(actor: Actor) -> str:
    return actor.holdings[0].place if actor.holdings else ""

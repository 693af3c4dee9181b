"""The desk's side bar: groups of places to go, each with who may go there. One row a page; a face adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.cases.sealeddesk import is_in_line, is_named
from linli.kernel.actors import Actor
from linli.web.base.pages import ADMINISTRATION, holding_any, keeps_a_desk, works_on_cases


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the side bar: its words, the name of its address, and whom it is shown.

    `asks`: a further question that needs the database, put only to whom the row could be shown. `beside`: the name of an
    address that says what stands beside the words, asked for after the page.
    """

    group: str | Promise
    title: str | Promise
    address: str
    shown: Callable[[Actor], bool]
    key: str = ""
    asks: Callable[[Actor, datetime], bool] | None = None
    beside: str = ""


def _on_sealed_desk(actor: Actor, at: datetime) -> bool:
    return is_named(actor) or is_in_line(actor, at)


GOALS: tuple[Goal, ...] = (
    Goal(_("Work"), _("Queue"), "desk_queue", works_on_cases, "g q"),
    Goal(_("Work"), _("Take a call"), "call", keeps_a_desk, "g c"),
    Goal(_("Work"), _("Promises"), "promises", keeps_a_desk),
    Goal(_("Work"), _("Morning brief"), "duty_brief", keeps_a_desk),
    Goal(_("Work"), _("Duty roster"), "duty", keeps_a_desk),
    Goal(_("Work"), _("Map"), "desk_map", works_on_cases, "g m"),
    Goal(_("Work"), _("Messages"), "messages", works_on_cases, beside="messages_new"),
    Goal(_("Work"), _("Import"), "desk_import", keeps_a_desk),
    Goal(_("Work"), _("Answers"), "answers", works_on_cases),
    Goal(_("Work"), _("Sealed desk"), "sealed", works_on_cases, asks=_on_sealed_desk),
    Goal(_("The rules"), _("Rules"), "rules", holding_any()),
    Goal(_("Administration"), _("Overview"), "administration", holding_any(*ADMINISTRATION)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the template shows it; `group` is set on the first of its group."""

    group: str | Promise
    title: str | Promise
    address: str
    here: bool
    key: str
    beside: str


def places_to_go(actor: Actor, path: str, at: datetime) -> tuple[Row, ...]:
    """The rows that a person may open, and on which of them they are.

    Args:
        actor: with the posts held at `at`.
        path: of the page that is shown.
        at: aware UTC.
    """
    rows: list[Row] = []
    group: str | Promise = ""
    for goal in GOALS:
        if not goal.shown(actor) or (goal.asks is not None and not goal.asks(actor, at)):
            continue
        address = reverse(goal.address)
        here, beside = path.startswith(address), reverse(goal.beside) if goal.beside else ""
        first = goal.group if goal.group != group else ""
        rows.append(Row(first, goal.title, address, here, goal.key, beside))
        group = goal.group
    return tuple(rows)

"""The registers of places and of bodies as Excel files, as they stood on a day: what their lists show, no person in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.kernel.actors import Actor
from linli.organisations.domain import OrganisationRef
from linli.organisations.known import View, Wanted, bodies
from linli.places.domain import PlaceInfo
from linli.places.selectors import place_names, places_under
from linli.web.base.listfile import ListFile, list_workbook, rows_most
from linli.web.base.words import TIERS, local
from linli.web.base.workbook import Cells

_PAGE = 500


def places_workbook(here: PlaceInfo | None, view: View, actor: Actor, at: datetime) -> IO[bytes]:
    """Every place below one, of all tiers, in the order of codes.

    Args:
        here: the place; None = everywhere.
        view: the day on which they stood.
        actor: with the posts held at `at`.
        at: aware UTC.
    """
    heads = (_("Code of a place"), pgettext("of a place or body", "Name"), _("Tier"), _("Since"))
    found = places_under(here.code if here else "", view.at)
    rows = (_place_cells(one) for one in found if here is None or one.code != here.code)
    asked = [(_("Place"), f"{here.name} {here.code}"), *_days(view, at)] if here else _days(view, at)
    return list_workbook(ListFile(_("Places"), heads, rows, rows_most(at), asked), actor, at)


def bodies_workbook(wanted: Wanted, view: View, actor: Actor, at: datetime) -> IO[bytes]:
    """Bodies by id, as the list has them.

    Args:
        wanted: place and words.
        view: on which day they stood, and as known when.
        actor: with the posts held at `at`.
        at: aware UTC.
    """
    heads = (pgettext("of a place or body", "Name"), _("Place"), _("Code of a place"), _("Code"))
    most = rows_most(at)
    named = [(_("Code of a place"), wanted.place), (_("Words"), wanted.words)]
    asked = [line for line in named if line[1]] + _days(view, at)
    return list_workbook(ListFile(_("Organisations"), heads, _bodies(wanted, view, most), most, asked), actor, at)


def _place_cells(one: PlaceInfo) -> Cells:
    since = one.period.start
    return (str(one.code), one.name, str(TIERS[one.tier]), f"{since:%Y-%m-%d}" if since else "")


def _bodies(wanted: Wanted, view: View, most: int) -> Iterator[Cells]:
    after, left = 0, most + 1
    while left > 0 and (rows := bodies(wanted, view, after=after, limit=min(_PAGE, left))):
        names = place_names({one.place for one in rows} - {""}, view.at)
        yield from (_body_cells(one, names) for one in rows)
        after, left = rows[-1].id, left - len(rows)


def _body_cells(one: OrganisationRef, names: dict[str, str]) -> Cells:
    return (one.name, names.get(one.place, ""), one.place, one.key)


def _days(view: View, at: datetime) -> list[tuple[str, str]]:
    days = ((_("As it stood on"), view.at), (_("As known on"), view.known))
    return [(name, f"{local(day):%Y-%m-%d}") for name, day in days if day != at]

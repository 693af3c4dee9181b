"""The catalogue of matters as an Excel file: what its list shows, with both names and whose each matter is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _

from linli.kernel.actors import Actor
from linli.matters.selectors import catalogue
from linli.web.base.listfile import ListFile, list_workbook, rows_most
from linli.web.base.words import english, titled
from linli.web.base.workbook import Cells
from linli.web.rulebook.cataloguepage import MATTERS, matter_rows, subject_title
from linli.web.rulebook.scope import Scope


def matters_workbook(scope: Scope, asked: str, actor: Actor, at: datetime) -> IO[bytes]:
    """The matters of a scope, by code.

    Args:
        scope: place and day.
        asked: words or part of a code; "" = all.
        actor: with the posts held at `at`.
        at: aware UTC.
    """
    heads = (
        _("Code"), _("Matter"), _("Other language"), _("Limit"), _("Whose it is"), _("Since"), _("Source"),
        _("not confirmed"),
    )  # fmt: skip
    told = [(_("Place"), scope.chain[-1]), (_("Day"), scope.day.isoformat())]
    words = [(_("Words"), asked)] if asked else []
    file = ListFile(subject_title(MATTERS), heads, _rows(scope, asked.strip().lower()), rows_most(at), told + words)
    return list_workbook(file, actor, at)


def _rows(scope: Scope, words: str) -> Iterator[Cells]:
    snapshot = scope.rules.snapshot
    known, roles = catalogue(snapshot), snapshot.section("roles")
    for row in matter_rows(scope, words):
        matter = known.find(row.key)
        if matter is None:
            continue
        other = matter.title_zh if english() else matter.title_en
        duty = titled(roles[matter.duty]["title"]) if matter.duty in roles else matter.duty  # type: ignore[arg-type]
        unsure = _("not confirmed") if row.unsure else ""
        yield (row.key, row.title, other, row.value, duty, row.since, row.source, unsure)

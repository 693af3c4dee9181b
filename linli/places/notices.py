"""Public notices of grids: posted anew, the old ones closed. The names on them never enter the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import Actor, Denied
from linli.kernel.codes import GridCode
from linli.kernel.errors import InputError, RefusedError
from linli.places.domain import NOTICE_FIELDS, ImportReport, Notice, Refusal
from linli.places.models import GridNotice, Place
from linli.places.policies import may_change_ground
from linli.places.register import SUBJECT, Writing, changing, counted, open_from
from linli.rules.parameters import PersonalField

NOTICE_WORKER = PersonalField("places.notice_worker")
"""Name and telephone of the worker on a public notice; a closed notice forgets them when its period is over."""


def notices_set(notices: Sequence[Notice], actor: Actor, at: datetime, source: str = "") -> ImportReport:
    """Post public notices; unchanged ones are left as they are.

    Args:
        notices: one a grid; an empty field is a gap that `grids_incomplete` lists.
        actor: with the posts held now.
        at: the server's clock, aware UTC.
        source: file name for messages.
    """
    refused: list[Refusal] = []
    with changing("places.notices.set", actor, at) as writing:
        known = _grids(notice.grid for notice in notices)
        good = {}
        for line, notice in enumerate(notices, start=2):
            if notice.grid in known:
                good[notice.grid] = notice
            else:
                refused.append(Refusal(source, line, "grid", f"{notice.grid[:20]!r} is no grid of the register"))
        opened, changed = write_notices(writing, list(good.values()))
        writing.facts |= counted({"opened": opened, "changed": changed, "refused": len(refused)})
    return ImportReport(opened=opened, changed=changed, kept=len(good) - opened - changed, refused=tuple(refused))


def _grids(codes: Iterable[str]) -> frozenset[str]:
    wanted = []
    for code in codes:
        try:
            wanted.append(GridCode(code))
        except InputError:
            continue
    return frozenset(Place.objects.filter(code__in=wanted, period__upper_inf=True).values_list("code", flat=True))


def write_notices(writing: Writing, notices: Sequence[Notice]) -> tuple[int, int]:
    """Open notices inside a change under way; returns how many are new and how many replace one."""
    codes = [notice.grid for notice in notices]
    held = {row.code: row for row in GridNotice.objects.filter(code__in=codes, period__upper_inf=True)}
    other = [n for n in notices if n.grid not in held or _fields(held[n.grid]) != _fields(n)]
    writing.close(held[n.grid] for n in other if n.grid in held)
    writing.open([_row(n, writing.at) for n in other])
    replaced = sum(n.grid in held for n in other)
    return len(other) - replaced, replaced


def _fields(notice: Notice | GridNotice) -> tuple[str, ...]:
    return tuple(getattr(notice, name) for name in NOTICE_FIELDS)


def _row(notice: Notice, at: datetime) -> GridNotice:
    return GridNotice(code=notice.grid, period=open_from(at), **dict(zip(NOTICE_FIELDS, _fields(notice), strict=True)))


def notices_forget(ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Erase worker and telephone from closed notices; the rows, their periods and the digest stay.

    Args:
        ids: of closed notices.
        actor: the daily job, or who keeps the register.
        at: now, aware UTC.

    Returns:
        How many forgot something.
    """
    if not ids:
        return 0
    verdict = may_change_ground(actor, "")
    if isinstance(verdict, Denied):
        raise RefusedError(verdict.reason, code=verdict.code)
    with transaction.atomic():
        done = GridNotice.objects.filter(pk__in=ids).update(worker_shown="", worker_phone="")
        append_many([EntryDraft(SUBJECT, "places.notices.forgotten", actor.ref, at, at, {"count": done})])
    return done

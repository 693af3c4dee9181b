"""Closing reports: by a change, by a check, or dropped with a reason. Part of a change under way; no transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence

from linli.kernel.actors import Denied
from linli.knowledge.domain import Settled
from linli.knowledge.errors import EntryMissingError
from linli.knowledge.models import Report
from linli.knowledge.policies import may_write
from linli.knowledge.writing import Change


def settle(done: Change, reports: Sequence[int], how: Settled, entry: int | None, reason: str = "") -> None:
    """Close open reports. One that was closed meanwhile is left as it is.

    Args:
        done: the change that settles them.
        reports: ids; they speak of `entry`, or of no entry yet.
        how: `changed`, `checked` or `dropped`.
        entry: id of the entry that was changed or checked; None when they are dropped.
        reason: why they were dropped, for whoever looks later.

    Raises:
        EntryMissingError: a report speaks of another entry, or is not this person's to settle.
    """
    if not reports:
        return
    rows = Report.objects.select_for_update(of=("self",)).filter(pk__in=list(reports)).order_by("pk")
    for row in rows:
        _own(done, row, entry)
        if row.settled_at is not None:
            continue
        row.settled_at, row.how, row.reason = done.at, how, reason
        row.save(update_fields=["settled_at", "how", "reason"])
        data = {"how": how, "entry": entry if entry is not None else row.entry_id}
        done.log(f"knowledge_report:{row.pk}", "knowledge.report.settled", data)


def _own(done: Change, row: Report, entry: int | None) -> None:
    speaks_of_it = entry is None or row.entry_id in (None, entry)
    if not speaks_of_it or isinstance(may_write(done.actor, row.place, row.owner, done.rules), Denied):
        raise EntryMissingError("There is no such report.", data={"report": row.pk})

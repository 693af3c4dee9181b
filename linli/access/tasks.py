"""Regular work on accounts: names of people who left are erased when their period ends. Ids stay, for the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from linli.access.models import Account
from linli.journal.domain import EntryDraft
from linli.journal.services import append_many
from linli.kernel.actors import SYSTEM
from linli.packs.selectors import live_rules, snapshot_by_hash
from linli.rules.parameters import PersonalField

ACCOUNT_NAME = PersonalField("account.name")

_ERASED = "erased-"


def erase_names_due(at: datetime) -> int:
    """Erase both names of accounts that were closed longer ago than the rules keep them.

    Where several packs are published, the longest of their periods counts: an account has no place of its own.

    Args:
        at: now, aware UTC.

    Returns:
        How many accounts lost their names.
    """
    periods = [_days(publication.hash) for publication in live_rules(at).publications]
    if not periods:
        return 0
    before = at - timedelta(days=max(periods))
    due = Account.objects.filter(closed_at__lt=before).exclude(name__startswith=_ERASED)
    with transaction.atomic():
        rows = list(due.select_for_update(of=("self",)).order_by("id"))
        for row in rows:
            row.name, row.display_name = f"{_ERASED}{row.pk}", ""
            row.save(update_fields=["name", "display_name"])
        append_many([_entry(row.pk, at) for row in rows])
    return len(rows)


def _days(snapshot: str) -> int:
    period = snapshot_by_hash(snapshot).personal(ACCOUNT_NAME.key)["period"]
    return cast("int", cast("Mapping[str, object]", period)["amount"])


def _entry(account: int, at: datetime) -> EntryDraft:
    data = {"rule": ACCOUNT_NAME.key}
    return EntryDraft(f"account:{account}", "access.account.names_erased", SYSTEM, at, at, data)

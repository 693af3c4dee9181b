"""How a person wishes to be told of messages: kept for them alone, over what the pack says. Not journalled, shown to nobody.

What somebody reads and when they want quiet is theirs; it is no work, and nothing is counted of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import cast

from linli.cases.noticetimes import OTHER, PACES, NoticeKind, Pace, Quiet, Telling
from linli.cases.reading import run
from linli.cases.rules import local_date
from linli.kernel.actors import Actor
from linli.kernel.errors import InputError
from linli.packs.selectors import snapshot_for
from linli.rules.parameters import Parameter, Table, Text

KINDS = Parameter("notices.kinds", Table)
DAILY_AT = Parameter("notices.daily_at", Text)
QUIET_FROM = Parameter("notices.quiet_from", Text)
QUIET_UNTIL = Parameter("notices.quiet_until", Text)

_WISH = "SELECT paces, quiet_from, quiet_until FROM cases_noticewish WHERE account = %(account)s"
_KEEP = (
    "INSERT INTO cases_noticewish (account, paces, quiet_from, quiet_until)"
    " VALUES (%(account)s, %(paces)s::jsonb, %(quiet_from)s, %(quiet_until)s) ON CONFLICT (account) DO UPDATE"
    " SET paces = excluded.paces, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until"
)
NO_QUIET = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. `quiet` is None for no quiet hours."""

    paces: Mapping[str, str]
    quiet: tuple[str, str] | None


def telling_of(actor: Actor, at: datetime) -> Telling:
    """How a person is told; two queries.

    Args:
        actor: with the posts held at `at`.
        at: aware UTC.
    """
    place = actor.holdings[0].place if actor.holdings else ""
    snapshot = snapshot_for(place, at)
    rules = snapshot.at(place or snapshot.place, local_date(at))
    kinds = tuple(_kind(row) for row in rules[KINDS])
    row = run(_WISH, {"account": actor.ref.account}).fetchone()
    daily = _clock(rules[DAILY_AT])
    if row is None:
        return Telling(kinds, daily, Quiet(_clock(rules[QUIET_FROM]), _clock(rules[QUIET_UNTIL])))
    paces, since, until = row
    quiet = Quiet(_clock(since), _clock(until)) if since != NO_QUIET else None
    own = json.loads(paces) if isinstance(paces, str) else paces
    return Telling(kinds, daily, quiet, {key: pace for key, pace in own.items() if pace in PACES})


def wish_keep(actor: Actor, wish: Wish, at: datetime) -> None:
    """Keep how a person wishes to be told.

    Args:
        actor: whose wish it is.
        wish: what they ask for.
        at: aware UTC.

    Raises:
        InputError: `data["fields"]` names a kind or an hour that cannot be read.
    """
    known = {kind.key for kind in telling_of(actor, at).kinds}
    wrong = {key: "unknown" for key, pace in wish.paces.items() if key not in known or pace not in PACES}
    for name, text in zip(("quiet_from", "quiet_until"), wish.quiet or (), strict=False):
        if not _is_clock(text):
            wrong[name] = "unknown"
    if wish.quiet and wish.quiet[0] == wish.quiet[1]:
        wrong.setdefault("quiet_until", "same")
    if wrong:
        raise InputError("The wishes cannot be read.", code="notices.wish", data={"fields": wrong})
    since, until = wish.quiet or (NO_QUIET, NO_QUIET)
    values = {"paces": json.dumps(dict(wish.paces)), "quiet_from": since, "quiet_until": until}
    if actor.ref.account is not None:
        run(_KEEP, {"account": actor.ref.account, **values})


def _kind(row: Mapping[str, object]) -> NoticeKind:
    what = row["what"]
    names = tuple(str(one) for one in what) if isinstance(what, tuple | list) else ()
    title = {"zh": str(row["zh"]), "en": str(row["en"])}
    return NoticeKind(str(row["kind"]), title, names, cast("Pace", str(row["pace"])), bool(row["quiet"]))


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _is_clock(text: str) -> bool:
    try:
        return len(text) == len("22:00") and time.fromisoformat(text) is not None
    except ValueError:
        return False


def told_values(telling: Telling, at: datetime) -> dict[str, object]:
    """What the statement of new messages is filled with: until when each `what` is told, and everything else.

    Args:
        telling: of the person.
        at: aware UTC.
    """
    whats: list[str] = []
    untils: list[datetime | None] = []
    other: datetime | None = None
    for kind in telling.kinds:
        until = telling.until(kind, at)
        if kind.key == OTHER:
            other = until
        whats += kind.what
        untils += [until] * len(kind.what)
    return {"whats": whats, "untils": untils, "other": other}

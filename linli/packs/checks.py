"""What must hold between new rules, the live ones and the running code before new rules are published.

Areas register further checks with `register_publish_check`; a check returns reasons, and one reason refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from linli.rules.compiler import procedure_compiler
from linli.rules.snapshot import Snapshot

PublishCheck = Callable[[Snapshot, Sequence[Snapshot]], Sequence[str]]

_CHECKS: dict[str, PublishCheck] = {}


def register_publish_check(name: str, check: PublishCheck) -> None:
    """Add a check of (new snapshot, all live snapshots); a name registered again replaces the check."""
    _CHECKS[name] = check


def publish_problems(new: Snapshot, live: Sequence[Snapshot]) -> list[str]:
    """Reasons against publishing, from every check, in order of their names."""
    return [reason for name in sorted(_CHECKS) for reason in _CHECKS[name](new, live)]


def handlers_are_there(new: Snapshot, live: Sequence[Snapshot]) -> list[str]:
    """Every handler that the new or a live snapshot names is in the running code: cases keep their rules for life."""
    compiler = procedure_compiler()
    if compiler is None:
        return []
    known = compiler.known_handlers()
    return [
        f"the procedure {kind} of {snapshot.pack} ({snapshot.hash[:12]}) calls the handler {name}, "
        "which this code does not have: install a version that has it"
        for snapshot in dict.fromkeys([new, *live])
        for kind, procedure in sorted(snapshot.section("procedures").items())
        for name in sorted(compiler.handlers(procedure) - known)
    ]


def kinds_stay(new: Snapshot, live: Sequence[Snapshot]) -> list[str]:
    """A kind of case that live rules of the same place have is in the new ones."""
    kinds = set(new.section("procedures"))
    return [
        f"the live rules of {old.pack} ({old.hash[:12]}) have the kind {kind}, the new ones do not: "
        "its open cases could not be referred to; keep the kind"
        for old in live
        if old.place == new.place
        for kind in sorted(set(cast("Mapping[str, object]", old.section("procedures"))) - kinds)
    ]


register_publish_check("packs.handlers", handlers_are_there)
register_publish_check("packs.kinds", kinds_stay)

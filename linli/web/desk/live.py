"""Rules live at somebody's place now: procedures of every kind, the warning, the end of the day. Reads published packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases.deskqueue import Moments
from linli.cases.procedures.procedure import Procedure
from linli.cases.queuefilters import WARN_BEFORE, moments_for, span_of
from linli.cases.registry import all_kinds
from linli.cases.rules import CaseRules, procedure_for, rules_for
from linli.kernel.actors import Actor
from linli.packs.selectors import snapshot_by_hash, snapshot_for
from linli.rules.snapshot import Snapshot
from linli.web.base.words import titled


@dataclass(frozen=True, slots=True)
class Live:
    """The rules that hold for a person's own place."""

    snapshot: Snapshot
    rules: CaseRules
    procedures: Mapping[str, Procedure]

    def states_of(self, *stages: str) -> tuple[str, ...]:
        """States of these stages, of any kind, each once."""
        found = {
            state: None
            for procedure in self.procedures.values()
            for state, stage in procedure.stages.items()
            if stage in stages and state not in procedure.ends
        }
        return tuple(found)

    def kind_title(self, kind: str) -> str:
        """A kind of case in words."""
        found = self.snapshot.procedure(kind).get("title") if kind in self.procedures else None
        return titled(found) if isinstance(found, Mapping) else kind

    def state_titles(self) -> dict[str, str]:
        """Every open state of every kind in words, by id, in the order of the procedures."""
        return {
            key.removeprefix("state."): titled(title)
            for procedure in self.procedures.values()
            for key, title in procedure.titles.items()
            if key.startswith("state.") and key.removeprefix("state.") not in procedure.ends
        }

    def clock_titles(self) -> dict[str, str]:
        """Every clock of every kind in words, by name."""
        return {
            key.removeprefix("clock."): titled(title)
            for procedure in self.procedures.values()
            for key, title in procedure.titles.items()
            if key.startswith("clock.")
        }

    def states_opened_by_flag(self) -> tuple[str, ...]:
        """States in which a case opens because something is not known yet: its place, its matter."""
        found = {row.state: None for one in self.procedures.values() for row in one.opens if row.flag}
        return tuple(found)

    def states_to_send(self) -> tuple[str, ...]:
        """States in which somebody must find out whose it is, and send it."""
        sent = {
            state: None
            for procedure in self.procedures.values()
            for step in procedure.steps.values()
            if "sign" in step.clocks.start and step.to
            for state in procedure.states
            if state in step.leaves
        }
        return tuple({**dict.fromkeys(self.states_of("received")), **sent})


def live_for(actor: Actor, at: datetime) -> Live:
    """The rules for a person's first post's place.

    Raises:
        NoRulesError: nothing is published there.
    """
    place = actor.holdings[0].place if actor.holdings else ""
    snapshot = snapshot_for(place, at)
    procedures = {kind: procedure_for(snapshot, kind) for kind in all_kinds()}
    return Live(snapshot, rules_for(snapshot, place, at), procedures)


def moments_at(live: Live, at: datetime) -> Moments:
    """By what *soon* and *today* are measured."""
    return moments_for(live.rules, at)


def warned_at(snapshot: str, place: str, opened_at: datetime, due: datetime) -> datetime:
    """When the warning of a limit rings, under the rules of its case."""
    rules = rules_for(snapshot_by_hash(snapshot), place, opened_at)
    return due - span_of(rules.limit(WARN_BEFORE))

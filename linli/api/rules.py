"""Rules of a place and a day: which there are, and one with its source, file, line and doubt; kinds of case with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path, Query

from linli.api import shapes
from linli.api.forms import form_name
from linli.api.keys import asked
from linli.api.matters import DAY, PLACE
from linli.api.offering import offer
from linli.api.reading import rules_at
from linli.api.scopes import Scope
from linli.cases.procedures.procedure import Procedure, StepSpec
from linli.cases.registry import all_kinds
from linli.cases.rules import procedure_for
from linli.rules.snapshot import Snapshot

router = Router(tags=["rules"])

KEY = Path(description="E.g. `request.sign_within`.", max_length=80)
BEGINS = Query("", description="Beginning of the key, e.g. `request.`.", max_length=80)


@offer(router, "GET", "", Scope.RULES, shapes.RuleKeys)
def rule_list(request: HttpRequest, place: str = PLACE, day: date | None = DAY, begins: str = BEGINS) -> object:
    """The rules that hold at a place on a day, by key."""
    rules = rules_at(place, day, asked(request).at)
    rows = sorted(rules.snapshot.section("parameters").items())
    told = [{"key": key, "title": row["title"], "type": row["type"]} for key, row in rows if key.startswith(begins)]
    return {"snapshot": rules.snapshot.hash, "pack": rules.snapshot.pack, "rules": told}


@offer(router, "GET", "/kinds", Scope.RULES, shapes.Kinds)
def rule_kinds(request: HttpRequest, place: str = PLACE, day: date | None = DAY) -> object:
    """Kinds of case with their states, steps and forms, as the rules of a place have them."""
    snapshot = rules_at(place, day, asked(request).at).snapshot
    kinds = [_kind(procedure_for(snapshot, name)) for name in sorted(all_kinds()) if _has(snapshot, name)]
    return {"snapshot": snapshot.hash, "kinds": kinds}


@offer(router, "GET", "/{key}", Scope.RULES, shapes.Rule)
def rule_show(request: HttpRequest, key: str = KEY, place: str = PLACE, day: date | None = DAY) -> object:
    """One rule with all that stands behind it."""
    return rules_at(place, day, asked(request).at).explain(key).as_dict()


def _has(snapshot: Snapshot, kind: str) -> bool:
    return kind in snapshot.section("procedures")


def _kind(procedure: Procedure) -> dict[str, object]:
    return {
        "kind": procedure.kind,
        "states": {name: procedure.titles[f"state.{name}"] for name in sorted(procedure.states)},
        "ends": sorted(procedure.ends),
        "steps": [_step(procedure, step) for step in procedure.steps.values()],
    }


def _step(procedure: Procedure, step: StepSpec) -> Mapping[str, object]:
    return {
        "step": step.id,
        "title": procedure.titles[f"step.{step.id}"],
        "leaves": sorted(step.leaves),
        "to": sorted({*step.reach, *([step.to] if step.to else [])}),
        "who": list(step.who),
        "form": form_name(procedure.kind, step.form),
    }

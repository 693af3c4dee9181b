"""One matter of the catalogue: what it is, limits by stage, when it is closed, who checks, whose it is, its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.errors import NotFoundError
from linli.web.base.conditions import condition_words
from linli.web.base.words import titled
from linli.web.rulebook.said import Cited, cited, sure_words, whole
from linli.web.rulebook.scope import Scope

CHECKS: Mapping[str, Promise] = {
    "reporter": gettext_lazy("the one who reported it says so"),
    "site": gettext_lazy("somebody looks at the place"),
    "desk": gettext_lazy("the desk checks the papers"),
    "sample": gettext_lazy("a sample is looked at"),
}
STAGES: Mapping[str, Promise] = {
    "handle": gettext_lazy("Handling"),
    "stop_work": gettext_lazy("Stopping the work"),
    "penalty": gettext_lazy("Penalty"),
    "removal": gettext_lazy("Removal"),
    "reply": gettext_lazy("Reply"),
    "site": gettext_lazy("Being there"),
    "safe": gettext_lazy("Making safe"),
    "repair": gettext_lazy("Repair"),
}


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter's page: facts as (name, words), limits as (stage, words), and what holds of it as sentences."""

    code: str
    title: str
    major: str
    facts: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    holds: tuple[str, ...]
    words: tuple[str, ...]
    examples: tuple[str, ...]
    sources: tuple[Cited, ...]
    sure: str
    unsure: bool
    where: str


def matter_page(scope: Scope, code: str) -> MatterPage:
    """Put the page of a matter together; no query.

    Raises:
        NotFoundError: the catalogue of that place has no such matter.
    """
    snapshot = scope.rules.snapshot
    row = snapshot.matters().get(code)
    if row is None:
        raise NotFoundError("There is no such matter.", code="rules.no_matter")
    major = snapshot.majors().get(code.rpartition(".")[0], {})
    confirmed = cast("Mapping[str, object] | None", row["confirmed"])
    return MatterPage(
        code=code,
        title=titled(cast("Mapping[str, object]", row["title"])),
        major=titled(cast("Mapping[str, object]", major.get("title", {"zh": ""}))),
        facts=tuple((name, words) for name, words in _facts(scope, row) if words),
        limits=tuple(_limit(one) for one in cast("Sequence[Mapping[str, object]]", row["limits"])),
        holds=tuple(_holds(row)),
        words=tuple(cast("list[str]", row["words"])),
        examples=tuple(cast("list[str]", row["examples"])),
        sources=cited(snapshot.source(str(row["source"]))),
        sure=sure_words(str(row["confidence"]), str(confirmed["office"]) if confirmed else ""),
        unsure=row["confidence"] == "low" and confirmed is None,
        where=str(row["origin"]),
    )


def _facts(scope: Scope, row: Mapping[str, object]) -> list[tuple[str, str]]:
    roles = scope.rules.snapshot.section("roles")
    duty = str(row["duty"] or "")
    title = cast("Mapping[str, object]", roles[duty]["title"]) if duty in roles else {"zh": duty}
    return [
        (_("When it is one"), titled(cast("Mapping[str, object]", row["filing"]))),
        (_("When it is done"), titled(cast("Mapping[str, object]", row["closing"]))),
        (_("How that is checked"), str(CHECKS.get(str(row["check"]), row["check"]))),
        (_("Whose it is"), titled(title)),
    ]


def _limit(one: Mapping[str, object]) -> tuple[str, str]:
    stage = str(one["stage"])
    limit = whole({"amount": one["amount"], "unit": one["unit"]})
    narrowed = [condition_words(value) for value in cast("Mapping[str, str]", one.get("when") or {}).values()]
    if narrowed:
        limit = _("{limit}, only when: {condition}").format(limit=limit, condition=" ".join(narrowed))
    return str(STAGES.get(stage, stage)), limit


def _holds(row: Mapping[str, object]) -> list[str]:
    sentences = {
        "joinable": _("Reports of the same thing are joined, so that each reporter hears of it."),
        "public": _("Anybody may see it nearby, without words, photo or person."),
        "protected": _("Protected: only named receivers read it, and no message carries its content."),
        "auto_dispatch": _("A machine may send it on where it is sure; anybody may ask for a person."),
    }
    return [sentence for name, sentence in sentences.items() if row.get(name)]

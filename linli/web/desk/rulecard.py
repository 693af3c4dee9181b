"""The rule behind a clock as a card: what it says, since when, who set it, its source, what did not apply, what will change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.deskcase import CaseFile
from linli.cases.rules import CaseRules, local_date, rules_for
from linli.matters.domain import Matter, StagedLimit
from linli.rules.explained import Explained, Source
from linli.web.base.conditions import condition_words
from linli.web.base.words import limit_words, titled

GRADES: Mapping[str, Promise] = {
    "A": gettext_lazy("law or government text"),
    "B": gettext_lazy("named outlet or official page"),
    "C": gettext_lazy("copy, to be checked against the original"),
    "D": gettext_lazy("anonymous page"),
    "BK": gettext_lazy("known practice without a text"),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as the card shows it."""

    title: str
    body: str
    where: str
    grade: str


@dataclass(frozen=True, slots=True)
class Other:
    """A limit that did not apply, and why not."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that will hold from a later day; cases that are open keep theirs."""

    since: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule in words. `unsure` says that it may refuse nothing yet."""

    title: str
    rows: tuple[tuple[str, str], ...]
    sources: tuple[Cited, ...]
    key: str
    unsure: bool
    others: tuple[Other, ...] = ()
    change: Change | None = None


def rule_card(rule: str, clock: str, file: CaseFile) -> RuleCard | None:
    """The card of the rule that gave a clock its limit; None for a clock until a chosen day.

    Args:
        rule: `matter.<stage>`, or a parameter's key.
        clock: its name in the procedure.
        file: the case.
    """
    facts = file.facts
    rules = rules_for(file.seen.snapshot, facts.place, facts.opened_at)
    if not rule:
        return None
    if rule.startswith("matter."):
        matter = rules.matter(facts.matter)
        return _of_matter(matter, rule.removeprefix("matter."), rules, file) if matter else None
    return _of_parameter(rules.explain(rule), rules, file)


def _of_matter(matter: Matter, stage: str, rules: CaseRules, file: CaseFile) -> RuleCard:
    limit = matter.limit(stage, day=local_date(file.facts.opened_at))
    title = titled({"zh": matter.title_zh, "en": matter.title_en})
    rows = [
        (_("Rule"), title + _(": ") + _limit(limit) if limit else title),
        (_("When it is filed"), matter.filing),
        (_("When it is closed"), matter.closing),
        *_pack_rows(file),
    ]
    others = tuple(
        Other(_limit(one), _conditions(one)) for one in matter.limits if one.stage == stage and one is not limit
    )
    return RuleCard(
        title=title,
        rows=tuple((name, words) for name, words in rows if words),
        sources=tuple(_cited(one) for one in file.seen.snapshot.source(matter.source)) if matter.source else (),
        key=f"{matter.code}.{stage}",
        unsure=matter.confidence == "low",
        others=others,
    )


def _of_parameter(found: Explained, rules: CaseRules, file: CaseFile) -> RuleCard:
    title = titled({"zh": found.title_zh, "en": found.title_en})
    rows = [
        (_("Rule"), title + _(": ") + _written(found)),
        (_("Since"), found.since.isoformat()),
        *_pack_rows(file, found),
    ]
    return RuleCard(
        title=title,
        rows=tuple(rows),
        sources=tuple(_cited(one) for one in found.sources),
        key=found.key,
        unsure=not found.may_bite,
        change=_change(found, rules),
    )


def _change(found: Explained, rules: CaseRules) -> Change | None:
    if found.until is None:
        return None
    later = rules.snapshot.explain(found.key, rules.place, found.until)
    return Change(found.until.isoformat(), _written(found), _written(later))


def _pack_rows(file: CaseFile, found: Explained | None = None) -> Sequence[tuple[str, str]]:
    snapshot = file.seen.snapshot
    chain = cast("list[Mapping[str, object]]", snapshot.content["chain"])
    packs = {str(row["name"]): titled(cast("Mapping[str, object]", row["title"])) for row in chain}
    rows = [
        (_("Rules of the case"), f"{packs[snapshot.pack]} {snapshot.hash[:12]}"),
        (_("Set by"), packs[found.pack] if found else " › ".join(packs.values())),
    ]
    if found and found.beaten:
        beaten = [packs[one.pack] + _(": ") + _written(one) for one in found.beaten]
        rows.append((_("In place of"), _(", ").join(beaten)))
    return rows


def _written(found: Explained) -> str:
    value = found.written
    if isinstance(value, Mapping) and {"amount", "unit"} <= set(value):
        return limit_words(f"{value['amount']} {value['unit']}")
    return str(value)


def _limit(limit: StagedLimit | None) -> str:
    return limit_words(f"{limit.amount} {limit.unit}") if limit else ""


def _conditions(limit: StagedLimit) -> str:
    parts = []
    if limit.condition:
        parts.append(_("only when: {condition}").format(condition=condition_words(limit.condition)))
    if limit.area_class:
        parts.append(_("only in areas of class {area}").format(area=limit.area_class))
    if limit.season:
        parts.append(_("only from {season}").format(season=limit.season.replace("/", "–")))
    return _(", ").join(parts)


def _cited(source: Source) -> Cited:
    grade = source.grade + _(": ") + str(GRADES[source.grade]) if source.grade in GRADES else str(source.grade)
    return Cited(source.title, source.body, source.locator, grade)

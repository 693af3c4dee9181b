"""One rule: its value on the day, who overrides whom, its history as dated lines, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from linli.rules.explained import Explained
from linli.web.base.words import plain_day, titled
from linli.web.rulebook.said import Cited, cells, cited, columns, sure_words, whole
from linli.web.rulebook.scope import Scope


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of days with one value."""

    since: str
    until: str
    value: str
    pack: str
    sources: tuple[Cited, ...]
    now: bool
    coming: bool
    unsure: bool


@dataclass(frozen=True, slots=True)
class Says:
    """What one pack of the chain says: its value, "" where it says nothing of its own; `holds` where it counts."""

    pack: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ValuePage:
    """A rule's page. `columns` and `cells` are those of a table; `value` is said in words in any case."""

    key: str
    title: str
    value: str
    columns: tuple[str, ...]
    cells: list[list[str]]
    sure: str
    unsure: bool
    where: str
    chain: tuple[Says, ...]
    history: tuple[Stretch, ...]
    change: Stretch | None


def value_page(scope: Scope, key: str) -> ValuePage:
    """Put the page of a parameter together; no query.

    Raises:
        NotFoundError: no such rule.
        RuleError: no value holds on that day.
    """
    found = scope.rules.explain(key)
    history = _history(scope, key)
    office = found.confirmed.office if found.confirmed else ""
    return ValuePage(
        key=key,
        title=titled({"zh": found.title_zh, "en": found.title_en}),
        value=_said(scope, found.written),
        columns=columns(found.written),
        cells=cells(found.written),
        sure=sure_words(found.confidence, office),
        unsure=not found.may_bite,
        where=f"{found.pack}/{found.file}:{found.line}",
        chain=_chain(scope, found),
        history=history,
        change=next((one for one in history if one.coming), None),
    )


def _said(scope: Scope, value: object) -> str:
    """A value in words; a duty by its title."""
    duty = scope.rules.snapshot.section("roles").get(value) if isinstance(value, str) else None
    return titled(cast("Mapping[str, object]", duty["title"])) if duty else whole(value)


def _chain(scope: Scope, found: Explained) -> tuple[Says, ...]:
    said = {one.pack: one for one in (found, *found.beaten)}
    packs = cast("list[Mapping[str, object]]", scope.rules.snapshot.content["chain"])
    return tuple(
        Says(
            titled(cast("Mapping[str, object]", pack["title"])),
            _said(scope, said[name].written) if name in said else "",
            name == found.pack,
        )
        for pack in packs
        for name in (str(pack["name"]),)
    )


def _history(scope: Scope, key: str) -> tuple[Stretch, ...]:
    resolved = scope.rules.snapshot.resolved(key)
    rows = []
    for segment in reversed(resolved.line.segments()):
        row = resolved.values[segment.index].row
        ends = segment.until
        rows.append(
            Stretch(
                since=plain_day(segment.since, scope.today),
                until=plain_day(ends, scope.today) if ends else "",
                value=_said(scope, row["value"]),
                pack=str(row["origin"]).partition("/")[0],
                sources=cited(scope.rules.snapshot.source(str(row["source"]))),
                now=segment.since <= scope.day and (ends is None or scope.day < ends),
                coming=segment.since > scope.day,
                unsure=row["confidence"] == "low" and not row["confirmed"],
            )
        )
    return tuple(rows)

"""The catalogue: subjects at the left, at the right each rule with its value on the day, since when, by which source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from linli.rules.explained import Explained
from linli.rules.snapshot import Snapshot
from linli.web.base.words import plain_day, titled
from linli.web.rulebook.said import short, whole
from linli.web.rulebook.scope import Scope

SUBJECTS: Mapping[str, Promise] = {
    "access": gettext_lazy("Signing in and rights"),
    "calendar": gettext_lazy("Working hours"),
    "cases": gettext_lazy("Handling cases"),
    "event": gettext_lazy("Events"),
    "evidence": gettext_lazy("Photos"),
    "intake": gettext_lazy("Taking in"),
    "notices": gettext_lazy("Notices"),
    "people": gettext_lazy("What is owed to people"),
    "places": gettext_lazy("Grids"),
    "public": gettext_lazy("What anybody may see"),
    "request": gettext_lazy("Requests"),
    "resident": gettext_lazy("Reports of residents"),
    "routing": gettext_lazy("Whose it is"),
    "worker": gettext_lazy("Work in the grid"),
    "calls": gettext_lazy("Calls"),
    "desk": gettext_lazy("Queues and views"),
    "journal": gettext_lazy("How long the log is kept"),
    "knowledge": gettext_lazy("Answers"),
    "orders": gettext_lazy("Orders for bodies outside"),
    "posts": gettext_lazy("Posts"),
    "replies": gettext_lazy("Reply templates"),
    "roster": gettext_lazy("Duty roster"),
    "sheets": gettext_lazy("Tables handed in"),
}
"""Words for the first part of a key. A subject that a pack adds is shown by its key."""

MATTERS, PROCEDURES, ROLES = "matters", "procedures", "roles"
_SECTIONS: Mapping[str, Promise] = {
    MATTERS: gettext_lazy("Matters and their limits"),
    PROCEDURES: gettext_lazy("Procedures"),
    ROLES: gettext_lazy("Which office has which duty"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A line of the tree."""

    name: str
    title: str
    count: int
    here: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as a row. `change` says from when it will be another value, "" = no change is known."""

    key: str
    title: str
    value: str
    since: str
    source: str
    unsure: bool
    change: str
    address: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """What the catalogue shows."""

    subjects: tuple[Subject, ...]
    title: str
    rows: tuple[RuleRow, ...]
    asked: str
    unsure: int


def catalogue_page(scope: Scope, subject: str, asked: str) -> CataloguePage:
    """Put the catalogue together; no query.

    Args:
        scope: place and day.
        subject: first part of a key, or `matters`, `procedures`, `roles`; "" = the first.
        asked: words or part of a key; looked for in all subjects.
    """
    snapshot = scope.rules.snapshot
    counts = _counts(snapshot)
    chosen = subject if subject in counts else next(iter(counts))
    rows = tuple(_found(scope, asked) if asked else _of(scope, chosen))
    subjects = tuple(
        Subject(name, subject_title(name), count, not asked and name == chosen) for name, count in counts.items()
    )
    title = "" if asked else subject_title(chosen)
    return CataloguePage(subjects, title, rows, asked, sum(row.unsure for row in rows))


def subject_title(name: str) -> str:
    """A subject in words."""
    return str(SUBJECTS.get(name) or _SECTIONS.get(name) or name)


def _counts(snapshot: Snapshot) -> dict[str, int]:
    counts: dict[str, int] = {}
    for key in sorted(snapshot.section("parameters")):
        name = key.split(".", 1)[0]
        counts[name] = counts.get(name, 0) + 1
    return counts | {name: len(snapshot.section(name)) for name in _SECTIONS if snapshot.section(name)}


def _of(scope: Scope, subject: str) -> Iterator[RuleRow]:
    if subject == MATTERS:
        return matter_rows(scope, "")
    if subject == PROCEDURES:
        return _procedures(scope)
    if subject == ROLES:
        return _roles(scope, "")
    return _parameters(scope, lambda key, _title: key.startswith(f"{subject}."))


def _found(scope: Scope, asked: str) -> Iterator[RuleRow]:
    words = asked.strip().lower()
    yield from _parameters(scope, lambda key, title: words in key or words in title.lower())
    yield from matter_rows(scope, words)
    yield from _roles(scope, words)


def _parameters(scope: Scope, wanted: object) -> Iterator[RuleRow]:
    assert callable(wanted)
    for key, row in sorted(scope.rules.snapshot.section("parameters").items()):
        title = f"{row['title']['zh']} {row['title']['en']}"  # type: ignore[index]
        if wanted(key, title) and scope.rules.snapshot.resolved(key).line.at(scope.day) is not None:
            yield _parameter(scope, scope.rules.explain(key))


def _parameter(scope: Scope, found: Explained) -> RuleRow:
    sources = "、".join(one.title for one in found.sources)
    return RuleRow(
        key=found.key,
        title=titled({"zh": found.title_zh, "en": found.title_en}),
        value=short(found.written),
        since=plain_day(found.since, scope.today),
        source=sources,
        unsure=not found.may_bite,
        change=plain_day(found.until, scope.today) if found.until else "",
        address=reverse("rule", args=[found.key]) + scope.query,
    )


def matter_rows(scope: Scope, words: str) -> Iterator[RuleRow]:
    """The matters of a scope by code, with their limits as the value; no query.

    Args:
        scope: place and day.
        words: in lower case; of a title or a code; "" = all.
    """
    snapshot = scope.rules.snapshot
    for code, row in sorted(snapshot.matters().items()):
        title: Mapping[str, object] = row["title"]  # type: ignore[assignment]
        if words and words not in code and words not in f"{title['zh']} {title['en']}".lower():
            continue
        limits = [whole({"amount": one["amount"], "unit": one["unit"]}) for one in row["limits"]]  # type: ignore[attr-defined]
        yield RuleRow(
            code, titled(title), " · ".join(dict.fromkeys(limits)), _since(row.get("from"), scope.today),
            "、".join(one.title for one in snapshot.source(str(row["source"]))), row["confidence"] == "low", "",
            reverse("rule_matter", args=[code]) + scope.query,
        )  # fmt: skip


def _roles(scope: Scope, words: str) -> Iterator[RuleRow]:
    snapshot = scope.rules.snapshot
    for key, row in sorted(snapshot.section("roles").items()):
        title: Mapping[str, object] = row["title"]  # type: ignore[assignment]
        office = snapshot.office(key, scope.day)
        if office is None or (words and words not in key and words not in f"{title['zh']} {title['en']}".lower()):
            continue
        yield RuleRow(
            key, titled(title), titled(office["office"]), _since(office["from"], scope.today),  # type: ignore[arg-type]
            "、".join(one.title for one in snapshot.source(str(office["source"]))), office["confidence"] == "low",
            _since(office.get("to"), scope.today), "",
        )  # fmt: skip


def _procedures(scope: Scope) -> Iterator[RuleRow]:
    for kind, row in sorted(scope.rules.snapshot.section("procedures").items()):
        title: Mapping[str, object] = row["title"]  # type: ignore[assignment]
        steps: Mapping[str, object] = row["steps"]  # type: ignore[assignment]
        address = reverse("rule_procedure", args=[kind]) + scope.query
        yield RuleRow(kind, titled(title), _steps_words(len(steps)), "", "", False, "", address)


def _steps_words(count: int) -> str:

    return ngettext("{n} step", "{n} steps", count).format(n=count)


def _since(day: object, today: date) -> str:
    return plain_day(date.fromisoformat(str(day)), today) if day else ""

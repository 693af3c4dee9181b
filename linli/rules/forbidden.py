"""What no pack may do, whatever source it names: PEOPLE's rules and those against formalism at the fingertips.

The list itself is `forbidden.yaml` beside this module. It guards identifiers, titles, groupings, inputs and
floors; it is a wall against switching such things on, no proof that a clever pack could not spell them otherwise.

Source: Opinions on preventing formalism at the fingertips (2023-12-18); Rules on rectifying formalism (2024-08-06).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from linli.rules.compiler import walk
from linli.rules.loader import Document, read_file, validate
from linli.rules.packfiles import PackSource
from linli.rules.problems import Problem, RuleErrors
from linli.rules.schemas import Strict

_GUARDED = ("parameters/", "procedures/", "text/", "personal.yaml", "roles.yaml")
_MEASURED = ("parameters/",)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_SAID = {"title", "label", "name"}


class ForbiddenWords(Strict):
    """Identifiers and Chinese words that would switch a forbidden thing on."""

    id: str
    keys: list[str]
    zh: list[str]
    why: str
    mend: str
    source: str


class ForbiddenGroups(Strict):
    """Fields that group, and what they may not group by."""

    fields: list[str]
    refused: list[str]
    why: str
    mend: str


class ForbiddenInputs(Strict):
    """Fields that feed an indicator, what may not feed it, and the bodies for which it may."""

    fields: list[str]
    about: list[str]
    refused: list[str]
    bodies: list[str]
    why: str
    mend: str


class Forbidden(Strict):
    """The whole of `forbidden.yaml`."""

    words: list[ForbiddenWords]
    groups: ForbiddenGroups
    inputs: ForbiddenInputs
    floors: dict[str, int]


@cache
def forbidden() -> Forbidden:
    """The list, read once.

    Raises:
        RuleErrors: the file is not in order.
    """
    document = read_file(Path(__file__).with_name("forbidden.yaml"), "linli/rules/forbidden.yaml")
    found = validate(document, Forbidden, document.data)
    if isinstance(found, list):
        raise RuleErrors(found)
    return found


@cache
def _patterns() -> tuple[tuple[ForbiddenWords, re.Pattern[str]], ...]:
    return tuple((row, re.compile(rf"(?:{'|'.join(row.keys)})")) for row in forbidden().words)


def offends(identifier: str) -> ForbiddenWords | None:
    """The entry that an identifier offends against: one of its words between dots is on the list."""
    words = identifier.lower().split(".")
    return next((row for row, pattern in _patterns() if any(pattern.fullmatch(w) for w in words)), None)


def said_badly(chinese: str) -> ForbiddenWords | None:
    """The entry that a Chinese title offends against."""
    return next((row for row, _ in _patterns() if any(piece in chinese for piece in row.zh)), None)


def words_are_allowed(source: PackSource) -> list[Problem]:
    """No key, name, value or title in parameters, procedures, roles and personal fields names a forbidden thing."""
    problems: dict[tuple[str, int, str], Problem] = {}
    for document in _guarded(source):
        for loc, text, entry in _findings(document):
            message = f"{text} is refused: {entry.why} ({entry.source})"
            problem = document.problem(loc, f"forbidden.{entry.id}", message, entry.mend)
            problems.setdefault((problem.file, _row_line(document, loc), problem.code), problem)
    return list(problems.values())


def _row_line(document: Document, loc: tuple[str | int, ...]) -> int:
    """One row that offends in key and title is one problem."""
    return document.line(loc[:1])


def _findings(document: Document) -> Iterator[tuple[tuple[str | int, ...], str, ForbiddenWords]]:
    for loc, row in walk(document.data):
        for key, value in row.items():
            place = (*loc, str(key))
            entry = offends(str(key))
            if entry:
                yield place, str(key), entry
            yield from _in_value(place, str(key), value)


def _in_value(
    place: tuple[str | int, ...], key: str, value: object
) -> Iterator[tuple[tuple[str | int, ...], str, ForbiddenWords]]:
    if isinstance(value, Mapping) and key in _SAID and isinstance(value.get("zh"), str):
        entry = said_badly(value["zh"])
        if entry:
            yield (*place, "zh"), value["zh"], entry
    for number, text in enumerate(value if isinstance(value, list) else [value]):
        entry = offends(text) if isinstance(text, str) and _IDENTIFIER.fullmatch(text) else None
        if entry:
            yield ((*place, number) if isinstance(value, list) else place), str(text), entry


def groups_are_bodies(source: PackSource) -> list[Problem]:
    """Nothing groups by a person or by a grid."""
    rule = forbidden().groups
    return [
        document.problem(
            (*loc, field), "forbidden.grouped_by_person", f"{field}: {named} is refused: {rule.why}", rule.mend
        )
        for document in _guarded(source, _MEASURED)
        for loc, row in walk(document.data)
        for field in rule.fields
        for named in _named(row.get(field))
        if named in rule.refused
    ]


def inputs_are_allowed(source: PackSource) -> list[Problem]:
    """Satisfaction, refusal, vote, rating and leave feed no indicator about a person or a community."""
    rule = forbidden().inputs
    problems = []
    for document in _guarded(source, _MEASURED):
        for loc, row in walk(document.data):
            about = [named for field in rule.about for named in _named(row.get(field))]
            if about and set(about) <= set(rule.bodies):
                continue
            for field in rule.fields:
                bad = [named for named in _named(row.get(field)) if named in rule.refused]
                message = f"{field}: {', '.join(bad)} is refused: {rule.why}"
                problems += [document.problem((*loc, field), "forbidden.input", message, rule.mend)] if bad else []
    return problems


def floors_hold(source: PackSource) -> list[Problem]:
    """A pack may raise the smallest sums that are shown, never lower them."""
    problems = []
    for pack in source.chain:
        for key, floor in forbidden().floors.items():
            entry = pack.parameters.get(key)
            for number, value in enumerate(entry.row.values if entry else []):
                if entry and isinstance(value.value, int) and value.value < floor:
                    message = f"{key} is {value.value}: a group so small is a person"
                    mend = f"Write {floor} or more"
                    problems.append(entry.problem("forbidden.floor", message, mend, "values", number, "value"))
    return problems


def matters_are_safe(source: PackSource) -> list[Problem]:
    """A protected matter is never joined, shown or sent by a machine; evidence is asked only where closing needs it."""
    problems = []
    for pack in source.chain:
        for code, entry in pack.matters.items():
            row = entry.row
            for flag in ("joinable", "public", "auto_dispatch"):
                if row.protected and getattr(row, flag):
                    message = f"{code} is protected, so it cannot be {flag}"
                    problems.append(entry.problem("forbidden.protected", message, f"Take {flag} away", flag))
            for number, kind in enumerate(row.evidence):
                if kind not in row.closing.shown_by:
                    message = f"{code} requires a {kind}, but its closing condition needs none"
                    mend = f"Take it away, or say closing: {{shown_by: [{kind}]}} where the condition truly needs it"
                    problems.append(entry.problem("forbidden.evidence", message, mend, "evidence", number))
    return problems


def _guarded(source: PackSource, where: tuple[str, ...] = _GUARDED) -> list[Document]:
    return [d for pack in source.chain for d in pack.documents if d.inside.startswith(where)]


def _named(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []

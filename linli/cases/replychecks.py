"""What `rules check` asks of reply templates beside the schema: known placeholders, alike in both languages; steps that write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from linli.cases.forms import Form, personal_fields
from linli.cases.placeholders import HOLE, Language, holes, known, nearest
from linli.cases.procedures.compiler import merge
from linli.cases.registry import all_kinds
from linli.cases.replies import closeness
from linli.rules.checks import register_check
from linli.rules.packfiles import Entry, PackSource
from linli.rules.problems import Problem, RuleErrors
from linli.rules.resolver import Span, conflicts
from linli.rules.schemas import ReplyRow

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def placeholders_are_known(source: PackSource) -> list[Problem]:
    """Every name in braces is on the white list, and both languages leave the same things open."""
    return [problem for entry in _entries(source) for problem in _placeholders(entry)]


def _placeholders(entry: Entry[ReplyRow]) -> Iterator[Problem]:
    for number, value in enumerate(entry.row.values):
        named: dict[Language, set[str]] = {}
        for language in _LANGUAGES:
            words = value.words.zh if language == "zh" else value.words.en
            at = ("values", number, "words", language)
            loose = words.count("{") + words.count("}") - 2 * len(HOLE.findall(words))
            if loose:
                mend = "A placeholder is one name in braces: {编号}, {number}"
                yield entry.problem("replies.braces", "a brace stands alone or around no name", mend, *at)
            found = {hole: known(hole, language) for hole in holes(words)}
            for hole in [hole for hole, one in found.items() if one is None]:
                message = f"{{{hole}}} is no placeholder; nothing about a reporter ever is"
                yield entry.problem("replies.placeholder", message, f"Use one of: {nearest(hole, language)}", *at)
            named[language] = {one.name if one else "" for one in found.values()}
        # A name that is on no list was told above; the other language cannot match it.
        if named["zh"] != named["en"] and "" not in named["zh"] | named["en"]:
            apart = ", ".join(sorted(named["zh"] ^ named["en"]))
            message = f"the two languages leave different things open: {apart}"
            yield entry.problem(
                "replies.languages", message, "Let both name the same placeholders", "values", number, "words"
            )


def texts_are_dated(source: PackSource) -> list[Problem]:
    """No two texts of a template hold on one day, and none ends before it begins."""
    problems = []
    for entry in _entries(source):
        values = entry.row.values
        for first, second in conflicts([Span(0, v.since, v.to) for v in values]):
            message = f"two texts hold on {max(values[first].since, values[second].since)}"
            mend = "End the first with `to:` before the second begins"
            problems.append(entry.problem("rules.two_values", message, mend, "values", second))
        for number, value in enumerate(values):
            if value.to is not None and value.to <= value.since:
                message = f"the text ends on {value.to} before it begins"
                problems.append(entry.problem("rules.day", message, "Correct from or to", "values", number, "to"))
    return problems


def steps_write_to_residents(source: PackSource) -> list[Problem]:
    """Each step exists in some kind and has words for the resident; states and matters exist; `fills` are choices there."""
    forms = _forms(source)
    states = {state for found in _procedures(source) for state in found["states"]}
    codes = source.merged("matters")
    problems: list[Problem] = []
    for entry in _entries(source):
        problems += _steps(entry, forms)
        for number, state in enumerate(entry.row.states):
            if state not in states:
                message = f"no kind of case has the state {state}"
                problems.append(entry.problem("replies.state", message, "Correct its id", "states", number))
        for number, pattern in enumerate(entry.row.matters):
            if not any(closeness(pattern, code) >= 0 for code in codes):
                message = f"{pattern} names no matter of the catalogue"
                problems.append(entry.problem("replies.matter", message, "Correct the code", "matters", number))
    return problems


def _steps(entry: Entry[ReplyRow], forms: dict[str, list[type[Form]]]) -> Iterator[Problem]:
    for number, step in enumerate(entry.row.steps):
        at = ("steps", number)
        if step not in forms:
            yield entry.problem("replies.step", f"no kind of case has the step {step}", "Correct its id", *at)
            continue
        writing = [form for form in forms[step] if "public" in personal_fields(form).values()]
        if not writing:
            message = f"the form of {step} has no words for the resident"
            yield entry.problem("replies.no_words", message, "Name a step that writes to the resident", *at)
        for name, value in entry.row.fills.items():
            if writing and not any(_is_choice(form, name, value) for form in writing):
                message = f"{value} is no choice of the field {name} in the step {step}"
                yield entry.problem("replies.fills", message, "Correct or drop it", "fills", name)


def _is_choice(form: type[Form], name: str, value: str) -> bool:
    info = form.model_fields.get(name)
    if info is None:
        return False
    # A field without fixed choices takes its options from the pack: the form judges them when it is sent.
    return value in get_args(info.annotation) if get_origin(info.annotation) is Literal else info.annotation is str


def _procedures(source: PackSource) -> Iterator[dict[str, dict[str, dict[str, object]]]]:
    for name, kind in sorted(all_kinds().items()):
        try:
            yield merge(kind, [pack.procedures[name] for pack in source.chain if name in pack.procedures]).data  # type: ignore[misc]
        except RuleErrors:
            # The check of procedures tells what is wrong with it.
            continue


def _forms(source: PackSource) -> dict[str, list[type[Form]]]:
    found: dict[str, list[type[Form]]] = {}
    for data in _procedures(source):
        kind = all_kinds()[str(data["kind"])]
        for step, row in data["steps"].items():
            name = row.get("form")
            if name is None or str(name) in kind.forms:
                found.setdefault(step, []).append(kind.form(str(name) if name else None))
    return found


def _entries(source: PackSource) -> list[Entry[ReplyRow]]:
    return [entry for pack in source.chain for entry in pack.replies.values()]


def register() -> None:
    """Hand the checks in; called once when the application is wired."""
    register_check("replies.placeholders", placeholders_are_known)
    register_check("replies.texts", texts_are_dated)
    register_check("replies.steps", steps_write_to_residents)

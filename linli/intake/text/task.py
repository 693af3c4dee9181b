"""The task text: what a handler gets, composed anew from the pack's wording, never a resident's sentence.

Is: the matter's title, names of places, words of the catalogue found in the report, words of danger. Is not: a
rewriting of the report. No clause of it passes, so no turn of phrase, hour, number or viewpoint can.
Why so: docs/explanation/reporters-compartment.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a task is composed of; all of it from the pack or the register of places, but names of roads and compounds.

    Attributes:
        matter: title of the matter.
        places: names of places in the visible part of the words.
        terms: catalogue words found.
        danger: words of danger found.
    """

    matter: str
    places: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A work order's title and text."""

    title: str
    text: str


def compose(parts: Parts, title: str, lines: Sequence[str]) -> Task:
    """Write a task.

    Args:
        parts: what is known.
        title: the pack's pattern with `{matter}`.
        lines: the pack's patterns with `{matter}`, `{places}`, `{terms}`, `{danger}`; a line is left out while
            what it names is empty.
    """
    values = {
        "matter": parts.matter,
        "places": BETWEEN.join(parts.places),
        "terms": BETWEEN.join(parts.terms),
        "danger": BETWEEN.join(parts.danger),
    }
    written = [filled for line in lines if (filled := _fill(line, values))]
    return Task(_fill(title, values) or parts.matter, "\n".join(written))


def _fill(pattern: str, values: dict[str, str]) -> str:
    """The pattern with its values; "" when one that it names is empty."""
    for name, value in values.items():
        mark = "{" + name + "}"
        if mark in pattern:
            if not value:
                return ""
            pattern = pattern.replace(mark, value)
    return pattern

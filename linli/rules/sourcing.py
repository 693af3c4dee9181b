"""Checks on what stands behind a value: its source's grade against its confidence, and what it may be used for."""

from __future__ import annotations

from linli.rules.compiler import source_keys, walk
from linli.rules.packfiles import PackSource
from linli.rules.problems import Problem

_FIRM = {"A", "B"}


def confidence_fits_sources(source: PackSource) -> list[Problem]:
    """A value that rests on copies, anonymous pages or no text at all (grades C, D, BK) has low confidence."""
    grades = {key: entry.row.grade for pack in source.chain for key, entry in pack.sources.items()}
    problems = []
    for pack in source.chain:
        for document in pack.documents:
            for loc, row in walk(document.data):
                cited, confidence = row.get("source"), row.get("confidence")
                if not isinstance(cited, str) or confidence in {None, "low"}:
                    continue
                found = [grades[key] for key in source_keys(cited) if key in grades]
                if found and not _FIRM & set(found):
                    message = f"confidence {confidence} rests on sources of grade {', '.join(sorted(set(found)))} only"
                    mend = "Write confidence: low, or name a source of grade A or B"
                    problems.append(document.problem((*loc, "confidence"), "rules.confidence", message, mend))
    return problems


def uncertain_values_bite_nobody(source: PackSource) -> list[Problem]:
    """A value of low confidence is not meant to refuse, card or exclude until a named office confirms it."""
    problems = []
    for pack in source.chain:
        for key, entry in pack.parameters.items():
            for number, value in enumerate(entry.row.values):
                if value.bites and value.confidence == "low" and value.confirmed is None:
                    message = f"{key} is of low confidence and cannot refuse, card or exclude anybody"
                    mend = "Take `bites` away, or add confirmed: {office: …, on: …} once a named office vouches for it"
                    problems.append(entry.problem("rules.unconfirmed", message, mend, "values", number, "bites"))
    return problems

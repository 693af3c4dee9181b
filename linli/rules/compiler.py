"""From the files of a pack to one snapshot. Refuses what cannot be resolved; judging it is `checks`' business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from linli.rules.loader import Document
from linli.rules.packfiles import Entry, Pack, PackSource, read_chain
from linli.rules.parameters import TYPES, ValueShapeError
from linli.rules.problems import Problem, RuleErrors
from linli.rules.resolver import Span, conflicts
from linli.rules.schemas import ParameterRow, Strict
from linli.rules.snapshot import FORMAT, Snapshot

Compiled = dict[str, dict[str, object]]
Overrides = Mapping[str, Sequence[Document]]


@dataclass(frozen=True, slots=True)
class ProcedureCompiler:
    """What the owner of procedures hands in, so that packs hold them without knowing their schema.

    Attributes:
        compile: kind -> documents of `procedures/<kind>.yaml`, root pack first, and the pack; gives kind -> plain
            data for every kind that there is, and what is wrong.
        handlers: names of the handlers that one compiled procedure calls.
        known_handlers: names of all handlers that the running code has.
    """

    compile: Callable[[Overrides, PackSource], tuple[Compiled, list[Problem]]]
    handlers: Callable[[Mapping[str, object]], frozenset[str]]
    known_handlers: Callable[[], frozenset[str]]


_COMPILERS: list[ProcedureCompiler] = []


def register_procedures(compiler: ProcedureCompiler) -> None:
    """Hand in the compiler of procedures; called once when the application is wired."""
    _COMPILERS[:] = [compiler]


def procedure_compiler() -> ProcedureCompiler | None:
    """The registered compiler; None while no area has one."""
    return _COMPILERS[0] if _COMPILERS else None


def compile_pack(directory: Path, name: str, search: Sequence[Path] = ()) -> Snapshot:
    """Compile one pack with its parents.

    Args:
        directory: the folder that holds packs; the pack is `directory / name`.
        name: the pack's name.
        search: further folders in which parents are looked for.

    Raises:
        RuleErrors: everything that keeps the pack from being compiled, each with file and line.
    """
    return compile_source(read_chain(directory / name, search))


def compile_source(source: PackSource) -> Snapshot:
    """Compile a pack that has been read.

    Raises:
        RuleErrors: everything that keeps it from being compiled.
    """
    problems = [*_cited(source), *_places(source)]
    parameters = _parameters(source, problems)
    procedures = _procedures(source, problems)
    if problems:
        raise RuleErrors(problems)
    return Snapshot.of(
        {
            "format": FORMAT,
            "pack": source.name,
            "place": source.own.head.place,
            "chain": [plain(pack.head) for pack in source.chain],
            "sources": {key: plain(entry.row) for key, entry in source.merged("sources").items()},
            "parameters": parameters,
            "days": _days(source),
            "years": sorted({year for pack in source.chain for year, e in pack.years.items() if e.row.whole}),
            "roles": _rows(source, "roles"),
            "personal": _rows(source, "personal"),
            "majors": _rows(source, "majors"),
            "matters": _rows(source, "matters"),
            "routing": _rows(source, "routing"),
            "texts": _texts(source),
            "replies": _rows(source, "replies"),
            "procedures": procedures,
        }
    )


def plain(model: Strict) -> dict[str, object]:
    """A model as plain data, with the names of the YAML file and days as text."""
    return cast("dict[str, object]", model.model_dump(mode="json", by_alias=True))


def _rows(source: PackSource, section: str) -> dict[str, dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for rank, pack in enumerate(source.chain):
        entries = cast("Mapping[str, Entry[Strict]]", getattr(pack, section))
        rows.update({key: plain(e.row) | {"rank": rank, "origin": e.origin} for key, e in entries.items()})
    return rows


def _days(source: PackSource) -> dict[str, dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for pack in source.chain:
        rows.update({str(day): plain(e.row) | {"origin": e.origin} for day, e in pack.days.items()})
    return rows


def _texts(source: PackSource) -> dict[str, dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for pack in source.chain:
        for name, entry in pack.texts.items():
            row = plain(entry.row) | {"origin": entry.origin}
            if entry.row.extends and name in rows:
                row["words"] = list(dict.fromkeys([*cast("list[str]", rows[name]["words"]), *entry.row.words]))
            rows[name] = row
    return rows


def _cited(source: PackSource) -> list[Problem]:
    """Sources that are cited but not listed, or listed twice in the chain."""
    problems: list[Problem] = []
    known: dict[str, Entry[Strict]] = {}
    for pack in source.chain:
        for key, entry in pack.sources.items():
            first = known.setdefault(key, entry)
            if first.document is not entry.document:
                message = f"{key} is already a source of {first.pack}, {first.document.file}:{first.line}"
                problems.append(entry.problem("rules.twice", message, "Give yours another key"))
        for document, loc, cited in citations(pack):
            for key in source_keys(cited):
                if key not in known:
                    mend = "Add it to sources.yaml, or correct the key"
                    problems.append(document.problem(loc, "rules.no_source", f"{key} is not a known source", mend))
    return problems


def source_keys(cited: str) -> list[str]:
    """Keys in a citation: "S2 art 13; S58" -> S2, S58."""
    return [part.split()[0] if part.strip() else "" for part in cited.split(";")]


def citations(pack: Pack) -> list[tuple[Document, tuple[str | int, ...], str]]:
    """Every `source:` of a pack, with the place where it stands."""
    return [
        (document, (*loc, "source"), str(row["source"]))
        for document in pack.documents
        for loc, row in walk(document.data)
        if isinstance(row.get("source"), str) and not document.inside.startswith("procedures/")
    ]


def walk(data: object, loc: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Mapping[object, object]]]:
    """Every mapping inside plain data, with its path."""
    found: list[tuple[tuple[str | int, ...], Mapping[object, object]]] = []
    if isinstance(data, Mapping):
        found.append((loc, data))
        for key, value in data.items():
            found += walk(value, (*loc, str(key)))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            found += walk(value, (*loc, number))
    return found


def _places(source: PackSource) -> list[Problem]:
    """A child serves a place inside its parent's."""
    problems = []
    for parent, child in zip(source.chain, source.chain[1:], strict=False):
        if not child.head.place.startswith(parent.head.place):
            message = f'the place "{child.head.place}" is not inside the parent\'s "{parent.head.place}"'
            mend = "Begin it with the parent's digits, or name another parent"
            problems.append(child.document.problem(("place",), "rules.place", message, mend))
    return problems


def _parameters(source: PackSource, problems: list[Problem]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for rank, pack in enumerate(source.chain):
        for key, entry in pack.parameters.items():
            row = found.get(key) or _declare(entry, key, problems)
            if row is None:
                continue
            problems += _redeclared(entry, row)
            problems += _in_conflict(entry, key)
            cast("list[object]", row["values"]).extend(_values(entry, rank, str(row["type"]), problems))
            found[key] = row
    return found


def _declare(entry: Entry[ParameterRow], key: str, problems: list[Problem]) -> dict[str, object] | None:
    if entry.row.title is None or entry.row.type is None:
        message = f"{key} is in no parent pack, so it needs a title and a type"
        problems.append(entry.problem("rules.missing", message, "Add both, or correct the key"))
        return None
    return {"title": plain(entry.row.title), "type": entry.row.type, "values": []}


def _redeclared(entry: Entry[ParameterRow], row: Mapping[str, object]) -> list[Problem]:
    if entry.row.type in {None, row["type"]}:
        return []
    message = f"the parent says type {row['type']}, this says {entry.row.type}"
    return [entry.problem("rules.type", message, "Leave the type out", "type")]


def _in_conflict(entry: Entry[ParameterRow], key: str) -> list[Problem]:
    values = entry.row.values
    problems = []
    for first, second in conflicts([Span(0, v.since, v.to) for v in values]):
        lines = " and ".join(f"{entry.document.file}:{entry.document.line((*entry.loc, 'values', i))}"
                             for i in (first, second))  # fmt: skip
        day = max(values[first].since, values[second].since)
        message = f"two values of {key} hold on {day}: {lines}"
        mend = "End the first before the second begins, or drop one"
        problems.append(entry.problem("rules.two_values", message, mend, "values", second))
    for number, value in enumerate(values):
        if value.to is not None and value.to <= value.since:
            message = f"{key} ends on {value.to} before it begins"
            problems.append(entry.problem("rules.day", message, "Correct from or to", "values", number, "to"))
    return problems


def _values(entry: Entry[ParameterRow], rank: int, kind: str, problems: list[Problem]) -> list[dict[str, object]]:
    rows = []
    for number, value in enumerate(entry.row.values):
        try:
            TYPES[kind].read(value.value)
        except ValueShapeError as error:
            message = f"this is no {kind}"
            problems.append(entry.problem("rules.shape", message, f"Write {error}", "values", number, "value"))
            continue
        row = plain(value) | {"rank": rank, "origin": entry.origin_of("values", number)}
        rows.append({k: v for k, v in row.items() if k != "bites"})
    return rows


def _procedures(source: PackSource, problems: list[Problem]) -> Compiled:
    overrides: dict[str, list[Document]] = {}
    for pack in source.chain:
        for kind, document in pack.procedures.items():
            overrides.setdefault(kind, []).append(document)
    compiler = procedure_compiler()
    if compiler is None:
        problems.extend(
            d.problem((), "rules.no_procedures", "no compiler of procedures is registered", "Set up the application")
            for documents in overrides.values()
            for d in documents
        )
        return {}
    compiled, wrong = compiler.compile(overrides, source)
    problems.extend(wrong)
    return compiled

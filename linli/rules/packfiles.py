"""The files of a pack and of its parents, read and typed, before anything is compiled or judged.

`read_chain` gives a `PackSource`: the packs from the root parent down to the pack itself. Every row keeps
the document and the place in it that it came from, so that whoever objects can name the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from linli.rules import schemas
from linli.rules.loader import Document, Loc, read_file, validate
from linli.rules.problems import Problem, RuleErrors

R_co = TypeVar("R_co", bound=schemas.Strict, covariant=True)
R = TypeVar("R", bound=schemas.Strict)

PACK_FILE = "pack.yaml"
_LOOSE = {"sources.yaml", "roles.yaml", "personal.yaml"}
_FOLDERS = ("parameters", "calendars", "matters", "routing", "procedures", "replies", "text")
_BESIDE = {".md", ".csv", ".txt"}
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Entry(Generic[R_co]):
    """One row of a pack's file, and where it stands."""

    row: R_co
    document: Document
    loc: Loc
    pack: str

    @property
    def line(self) -> int:
        """Line of the row in its file."""
        return self.document.line(self.loc)

    @property
    def origin(self) -> str:
        """`pack/file.yaml:line`, the same on every machine."""
        return self.origin_of()

    def origin_of(self, *inner: str | int) -> str:
        """The origin of a part of the row."""
        return f"{self.pack}/{self.document.inside}:{self.document.line((*self.loc, *inner))}"

    def problem(self, code: str, message: str, mend: str, *inner: str | int) -> Problem:
        """A problem at this row, or at the part of it that `inner` leads to."""
        return self.document.problem((*self.loc, *inner), code, message, mend)


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder of rules, read."""

    folder: Path
    head: schemas.PackFile
    document: Document
    documents: tuple[Document, ...]
    sources: Mapping[str, Entry[schemas.SourceRow]]
    parameters: Mapping[str, Entry[schemas.ParameterRow]]
    years: Mapping[str, Entry[schemas.CalendarFile]]
    days: Mapping[date, Entry[schemas.DayRow]]
    roles: Mapping[str, Entry[schemas.RoleRow]]
    personal: Mapping[str, Entry[schemas.PersonalRow]]
    majors: Mapping[str, Entry[schemas.MajorRow]]
    matters: Mapping[str, Entry[schemas.MatterRow]]
    routing: Mapping[str, Entry[schemas.RoutingRow]]
    texts: Mapping[str, Entry[schemas.WordList]]
    replies: Mapping[str, Entry[schemas.ReplyRow]]
    procedures: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class PackSource:
    """A pack with its parents, the root first, the pack itself last."""

    chain: tuple[Pack, ...]

    @property
    def own(self) -> Pack:
        """The pack itself."""
        return self.chain[-1]

    @property
    def name(self) -> str:
        """Its name."""
        return self.own.head.name

    def merged(self, section: str) -> dict[str, Entry[schemas.Strict]]:
        """Rows of one section by key, a child's row in place of its parent's, whole."""
        rows: dict[str, Entry[schemas.Strict]] = {}
        for pack in self.chain:
            rows.update(getattr(pack, section))
        return rows


@dataclass(slots=True)
class _Reading:
    """One folder while it is read: what was found and what is wrong."""

    folder: Path
    name: str
    problems: list[Problem] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def document(self, path: Path) -> Document | None:
        try:
            document = read_file(path, shown(path), path.relative_to(self.folder).as_posix())
        except RuleErrors as error:
            self.problems.extend(error.problems)
            return None
        self.documents.append(document)
        return document

    def files(self, folder: str) -> Iterator[Document]:
        for path in sorted((self.folder / folder).glob("*.yaml")):
            document = self.document(path)
            if document is not None:
                yield document

    def loose(self, file: str) -> Iterator[Document]:
        path = self.folder / file
        document = self.document(path) if path.exists() else None
        if document is not None:
            yield document

    def whole(self, document: Document, model: type[R], data: object, loc: Loc = ()) -> Entry[R] | None:
        found = validate(document, model, data, loc)
        if isinstance(found, list):
            self.problems.extend(found)
            return None
        return Entry(found, document, loc, self.name)

    def rows(self, documents: Iterable[Document], model: type[R]) -> dict[str, Entry[R]]:
        found: dict[str, Entry[R]] = {}
        for document in documents:
            for key, data in self.items(document, document.data, ()):
                self.add(found, key, self.whole(document, model, data, (key,)))
        return found

    def items(self, document: Document, data: object, loc: Loc) -> Iterator[tuple[str, object]]:
        if not isinstance(data, Mapping):
            mend = "Write rows as `key: {…}`"
            self.problems.append(document.problem(loc, "rules.shape", "a mapping is expected here", mend))
            return
        for key, value in data.items():
            yield str(key), value

    def add(self, found: dict[str, Entry[R]], key: str, entry: Entry[R] | None) -> None:
        if entry is None:
            return
        first = found.setdefault(key, entry)
        if first is not entry:
            message = f"{key} stands twice: {first.document.file}:{first.line} and {entry.document.file}:{entry.line}"
            self.problems.append(entry.problem("rules.twice", message, "Keep one"))

    def check_keys(self, rows: Mapping[str, Entry[schemas.Strict]], model: type[schemas.Strict], what: str) -> None:
        for key, entry in rows.items():
            for problem in validate_key(entry, model, key, what):
                self.problems.append(problem)

    def strangers(self) -> None:
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder)
            if path.is_dir() or path.suffix in _BESIDE or any(p.startswith(".") for p in inside.parts):
                continue
            loose = len(inside.parts) == 1 and inside.name in {PACK_FILE, *_LOOSE}
            filed = len(inside.parts) == 2 and inside.parts[0] in _FOLDERS and path.suffix == ".yaml"
            if not (loose or filed):
                mend = f"Put it into one of {', '.join(_FOLDERS)}, or take it away: nothing in a pack is passed over"
                self.problems.append(Problem(shown(path), 0, "rules.stranger", "this file has no place here", mend))


class _KeyOf(schemas.Strict):
    key: schemas.Key


class _MatterKey(schemas.Strict):
    key: schemas.MatterCode


class _MajorKey(schemas.Strict):
    key: schemas.MajorCode


def validate_key(entry: Entry[schemas.Strict], model: type[schemas.Strict], key: str, what: str) -> list[Problem]:
    """Whether the key of a row has the form that `model.key` asks for."""
    if isinstance(validate(entry.document, model, {"key": key}), list):
        return [entry.problem("rules.key", f"{key} is no {what}", f"Look at packs/examples/whole for a {what}")]
    return []


def shown(path: Path) -> str:
    """A path as errors show it: from the working folder where it lies inside, else as it is."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def read_pack(folder: Path) -> Pack:
    """Read one folder, without its parents; an unchanged folder is read once a process.

    Raises:
        RuleErrors: everything that is wrong with its files.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return _read_pack(folder, tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files))


@lru_cache(maxsize=32)
def _read_pack(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Pack:
    reading = _Reading(folder, folder.name)
    head = reading.document(folder / PACK_FILE)
    entry = reading.whole(head, schemas.PackFile, head.data) if head else None
    if head is None or entry is None:
        raise RuleErrors(reading.problems)
    if entry.row.name != folder.name:
        message = f"the pack is named {entry.row.name} but its folder {folder.name}"
        reading.problems.append(entry.problem("rules.name", message, "Name both alike", "name"))
    pack = _sections(reading, entry.row, head)
    reading.strangers()
    if reading.problems:
        raise RuleErrors(reading.problems)
    return pack


def _sections(reading: _Reading, head: schemas.PackFile, document: Document) -> Pack:
    parameters = reading.rows(reading.files("parameters"), schemas.ParameterRow)
    roles = reading.rows(reading.loose("roles.yaml"), schemas.RoleRow)
    personal = reading.rows(reading.loose("personal.yaml"), schemas.PersonalRow)
    sources = reading.rows(reading.loose("sources.yaml"), schemas.SourceRow)
    texts = reading.rows(reading.files("text"), schemas.WordList)
    replies = reading.rows(reading.files("replies"), schemas.ReplyRow)
    years, days = _calendars(reading)
    majors, matters = _matters(reading)
    reading.check_keys(parameters, _KeyOf, "parameter")
    reading.check_keys(roles, _KeyOf, "role")
    reading.check_keys(personal, _KeyOf, "personal field")
    reading.check_keys(replies, _KeyOf, "reply template")
    return Pack(
        folder=reading.folder,
        head=head,
        document=document,
        sources=sources,
        parameters=parameters,
        years=years,
        days=days,
        roles=roles,
        personal=personal,
        majors=majors,
        matters=matters,
        routing=_routing(reading),
        texts=texts,
        replies=replies,
        procedures={Path(d.inside).stem: d for d in reading.files("procedures")},
        documents=tuple(reading.documents),
    )


def _calendars(
    reading: _Reading,
) -> tuple[dict[str, Entry[schemas.CalendarFile]], dict[date, Entry[schemas.DayRow]]]:
    years: dict[str, Entry[schemas.CalendarFile]] = {}
    days: dict[date, Entry[schemas.DayRow]] = {}
    for document in reading.files("calendars"):
        entry = reading.whole(document, schemas.CalendarFile, document.data)
        if entry is None:
            continue
        reading.add(years, str(entry.row.year), entry)
        for day, row in entry.row.days.items():
            days[day] = Entry(row, document, ("days", str(day)), reading.name)
            if day.year != entry.row.year:
                message = f"{day} is not in {entry.row.year}"
                reading.problems.append(days[day].problem("rules.day", message, "Put it into its year's file"))
    return years, days


def _matters(
    reading: _Reading,
) -> tuple[dict[str, Entry[schemas.MajorRow]], dict[str, Entry[schemas.MatterRow]]]:
    majors: dict[str, Entry[schemas.MajorRow]] = {}
    matters: dict[str, Entry[schemas.MatterRow]] = {}
    for document in reading.files("matters"):
        for key, data in reading.items(document, document.data, ()):
            if key.count(".") < 2:
                reading.add(majors, key, reading.whole(document, schemas.MajorRow, data, (key,)))
            else:
                reading.add(matters, key, reading.whole(document, schemas.MatterRow, data, (key,)))
    reading.check_keys(majors, _MajorKey, "major of a matter")
    reading.check_keys(matters, _MatterKey, "matter")
    return majors, matters


def _routing(reading: _Reading) -> dict[str, Entry[schemas.RoutingRow]]:
    rows: dict[str, Entry[schemas.RoutingRow]] = {}
    for document in reading.files("routing"):
        entry = reading.whole(document, schemas.RoutingFile, document.data)
        for number, row in enumerate(entry.row.rows if entry else []):
            reading.add(rows, row.id, Entry(row, document, ("rows", number), reading.name))
    return rows


def find_pack(name: str, near: Path, search: Sequence[Path]) -> Path | None:
    """The folder of a pack by name: beside `near` or above it, then in the search folders."""
    above = list(near.resolve().parents)[:_DEEPEST]
    for root in (*above, *search):
        if (root / name / PACK_FILE).is_file():
            return root / name
    return None


def read_chain(folder: Path, search: Sequence[Path] = ()) -> PackSource:
    """Read a pack and its parents.

    Args:
        folder: the pack's folder.
        search: folders of packs in which parents are looked for after those around the pack.

    Raises:
        RuleErrors: whatever is wrong in any of them.
    """
    chain: list[Pack] = []
    here: Path | None = folder
    while here is not None:
        pack = read_pack(here)
        chain.insert(0, pack)
        here = _parent(chain, search)
    return PackSource(tuple(chain))


def _parent(chain: Sequence[Pack], search: Sequence[Path]) -> Path | None:
    child = chain[0]
    name = child.head.parent
    if name is None:
        return None
    wrong = None
    if name in {p.head.name for p in chain}:
        wrong = (f"{name} is its own parent", "Name another parent, or none")
    folder = None if wrong else find_pack(name, child.folder, search)
    if wrong is None and folder is None:
        wrong = (f"the parent {name} is not found", f"Put {name}/ beside this pack, or name another parent")
    if wrong:
        raise RuleErrors([child.document.problem(("parent",), "rules.parent", *wrong)])
    return folder

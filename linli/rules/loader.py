"""Strict reading of one YAML file: plain data with the line of everything. Knows no schema of a pack.

Refused, each with file, line and mend: floats, unquoted codes, keys that stand twice, anchors and aliases,
tags, times without quotes, more than one document. Days are written 2027-01-01 and become `datetime.date`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from linli.rules.problems import Problem, RuleErrors

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_KINDS = {"map", "seq", "str", "int", "float", "timestamp", "bool", "null"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[-+]?(0[0-9_]+|[0-9]{6,})")
_MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """One file as plain data, and where each part of it stands.

    Attributes:
        file: path as shown to people, with forward slashes.
        data: mappings, lists, texts, integers, booleans, days, None.
        lines: path inside the data -> line, the first being 1; a day as a key is written as text.
        inside: path from the pack's folder, the same on every machine.
    """

    file: str
    data: object
    lines: Mapping[Loc, int] = field(repr=False)
    inside: str = ""

    def line(self, loc: Loc) -> int:
        """Line of the part, or of the nearest part around it that is in the file."""
        found: Loc = ()
        for step in loc:
            if (*found, step) in self.lines:
                found = (*found, step)
        return self.lines.get(found, 1)

    def problem(self, loc: Loc, code: str, message: str, mend: str) -> Problem:
        """A problem at that part of this file."""
        return Problem(self.file, self.line(loc), code, message, mend)


@dataclass(slots=True)
class _Reader:
    file: str
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, node: Node, code: str, message: str, mend: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, code, message, mend))

    def read(self, node: Node, loc: Loc) -> object:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if node.anchor:
            self.wrong(node, "rules.anchor", "anchors and aliases are not used in packs", "Write it out")
        if str(node.tag).removeprefix(_TAG) not in _KINDS:
            self.wrong(node, "rules.tag", f"the tag {node.tag} is not known", "Leave the tag out")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*loc, i)) for i, item in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, ScalarNode) else None

    def mapping(self, node: MappingNode, loc: Loc) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, value_node in node.value:
            found_so_far = len(self.problems)
            key = self.scalar(key_node) if isinstance(key_node, ScalarNode) else None
            if len(self.problems) > found_so_far:
                continue
            if not isinstance(key, (str, date)):
                self.wrong(key_node, "rules.key", "a key must be a text or a day", "Quote it")
                continue
            line = key_node.start_mark.line + 1
            if key in found:
                first = self.lines[(*loc, str(key))]
                message = f"{key} stands twice, on line {first} and on line {line}"
                self.wrong(key_node, "rules.twice", message, "Keep one")
                continue
            self.lines[(*loc, str(key))] = line
            found[key] = self.read(value_node, (*loc, str(key)))
        return found

    def scalar(self, node: ScalarNode) -> object:
        kind = str(node.tag).removeprefix(_TAG)
        text = str(node.value)
        if node.style or kind == "str":
            return text
        reader = _SCALARS.get(kind)
        if reader is None:
            self.wrong(node, "rules.scalar", f"{text} is not used in packs", f'Quote it: "{text}"')
            return None
        return reader(self, node, text)


def _float(reader: _Reader, node: Node, text: str) -> None:
    mend = f'Write a fraction ("1/3"), an integer with a unit, or quote it: "{text}"'
    reader.wrong(node, "rules.float", f"{text} is a floating number", mend)


def _int(reader: _Reader, node: Node, text: str) -> int | None:
    if _CODE.fullmatch(text):
        mend = f'Quote a code: "{text}"; write a great number as 100_000'
        reader.wrong(node, "rules.unquoted_code", f"{text} looks like a code without quotes", mend)
        return None
    try:
        return int(text.replace("_", ""))
    except ValueError:
        reader.wrong(node, "rules.scalar", f"{text} is no decimal number", f'Quote it: "{text}"')
        return None


def _day(reader: _Reader, node: Node, text: str) -> date | None:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    reader.wrong(node, "rules.day", f"{text} is no day", "Write a day as 2027-01-31, and a time in quotes")
    return None


_SCALARS: Mapping[str, Callable[[_Reader, Node, str], object]] = {
    "float": _float,
    "int": _int,
    "timestamp": _day,
    "bool": lambda reader, node, text: text.lower() == "true",
    "null": lambda reader, node, text: None,
}


def read_text(text: str, file: str, inside: str = "") -> Document:
    """Read YAML text; `file` is the name that errors show.

    Raises:
        RuleErrors: everything in it that packs refuse.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise RuleErrors([_syntax(file, line, str(error.problem or error.context))]) from error
    except (YAMLError, RecursionError) as error:
        raise RuleErrors([_syntax(file, 0, "it is not readable as YAML")]) from error
    if node is None:
        return Document(file, {}, {(): 1}, inside)
    reader = _Reader(file)
    data = reader.read(node, ())
    if reader.problems:
        raise RuleErrors(reader.problems)
    return Document(file, data, reader.lines, inside)


def _syntax(file: str, line: int, what: str) -> Problem:
    return Problem(file, line, "rules.syntax", f"this is not YAML: {what}", "Look at this line and the one above")


def read_file(path: Path, shown: str, inside: str = "") -> Document:
    """Read one file in UTF-8; `shown` is its name in errors, `inside` its path from the pack's folder.

    An unchanged file is parsed once a process; treat the data as read-only.

    Raises:
        RuleErrors: unreadable, too large, not UTF-8, or refused by `read_text`.
    """
    try:
        state = path.stat()
        return _read_file(path, shown, inside, state.st_mtime_ns, state.st_size)
    except OSError as error:
        problem = Problem(shown, 0, "rules.file", f"cannot be read ({error.strerror})", "Look for the file")
        raise RuleErrors([problem]) from error


@lru_cache(maxsize=512)
def _read_file(path: Path, shown: str, inside: str, changed_at: int, size: int) -> Document:
    if size > _MAX_BYTES:
        raise RuleErrors([Problem(shown, 0, "rules.size", "the file is over 5 MB", "Split it")])
    raw = path.read_bytes()
    try:
        return read_text(raw.decode("utf-8-sig"), shown, inside)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RuleErrors([Problem(shown, line, "rules.encoding", "this is not UTF-8", "Save as UTF-8")]) from error


def validate(document: Document, model: type[M], data: object, loc: Loc = ()) -> M | list[Problem]:
    """Check part of a document against a model.

    Args:
        document: the file.
        model: what the part should be.
        data: the part.
        loc: path of the part inside the document.

    Returns:
        The model, or what is wrong, each with its line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return [_from_pydantic(document, loc, e["loc"], e["type"], e["msg"]) for e in error.errors()]


def _from_pydantic(document: Document, loc: Loc, inner: tuple[str | int, ...], kind: str, text: str) -> Problem:
    path = [str(p) for p in (*loc, *inner) if p != "[key]"]
    field_name = ".".join(path) or "the file"
    if kind == "missing":
        return document.problem((*loc, *inner), "rules.missing", f"{field_name} is missing", "Add it")
    if kind == "extra_forbidden":
        mend = "docs/reference/pack-files.md names the fields; quote a text that holds a comma or a colon"
        return document.problem((*loc, *inner), "rules.unknown_field", f"{field_name} is not known here", mend)
    return document.problem((*loc, *inner), "rules.shape", f"{field_name}: {text}", "Write it in that shape")

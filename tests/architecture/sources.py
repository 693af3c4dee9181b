"""The project's own Python files, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("linli", "tests", "bench")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Path from the project's root, for messages."""
        return str(self.path.relative_to(ROOT))

    @property
    def area(self) -> str:
        """The package of `linli` it belongs to; "" outside."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] == "linli" and len(parts) > 2 else ""

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the tests."""
        return "tests" in self.path.relative_to(ROOT).parts or self.path.name.startswith(("test_", "conftest"))

    @property
    def is_migration(self) -> bool:
        """Whether Django made it, or it makes tables."""
        return "migrations" in self.path.parts


@cache
def sources() -> tuple[Source, ...]:
    """Return all files, sorted by path."""
    return tuple(_read(path) for path in sorted(_paths()))


def product() -> list[Source]:
    """Return the files that ship and are written by hand."""
    return [source for source in sources() if not source.is_test and not source.is_migration]


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Go through the functions and methods of a file."""
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, from `def` to its end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imports(source: Source) -> set[str]:
    """Return the dotted names that a file imports, wherever in it, those for type checking alone left out."""
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _paths() -> Iterator[Path]:
    yield ROOT / "conftest.py"
    for folder in CODE_FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, filename=str(path)))

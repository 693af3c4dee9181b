"""Kinds of case, one folder each: `procedure.yaml`, `kind.py`, `examples.yaml`. Found by folder, listed nowhere.

A folder on `settings.KIND_PATHS` may hold further kinds. The engine never imports a kind: `discover` hands them over.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from linli.cases.mechanisms import MODULES
from linli.cases.registry import KindCode, register_kind
from linli.kernel.errors import SetupError

HERE = Path(__file__).resolve().parent
CODE, PROCEDURE = "kind.py", "procedure.yaml"


def discover(paths: Iterable[Path | str] = ()) -> list[KindCode]:
    """Find every kind and hand it to the engine.

    Args:
        paths: folders beside this one.

    Returns:
        The kinds, in order of their names; one found again is loaded anew.

    Raises:
        SetupError: a folder has a procedure without code, or code without `Data`.
    """
    folders = [folder for path in (HERE, *map(Path, paths)) for folder in _folders(path)]
    return [register_kind(folder.name, folder, _load(folder), MODULES) for folder in folders]


def _folders(path: Path) -> Iterator[Path]:
    yield from sorted(found.parent for found in path.glob(f"*/{PROCEDURE}"))


def _load(folder: Path) -> ModuleType:
    code = folder / CODE
    spec = importlib.util.spec_from_file_location(f"linli_kind_{folder.name}", code)
    if spec is None or spec.loader is None or not code.exists():
        raise SetupError(f"The kind {folder.name} has no {CODE}.", code="case.no_kind")
    module = importlib.util.module_from_spec(spec)
    # pydantic looks up annotations through the module's name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    if not hasattr(module, "Data"):
        raise SetupError(f"The kind {folder.name} has no model `Data`.", code="case.no_kind")
    return module

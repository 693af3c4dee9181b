"""What may know what: held by import-linter, and what it cannot see, here."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

from tests.architecture import sources

PURE_AREAS = ("kernel", "rules")
OUTSIDE_OF_PURE = ("django", "psycopg", "procrastinate")
STDLIB_ONLY_IN_KERNEL = ("numpy", "chinese_calendar")
"""The only packages besides the standard library that the kernel may stand on."""


def test_imports_go_downwards_only() -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=sources.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_each_area_with_models_has_a_contract_that_protects_them() -> None:
    settings = tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    protected = {
        module
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    areas = {f"linli.{path.parent.name}.models" for path in (sources.ROOT / "linli").glob("*/models.py")}
    assert areas == protected


def test_pure_code_knows_no_framework_and_no_database() -> None:
    wrong = [
        f"{source.name}: {name}"
        for source in sources.product()
        if _is_pure(source)
        for name in sorted(sources.imports(source))
        if name.split(".")[0] in OUTSIDE_OF_PURE
    ]
    assert wrong == []


def test_the_kernel_stands_on_the_standard_library() -> None:
    ours = {"linli", *STDLIB_ONLY_IN_KERNEL, *sys.stdlib_module_names}
    wrong = [
        f"{source.name}: {name}"
        for source in sources.product()
        if source.area == "kernel"
        for name in sorted(sources.imports(source))
        if name.split(".")[0] not in ours
    ]
    assert wrong == []


def test_the_engine_knows_no_kind() -> None:
    wrong = [
        source.name
        for source in sources.product()
        if source.area == "cases" and any(name.startswith("linli.kinds") for name in sources.imports(source))
    ]
    assert wrong == []


def test_no_signals() -> None:
    wrong = [
        source.name
        for source in sources.product()
        if any(name.startswith(("django.dispatch", "django.db.models.signals")) for name in sources.imports(source))
    ]
    assert wrong == []


def test_pure_code_reads_no_clock_and_no_environment() -> None:
    """The clock is read at the edges only; what is pure gets `at`."""
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in sources.product()
        if _is_pure(source)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "getenv"}
    ]
    assert wrong == []


def test_text_for_people_is_not_in_pure_code() -> None:
    wrong = [
        source.name
        for source in sources.product()
        if _is_pure(source) and any("gettext" in name for name in sources.imports(source))
    ]
    assert wrong == []


def _is_pure(source: sources.Source) -> bool:
    return source.area in PURE_AREAS or (bool(source.area) and source.path.name == "domain.py")

"""Files are short, functions are short, and a file's name says the one thing it answers."""

from __future__ import annotations

import ast
import statistics

from tests.architecture import sources

MODULE_LINES = 400
TEST_LINES = 600
FUNCTION_LINES = 60
NEARLY_ALL_LINES = 30
FORBIDDEN_WORDS = ("util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "lib", "stuff")


def test_files_are_no_longer_than_two_ideas() -> None:
    long = [
        f"{source.name}: {source.text.count(chr(10))}"
        for source in sources.sources()
        if not source.is_migration and source.text.count("\n") > (TEST_LINES if source.is_test else MODULE_LINES)
    ]
    assert long == []


def test_functions_are_short() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}: {sources.length(node)}"
        for source in sources.sources()
        if not source.is_migration
        for node in sources.functions(source)
        if sources.length(node) > FUNCTION_LINES
    ]
    assert long == []


def test_nine_functions_in_ten_are_under_thirty_lines_and_half_under_ten_of_code() -> None:
    sizes = sorted(_code_lines(node) for source in sources.product() for node in sources.functions(source))
    assert sizes[len(sizes) * 9 // 10] < NEARLY_ALL_LINES
    assert statistics.median(sizes) <= 10


def test_no_file_or_folder_is_named_after_nothing() -> None:
    named = [source.name for source in sources.sources() if _words(source) & set(FORBIDDEN_WORDS)]
    assert named == []


def test_every_module_says_what_it_is() -> None:
    silent = [source.name for source in sources.product() if not ast.get_docstring(source.tree)]
    assert silent == []


def test_every_public_function_and_class_of_the_product_says_what_it_does() -> None:
    silent = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources.product()
        for node in source.tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_comments_tell_no_history_and_leave_nothing_for_later() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")
    found = [
        f"{source.name}:{number}"
        for source in sources.sources()
        for number, line in enumerate(source.text.splitlines(), 1)
        if any(f"# {word}" in line for word in words)
    ]
    assert found == []


def _words(source: sources.Source) -> set[str]:
    """Return the words of which a file's name and its folders are made."""
    return {word for part in source.path.relative_to(sources.ROOT).with_suffix("").parts for word in part.split("_")}


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return sources.length(node) - ((first.end_lineno or first.lineno) - first.lineno + 1)
    return sources.length(node)

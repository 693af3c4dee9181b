"""Procedures: what makes one wrong is named with file and line; overrides replace whole; drawings stay true."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from linli.cases.procedures.chart import mermaid, reference, svg
from linli.cases.procedures.checks import procedure_problems
from linli.cases.procedures.compiler import compile_procedures, merge
from linli.cases.procedures.procedure import procedure_of
from linli.cases.registry import all_kinds, kind_code
from linli.cases.tests.desk import rules
from linli.rules.loader import read_text

DOCS = Path(__file__).parents[3] / "docs" / "reference"


def override(text: str) -> Any:
    return read_text("kind: request\n" + text, "test/procedures/request.yaml")


def problems(text: str) -> list[tuple[str, int, str]]:
    _, found = compile_procedures({"request": [override(text)]}, frozenset({"duty_desk"}))
    return [(one.file, one.line, one.code) for one in found]


STEP = "steps:\n  sign:\n    title: {zh: 签收, en: Sign}\n    from: [dispatched]\n    to: signed\n    who: [owner]\n"


def test_the_kinds_of_this_repository_are_right() -> None:
    compiled, found = compile_procedures({})
    assert found == []
    assert set(compiled) == set(all_kinds())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (STEP.replace("to: signed", "to: lost"), "procedure.no_state", 3),
        (STEP + "    clocks: {stop: [nothing]}\n", "procedure.no_clock", 3),
        (STEP.replace("[owner]", "[nobody]"), "procedure.relation", 7),
        (STEP.replace("[owner]", "[system]"), "procedure.nobody", 7),
        (STEP + "    form: Poem\n", "procedure.no_form", 8),
        (STEP + "    handler: sing\n", "procedure.no_handler", 8),
        (STEP + "    needs: [other]\n", "procedure.needs", 3),
        ("states:\n  limbo: {title: {zh: 边缘, en: Limbo}}\n", "procedure.unreachable", 3),
        (("clocks:\n  mend:\n    title: {zh: 补, en: Mend}\n    whose: desk\n    limit: [request.mend_within]\n"
         "    alarms: [{step: sign}]\n"), "procedure.no_step", 7),
        ("opens:\n  - {flag: to_class, state: to_class}\n", "procedure.opens", 2),
        ("steps:\n  sign: {title: {zh: 签收, en: Sign}, from: [dispatched], who: [owner], script: x}\n",
         "rules.unknown_field", 3),
    ],
)  # fmt: skip
def test_a_wrong_procedure_is_refused_with_file_and_line(text: str, code: str, line: int) -> None:
    assert ("test/procedures/request.yaml", line, code) in problems(text)


def test_a_state_from_which_no_end_is_reached_is_named() -> None:
    data = {**merge(kind_code("request"), []).data}
    steps: Any = data["steps"]
    keep = {"sign", "deem_signed", "dispatch", "route_elsewhere", "overdue", "warn"}
    data["steps"] = {name: step for name, step in steps.items() if name in keep}
    found = {(one.loc[1], one.code) for one in procedure_problems(data, kind_code("request"))}
    assert ("signed", "procedure.endless") in found
    assert ("received", "procedure.endless") not in found


def test_a_pack_replaces_a_step_whole() -> None:
    merged = merge(kind_code("request"), [override(STEP)])
    step = procedure_of(merged.data).steps["sign"]
    assert (step.handler, step.clocks.stop) == (None, ())
    assert procedure_of(merged.data).steps["co_sign"].handler == "sign"


def test_an_override_for_no_kind_is_refused() -> None:
    _, found = compile_procedures({"opera": [override("")]})
    assert [one.code for one in found] == ["procedure.no_kind"]


@pytest.mark.parametrize("kind", ["event", "request"])
def test_the_reference_page_is_true(kind: str) -> None:
    compiled, _ = compile_procedures({})
    page = DOCS / f"{kind}.md"
    assert page.read_text(encoding="utf-8") == reference(procedure_of(compiled[kind])), "run `linli cases chart`"


@pytest.mark.parametrize("kind", ["event", "request"])
def test_drawings_hold_every_state(kind: str) -> None:
    procedure = procedure_of(rules().procedure(kind))
    drawn = svg(procedure, current="signed")
    root = ET.fromstring(drawn)
    texts = {node.text for node in root.iter() if node.tag.endswith("text")}
    assert texts == {procedure.titles[f"state.{state}"]["zh"] for state in procedure.states}
    assert "style=" not in drawn
    assert all(f"    {state}: " in mermaid(procedure) for state in procedure.states)

"""The example of each kind of file, and the page that describes them."""

from __future__ import annotations

from linli.rules.checks import check_source
from linli.rules.packfiles import read_chain
from linli.rules.reference import render_reference
from linli.rules.tests.folders import PACKS


def test_the_whole_example_has_one_file_of_each_kind_and_is_in_order() -> None:
    source = read_chain(PACKS / "examples" / "whole")
    own = source.own
    sections = (own.sources, own.parameters, own.years, own.days, own.roles, own.personal)
    assert all(sections)
    assert all((own.majors, own.matters, own.routing, own.texts, own.replies))
    ours = [p for p in check_source(source) if p.code not in {"rules.no_value", "rules.no_period"}]
    assert [str(p) for p in ours if not p.code.startswith(("procedure.", "routing."))] == []


def test_the_reference_page_is_what_the_schemas_say() -> None:
    page = PACKS.parent / "docs" / "reference" / "pack-files.md"
    assert page.read_text(encoding="utf-8") == render_reference(), "run: python -m linli.rules.reference"

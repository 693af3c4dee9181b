from __future__ import annotations

from pathlib import Path

import pytest

from linli.matters import checks as matter_checks
from linli.routing import checks
from linli.rules.packfiles import PackSource, read_chain

PACKS = Path(__file__).parents[3] / "packs"

MATTER = """
event.01.{minor}:
  title: {{zh: 灯, en: Lamp}}
  filing: {{zh: 不亮}}
  limits: [{limits}]
  closing: {{zh: 亮}}
  check: site
  duty: duty.lighting
  source: X1
  confidence: high
"""
ROW = """
  - id: route.{id}
    when: {{{when}}}
    to: {{role: duty.lighting, tier: street}}
    source: X1
    confidence: high
"""
HEAD = "title,matter,place_class,hour,channel,role,tier,row\n"


def pack(tmp_path: Path, rows: str = "", matters: str = "", expected: str = "") -> PackSource:
    folder = tmp_path / "town"
    for name in ("matters", "routing", "parameters"):
        (folder / name).mkdir(parents=True)
    head = 'name: town\ntitle: {zh: 镇, en: Town}\nparent: null\nplace: ""\nmaintainer: us\n'
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    (folder / "sources.yaml").write_text("X1: {title: x, address: none, grade: A}\n", encoding="utf-8")
    (folder / "matters" / "m.yaml").write_text("event.01:\n  title: {zh: 市容, en: City}\n" + matters, encoding="utf-8")
    (folder / "routing" / "r.yaml").write_text("rows:\n" + rows, encoding="utf-8")
    values = {
        "class_order": ("list", "[school, market]"),
        "fallback_role": ("text", "duty.lighting"),
        "fallback_tier": ("text", "street"),
    }
    values |= {f"protected_{name}": values[name] for name in ("fallback_role", "fallback_tier")}
    lines = [
        f"routing.{key}:\n  title: {{zh: 值, en: x}}\n  type: {kind}\n  values:\n"
        f"    - {{from: 2020-01-01, value: {value}, source: X1, confidence: high}}\n"
        for key, (kind, value) in values.items()
    ]
    (folder / "parameters" / "routing.yaml").write_text("".join(lines), encoding="utf-8")
    if expected:
        (folder / "routing" / "expected.csv").write_text(HEAD + expected, encoding="utf-8")
    return read_chain(folder)


LAMP = MATTER.format(minor="001", limits="")


def rows(*whens: str) -> str:
    return "".join(ROW.format(id=f"r{n}", when=when) for n, when in enumerate(whens, 1))


@pytest.mark.parametrize(
    ("first", "second", "ties"),
    [
        ("matter: event.01.001", "matter: [event.01.001, event.01.002]", True),
        ("matter: event.01.001", "matter: event.01.*", False),
        ('matter: event.01.001, hours: "20:00-02:00"', 'matter: event.01.001, hours: "01:00-03:00"', True),
        ('matter: event.01.001, hours: "20:00-01:00"', 'matter: event.01.001, hours: "01:00-03:00"', False),
        ("matter: event.01.001, channel: web", "matter: event.01.001, channel: [phone, web]", True),
        ("matter: event.01.001, channel: web", "matter: event.01.001, channel: phone", False),
        ("matter: event.01.001, place_class: school", "matter: event.01.001, place_class: market", False),
        ("matter: event.01.001, place_class: school", "matter: event.01.001, place_class: [market, school]", True),
        ('matter: event.01.001, place: "320106"', 'matter: event.01.001, place: "320104"', False),
        ('matter: event.01.001, place: "320106"', 'matter: event.01.001, place: "320106"', True),
        ('matter: event.01.001, hours: "20:00-02:00"', "matter: event.01.001, place_class: school", False),
    ],
)
def test_ties_are_found_before_a_pack_is_published(tmp_path: Path, first: str, second: str, ties: bool) -> None:
    problems = checks.rows_are_ranked(pack(tmp_path, rows(first, second), LAMP))
    assert bool(problems) is ties
    if ties:
        assert "town/routing/r.yaml:" in problems[0].message
        assert problems[0].line > 0


def test_matter_that_is_only_covered_at_night_is_named(tmp_path: Path) -> None:
    source = pack(tmp_path, rows('matter: event.01.001, hours: "20:00-02:00"'), LAMP)
    assert [p.code for p in checks.matters_are_covered(source)] == ["routing.uncovered"]
    assert not checks.matters_are_covered(pack(tmp_path / "b", rows("matter: event.*"), LAMP))


def test_names_that_nothing_has_are_told(tmp_path: Path) -> None:
    source = pack(tmp_path, rows("matter: event.02.*", "matter: event.01.001, place_class: castle"), LAMP)
    assert sorted(p.code for p in checks.rows_name_what_there_is(source)) == ["routing.class", "routing.no_matter"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("灯,event.01.001,,10:00,web,duty.lighting,street,route.r1", ""),
        ("灯,event.01.001,school,10:00,web,duty.lighting,street,route.r2", ""),
        ("灯,event.01.001,school,10:00,web,duty.lighting,street,route.r1", "route.r2"),
        ("灯,event.01.001,,10:00,web,duty.lighting,district,route.r1", "street"),
        ("灯,topic.01.001,,10:00,web,duty.lighting,street,route.r1", "no row fits"),
        ("灯,event.01.001,,ten,web,duty.lighting,street,route.r1", "cannot be read"),
    ],
)
def test_expected_table_is_run(tmp_path: Path, line: str, wrong: str) -> None:
    source = pack(
        tmp_path, rows("matter: event.01.001", "matter: event.01.001, place_class: school"), LAMP, line + "\n"
    )
    problems = checks.expected_holds(source)
    assert bool(problems) is bool(wrong)
    assert all(wrong in p.message and p.file.endswith("expected.csv") for p in problems)


def test_expected_table_without_a_column_is_told(tmp_path: Path) -> None:
    source = pack(tmp_path, rows("matter: event.01.001"), LAMP, "x\n")
    (source.own.folder / "routing" / "expected.csv").write_text("matter,role\n", encoding="utf-8")
    assert "there is no column" in checks.expected_holds(source)[0].message


@pytest.mark.parametrize(
    ("minors", "named"), [(["999", "998"], []), (["999", "997"], ["event.01.998"]), (["080"], ["event.01.999"])]
)
def test_local_matters_count_down(tmp_path: Path, minors: list[str], named: list[str]) -> None:
    matters = "".join(MATTER.format(minor=m, limits="") for m in ["001", *minors])
    problems = matter_checks.extensions_run_downwards(pack(tmp_path, rows("matter: event.*"), matters))
    assert [p.mend for p in problems] == [f"Number it {code}" for code in named]


def test_two_limits_that_hold_at_once_are_told(tmp_path: Path) -> None:
    limits = "{stage: handle, amount: 1, unit: workday}, {stage: handle, amount: 2, unit: workday}"
    matters = MATTER.format(minor="001", limits=limits)
    assert [p.code for p in matter_checks.limits_are_ranked(pack(tmp_path, rows("matter: event.*"), matters))] == [
        "matters.limits"
    ]


@pytest.mark.parametrize("name", sorted(p.parent.name for p in PACKS.glob("*/pack.yaml")))
def test_shipped_packs_pass(name: str) -> None:
    source = read_chain(PACKS / name)
    problems = [str(p) for check in (*checks.CHECKS.values(), *matter_checks.CHECKS.values()) for p in check(source)]
    assert problems == []

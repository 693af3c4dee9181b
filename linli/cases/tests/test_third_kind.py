"""A third kind, added by a folder alone, works through engine, clocks, journal, permissions and views."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.cases import registry
from linli.cases.due import take_due
from linli.cases.models import Case
from linli.cases.selectors import handler_view, history
from linli.cases.tests.desk import PACKS, later, open_one, take
from linli.cases.tests.folding import differences
from linli.journal.verifying import verify
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import InputError, NotFoundError, RefusedError
from linli.kinds import discover
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from linli.rules.snapshot import Snapshot
from tests.town import AT, FOUNDED, Town

FOLDER = Path(__file__).parent / "kinds"


@pytest.fixture
def snapshot(town: Town, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(registry, "_KINDS", dict(registry.all_kinds()))
    discover([FOLDER])
    compiled = compile_pack(Path(__file__).parent / "packs", "confirmed", [PACKS])
    publish(compiled, SYSTEM, FOUNDED + timedelta(days=2))
    return compiled


def borrow(snapshot: Snapshot) -> Any:
    return open_one(kind="borrowing", matter=None, snapshot=snapshot, data={"thing": "folding_table"})


def test_it_is_found_and_compiled(snapshot: Snapshot) -> None:
    assert set(snapshot.section("procedures")) == {"borrowing", "event", "request"}


def test_it_runs_through_its_life(town: Town, snapshot: Snapshot) -> None:
    opened = borrow(snapshot)
    assert opened.due_at is not None
    with pytest.raises(RefusedError):
        take(opened.case, "lend", town.ref("duan"), pieces=2)
    assert handler_view(town.actor("mei"), opened.case, AT).steps == ("lend", "refuse")
    with pytest.raises(NotFoundError):
        handler_view(town.actor("liang"), opened.case, AT)
    take(opened.case, "lend", town.ref("mei"), pieces=2, note="桌角有划痕")
    while take_due(later(days=30)):
        pass
    take(opened.case, "take_back", town.ref("mei"), later(days=30))
    case = Case.objects.get(pk=opened.case)
    assert (case.state, case.counts, case.marks) == ("back", {"overdue": 1}, {"pieces": 2})
    assert [m.step for m in history(town.actor("mei"), opened.case, AT)] == ["open", "lend", "overdue", "take_back"]
    assert differences(opened.case) == {}
    assert verify().findings == []


def test_its_data_is_checked(snapshot: Snapshot) -> None:
    with pytest.raises(InputError) as wrong:
        open_one(kind="borrowing", matter=None, snapshot=snapshot, data={"thing": "一张桌子"})
    assert wrong.value.data["fields"] == {"thing": "string_pattern_mismatch"}


def test_the_guide_quotes_what_runs() -> None:
    """docs/howto/add-a-kind.md shows the very lines of the kind that this test adds."""
    guide = (Path(__file__).parents[3] / "docs" / "howto" / "add-a-kind.md").read_text(encoding="utf-8")
    quoted = re.findall(r"```(?:yaml|python)\n(.*?)```", guide, flags=re.DOTALL)
    files = [(FOLDER / "borrowing" / name).read_text(encoding="utf-8") for name in ("procedure.yaml", "kind.py")]
    assert len(quoted) == len(files)
    for quote, file in zip(quoted, files, strict=True):
        assert quote in file

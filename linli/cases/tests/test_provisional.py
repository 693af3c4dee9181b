"""A deadline on days that nobody has published moves when the calendar is, and the log says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from linli.cases.models import Case, Clock
from linli.cases.provisional import recompute_provisional
from linli.cases.tests.desk import PACKS, open_one
from linli.cases.tests.folding import differences
from linli.journal.selectors import entries_of
from linli.kernel.actors import SYSTEM
from linli.packs.services import publish
from linli.rules.compiler import compile_pack
from tests.town import Town

LATE = datetime(2026, 12, 28, 2, tzinfo=UTC)


def test_a_published_calendar_moves_provisional_deadlines(town: Town, tmp_path: Path) -> None:
    opened = open_one(at=LATE, received_at=LATE)
    before = Clock.objects.get(case=opened.case, name="answer")
    assert before.provisional
    assert recompute_provisional(LATE) == 0

    folder = tmp_path / "with_2027"
    (folder / "calendars").mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        'name: with-2027\ntitle: {zh: 新日历, en: New}\nparent: national\nplace: ""\nmaintainer: tests\n'
    )
    days = "".join(
        f"  2027-01-0{day}: {{kind: holiday, name: {{zh: 元旦, en: New Year}}}}\n" for day in (1, 2, 3, 4, 5)
    )
    (folder / "calendars" / "2027.yaml").write_text(
        f"year: 2027\nwhole: true\nsource: BK\nconfidence: high\ndays:\n{days}"
    )
    folder.rename(tmp_path / "with-2027")
    publish(compile_pack(tmp_path, "with-2027", [PACKS]), SYSTEM, LATE, replaces="confirmed")

    assert recompute_provisional(LATE) == 1
    after = Clock.objects.get(case=opened.case, name="answer")
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at > before.due_at
    assert not after.provisional
    assert entries_of(f"case:{opened.case}")[-1].verb == "cases.request.recompute"
    assert differences(opened.case) == {}
    case = Case.objects.get(pk=opened.case)
    rings = Clock.objects.filter(case=case, next_at__isnull=False).values_list("next_at", flat=True)
    assert case.next_due_at == min(ring for ring in rings if ring is not None)
    assert recompute_provisional(LATE) == 0

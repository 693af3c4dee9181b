"""Writing cases of one shape: a public number that stands already is drawn anew; a channel's number never enters twice."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from linli.cases import relettering
from linli.cases.courses import Course
from linli.cases.drafts import CaseDraft
from linli.cases.models import Case
from linli.cases.numbers import new_number
from linli.cases.relettering import WHERE, Alike, Spot, copy_line, open_alike
from linli.cases.tests.desk import rules
from linli.kernel.actors import SYSTEM
from linli.places.domain import Located
from tests.town import AT, GRIDS, Town

pytestmark = pytest.mark.django_db


def alike(*numbers: str) -> Alike:
    grid = GRIDS[0]
    draft = CaseDraft(
        kind="request", title="垃圾堆积", task_text=f"请清理。\n{WHERE}", snapshot=rules(), received_at=AT,
        channel="hotline", matter="event.01.002", matter_by="given",
        located=Located(grid, grid[:12], grid[:9], grid[:6], 0), lon=101.0, lat=25.0,
    )  # fmt: skip
    course = Course(draft, SYSTEM, AT, AT - timedelta(days=1))
    return Alike(course, [relettering.Case(Spot(grid, 101.005, 25.005, "桂花路三号"), one) for one in numbers])


def test_a_public_number_that_stands_already_is_drawn_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    open_alike([alike("a")])
    taken = Case.objects.get(external_id="a").no
    drawn = iter([taken, new_number()])
    monkeypatch.setattr(relettering, "new_number", lambda: next(drawn))
    open_alike([alike("b")])
    assert Case.objects.get(external_id="b").no != taken


def test_a_channels_number_enters_once(town: Town) -> None:
    open_alike([alike("a", "c")])
    with pytest.raises(psycopg.errors.UniqueViolation, match="external_once"):
        open_alike([alike("d", "a")])
    assert set(Case.objects.values_list("external_id", flat=True)) == {"a", "c"}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, "\\N"),
        (True, "t"),
        (b"\x01", "\\\\x01"),
        ("a\tb\\c\nd", "a\\tb\\\\c\\nd"),
        (["甲", 'b"'], '{"甲","b\\\\""}'),
    ],
)
def test_a_cell_as_copy_takes_it(value: object, cell: str) -> None:
    assert copy_line([value]) == f"{cell}\n"

"""Erasing on request and when due, statutory minimums, holds; and what is reported."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.journal.domain import PersonalDraft
from linli.journal.erasing import PartOutcome, erase_due, erase_part, erase_subject
from linli.journal.errors import UseEndedError
from linli.journal.selectors import entries_of, open_part, open_parts, parts_of
from linli.journal.services import hold_place, hold_release, write_personal
from linli.journal.tests.town import DAY_ONE, one, with_parts
from linli.journal.verifying import verify
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import NotFoundError

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def part(subject: str = "case:1", **dates: object) -> int:
    draft = PersonalDraft(subject, "voice.identity", b"13800138000", **dates)  # type: ignore[arg-type]
    return write_personal([draft], DAY_ONE)[0].id


def short(outcome: PartOutcome) -> tuple[int, str, date | None, str]:
    return outcome.part, outcome.outcome, outcome.until, outcome.why


def test_a_wish_erases_at_once_where_nothing_stands_against_it() -> None:
    one_part, other = with_parts("case:1", "case:2")
    assert [short(o) for o in erase_subject("case:1", SYSTEM, DAY_ONE, "consent_withdrawn")] == [
        (one_part, "erased", None, "")
    ]
    assert open_parts([one_part, other]) == {one_part: None, other: b"13800138000"}
    assert one("SELECT cipher IS NULL FROM journal_personal WHERE id = %s", one_part) is True
    last = entries_of("case:1")[-1]
    assert (last.verb, last.data["parts"], last.data["reason"]) == (
        "journal.personal.erased", [one_part], "consent_withdrawn",
    )  # fmt: skip
    assert erase_part(one_part, SYSTEM, DAY_ONE).outcome == "already"
    assert len(entries_of("case:1")) == 2
    assert verify().found == 0


def test_a_statutory_minimum_ends_use_at_once_and_deletes_on_its_day() -> None:
    kept = part(keep_until=TODAY + timedelta(days=10), keep_rule="petition.files")
    outcome = erase_part(kept, SYSTEM, DAY_ONE)
    assert short(outcome) == (kept, "use_ended", TODAY + timedelta(days=10), "petition.files")
    with pytest.raises(UseEndedError):
        open_part(kept)
    assert entries_of("case:1")[-1].verb == "journal.personal.use_ended"
    assert erase_due(DAY_ONE + timedelta(days=10), SYSTEM) == []
    assert [short(o) for o in erase_due(DAY_ONE + timedelta(days=11), SYSTEM)] == [(kept, "erased", None, "")]
    assert parts_of("case:1")[0].erased_why == "period_ended"


def test_a_second_wish_writes_no_second_entry() -> None:
    kept = part(keep_until=TODAY + timedelta(days=10), keep_rule="petition.files")
    erase_part(kept, SYSTEM, DAY_ONE)
    assert erase_subject("case:1", SYSTEM, DAY_ONE)[0].outcome == "use_ended"
    assert len(entries_of("case:1")) == 1


def test_the_daily_job_erases_what_is_due_and_reports_what_was_not() -> None:
    due = part("case:1", erase_after=TODAY - timedelta(days=1))
    held = part("case:2", erase_after=TODAY - timedelta(days=1))
    kept = part("case:3", erase_after=TODAY - timedelta(days=1), keep_until=TODAY, keep_rule="archive.law")
    last_day = part("case:4", erase_after=TODAY)
    unlimited = part("case:5")
    hold_place("case:2", "court", SYSTEM, DAY_ONE)
    assert [short(o) for o in erase_due(DAY_ONE, SYSTEM)] == [
        (due, "erased", None, ""), (held, "held", None, "court"), (kept, "kept", TODAY, "archive.law"),
    ]  # fmt: skip
    assert open_part(held) == open_part(kept) == open_part(last_day) == open_part(unlimited)
    report = entries_of("journal:erasing")[-1].data
    assert (report["due"], report["erased"], report["left"]) == (3, 1, 2)
    assert report["why"] == [
        {"part": held, "outcome": "held", "why": "court"}, {"part": kept, "outcome": "kept", "why": "archive.law"},
    ]  # fmt: skip
    hold_release("case:2", "court", SYSTEM, DAY_ONE)
    assert {o.outcome for o in erase_due(DAY_ONE + timedelta(days=1), SYSTEM)} == {"erased"}
    assert erase_due(DAY_ONE + timedelta(days=1), SYSTEM) == []
    assert verify().found == 0


def test_a_hold_with_an_end_ends() -> None:
    due = part(erase_after=TODAY - timedelta(days=1))
    assert hold_place("case:1", "review", SYSTEM, DAY_ONE, until=TODAY)
    assert not hold_place("case:1", "review", SYSTEM, DAY_ONE)
    assert short(erase_due(DAY_ONE, SYSTEM)[0]) == (due, "held", TODAY, "review")
    assert short(erase_due(DAY_ONE + timedelta(days=1), SYSTEM)[0]) == (due, "erased", None, "")


def test_a_wish_under_a_hold_ends_use_and_erases_after_the_release() -> None:
    held = part()
    hold_place("case:1", "petition", SYSTEM, DAY_ONE)
    assert short(erase_part(held, SYSTEM, DAY_ONE)) == (held, "use_ended", None, "petition")
    later = DAY_ONE + timedelta(days=1)
    assert short(erase_due(later, SYSTEM)[0]) == (held, "use_ended", None, "petition")
    assert hold_release("case:1", "petition", SYSTEM, later)
    assert not hold_release("case:1", "petition", SYSTEM, later)
    assert short(erase_due(later, SYSTEM)[0]) == (held, "erased", None, "")
    assert [row.verb for row in entries_of("case:1")] == [
        "journal.hold.placed", "journal.personal.use_ended", "journal.hold.released", "journal.personal.erased",
    ]  # fmt: skip


def test_the_day_is_that_of_china() -> None:
    part(erase_after=TODAY)
    evening = DAY_ONE.replace(hour=15, minute=59)
    assert erase_due(evening, SYSTEM) == []
    assert len(erase_due(evening + timedelta(minutes=1), SYSTEM)) == 1


def test_many_subjects_are_erased_in_several_rounds() -> None:
    for number in range(450):
        part(f"case:{number}", erase_after=TODAY - timedelta(days=1))
    steps: list[int] = []
    assert len(erase_due(DAY_ONE, SYSTEM, steps.append)) == 450
    assert steps == [200, 400, 450]
    assert verify().found == 0


def test_nothing_to_erase_is_said() -> None:
    with pytest.raises(NotFoundError):
        erase_subject("case:404", SYSTEM, DAY_ONE)
    with pytest.raises(NotFoundError):
        erase_part(10**9, SYSTEM, DAY_ONE)

"""Handing a desk on: written by the shift that ends, taken with one press by somebody else of the desk, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.tests.desk import published
from linli.journal.models import Personal
from linli.journal.selectors import entries_of
from linli.organisations.errors import (
    OrganisationConflictError,
    OrganisationError,
    OrganisationMissingError,
    OrganisationRefusedError,
)
from linli.organisations.handing import MOST_WORDS, Point, handed_on, take_over, write_hand_over
from linli.organisations.roster import ShiftDraft, shift_drop, shift_set
from linli.organisations.shifts import last_begun, shifts_between, waiting_before
from tests.town import AT, STREET, Town, town_of

HOUR = timedelta(hours=1)
POINTS = (Point("late", 2, ("260101000017", "260101000025")), Point("today", 0))
WORDS = "中山路口爆管，水务局老王已到场"

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    published()
    return town_of()


@pytest.fixture
def shift(town: Town) -> int:
    draft = ShiftDraft(town.street_desk, STREET, AT, AT + 8 * HOUR, town.he, town.hu, town.duan)
    return shift_set(draft, town.actor("he"), AT)


def test_what_is_handed_on_is_read_by_the_next_and_taken_once(town: Town, shift: int) -> None:
    end = AT + 8 * HOUR
    write_hand_over(shift, POINTS, f" {WORDS} ", town.actor("he"), end)
    found = handed_on(shift)
    assert found is not None
    assert (found.by, found.points, found.words) == (town.he, POINTS, WORDS)
    take_over(shift, 5, town.actor("hong"), end)
    (turn,) = shifts_between(town.street_desk, AT, end)
    assert (turn.shift.taken_by, turn.noted, turn.taken_at) == (town.hong, True, end)
    with pytest.raises(OrganisationConflictError):
        take_over(shift, 5, town.actor("duan"), end)
    with pytest.raises(OrganisationConflictError):
        write_hand_over(shift, (), "", town.actor("he"), end)


def test_the_words_lie_encrypted_beside_the_log_and_end_with_the_packs_days(town: Town, shift: int) -> None:
    write_hand_over(shift, POINTS, WORDS, town.actor("duan"), AT + HOUR)
    entry = entries_of(f"organisation:{town.street_desk}")[-1]
    assert (entry.verb, entry.data) == (
        "organisations.shift.noted",
        {"shift": shift, "points": {"late": 2, "today": 0}},
    )
    part = Personal.objects.get(pk=entry.personal or 0)
    assert WORDS.encode() not in bytes(part.cipher or b"")
    assert part.erase_after is not None


def test_a_shift_that_ended_without_a_word_can_be_taken_over_too(town: Town, shift: int) -> None:
    with pytest.raises(OrganisationError):
        take_over(shift, 0, town.actor("hong"), AT + HOUR)
    take_over(shift, 0, town.actor("hong"), AT + 8 * HOUR)
    assert handed_on(shift) is None


def test_who_handed_on_does_not_take_over(town: Town, shift: int) -> None:
    write_hand_over(shift, (), "", town.actor("duan"), AT + HOUR)
    with pytest.raises(OrganisationError):
        take_over(shift, 0, town.actor("duan"), AT + HOUR)
    take_over(shift, 0, town.actor("he"), AT + HOUR)


@pytest.mark.parametrize("name", ["mo", "han", "deng", "hu", "fang", "adam"])
def test_others_neither_hand_on_nor_take_over(town: Town, shift: int, name: str) -> None:
    before = len(entries_of(f"organisation:{town.street_desk}"))
    with pytest.raises(OrganisationRefusedError):
        write_hand_over(shift, (), "", town.actor(name), AT + HOUR)
    with pytest.raises(OrganisationRefusedError):
        take_over(shift, 0, town.actor(name), AT + 9 * HOUR)
    with pytest.raises(OrganisationRefusedError):
        shift_drop(shift, town.street_desk, town.actor(name), AT - HOUR)
    assert len(entries_of(f"organisation:{town.street_desk}")) == before


def test_bad_input_is_refused(town: Town, shift: int) -> None:
    with pytest.raises(OrganisationError) as refused:
        write_hand_over(shift, (), "长" * (MOST_WORDS + 1), town.actor("he"), AT + HOUR)
    assert refused.value.data == {"most": MOST_WORDS}
    with pytest.raises(OrganisationError):
        write_hand_over(shift, (), "", town.actor("he"), AT - HOUR)
    for missing in (0, shift + 1000):
        with pytest.raises(OrganisationMissingError):
            write_hand_over(missing, (), "", town.actor("he"), AT + HOUR)
        with pytest.raises(OrganisationMissingError):
            take_over(missing, 0, town.actor("he"), AT + HOUR)


def test_a_shift_ahead_can_be_taken_off_the_roster_one_that_began_cannot(town: Town, shift: int) -> None:
    with pytest.raises(OrganisationError):
        shift_drop(shift, town.street_desk, town.actor("he"), AT + HOUR)
    draft = ShiftDraft(town.street_desk, STREET, AT + 8 * HOUR, AT + 16 * HOUR, town.hong, town.hu)
    ahead = shift_set(draft, town.actor("he"), AT)
    shift_drop(ahead, town.street_desk, town.actor("he"), AT + HOUR)
    assert [one.shift.id for one in shifts_between(town.street_desk, AT, AT + 24 * HOUR)] == [shift]
    with pytest.raises(OrganisationMissingError):
        shift_drop(ahead, town.street_desk, town.actor("he"), AT + HOUR)


def test_the_last_shift_and_the_one_before_are_found(town: Town, shift: int) -> None:
    next_draft = ShiftDraft(town.street_desk, STREET, AT + 8 * HOUR, AT + 16 * HOUR, town.hong, town.hu)
    following = shift_set(next_draft, town.actor("he"), AT)
    assert last_begun(town.street_desk, AT - HOUR) is None
    found = [last_begun(town.street_desk, AT + hours * HOUR) for hours in (1, 9, 30)]
    assert [one.shift.id for one in found if one] == [shift, following, following]
    before = waiting_before(town.street_desk, AT + 8 * HOUR)
    assert before is not None
    assert before.shift.id == shift

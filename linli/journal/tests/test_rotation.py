"""Changing the key: everything lies under the new one, also after an interruption, and the chain does not notice."""

from __future__ import annotations

import pytest

from linli.journal import rotation
from linli.journal.erasing import erase_subject
from linli.journal.keyring import key_ring
from linli.journal.rotation import parts_by_key, rotate
from linli.journal.selectors import entries_of, open_parts
from linli.journal.tests.town import AFTER, DAY_ONE, sql, with_parts
from linli.journal.verifying import verify
from linli.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(rotation, "BATCH", 2)
    made = with_parts(*(f"case:{n}" for n in range(5)))
    erase_subject("case:4", SYSTEM, DAY_ONE)
    return made


def test_everything_is_encrypted_anew(parts: list[int]) -> None:
    old = key_ring().active()
    steps: list[tuple[int, int]] = []
    done = rotate(SYSTEM, AFTER, lambda n, total: steps.append((n, total)))
    assert (done.parts, done.resumed, steps) == (4, False, [(2, 4), (4, 4)])
    assert parts_by_key() == {done.key: 4}
    assert set(key_ring().key_ids()) == {old, done.key}
    assert set(open_parts(parts[:4]).values()) == {b"13800138000"}
    assert entries_of("journal:keys")[-1].data == {"key": done.key, "parts": 4}
    assert verify().found == 0


def test_an_interrupted_rotation_goes_on_under_the_same_key(parts: list[int]) -> None:
    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(SYSTEM, AFTER, stop)
    begun = key_ring().active()
    assert len(parts_by_key()) == 2
    done = rotate(SYSTEM, AFTER)
    assert (done.key, done.parts, done.resumed) == (begun, 2, True)
    assert parts_by_key() == {begun: 4}
    assert rotate(SYSTEM, AFTER).resumed is False


def test_a_part_that_does_not_open_stops_the_rotation_and_stays(parts: list[int]) -> None:
    sql("UPDATE journal_personal SET key_id = 'k000000000000' WHERE id = %s", parts[1])
    with pytest.raises(Exception, match="key is missing"):
        rotate(SYSTEM, AFTER)
    assert parts_by_key()["k000000000000"] == 1

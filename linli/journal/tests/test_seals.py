"""Roots, days and seal files, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.journal.merkle import EMPTY, MerkleRoot
from linli.journal.seals import Seal, bounds, day_of, last_due, read_files, write_file
from linli.kernel.errors import InputError

DAY = date(2026, 11, 24)


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return sha256(b"\x00" + hashes[0]).digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + by_definition(hashes[:half]) + by_definition(hashes[half:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_root_is_that_of_the_definition(hashes: list[bytes]) -> None:
    root = MerkleRoot()
    for one in hashes:
        root.add(one)
    assert (root.root(), root.count) == (by_definition(hashes), len(hashes))


def test_order_counts() -> None:
    one, two = MerkleRoot(), MerkleRoot()
    for value in (b"a", b"b", b"c"):
        one.add(value)
    for value in (b"b", b"a", b"c"):
        two.add(value)
    assert one.root() != two.root() != EMPTY


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC), date(2026, 11, 23)),  # 00:59:59 in China
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), date(2026, 11, 24)),  # 01:00
        (datetime(2026, 11, 24, 15, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_a_day_is_due_an_hour_after_it_ended(now: datetime, day: date) -> None:
    assert last_due(now) == day


def test_a_day_is_that_of_china_and_half_open() -> None:
    start, end = bounds(DAY)
    assert (start, end) == (datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC))
    assert (day_of(start), day_of(end)) == (DAY, date(2026, 11, 25))


def test_a_file_is_written_once_and_reads_back(tmp_path: Path) -> None:
    seal = Seal(DAY, 3, b"\x01" * 32, b"\x02" * 32)
    assert write_file(tmp_path / "seals", seal)
    assert not write_file(tmp_path / "seals", Seal(DAY, 4, b"\x01" * 32))
    assert list(read_files(tmp_path / "seals")) == [(seal, seal.hash)]


def test_a_file_that_is_no_seal_is_named(tmp_path: Path) -> None:
    (tmp_path / "2026-11-24.json").write_text('{"day": "2026-11-24"}')
    with pytest.raises(InputError, match="2026-11-24"):
        list(read_files(tmp_path))

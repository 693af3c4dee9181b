from __future__ import annotations

import pytest

from linli.access.domain import is_account_name, key_of, parse_key, secret_fits, secret_hash

RANDOM = bytes(range(36))


def test_key_survives_writing_down() -> None:
    key = key_of(RANDOM)
    again = parse_key(f" {key} ")
    assert again == key
    assert secret_fits(key, secret_hash(key))


def test_other_secret_does_not_fit() -> None:
    assert not secret_fits(key_of(RANDOM[::-1]), secret_hash(key_of(RANDOM)))


@pytest.mark.parametrize("text", ["", "lk_1234", "xx_00010203_ab", "lk_0001020_ab", "lk_00010203_"])
def test_what_is_no_key(text: str) -> None:
    assert parse_key(text) is None


def test_secret_is_not_in_the_repr() -> None:
    assert key_of(RANDOM).secret not in repr(key_of(RANDOM))


@pytest.mark.parametrize(
    ("name", "fits"), [("wang.fang", True), ("a", False), ("Wang", False), ("王芳", False), ("x" * 65, False)]
)
def test_names_of_accounts(name: str, fits: bool) -> None:
    assert is_account_name(name) is fits

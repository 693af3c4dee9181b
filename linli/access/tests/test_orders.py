"""Orders of bodies: what is kept, what opens one, what a code sounds like."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.access.domain import Order
from linli.access.models import OrderPass
from linli.access.orders import OrderDraft, heard_code, order_add, order_of, order_used, orders_issued, spoken_code
from tests.town import AT

UNTIL = AT + timedelta(days=20)

pytestmark = pytest.mark.django_db


def _made(made_as: str = "paper", case: int = 7, entry: int = 3) -> str:
    return order_add(OrderDraft(case, 5, entry, made_as, UNTIL), AT)  # type: ignore[arg-type]


@pytest.mark.parametrize("made_as", ["paper", "link"])
def test_a_secret_opens_its_order_until_its_end_and_no_longer(made_as: str) -> None:
    secret = _made(made_as)
    found = order_of(secret, AT)
    assert found is not None
    assert found == Order(found.id, 7, 5, 3, UNTIL)
    assert order_of(secret, UNTIL - timedelta(seconds=1)) is not None
    assert order_of(secret, UNTIL) is None


def test_a_code_may_be_typed_as_people_type() -> None:
    code = _made()
    for typed in (spoken_code(code), code.lower(), "-".join((code[:4], code[4:8], code[8:])), f" {code} "):
        found = order_of(typed, AT)
        assert found is not None, typed
    assert heard_code("oil0 1234 abcd") == "01101234ABCD"


@pytest.mark.parametrize(
    "typed", ["", " ", "U" * 12, "ABCD", "A" * 13, "\0" * 12, "编码编码编码编码编码编码", "x" * 4000]
)
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    _made()
    assert order_of(typed, AT) is None


def test_neither_secret_nor_its_plain_hash_is_kept() -> None:
    from hashlib import sha256

    secret = _made()
    row = OrderPass.objects.get()
    kept = bytes(row.secret_hash)
    assert secret.encode() not in kept
    assert kept != sha256(secret.encode()).digest()
    assert kept != sha256(b"access.order|" + secret.encode()).digest()


def test_uses_are_counted_and_the_desk_sees_those_it_asks_for() -> None:
    _made(entry=3)
    _made(entry=4)
    (first,) = orders_issued(7, [3])
    order_used(first.order.id, AT)
    order_used(first.order.id, UNTIL)
    (seen,) = orders_issued(7, [3])
    assert (seen.uses, seen.used_at, seen.made_as) == (2, UNTIL, "paper")
    assert orders_issued(7, []) == []
    assert orders_issued(8, [3]) == []

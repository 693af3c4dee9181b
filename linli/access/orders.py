"""Orders for bodies without an account: a link, or a code on paper, that stands for one body in one case for some days.

Is: a secret whose keyed hash is kept, the case, the body, the entry that issued it, until when, how often it was used. Is
not: a right of its own. That it still holds is said by the case (`linli.cases.byorder`), what it may do by the procedure.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from linli.access.domain import MadeAs, Order
from linli.access.models import OrderPass
from linli.journal.keyring import key_ring

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_LENGTH = 12
_LINK_BYTES = 24
_GROUP = 4

ORDER_SQL = """
SELECT jsonb_build_array(o.id, o.case_id, o.organisation, o.entry, o.expires_at) FROM access_orderpass o
 WHERE o.id = %(order)s::bigint
"""
"""One order by its id, for the read of a step; nothing for a null id. Index: access_orderpass_pkey."""


@dataclass(frozen=True, slots=True)
class OrderUse:
    """An order as the desk that issued it sees it. `uses` counts the steps taken with it."""

    order: Order
    made_as: str
    issued_at: datetime
    uses: int
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order to be made: see `Order`."""

    case: int
    organisation: int
    entry: int
    made_as: MadeAs
    expires_at: datetime


def order_add(draft: OrderDraft, at: datetime) -> str:
    """Keep an order; call it in the transaction of the step that issues it.

    Returns:
        Its secret: shown once and kept nowhere.

    Raises:
        KeyMissingError: there is no key ring.
    """
    secret = _code() if draft.made_as == "paper" else secrets.token_urlsafe(_LINK_BYTES)
    OrderPass.objects.create(
        secret_hash=_kept(secret),
        case_id=draft.case,
        organisation=draft.organisation,
        entry=draft.entry,
        made_as=draft.made_as,
        issued_at=at,
        expires_at=draft.expires_at,
    )
    return secret


def order_of(secret: str, at: datetime) -> Order | None:
    """The order behind a link or a code; None for a wrong one and for one whose days are over, without saying which.

    Args:
        secret: as it came in the address, or was typed.
        at: aware UTC.
    """
    hashes = {_kept(one) for one in (secret, heard_code(secret)) if one}
    row = OrderPass.objects.filter(secret_hash__in=hashes, expires_at__gt=at).first()
    return _order(row) if row else None


def order_used(order: int, at: datetime) -> None:
    """Count a step taken with an order; in the step's transaction."""
    OrderPass.objects.filter(pk=order).update(uses=F("uses") + 1, used_at=at)


def orders_issued(case: int, entries: Collection[int]) -> list[OrderUse]:
    """The orders of a case that these entries issued, the oldest first; no query for none."""
    if not entries:
        return []
    rows = OrderPass.objects.filter(case_id=case, entry__in=entries).order_by("id")
    return [OrderUse(_order(row), row.made_as, row.issued_at, row.uses, row.used_at) for row in rows]


def spoken_code(code: str) -> str:
    """A code as it is printed: three groups of four."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def heard_code(text: str) -> str:
    """A code as somebody typed it: capitals, no spaces and hyphens, letters that look like digits as digits."""
    plain = "".join(one for one in text.upper() if one.isascii() and one.isalnum()).translate(_ALIKE)
    return plain if len(plain) == _CODE_LENGTH and set(plain) <= set(_LETTERS) else ""


def _code() -> str:
    """Sixty random bits: with tries counted, nobody guesses one that is live."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def _kept(secret: str) -> bytes:
    # Under the key ring: a code is short enough to be tried out on a plain hash by who has the table.
    return key_ring().fingerprint(b"access.order|" + secret.encode())


def _order(row: OrderPass) -> Order:
    return Order(row.pk, row.case_id, row.organisation, row.entry, row.expires_at)

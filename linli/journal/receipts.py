"""Request ids: the same person, the same id and the same form give the first result again; another form is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection

from linli.journal import selectors
from linli.journal.canonical import canonical, canonical_text
from linli.journal.domain import Cell, actor_key
from linli.journal.errors import RequestReusedError
from linli.journal.keyring import key_ring
from linli.kernel.actors import ActorRef
from linli.rules.parameters import Integer, Parameter

RECEIPTS_KEPT = Parameter("journal.receipts_kept_days", Integer)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a repeated request id is answered with."""

    subject: str
    step: str
    form_hash: bytes
    result: Mapping[str, object]


def form_hash(step: str, form: Mapping[str, object]) -> bytes:
    """What tells a repeated form from another one, and tells nothing else: a hash under a key outside the database.

    Args:
        step: the step asked for.
        form: the form as canonical JSON values (coordinates as text or integers, never floats).

    Raises:
        CanonicalError: the form has no canonical form.
        KeyMissingError: there is no key ring.
    """
    return key_ring().fingerprint(canonical([step, dict(form)]))


def settle_receipt(receipt: Receipt | None, step: str, fingerprint: bytes) -> Mapping[str, object] | None:
    """What to do with a request id: None = it is new; a result = it was done already, answer with this.

    Args:
        receipt: what `selectors.receipt_of`, or a statement of one's own, found.
        step: the step asked for now.
        fingerprint: `form_hash` of the form given now.

    Raises:
        RequestReusedError: the same person used the id for another step or another form.
    """
    if receipt is None:
        return None
    if receipt.step != step or bytes(receipt.form_hash) != fingerprint:
        raise RequestReusedError(
            "This request id was used for something else.", hint="Make a fresh request id for a new request."
        )
    return receipt.result


def keep_receipt(actor: ActorRef, request_id: UUID, receipt: Receipt, at: datetime) -> None:
    """Remember the first result of a request id, in the transaction that produced it.

    Args:
        actor: whose request id it is.
        request_id: the id.
        receipt: the result, canonical JSON values, without personal data.
        at: now, aware UTC.

    Raises:
        RequestReusedError: somebody was faster; read the receipt again in a new transaction.
    """
    values = cast("tuple[Cell | UUID, ...]", receipt_row(actor, request_id, receipt, at))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{selectors.INSERT_RECEIPT} VALUES {selectors.cast_row(selectors.RECEIPT_TYPES)} ON CONFLICT DO NOTHING",
            values,
        )
        if cursor.rowcount == 0:
            raise RequestReusedError("This request is being answered already.", hint="Ask again.")


def receipt_row(actor: ActorRef, request_id: UUID, receipt: Receipt, at: datetime) -> tuple[object, ...]:
    """Values in the order of `selectors.RECEIPT_COLUMNS`, for a statement of one's own; arguments as `keep_receipt`."""
    result = canonical_text(dict(receipt.result))
    return actor_key(actor), request_id, receipt.subject, receipt.step, receipt.form_hash, result, at


def receipt_from(row: tuple[object, ...] | None) -> Receipt | None:
    """A receipt from a row of `selectors.RECEIPT_SQL` (step, form_hash, result, subject); None from no row."""
    if row is None:
        return None
    step, fingerprint, result, subject = row
    # Django leaves jsonb as text; a connection of psycopg's own does not.
    loaded = json.loads(result) if isinstance(result, str) else result
    return Receipt(str(subject), str(step), bytes(cast(bytes, fingerprint)), cast("Mapping[str, object]", loaded))


def receipt_of(actor: ActorRef, request_id: UUID) -> Receipt | None:
    """What this actor's request id was answered with, if it was used."""
    with connection.cursor() as cursor:
        cursor.execute(selectors.RECEIPT_SQL, {"actor_key": actor_key(actor), "request_id": request_id})
        return receipt_from(cursor.fetchone())

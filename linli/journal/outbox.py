"""What is put into the outbox: ids and codes, delivered after the commit (`delivery`); never anything about a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from linli.journal import selectors
from linli.journal.canonical import canonical_text
from linli.journal.domain import Cell
from linli.journal.errors import PayloadError

# Ids and codes: no words, nothing that reads like a telephone or identity number.
_CODE = re.compile(r"[A-Za-z0-9_.:-]{0,80}")
_PERSON_NUMBER = re.compile(r"(?<!\d)((?:86)?1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
MOBILE_LOW, MOBILE_HIGH = 13_000_000_000, 19_999_999_999


@dataclass(frozen=True, slots=True)
class OutboxDraft:
    """An effect that leaves the database.

    Attributes:
        kind: what delivers it, e.g. `notice.sms`.
        payload: ids and codes only; `checked_payload` refuses the rest.
        personal: id of a personal part that the delivery may open, e.g. a telephone number.
        not_before: first moment of delivery, aware; None: at once.
    """

    kind: str
    payload: Mapping[str, object] = field(default_factory=dict)
    personal: int | None = None
    not_before: datetime | None = None


def checked_payload(payload: Mapping[str, object]) -> str:
    """The canonical JSON text of an outbox payload.

    Raises:
        PayloadError: it holds words, or a number that reads like a telephone or identity number.
        CanonicalError: it has no canonical form.
    """
    _check_payload(dict(payload), "")
    return canonical_text(dict(payload))


def _check_payload(value: object, name: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _check_payload(item, str(key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_payload(item, name)
    elif _is_personal(value):
        raise PayloadError(
            "An outbox payload holds ids and codes only.",
            hint="Put what concerns a person into a personal part and name its id.",
            data={"field": name},
        )


def _is_personal(value: object) -> bool:
    if isinstance(value, str):
        return not _CODE.fullmatch(value) or bool(_PERSON_NUMBER.search(value))
    return isinstance(value, int) and MOBILE_LOW <= value <= MOBILE_HIGH


def outbox_row(draft: OutboxDraft, at: datetime) -> tuple[Cell, ...]:
    """Values in the order of `selectors.OUTBOX_COLUMNS`, for a statement of one's own.

    Raises:
        PayloadError: see `checked_payload`.
    """
    return draft.kind, checked_payload(draft.payload), draft.personal, at, draft.not_before or at


def add_outbox(drafts: Sequence[OutboxDraft], at: datetime) -> None:
    """Queue effects; they are delivered after the caller's transaction has committed.

    Raises:
        PayloadError: see `checked_payload`.
    """
    if not drafts:
        return
    rows = ", ".join([selectors.cast_row(selectors.OUTBOX_TYPES)] * len(drafts))
    values = [value for draft in drafts for value in outbox_row(draft, at)]
    with connection.cursor() as cursor:
        cursor.execute(f"{selectors.INSERT_OUTBOX} VALUES {rows}", values)

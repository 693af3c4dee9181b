"""Opening cases, many at a time: the only other writer of a case, in one transaction a batch.

Each draft is turned into rows in Python (`newcases`), then a batch goes in by COPY, one table after the other: cases,
clocks, bodies, voices, personal parts, entries, heads, outbox. All or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import psycopg
from django.db import transaction

from linli.cases.bulk import Rows, Table, copy_rows, draw_ids, insert_rows, known_cases
from linli.cases.decide import Plan
from linli.cases.domain import CaseFacts, Child
from linli.cases.drafts import CaseDraft, Opened
from linli.cases.newcases import Built, Ids, build
from linli.cases.receivers import Day
from linli.journal.errors import RequestReusedError
from linli.kernel.actors import ActorRef
from linli.kernel.errors import BusyError
from linli.packs.selectors import snapshot_by_hash


def open_cases(drafts: Sequence[CaseDraft], actor: ActorRef, *, at: datetime) -> list[Opened]:
    """Open all of them or none; a channel's number already known opens nothing and is returned as it stands.

    Args:
        drafts: checked and cleaned reports. A number that stands twice in them opens once.
        actor: who hands them in (an account, a key, the system).
        at: the server's clock, aware: when the cases are recorded.

    Returns:
        One answer a draft, in the same order.

    Raises:
        BusyError: another process opened one of these numbers at the same moment; call again.
        InputError: a draft's data does not fit its kind.
    """
    if not drafts:
        return []
    with _races_as_busy(), transaction.atomic():
        return _open(drafts, actor, at)


Beside = Callable[[Sequence[Opened]], list[Table]]
"""Rows of other tables that belong to the cases just built, e.g. the receipt of a request."""


def open_within(
    drafts: Sequence[CaseDraft], actor: ActorRef, *, at: datetime, beside: Beside | None = None
) -> list[Opened]:
    """The same in the transaction of the caller, which an error must end.

    Args:
        drafts: as `open_cases`.
        actor: as `open_cases`.
        at: as `open_cases`.
        beside: asked for the rows that are written with the new cases, once they are built.

    Raises:
        RequestReusedError: a receipt among the rows stands already.
        BusyError, InputError: as `open_cases`.
    """
    with _races_as_busy():
        return _open(drafts, actor, at, beside) if drafts else []


@contextmanager
def _races_as_busy() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        if error.diag.table_name == "journal_receipt":
            raise RequestReusedError("This request is being answered already.") from error
        raise _raced() from error
    except Exception as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise _raced() from error
        raise


def _raced() -> BusyError:
    return BusyError("Another process opened one of these at the same moment.", code="case.opened_meanwhile")


def _open(drafts: Sequence[CaseDraft], actor: ActorRef, at: datetime, beside: Beside | None = None) -> list[Opened]:
    known = known_cases([(d.channel, d.external_id) for d in drafts if d.external_id is not None])
    places: dict[tuple[str, str], int] = {}
    fresh: list[CaseDraft] = []
    answers: list[Opened | int] = []
    for draft in drafts:
        key = (draft.channel, draft.external_id) if draft.external_id is not None else None
        if key is not None and key in known:
            answers.append(known[key])
            continue
        if key is not None and key in places:
            answers.append(places[key])
            continue
        if key is not None:
            places[key] = len(fresh)
        answers.append(len(fresh))
        fresh.append(draft)
    opened = [built.opened for built in _write(fresh, actor, at, beside)]
    return _in_order(answers, opened)


def _in_order(answers: Sequence[Opened | int], opened: Sequence[Opened]) -> list[Opened]:
    seen: set[int] = set()
    ordered: list[Opened] = []
    for answer in answers:
        if isinstance(answer, Opened):
            ordered.append(answer)
        elif answer in seen:
            ordered.append(replace(opened[answer], token="", known=True))
        else:
            seen.add(answer)
            ordered.append(opened[answer])
    return ordered


def _write(drafts: Sequence[CaseDraft], actor: ActorRef, at: datetime, beside: Beside | None) -> list[Built]:
    if not drafts:
        return []
    voices = sum(draft.voice is not None for draft in drafts)
    ids = draw_ids(len(drafts), voices)
    built: list[Built] = []
    rows, day = Rows(), Day(at)
    for draft in drafts:
        voice = ids.take_voice() if draft.voice is not None else None
        one = build(draft, actor, day, Ids(ids.take_case(), voice))
        one.into(rows, draft)
        built.append(one)
    if beside is not None:
        rows.beside += beside([one.opened for one in built])
    (copy_rows if len(drafts) > 1 else insert_rows)(rows)
    return built


# children of a split


def with_child_ids(plan: Plan) -> Plan:
    """The plan with the ids that its children will have, also in the entry's data."""
    ids = tuple(sorted(draw_ids(len(plan.children), 0).cases))
    return replace(plan, child_ids=ids, data={**plan.data, "children": list(ids)})


def open_children(
    children: Sequence[Child], ids: Sequence[int], parent: CaseFacts, actor: ActorRef, at: datetime
) -> None:
    """Open the parts of a split case, in the transaction of the step that splits it.

    A child runs on the rules of its parent, its reporter's clock on the parent's receipt; voices stay with the parent.
    """
    snapshot = snapshot_by_hash(parent.snapshot)
    rows, day = Rows(), Day(at)
    for child, id_ in zip(children, ids, strict=True):
        draft = CaseDraft(
            kind=parent.kind,
            title=child.title,
            task_text=child.task_text,
            snapshot=snapshot,
            received_at=parent.received_at,
            happened_at=parent.happened_at,
            channel=parent.channel,
            matter=child.matter,
            matter_by="person" if child.matter else "none",
            place=child.place,
            lon=parent.lon,
            lat=parent.lat,
            flags=_child_flags(parent, child),
            compartment=parent.compartment,  # type: ignore[arg-type]
            data=parent.data,
        )
        build(draft, actor, day, Ids(id_, None), parent=parent.id).into(rows, draft)
    copy_rows(rows)


def _child_flags(parent: CaseFacts, child: Child) -> tuple[str, ...]:
    found = ["to_locate"] if "to_locate" in parent.flags else []
    return (*found, *(["to_class"] if child.matter is None else []))

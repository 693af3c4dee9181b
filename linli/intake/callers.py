"""Finding a caller's earlier cases again, by a keyed hash of the number; and which matters were told in one call.

Is: rows that bind voices, written in the transaction that opens their cases, gone with the voice's identity; a look-up that
is written down before it answers. Is not: a list: nothing here can be asked for but one number at a time, and only cases that
are open or of the matter told now come back.

Source: PIPL art 6 (no more than needed).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.callers import EarlierCase, cases_of_number, numbers_of_voices, plain_number, still_known, voices_of
from linli.intake.models import Caller
from linli.journal.domain import EntryDraft
from linli.journal.keyring import key_ring
from linli.journal.services import append_many
from linli.kernel.actors import Actor
from linli.rules.parameters import PersonalField

NUMBER_MARK = PersonalField("voice.number_mark")
_CANDIDATES = 200
_BATCH = 1000


def number_mark(number: str) -> bytes | None:
    """A keyed hash of a telephone number, the same however it is written; None where there is none."""
    digits = plain_number(number)
    return key_ring().fingerprint(f"intake.caller:{digits}".encode()) if digits else None


def caller_keep(case: int, number: str, call: UUID | None, at: datetime) -> None:
    """Bind the voices that came with a case to the number that rang and to the call; call it in the opening's transaction.

    Args:
        case: id of an open case; of a closed compartment nothing may be bound.
        number: as told; "" = withheld, or the caller asked for confidence.
        call: of several matters told in one call; None = it was the only one.
        at: now, aware UTC.
    """
    mark = number_mark(number)
    if mark is None and call is None:
        return
    rows = [Caller(voice=voice, mark=mark, call=call, made_at=at) for voice in voices_of(case)]
    Caller.objects.bulk_create(rows)


def earlier_cases(actor: Actor, number: str, matter: str, *, most: int, at: datetime) -> tuple[EarlierCase, ...]:
    """What a number reported before, for the desk that is speaking with it; who asked is written down first.

    Args:
        actor: with the posts held now.
        number: as heard.
        matter: code of the matter that is being told; "" = not known: then open cases only.
        most: most cases.
        at: now, aware UTC.
    """
    mark = number_mark(number)
    if mark is None:
        return ()
    # Index: intake_caller_mark; the latest first.
    voices = list(Caller.objects.filter(mark=mark).order_by("-voice").values_list("voice", flat=True)[:_CANDIDATES])
    with transaction.atomic():
        found = cases_of_number(actor, voices, number, matter, most=most)
        # How many, not which: the log would bind them to one another for ever.
        told = {"matter": matter, "found": len(found)}
        subject = f"calls:{actor.ref.account}"
        append_many([EntryDraft(subject, "intake.number.looked_up", actor.ref, at, at, told)])
    return found


def told_in_one_call(actor: Actor, voice: int) -> Sequence[str]:
    """Public numbers of the other matters that this voice told in the same call, for whoever has opened its identity.

    To have opened one matter opens no other: only what this desk looks after anyway is named, and nothing confidential.

    Args:
        actor: with the posts held now.
        voice: id.
    """
    call = Caller.objects.filter(pk=voice).values_list("call", flat=True).first()
    if call is None:
        return []
    others = Caller.objects.filter(call=call).exclude(pk=voice).values_list("voice", flat=True)
    # Erasing ends every use at once; the rows go with the next night.
    return numbers_of_voices(actor, still_known(list(others)))


def drop_forgotten(at: datetime) -> int:
    """Delete the rows of voices whose identity was erased or is out of use; return how many.

    Args:
        at: now, aware.
    """
    dropped, after = 0, 0
    while batch := _batch(after):
        gone = set(batch) - still_known(batch)
        dropped += Caller.objects.filter(voice__in=gone).delete()[0] if gone else 0
        after = batch[-1]
    return dropped


def _batch(after: int) -> Sequence[int]:
    return list(Caller.objects.filter(voice__gt=after).order_by("voice").values_list("voice", flat=True)[:_BATCH])

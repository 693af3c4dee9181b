"""Publishing rules: the only writer of these tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from linli.journal import services as journal
from linli.journal.domain import EntryDraft
from linli.kernel.actors import ActorRef
from linli.kernel.errors import ConflictError
from linli.packs import selectors
from linli.packs.checks import publish_problems
from linli.packs.errors import PublishRefused
from linli.packs.models import Publication, StoredSnapshot
from linli.rules.checks import check_source
from linli.rules.compiler import compile_source
from linli.rules.packfiles import read_chain
from linli.rules.problems import RuleErrors
from linli.rules.snapshot import Snapshot

_LOCK = 7_311_806  # one publication at a time: the checks look at what is live


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What publishing did; `changed` is False when these rules were live for the place already."""

    hash: str
    pack: str
    place: str
    changed: bool


def publish(snapshot: Snapshot, actor: ActorRef, at: datetime, *, note: str = "", replaces: str = "") -> PublishResult:
    """Let a compiled pack hold for its place from now on. Open cases keep the rules they were opened under.

    Args:
        snapshot: from `compile_pack`, after `check_pack` found nothing.
        actor: who publishes.
        at: now, aware.
        note: why, a sentence for the record.
        replaces: name of the pack of another name that holds for the same place and now gives way.

    Returns:
        The hash, and whether anything changed: the same rules again change nothing.

    Raises:
        PublishRefused: a live snapshot needs what is no longer there, or another pack holds the place.
        ConflictError: rules for this place were published at this or a later instant.
    """
    with transaction.atomic():
        _lock()
        live = selectors.live_rules(at).publications
        here = next((p for p in live if p.place == snapshot.place), None)
        if here is not None and here.hash == snapshot.hash:
            return PublishResult(snapshot.hash, snapshot.pack, snapshot.place, changed=False)
        _refuse(snapshot, live, here, replaces)
        StoredSnapshot.objects.bulk_create(
            [
                StoredSnapshot(
                    hash=snapshot.hash,
                    pack=snapshot.pack,
                    place=snapshot.place,
                    content=snapshot.content,
                    stored_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        _publication(snapshot, actor, at, note)
        journal.append_many([_entry(snapshot, actor, at, here)])
    return PublishResult(snapshot.hash, snapshot.pack, snapshot.place, changed=True)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _refuse(
    snapshot: Snapshot, live: Sequence[selectors.Published], here: selectors.Published | None, replaces: str
) -> None:
    reasons = publish_problems(snapshot, [selectors.snapshot_by_hash(p.hash) for p in live])
    if here is not None and here.pack not in {snapshot.pack, replaces}:
        place = f"the place {here.place}" if here.place else "everywhere"
        reasons.append(f"the pack {here.pack} holds for {place}: say that it is replaced, or take another place")
    if reasons:
        raise PublishRefused(
            f"{snapshot.pack} is not published: {'; '.join(reasons)}",
            hint="Mend this and publish again.",
            data={"pack": snapshot.pack, "hash": snapshot.hash, "reasons": len(reasons)},
        )


def _publication(snapshot: Snapshot, actor: ActorRef, at: datetime, note: str) -> None:
    later = Publication.objects.filter(place=snapshot.place, published_at__gte=at)
    try:
        if later.exists():
            raise IntegrityError
        with transaction.atomic():
            Publication.objects.create(
                snapshot_id=snapshot.hash,
                pack=snapshot.pack,
                place=snapshot.place,
                published_at=at,
                published_by=actor.account,
                note=note,
            )
    except IntegrityError as error:
        raise ConflictError(
            f"rules for this place were published at {at.isoformat()} or later",
            code="packs.later",
            hint="Look at the server's clock, and publish again.",
            data={"place": snapshot.place},
        ) from error


def _entry(snapshot: Snapshot, actor: ActorRef, at: datetime, before: selectors.Published | None) -> EntryDraft:
    return EntryDraft(
        subject=f"pack:{snapshot.pack}",
        verb="packs.snapshot.published",
        actor=actor,
        at=at,
        recorded_at=at,
        data={
            "hash": snapshot.hash,
            "place": snapshot.place,
            "chain": list(snapshot.chain),
            "before": before.hash if before else "",
        },
    )


def publish_pack(folder: Path, actor: ActorRef, at: datetime, *, note: str = "", replaces: str = "") -> PublishResult:
    """Check a pack, compile it and publish it: the only way from YAML to rules that hold.

    Args:
        folder: the pack's folder; parents are looked for around it, then among the packs that come with Linli.
        actor: who publishes.
        at: now, aware.
        note: why, a sentence for the record.
        replaces: name of the pack of another name that holds for the same place and now gives way.

    Raises:
        RuleErrors: everything that is wrong with the pack, each with file and line.
        PublishRefused: as `publish`.
        ConflictError: as `publish`.
    """
    source = read_chain(folder, [selectors.packs_folder()])
    problems = check_source(source)
    if problems:
        raise RuleErrors(problems)
    return publish(compile_source(source), actor, at, note=note, replaces=replaces)

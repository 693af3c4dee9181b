"""Which published rules hold, and rules by their hash. Snapshots are immutable, so each is kept in the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

import linli
from linli.packs.errors import NoRulesError
from linli.packs.models import Publication, StoredSnapshot
from linli.rules.resolver import rule_day
from linli.rules.snapshot import Rules, Snapshot


@dataclass(frozen=True, slots=True)
class Published:
    """One publication: which snapshot, for which place, since when, by whom."""

    id: int
    hash: str
    pack: str
    place: str
    published_at: datetime
    published_by: int | None
    note: str


@dataclass(frozen=True, slots=True)
class LiveRules:
    """The publications that hold at one instant, one a place, the deepest place first."""

    at: datetime
    publications: tuple[Published, ...]

    def published_for(self, place: str) -> Published:
        """The publication of the deepest place that contains `place`.

        Args:
            place: a code of any tier; "" asks for rules that hold everywhere.

        Raises:
            NoRulesError: nothing published serves the place.
        """
        found = next((p for p in self.publications if place.startswith(p.place)), None)
        if found is None:
            raise NoRulesError(
                f"no rules are published for {place or 'everywhere'} on {self.at:%Y-%m-%d}",
                hint="`linli rules publish NAME` publishes a pack; `linli setup --pack NAME` does at set-up.",
                data={"place": place, "at": self.at.isoformat()},
            )
        return found

    def snapshot_for(self, place: str) -> Snapshot:
        """The snapshot of `published_for(place)`.

        Raises:
            NoRulesError: nothing published serves the place.
        """
        return snapshot_by_hash(self.published_for(place).hash)


def live_rules(at: datetime) -> LiveRules:
    """What holds at an instant: one query, whatever the number of places asked afterwards.

    Args:
        at: aware instant.
    """
    # packs_one_a_place_and_instant serves it: (place, published_at).
    rows = Publication.objects.filter(published_at__lte=at).order_by("place", "-published_at").distinct("place")
    found = sorted((_published(row) for row in rows), key=lambda p: -len(p.place))
    return LiveRules(at, tuple(found))


def snapshot_for(place: str, at: datetime) -> Snapshot:
    """The rules for a place at an instant: those of the deepest published pack that contains the place.

    Args:
        place: a code of any tier, or "".
        at: aware instant.

    Raises:
        NoRulesError: nothing published serves the place.
    """
    return live_rules(at).snapshot_for(place)


def installation_rules(at: datetime) -> Rules:
    """The widest published rules as they stand on the day: for what concerns the installation as a whole.

    Args:
        at: aware instant.

    Raises:
        NoRulesError: nothing is published.
    """
    live = live_rules(at)
    place = live.publications[-1].place if live.publications else ""
    return live.snapshot_for(place).at(place, rule_day(at))


_of_minute: dict[datetime, Rules] = {}


def rules_this_minute(at: datetime) -> Rules:
    """`installation_rules`, read at most once a minute and process: for what every request or turn of a worker asks.

    Rules published within the minute may be seen only in the next one; that none were published is never remembered.

    Args:
        at: aware instant.

    Raises:
        NoRulesError: nothing is published.
    """
    minute = at.replace(second=0, microsecond=0)
    rules = _of_minute.get(minute)
    if rules is None:
        rules = installation_rules(at)
        _of_minute.clear()
        _of_minute[minute] = rules
    return rules


def forget_rules_of_minute() -> None:
    """Let the next `rules_this_minute` read again."""
    _of_minute.clear()


LIVE_HASH_SQL = (
    "(SELECT p.snapshot_id FROM packs_publication p WHERE p.published_at <= %(at)s::timestamptz"
    " ORDER BY length(p.place), p.published_at DESC LIMIT 1)"
)
"""The hash of the widest rules that hold at %(at)s, for a statement of one's own; NULL while nothing is published."""


@lru_cache(maxsize=128)
def snapshot_by_hash(hash_: str) -> Snapshot:
    """The rules with this hash, whether they still hold or not; read and proved once a process.

    Raises:
        NoRulesError: there are none.
        BrokenError: the stored content is not what was published.
    """
    stored = StoredSnapshot.objects.filter(hash=hash_).first()
    if stored is None:
        raise NoRulesError(f"no rules with the hash {hash_[:12]} are stored", data={"hash": hash_})
    return Snapshot.of(stored.content, expected_hash=stored.hash)


def hashes_beginning(prefix: str) -> list[str]:
    """Hashes of stored snapshots that begin with these characters, at most ten."""
    rows = StoredSnapshot.objects.filter(hash__startswith=prefix).order_by("hash")
    return list(rows.values_list("hash", flat=True)[:10])


def publications(pack: str | None = None) -> list[Published]:
    """All publications, the newest first; of one pack where named."""
    rows = Publication.objects.order_by("-published_at", "-id")
    return [_published(row) for row in (rows.filter(pack=pack) if pack else rows)]


def packs_folder() -> Path:
    """The folder of the packs that come with Linli, or the one that the setting PACKS_FOLDER names."""
    if named := getattr(settings, "PACKS_FOLDER", None):
        return Path(named)
    # A wheel carries them beside this module; in the source tree they lie where people edit them.
    shipped = Path(__file__).with_name("shipped")
    return shipped if shipped.is_dir() else Path(linli.__file__).resolve().parents[1] / "packs"


def _published(row: Publication) -> Published:
    return Published(
        id=row.pk,
        hash=row.snapshot_id,
        pack=row.pack,
        place=row.place,
        published_at=row.published_at,
        published_by=row.published_by,
        note=row.note,
    )

"""How the system stands, as gauges read when a monitor asks: the page of health as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata

from prometheus_client.core import GaugeMetricFamily

from linli.cases.health import due_health
from linli.journal.health import log_health


@dataclass(frozen=True, slots=True)
class Standing:
    """A collector for one asking, at one instant."""

    at: datetime

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: names are known by asking."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; ages are in seconds, instants in seconds since 1970."""
        due, log = due_health(self.at), log_health(self.at)
        yield _gauge("linli_due_cases", "Cases that wait for a worker; counted to 1000.", due.waiting)
        yield _gauge("linli_due_oldest_seconds", "How long the oldest of them has waited.", self._age(due.oldest))
        yield _gauge("linli_outbox_waiting", "Messages that wait to leave.", log.outbox.waiting)
        yield _gauge("linli_outbox_oldest_seconds", "How long the oldest has waited.", self._age(log.outbox.oldest))
        yield _gauge("linli_outbox_dead", "Messages that were given up.", log.outbox.dead)
        yield _gauge("linli_log_strays", "Entries in the default partition.", log.strays)
        yield _gauge("linli_log_months_missing", "Months ahead without a partition.", log.months_missing)
        for name, words, instant in (
            ("linli_last_seal_timestamp_seconds", "When the last day was sealed.", log.sealed_at),
            ("linli_last_backup_timestamp_seconds", "When the last backup was made.", log.backup_at),
        ):
            if instant is not None:
                yield _gauge(name, words, instant.timestamp())
        release = GaugeMetricFamily("linli_release", "The release that answers.", labels=("version",))
        release.add_metric((metadata.version("linli"),), 1)
        yield release

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max((self.at - since).total_seconds(), 0.0)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)

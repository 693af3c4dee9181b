"""What this area reads of packs: who writes entries, how often they are checked, how early their end is pointed out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import cast

from linli.kernel.pairs import text_pairs
from linli.kernel.worktime import WorkTable, before, due, work_table
from linli.matters.domain import Matter
from linli.matters.selectors import catalogue
from linli.packs.errors import NoRulesError
from linli.packs.selectors import LiveRules, live_rules
from linli.rules.parameters import Duration, Parameter, PersonalField, Share, TextList
from linli.rules.resolver import rule_day
from linli.rules.snapshot import Rules, Snapshot

WRITERS_OF_PLACE = Parameter("knowledge.writers_of_place", TextList)
WRITERS_OF_OWNER = Parameter("knowledge.writers_of_owner", TextList)
CHECK_EVERY = Parameter("knowledge.check_every", Duration)
ENDS_WITHIN = Parameter("knowledge.ends_within", Duration)
FILLER_WORDS = Parameter("knowledge.filler_words", TextList)
LEAST_SHARE = Parameter("knowledge.least_share", Share)
REPORT_WORDS = PersonalField("knowledge.report_words")


@dataclass(frozen=True, slots=True)
class KnowledgeRules:
    """The rules of one instant, for any place. A place that no rules serve goes by the widest that are published."""

    live: LiveRules

    def writers(self, place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Roles that write for the place they serve, and roles that write what their own body vouches for."""
        values = self._values(place)
        return values[WRITERS_OF_PLACE], values[WRITERS_OF_OWNER]

    def check_before(self, place: str) -> datetime:
        """What was checked last before this instant is to be checked again."""
        return before(self._table(place), self.live.at, self._values(place)[CHECK_EVERY])

    def ends_between(self, place: str) -> tuple[datetime, datetime]:
        """The stretch of time in which an end is pointed out: what ended lately, and what ends soon."""
        table, limit = self._table(place), self._values(place)[ENDS_WITHIN]
        return before(table, self.live.at, limit), due(table, self.live.at, limit)

    def told_apart(self, words: str, place: str) -> str:
        """A caller's words without those that say nothing of the matter; all of them where nothing else is left."""
        left = _filler(self._values(place)[FILLER_WORDS]).sub(" ", words)
        return left if text_pairs(left) else words

    def least_share(self, place: str) -> Fraction:
        """The share of the best hit's weight under which an entry is not offered."""
        return self._values(place)[LEAST_SHARE]

    def words_end(self, place: str) -> date:
        """Last day on which the words of a report written now are kept."""
        period = cast("Mapping[str, int]", self._serving(place)[0].personal(REPORT_WORDS.key)["period"])
        return rule_day(self.live.at) + timedelta(days=period["amount"])

    def snapshot(self, place: str) -> Snapshot:
        """The rules that serve a place."""
        return self._serving(place)[0]

    def matter(self, place: str, code: str) -> Matter | None:
        """The matter of that code at a place, or None."""
        return catalogue(self._serving(place)[0]).find(code)

    def _values(self, place: str) -> Rules:
        snapshot, served = self._serving(place)
        return snapshot.at(served, rule_day(self.live.at))

    def _table(self, place: str) -> WorkTable:
        snapshot, served = self._serving(place)
        return work_table(snapshot.calendar(served))

    def _serving(self, place: str) -> tuple[Snapshot, str]:
        try:
            return self.live.snapshot_for(place), place
        except NoRulesError:
            if not self.live.publications:
                raise
            widest = self.live.publications[-1].place
            return self.live.snapshot_for(widest), widest


@lru_cache(maxsize=16)
def _filler(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def knowledge_rules(at: datetime) -> KnowledgeRules:
    """The rules that hold at an instant (aware UTC). One query."""
    return KnowledgeRules(live_rules(at))

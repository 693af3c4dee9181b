"""Tables of what callers ask and are told. Written by `services` and `reporting`, read by `selectors` only.

Two times, as with organisations: `valid` is when an answer holds in the world, `recorded` is when this system held it for
true. A version is never changed: it is closed and another one is written. A trigger holds that. No person stands here: who
wrote, checked or reported is in the journal; a row names a post at most.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """The lasting identity of an entry: which question, for which place; and what is kept at hand of its history.

    Entries of one `key` answer one question; where several hold, the deepest place wins.
    """

    key = models.CharField(max_length=64)
    place = models.CharField(max_length=15, blank=True)
    opened_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    checked_post = models.BigIntegerField(null=True)
    versions = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            # Serves the look for a deeper entry of the same question too.
            models.UniqueConstraint(fields=["key", "place"], name="knowledge_entry_once"),
        ]
        indexes: ClassVar = [models.Index("checked_at", "id", name="knowledge_entry_checked")]


class Version(models.Model):
    """What an entry says from when to when. A rest of a shortened version keeps its number: its content is the same."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    questions = ArrayField(models.TextField())
    answer = models.TextField()
    owner = models.BigIntegerField()
    source = models.TextField(blank=True)
    matter = models.TextField(blank=True)
    made_post = models.BigIntegerField(null=True)
    asked = ArrayField(models.TextField())
    pairs = ArrayField(models.TextField())
    valid = DateTimeRangeField()
    recorded = DateTimeRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="knowledge_version_one_at_a_time",
                expressions=[("entry", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(recorded__upper_inf=True),
            ),
            models.CheckConstraint(condition=Q(questions__len__gt=0) & ~Q(answer=""), name="knowledge_version_says"),
        ]
        indexes: ClassVar = [
            # What search asks: pairs of questions and answers that are held for true.
            GinIndex(fields=["pairs"], name="knowledge_version_pairs", condition=Q(recorded__upper_inf=True)),
            models.Index("entry", "number", name="knowledge_version_entry"),
            # Those that end soon.
            models.Index(
                F("valid__endswith"), F("id"), name="knowledge_version_ends", condition=Q(recorded__upper_inf=True)
            ),
        ]


class Report(models.Model):
    """Somebody at a desk says that an entry is wrong (`entry`), or that there is none (no entry). Closed once.

    What was asked and said is a personal part of the journal (`words`): a caller's words may stand in it.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=15, blank=True)
    owner = models.BigIntegerField(null=True)
    words = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    how = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, how="") | Q(settled_at__isnull=False, how__in=["changed", "checked", "dropped"]),
                name="knowledge_report_settled",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index("id", name="knowledge_report_open", condition=Q(settled_at__isnull=True)),
            models.Index("entry", name="knowledge_report_entry", condition=Q(entry__isnull=False)),
        ]

"""Tables of cases. Written by `statements` and `opening` alone; other areas see none of this.

A reporter is in `Voice`, apart from the case, and their identity and words are personal parts of the journal,
encrypted: no column here holds a name, a number, a home or an original word.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Left


class Case(models.Model):
    """A matter that is worked on; its columns are what the fold of its log gives."""

    no = models.TextField(unique=True)
    kind = models.TextField()
    state = models.TextField()
    title = models.TextField()
    task_text = models.TextField()
    matter = models.TextField(null=True)  # noqa: DJ001 - no matter is not the empty matter
    matter_by = models.TextField()
    confidence = models.SmallIntegerField(null=True)
    place = models.TextField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    flags = ArrayField(models.TextField(), default=list)
    compartment = models.TextField()
    data = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    candidates = ArrayField(models.BigIntegerField(), default=list)
    snapshot = models.TextField()
    owner = models.BigIntegerField(null=True)
    parent = models.BigIntegerField(null=True)
    joined_to = models.BigIntegerField(null=True)
    doers = models.JSONField(default=list)
    back_to = models.TextField(default="")
    result = models.TextField(default="")
    channel = models.TextField()
    external_id = models.TextField(null=True)  # noqa: DJ001 - unique, and many have none
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    limit_at = models.DateTimeField(null=True)
    seq = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            # The same number of the same channel opens once, whatever runs at the same time.
            models.UniqueConstraint("channel", "external_id", name="cases_case_external_once"),
            models.CheckConstraint(
                condition=Q(compartment__in=["open", "protected", "sealed"]), name="cases_case_compartment"
            ),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("id")), name="cases_case_not_own"
            ),
        ]
        indexes: ClassVar = [
            # What the workers take.
            models.Index("next_due_at", "id", name="cases_case_due", condition=Q(next_due_at__isnull=False)),
            # Queues of a body and of a place, open cases only, the nearest limit first.
            models.Index("owner", "limit_at", "id", name="cases_case_owner", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["place", "limit_at", "id"], name="cases_case_place", include=["state"],
                condition=Q(closed_at__isnull=True, compartment="open"),
                opclasses=["text_pattern_ops", "timestamptz_ops", "int8_ops"],
            ),
            # A street's, in their order; counted by place without looking at the rows.
            models.Index(
                Left("place", 9), "limit_at", "id", name="cases_case_street", include=["place", "state"],
                condition=Q(closed_at__isnull=True, compartment="open"),
            ),
            # The same where the place is all of a district or a city: along the limits, and along each state's.
            models.Index(
                "limit_at", "id", name="cases_case_wide", condition=Q(closed_at__isnull=True, compartment="open")
            ),
            models.Index(
                "state", "limit_at", "id", name="cases_case_state", condition=Q(closed_at__isnull=True, compartment="open")
            ),
            # Where duplicates are looked for.
            models.Index(
                "matter", "received_at", name="cases_case_again", condition=Q(compartment="open", joined_to__isnull=True)
            ),
            # The same, near a point: a matter's open cases by longitude, so that a city's month is not gone through.
            models.Index(
                "matter", "lon", "lat", "received_at", name="cases_case_near",
                condition=Q(compartment="open", joined_to__isnull=True, closed_at__isnull=True),
            ),
            # The few that only named receivers see, for whether each has one.
            models.Index("id", name="cases_case_unseen", condition=~Q(compartment="open") & Q(closed_at__isnull=True)),
            # How often an answer of the knowledge base closed a case.
            models.Index(
                Cast(KT("marks__entry"), models.BigIntegerField()), name="cases_case_answered",
                condition=Q(marks__has_key="entry", closed_at__isnull=False),
            ),
            models.Index("parent", name="cases_case_parent", condition=Q(parent__isnull=False)),
            models.Index("joined_to", name="cases_case_joined", condition=Q(joined_to__isnull=False)),
        ]  # fmt: skip


class CaseWords(models.Model):
    """What search keeps of an open case: pairs of characters and codes (`pairs`). Beside the case, for steps rewrite that."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    pairs = ArrayField(models.TextField())

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["pairs"], name="cases_words_pairs")]


class Clock(models.Model):
    """One clock; `work` is the kernel's state, the other columns follow from it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    whose = models.TextField()
    organisation = models.BigIntegerField(null=True)
    rule = models.TextField()
    work = models.JSONField()
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    alarm = models.SmallIntegerField()
    state = models.TextField()
    provisional = models.BooleanField()
    stopped_at = models.DateTimeField(null=True)
    outcome = models.TextField()
    calendar = models.TextField(db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["running", "paused", "stopped"]), name="cases_clock_state"),
            # One open clock of a name for each body; serves the engine's read too.
            models.UniqueConstraint(
                "case", "name", "organisation",
                name="cases_clock_open", condition=~Q(state="stopped"), nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index("case", name="cases_clock_case"),
            models.Index("id", name="cases_clock_unsure", condition=Q(provisional=True, state="running")),
            # What waits for a body, and what ends in a stretch of time.
            models.Index("organisation", "case", name="cases_clock_body", condition=Q(state="running", whose="body")),
            # What desks have promised and not kept yet, the nearest day first.
            models.Index("due_at", "id", name="cases_clock_promise", condition=Q(name="promise") & ~Q(state="stopped")),
        ]


class Assignment(models.Model):
    """A body's part in a case, or a person or post named to receive it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    organisation = models.BigIntegerField()
    post = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    role = models.TextField()
    state = models.TextField()
    by = models.TextField()
    sent_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    deemed = models.BooleanField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=["lead", "co", "receiver"]), name="cases_assignment_role"),
            models.UniqueConstraint(
                "case", name="cases_assignment_one_lead", condition=Q(role="lead", ended_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index("case", name="cases_assignment_case"),
            models.Index("organisation", "state", name="cases_assignment_body", condition=Q(ended_at__isnull=True)),
            models.Index(
                "account", "post", name="cases_assignment_named", condition=Q(role="receiver", ended_at__isnull=True)
            ),
        ]


class Voice(models.Model):
    """A reporter's compartment: pointers to encrypted parts, the hash of their private link, what they wished.

    `case` is where the voice counts, `home` the case it came with; they differ while that case is joined.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="voices", db_index=False)
    home = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="own_voices", db_index=False)
    token = models.BinaryField(unique=True)
    identity = models.BigIntegerField(null=True)
    words = models.BigIntegerField(null=True)
    wishes = ArrayField(models.TextField(), default=list)
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index("case", name="cases_voice_case"),
            models.Index("home", name="cases_voice_home"),
        ]


class Notice(models.Model):
    """A message to a body or a desk: what happened to which case. The id is that of the outbox row."""

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    what = models.TextField()
    told = models.TextField()
    organisation = models.BigIntegerField(null=True)
    place = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index("organisation", "id", name="cases_notice_body", condition=Q(organisation__isnull=False)),
            models.Index(
                fields=["place", "id"], name="cases_notice_desk", condition=Q(told="desk"),
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index("at", name="cases_notice_at"),
        ]  # fmt: skip


class NoticeSeen(models.Model):
    """How far a person has read their messages; nobody else is shown it."""

    account = models.BigIntegerField(primary_key=True)
    upto = models.BigIntegerField()


class NoticeWish(models.Model):
    """How a person wishes to be told of messages; nobody else is shown it. Hours as HH:MM, "" = no quiet hours."""

    account = models.BigIntegerField(primary_key=True)
    paces = models.JSONField(default=dict)
    quiet_from = models.TextField(default="")
    quiet_until = models.TextField(default="")


class Evidence(models.Model):
    """A photo: an encrypted file outside the database, whose it is, and until when. No column tells what it shows.

    Without `case` it is loose: kept for whoever holds it (`account`, or the hash of a draft's secret).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, db_index=False)
    voice = models.BigIntegerField(null=True)
    side = models.TextField(default="")
    account = models.BigIntegerField(null=True)
    draft = models.BinaryField(null=True)
    name = models.TextField(unique=True)
    key_id = models.TextField()
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=True, side="") | Q(case__isnull=False, side__in=["reporter", "body"]),
                name="cases_evidence_side",
            ),
        ]
        indexes: ClassVar = [
            models.Index("case", name="cases_evidence_case", condition=Q(case__isnull=False)),
            models.Index("made_at", name="cases_evidence_loose", condition=Q(case__isnull=True)),
            models.Index("draft", name="cases_evidence_draft", condition=Q(case__isnull=True)),
            models.Index("voice", name="cases_evidence_voice", condition=Q(voice__isnull=False)),
        ]

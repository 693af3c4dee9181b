"""Tables of the journal as Django sees them.

Entries, heads, personal parts and seals are made by SQL (partitions, triggers), so Django does not manage them: a
test's flush does not empty them, and nothing saves them by accident. All writing is in `services`, `erasing`, `sealing` and
`delivery`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One entry of the append-only log; partitioned by month of `recorded_at`."""

    pk = models.CompositePrimaryKey("recorded_at", "id")
    id = models.BigIntegerField()
    subject = models.TextField()
    seq = models.IntegerField()
    verb = models.TextField()
    actor_kind = models.TextField()
    actor_account = models.BigIntegerField(null=True)
    actor_voice = models.BigIntegerField(null=True)
    post = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    version = models.SmallIntegerField()
    personal = models.BigIntegerField(null=True)
    commitment = models.BinaryField(null=True)
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_entry"


class Head(models.Model):
    """The end of a subject's chain; its row is the lock of every append."""

    subject = models.TextField(primary_key=True)
    seq = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_head"


class Personal(models.Model):
    """A personal part: encrypted with its salt, erasable; the row stays and says when and why it was erased."""

    id = models.BigAutoField(primary_key=True)
    subject = models.TextField()
    purpose = models.TextField()
    cipher = models.BinaryField(null=True)
    key_id = models.TextField()
    written_at = models.DateTimeField()
    erase_after = models.DateField(null=True)
    keep_until = models.DateField(null=True)
    keep_rule = models.TextField(default="")
    restricted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_why = models.TextField(default="")

    class Meta:
        managed = False
        db_table = "journal_personal"


class Closing(models.Model):
    """A day that takes no further entry, because its seal is being reckoned or stands."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "journal_closing"


class Seal(models.Model):
    """The seal of one day, chained to the seal of the day before."""

    day = models.DateField(primary_key=True)
    entries = models.BigIntegerField()
    root = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "journal_seal"


class Hold(models.Model):
    """A reason why a subject's personal parts are kept beyond their day: review, court case or petition."""

    subject = models.TextField()
    ground = models.TextField(choices=[("review", "review"), ("court", "court"), ("petition", "petition")])
    placed_at = models.DateTimeField()
    until = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ground__in=["review", "court", "petition"]), name="journal_hold_ground"
            ),
            models.UniqueConstraint(
                "subject", "ground", condition=models.Q(released_at__isnull=True), name="journal_hold_once"
            ),
        ]


class Outbox(models.Model):
    """An effect that leaves the database: ids and codes only; what is personal stays behind `personal`."""

    kind = models.TextField()
    payload = models.JSONField()
    personal = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.SmallIntegerField(db_default=0)
    state = models.TextField(db_default="waiting")
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(db_default="")

    class Meta:
        indexes: ClassVar = [
            # What the next delivery takes.
            models.Index(
                "next_at", "id", name="journal_outbox_next", condition=models.Q(state__in=["waiting", "sending"])
            ),
            models.Index("sent_at", name="journal_outbox_sent", condition=models.Q(state="sent")),
            models.Index("id", name="journal_outbox_dead", condition=models.Q(state="dead")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending", "sent", "dead"]), name="journal_outbox_state"
            ),
        ]


class Receipt(models.Model):
    """The first result of a request id, by actor."""

    pk = models.CompositePrimaryKey("actor_key", "request_id")
    actor_key = models.TextField()
    request_id = models.UUIDField()
    subject = models.TextField()
    step = models.TextField()
    form_hash = models.BinaryField()
    result = models.JSONField()
    at = models.DateTimeField(db_index=True)

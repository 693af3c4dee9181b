"""Tables: what finds duplicates, reports still being written, calls of one number, tables handed in; all short-lived."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Sketch(models.Model):
    """Keyed hashes of the words of one report that may be shown, each with its weight; no word can be read from it.

    The key lies in the key ring outside the database; rows go when they are older than the pack's days.
    """

    case = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    marks = ArrayField(models.BigIntegerField())

    class Meta:
        indexes: ClassVar = [models.Index("made_at", name="intake_sketch_made")]


class Draft(models.Model):
    """A resident's report on its way: encrypted, found by the hash of a secret that the browser holds, gone after a day.

    Once it is sent, it holds nothing but the private link, so that a form sent twice leads to the same place.
    """

    secret = models.BinaryField(primary_key=True)
    key_id = models.TextField()
    cipher = models.BinaryField()
    sent = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index("made_at", name="intake_draft_made")]


class Caller(models.Model):
    """A voice that rang: a keyed hash of its number, and which call it was. No number can be read from it, nobody is listed.

    Only voices of open cases that did not ask for confidence stand here with a hash; rows go with the voice's identity.
    """

    voice = models.BigIntegerField(primary_key=True)
    mark = models.BinaryField(null=True)
    call = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index("mark", "voice", name="intake_caller_mark", condition=models.Q(mark__isnull=False)),
            models.Index("call", name="intake_caller_call", condition=models.Q(call__isnull=False)),
        ]


class Upload(models.Model):
    """A table that somebody handed in: encrypted until it was taken in or a day has passed; counts stay, words do not.

    `account` alone sees it. `state`: `checked`, `waiting`, `running`, `done`.
    """

    account = models.BigIntegerField()
    purpose = models.TextField()
    state = models.TextField()
    rows = models.IntegerField()
    wrong = models.IntegerField()
    done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    key_id = models.TextField(blank=True)
    cipher = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index("made_at", name="intake_upload_made")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="intake_upload_state", condition=models.Q(state__in=["checked", "waiting", "running", "done"])
            )
        ]

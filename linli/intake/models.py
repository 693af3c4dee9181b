"""One table: what is kept of a report's words to find duplicates, for as long as the search looks back."""

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

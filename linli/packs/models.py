"""Tables of published rules. Rows are added and never changed: triggers of the first migration refuse the rest."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from linli.packs.written import WrittenJSONField


class StoredSnapshot(models.Model):
    """The content of one compiled pack, under its hash. Stored once, however often it is published."""

    hash = models.CharField(max_length=64, primary_key=True)
    pack = models.TextField()
    place = models.TextField(blank=True)
    content = WrittenJSONField()
    stored_at = models.DateTimeField()

    class Meta:
        """Shape checked by the database."""

        constraints = (
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="packs_hash_is_sha256"),
            models.CheckConstraint(condition=Q(place__regex=r"^[0-9]*$"), name="packs_place_is_digits"),
        )

    def __str__(self) -> str:
        return f"{self.pack} {self.hash[:12]}"


class Publication(models.Model):
    """From `published_at` on, the snapshot holds for its place, until the next one of the same place."""

    snapshot = models.ForeignKey(StoredSnapshot, on_delete=models.PROTECT, related_name="publications")
    pack = models.TextField()
    place = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        """Two publications of one place never begin at one instant."""

        constraints = (models.UniqueConstraint(fields=["place", "published_at"], name="packs_one_a_place_and_instant"),)

    def __str__(self) -> str:
        return f"{self.pack} from {self.published_at.isoformat()}"

"""Tables of the register. Rows are versions: closed by ending their period, never changed or deleted.

Not here: who works where (organisations), what a layer's trade does with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from linli.places.domain import PlaceKind


def _never_empty(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=models.Q(period__isempty=False))


def _once(name: str, *keys: str) -> ExclusionConstraint:
    """No two rows with the same keys hold at one instant."""
    pairs: list[tuple[str, str]] = [(key, RangeOperators.EQUAL) for key in keys]
    return ExclusionConstraint(name=name, expressions=[*pairs, ("period", RangeOperators.OVERLAPS)])


class Register(models.Model):
    """One row: `version` is the last change (0 = none yet); its lock makes writers take turns."""

    version = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="places_register_single", condition=models.Q(id=1)),
        ]


class Change(models.Model):
    """One act on the register; `digest` covers every row it opened or closed and stands in the journal."""

    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)


class Version(models.Model):
    """What every dated row has: the code it speaks of, its period, and the acts that opened and closed it."""

    code = models.CharField(max_length=15, db_index=True)
    period = DateTimeRangeField()
    opened_in = models.ForeignKey(Change, models.PROTECT, related_name="+")
    closed_in = models.ForeignKey(Change, models.PROTECT, related_name="+", null=True)

    class Meta:
        abstract = True


class Place(Version):
    """A version of a node of the five-tier tree; the parent is the code's own prefix."""

    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in PlaceKind])
    name = models.CharField(max_length=120)
    base = models.CharField(max_length=15, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            _once("places_place_once", "code"),
            _never_empty("places_place_period"),
            models.CheckConstraint(
                name="places_micro_has_base",
                condition=models.Q(kind="micro", base__gt="") | (~models.Q(kind="micro") & models.Q(base="")),
            ),
        ]


class Outline(Version):
    """The ground of a place, as WKB in WGS 84 / CGCS2000 degrees (longitude first)."""

    wkb = models.BinaryField()
    area_m2 = models.BigIntegerField()
    origin = models.CharField(max_length=10, choices=[("import", "import"), ("generated", "generated")])

    class Meta:
        constraints: ClassVar = [_once("places_outline_once", "code"), _never_empty("places_outline_period")]


class Lineage(models.Model):
    """Ground that went from one grid code to another at an instant; shares are millionths of `before`."""

    before = models.CharField(max_length=15, db_index=True)
    after = models.CharField(max_length=15, db_index=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=8, choices=[(r, r) for r in ("split", "merge", "redraw")])
    share_ppm = models.PositiveIntegerField()
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="places_lineage_once", fields=["before", "after", "at"]),
            models.CheckConstraint(
                name="places_lineage_share",
                condition=models.Q(share_ppm__gte=1) & models.Q(share_ppm__lte=1_000_000),
            ),
        ]


class Layer(models.Model):
    """A trade's view of the same ground (party building, public order, place class …)."""

    code = models.SlugField(max_length=40, primary_key=True)
    title = models.CharField(max_length=120)
    department = models.CharField(max_length=120, blank=True, default="")


class LayerGrid(Version):
    """A grid (`code`) belongs, in a layer, to that trade's own place; there is no polygon here."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="+")
    place = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            _once("places_layergrid_once", "layer", "code", "place"),
            _never_empty("places_layergrid_period"),
        ]


class GridNotice(Version):
    """The public notice of a grid (`code`)."""

    public_name = models.CharField(max_length=120, blank=True, default="")
    worker_shown = models.CharField(max_length=60, blank=True, default="")
    worker_phone = models.CharField(max_length=40, blank=True, default="")
    supervision_phone = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [_once("places_notice_once", "code"), _never_empty("places_notice_period")]

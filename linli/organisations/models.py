"""Tables of organisations, posts and who holds them. Written by `services`, read by `selectors` only.

Two times: `valid` is when a thing holds in the world, `recorded` is when this system held it for true.
A row of a dated table is never changed: it is closed (`recorded` gets its end) and another one is
written. A trigger holds that, exclusion constraints hold that live rows do not contradict each other.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

LIVE = Q(recorded__upper_inf=True)


def _no_overlap(name: str, *columns: str, condition: Q = LIVE) -> ExclusionConstraint:
    equal = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(
        name=name,
        expressions=[*equal, ("valid", RangeOperators.OVERLAPS)],
        condition=condition,
    )


class Dated(models.Model):
    """A row with two times; closed, never changed."""

    valid = DateTimeRangeField()
    recorded = DateTimeRangeField()

    class Meta:
        abstract = True


class Organisation(models.Model):
    """The lasting identity of a body; all that can change about it is a `Standing`."""

    key = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"organisation {self.pk}"


class Standing(Dated):
    """What a body was called, what it was, where and under whom, from when to when."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="standings")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    line = models.CharField(max_length=40)
    place = models.CharField(max_length=15, blank=True)
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="standings_below")

    class Meta:
        constraints = (
            _no_overlap("organisations_standing_one_at_a_time", "organisation"),
            models.CheckConstraint(
                name="organisations_standing_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("organisation")),
            ),
        )


class Post(models.Model):
    """A seat in a body: its role says what it may do, its place for whom."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    key = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    place = models.CharField(max_length=15, blank=True)
    single = models.BooleanField(default=True)
    next_post = models.ForeignKey("self", models.PROTECT, null=True, related_name="posts_before")
    valid = DateTimeRangeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="organisations_post_key", fields=["organisation", "key"]),
            models.UniqueConstraint(name="organisations_post_id_single", fields=["id", "single"]),
        )
        indexes = (models.Index(name="organisations_post_role", fields=["role", "place"]),)


class Appointment(Dated):
    """An account holds a post. `single` repeats the post's, tied to it by a foreign key over both."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    single = models.BooleanField()

    class Meta:
        constraints = (
            _no_overlap(
                "organisations_appointment_one_holder",
                "post",
                condition=Q(single=True, recorded__upper_inf=True),
            ),
            _no_overlap("organisations_appointment_not_twice", "post", "account"),
        )
        indexes = (
            # the engine's read of an actor's posts
            models.Index(
                name="organisations_appointment_held",
                fields=["account"],
                condition=LIVE,
            ),
        )


class StandIn(Dated):
    """An account acts in an appointment for its holder, between two dates, under its own name."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="stand_ins")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (_no_overlap("organisations_standin_one_at_a_time", "appointment"),)
        indexes = (
            # the engine's read of an actor's posts
            models.Index(name="organisations_standin_held", fields=["account"], condition=LIVE),
        )


class DutyLink(Dated):
    """A body holds a duty for a place: the only thing that routing asks about bodies."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="duties")
    duty_role = models.CharField(max_length=60)
    place = models.CharField(max_length=15, blank=True)

    class Meta:
        constraints = (_no_overlap("organisations_dutylink_one_holder", "duty_role", "place"),)
        indexes = (GistIndex(name="organisations_dutylink_valid", fields=["valid"]),)


class Shift(Dated):
    """A stretch of a duty desk: who heads it, which leader is on duty, who steps in."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="shifts")
    head = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (_no_overlap("organisations_shift_one_at_a_time", "organisation"),)


class HandOver(models.Model):
    """One head of a shift hands the desk to the next: when, and how much was open."""

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="hand_over")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    open_cases = models.PositiveIntegerField()


class HandOverNote(models.Model):
    """What the head of a shift hands on: which points are open, and words, which lie encrypted in the journal."""

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="note")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    points = models.JSONField(default=list)
    words = models.BigIntegerField(null=True)


class Stamp(models.Model):
    """One row, the number of the last change: processes keep look-up tables until it moves."""

    number = models.BigIntegerField()

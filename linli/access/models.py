"""Tables of accounts, keys and declared ties. Written by `services`, read by `selectors` only."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q


class AccountQueries(BaseUserManager["Account"]):
    """What Django's sign-in asks of a user model; accounts are made by `services.account_add` alone."""


class Account(AbstractBaseUser):
    """A person or a machine that signs in. What it may do comes from its posts, never from here."""

    name = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # How often all sessions were ended besides by a new password; each session holds the count that it began with.
    sessions_ended = models.IntegerField(default=0, db_default=0)

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountQueries] = AccountQueries()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_account_closed_is_inactive",
                condition=Q(is_active=True, closed_at__isnull=True) | Q(is_active=False, closed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"account {self.pk}"

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Django asks this of fallback secrets too; its stubs leave it out.
        made: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{made}:{self.sessions_ended}" if self.sessions_ended else made


class ApiKey(models.Model):
    """A machine's key: only its hash is kept, so the database gives nobody a key."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="keys")
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Enrolment(models.Model):
    """A link by which somebody opens their own account once: only the hash of its secret is kept."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="enrolments")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class OrderPass(models.Model):
    """A body's order in one case: only the keyed hash of its secret is kept. See `orders`."""

    secret_hash = models.BinaryField(max_length=32, unique=True)
    case_id = models.BigIntegerField()
    organisation = models.BigIntegerField()
    entry = models.IntegerField()
    made_as = models.CharField(max_length=10)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="access_orderpass_entry", fields=["case_id", "entry"]),
            models.CheckConstraint(name="access_orderpass_made_as", condition=Q(made_as__in=["link", "paper"])),
        )


class SupportSession(models.Model):
    """A support session: the appointment it is, what for, until when. See `support`."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="support_sessions")
    appointment = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="access_supportsession_ends", condition=Q(until__gt=models.F("granted_at"))),
        )


class DeclaredTie(models.Model):
    """Two accounts whose holders declared to be relatives or in conflict; read for removals only."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="ties")
    other = models.ForeignKey(Account, models.PROTECT, related_name="ties_from_others")
    kind = models.CharField(max_length=20)
    valid = DateTimeRangeField()
    recorded = DateTimeRangeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_declaredtie_two_people",
                condition=~Q(account=models.F("other")),
            ),
            models.UniqueConstraint(
                name="access_declaredtie_once",
                fields=["account", "other", "kind"],
                condition=Q(recorded__upper_inf=True),
            ),
        )

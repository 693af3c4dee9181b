"""Tables of the pages themselves: what somebody keeps for their own work at a desk. Nothing of a case, nothing of a reporter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A queue's filter under a name: whose it is, and which body may use it too (none: its owner alone).

    `query` holds the names of a filter in their order, never the words of a search. `used_on` is a day, not a person: nobody
    learns who opened a shared view.
    """

    key = models.TextField(unique=True)
    account = models.BigIntegerField()
    organisation = models.BigIntegerField(null=True)
    name = models.TextField()
    query = models.TextField()
    used_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("account", "name", name="web_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="web_view_named"),
        ]
        indexes: ClassVar = [
            models.Index("organisation", name="web_view_shared", condition=Q(organisation__isnull=False)),
        ]

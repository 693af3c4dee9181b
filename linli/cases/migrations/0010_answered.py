"""Finds the closed cases that an answer of the knowledge base closed."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    """An index over marks that only newer versions write."""

    dependencies: ClassVar = [("cases", "0009_promises")]

    operations: ClassVar = [
        migrations.AddIndex(
            "case",
            models.Index(
                Cast(KT("marks__entry"), models.BigIntegerField()),
                name="cases_case_answered",
                condition=Q(marks__has_key="entry", closed_at__isnull=False),
            ),
        ),
    ]

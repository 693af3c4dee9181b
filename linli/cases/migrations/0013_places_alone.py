"""The index of places answers counts and orders by itself; running clocks are found by when they end."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

PLACE = ["text_pattern_ops", "timestamptz_ops", "int8_ops"]


class Migration(migrations.Migration):
    """A version that does not know them reads along the same names."""

    dependencies: ClassVar = [("cases", "0012_wide_queues")]

    operations: ClassVar = [
        migrations.RemoveIndex("case", "cases_case_place"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["place", "limit_at", "id"],
                name="cases_case_place",
                include=["state"],
                condition=Q(closed_at__isnull=True, compartment="open"),
                opclasses=PLACE,
            ),
        ),
        migrations.RemoveIndex("clock", "cases_clock_desk"),
        migrations.AddIndex(
            "clock", models.Index("due_at", "case", name="cases_clock_due", condition=Q(state="running"))
        ),
    ]

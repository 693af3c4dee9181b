"""Indexes by which the queues of whole districts and of what waits for somebody are read, however many cases there are."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

OPEN = Q(closed_at__isnull=True, compartment="open")


class Migration(migrations.Migration):
    """Adds only; a version that does not know them reads along the others."""

    dependencies: ClassVar = [("cases", "0011_noticewish")]

    operations: ClassVar = [
        migrations.AddIndex("case", models.Index("limit_at", "id", name="cases_case_wide", condition=OPEN)),
        migrations.AddIndex("case", models.Index("state", "limit_at", "id", name="cases_case_state", condition=OPEN)),
        migrations.AddIndex(
            "clock",
            models.Index("organisation", "case", name="cases_clock_body", condition=Q(state="running", whose="body")),
        ),
        migrations.AddIndex(
            "clock", models.Index("case", name="cases_clock_desk", condition=Q(state="running", whose="desk"))
        ),
    ]

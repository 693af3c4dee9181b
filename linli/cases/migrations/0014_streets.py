"""An index of each street's open cases in the order of their limits."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Adds only."""

    dependencies: ClassVar = [("cases", "0013_places_alone")]

    operations: ClassVar = [
        migrations.AddIndex(
            "case",
            models.Index(
                Left("place", 9),
                "limit_at",
                "id",
                name="cases_case_street",
                include=["place", "state"],
                condition=Q(closed_at__isnull=True, compartment="open"),
            ),
        ),
    ]

"""An index on what desks have promised."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds an index; nothing else moves."""

    dependencies: ClassVar = [("cases", "0008_limit")]

    operations: ClassVar = [
        migrations.AddIndex(
            "clock",
            models.Index("due_at", "id", name="cases_clock_promise", condition=Q(name="promise") & ~Q(state="stopped")),
        ),
    ]

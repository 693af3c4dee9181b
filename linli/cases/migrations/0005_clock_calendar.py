from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Which calendar counted a clock; a version that does not know the column leaves it empty: the case's own."""

    dependencies: ClassVar = [("cases", "0004_near")]

    operations: ClassVar = [
        migrations.AddField("clock", "calendar", models.TextField(db_default="")),
    ]

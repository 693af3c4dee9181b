"""The table of saved views; a version that does not know it leaves it alone."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Views of a queue that people keep."""

    dependencies: ClassVar = [("web", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField(unique=True)),
                ("account", models.BigIntegerField()),
                ("organisation", models.BigIntegerField(null=True)),
                ("name", models.TextField()),
                ("query", models.TextField()),
                ("used_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("account"), models.F("name"), name="web_view_name_once"),
                    models.CheckConstraint(condition=~Q(name=""), name="web_view_named"),
                ],
                "indexes": [
                    models.Index("organisation", name="web_view_shared", condition=Q(organisation__isnull=False)),
                ],
            },
        ),
    ]

"""Keeps each open case's nearest limit, by which queues are ordered."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

FILL = """
UPDATE cases_case c SET limit_at = k.due
FROM (SELECT case_id, min(due_at) AS due FROM cases_clock WHERE state <> 'stopped' GROUP BY case_id) k
WHERE k.case_id = c.id AND c.closed_at IS NULL AND c.joined_to IS NULL
"""


class Migration(migrations.Migration):
    """A version that does not know the column leaves it as it is; queues are read along the same indexes, by it."""

    dependencies: ClassVar = [("cases", "0007_unseen")]

    operations: ClassVar = [
        migrations.AddField("case", "limit_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True),
        migrations.RemoveIndex("case", "cases_case_owner"),
        migrations.RemoveIndex("case", "cases_case_place"),
        migrations.AddIndex(
            "case",
            models.Index("owner", "limit_at", "id", name="cases_case_owner", condition=Q(closed_at__isnull=True)),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["place", "limit_at", "id"],
                name="cases_case_place",
                condition=Q(closed_at__isnull=True),
                opclasses=["text_pattern_ops", "timestamptz_ops", "int8_ops"],
            ),
        ),
    ]

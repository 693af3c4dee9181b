"""Keeps what search finds an open case by."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from linli.cases.pairs import kept_words

BATCH = 2000


def _keep_known(apps: Any, schema_editor: Any) -> None:
    """Keep the words of cases that were opened before there was a search."""
    database = schema_editor.connection.alias
    cases = apps.get_model("cases", "Case").objects.using(database).filter(compartment="open")
    words = apps.get_model("cases", "CaseWords")
    known: Iterator[Any] = (
        cases.only("id", "title", "task_text", "matter", "place", "compartment").order_by("id").iterator(BATCH)
    )
    while batch := list(islice(known, BATCH)):
        words.objects.using(database).bulk_create([words(case_id=case.id, pairs=kept_words(case)) for case in batch])


class Migration(migrations.Migration):
    """What search keeps of an open case. A version that does not know the table leaves it alone."""

    dependencies: ClassVar = [("cases", "0005_clock_calendar")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "pairs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
        ),
        migrations.RunPython(_keep_known, migrations.RunPython.noop, elidable=True),
        # After the rows: built once, not grown.
        migrations.AddIndex(
            "casewords", django.contrib.postgres.indexes.GinIndex(fields=["pairs"], name="cases_words_pairs")
        ),
    ]

"""Queues, counts and the map read indexes alone, as long as the table is tidied: after a hundredth has changed, not a fifth."""

from __future__ import annotations

from django.db import migrations

TABLES = ("cases_case", "cases_clock", "cases_assignment")
SETTINGS = {"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_vacuum_threshold": 1000}


def _statement(table: str, *, back: bool) -> str:
    said = ", ".join(SETTINGS) if back else ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())
    return f"ALTER TABLE {table} {'RESET' if back else 'SET'} ({said})"


class Migration(migrations.Migration):
    """Changes no row."""

    dependencies = [("cases", "0015_late_by_the_nearest_limit")]

    operations = [
        migrations.RunSQL(
            [_statement(table, back=False) for table in TABLES], [_statement(table, back=True) for table in TABLES]
        )
    ]

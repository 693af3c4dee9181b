"""Counts and locks on tries need not outlive a crash: without the write-ahead log a count does not wait for the disk."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A version that does not know it reads and writes the table as before."""

    dependencies: ClassVar = [("web", "0002_savedview")]

    operations: ClassVar = [
        migrations.RunSQL("ALTER TABLE web_cache SET UNLOGGED", "ALTER TABLE web_cache SET LOGGED"),
    ]

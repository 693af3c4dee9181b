"""What is late or ends soon is read from the case's nearest limit: nothing asks all running clocks by their end any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Drops an index; readers of the version before do without it."""

    dependencies = [("cases", "0014_streets")]

    operations = [migrations.RemoveIndex("clock", "cases_clock_due")]

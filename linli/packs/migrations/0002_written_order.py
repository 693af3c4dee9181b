"""Keep the content of rules in the order in which the packs write it."""

from django.db import migrations

import linli.packs.written


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="storedsnapshot",
            name="content",
            field=linli.packs.written.WrittenJSONField(),
        ),
    ]

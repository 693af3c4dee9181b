"""How a person wishes to be told of messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_answered")]

    operations = [
        migrations.CreateModel(
            name="NoticeWish",
            fields=[
                ("account", models.BigIntegerField(primary_key=True, serialize=False)),
                ("paces", models.JSONField(default=dict)),
                ("quiet_from", models.TextField(default="")),
                ("quiet_until", models.TextField(default="")),
            ],
        ),
    ]

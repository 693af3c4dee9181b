"""How often the sessions of an account were ended, so that those begun before are known."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_support'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='sessions_ended',
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]

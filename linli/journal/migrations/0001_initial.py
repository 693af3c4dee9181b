"""The tables of the journal; those with partitions and triggers are made by `sql_0001.sql`."""

from pathlib import Path

from django.db import migrations, models


SQL = (Path(__file__).parent / "sql_0001.sql").read_text(encoding="utf-8")
UNDO = """
DROP TABLE journal_entry, journal_head, journal_personal, journal_seal, journal_closing;
DROP SEQUENCE journal_entry_id;
DROP FUNCTION journal_refuse, journal_entry_day_open, journal_personal_change, journal_make_partitions;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'journal_closing',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('pk', models.CompositePrimaryKey('recorded_at', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.BigIntegerField()),
                ('subject', models.TextField()),
                ('seq', models.IntegerField()),
                ('verb', models.TextField()),
                ('actor_kind', models.TextField()),
                ('actor_account', models.BigIntegerField(null=True)),
                ('actor_voice', models.BigIntegerField(null=True)),
                ('post', models.BigIntegerField(null=True)),
                ('organisation', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('data', models.JSONField()),
                ('version', models.SmallIntegerField()),
                ('personal', models.BigIntegerField(null=True)),
                ('commitment', models.BinaryField(null=True)),
                ('prev', models.BinaryField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'db_table': 'journal_entry',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('subject', models.TextField(primary_key=True, serialize=False)),
                ('seq', models.IntegerField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'db_table': 'journal_head',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Personal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject', models.TextField()),
                ('purpose', models.TextField()),
                ('cipher', models.BinaryField(null=True)),
                ('key_id', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('erase_after', models.DateField(null=True)),
                ('keep_until', models.DateField(null=True)),
                ('keep_rule', models.TextField(default='')),
                ('restricted_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('erased_why', models.TextField(default='')),
            ],
            options={
                'db_table': 'journal_personal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('entries', models.BigIntegerField()),
                ('root', models.BinaryField()),
                ('prev', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'journal_seal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('pk', models.CompositePrimaryKey('actor_key', 'request_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('actor_key', models.TextField()),
                ('request_id', models.UUIDField()),
                ('subject', models.TextField()),
                ('step', models.TextField()),
                ('form_hash', models.BinaryField()),
                ('result', models.JSONField()),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.TextField()),
                ('ground', models.TextField(choices=[('review', 'review'), ('court', 'court'), ('petition', 'petition')])),
                ('placed_at', models.DateTimeField()),
                ('until', models.DateField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['review', 'court', 'petition'])), name='journal_hold_ground'), models.UniqueConstraint(models.F('subject'), models.F('ground'), condition=models.Q(('released_at__isnull', True)), name='journal_hold_once')],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('payload', models.JSONField()),
                ('personal', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('next_at', models.DateTimeField()),
                ('attempts', models.SmallIntegerField(db_default=0)),
                ('state', models.TextField(db_default='waiting')),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(db_default='')),
            ],
            options={
                'indexes': [models.Index(models.F('next_at'), models.F('id'), condition=models.Q(('state__in', ['waiting', 'sending'])), name='journal_outbox_next'), models.Index(models.F('sent_at'), condition=models.Q(('state', 'sent')), name='journal_outbox_sent'), models.Index(models.F('id'), condition=models.Q(('state', 'dead')), name='journal_outbox_dead')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'dead'])), name='journal_outbox_state')],
            },
        ),
    ]

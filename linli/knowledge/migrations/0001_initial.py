"""Tables of entries, their versions and reports about them; a row is closed, never changed."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


ONLY_CLOSE = """
CREATE FUNCTION knowledge_only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% rows are closed, never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded)
       OR NOT (isempty(NEW.recorded) OR lower(NEW.recorded) = lower(OLD.recorded))
       OR to_jsonb(NEW) - 'recorded' <> to_jsonb(OLD) - 'recorded' THEN
        RAISE EXCEPTION '% rows are closed, never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
SETTLED_ONCE = """
CREATE FUNCTION knowledge_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL
       OR to_jsonb(NEW) - '{settled_at,how,reason}'::text[] <> to_jsonb(OLD) - '{settled_at,how,reason}'::text[] THEN
        RAISE EXCEPTION '% rows are settled once, never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    """Entries, versions, reports, and what guards them."""

    initial = True

    dependencies = [
        # For its extension: equality and overlap in one constraint.
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('place', models.CharField(blank=True, max_length=15)),
                ('opened_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField()),
                ('checked_post', models.BigIntegerField(null=True)),
                ('versions', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(models.F('checked_at'), models.F('id'), name='knowledge_entry_checked')],
                'constraints': [models.UniqueConstraint(fields=('key', 'place'), name='knowledge_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(null=True)),
                ('place', models.CharField(blank=True, max_length=15)),
                ('owner', models.BigIntegerField(null=True)),
                ('words', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('how', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('entry', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='knowledge.entry')),
            ],
            options={
                'indexes': [models.Index(models.F('id'), condition=models.Q(('settled_at__isnull', True)), name='knowledge_report_open'), models.Index(models.F('entry'), condition=models.Q(('entry__isnull', False)), name='knowledge_report_entry')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('how', ''), ('settled_at__isnull', True)), models.Q(('how__in', ['changed', 'checked', 'dropped']), ('settled_at__isnull', False)), _connector='OR'), name='knowledge_report_settled')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('answer', models.TextField()),
                ('owner', models.BigIntegerField()),
                ('source', models.TextField(blank=True)),
                ('matter', models.TextField(blank=True)),
                ('made_post', models.BigIntegerField(null=True)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('pairs', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='knowledge.entry')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(condition=models.Q(('recorded__upper_inf', True)), fields=['pairs'], name='knowledge_version_pairs'), models.Index(models.F('entry'), models.F('number'), name='knowledge_version_entry'), models.Index(models.F('valid__endswith'), models.F('id'), condition=models.Q(('recorded__upper_inf', True)), name='knowledge_version_ends')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('entry', '='), ('valid', '&&')], name='knowledge_version_one_at_a_time'), models.CheckConstraint(condition=models.Q(('questions__len__gt', 0), models.Q(('answer', ''), _negated=True)), name='knowledge_version_says')],
            },
        ),
        migrations.RunSQL(ONLY_CLOSE, "DROP FUNCTION knowledge_only_close"),
        migrations.RunSQL(
            "CREATE TRIGGER knowledge_version_only_close BEFORE UPDATE OR DELETE ON knowledge_version"
            " FOR EACH ROW EXECUTE FUNCTION knowledge_only_close()",
            "DROP TRIGGER knowledge_version_only_close ON knowledge_version",
        ),
        migrations.RunSQL(SETTLED_ONCE, "DROP FUNCTION knowledge_settled_once"),
        migrations.RunSQL(
            "CREATE TRIGGER knowledge_report_settled_once BEFORE UPDATE OR DELETE ON knowledge_report"
            " FOR EACH ROW EXECUTE FUNCTION knowledge_settled_once()",
            "DROP TRIGGER knowledge_report_settled_once ON knowledge_report",
        ),
    ]

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Layer',
            fields=[
                ('code', models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('department', models.CharField(blank=True, default='', max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='places_register_single')],
            },
        ),
        migrations.CreateModel(
            name='GridNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=15)),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('public_name', models.CharField(blank=True, default='', max_length=120)),
                ('worker_shown', models.CharField(blank=True, default='', max_length=60)),
                ('worker_phone', models.CharField(blank=True, default='', max_length=40)),
                ('supervision_phone', models.CharField(blank=True, default='', max_length=40)),
                ('closed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
                ('opened_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('period', '&&')], name='places_notice_once'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='places_notice_period')],
            },
        ),
        migrations.CreateModel(
            name='LayerGrid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=15)),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('place', models.CharField(max_length=40)),
                ('closed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
                ('layer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.layer')),
                ('opened_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('layer', '='), ('code', '='), ('place', '='), ('period', '&&')], name='places_layergrid_once'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='places_layergrid_period')],
            },
        ),
        migrations.CreateModel(
            name='Lineage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(db_index=True, max_length=15)),
                ('after', models.CharField(db_index=True, max_length=15)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('split', 'split'), ('merge', 'merge'), ('redraw', 'redraw')], max_length=8)),
                ('share_ppm', models.PositiveIntegerField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('before', 'after', 'at'), name='places_lineage_once'), models.CheckConstraint(condition=models.Q(('share_ppm__gte', 1), ('share_ppm__lte', 1000000)), name='places_lineage_share')],
            },
        ),
        migrations.CreateModel(
            name='Outline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=15)),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('wkb', models.BinaryField()),
                ('area_m2', models.BigIntegerField()),
                ('origin', models.CharField(choices=[('import', 'import'), ('generated', 'generated')], max_length=10)),
                ('closed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
                ('opened_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('period', '&&')], name='places_outline_once'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='places_outline_period')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=15)),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('kind', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('subdistrict', 'subdistrict'), ('town', 'town'), ('township', 'township'), ('zone', 'zone'), ('residents', 'residents'), ('village', 'village'), ('virtual', 'virtual'), ('base', 'base'), ('dedicated', 'dedicated'), ('micro', 'micro')], max_length=12)),
                ('name', models.CharField(max_length=120)),
                ('base', models.CharField(blank=True, default='', max_length=15)),
                ('closed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
                ('opened_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.change')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('period', '&&')], name='places_place_once'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='places_place_period'), models.CheckConstraint(condition=models.Q(models.Q(('base__gt', ''), ('kind', 'micro')), models.Q(models.Q(('kind', 'micro'), _negated=True), ('base', '')), _connector='OR'), name='places_micro_has_base')],
            },
        ),
    ]

"""Tables of organisations, with the constraints that keep live rows from contradicting each other."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('role', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=100)),
                ('place', models.CharField(blank=True, max_length=15)),
                ('single', models.BooleanField(default=True)),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('next_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts_before', to='organisations.post')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('single', models.BooleanField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organisations.post')),
            ],
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='organisations.organisation')),
                ('substitute', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('open_cases', models.PositiveIntegerField()),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('shift', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='organisations.shift')),
            ],
        ),
        migrations.CreateModel(
            name='StandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to='organisations.appointment')),
            ],
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=40)),
                ('line', models.CharField(max_length=40)),
                ('place', models.CharField(blank=True, max_length=15)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='organisations.organisation')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standings_below', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='DutyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('duty_role', models.CharField(max_length=60)),
                ('place', models.CharField(blank=True, max_length=15)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='organisations.organisation')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['valid'], name='organisations_dutylink_valid')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('duty_role', '='), ('place', '='), ('valid', '&&')], name='organisations_dutylink_one_holder')],
            },
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['role', 'place'], name='organisations_post_role'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='organisations_post_key'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('id', 'single'), name='organisations_post_id_single'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('recorded__upper_inf', True)), fields=['account'], name='organisations_appointment_held'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True), ('single', True)), expressions=[('post', '='), ('valid', '&&')], name='organisations_appointment_one_holder'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('post', '='), ('account', '='), ('valid', '&&')], name='organisations_appointment_not_twice'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('organisation', '='), ('valid', '&&')], name='organisations_shift_one_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='standin',
            index=models.Index(condition=models.Q(('recorded__upper_inf', True)), fields=['account'], name='organisations_standin_held'),
        ),
        migrations.AddConstraint(
            model_name='standin',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('appointment', '='), ('valid', '&&')], name='organisations_standin_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('recorded__upper_inf', True)), expressions=[('organisation', '='), ('valid', '&&')], name='organisations_standing_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('organisation')), _negated=True), _connector='OR'), name='organisations_standing_not_own_parent'),
        ),
    ]

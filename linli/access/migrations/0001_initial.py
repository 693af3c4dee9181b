"""Tables of accounts, keys and declared ties."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('name', models.CharField(max_length=64, unique=True)),
                ('display_name', models.CharField(max_length=100)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('is_active', True)), models.Q(('closed_at__isnull', False), ('is_active', False)), _connector='OR'), name='access_account_closed_is_inactive')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=100)),
                ('prefix', models.CharField(max_length=12, unique=True)),
                ('secret_hash', models.BinaryField(max_length=32)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='access.account')),
            ],
        ),
        migrations.CreateModel(
            name='DeclaredTie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='access.account')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties_from_others', to='access.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('account', models.F('other')), _negated=True), name='access_declaredtie_two_people'), models.UniqueConstraint(condition=models.Q(('recorded__upper_inf', True)), fields=('account', 'other', 'kind'), name='access_declaredtie_once')],
            },
        ),
    ]

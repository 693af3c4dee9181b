"""Orders for bodies without an account: one row an order, with the keyed hash of its secret."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderPass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('case_id', models.BigIntegerField()),
                ('organisation', models.BigIntegerField()),
                ('entry', models.IntegerField()),
                ('made_as', models.CharField(max_length=10)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('uses', models.IntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('case_id', 'entry'), name='access_orderpass_entry'),
                    models.CheckConstraint(condition=models.Q(('made_as__in', ['link', 'paper'])), name='access_orderpass_made_as'),
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_callers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField()),
                ('purpose', models.TextField()),
                ('state', models.TextField()),
                ('rows', models.IntegerField()),
                ('wrong', models.IntegerField()),
                ('done', models.IntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('key_id', models.TextField(blank=True)),
                ('cipher', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('made_at'), name='intake_upload_made')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['checked', 'waiting', 'running', 'done'])), name='intake_upload_state')],
            },
        ),
    ]

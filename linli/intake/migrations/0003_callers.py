from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Caller',
            fields=[
                ('voice', models.BigIntegerField(primary_key=True, serialize=False)),
                ('mark', models.BinaryField(null=True)),
                ('call', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'indexes': [
                    models.Index(models.F('mark'), models.F('voice'), condition=models.Q(('mark__isnull', False)), name='intake_caller_mark'),
                    models.Index(models.F('call'), condition=models.Q(('call__isnull', False)), name='intake_caller_call'),
                ],
            },
        ),
    ]

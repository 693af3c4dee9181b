"""Tables of published rules, and the triggers that keep every row as it was written."""

import django.db.models.deletion
from django.db import migrations, models

IMMUTABLE = """
CREATE FUNCTION packs_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published rules are never changed (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER packs_storedsnapshot_immutable BEFORE UPDATE OR DELETE ON packs_storedsnapshot
    FOR EACH ROW EXECUTE FUNCTION packs_refuse_change();
CREATE TRIGGER packs_publication_immutable BEFORE UPDATE OR DELETE ON packs_publication
    FOR EACH ROW EXECUTE FUNCTION packs_refuse_change();
"""
MUTABLE = """
DROP TRIGGER packs_publication_immutable ON packs_publication;
DROP TRIGGER packs_storedsnapshot_immutable ON packs_storedsnapshot;
DROP FUNCTION packs_refuse_change();
"""


class Migration(migrations.Migration):
    """First tables of the area."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredSnapshot",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("pack", models.TextField()),
                ("place", models.TextField(blank=True)),
                ("content", models.JSONField()),
                ("stored_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hash__regex", "^[0-9a-f]{64}$")), name="packs_hash_is_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__regex", "^[0-9]*$")), name="packs_place_is_digits"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pack", models.TextField()),
                ("place", models.TextField(blank=True)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.BigIntegerField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="packs.storedsnapshot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "published_at"), name="packs_one_a_place_and_instant")
                ],
            },
        ),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]

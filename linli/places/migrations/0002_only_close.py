"""Rows of the register are closed, never changed and never deleted."""

from django.db import migrations

DATED = ("place", "outline", "layergrid", "gridnotice")

ONLY_CLOSE = """
CREATE FUNCTION places_only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% rows are closed, never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT upper_inf(OLD.period) OR upper_inf(NEW.period)
       OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period)
       OR to_jsonb(NEW) - 'period' - 'closed_in_id' <> to_jsonb(OLD) - 'period' - 'closed_in_id' THEN
        RAISE EXCEPTION '% rows are closed, never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    """One trigger a dated table."""

    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_CLOSE, "DROP FUNCTION places_only_close"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER places_{table}_only_close BEFORE UPDATE OR DELETE ON places_{table} "
                "FOR EACH ROW EXECUTE FUNCTION places_only_close()",
                f"DROP TRIGGER places_{table}_only_close ON places_{table}",
            )
            for table in DATED
        ],
    ]

"""A closed public notice may forget who stood on it, and nothing else."""

from django.db import migrations

FORGET = """
CREATE FUNCTION places_notice_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT upper_inf(OLD.period) AND NEW.worker_shown = '' AND NEW.worker_phone = ''
       AND to_jsonb(NEW) - 'worker_shown' - 'worker_phone' = to_jsonb(OLD) - 'worker_shown' - 'worker_phone' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NOT upper_inf(OLD.period) OR upper_inf(NEW.period)
       OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period)
       OR to_jsonb(NEW) - 'period' - 'closed_in_id' <> to_jsonb(OLD) - 'period' - 'closed_in_id' THEN
        RAISE EXCEPTION '% rows are closed, never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

SWAP = """
DROP TRIGGER places_gridnotice_only_close ON places_gridnotice;
CREATE TRIGGER places_gridnotice_only_close BEFORE UPDATE OR DELETE ON places_gridnotice
    FOR EACH ROW EXECUTE FUNCTION {}()
"""


class Migration(migrations.Migration):
    """The notice table gets a trigger of its own."""

    dependencies = [("places", "0002_only_close")]

    operations = [
        migrations.RunSQL(FORGET, "DROP FUNCTION places_notice_forget"),
        migrations.RunSQL(SWAP.format("places_notice_forget"), SWAP.format("places_only_close")),
    ]

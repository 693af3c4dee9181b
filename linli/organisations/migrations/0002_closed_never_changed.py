"""Rows of dated tables are closed, never changed; an appointment is as single as its post."""

from django.db import migrations

DATED = ("standing", "appointment", "standin", "dutylink", "shift")

ONLY_CLOSE = """
CREATE FUNCTION organisations_only_close() RETURNS trigger LANGUAGE plpgsql AS $$
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

SINGLE_AS_POST = """
ALTER TABLE organisations_appointment ADD CONSTRAINT organisations_appointment_single_as_post
    FOREIGN KEY (post_id, single) REFERENCES organisations_post (id, single)
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER organisations_{table}_only_close BEFORE UPDATE OR DELETE ON organisations_{table} "
        "FOR EACH ROW EXECUTE FUNCTION organisations_only_close()",
        f"DROP TRIGGER organisations_{table}_only_close ON organisations_{table}",
    )


class Migration(migrations.Migration):
    """Triggers, the foreign key over two columns, and the numbers of changes."""

    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_CLOSE, "DROP FUNCTION organisations_only_close"),
        *[_trigger(table) for table in DATED],
        migrations.RunSQL(
            SINGLE_AS_POST,
            "ALTER TABLE organisations_appointment DROP CONSTRAINT organisations_appointment_single_as_post",
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE organisations_change", "DROP SEQUENCE organisations_change"
        ),
    ]

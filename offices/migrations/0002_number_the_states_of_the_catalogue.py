"""Every change of what offices offer gets a number, in the transaction of the change.

Processes keep the catalogue in memory and compare the number. It comes from a sequence, so that a
number is never given twice, not even after a rollback.
"""

from django.db import migrations

TABLES = (
    "offices_bureau",
    "offices_office",
    "offices_serviceline",
    "offices_service",
    "offices_serviceguide",
    "offices_officeservice",
    "offices_session",
)

CREATE = """
CREATE SEQUENCE offices_catalogue_number;
CREATE TABLE offices_catalogue_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number bigint NOT NULL
);
INSERT INTO offices_catalogue_state (number) VALUES (nextval('offices_catalogue_number'));
CREATE FUNCTION offices_catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE offices_catalogue_state SET number = nextval('offices_catalogue_number');
    RETURN NULL;
END $$;
"""
WATCH = """
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION offices_catalogue_changed();
"""
DROP = """
DROP FUNCTION offices_catalogue_changed();
DROP TABLE offices_catalogue_state;
DROP SEQUENCE offices_catalogue_number;
"""


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(
            migrations.RunSQL(
                WATCH.format(table=table), f"DROP TRIGGER catalogue_changed ON {table};"
            )
            for table in TABLES
        ),
    ]

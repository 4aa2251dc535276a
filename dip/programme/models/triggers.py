"""What the database itself keeps: append-only histories, the first national number, the version of the theatre list, change stamps."""

from typing import Any

from django.db import connections

from dip.programme.models import tracking

#: National numbers of performances begin here, so that none is mistaken for a count or a year.
FIRST_NUMBER = 100_001

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION programme_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a history is added to, never changed', TG_TABLE_NAME;
END $$;
CREATE SEQUENCE IF NOT EXISTS programme_theatre_list_version;
CREATE OR REPLACE FUNCTION programme_theatre_list_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO programme_theatrelistversion (id, version) VALUES (1, nextval('programme_theatre_list_version'))
  ON CONFLICT (id) DO UPDATE SET version = excluded.version;
  RETURN NULL;
END $$;
"""

_APPEND_ONLY = ("programme_performanceevent", "programme_productionevent")
_LISTED = {
    "programme_theatre": "name, city, kind, do_not_use, merged_into_id, organisation_id",
    "programme_theatrealias": "name, theatre_id",
    "programme_hall": "name, capacity, kind, do_not_use, merged_into_id, theatre_id",
    "programme_hallalias": "name, hall_id",
}
_SEQUENCE = "pg_get_serial_sequence('programme_performance', 'number')"


def install(using: str = "default", **_: Any) -> None:
    """Put functions, triggers and the start of the number sequence in place; harmless to repeat."""
    with connections[using].cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        for table in _APPEND_ONLY:
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION programme_refuse_change()"
            )
        for table, columns in _LISTED.items():
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER theatre_list AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION programme_theatre_list_changed()"
            )
        cursor.execute(tracking.SQL)
        for table, column in tracking.ADOPTED:
            cursor.execute(tracking.ADOPT.format(table=table, column=column))
        cursor.execute(
            f"SELECT setval({_SEQUENCE}, %s, false) WHERE COALESCE(pg_sequence_last_value({_SEQUENCE}::regclass), 0) < %s",
            [FIRST_NUMBER, FIRST_NUMBER],
        )

"""What the database itself keeps: the history of targets and the theatres' own numbers are added to, never changed."""

from typing import Any

from django.db import connections

# Row by row, and not for TRUNCATE: Django empties the tables of a transactional test with it, and nothing in the platform truncates.
_SQL = """
CREATE OR REPLACE FUNCTION sales_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a history is added to, never changed', TG_TABLE_NAME;
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON sales_targetchange
FOR EACH ROW EXECUTE FUNCTION sales_refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON sales_owncount
FOR EACH ROW EXECUTE FUNCTION sales_refuse_change();
"""


def install(using: str = "default", **_: Any) -> None:
    """Put the triggers in place; harmless to repeat."""
    with connections[using].cursor() as cursor:
        cursor.execute(_SQL)

"""What the database itself keeps: positions are added to, never changed; deliveries stay."""

from typing import Any

from django.db import connections

# Row by row, and not for TRUNCATE: Django empties the tables of a transactional test with it, and nothing in the platform truncates.
# The fill factor leaves room on each page, so that moving a state touches neither another page nor the index.
_SQL = """
CREATE OR REPLACE FUNCTION ticketing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: figures are added to, never changed', TG_TABLE_NAME;
END $$;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON ticketing_position
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_change();
CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON ticketing_delivery
FOR EACH ROW EXECUTE FUNCTION ticketing_refuse_change();
ALTER TABLE ticketing_performancesales SET (fillfactor = 45);
"""


def install(using: str = "default", **_: Any) -> None:
    """Put triggers and storage settings in place; harmless to repeat."""
    with connections[using].cursor() as cursor:
        cursor.execute(_SQL)

"""After a restore into another cluster, numbers of transactions lie ahead of its own: they are made its own."""

from typing import Any

from django.db import connections

_NOW = "pg_current_xact_id()::text::bigint"
_AHEAD = f"SELECT EXISTS (SELECT FROM ticketing_position WHERE txid > {_NOW})"
#: Positions refuse change, and this changes nothing that they state.
_POSITIONS = f"""
ALTER TABLE ticketing_position DISABLE TRIGGER append_only;
UPDATE ticketing_position SET txid = {_NOW} WHERE txid > {_NOW};
ALTER TABLE ticketing_position ENABLE TRIGGER append_only;
"""
_ENDPOINTS = f"UPDATE exchange_endpoint SET read_until = {_NOW} + 1 WHERE read_until > {_NOW}"


def install(using: str = "default", **_: Any) -> None:
    """Adopt what another cluster numbered; harmless to repeat, and nothing to do but after a restore."""
    with connections[using].cursor() as cursor:
        cursor.execute(_AHEAD)
        (is_ahead,) = cursor.fetchone()
        if is_ahead:
            cursor.execute(_POSITIONS)
        cursor.execute(_ENDPOINTS)

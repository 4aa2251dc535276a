"""Up to where changes can be read without passing over one that commits late."""

from functools import cache

from django.db import connection
from django.db.models import Q

_HORIZON = """
SELECT CASE WHEN pg_snapshot_xmin(s) = pg_current_xact_id_if_assigned() THEN 1 ELSE 0 END + pg_snapshot_xmin(s)::text::bigint
FROM pg_current_snapshot() s
"""


def horizon() -> int:
    """The oldest transaction still open: all before it have ended, and what they wrote can be read. One query.

    When that is the caller's own, its rows count too: it reads what it wrote itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        (found,) = cursor.fetchone()
    return int(found)


@cache
def cluster() -> int:
    """Which cluster numbers the transactions: a cursor of another one means nothing here. One query in the life of a process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        (found,) = cursor.fetchone()
    return int(found)


def after(column: str, key: str, txid: int, last: int) -> Q:
    """Rows behind (``txid``, ``last``) in the order of (``column``, ``key``); written so that an index on both serves."""
    return Q(**{f"{column}__gte": txid}) & (Q(**{f"{column}__gt": txid}) | Q(**{f"{key}__gt": last}))

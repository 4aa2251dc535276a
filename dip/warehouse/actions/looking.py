"""Writing down who looked. Called when a request or a job has ended, with what the door gathered; the door itself never writes."""

from datetime import datetime, timedelta

import structlog
from django.db import connection

from dip.definitions.queries import threshold
from dip.kernel import clock
from dip.warehouse.models import Look
from dip.warehouse.rules.looking import Gathered

log = structlog.get_logger(__name__)
_COLUMNS = "day, looked_by_id, person, client, door, actor, purpose, kind, production, theatre, season, organisations, looks, first_at, last_at"
_KEY = "day, looked_by_id, person, client, door, actor, purpose, kind, production, theatre, season"
_NOTE = f"""
INSERT INTO warehouse_look AS held ({_COLUMNS}) VALUES {{rows}}
ON CONFLICT ({_KEY}) DO UPDATE SET
    looks = held.looks + 1,
    first_at = least(held.first_at, excluded.first_at),
    last_at = greatest(held.last_at, excluded.last_at),
    organisations = CASE WHEN held.organisations @> excluded.organisations THEN held.organisations
        ELSE ARRAY(SELECT DISTINCT unnest(held.organisations || excluded.organisations) ORDER BY 1) END
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::int[], 1, %s, %s)"
_DAYS_A_YEAR = 365


def note(*, at: datetime, looks: Gathered) -> int:
    """Count these looks on their day: a row each, in one statement; how many.

    The organisations are in the row, not a row each, so that a tour of a hundred theatres costs what one does. Rows are written in one
    order everywhere, so that two requests never wait for each other in a circle.
    """
    if not looks:
        return 0
    day = clock.local(at).date()
    rows = [
        (
            day, look.organisation, look.person, look.client, look.door, look.actor, look.purpose, look.kind, look.production,
            look.theatre, look.season, sorted(organisations), at, at,
        )
        for look, organisations in sorted(looks.items(), key=lambda pair: pair[0])
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(rows=", ".join([_ROW] * len(rows))), [value for row in rows for value in row])
    return len(rows)


def forget_old(*, at: datetime) -> int:
    """Remove looks older than the register says they are kept; how many rows. They hold names of people, so they do not stay for ever."""
    oldest = clock.local(at).date() - timedelta(days=int(threshold("looks_years") * _DAYS_A_YEAR))
    gone, _ = Look.objects.across_tenants("the log of who looked is kept for a stated time").filter(day__lt=oldest).delete()
    if gone:
        log.info("looks forgotten", rows=gone, older_than=oldest.isoformat())
    return gone

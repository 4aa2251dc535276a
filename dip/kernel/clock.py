"""Time: aware UTC in tables, the venue's time zone for local dates. Only doors call :func:`now`."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

#: A push made before this hour closes the sales day before: most systems push at night.
SALES_DAY_STARTS_HOUR = 5


def now() -> datetime:
    """The current moment, aware UTC. Doors read it and hand it to actions as ``at``."""
    return datetime.now(UTC)


def local(moment: datetime, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """The aware ``moment`` on the venue's clock."""
    return moment.astimezone(zone)


def from_local(naive: datetime, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """Aware UTC of a wall-clock time without offset, as the external API sends it.

    In the repeated hour of autumn the first passage is meant; a time in the skipped hour of spring moves forward.
    """
    return naive.replace(tzinfo=zone).astimezone(UTC)


def sales_date(moment: datetime, zone: ZoneInfo = AMSTERDAM) -> date:
    """The sales day that a figure true at ``moment`` closes: days run from 05:00 to 05:00 local time.

    >>> sales_date(datetime(2026, 11, 23, 1, 40, tzinfo=UTC)).isoformat()  # 02:40 in Amsterdam
    '2026-11-22'
    """
    return (moment.astimezone(zone).replace(tzinfo=None) - timedelta(hours=SALES_DAY_STARTS_HOUR)).date()


def days_before(performance_date: date, on: date) -> int:
    """Calendar days from ``on`` to the performance; 0 on the day itself, negative after it."""
    return (performance_date - on).days

"""How and when people buy: days ahead, tickets per order, the moment on the venue's clock, what it cost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from dip.kernel.clock import AMSTERDAM

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]

LEADS = ("0", "1-7", "8-30", "31-90", "91-180", "181+")
_LEAD_FROM = (1, 8, 31, 91, 181)
PARTIES = ("1", "2", "3", "4", "5-9", "10+")
_PARTY_FROM = (2, 3, 4, 5, 10)
PRICES = ("free", "1", "2", "3", "4")
#: Cents from which a paid ticket is in the second, third and fourth price class; the standard's thresholds have them too.
PRICE_FROM = (1500, 2500, 3500)
PARTS = ("night", "morning", "afternoon", "evening")
#: Hours in which a part of the day begins: night from 0, morning from 6.
PART_HOURS = 6
DAYS = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: 1 January 1970 was a Thursday; 0 is Monday.
_FIRST_WEEKDAY = 3


def offsets(hours: Ints, zone: ZoneInfo = AMSTERDAM) -> Ints:
    """What to add to each UTC hour (since 1970) for the venue's clock, in whole hours. The clock is read once per day, and once per hour
    on the days that it changes, so ten years of orders cost some 4,000 readings."""
    if not len(hours):
        return np.zeros(0, dtype=np.int64)
    first, last = int(hours.min()) // 24, int(hours.max()) // 24 + 1
    daily = np.array([_offset(day * 24, zone) for day in range(first, last + 1)], dtype=np.int64)
    table = np.repeat(daily, 24)
    for place in np.flatnonzero(daily[1:] != daily[:-1]):
        start = int(place) * 24
        table[start : start + 24] = [_offset(first * 24 + start + hour, zone) for hour in range(24)]
    return np.asarray(table[hours - first * 24])


def _offset(hour: int, zone: ZoneInfo) -> int:
    found = (_EPOCH + timedelta(hours=hour)).astimezone(zone).utcoffset()
    return int(found.total_seconds()) // 3600 if found is not None else 0


def local_days(hours: Ints, zone: ZoneInfo = AMSTERDAM) -> Ints:
    """The day on the venue's clock, since 1970, of each UTC hour since 1970."""
    return np.asarray((hours + offsets(hours, zone)) // 24)


def leads(sold_hours: Ints, performance_days: Ints, zone: ZoneInfo = AMSTERDAM) -> Codes:
    """The bucket of :data:`LEADS` of each ticket: calendar days on the venue's clock from the sale to the performance; a sale after
    the performance counts as on the day."""
    ahead = performance_days - local_days(sold_hours, zone)
    return np.searchsorted(_LEAD_FROM, ahead, side="right").astype(np.uint8)


def parties(tickets: Ints) -> Codes:
    """The bucket of :data:`PARTIES` of each order's tickets for one performance (1 or more)."""
    return np.searchsorted(_PARTY_FROM, tickets, side="right").astype(np.uint8)


def moments(sold_hours: Ints, zone: ZoneInfo = AMSTERDAM) -> Codes:
    """When each order was placed on the venue's clock: weekday (0 Monday) × 4 + part of the day (:data:`PARTS`), 0 to 27."""
    local = sold_hours + offsets(sold_hours, zone)
    weekday = (local // 24 + _FIRST_WEEKDAY) % DAYS
    return np.asarray(weekday * len(PARTS) + local % 24 // PART_HOURS).astype(np.uint8)


def price_bands(cents: Ints, limits: tuple[int, int, int] = PRICE_FROM) -> Codes:
    """The price class of each ticket: 0 free, 1 to 4 by what was paid."""
    return np.where(cents <= 0, 0, 1 + np.searchsorted(limits, cents, side="right")).astype(np.uint8)

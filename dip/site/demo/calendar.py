"""Days and moments as whole numbers, for arrays: days and microseconds since 2000-01-01, as PostgreSQL counts them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.kernel.clock import AMSTERDAM, local, sales_date

Ints = npt.NDArray[np.integer[Any]]
EPOCH = date(2000, 1, 1)
MICROSECONDS_A_MINUTE = 60_000_000
_LAST = date(2080, 1, 1)
_YEARS: dict[int, Ints] = {}


def day_number(day: date) -> int:
    """Days since 2000-01-01."""
    return (day - EPOCH).days


def as_date(day: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(day))


def weekday(days: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    return (days + 5) % 7


def _offsets() -> Ints:
    """Minutes that Amsterdam is ahead of UTC from 04:00 on each day."""
    if 0 not in _YEARS:
        days = [EPOCH + timedelta(days=n) for n in range(day_number(_LAST))]
        ahead = [datetime.combine(day, time(4), AMSTERDAM).utcoffset() for day in days]
        _YEARS[0] = np.array([int(o.total_seconds()) // 60 if o else 60 for o in ahead], dtype=np.int64)
    return _YEARS[0]


def moments(days: Ints, minutes: Ints | int) -> Ints:
    """Microseconds since 2000-01-01 UTC of local ``minutes`` after midnight of ``days``; minutes may pass 1440."""
    ahead = _offsets()[days + np.asarray(minutes) // 1440]
    return (days * 1440 + minutes - ahead) * MICROSECONDS_A_MINUTE


def as_moment(microseconds: int) -> datetime:
    """The aware moment of microseconds since 2000-01-01 UTC."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def today_of(at: datetime) -> tuple[int, int]:
    """The running sales day of ``at``, and the local minutes since its midnight (300 to 1739)."""
    day = day_number(sales_date(at))
    here = local(at).replace(tzinfo=None)
    return day, int((here - datetime.combine(as_date(day), time(0))).total_seconds() // 60)

"""Working days in the Netherlands: no Saturdays, Sundays and generally recognised public holidays.

The holidays are those of article 3 of the Algemene termijnenwet: New Year's Day, Easter Monday, Whit Monday, both Christmas days,
Ascension Day, the King's birthday as it is celebrated, 5 May, and Good Friday, which that article puts on a par with them. Nothing here
is a list of dates: Easter is computed, so every year works.
"""

from datetime import date, timedelta
from functools import lru_cache

#: Days in which the theatre hands over the borderel, and in which each party reacts to the other.
DAYS_TO_ACT = 5
_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Jones, Butcher).

    >>> easter(2027).isoformat()
    '2027-03-28'
    """
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, correction = century // 4, (century + 8) // 25
    epact = (19 * golden + century - leaps - (century - correction + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """27 April since 2014, 30 April before; the day earlier when that is a Sunday."""
    day = date(year, 4, 27 if year >= 2014 else 30)
    return day - _DAY if day.weekday() == 6 else day


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The generally recognised public holidays of a year."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50)}
    return frozenset(moving | {kings_day(year), date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)})


def is_working_day(day: date) -> bool:
    """Whether offices work on that day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The working day that is ``count`` working days after ``day``, which itself does not count; 0 or less: before it.

    >>> working_days_after(date(2026, 12, 23), 2).isoformat()  # Christmas on Friday and Saturday
    '2026-12-28'
    """
    step = _DAY if count > 0 else -_DAY
    found, left = day, abs(count)
    while left:
        found += step
        left -= is_working_day(found)
    return found

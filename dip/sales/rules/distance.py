"""How far off a performance is, and where comparable performances stood at that distance."""

from datetime import date, datetime, time, timedelta

from dip.kernel.clock import AMSTERDAM, SALES_DAY_STARTS_HOUR
from dip.kernel.clock import days_before as calendar_days
from dip.sales.terms import Expectation
from dip.warehouse.terms import Band, NotShown

_DAY = timedelta(days=1)


def exact_days_before(performance_date: date, moment: datetime) -> float:
    """Days from ``moment`` to the end of the performance's sales day (05:00 the morning after), never below 0.

    At the close of the sales day ``n`` days before it is ``n`` exactly, so a state of any hour is compared fairly with curves that
    are kept per closed day. Clock changes are ignored: an hour of a day.

    >>> from datetime import UTC
    >>> exact_days_before(date(2027, 1, 2), datetime(2027, 1, 2, 4, 0, tzinfo=UTC))
    1.0
    """
    wall = moment.astimezone(AMSTERDAM).replace(tzinfo=None)
    end = datetime.combine(performance_date + _DAY, time(SALES_DAY_STARTS_HOUR))
    return max((end - wall) / _DAY, 0.0)


def days_to(performance_date: date, moment: datetime) -> int:
    """Calendar days from the day of ``moment`` to the performance; negative once it is past."""
    return calendar_days(performance_date, moment.astimezone(AMSTERDAM).date())


def is_played(starts_at: datetime, moment: datetime) -> bool:
    """Whether the performance had begun."""
    return starts_at <= moment


def fills_at(band: Band, distance: float) -> tuple[float, float, float]:
    """(p10, median, p90) fill rates at a distance with a fraction of a day, linear between whole days."""
    whole = int(distance)
    near = band.at(whole)
    if distance == whole or whole >= band.days[0]:
        return near
    far = band.at(whole + 1)
    share = distance - whole
    return (
        near[0] + share * (far[0] - near[0]),
        near[1] + share * (far[1] - near[1]),
        near[2] + share * (far[2] - near[2]),
    )


def expectation(band: Band | NotShown | None, distance: float, for_sale: int) -> Expectation | NotShown | None:
    """The band at ``distance`` in tickets of a hall with ``for_sale`` seats; a band that is not shown stays so."""
    if band is None or isinstance(band, NotShown):
        return band
    low, middle, high = fills_at(band, distance)
    return Expectation(low * for_sale, middle * for_sale, high * for_sale, band.at(0)[1] * for_sale)

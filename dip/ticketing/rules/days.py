"""Moments of one body on the venue's clock, remembered: ten thousand rows share a few."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dip.kernel.clock import SALES_DAY_STARTS_HOUR, from_local, sales_date

_QUARTER = 900  # seconds; every zone's offset is a whole number of quarters, and so is the start of the sales day


class VenueClock:
    """Local times and sales days of one time zone, beside the moment ``known_at`` at which rows become known.

    The sales day of ``known_at`` is the one that has not ended: from ``open_from`` up to ``open_until``.
    """

    def __init__(self, zone: str, known_at: datetime) -> None:
        self.zone = ZoneInfo(zone)
        self._moments: dict[datetime, datetime] = {}
        self._days: dict[int, date] = {}
        self.open_day = self.sales_date(known_at)
        self.open_from, self.open_until = self._starts_at(self.open_day), self._starts_at(self.open_day + timedelta(days=1))

    def moment(self, updated: datetime) -> datetime:
        """Aware moment of ``updated``, which is the venue's wall clock when it has no offset."""
        if updated.tzinfo is not None:
            return updated
        known = self._moments.get(updated)
        if known is None:
            known = self._moments[updated] = from_local(updated, self.zone)
        return known

    def sales_date(self, moment: datetime) -> date:
        """The sales day that a figure true at ``moment`` closes; as :func:`dip.kernel.clock.sales_date`."""
        quarter = int(moment.timestamp()) // _QUARTER
        known = self._days.get(quarter)
        if known is None:
            known = self._days[quarter] = sales_date(moment, self.zone)
        return known

    def _starts_at(self, day: date) -> datetime:
        return from_local(datetime(day.year, day.month, day.day, SALES_DAY_STARTS_HOUR), self.zone)  # noqa: DTZ001  local on purpose

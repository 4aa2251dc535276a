"""How often figures come in, read from what came in."""

from collections.abc import Sequence

from dip.sales.terms import Cadence

#: Distinct deliveries in one sales day from which a theatre counts as hourly: a nightly run and a manual one are still nightly.
HOURLY_FROM = 3
#: A system that delivers once a day before this local hour does so at night.
NIGHT_ENDS = 7


def cadence(per_day: Sequence[int], hours: Sequence[int]) -> Cadence:
    """The rhythm of one theatre's system.

    ``per_day``: distinct deliveries per sales day of the last weeks; ``hours``: local hours (0..23) at which they became known.
    Performances that do not sell bring no positions, so the busiest day counts.
    """
    if not per_day or not hours:
        return Cadence.UNKNOWN
    if max(per_day) >= HOURLY_FROM:
        return Cadence.HOURLY
    night = sum(hour < NIGHT_ENDS for hour in hours)
    return Cadence.NIGHTLY if night * 2 > len(hours) else Cadence.DAILY

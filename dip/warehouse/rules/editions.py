"""When national figures are published anew: never twice on a sales day, so that two looks on one day tell no difference.

The market (season to date) has an edition per sales day. Trends take in a running season by whole quarters, for the night that was
added between two days could be one theatre's; what changed in them waits for the next month.
"""

from datetime import date, timedelta

from dip.warehouse.terms import Edition

#: Days after the end of a quarter until its last figures are in.
SETTLING_DAYS = 2
#: Raised when what an edition holds or how it is protected changes: editions of another make are made anew.
MAKE = 2


def closed_until(today: date) -> date:
    """The first day after the last closed quarter (from 1 August, November, February and May), on the sales day ``today``.

    >>> closed_until(date(2026, 11, 23)).isoformat(), closed_until(date(2026, 11, 2)).isoformat()
    ('2026-11-01', '2026-08-01')
    """
    settled = today - timedelta(days=SETTLING_DAYS)
    months = settled.year * 12 + settled.month - 2  # months from a February on
    year, month = divmod(months - months % 3 + 1, 12)
    return date(year, month + 1, 1)


def is_edition_due(mart: str, edition: Edition | None, today: date) -> bool:
    """Whether ``mart`` ("market" or "trend") may be made anew on the sales day ``today`` for a season that has changed."""
    if edition is None or edition.make != MAKE:
        return True
    if mart == "market":
        return today != edition.made_on
    settling = timedelta(days=SETTLING_DAYS)
    return (today - settling).replace(day=1) != (edition.made_on - settling).replace(day=1)

"""When a connection is read again, and when its people are told that it fails."""

from datetime import datetime, timedelta
from enum import StrEnum

from dip.kernel.clock import local


class Cause(StrEnum):
    """Why a connection is read."""

    CLOCK = "clock"
    HOOK = "hook"
    PERSON = "person"
    NIGHT = "night"


#: Between two readings; the longest wait while it fails; the longest that a system itself can ask for.
INTERVAL, LONGEST, MOST_ASKED = timedelta(minutes=15), timedelta(hours=4), timedelta(hours=24)
#: Between two looks at the whole calendar.
CALENDAR = timedelta(hours=1)
#: A reading called for by a webhook waits this long, so that one reading serves a burst; and readings lie at least this far apart.
GATHER, APART = timedelta(seconds=3), timedelta(seconds=15)
#: People are mailed once a connection has failed for so long.
PATIENCE = timedelta(hours=6)
#: Of the local day, when everything is read anew and compared.
NIGHT_HOURS = range(2, 6)
#: Two such checks lie further apart than the first, and no further than the second when the connection works.
EARLIEST_CHECK, LATEST_CHECK = timedelta(hours=18), timedelta(hours=30)


def next_due(at: datetime, failures: int, retry_after: float | None, chance: float) -> datetime:
    """The next reading: an interval on, doubled by each failure in a row, or as long as the system asks.

    ``chance`` 0..1 spreads the readings of many connections by a tenth to either side; never earlier than the system asked.
    """
    wait = min(INTERVAL * 2 ** min(failures, 10), LONGEST) if failures else INTERVAL
    wait *= 0.9 + 0.2 * chance
    if retry_after is not None:
        wait = max(wait, min(timedelta(seconds=retry_after * (1 + 0.1 * chance)), MOST_ASKED))
    return at + wait


def cause_of(at: datetime, reconciled_at: datetime | None, success_at: datetime | None) -> Cause:
    """Whether a reading that is due is the nightly check: once a night, and at any hour when nights were missed; never the first."""
    if success_at is None:
        return Cause.CLOCK
    waited = LATEST_CHECK if reconciled_at is None else at - reconciled_at
    is_night = local(at).hour in NIGHT_HOURS
    return Cause.NIGHT if waited > LATEST_CHECK or (is_night and waited > EARLIEST_CHECK) else Cause.CLOCK


def next_hooked(at: datetime, last_read_at: datetime | None) -> datetime:
    """When the reading that a webhook calls for may begin."""
    soonest = at + GATHER
    return soonest if last_read_at is None else max(soonest, last_read_at + APART)


def is_to_be_told(at: datetime, failing_since: datetime | None, told_at: datetime | None) -> bool:
    """Whether its people are to be mailed now; once for one spell of failures."""
    return failing_since is not None and told_at is None and at - failing_since >= PATIENCE

"""When an attempt is followed by another, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dip.exchange.terms import GIVES_UP_AFTER, SCHEDULE, NoticeState, Reply, Verdict

#: Waits are lengthened by up to this share, so that the failures of one minute do not all come back in one minute.
JITTER = 0.1
#: A receiver may ask for a longer wait, up to this.
LONGEST_WAIT = timedelta(hours=24)
#: Having failed for so long, an endpoint is called in one of so many minutes.
FAILS_FOR_A_WHILE, EVERY = timedelta(minutes=10), 5


def verdict(reply: Reply, attempts: int, at: datetime, chance: float) -> Verdict:
    """What follows from the attempt number ``attempts`` (from 1) at ``at``; ``chance`` 0..1 draws the jitter."""
    if reply.is_accepted:
        return Verdict(NoticeState.DELIVERED)
    if attempts >= len(SCHEDULE) or reply.is_gone:
        return Verdict(NoticeState.FAILED)
    wait = SCHEDULE[attempts] * (1 + JITTER * chance)
    if reply.retry_after is not None:
        wait = max(wait, min(reply.retry_after, LONGEST_WAIT))
    return Verdict(NoticeState.WAITING, at + wait)


def is_given_up(failing_since: datetime | None, at: datetime) -> bool:
    """Whether an endpoint has failed for so long that it is not called any more."""
    return failing_since is not None and at - failing_since >= GIVES_UP_AFTER


def is_turn(endpoint_id: int, failing_since: datetime | None, at: datetime) -> bool:
    """Whether an endpoint is called in this minute: one that has failed for a while only in every fifth, so that those that are down do
    not take the time of those that answer."""
    if failing_since is None or at - failing_since < FAILS_FOR_A_WHILE:
        return True
    return int(at.timestamp()) // 60 % EVERY == endpoint_id % EVERY


def asked_wait(header: str, at: datetime) -> timedelta | None:
    """The wait of a ``Retry-After`` header, seconds or a date; None when there is none that can be read."""
    text = header.strip()
    if text.isdecimal() and len(text) < 9:
        return timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - at, timedelta(0))

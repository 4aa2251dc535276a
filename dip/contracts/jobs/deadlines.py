"""Each morning: proposals that nobody answered in time expire, and theatres are reminded of those that are almost due."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from dip.contracts.actions.ending import expire_agreements, remind_theatres
from dip.kernel.clock import local

#: The hour of the morning at which people read of it, on the clock of the Netherlands.
HOUR = 7


@app.periodic(cron="0 5,6 * * *", periodic_id="contracts-deadlines")  # in UTC: one of the two is 07:00, summer or winter
@app.task(queue="mail", name="dip.contracts.jobs.deadlines", queueing_lock="contracts-deadlines", pass_context=False)
def keep_deadlines(timestamp: int) -> int:
    """07:00: let expire what is past its last day, and remind of what is not. ``timestamp``: when it was due. How many of both."""
    due = datetime.fromtimestamp(timestamp, UTC)
    if local(due).hour != HOUR:
        return 0
    return expire_agreements(at=due) + remind_theatres(at=due)

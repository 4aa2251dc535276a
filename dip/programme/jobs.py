"""Jobs of the programme: the weekly reminder."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from dip.programme.actions.reminders import remind_theatres


@app.periodic(cron="0 7 * * 1", periodic_id="programme-reminders")
@app.task(queue="mail", name="dip.programme.jobs.remind", queueing_lock="programme-reminders", pass_context=False)
def remind(timestamp: int) -> int:
    """Monday 07:00: remind every theatre of what it has not answered; ``timestamp`` is the moment it was due."""
    return remind_theatres(at=datetime.fromtimestamp(timestamp, UTC))

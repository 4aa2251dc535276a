"""Jobs of the programme: the weekly reminder, and forgetting old form keys."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from dip.kernel.clock import local
from dip.programme.actions.once import forget_forms
from dip.programme.actions.reminders import remind_theatres

#: The hour of Monday at which theatres read their reminder, on the clock of the Netherlands.
HOUR = 7


@app.periodic(cron="0 5,6 * * 1", periodic_id="programme-reminders")  # in UTC: one of the two is 07:00, summer or winter
@app.task(queue="mail", name="dip.programme.jobs.remind", queueing_lock="programme-reminders", pass_context=False)
def remind(timestamp: int) -> int:
    """Monday 07:00: remind every theatre of what it has not answered. ``timestamp``: when it was due. Theatres mailed."""
    due = datetime.fromtimestamp(timestamp, UTC)
    return remind_theatres(at=due) if local(due).hour == HOUR else 0


@app.periodic(cron="41 2 * * *", periodic_id="programme-form-keys")
@app.task(queue="default", name="dip.programme.jobs.forget_forms", queueing_lock="programme-form-keys", pass_context=False)
def forget(timestamp: int) -> int:
    """Every night: drop the keys of forms that nobody will send again. How many."""
    return forget_forms(at=datetime.fromtimestamp(timestamp, UTC))

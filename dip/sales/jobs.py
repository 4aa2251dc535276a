"""Jobs of the Sales Monitor: alerts after figures came in, silence every hour, bundled mails at half past seven."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.registry.guard import accesses_of
from dip.registry.terms import Door
from dip.sales.actions import looking, mailing


@app.periodic(cron="*/5 * * * *", periodic_id="sales-alerts")
@app.task(queue="sales", name="dip.sales.jobs.look_for_alerts", queueing_lock="sales-alerts", lock="sales-alerts")
def look_for_alerts(timestamp: int | None = None) -> int:
    """Every five minutes: look through what came in, then send the bundled mails that are due. How many alerts are new.

    ``timestamp`` is the scheduler's, unused. A mail of 07:30 that was missed goes with the next run.
    """
    at = clock.now()
    found = looking.look(at=at, accesses=accesses_of(looking.seats(), Door.JOB))
    mailing.mail_mornings(at=at)
    return found

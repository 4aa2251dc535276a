"""Every minute, and after a push: pull what is new and publish what it touches."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.warehouse import actions


@app.periodic(cron="* * * * *")
@app.task(queue="warehouse", queueing_lock="warehouse-refresh", lock="warehouse", name="dip.warehouse.jobs.refresh")
def refresh(timestamp: int | None = None) -> None:
    """One run; waiting ones are not stacked, and two never run at once. ``timestamp`` is the scheduler's, unused."""
    actions.refresh(clock.now(), only_when_due=True)

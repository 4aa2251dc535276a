"""Outlooks of agreements: all after the nightly pushes, and every hour those about which something was heard."""

from procrastinate.contrib.django import app

from dip.contracts.actions import outlooks
from dip.kernel import clock


@app.periodic(cron="20 4 * * *", periodic_id="contracts-outlooks")
@app.task(queue="contracts", queueing_lock="contracts-outlooks", lock="contracts-outlooks", name="dip.contracts.jobs.outlooks")
def recalculate_all(timestamp: int | None = None) -> int:
    """At twenty past four UTC: every running agreement. How many; ``timestamp`` is the scheduler's, unused."""
    return outlooks.recalculate(at=clock.now())


@app.periodic(cron="5,20,35,50 * * * *", periodic_id="contracts-outlooks-changed")
@app.task(
    queue="contracts",
    queueing_lock="contracts-outlooks-changed",
    lock="contracts-outlooks",
    name="dip.contracts.jobs.outlooks_changed",
)
def recalculate_changed(timestamp: int | None = None) -> int:
    """Every quarter of an hour: agreements with new terms or figures, and new ones. How many."""
    return outlooks.recalculate_changed(at=clock.now())

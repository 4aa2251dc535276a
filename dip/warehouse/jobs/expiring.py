"""Every night: what has been kept long enough goes."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.warehouse.actions.expiring import expire_orders
from dip.warehouse.actions.looking import forget_old


@app.periodic(cron="41 3 * * *", periodic_id="warehouse-expire")
@app.task(queue="warehouse", queueing_lock="warehouse-expire", name="dip.warehouse.jobs.expire")
def expire(timestamp: int | None = None) -> int:
    """Orders past their time are withdrawn, and old looks forgotten. How many of both. ``timestamp`` is the scheduler's, unused."""
    at = clock.now()
    return expire_orders(at=at) + forget_old(at=at)

"""Orders: what landed is applied at once, and every minute in case nobody asked; the slow lane every quarter of an hour."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.warehouse.actions import applying, landing
from dip.warehouse.actions.asking import JOB, LOCK, QUEUE

#: Seconds that a run stays at most, and that it waits for more once nothing comes.
STAYS, IDLE = 50.0, 3.0


@app.periodic(cron="* * * * *", periodic_id="warehouse-apply")
@app.task(queue=QUEUE, queueing_lock=LOCK, lock=LOCK, name=JOB)
def apply(timestamp: int | None = None) -> None:
    """Apply what has landed, and stay while more comes. ``timestamp`` is the scheduler's, unused."""
    applying.keep_applying(clock.now, seconds=STAYS, idle=IDLE)


@app.periodic(cron="7-59/15 * * * *", periodic_id="warehouse-tend")
@app.task(queue="warehouse", queueing_lock="warehouse-tend", lock="warehouse-tend", name="dip.warehouse.jobs.tend")
def tend(timestamp: int | None = None) -> None:
    """National shelves of the seasons that changed, upkeep of the facts, landed files without a receipt. ``timestamp`` is unused."""
    applying.tend(clock.now())
    landing.sweep(clock.now())

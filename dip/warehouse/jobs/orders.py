"""Orders of connections: asked for when they are due, each in a job of its own."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from dip.kernel import clock
from dip.ticketing.actions.order_feeds import due_feeds
from dip.warehouse.actions import feeding

READ = "dip.warehouse.jobs.read_orders"


@app.periodic(cron="* * * * *", periodic_id="warehouse-order-feeds")
@app.task(queue="connections", queueing_lock="warehouse-order-feeds", name="dip.warehouse.jobs.start_orders")
def start_orders(timestamp: int | None = None) -> int:
    """Every minute: put a reading of each feed of orders that is due in the queue. How many were not there yet."""
    return sum(_start(key) for key in due_feeds(clock.now()))


@app.task(queue="connections", name=READ)
def read_orders(connection_id: int) -> None:
    """Read the orders of one connection. Its trouble is kept with it, and is no failure of the job."""
    feeding.read_orders(connection_id=connection_id, clock=clock.now)


def _start(connection_id: int) -> bool:
    name = f"orders-{connection_id}"
    try:
        with transaction.atomic():
            app.configure_task(READ, queue="connections", lock=name, queueing_lock=name).defer(connection_id=connection_id)
    except AlreadyEnqueued:
        return False
    return True

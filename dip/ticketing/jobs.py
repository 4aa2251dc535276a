"""Jobs of ticketing: connections to ticketing systems are read when they are due, at night as a whole, and when a webhook calls."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.ticketing.actions.connection_hooks import READ, start_due_readings
from dip.ticketing.actions.readings import read_connection as read
from dip.ticketing.rules.pacing import Cause


@app.periodic(cron="* * * * *", periodic_id="ticketing-connections")
@app.task(queue="connections", queueing_lock="ticketing-connections", name="dip.ticketing.jobs.start_due")
def start_due(timestamp: int | None = None) -> int:
    """Every minute: put a reading of each connection that is due in the queue. How many were not there yet."""
    return start_due_readings(at=clock.now())


@app.task(queue="connections", name=READ)
def read_connection(connection_id: int, cause: str = Cause.CLOCK.value) -> None:
    """Read one connection. Its trouble is kept with it and is no failure of the job; a worker's death is taken up by the next reading."""
    read(connection_id=connection_id, clock=clock.now, cause=Cause(cause))

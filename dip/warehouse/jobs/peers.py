"""Groups of like organisations: frozen when a season begins, and brought up to the newest edition of the trends."""

from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.warehouse.actions import peers


@app.periodic(cron="11-59/15 * * * *", periodic_id="warehouse-peers")
@app.task(queue="warehouse", queueing_lock="warehouse-peers", lock="warehouse-peers", name="dip.warehouse.jobs.tend_peers")
def tend_peers(timestamp: int | None = None) -> None:
    """Mostly nothing to do: an edition is made once a month at most. ``timestamp`` is the scheduler's, unused."""
    peers.tend(clock.now())

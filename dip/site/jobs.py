"""Jobs of the site: a demo stays alive."""

from procrastinate.contrib.django import app

from dip.kernel.clock import now
from dip.site.demo import trickle


@app.periodic(cron="*/5 * * * *")
@app.task(queue="demo", queueing_lock="demo-trickle", lock="demo-trickle", name="dip.site.jobs.sell_a_little")
def sell_a_little(timestamp: int | None = None) -> int:
    """Every five minutes a few invented sales, through the normal way in; nothing where no demo was made. Rows that changed."""
    return trickle(at=now())

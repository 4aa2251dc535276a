"""Jobs of the site: a demo stays alive, and what a dead worker left behind is done after all."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from dip.kernel.clock import now
from dip.site.demo import trickle
from dip.site.demo.topics.connections import breathe

log = logging.getLogger(__name__)
#: A worker notes every ten seconds that it lives; silent for so long, it counts as dead. Seconds.
SILENT = 45.0
#: A job under which so many workers died is not tried again.
MOST_ATTEMPTS = 8


@app.periodic(cron="* * * * *")
@app.task(queue="demo", queueing_lock="demo-trickle", lock="demo-trickle", name="dip.site.jobs.sell_a_little")
def sell_a_little(timestamp: int | None = None) -> int:
    """Every minute a few invented sales with their orders, through the normal way in: of the theatre that the demo tells about, every
    fifth minute of any. Nothing where no demo was made. Rows that changed."""
    at = now()
    if at.minute % 5:
        return trickle(at=at, most=3, is_shown=True)
    sold = trickle(at=at)
    breathe(at=at)
    return sold


@app.periodic(cron="* * * * *", periodic_id="site-rescue")
@app.task(queue="site", queueing_lock="site-rescue", name="dip.site.jobs.rescue_stalled", pass_context=True)
async def rescue_stalled(context: JobContext, timestamp: int | None = None) -> int:
    """Every minute: jobs that a dead worker had in hand go back into the queue, and let go of their locks. How many were found."""
    stalled = list(await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT))
    for job in stalled:
        try:
            await _put_back(context, job)
        except ConnectorException:  # its worker lives after all, and has just ended it
            log.info("job %s (%s) ended while it was being put back", job.id, job.task_name)
    await context.app.job_manager.prune_stalled_workers(SILENT)
    return len(stalled)


async def _put_back(context: JobContext, job: Job) -> None:
    """Try the job again, unless one like it waits already or it has brought down too many workers."""
    manager = context.app.job_manager
    log.warning("job %s (%s) was left by a dead worker", job.id, job.task_name)
    if job.attempts >= MOST_ATTEMPTS:
        await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        return
    try:
        await manager.retry_job(job)
    except UniqueViolation:  # one like it waits already
        await manager.finish_job(job, status=Status.ABORTED, delete_job=False)

"""Jobs of the exchange: every minute changes become notices; what is due is sent, each endpoint by a job of its own."""

import time
from datetime import timedelta

import structlog
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import TimeDeltaParams

from dip.exchange import actions
from dip.exchange.sending import send_all
from dip.exchange.terms import NoticeState
from dip.kernel import clock

#: Calls to one endpoint at once, and seconds that a job goes on before it lets others have their turn.
AT_ONCE, RUN_SECONDS = 8, 20.0
#: Mails and figures go before.
PRIORITY = -1
#: A retry that is due within this gets a job at its own moment; later ones are found by the next minute's look.
SOON = timedelta(seconds=20)
log = structlog.get_logger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queue="exchange", queueing_lock="exchange-dispatch", lock="exchange-dispatch", name="dip.exchange.jobs.dispatch")
def dispatch(timestamp: int | None = None) -> int:
    """Tell what changed, and have what is due sent. ``timestamp`` is the scheduler's, unused. How many notices were made."""
    at = clock.now()
    made = actions.dispatch_changes(at=at)
    for endpoint_id in actions.due_endpoints(at=at):
        enqueue(endpoint_id)
    return made


@app.task(queue="exchange", name="dip.exchange.jobs.deliver")
def deliver(endpoint_id: int) -> int:
    """Send what is due at one endpoint, a few at once; how many attempts were made.

    Ends early when a whole handful failed: an endpoint that is down is tried again by the schedule, not hammered.
    """
    ends, count, is_down = time.monotonic() + RUN_SECONDS, 0, False
    while time.monotonic() < ends and not is_down:
        batch = actions.take_due(endpoint_id=endpoint_id, at=clock.now(), most=AT_ONCE)
        if not batch:
            break
        is_down = NoticeState.DELIVERED not in send_all(batch, clock.now)
        count += len(batch)
    at, following = clock.now(), actions.next_due(endpoint_id=endpoint_id)
    if following is not None and following <= at + SOON and (following > at or not is_down):
        enqueue(endpoint_id, wait=max(1, round((following - at).total_seconds())))
    return count


@app.periodic(cron="17 4 * * *")
@app.task(queue="exchange", queueing_lock="exchange-forget", name="dip.exchange.jobs.forget")
def forget(timestamp: int | None = None) -> int:
    """Forget old notices and kept answers. ``timestamp`` is the scheduler's, unused."""
    return actions.forget_old(at=clock.now())


def enqueue(endpoint_id: int, *, wait: int = 0) -> None:
    """Have an endpoint's notices sent, in ``wait`` seconds; a job that waits already is enough."""
    name = f"webhook-{endpoint_id}"
    later: TimeDeltaParams | None = {"seconds": wait} if wait else None
    try:
        with transaction.atomic():  # a refused insert must not spoil what the caller does further
            deliver.configure(priority=PRIORITY, lock=name, queueing_lock=name, schedule_in=later).defer(endpoint_id=endpoint_id)
    except AlreadyEnqueued:
        log.debug("webhook waits already", endpoint=endpoint_id)

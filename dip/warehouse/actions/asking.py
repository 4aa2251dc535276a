"""Asking the applier to come at once, rather than within a minute."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

#: Job, its queue and its lock; the job itself is in a higher room.
JOB, QUEUE, LOCK = "dip.warehouse.jobs.apply", "warehouse", "warehouse-apply"


def ask_to_apply() -> None:
    """Have what landed applied once the transaction is committed; a run that waits already is enough."""
    transaction.on_commit(_enqueue, robust=True)


def _enqueue() -> None:
    try:
        with transaction.atomic():  # a refused insert must not spoil what the caller does further
            app.configure_task(JOB, queue=QUEUE, lock=LOCK, queueing_lock=LOCK).defer()
    except AlreadyEnqueued:
        return

"""What a webhook of a ticketing system brings about: a hint that something changed, and nothing more. Figures are fetched."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from dip.ticketing.actions.connections import hook_digest
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection, OrderFeed, SourceEvent
from dip.ticketing.rules.pacing import Cause, cause_of, next_hooked

#: The job that reads a connection.
READ = "dip.ticketing.jobs.read_connection"
_REASON = "a webhook's secret names its connection"
_NOTED_EVERY = timedelta(seconds=20)


class UnknownHook(Exception):
    """No connection has this secret (any more)."""


def take_hook(*, secret: str, at: datetime, body: Mapping[str, Any]) -> bool:
    """Have the connection behind the secret read soon. Whether the hint concerns it; an unsigned body is never more than a hint.

    A burst of hints brings about one reading. Raises :class:`UnknownHook`.
    """
    found = Connection.objects.across_tenants(_REASON).filter(hook_digest=hook_digest(secret))
    connection = found.first()
    if connection is None:
        raise UnknownHook
    hint = CONNECTORS[connection.vendor].hint(body)
    if hint is None or hint.account != connection.account:
        return False
    if connection.hook_seen_at is None or at - connection.hook_seen_at > _NOTED_EVERY:
        found.update(hook_seen_at=at)
    if connection.is_paused or not (hint.figures or hint.seats or hint.calendar):
        return True
    with transaction.atomic():
        if hint.seats and hint.event:
            rows = SourceEvent.objects.across_tenants(_REASON).filter(
                connection=connection, performance__isnull=False, gone_at__isnull=True
            )
            rows.filter(Q(ref=hint.event) | Q(ref__startswith=f"{hint.event}/")).update(due_since=at)
        if hint.figures:
            OrderFeed.objects.across_tenants(_REASON).filter(connection=connection, failures=0, due_at__gt=at).update(due_at=at)
        if hint.calendar:
            found.update(calendar_due_at=at)
        start_reading(connection_id=connection.pk, cause=Cause.HOOK, when=next_hooked(at, connection.last_read_at))
    return True


def start_due_readings(*, at: datetime) -> int:
    """Put a reading of each connection that is due in the queue; how many were not there yet."""
    due = Connection.objects.across_tenants("readings serve every theatre").filter(is_paused=False, next_due_at__lte=at)
    rows = due.order_by("next_due_at").values_list("pk", "reconciled_at", "success_at")
    return sum(start_reading(connection_id=key, cause=cause_of(at, reconciled, success)) for key, reconciled, success in rows)


def start_reading(*, connection_id: int, cause: Cause, when: datetime | None = None) -> bool:
    """Put a reading in the queue, one at most for each connection; whether it was not there yet."""
    task = app.configure_task(
        READ, queue="connections", lock=f"connection-{connection_id}", queueing_lock=f"connection-{connection_id}", schedule_at=when
    )
    try:
        with transaction.atomic():
            task.defer(connection_id=connection_id, cause=cause.value)
    except AlreadyEnqueued:
        return False
    return True

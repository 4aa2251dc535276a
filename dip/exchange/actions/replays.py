"""Sending again what was sent or given up, and a ping to try an endpoint."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.exchange.actions.dispatch import write_notices
from dip.exchange.actions.endpoints import locked_endpoint
from dip.exchange.models import Endpoint, Notice
from dip.exchange.terms import EndpointState, EventType, Happening, NoticeState
from dip.registry.terms import Access, Refusal
from dip.registry.trail import write_line


class UnableToReplay(Refusal):
    """The endpoint is not called now."""


@transaction.atomic
def replay_notice(*, access: Access, at: datetime, endpoint_id: int, notice_id: int) -> Notice:
    """Make a notice due again, under the same id, from the begin of the schedule. Raises ``Notice.DoesNotExist``."""
    _called_now(locked_endpoint(access, endpoint_id))
    notice: Notice = Notice.objects.within(access).select_for_update().get(pk=notice_id, endpoint_id=endpoint_id)
    notice.state, notice.attempts, notice.next_at, notice.settled_at = NoticeState.WAITING, 0, at, None
    notice.save(update_fields=["state", "attempts", "next_at", "settled_at"])
    return notice


@transaction.atomic
def replay_failed(*, access: Access, at: datetime, endpoint_id: int, since: datetime) -> int:
    """Make every notice due again that was made since ``since`` and given up; how many."""
    endpoint = locked_endpoint(access, endpoint_id)
    _called_now(endpoint)
    failed = Notice.objects.within(access).filter(endpoint=endpoint, state=NoticeState.FAILED, created_at__gte=since)
    count: int = failed.update(state=NoticeState.WAITING, attempts=0, next_at=at, settled_at=None)
    if count:
        write_line(
            access=access, at=at, verb="replay_notices", subject="endpoint", subject_id=endpoint.pk, label=str(endpoint),
            changes={"notices": [None, count]},
        )  # fmt: skip
    return count


@transaction.atomic
def ping_endpoint(*, access: Access, at: datetime, endpoint_id: int) -> Notice:
    """Make a ping, due at once."""
    endpoint = locked_endpoint(access, endpoint_id)
    _called_now(endpoint)
    ping = Happening(EventType.PING, f"webhooks/{endpoint.pk}", at, {"endpoint": endpoint.pk, "description": endpoint.description})
    return write_notices(endpoint, [ping], at)[0]


def _called_now(endpoint: Endpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise UnableToReplay(_("This webhook is not called now. Switch it on first."))

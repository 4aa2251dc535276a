"""From changes to notices: what an endpoint's organisation may see of them, each told once."""

import secrets
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from dip.exchange.models import Attempt, Endpoint, KeptAnswer, Notice
from dip.exchange.queries.happenings import happenings, is_quiet
from dip.exchange.queries.horizon import horizon
from dip.exchange.rules.events import cloud_event
from dip.exchange.terms import ANSWERS_KEPT, NOTICES_KEPT, EndpointState, EventType, Happening, Window
from dip.registry.terms import Access, Door, Level, Module, Role

_REASON = "the job serves the endpoints of every organisation, each by that organisation's own access"
log = structlog.get_logger(__name__)


def base_url() -> str:
    """Address of ``/api/v2``: source of every event."""
    return f"{settings.BASE_URL}/api/v2"


def dispatch_changes(*, at: datetime) -> int:
    """Make notices of everything that changed since each active endpoint was last told, up to what has surely ended. How many.

    Notices and the endpoint's mark are one transaction: killed at any moment, nothing is lost and nothing told twice.
    """
    until = horizon()
    active = Endpoint.objects.across_tenants(_REASON).filter(state=EndpointState.ACTIVE, read_until__lt=until)
    behind = list(active.order_by("pk").values_list("pk", "read_until"))
    if not behind or is_quiet(Window(min(since for _, since in behind), until)):
        return 0
    made = 0
    for endpoint_id, _since in behind:
        try:
            made += _tell(endpoint_id, until, at)
        except Exception:  # one organisation's trouble does not keep the others waiting; its mark stays, so it is tried again
            log.exception("webhook changes not read", endpoint=endpoint_id)
    return made


@transaction.atomic
def _tell(endpoint_id: int, until: int, at: datetime) -> int:
    rows = Endpoint.objects.across_tenants(_REASON).select_for_update(of=("self",)).select_related("organisation")
    endpoint = rows.filter(pk=endpoint_id, state=EndpointState.ACTIVE, read_until__lt=until).first()
    if endpoint is None:
        return 0
    access = listening(endpoint)
    found: list[Happening] = []
    if access is not None:
        wanted = {EventType(one) for one in endpoint.event_types}
        found = happenings(access, Window(endpoint.read_until, until), wanted, base_url())
    write_notices(endpoint, found, at)
    endpoint.read_until = until
    endpoint.save(update_fields=["read_until"])
    return len(found)


def listening(endpoint: Endpoint) -> Access | None:
    """Who listens at an endpoint, with the right to view and no more; None when the organisation lost the role. Needs it selected."""
    organisation = endpoint.organisation
    if endpoint.role not in organisation.roles:
        return None
    return Access(
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        role=Role(endpoint.role),
        rights={Module.PROGRAMME: Level.VIEW, Module.SALES: Level.VIEW},
        door=Door.JOB,
        actor="webhook",
    )


def write_notices(endpoint: Endpoint, found: Iterable[Happening], at: datetime) -> list[Notice]:
    """Insert a notice for each happening, due at once."""
    rows = []
    for one in found:
        message_id = "msg_" + secrets.token_urlsafe(18)
        body = cloud_event(
            message_id=message_id, event_type=one.event_type, source=base_url(), subject=one.subject, at=one.at, data=one.data
        )
        rows.append(
            Notice(
                endpoint=endpoint,
                message_id=message_id,
                event_type=one.event_type.value,
                subject=one.subject[:80],
                body=body.decode(),
                created_at=at,
                next_at=at,
            )
        )
    return list(Notice.objects.bulk_create(rows, batch_size=1000))


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Forget notices with their attempts, and kept answers, that are older than they are kept. How many notices."""
    old = Notice.objects.across_tenants(_REASON).filter(created_at__lt=at - NOTICES_KEPT)
    Attempt.objects.across_tenants(_REASON).filter(notice__in=old).delete()
    count: int = old.delete()[0]
    KeptAnswer.objects.across_tenants(_REASON).filter(at__lt=at - ANSWERS_KEPT).delete()
    return count

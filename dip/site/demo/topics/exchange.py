"""Webhooks of the producer that the demo shows: one that works, with a log of what was sent, and one that was gone."""

from datetime import datetime, timedelta
from itertools import accumulate

from dip.exchange.actions.dispatch import base_url
from dip.exchange.models import Attempt, Endpoint, EndpointSecret, Notice
from dip.exchange.queries.horizon import horizon
from dip.exchange.rules.events import cloud_event
from dip.exchange.rules.signing import secret_text
from dip.exchange.terms import CHOOSABLE, SCHEDULE, DisabledReason, EndpointState, EventType, NoticeState
from dip.kernel.clock import local
from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.sealed import seal
from dip.registry.terms import Role
from dip.site.demo.record import Written

#: Notices in the log, so many minutes apart; every so many of them with a failure first; those that were given up, long enough ago.
NOTICES, MINUTES, SLOW, GIVEN_UP = 42, 181, 9, frozenset({3, 8, 12})
_TYPES = (
    EventType.PERFORMANCE_CHANGED,
    EventType.CONNECTION_CONFIRMED,
    EventType.PERFORMANCE_PUBLISHED,
    EventType.PERFORMANCE_MOVED,
)


def add_exchange(written: Written, at: datetime) -> dict[str, int]:
    """Two endpoints, their secrets, and a log of five days. The address is nobody's: a ping to it does not arrive."""
    shown = {login.organisation for login in written.logins}
    producer = next(one for one in written.organisations if one.name in shown and Role.PRODUCER.value in one.roles)
    until = horizon()
    about_sales = [one.value for one in CHOOSABLE if not one.is_about_sales]
    booking = _endpoint(producer, "Tourboek", "https://tourboek.example/dip/webhook", about_sales, until, at)
    booking.accepted_at = at - timedelta(minutes=47)
    website = _endpoint(producer, "Website", "https://gezelschap.example/voorstellingen/hook", about_sales, until, at)
    website.state, website.disabled_reason = EndpointState.DISABLED, DisabledReason.GONE
    website.accepted_at, website.failing_since = at - timedelta(days=12), at - timedelta(days=11)
    Endpoint.objects.bulk_create([booking, website])
    secrets = [(endpoint, secret_text(f"webhook {endpoint.pk} of the demo".ljust(32).encode())) for endpoint in (booking, website)]
    EndpointSecret.objects.bulk_create(
        EndpointSecret(endpoint=endpoint, sealed=seal(secret, "webhook"), hint=secret[-4:], created_at=endpoint.created_at)
        for endpoint, secret in secrets
    )
    notices = [_notice(booking, n, evening, at) for n, evening in enumerate(_evenings(producer, at))]
    Notice.objects.bulk_create(notices)
    Attempt.objects.bulk_create(attempt for n, notice in enumerate(notices) for attempt in _attempts(notice, n))
    return {"webhooks": 2, "notices": len(notices)}


def _endpoint(producer: Organisation, name: str, url: str, types: list[str], until: int, at: datetime) -> Endpoint:
    made = at - timedelta(days=80)
    return Endpoint(
        organisation=producer, role=Role.PRODUCER.value, url=url, description=name, event_types=types, read_until=until,
        created_at=made, created_by="Sandbox", changed_at=made,
    )  # fmt: skip


def _evenings(producer: Organisation, at: datetime) -> list[Performance]:
    coming = Performance.objects.filter(
        production__producer=producer, performance_date__gte=local(at).date(), published_at__isnull=False
    )
    return list(coming.select_related("production").order_by("starts_at", "number")[:NOTICES])


def _notice(endpoint: Endpoint, n: int, evening: Performance, at: datetime) -> Notice:
    made = at - timedelta(minutes=47 + MINUTES * (NOTICES - n - 1))
    kind = _TYPES[(n * 7) % 11 % len(_TYPES)]
    message_id, dip_id = f"msg_demo{n:04d}", evening.production.dip_id
    data = {
        "number": evening.number, "dipId": f"{dip_id}|{evening.number}", "production": dip_id, "status": evening.status,
        "startsAt": local(evening.starts_at), "url": f"{base_url()}/performances/{evening.number}",
    }  # fmt: skip
    body = cloud_event(message_id=message_id, event_type=kind, source=base_url(), subject=data["dipId"], at=made, data=data)
    is_failed = n in GIVEN_UP
    return Notice(
        endpoint=endpoint, message_id=message_id, event_type=kind.value, subject=data["dipId"], body=body.decode(), created_at=made,
        state=NoticeState.FAILED if is_failed else NoticeState.DELIVERED, attempts=10 if is_failed else 1 + (n % SLOW == 2),
        settled_at=made + (sum(SCHEDULE, timedelta()) if is_failed else timedelta(seconds=1)),
    )  # fmt: skip


def _attempts(notice: Notice, n: int) -> list[Attempt]:
    """What the endpoint answered: a booking system that is now and then busy, and once forgot a production."""
    if notice.state == NoticeState.FAILED:
        text = '{"error": "unknown production, import it first"}'
        moments = accumulate(SCHEDULE, initial=notice.created_at)
        return [Attempt(notice=notice, at=at, status=422, milliseconds=83 + n, text=text) for at in list(moments)[1:]]
    busy = (
        [Attempt(notice=notice, at=notice.created_at, status=503, milliseconds=1204 + n * 7, text="busy")] if n % SLOW == 2 else []
    )
    at = notice.created_at + timedelta(seconds=5 if busy else 0)
    return [*busy, Attempt(notice=notice, at=at, status=202, milliseconds=64 + n * 13 % 90, text='{"accepted": true}')]

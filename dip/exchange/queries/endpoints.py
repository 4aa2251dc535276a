"""Endpoints and notices as their owner sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from dip.exchange.models import Attempt, Endpoint, EndpointSecret, Notice
from dip.exchange.terms import EndpointState, EventType, NoticeState
from dip.registry.terms import Access

#: Notices on one page.
PAGE = 25


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret that still signs: its last four characters, and until when (None: until it is replaced)."""

    hint: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint, and how many of its notices wait and failed."""

    id: int
    role: str
    url: str
    description: str
    event_types: tuple[EventType, ...]
    state: EndpointState
    disabled_reason: str
    created_at: datetime
    created_by: str
    changed_at: datetime
    accepted_at: datetime | None
    failing_since: datetime | None
    waiting: int
    failed: int
    secrets: tuple[SecretRow, ...]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try. ``status`` None: no answer came, and ``error`` says why."""

    at: datetime
    status: int | None
    milliseconds: int
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice and its newest attempt."""

    id: int
    message_id: str
    event_type: EventType
    subject: str
    state: NoticeState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    last: AttemptRow | None


def endpoints_of(access: Access, at: datetime, *, role: str | None = None) -> list[EndpointRow]:
    """The organisation's endpoints, oldest first; ``role``: only those that listen in it. Two queries."""
    where = Q() if role is None else Q(role=role)
    return _rows(access, where, at)


def endpoint_of(access: Access, endpoint_id: int, at: datetime, *, role: str | None = None) -> EndpointRow:
    """One endpoint. Raises ``Endpoint.DoesNotExist`` for strangers to it, as when there is none."""
    where = Q(pk=endpoint_id) if role is None else Q(pk=endpoint_id, role=role)
    rows = _rows(access, where, at)
    if not rows:
        raise Endpoint.DoesNotExist(endpoint_id)
    return rows[0]


def notices_of(
    access: Access, endpoint_id: int, *, state: NoticeState | None = None, before: int | None = None, limit: int = PAGE
) -> list[NoticeRow]:
    """Notices of an endpoint, newest first, a page and one more (to see whether there is a next). Two queries."""
    found = Notice.objects.within(access).filter(endpoint_id=endpoint_id)
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _notices(access, list(found.order_by("-pk")[: limit + 1]))


def notice_of(access: Access, endpoint_id: int, notice_id: int) -> tuple[NoticeRow, str, tuple[AttemptRow, ...]]:
    """One notice, its body, and every attempt, oldest first. Raises ``Notice.DoesNotExist`` for strangers to it."""
    notice = Notice.objects.within(access).get(pk=notice_id, endpoint_id=endpoint_id)
    tries = tuple(_attempt(one) for one in Attempt.objects.within(access).filter(notice=notice).order_by("at", "pk"))
    return _notice(notice, tries[-1] if tries else None), notice.body, tries


def _rows(access: Access, where: Q, at: datetime) -> list[EndpointRow]:
    counted = Endpoint.objects.within(access).filter(where).order_by("pk")
    found = list(
        counted.annotate(
            waiting=Count("notices", filter=Q(notices__state=NoticeState.WAITING)),
            failed=Count("notices", filter=Q(notices__state=NoticeState.FAILED)),
        )
    )
    secrets: dict[int, list[SecretRow]] = {endpoint.pk: [] for endpoint in found}
    live = Q(expires_at=None) | Q(expires_at__gt=at)
    for one in EndpointSecret.objects.within(access).filter(live, endpoint_id__in=list(secrets)).order_by("-pk"):
        secrets[one.endpoint_id].append(SecretRow(one.hint, one.created_at, one.expires_at))
    return [_row(endpoint, secrets[endpoint.pk]) for endpoint in found]


def _row(endpoint: Endpoint, secrets: Sequence[SecretRow]) -> EndpointRow:
    return EndpointRow(
        id=endpoint.pk,
        role=endpoint.role,
        url=endpoint.url,
        description=endpoint.description,
        event_types=tuple(EventType(one) for one in endpoint.event_types),
        state=EndpointState(endpoint.state),
        disabled_reason=endpoint.disabled_reason,
        created_at=endpoint.created_at,
        created_by=endpoint.created_by,
        changed_at=endpoint.changed_at,
        accepted_at=endpoint.accepted_at,
        failing_since=endpoint.failing_since,
        waiting=endpoint.waiting,
        failed=endpoint.failed,
        secrets=tuple(secrets),
    )


def _notices(access: Access, found: Sequence[Notice]) -> list[NoticeRow]:
    newest = Attempt.objects.within(access).filter(notice__in=list(found)).order_by("notice_id", "-at", "-pk").distinct("notice_id")
    last = {one.notice_id: _attempt(one) for one in newest}
    return [_notice(one, last.get(one.pk)) for one in found]


def _notice(notice: Notice, last: AttemptRow | None) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        message_id=notice.message_id,
        event_type=EventType(notice.event_type),
        subject=notice.subject,
        state=NoticeState(notice.state),
        attempts=notice.attempts,
        created_at=notice.created_at,
        next_at=notice.next_at,
        settled_at=notice.settled_at,
        last=last,
    )


def _attempt(attempt: Attempt) -> AttemptRow:
    return AttemptRow(attempt.at, attempt.status, attempt.milliseconds, attempt.text, attempt.error)

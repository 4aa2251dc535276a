"""Sending notices: taken for a while, sent, and settled by what came back. At least once, under the same id each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dip.exchange.actions.endpoints import PURPOSE
from dip.exchange.models import Attempt, Endpoint, EndpointSecret, Notice
from dip.exchange.rules.retries import is_given_up, is_turn, verdict
from dip.exchange.terms import DisabledReason, EndpointState, NoticeState, Reply, Taken
from dip.registry.models import Membership
from dip.registry.post import queue_mail
from dip.registry.sealed import UnableToUnseal, unseal

#: A notice that was taken and not settled is taken up again after this: whoever had it is dead.
LEASE = timedelta(minutes=2)
_REASON = "the job sends what is due for every organisation"


def due_endpoints(*, at: datetime) -> list[int]:
    """Active endpoints with a notice that is due and whose turn it is."""
    due = Notice.objects.across_tenants(_REASON).filter(
        state=NoticeState.WAITING, next_at__lte=at, endpoint__state=EndpointState.ACTIVE
    )
    rows = due.order_by("endpoint_id").values_list("endpoint_id", "endpoint__failing_since").distinct()
    return [endpoint_id for endpoint_id, failing_since in rows if is_turn(endpoint_id, failing_since, at)]


def next_due(*, endpoint_id: int) -> datetime | None:
    """When the next notice of an active endpoint is due, if one waits."""
    waiting = Notice.objects.across_tenants(_REASON).filter(
        endpoint_id=endpoint_id, state=NoticeState.WAITING, endpoint__state=EndpointState.ACTIVE
    )
    found: datetime | None = waiting.order_by("next_at").values_list("next_at", flat=True).first()
    return found


@transaction.atomic
def take_due(*, endpoint_id: int, at: datetime, most: int, only: int | None = None) -> list[Taken]:
    """Take up to ``most`` notices that are due, for :data:`LEASE`; nobody else takes them meanwhile. ``only``: this one."""
    endpoint = Endpoint.objects.across_tenants(_REASON).filter(pk=endpoint_id, state=EndpointState.ACTIVE).first()
    if endpoint is None:
        return []
    due = Notice.objects.across_tenants(_REASON).filter(endpoint=endpoint, state=NoticeState.WAITING, next_at__lte=at)
    if only is not None:
        due = due.filter(pk=only)
    rows = list(due.select_for_update(skip_locked=True).order_by("next_at", "pk")[:most])
    Notice.objects.across_tenants(_REASON).filter(pk__in=[row.pk for row in rows]).update(next_at=at + LEASE)
    signing = _secrets(endpoint, at) if rows else ()
    return [Taken(row.pk, endpoint.pk, row.message_id, endpoint.url, row.body.encode(), signing) for row in rows]


@transaction.atomic
def settle(*, taken: Taken, reply: Reply, at: datetime, chance: float) -> NoticeState | None:
    """Note an attempt and what follows; None when the endpoint was removed meanwhile. ``chance`` 0..1 draws the jitter of a retry."""
    endpoint = Endpoint.objects.across_tenants(_REASON).select_for_update().filter(pk=taken.endpoint_id).first()
    notice = Notice.objects.across_tenants(_REASON).select_for_update().filter(pk=taken.notice_id).first()
    if endpoint is None or notice is None:
        return None
    Attempt.objects.create(
        notice=notice, at=at, status=reply.status, milliseconds=reply.milliseconds, text=reply.text, error=reply.error
    )
    if notice.state != NoticeState.DELIVERED:  # of two that sent it after a lease ran out, the one that got through counts
        notice.attempts += 1
        follows = verdict(reply, notice.attempts, at, chance)
        notice.state, notice.next_at = follows.state, follows.next_at
        notice.settled_at = None if follows.state is NoticeState.WAITING else at
        notice.save(update_fields=["attempts", "state", "next_at", "settled_at"])
    _note_on(endpoint, reply, at)
    return NoticeState(notice.state)


def _note_on(endpoint: Endpoint, reply: Reply, at: datetime) -> None:
    """What an attempt means for the endpoint: it works, it fails since then, or it is given up."""
    if reply.is_accepted:
        endpoint.accepted_at, endpoint.failing_since = at, None
    elif endpoint.failing_since is None:
        endpoint.failing_since = at
    reason = DisabledReason.GONE if reply.is_gone else None
    if reason is None and not reply.is_accepted and is_given_up(endpoint.failing_since, at):
        reason = DisabledReason.FAILING
    if reason is not None and endpoint.state == EndpointState.ACTIVE:
        endpoint.state, endpoint.disabled_reason, endpoint.changed_at = EndpointState.DISABLED, reason, at
        _mail(endpoint, reason)
    endpoint.save(update_fields=["accepted_at", "failing_since", "state", "disabled_reason", "changed_at"])


def _mail(endpoint: Endpoint, reason: DisabledReason) -> None:
    """Tell the organisation's super-users, each in their language."""
    where = Q(organisation_id=endpoint.organisation_id, is_super_user=True, is_active=True, person__is_active=True)
    link = settings.BASE_URL + reverse("exchange-webhook", args=[endpoint.pk])
    people = Membership.objects.filter(where).order_by("id").values_list(F("person__email"), F("person__language"))
    for email, language in people:
        with translation.override(language):
            why = {
                DisabledReason.GONE: _("It answered 410: it wants no notices any more."),
                DisabledReason.FAILING: _("It has accepted nothing for five days."),
            }[reason]
            subject = _("The webhook %(name)s is switched off") % {"name": endpoint}
            told = _("We no longer call %(url)s.") % {"url": endpoint.url}
            after = _("Nothing is lost: what changes meanwhile is told once you switch it on again.")
            queue_mail(to=email, subject=subject, body=f"{told} {why}\n\n{after}\n\n{link}")


def _secrets(endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
    """The secrets that sign now, newest first; those that another secret key sealed cannot be read, and do not sign."""
    live = EndpointSecret.objects.across_tenants(_REASON).filter(Q(expires_at=None) | Q(expires_at__gt=at), endpoint=endpoint)
    return tuple(_readable(live.order_by("-pk").values_list("sealed", flat=True)))


def _readable(sealed: Sequence[str]) -> list[str]:
    found = []
    for one in sealed:
        try:
            found.append(unseal(one, PURPOSE))
        except UnableToUnseal:
            continue
    return found

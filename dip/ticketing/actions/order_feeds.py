"""Delivering the orders of a connection to the Audience Monitor: switched on and off by the theatre, asked for when due."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.registry.trail import write_line
from dip.ticketing.actions.connections import UnableToConnect, locked
from dip.ticketing.actions.reading_steps import access_for
from dip.ticketing.models import Connection, OrderFeed
from dip.ticketing.rules.pacing import next_due

#: Grounds on which a theatre may have its buyers counted.
GROUNDS = ("statistics", "consent", "none")
_REASON = "orders of any theatre are asked for when they are due"


@transaction.atomic
def deliver_orders(*, access: Access, at: datetime, connection_id: int, consent: str) -> OrderFeed:
    """Have the orders of a connection read, from the first one, and at once. Raises :class:`UnableToConnect`.

    Another ground than before holds for what is read from now on.
    """
    connection = _own(access, connection_id)
    if consent not in GROUNDS:
        raise UnableToConnect(_("Choose on which ground your buyers are counted."), "consent")
    made, _is_new = OrderFeed.objects.within(access).get_or_create(
        connection=connection, defaults={"is_on": False, "consent": consent, "due_at": at, "switched_at": at}
    )
    if made.is_on and made.consent == consent:
        return made
    changes = {"consent": [made.consent if made.switched_by else "", consent]}
    made.is_on, made.consent, made.due_at, made.switched_at, made.switched_by = True, consent, at, at, access.actor[:160]
    made.save(update_fields=["is_on", "consent", "due_at", "switched_at", "switched_by"])
    _line(access, at, "deliver_orders", connection, changes)
    return made


@transaction.atomic
def keep_orders(*, access: Access, at: datetime, connection_id: int) -> None:
    """Have the orders of a connection read no more; what was delivered stays, and goes on from there when it is switched on again."""
    connection = _own(access, connection_id)
    feed = OrderFeed.objects.within(access).filter(connection=connection, is_on=True).first()
    if feed is not None:
        feed.is_on, feed.switched_at, feed.switched_by = False, at, access.actor[:160]
        feed.save(update_fields=["is_on", "switched_at", "switched_by"])
        _line(access, at, "keep_orders", connection, {})


def due_feeds(at: datetime) -> list[int]:
    """Keys of the connections whose orders are to be asked for, those that waited longest first."""
    feeds = OrderFeed.objects.across_tenants(_REASON).filter(is_on=True, due_at__lte=at, connection__is_paused=False)
    return list(feeds.order_by("due_at").values_list("pk", flat=True))


@transaction.atomic
def begin_feed(*, connection_id: int, at: datetime) -> tuple[OrderFeed, Access] | None:
    """The feed, and as whom it delivers: its theatre, through a job. None when it is switched off, paused or gone."""
    feeds = OrderFeed.objects.across_tenants(_REASON).select_for_update(of=("self",)).select_related("connection__organisation")
    feed = feeds.filter(pk=connection_id, is_on=True, connection__is_paused=False).first()
    if feed is None:
        return None
    feed.asked_at, feed.due_at = at, next_due(at, 0, None, 0.5)
    feed.save(update_fields=["asked_at", "due_at"])
    rights = {Module.SALES: Level.MANAGE, Module.AUDIENCE: Level.MANAGE}
    return feed, replace(access_for(feed.connection), rights=rights)


def end_feed(*, feed: OrderFeed, at: datetime, chance: float, is_done: bool) -> None:
    """The reading is whole: due again after the interval; at once when there is more to read."""
    feed.success_at, feed.failures, feed.failing_since, feed.trouble, feed.trouble_detail = at, 0, None, "", ""
    feed.due_at = next_due(at, 0, None, chance) if is_done else at
    feed.save(update_fields=["success_at", "failures", "failing_since", "trouble", "trouble_detail", "due_at"])


def fail_feed(*, feed: OrderFeed, at: datetime, trouble: str, detail: str, retry_after: float | None, chance: float) -> None:
    """The reading ended in trouble; what it landed stays, and the wait doubles."""
    feed.failures += 1
    feed.failing_since = feed.failing_since or at
    feed.trouble, feed.trouble_detail = trouble, detail[:300]
    feed.due_at = next_due(at, feed.failures, retry_after, chance)
    feed.save(update_fields=["failures", "failing_since", "trouble", "trouble_detail", "due_at"])


def _own(access: Access, connection_id: int) -> Connection:
    if not access.allows(Module.AUDIENCE, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage the audience module")
    return locked(access, connection_id)


def _line(access: Access, at: datetime, verb: str, connection: Connection, changes: dict[str, list[str]]) -> None:
    write_line(
        access=access, at=at, verb=verb, subject="connection", subject_id=connection.pk, label=connection.name, changes=changes
    )

"""Connections to ticketing systems in the demo: one that works, one that fails with something to decide, and those of other houses.

Nothing is called: their addresses lead nowhere, and their next reading lies years ahead. What a reading would have brought is
told by the demo itself, every five minutes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from dip.kernel.identifiers import performance_dip_id
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.sealed import seal
from dip.registry.terms import Access, Level, Module, Role
from dip.site.demo.heroes import HOUSE
from dip.site.demo.record import Written
from dip.ticketing.actions.connections import PURPOSE, hook_digest, hook_secret
from dip.ticketing.connector import SalesStatus, Trouble
from dip.ticketing.models import Connection, PerformanceSales, Reading, SourceEvent, SourceKind, SourceState
from dip.ticketing.queries.connections import measure_connection
from dip.ticketing.rules.matching import Problem
from dip.ticketing.rules.pacing import Cause

_REASON = "the demo's own connections are told by the demo"
_NOWHERE = "http://127.0.0.1:9"
_AHEAD = timedelta(days=3650)
_OTHERS, _LINKED, _PROPOSED, _READINGS = 7, 120, 6, 28
_KINDS = (("Normaal", "normal"), ("CJP", "discount"), ("65+", "discount"), ("Vrijkaart", "free"), ("Overig", "other"))


def add_connections(written: Written, at: datetime) -> dict[str, int]:
    """A working and a failing connection of the house that the demo tells about, and working ones of other houses."""
    hosts = [theatre for theatre in written.theatres if theatre.organisation_id and theatre.is_coupled]
    house = written.theatres[HOUSE]
    performances = list(
        Performance.objects.filter(theatre=house, status=PerformanceStatus.PUBLISHED, starts_at__gt=at)
        .select_related("production", "hall")
        .order_by("starts_at")[: _LINKED + _PROPOSED + 2]
    )
    works = _connection(house.organisation_id, "Kassa", "kassa", at)
    fails = _connection(house.organisation_id, "Zomerprogramma", "zomer", at)
    proposed, linked = performances[3 : 3 + _PROPOSED], performances[3 + _PROPOSED :]
    _listed(works, linked, at)
    _trouble(fails, proposed, at)
    others = [one for one in hosts if one.organisation_id != house.organisation_id][:_OTHERS]
    for place, theatre in enumerate(others):
        other = _connection(theatre.organisation_id, "Kassa", f"huis{place + 1}", at)
        _listed(other, _next_of(theatre.pk, at), at, with_readings=False)
    breathe(at=at)
    return {"connections": len(others) + 2}


@transaction.atomic
def breathe(*, at: datetime) -> int:
    """What the readings since the last time would have told: the demo's working connections are up to date. How many there are."""
    working = list(
        Connection.objects.across_tenants(_REASON).filter(address=_NOWHERE).exclude(account="zomer").select_related("organisation")
    )
    for connection in working:
        access = _access(connection)
        _tell_states(access, connection, at)
        connection.measured = measure_connection(access, connection.pk, at)
        connection.last_read_at = connection.success_at = connection.heard_until = at - timedelta(
            seconds=40 + connection.pk % 7 * 70
        )
        connection.next_due_at = at + _AHEAD + timedelta(minutes=10)
        connection.failures, connection.failing_since, connection.trouble = 0, None, ""
        connection.save()
    return len(working)


def _access(connection: Connection) -> Access:
    return Access(connection.organisation_id, "", Role.THEATRE, rights={Module.SALES: Level.MANAGE}, actor="Demo")


def _connection(organisation_id: int, name: str, account: str, at: datetime) -> Connection:
    salt = hashlib.blake2b(f"{organisation_id} {account}".encode(), digest_size=11).hexdigest()
    made: Connection = Connection.objects.create(
        organisation_id=organisation_id,
        vendor="pretix",
        name=name,
        address=_NOWHERE,
        account=account,
        sealed_secret=seal("no token: nothing is called", PURPOSE),
        created_at=at - timedelta(days=61),
        created_by="Demo",
        cursor=at.isoformat(),
        next_due_at=at + _AHEAD,
        calendar_due_at=at + _AHEAD,
        success_at=at,
        heard_until=at,
        reconciled_at=(at - timedelta(hours=3)).replace(hour=1, minute=12) if at.hour >= 4 else at - timedelta(hours=22),
        difference=0,
        hook_salt=salt,
        hook_digest=hook_digest(hook_secret(salt)),
        hook_seen_at=at - timedelta(minutes=4),
    )
    return made


def _next_of(theatre_id: int, at: datetime) -> list[Performance]:
    found = Performance.objects.filter(theatre_id=theatre_id, status=PerformanceStatus.PUBLISHED, starts_at__gt=at)
    return list(found.select_related("production", "hall").order_by("starts_at")[:40])


def _event(connection: Connection, place: int, like: Performance, **over: object) -> SourceEvent:
    values = {
        "title": like.production.title,
        "starts_at": like.starts_at,
        "hall_name": like.hall.name,
        "sales_status": SalesStatus.ON_SALE.value,
    }
    return SourceEvent(connection=connection, ref=f"seizoen/{place + 1}", **values | over)


def _listed(connection: Connection, performances: Sequence[Performance], at: datetime, *, with_readings: bool = True) -> None:
    """Linked performances, kinds of tickets, and two days of readings."""
    SourceEvent.objects.bulk_create(
        _event(connection, place, one, performance=one, dip_id=performance_dip_id(one.production.dip_id, one.pk))
        for place, one in enumerate(performances)
    )
    SourceKind.objects.bulk_create(
        SourceKind(connection=connection, name=name, kind=kind, is_guess=name == "65+" and with_readings) for name, kind in _KINDS
    )
    if with_readings:
        Reading.objects.bulk_create(_readings(connection, at))


def _readings(connection: Connection, at: datetime) -> Iterable[Reading]:
    for turn in range(_READINGS):
        started = at - timedelta(minutes=15 * turn + 1 + turn * 7 % 3)
        is_hook = turn % 3 == 1
        changed = (turn * 5) % 4 if not is_hook else 1
        cause = Cause.NIGHT if turn == _READINGS - 4 else Cause.HOOK if is_hook else Cause.CLOCK
        yield Reading(
            connection=connection,
            started_at=started,
            ended_at=started + timedelta(milliseconds=340 + 610 * changed + turn * 37 % 200),
            cause=cause.value,
            questions=3 + 5 * changed,
            changed=120 if cause is Cause.NIGHT else changed,
            accepted=changed,
        )


def _trouble(connection: Connection, performances: Sequence[Performance], at: datetime) -> None:
    """A token that has expired, proposals that wait, an id with a typing error and one that means nobody's performance."""
    rows = []
    for place, one in enumerate(performances):
        title = one.production.title if place % 2 else f"{one.production.title.upper()} (reprise)"
        wrong = {1: ("NL-26-00101", Problem.UNREADABLE_ID), 4: ("NL-26-00101-00001|999999", Problem.UNKNOWN_ID)}.get(
            place, ("", "")
        )
        rows.append(
            _event(
                connection,
                place,
                one,
                title=title,
                proposed=one,
                likeness=96 - 7 * place % 40,
                dip_id=wrong[0],
                problem=str(wrong[1]),
            )
        )
    if performances:
        party = performances[0]
        rows.append(
            _event(connection, 80, party, title="Open dag", starts_at=party.starts_at + timedelta(hours=31), hall_name="Foyer")
        )
    SourceEvent.objects.bulk_create(rows)
    _fail(connection, len(performances), at)


def _fail(connection: Connection, listed: int, at: datetime) -> None:
    """Its token is refused since eight hours."""
    since = at - timedelta(hours=8)
    connection.failures, connection.failing_since, connection.told_at = 6, since, since + timedelta(hours=6)
    connection.trouble, connection.trouble_detail = Trouble.CREDENTIALS.value, "organizers/zomer/orders/: 401"
    connection.success_at = connection.heard_until = since - timedelta(minutes=15)
    connection.last_read_at, connection.hook_seen_at = at - timedelta(hours=2), None
    connection.measured = {"listed": listed, "matched": 0}
    connection.save()
    Reading.objects.bulk_create(
        Reading(
            connection=connection,
            started_at=since + timedelta(minutes=15 * 2**turn),
            ended_at=since + timedelta(minutes=15 * 2**turn, milliseconds=90),
            cause=Cause.CLOCK.value,
            questions=1,
            trouble=Trouble.CREDENTIALS.value,
            detail="organizers/zomer/orders/: 401",
        )
        for turn in range(5)
    )


def _tell_states(access: Access, connection: Connection, at: datetime) -> None:
    """What the system would tell of its linked performances beside the figures that the demo sells."""
    linked = SourceEvent.objects.within(access).filter(
        connection=connection, performance__isnull=False, performance__starts_at__gt=at
    )
    sales = PerformanceSales.objects.within(access).filter(
        performance_id__in=linked.values("performance_id"), tickets_true_at__isnull=False
    )
    states = [_state(one, at) for one in sales]
    names = [field.name for field in SourceState._meta.fields if not field.primary_key]
    SourceState.objects.bulk_create(states, update_conflicts=True, unique_fields=["performance"], update_fields=names)


def _state(one: PerformanceSales, at: datetime) -> SourceState:
    counts = (
        ("Normaal", "normal", one.normal_tickets, one.normal_cents),
        ("CJP", "discount", one.discount_tickets // 2, one.discount_cents // 2),
        ("65+", "discount", one.discount_tickets - one.discount_tickets // 2, one.discount_cents - one.discount_cents // 2),
        ("Vrijkaart", "free", one.free_tickets, one.free_cents),
        ("Overig", "other", one.other_tickets, one.other_cents),
    )
    lines = [
        {
            "source_kind": name, "kind": kind, "tickets": tickets, "gross_cents": gross, "vat_cents": gross - gross * 100 // 109,
            "price_band": "", "channel": "all",
        }
        for name, kind, tickets, gross in counts
        if tickets
    ]  # fmt: skip
    held = one.sold + one.free_tickets + (one.reserved or 0)
    available = None if one.capacity is None else max(0, one.capacity - held - (one.blocked or 0))
    return SourceState(
        performance_id=one.performance_id,
        as_of=one.tickets_true_at,
        confirmed_at=at,
        lines=lines,
        available=available,
        sales_status=(SalesStatus.SOLD_OUT if available == 0 else SalesStatus.ON_SALE).value,
        quality={},
        own_total=held,
        source=one.source,
    )

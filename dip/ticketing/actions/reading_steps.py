"""The writes of a reading, each one transaction: what is done is kept, and what is left is marked as left."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dip.registry.models import Organisation
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.ticketing.actions.accept import accept_positions
from dip.ticketing.actions.connection_matches import BACK, keep_listing
from dip.ticketing.connector import Changes, SourceLine, SourcePerformance, SourceSnapshot, Trouble
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection, Reading, SourceEvent, SourceKind, SourceState
from dip.ticketing.queries.connections import measure_connection
from dip.ticketing.rules.pacing import CALENDAR, INTERVAL, Cause, next_due
from dip.ticketing.terms import Figures, Measure, PositionRow, TicketKind

#: Readings are remembered for so long.
REMEMBERED = timedelta(days=60)
#: The trouble of a reading whose worker died: the next one takes up where it was.
BROKEN_OFF = "broken_off"
#: The trouble of a reading that ran into a fault of the platform itself.
FAULT = "fault"
_REASON = "a reading serves one connection of any theatre"


def access_for(connection: Connection) -> Access:
    """As whom a connection brings figures: its theatre, through a job."""
    organisation: Organisation = connection.organisation
    role = Role.THEATRE if organisation.plays(Role.THEATRE) else Role.FESTIVAL
    actor = f"{CONNECTORS[connection.vendor].name} ({connection.name})"[:160]
    return Access(organisation.pk, organisation.name, role, rights={Module.SALES: Level.MANAGE}, door=Door.JOB, actor=actor)


@transaction.atomic
def begin_reading(*, connection_id: int, at: datetime, cause: Cause) -> tuple[Connection, Reading] | None:
    """Note that a reading begins; None when the connection is paused or gone. An unfinished one before it was broken off."""
    found = Connection.objects.across_tenants(_REASON).select_for_update(of=("self",)).select_related("organisation")
    connection = found.filter(pk=connection_id, is_paused=False).first()
    if connection is None:
        return None
    readings = Reading.objects.across_tenants(_REASON).filter(connection=connection)
    readings.filter(ended_at__isnull=True, trouble="").update(trouble=BROKEN_OFF)
    readings.filter(started_at__lt=at - REMEMBERED).delete()
    connection.last_read_at, connection.next_due_at = at, at + INTERVAL
    connection.save(update_fields=["last_read_at", "next_due_at"])
    return connection, Reading.objects.create(connection=connection, started_at=at, cause=cause.value)


@transaction.atomic
def keep_changes(*, access: Access, at: datetime, connection: Connection, changes: Changes) -> None:
    """Move the cursor, and mark in the same transaction what is to be read because of it."""
    own = SourceEvent.objects.within(access).filter(connection=connection, performance__isnull=False, gone_at__isnull=True)
    due = own.filter(starts_at__gte=at - BACK) if changes.everything else own.filter(ref__in=changes.refs)
    due.filter(due_since__isnull=True).update(due_since=at)
    connection.cursor = changes.cursor[:200]
    if changes.calendar or changes.everything:
        connection.calendar_due_at = min(connection.calendar_due_at, at)
    connection.save(update_fields=["cursor", "calendar_due_at"])


@transaction.atomic
def keep_calendar(*, access: Access, at: datetime, connection: Connection, listing: Sequence[SourcePerformance]) -> int:
    """Keep what is on and link it; how many performances are newly linked."""
    linked = keep_listing(access=access, at=at, connection=connection, listing=listing)
    connection.calendar_due_at = at + CALENDAR
    connection.save(update_fields=["calendar_due_at"])
    return linked


@transaction.atomic
def mark_everything(*, access: Access, at: datetime, connection: Connection) -> list[str]:
    """Mark every linked performance that is not long past to be read anew; the refs of those that no change had named."""
    own = SourceEvent.objects.within(access).filter(
        connection=connection, performance__isnull=False, gone_at__isnull=True, starts_at__gte=at - BACK, due_since__isnull=True
    )
    refs = list(own.values_list("ref", flat=True))
    own.update(due_since=at)
    return refs


def due_refs(access: Access, connection: Connection) -> frozenset[str]:
    """What is still to be read."""
    own = SourceEvent.objects.within(access).filter(connection=connection, due_since__isnull=False, performance__isnull=False)
    return frozenset(own.values_list("ref", flat=True))


@transaction.atomic
def keep_snapshots(
    *,
    access: Access,
    at: datetime,
    asked_at: datetime,
    connection: Connection,
    reading: Reading,
    snapshots: Sequence[SourceSnapshot],
) -> None:
    """Accept the figures of these performances, and take their marks away unless they were marked again since ``asked_at``."""
    refs = [snapshot.ref for snapshot in snapshots]
    events = SourceEvent.objects.within(access).filter(connection=connection, ref__in=refs)
    numbers = dict(events.filter(performance__isnull=False).values_list("ref", "performance_id"))
    told = [(numbers[one.ref], one) for one in snapshots if one.ref in numbers]
    for measure in Measure:
        rows = [
            PositionRow(number, figures, min(one.as_of, at), row=row)
            for row, (number, one) in enumerate(told)
            if (figures := figures_of(one, measure)) is not None
        ]
        if rows:
            receipt = accept_positions(access=access, at=at, measure=measure, rows=rows, source=source_name(connection))
            reading.accepted += receipt.accepted
            reading.refused += receipt.rejected
    _keep_states(told, at, connection)
    _keep_kinds(connection, [line for _, one in told for line in one.lines])
    for one in snapshots:
        events.filter(ref=one.ref).update(sales_status=one.sales_status.value)
    events.filter(due_since__lte=asked_at).update(due_since=None)
    reading.changed += len(told)
    reading.save(update_fields=["accepted", "refused", "changed"])


@transaction.atomic
def keep_missing(*, access: Access, at: datetime, connection: Connection, refs: Iterable[str]) -> None:
    """Performances that the system was asked for and does not have any more."""
    SourceEvent.objects.within(access).filter(connection=connection, ref__in=list(refs)).update(gone_at=at, due_since=None)


@transaction.atomic
def confirm_unchanged(*, access: Access, at: datetime, connection: Connection, until: datetime) -> None:
    """State once more, until a later moment, what the system says has not changed: figures that stand still are not old."""
    linked = SourceEvent.objects.within(access).filter(
        connection=connection, performance__isnull=False, gone_at__isnull=True, due_since__isnull=True, starts_at__gte=at - BACK
    )
    states = SourceState.objects.within(access).filter(performance_id__in=linked.values("performance_id"), confirmed_at__lt=until)
    rows = [
        PositionRow(state.performance_id, tickets_of(map(line_of, state.lines)), min(until, at), row=row)
        for row, state in enumerate(states)
    ]
    if rows:
        accept_positions(access=access, at=at, measure=Measure.TICKETS, rows=rows, source=source_name(connection))
        states.update(confirmed_at=min(until, at))


@transaction.atomic
def end_reading(
    *, connection: Connection, reading: Reading, at: datetime, questions: int, until: datetime | None, chance: float
) -> None:
    """The reading is whole: the connection is well, and due again after the interval."""
    reading.ended_at, reading.questions = at, questions
    reading.save(update_fields=["ended_at", "questions", "detail"])
    connection.success_at, connection.heard_until = at, until or reading.started_at
    connection.failures, connection.failing_since, connection.told_at = 0, None, None
    connection.trouble = connection.trouble_detail = ""
    connection.next_due_at = next_due(at, 0, None, chance)
    connection.measured = measure_connection(access_for(connection), connection.pk, at)
    connection.save(
        update_fields=[
            "measured",
            "success_at",
            "heard_until",
            "failures",
            "failing_since",
            "told_at",
            "trouble",
            "trouble_detail",
            "next_due_at",
        ]
    )


@transaction.atomic
def fail_reading(
    *, connection: Connection, reading: Reading, at: datetime, questions: int, trouble: Trouble | str, detail: str,
    retry_after: float | None, chance: float,
) -> None:  # fmt: skip
    """The reading ended in trouble; what it kept is kept, what is left stays marked, and the wait doubles."""
    reading.ended_at, reading.questions, reading.trouble, reading.detail = at, questions, str(trouble), detail[:300]
    reading.save(update_fields=["ended_at", "questions", "trouble", "detail"])
    connection.failures += 1
    connection.failing_since = connection.failing_since or at
    connection.trouble, connection.trouble_detail = str(trouble), detail[:300]
    connection.next_due_at = next_due(at, connection.failures, retry_after, chance)
    connection.save(update_fields=["failures", "failing_since", "trouble", "trouble_detail", "next_due_at"])


def source_name(connection: Connection) -> str:
    """The system's name as it stands beside figures."""
    return CONNECTORS[connection.vendor].name


def figures_of(snapshot: SourceSnapshot, measure: Measure) -> Figures | None:
    """A snapshot as positions take it; None: the system does not tell."""
    if measure is Measure.TICKETS:
        return tickets_of(snapshot.lines)
    if measure is Measure.RESERVATIONS:
        return None if snapshot.reserved is None else (snapshot.reserved, snapshot.reserved_cents)
    if measure is Measure.BLOCKED:
        return None if snapshot.blocked is None else (snapshot.blocked, snapshot.blocked_cents)
    return None if snapshot.capacity is None else (snapshot.capacity,)


def tickets_of(lines: Iterable[SourceLine]) -> Figures:
    """Lines added up by national kind: four counts, four recettes."""
    kinds = [kind.value for kind in TicketKind]
    tickets, cents = [0] * len(kinds), [0] * len(kinds)
    for line in lines:
        place = kinds.index(line.kind)
        tickets[place] += line.tickets
        cents[place] += line.gross_cents
    return (*tickets, *cents)


def line_of(kept: Mapping[str, Any]) -> SourceLine:
    """A line as :class:`SourceState` keeps it."""
    return SourceLine(**kept)


def _kept(line: SourceLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in SourceLine.__slots__}


def _keep_states(told: Sequence[tuple[int, SourceSnapshot]], at: datetime, connection: Connection) -> None:
    states = [
        SourceState(
            performance_id=number,
            as_of=min(one.as_of, at),
            confirmed_at=min(one.as_of, at),
            lines=[_kept(line) for line in one.lines],
            resale=one.resale,
            available=one.available,
            sales_status=one.sales_status.value,
            quality=dict(one.quality),
            own_total=one.own_total,
            source=source_name(connection),
        )
        for number, one in told
    ]
    names = [field.name for field in SourceState._meta.fields if not field.primary_key]
    SourceState.objects.bulk_create(states, update_conflicts=True, unique_fields=["performance"], update_fields=names)


def _keep_kinds(connection: Connection, lines: Iterable[SourceLine]) -> None:
    """Remember kinds that were not seen before, with the guess; a ticket of nothing tells nothing about its kind's name."""
    kinds: dict[str, str] = {}
    for line in lines:
        if line.gross_cents or line.source_kind not in kinds:
            kinds[line.source_kind] = line.kind
    rows = [SourceKind(connection=connection, name=name[:80], kind=kind) for name, kind in kinds.items()]
    SourceKind.objects.bulk_create(rows, ignore_conflicts=True)

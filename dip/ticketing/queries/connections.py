"""Reads of connections: how each does, how good its data are, what it lists, what its readings brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from dip.kernel.identifiers import performance_dip_id
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.ticketing.connector import SalesStatus
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection, Reading, SourceEvent, SourceKind, SourceState
from dip.ticketing.rules.matching import SAME_START, Problem
from dip.ticketing.rules.quality import Facts, Score, quality_score

#: Readings on one page, and performances on one page.
PAGE = 50
_YESTERDAY = timedelta(days=1)
_COUNTED = ("listed", "matched", "tickets", "mapped_tickets", "taxed_tickets", "with_capacity")


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection: where it leads, how it does, and its score. Moments aware UTC."""

    id: int
    organisation_id: int
    organisation_name: str
    name: str
    vendor: str
    system: str
    address: str
    account: str
    state: str
    """``paused``, ``failing``, ``waiting`` (not read yet) or ``well``."""
    created_at: datetime
    created_by: str
    success_at: datetime | None
    heard_until: datetime | None
    last_read_at: datetime | None
    next_due_at: datetime
    failures: int
    failing_since: datetime | None
    trouble: str
    trouble_detail: str
    reconciled_at: datetime | None
    difference: int | None
    hook_seen_at: datetime | None
    hook_salt: str
    facts: Facts
    score: Score

    def lag(self, at: datetime) -> timedelta | None:
        """How far the figures lie behind ``at``; None before the first reading."""
        return None if self.heard_until is None else max(at - self.heard_until, timedelta())


def connection_rows(access: Access, at: datetime) -> list[ConnectionRow]:
    """The access's connections (the platform's: all), those that fail longest first. One query."""
    found = Connection.objects.within(access).select_related("organisation").order_by("organisation__name", "name", "pk")
    order = {"failing": 0, "waiting": 1, "well": 2, "paused": 3}
    return sorted((_row(one, at) for one in found), key=lambda row: (order[row.state], row.failing_since or at))


def connection_row(access: Access, connection_id: int, at: datetime) -> ConnectionRow:
    """One connection. Raises ``Connection.DoesNotExist`` for strangers to it, as when there is none."""
    return _row(Connection.objects.within(access).select_related("organisation").get(pk=connection_id), at)


def _row(one: Connection, at: datetime) -> ConnectionRow:
    facts = Facts(
        **{name: int(one.measured.get(name, 0)) for name in _COUNTED}, difference=one.difference, heard_until=one.heard_until
    )
    state = "paused" if one.is_paused else "failing" if one.failures else "waiting" if one.success_at is None else "well"
    return ConnectionRow(
        id=one.pk,
        organisation_id=one.organisation_id,
        organisation_name=one.organisation.name,
        name=one.name,
        vendor=one.vendor,
        system=CONNECTORS[one.vendor].name if one.vendor in CONNECTORS else one.vendor,
        address=one.address,
        account=one.account,
        state=state,
        created_at=one.created_at,
        created_by=one.created_by,
        success_at=one.success_at,
        heard_until=one.heard_until,
        last_read_at=one.last_read_at,
        next_due_at=one.next_due_at,
        failures=one.failures,
        failing_since=one.failing_since,
        trouble=one.trouble,
        trouble_detail=one.trouble_detail,
        reconciled_at=one.reconciled_at,
        difference=one.difference,
        hook_seen_at=one.hook_seen_at,
        hook_salt=one.hook_salt,
        facts=facts,
        score=quality_score(facts, at),
    )


def measure_connection(access: Access, connection_id: int, at: datetime) -> dict[str, int]:
    """The counts behind the score as they stand now, of performances to come. Three queries."""
    ahead = SourceEvent.objects.within(access).filter(
        connection_id=connection_id, gone_at__isnull=True, starts_at__gte=at - _YESTERDAY
    )
    counts = ahead.aggregate(
        matched=Count("pk", filter=Q(performance__isnull=False)),
        listed=Count("pk", filter=Q(performance__isnull=False) | Q(proposed__isnull=False) | ~Q(problem="")),
    )
    mapped = set(
        SourceKind.objects.within(access).filter(connection_id=connection_id, is_guess=False).values_list("name", flat=True)
    )
    states = SourceState.objects.within(access).filter(
        performance_id__in=ahead.filter(performance__isnull=False).values("performance_id")
    )
    tickets = mapped_tickets = taxed = with_capacity = 0
    for lines, quality in states.values_list("lines", "quality"):
        with_capacity += "capacity_unlimited" not in quality
        for line in lines:
            tickets += line["tickets"]
            mapped_tickets += line["tickets"] if line["source_kind"] in mapped else 0
            taxed += line["tickets"] if line["vat_cents"] is not None else 0
    return counts | {"tickets": tickets, "mapped_tickets": mapped_tickets, "taxed_tickets": taxed, "with_capacity": with_capacity}


@dataclass(frozen=True, slots=True)
class Known:
    """A performance of the platform beside a listed one."""

    number: int
    dip_id: str
    title: str
    starts_at: datetime
    hall_name: str
    theatre_name: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """A performance as the system lists it, and what it is linked to, or might be."""

    ref: str
    title: str
    starts_at: datetime
    hall_name: str
    dip_id: str
    sales_status: str
    linked: Known | None
    is_confirmed: bool
    proposed: Known | None
    likeness: int
    problem: str
    is_gone: bool

    @property
    def remarks(self) -> tuple[str, ...]:
        """What differs between the two sides of a link: codes of :data:`REMARKS`."""
        if self.linked is None:
            return ()
        found = []
        if self.is_gone:
            found.append("gone")
        elif self.sales_status == SalesStatus.CANCELLED and not self.linked.is_cancelled:
            found.append("cancelled_there")
        elif self.linked.is_cancelled and self.sales_status in (SalesStatus.ON_SALE, SalesStatus.SOLD_OUT):
            found.append("cancelled_here")
        if not self.is_gone and abs(self.starts_at - self.linked.starts_at) > SAME_START:
            found.append("moved")
        return tuple(found)


#: What can differ between the two sides of a link.
REMARKS = ("gone", "cancelled_there", "cancelled_here", "moved")
_WHICH: Mapping[str, Q] = {
    "proposed": Q(proposed__isnull=False, gone_at__isnull=True),
    "wrong": ~Q(problem="") & Q(gone_at__isnull=True),
    "linked": Q(performance__isnull=False),
    "unknown": Q(performance__isnull=True, proposed__isnull=True, problem="", gone_at__isnull=True),
}
_PARTS = (
    "performance__production",
    "performance__hall",
    "performance__theatre",
    "proposed__production",
    "proposed__hall",
    "proposed__theatre",
)


def event_counts(access: Access, connection_id: int, at: datetime) -> dict[str, int]:
    """How many performances to come are proposed, wrong, linked or unknown to the platform. One query."""
    ahead = SourceEvent.objects.within(access).filter(connection_id=connection_id, starts_at__gte=at - _YESTERDAY)
    counts = ahead.aggregate(**{f"count_{which}": Count("pk", filter=where) for which, where in _WHICH.items()})
    return {which: counts[f"count_{which}"] for which in _WHICH}


def event_rows(access: Access, connection_id: int, at: datetime, which: str, page: int = 1) -> list[EventRow]:
    """Performances to come of one kind by date, a page and one more. One query."""
    ahead = SourceEvent.objects.within(access).filter(_WHICH[which], connection_id=connection_id, starts_at__gte=at - _YESTERDAY)
    start = (page - 1) * PAGE
    return [_event(one) for one in ahead.select_related(*_PARTS)[start : start + PAGE + 1]]


def remarkable(access: Access, connection_id: int, at: datetime) -> list[EventRow]:
    """Linked performances to come of which the two sides differ. One query."""
    ahead = SourceEvent.objects.within(access).filter(
        _WHICH["linked"], connection_id=connection_id, performance__starts_at__gte=at - _YESTERDAY
    )
    return [row for one in ahead.select_related(*_PARTS) if (row := _event(one)).remarks]


def _event(one: SourceEvent) -> EventRow:
    return EventRow(
        ref=one.ref,
        title=one.title,
        starts_at=one.starts_at,
        hall_name=one.hall_name,
        dip_id=one.dip_id,
        sales_status=one.sales_status,
        linked=_known(one.performance),
        is_confirmed=one.is_confirmed,
        proposed=_known(one.proposed),
        likeness=one.likeness,
        problem=Problem(one.problem).value if one.problem else "",
        is_gone=one.gone_at is not None,
    )


def _known(performance: Any) -> Known | None:
    if performance is None:
        return None
    production = performance.production
    return Known(
        performance.pk,
        performance_dip_id(production.dip_id, performance.pk),
        production.title,
        performance.starts_at,
        performance.hall.name,
        performance.theatre.name,
        performance.status == PerformanceStatus.CANCELLED,
    )


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of the system's own: what it counts as, whether anybody looked, and how many such tickets are sold for what is to come."""

    name: str
    kind: str
    is_guess: bool
    tickets: int
    gross_cents: int


def kind_rows(access: Access, connection_id: int) -> list[KindRow]:
    """Every kind, those most sold first. Two queries."""
    linked = SourceEvent.objects.within(access).filter(connection_id=connection_id, performance__isnull=False)
    tickets: dict[str, list[int]] = {}
    states = SourceState.objects.within(access).filter(performance_id__in=linked.values("performance_id"))
    for (lines,) in states.values_list("lines"):
        for line in lines:
            count = tickets.setdefault(line["source_kind"], [0, 0])
            count[0] += line["tickets"]
            count[1] += line["gross_cents"]
    kinds = SourceKind.objects.within(access).filter(connection_id=connection_id)
    rows = [KindRow(one.name, one.kind, one.is_guess, *tickets.get(one.name, [0, 0])) for one in kinds]
    return sorted(rows, key=lambda row: (-row.tickets, row.name))


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading: when, why, how long, what it brought."""

    started_at: datetime
    ended_at: datetime | None
    cause: str
    questions: int
    changed: int
    accepted: int
    refused: int
    trouble: str
    detail: str

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()


def reading_rows(access: Access, connection_id: int, *, page: int = 1, size: int = PAGE, telling: bool = False) -> list[ReadingRow]:
    """Readings, newest first, a page and one more. ``telling``: only those that brought figures or ran into trouble. One query."""
    found = Reading.objects.within(access).filter(connection_id=connection_id)
    if telling:
        found = found.filter(Q(changed__gt=0) | ~Q(trouble="") | Q(cause="night"))
    start = (page - 1) * size
    columns = ("started_at", "ended_at", "cause", "questions", "changed", "accepted", "refused", "trouble", "detail")
    return [ReadingRow(*row) for row in found.order_by("-started_at").values_list(*columns)[start : start + size + 1]]

"""Reads for planning systems: performances with what stands in the hall, mappings, and the registrations themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from dip.definitions.models import Genre
from dip.kernel.identifiers import parse_performance_dip_id
from dip.programme.models import Performance
from dip.programme.queries import all_theatres
from dip.programme.queries.visibility import party_to_performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales, PlanningLink, SourceState
from dip.ticketing.rules.planning import LinkState, MatchedBy, Remark, RemarkCode

#: Registrations that the page shows of each state.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the hall; None: not told. ``sold`` are the paid tickets, ``complimentary`` the free ones, ``true_at`` the moment of the tickets."""

    capacity: int
    sold: int | None = None
    complimentary: int | None = None
    reserved: int | None = None
    blocked: int | None = None
    resale: int | None = None
    recette_cents: int | None = None
    true_at: datetime | None = None

    @property
    def available(self) -> int | None:
        """Seats that can still be sold, never below 0; None while the tickets are not told."""
        if self.sold is None:
            return None
        taken = self.sold + (self.complimentary or 0) + (self.reserved or 0) + (self.blocked or 0)
        return max(0, self.capacity - taken)


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """A performance as planning systems read it. ``remote_id``: their own id, empty while it is not linked."""

    number: int
    dip_id: str
    title: str
    production: str
    theatre_id: int
    theatre: str
    hall_id: int
    hall: str
    starts_at: datetime
    time_zone: str
    status: str
    standing: Standing
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class PlanningRow:
    """A registration. ``event`` is the performance that it is, or is proposed to be; None: nothing was found."""

    id: int
    kind: str
    remote_id: str
    state: LinkState
    matched_by: MatchedBy | None
    told: Mapping[str, Any]
    remarks: tuple[Remark, ...]
    source: str
    changed_at: datetime
    event: PlannedEvent | None = None
    production: str = ""
    production_title: str = ""


def planned_events(access: Access, *, first: date, last: date) -> list[PlannedEvent]:
    """The access's own performances on these local dates, both included, with what stands in the hall. Four queries."""
    where = Q(performance_date__gte=first, performance_date__lte=last)
    return _events(access, where)


def planned_event(access: Access, asked: str) -> PlannedEvent | PlanningRow:
    """What ``asked`` is: the planning system's id of a registration, else a number or DIP-id of one of the access's own performances.

    A registration that is linked answers as its performance. Raises ``Performance.DoesNotExist`` for all else.
    """
    row = registration(access, "event", asked)
    if row is not None and row.state is not LinkState.REMOVED:
        return row.event if row.state is LinkState.LINKED and row.event else row
    reference = parse_performance_dip_id(asked)
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 16
    number = reference.number if reference else int(asked) if is_number else 0
    found = _events(access, Q(pk=number))
    if not found or (reference and found[0].production != reference.production):
        raise Performance.DoesNotExist(asked)
    return found[0]


def registration(access: Access, kind: str, remote_id: str) -> PlanningRow | None:
    """One registration of the access's own organisation, or None."""
    link = PlanningLink.objects.within(access).select_related("production").filter(kind=kind, remote_id=remote_id).first()
    return _rows(access, [link])[0] if link else None


def registrations(access: Access) -> dict[LinkState, list[PlanningRow]]:
    """The organisation's registered events by state, those that changed last first; removed ones are left out."""
    found: dict[LinkState, list[PlanningRow]] = {}
    links = PlanningLink.objects.within(access).select_related("production").filter(kind="event").order_by("-changed_at", "-pk")
    for row in _rows(access, list(links.exclude(state=LinkState.REMOVED)[: 3 * LISTED])):
        found.setdefault(row.state, []).append(row)
    return found


def mappings(access: Access) -> dict[str, list[dict[str, Any]]]:
    """Values that both systems know: halls (a theatre's own; for providers all), genres. Two queries at most."""
    theatres = all_theatres(access)
    if access.is_taker:
        own = set(_own_theatres(access))
        theatres = [theatre for theatre in theatres if theatre.id in own]
    locations = [
        {"id": str(hall.id), "name": f"{theatre.name}, {hall.name}", "city": theatre.city, "capacity": hall.capacity}
        for theatre in theatres
        if not theatre.do_not_use
        for hall in theatre.halls
        if not hall.do_not_use
    ]
    genres = [{"id": code, "name": name} for code, name in Genre.objects.order_by("order").values_list("code", "name_nl")]
    return {"locations": locations, "genres": genres}


def _own_theatres(access: Access) -> Iterable[int]:
    theatre = Performance._meta.get_field("theatre").related_model
    return theatre.objects.filter(organisation_id=access.organisation_id).values_list("pk", flat=True)


def _events(access: Access, where: Q) -> list[PlannedEvent]:
    """The access's own performances, by date, with their standing and link. Four queries."""
    rows = list(
        Performance.objects.filter(where, party_to_performance(access))
        .select_related("production", "theatre", "hall")
        .order_by("starts_at", "number")
    )
    wanted = [row.number for row in rows]
    sales = {one.performance_id: one for one in PerformanceSales.objects.within(access).filter(performance_id__in=wanted)}
    resale = dict(SourceState.objects.within(access).filter(performance_id__in=wanted).values_list("performance_id", "resale"))
    links = PlanningLink.objects.within(access).filter(kind="event", state=LinkState.LINKED, performance_id__in=wanted)
    names = dict(links.order_by("-changed_at").values_list("performance_id", "remote_id"))
    return [
        PlannedEvent(
            number=row.number,
            dip_id=str(row),
            title=row.production.title,
            production=row.production.dip_id,
            theatre_id=row.theatre_id,
            theatre=row.theatre.name,
            hall_id=row.hall_id,
            hall=row.hall.name,
            starts_at=row.starts_at,
            time_zone=row.theatre.time_zone,
            status={PerformanceStatus.PUBLISHED: "agreed", PerformanceStatus.CANCELLED: "cancelled"}.get(row.status, "concept"),
            standing=_standing(row.capacity, sales.get(row.number), resale.get(row.number)),
            remote_id=names.get(row.number, ""),
        )
        for row in rows
    ]


def _standing(capacity: int, sales: PerformanceSales | None, resale: int | None) -> Standing:
    if sales is None:
        return Standing(capacity, resale=resale)
    is_told = sales.tickets_true_at is not None
    return Standing(
        capacity=capacity if sales.capacity is None else sales.capacity,
        sold=sales.sold if is_told else None,
        complimentary=sales.free_tickets if is_told else None,
        reserved=sales.reserved,
        blocked=sales.blocked,
        resale=resale,
        recette_cents=sales.recette_cents if is_told else None,
        true_at=sales.tickets_true_at,
    )


def _rows(access: Access, links: list[PlanningLink]) -> list[PlanningRow]:
    numbers = [link.performance_id for link in links if link.performance_id]
    events = {one.number: one for one in _events(access, Q(pk__in=numbers))} if numbers else {}
    return [
        PlanningRow(
            id=link.pk,
            kind=link.kind,
            remote_id=link.remote_id,
            state=LinkState(link.state),
            matched_by=MatchedBy(link.matched_by) if link.matched_by else None,
            told=link.told,
            remarks=tuple(Remark(RemarkCode(code), field, value) for code, field, value in link.remarks),
            source=link.source,
            changed_at=link.changed_at,
            event=events.get(link.performance_id),
            production=link.production.dip_id if link.production else "",
            production_title=link.production.title if link.production else "",
        )
        for link in links
    ]

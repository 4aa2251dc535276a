"""Everything that the page of a production and of a performance shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dip.programme.models import ConnectionRequest, Performance, PerformanceEvent, Production, ProductionEvent
from dip.programme.queries.listing import Tour, tours_of
from dip.programme.queries.performances import PerformanceRow, performance_rows
from dip.programme.queries.productions import ProductionRow, production_rows
from dip.programme.queries.requests import RequestRow, hall_names, request_rows
from dip.programme.queries.visibility import (
    called,
    party_to_performance,
    party_to_production,
    public_performance,
    public_production,
)
from dip.programme.rules.rights import may_edit
from dip.programme.terms import RequestStatus
from dip.registry.terms import Access


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a history. ``changes``: (field, before, after)."""

    at: datetime
    kind: str
    actor: str
    changes: tuple[tuple[str, Any, Any], ...]
    note: str


@dataclass(frozen=True, slots=True)
class PerformanceLine:
    """A performance on its production's page; ``request_status`` only where the access is a party to it."""

    performance: PerformanceRow
    request_status: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ProductionPage:
    """A production with its performances; strangers get the published ones and no history."""

    production: ProductionRow
    co_producers: tuple[tuple[int, str], ...]
    cast_members: tuple[str, ...]
    external_ref: str
    tour: Tour
    performances: tuple[PerformanceLine, ...]
    history: tuple[EventRow, ...]
    is_party: bool


@dataclass(frozen=True, slots=True)
class PerformancePage:
    """A performance; strangers get the public facts: no request, no history, no reason of a cancellation."""

    performance: PerformanceRow
    cancel_reason: str
    external_ref: str
    request: RequestRow | None
    history: tuple[EventRow, ...]
    is_party: bool
    can_edit: bool


def production_page(access: Access, dip_id: str) -> ProductionPage:
    """The page of a production; of one that was merged that of its target: compare the ids to redirect. Raises ``Production.DoesNotExist`` for whoever may not know of it. Eight queries at most."""
    found = Production.objects.filter(public_production(access) & called(dip_id))
    rows = production_rows(access, found)
    if not rows:
        raise Production.DoesNotExist(dip_id)
    row = rows[0]
    production = Production.objects.prefetch_related("co_producers").get(pk=row.id)
    is_party = Production.objects.filter(party_to_production(access), pk=row.id).exists()
    return ProductionPage(
        production=row,
        co_producers=tuple((o.pk, o.name) for o in production.co_producers.all()),
        cast_members=tuple(production.cast_members),
        external_ref=production.external_ref if row.can_edit else "",
        tour=tours_of(access, [row.id]).get(row.id, Tour()),
        performances=_lines(access, row.id),
        history=_events(ProductionEvent.objects.filter(production_id=row.id)) if is_party and not access.is_taker else (),
        is_party=is_party,
    )


def _lines(access: Access, production_id: int) -> tuple[PerformanceLine, ...]:
    seen = Performance.objects.filter(public_performance(access), production_id=production_id).order_by("starts_at", "number")
    live = ConnectionRequest.objects.within(access).filter(performance__production_id=production_id)
    statuses = dict(live.exclude(status=RequestStatus.WITHDRAWN).values_list("performance_id", "status"))
    return tuple(
        PerformanceLine(p, statuses.get(p.number), p.theatre_organisation_id == access.organisation_id)
        for p in performance_rows(seen)
    )


def performance_page(access: Access, number: int) -> PerformancePage:
    """The page of a performance. Raises ``Performance.DoesNotExist`` for whoever may not know of it. Eight queries at most."""
    found = Performance.objects.filter(public_performance(access), pk=number)
    rows = performance_rows(found)
    if not rows:
        raise Performance.DoesNotExist(number)
    row = rows[0]
    reason, ref = found.values_list("cancel_reason", "external_ref").get()
    is_party = Performance.objects.filter(party_to_performance(access), pk=number).exists()
    requests = ConnectionRequest.objects.within(access).filter(performance_id=number).order_by("-id")
    live = request_rows(access, requests.exclude(status=RequestStatus.WITHDRAWN)[:1]) or request_rows(access, requests[:1])
    can_edit = may_edit(access, row.producer_id, row.agency_id)
    events = PerformanceEvent.objects.filter(performance_id=number)
    if access.is_taker and row.published_at:
        events = events.filter(at__gte=row.published_at)  # where it was planned before is the provider's own matter
    return PerformancePage(
        performance=row,
        cancel_reason=reason if is_party else "",
        external_ref=ref if can_edit else "",
        request=live[0] if live else None,
        history=_events(events) if is_party else (),
        is_party=is_party,
        can_edit=can_edit,
    )


def _events(events: Any) -> tuple[EventRow, ...]:
    """Newest first, halls by name."""
    rows = list(events.order_by("-at", "-id").values_list("at", "kind", "actor", "changes", "note"))
    halls = hall_names(str(v) for row in rows for v in row[3].get("hall", ()))
    return tuple(
        EventRow(at, kind, actor, tuple(_change(f, pair, halls) for f, pair in changes.items()), note)
        for at, kind, actor, changes, note in rows
    )


def _change(field: str, pair: list[Any], halls: dict[str, str]) -> tuple[str, Any, Any]:
    before, after = pair
    return (field, halls.get(str(before), before), halls.get(str(after), after)) if field == "hall" else (field, before, after)

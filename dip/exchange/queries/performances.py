"""Performances as ``/api/v2`` shows them, in the order in which they changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from dip.exchange.queries.horizon import after
from dip.exchange.queries.productions import Page
from dip.exchange.rules.shapes import Performance as Shape
from dip.exchange.rules.shapes import Place, ProductionPart, Withdrawn
from dip.exchange.terms import Window
from dip.programme.models import ConnectionRequest, Departure, Performance, Production
from dip.programme.queries.visibility import called, party_to_performance
from dip.programme.terms import RequestStatus
from dip.registry.terms import Access

_COLUMNS = (
    *("number", "production__dip_id", "production__title", "status", "starts_at", "theatre__time_zone", "performance_date"),
    *("theatre_id", "theatre__name", "hall_id", "hall__name", "kind", "is_private", "in_festival", "is_other_location"),
    *("fund_feature", "capacity", "capacity_by_rank", "published_at", "cancelled_at", "cancel_reason", "external_ref"),
    *("merged_into_id", "created_at", "changed_at", "production__producer_id", "production__agency_id", "changed_txid"),
)


@dataclass(frozen=True, slots=True)
class PerformanceFilter:
    """What narrows the list; None does not. ``first`` and ``last`` are local dates, both included."""

    production: str | None = None
    season_year: int | None = None
    theatre_id: int | None = None
    genre_id: int | None = None
    status: str | None = None
    first: date | None = None
    last: date | None = None
    changed_since: datetime | None = None


def narrowed(access: Access, given: PerformanceFilter) -> Q:
    """The access's own performances that the filter lets through."""
    named = {
        "production__season_year": given.season_year,
        "theatre_id": given.theatre_id,
        "production__genre_id": given.genre_id,
        "status": given.status,
        "performance_date__gte": given.first,
        "performance_date__lte": given.last,
        "changed_at__gte": given.changed_since,
    }
    where = party_to_performance(access) & Q(**{name: value for name, value in named.items() if value is not None})
    if given.production is not None:
        where &= Q(production__in=Production.objects.filter(called(given.production)).order_by())
    return where


def changed_performances(access: Access, given: PerformanceFilter, place: tuple[int, int], until: int, limit: int) -> Page:
    """Own performances behind ``place`` that changed before ``until``. Two queries."""
    found = Performance.objects.filter(narrowed(access, given), after("changed_txid", "number", *place), changed_txid__lt=until)
    rows = list(found.order_by("changed_txid", "number").values_list(*_COLUMNS)[: limit + 1])
    shown = rows[:limit]
    last = (shown[-1][-1], shown[-1][0]) if len(rows) > limit else None
    return Page(_shapes(access, shown), last)


def performances_numbered(access: Access, numbers: Iterable[int]) -> list[Shape]:
    """Own performances by number, in the order asked. Two queries."""
    asked = list(numbers)
    rows = Performance.objects.filter(party_to_performance(access), pk__in=asked).order_by().values_list(*_COLUMNS)
    found = {one.number: one for one in _shapes(access, rows)}
    return [found[number] for number in asked if number in found]


def lock_performance(access: Access, number: int) -> Performance | None:
    """One own performance, locked; None for strangers to it, as when there is none."""
    rows: QuerySet[Performance] = Performance.objects.select_for_update(of=("self",)).filter(
        party_to_performance(access), pk=number
    )
    return rows.order_by().first()


def withdrawn_performances(access: Access, window: Window) -> list[Withdrawn]:
    """Performances that the organisation lost sight of in the window and does not see now. One query."""
    rows = Departure.objects.within(access).filter(txid__gte=window.since, txid__lt=window.until, performance__isnull=False)
    seen = Performance.objects.filter(party_to_performance(access), pk=OuterRef("performance_id"))
    told = ("performance__production__dip_id", "performance_id", "at")
    lost = rows.exclude(Exists(seen)).order_by("txid", "id").values_list(*told)
    return [Withdrawn(dip_id=dip_id, number=number, at=at) for dip_id, number, at in lost]


def connections(access: Access, numbers: Sequence[int]) -> dict[int, str]:
    """What the theatre answered, by performance, as far as the access is party to the question. One query."""
    asked = ConnectionRequest.objects.within(access).filter(performance_id__in=numbers).exclude(status=RequestStatus.WITHDRAWN)
    return dict(asked.order_by().values_list("performance_id", "status"))


def _shapes(access: Access, rows: Iterable[Sequence[Any]]) -> list[Shape]:
    known = list(rows)
    answers = connections(access, [row[0] for row in known]) if known else {}
    return [_shape(access, row, answers.get(row[0])) for row in known]


def _shape(access: Access, row: Sequence[Any], connection: Any) -> Shape:
    (
        number, dip_id, title, status, starts_at, zone, day, theatre_id, theatre, hall_id, hall, kind, is_private, in_festival,
        is_other_location, feature, capacity, ranks, published_at, cancelled_at, reason, ref, merged, created_at, changed_at, producer,
        agency, _txid,
    ) = row  # fmt: skip
    edits = access.is_platform or access.organisation_id in (producer, agency)
    return Shape(
        number=number,
        dip_id=f"{dip_id}|{number}",
        production=ProductionPart(dip_id=dip_id, title=title),
        status=status,
        starts_at=starts_at.astimezone(ZoneInfo(zone)),
        time_zone=zone,
        date=day,
        theatre=Place(id=theatre_id, name=theatre),
        hall=Place(id=hall_id, name=hall),
        kind=kind,
        is_private=is_private,
        in_festival=in_festival,
        is_other_location=is_other_location,
        fund_feature=feature,
        capacity=capacity,
        capacity_by_rank=ranks,
        connection=connection,
        published_at=published_at,
        cancelled_at=cancelled_at,
        cancel_reason=reason or None,
        external_ref=ref or None if edits else None,
        merged_into=merged,
        created_at=created_at,
        changed_at=changed_at,
    )

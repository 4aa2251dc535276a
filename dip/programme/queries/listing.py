"""The list of productions: filters, counts, pages."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from dip.kernel.identifiers import is_production_dip_id, parse_performance_dip_id
from dip.programme.models import ConnectionRequest, Performance, Production
from dip.programme.queries.productions import ProductionRow, production_rows
from dip.programme.queries.visibility import (
    called,
    party_to_performance,
    party_to_production,
    public_performance,
    public_production,
)
from dip.programme.terms import PerformanceStatus, RequestStatus
from dip.registry.models import Organisation
from dip.registry.terms import Access

PER_PAGE = 40
#: Values of ``ProductionFilter.status``.
WITH_CONCEPTS, COMING, OVER = "concept", "coming", "over"


@dataclass(frozen=True, slots=True)
class ProductionFilter:
    """What is asked of the list. ``everyone``: also productions of others, as far as they are public."""

    season_year: int | None = None
    genre_id: int | None = None
    status: str = ""
    text: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Tour:
    """What is known of a production's performances, as far as the access sees them."""

    performance_count: int = 0
    concept_count: int = 0
    theatre_count: int = 0
    first_date: date | None = None
    last_date: date | None = None
    awaiting_count: int = 0
    """Requests that the theatre has not answered."""
    proposed_count: int = 0
    """Requests with corrections that the provider has not decided on."""


@dataclass(frozen=True, slots=True)
class ProductionLine:
    """One line of the list."""

    production: ProductionRow
    tour: Tour


def production_list(access: Access, wanted: ProductionFilter, today: date, page: int = 1) -> Page:
    """One page of :class:`ProductionLine`, by title. Four queries whatever its length."""
    paginator = Paginator(matching(access, wanted, today), PER_PAGE)
    found = paginator.get_page(page)
    found.object_list = production_lines(access, found.object_list)
    return found


def all_lines(access: Access, wanted: ProductionFilter, today: date) -> list[ProductionLine]:
    """Every line, for the export. Three queries."""
    return production_lines(access, matching(access, wanted, today))


def matching(access: Access, wanted: ProductionFilter, today: date) -> "QuerySet[Production]":
    """The productions asked for, by title."""
    where = public_production(access) if wanted.everyone else party_to_production(access)
    if wanted.season_year:
        where &= Q(season_year=wanted.season_year)
    if wanted.genre_id:
        where &= Q(genre_id=wanted.genre_id)
    if wanted.text:
        where &= text_filter(wanted.text)
    found = Production.objects.filter(where)
    return _with_status(access, found, wanted.status, today).order_by("title", "id")


def text_filter(text: str) -> Q:
    """Productions by DIP-id (of itself or of a performance), title, producer or agency."""
    text = text.strip()
    performance = parse_performance_dip_id(text)
    if performance is not None:
        return called(performance.production)
    if is_production_dip_id(text.upper()):
        return called(text.upper())
    parties = Organisation.objects.filter(name__icontains=text).values("pk")
    return Q(title__icontains=text) | Q(producer_id__in=parties) | Q(agency_id__in=parties)


def _with_status(access: Access, found: "QuerySet[Production]", status: str, today: date) -> "QuerySet[Production]":
    seen = Performance.objects.filter(party_to_performance(access), production_id=OuterRef("pk"))
    standing = seen.exclude(status=PerformanceStatus.CANCELLED)
    if status == WITH_CONCEPTS:
        return found.filter(Exists(seen.filter(status=PerformanceStatus.CONCEPT)))
    if status == COMING:
        return found.filter(Exists(standing.filter(performance_date__gte=today)))
    if status == OVER:
        return found.filter(Exists(standing), ~Exists(standing.filter(performance_date__gte=today)))
    return found


def production_lines(access: Access, productions: "QuerySet[Production]") -> list[ProductionLine]:
    """Lines of productions, in their order. Three queries."""
    rows = production_rows(access, productions)
    tours = tours_of(access, [row.id for row in rows])
    return [ProductionLine(row, tours.get(row.id, Tour())) for row in rows]


def tours_of(access: Access, production_ids: list[int]) -> dict[int, Tour]:
    """The tour of each production, as far as the access sees it: a theatre its own part, strangers what is public. Two queries."""
    if not production_ids:
        return {}
    standing = ~Q(status=PerformanceStatus.CANCELLED)
    seen = party_to_performance(access) if access.is_taker else public_performance(access)
    counts = (
        Performance.objects.filter(seen, production_id__in=production_ids)
        .order_by()
        .values_list("production_id")
        .annotate(
            n=Count("pk", filter=standing, distinct=True),
            concepts=Count("pk", filter=Q(status=PerformanceStatus.CONCEPT), distinct=True),
            theatres=Count("theatre_id", filter=standing, distinct=True),
            first=Min("performance_date", filter=standing),
            last=Max("performance_date", filter=standing),
        )
    )
    requests = (
        ConnectionRequest.objects.within(access)
        .filter(performance__production_id__in=production_ids)
        .order_by()
        .values_list("performance__production_id")
        .annotate(
            awaiting=Count("pk", filter=Q(status=RequestStatus.OPEN)), proposed=Count("pk", filter=Q(status=RequestStatus.PROPOSED))
        )
    )
    asked = {pk: (awaiting, proposed) for pk, awaiting, proposed in requests}
    return {
        pk: Tour(n, concepts, theatres, first, last, *asked.get(pk, (0, 0))) for pk, n, concepts, theatres, first, last in counts
    }


def seasons_of(access: Access) -> list[int]:
    """Seasons in which the access has productions, newest first. One query."""
    found = Production.objects.filter(party_to_production(access)).order_by("-season_year").values_list("season_year", flat=True)
    return list(found.distinct())

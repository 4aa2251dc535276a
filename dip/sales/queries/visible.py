"""Which performances an access follows: a provider those of its productions, a theatre those in its halls, others none."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Expression, FloatField, IntegerField, Q, QuerySet, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Extract, ExtractYear
from django.utils.translation import get_language

from dip.kernel.periods import SEASON_STARTS_MONTH, season_period
from dip.programme.models import Performance, Production, Theatre
from dip.programme.queries.visibility import called
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.sales.terms import Evening, Tour

_FIELDS = (
    "number", "production_id", "production__dip_id", "production__title", "production__producer__name", "production__genre_id",
    "theatre_id", "theatre__name", "theatre__city", "theatre__province_id", "hall_id", "hall__name", "hall__capacity",
    "begins", "performance_date", "kind", "capacity",
)  # fmt: skip


_BEGINS = _FIELDS.index("begins")


def seconds(moment: str | Expression) -> Cast:
    """A moment as seconds since 1970: many of them are read five times as fast as moments.

    In UTC, said out loud: on another clock Django counts from that clock's own 1970.
    """
    return Cast(Extract(moment, "epoch", tzinfo=UTC), FloatField())


def among(numbers: Iterable[int]) -> RawSQL:
    """The right side of ``__in`` for a long list: one array, instead of a placeholder for each number."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])


def own_productions(access: Access) -> dict[int, int]:
    """Productions of a provider, as producer, agency or co-producer: id → season. Empty in any other role. One query."""
    if not access.is_provider:
        return {}
    own = access.organisation_id
    through = Production.co_producers.through.objects.filter(organisation_id=own)
    shared = through.values_list("production_id", "production__season_year")
    produced = Production.objects.filter(producer_id=own).order_by().values_list("pk", "season_year")
    represented = Production.objects.filter(agency_id=own).order_by().values_list("pk", "season_year")
    return dict(produced.union(represented, shared))


def _published(narrowed: Q) -> QuerySet[Performance]:
    return Performance.objects.filter(narrowed, status=PerformanceStatus.PUBLISHED).order_by("starts_at", "number")


def _own(access: Access, productions: Mapping[int, int] | None = None) -> Q:
    if access.is_provider:
        return Q(production_id__in=among(own_productions(access) if productions is None else productions))
    if access.is_taker:
        return Q(theatre__organisation_id=access.organisation_id)
    return Q(pk__in=[])


def _evenings(found: QuerySet[Performance]) -> list[Evening]:
    rows: Iterable[tuple[Any, ...]] = found.annotate(begins=seconds("starts_at")).values_list(*_FIELDS)
    return [Evening._make((*row[:_BEGINS], datetime.fromtimestamp(row[_BEGINS], UTC), *row[_BEGINS + 1 :])) for row in rows]


def evenings_of_season(access: Access, season_year: int, productions: Mapping[int, int] | None = None) -> list[Evening]:
    """Published performances of the access dated in the season that begins in ``season_year``, by date.

    ``productions``: what :func:`own_productions` answered, when it was asked already. One query, two without it.
    """
    period = season_period(season_year)
    dated = Q(performance_date__gte=period.start, performance_date__lt=period.end)
    return _evenings(_published(_own(access, productions) & dated))


def evenings_where(access: Access, narrowed: Q) -> list[Evening]:
    """Published performances of the access that answer to ``narrowed``, by date. One query, two for a provider."""
    return _evenings(_published(_own(access) & narrowed))


def evenings_among(access: Access, numbers: Iterable[int]) -> list[Evening]:
    """Those of ``numbers`` that the access follows, by date. One query, two for a provider."""
    return evenings_where(access, Q(number__in=among(numbers)))


def evenings_numbered(numbers: Iterable[int]) -> dict[int, Evening]:
    """Published performances by number, whoever follows them: public facts of the programme, for mails that a job writes. One query."""
    return {found.number: found for found in _evenings(_published(Q(number__in=among(numbers))))}


def seasons(access: Access, productions: Mapping[int, int]) -> list[int]:
    """Seasons (the year each begins in) in which the access has something, newest first. One query for a theatre."""
    if not access.is_taker:
        return sorted(set(productions.values()), reverse=True)
    year = ExtractYear("performance_date")
    begins = Case(When(performance_date__month__gte=SEASON_STARTS_MONTH, then=year), default=year - 1, output_field=IntegerField())
    rows = _published(_own(access)).order_by().annotate(begins=begins).values_list("begins", flat=True).distinct()
    return sorted(rows, reverse=True)


def evenings_of_tour(access: Access, production_id: int) -> list[Evening]:
    """Published performances of one production that the access follows, by date: all for a provider, a theatre's own for it."""
    narrowed = Q(production_id=production_id)
    if access.is_taker:
        narrowed &= Q(theatre__organisation_id=access.organisation_id)
    elif not access.is_provider:
        return []
    return _evenings(_published(narrowed))


def evening(access: Access, number: int) -> Evening | None:
    """One published performance, or None when the access does not follow it."""
    found = _evenings(_published(Q(number=number) & _sees(access)))
    return found[0] if found else None


def agreed_ranks(access: Access, number: int) -> tuple[int, ...]:
    """Seats of rank 1, 2 … as agreed; empty when the access does not follow the performance or nothing is agreed."""
    ranks = _published(Q(number=number) & _sees(access)).values_list("capacity_by_rank", flat=True).first()
    return tuple(ranks or ())


def _sees(access: Access) -> Q:
    """As :func:`_own`, for one row: without reading the list of productions first."""
    own = access.organisation_id
    if access.is_provider:
        together = Production.co_producers.through.objects.filter(organisation_id=own).values("production_id")
        return Q(production__producer_id=own) | Q(production__agency_id=own) | Q(production_id__in=together)
    if access.is_taker:
        return Q(theatre__organisation_id=own)
    return Q(pk__in=[])


def tour(access: Access, dip_id: str) -> Tour | None:
    """A production by its national id, or None when the access does not follow it. A theatre follows what plays in its halls."""
    own = access.organisation_id
    if access.is_provider:
        together = Production.co_producers.through.objects.filter(organisation_id=own).values("production_id")
        sees = Q(producer_id=own) | Q(agency_id=own) | Q(pk__in=together)
    elif access.is_taker:
        played = _published(Q(theatre__organisation_id=own)).order_by().values("production_id")
        sees = Q(pk__in=played)
    else:
        return None
    found = Production.objects.filter(sees & called(dip_id)).select_related("producer", "agency", "genre").first()
    if found is None:
        return None
    return Tour(
        production_id=found.pk,
        dip_id=found.dip_id,
        title=found.title,
        producer=found.producer.name,
        agency=found.agency.name if found.agency else "",
        genre_id=found.genre_id,
        genre=getattr(found.genre, f"name_{(get_language() or 'nl')[:2]}", found.genre.name_nl),
        season_year=found.season_year,
        is_revival=found.is_revival,
    )


def theatre_names(access: Access) -> list[str]:
    """Names of a taker's theatres."""
    if not access.is_taker:
        return []
    return list(Theatre.objects.filter(organisation_id=access.organisation_id, merged_into=None).values_list("name", flat=True))

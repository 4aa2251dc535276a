"""Performances of an access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dip.kernel.identifiers import performance_dip_id
from dip.programme.models import Performance
from dip.programme.queries.visibility import party_to_performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access

_COLUMNS = (
    "number",
    "production_id",
    "production__dip_id",
    "production__title",
    "production__season_year",
    "production__genre_id",
    "production__producer_id",
    "production__producer__name",
    "production__agency_id",
    "theatre_id",
    "theatre__name",
    "theatre__city",
    "theatre__province_id",
    "theatre__time_zone",
    "theatre__organisation_id",
    "theatre__is_coupled",
    "hall_id",
    "hall__name",
    "starts_at",
    "performance_date",
    "kind",
    "status",
    "is_private",
    "in_festival",
    "is_other_location",
    "fund_feature",
    "capacity_by_rank",
    "capacity",
    "published_at",
    "festival_id",
    "festival__name",
    "merged_into_id",
)


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """A performance with its production, theatre and hall. ``starts_at`` aware UTC, ``performance_date`` local at the venue."""

    number: int
    production_id: int
    production_dip_id: str
    title: str
    season_year: int
    genre_id: int
    producer_id: int
    producer_name: str
    agency_id: int | None
    theatre_id: int
    theatre_name: str
    city: str
    province_id: int | None
    time_zone: str
    theatre_organisation_id: int | None
    is_coupled: bool
    hall_id: int
    hall_name: str
    starts_at: datetime
    performance_date: date
    kind: str
    status: str
    is_private: bool
    in_festival: bool
    is_other_location: bool
    fund_feature: str
    capacity_by_rank: list[int]
    capacity: int
    published_at: datetime | None
    festival_id: int | None
    festival_name: str | None
    counts_as: int | None
    """The number that counts, when this evening was entered twice."""

    @property
    def dip_id(self) -> str:
        """What a theatre puts in its ticketing system."""
        return performance_dip_id(self.production_dip_id, self.number)

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be played."""
        return self.status == PerformanceStatus.CANCELLED

    @property
    def is_concept(self) -> bool:
        """Whether only its provider knows of it."""
        return self.status == PerformanceStatus.CONCEPT


def performance_rows(performances: "QuerySet[Performance]") -> list[PerformanceRow]:
    """Rows of a query set, in its order. One query."""
    return [PerformanceRow(*values) for values in performances.values_list(*_COLUMNS)]


def performances_of(
    access: Access,
    *,
    production_ids: Iterable[int] | None = None,
    theatre_ids: Iterable[int] | None = None,
    season_year: int | None = None,
    since: date | None = None,
    until: date | None = None,
    published_only: bool = True,
) -> list[PerformanceRow]:
    """The access's own performances by date: of its productions, or in its theatres. One query.

    ``since`` and ``until`` are local dates, ``until`` not included. ``published_only`` leaves out concepts and what was
    cancelled before it was published; published ones that were cancelled stay in (see ``is_cancelled``).
    """
    where = party_to_performance(access)
    if production_ids is not None:
        where &= Q(production_id__in=list(production_ids))
    if theatre_ids is not None:
        where &= Q(theatre_id__in=list(theatre_ids))
    if season_year is not None:
        where &= Q(production__season_year=season_year)
    if since is not None:
        where &= Q(performance_date__gte=since)
    if until is not None:
        where &= Q(performance_date__lt=until)
    if published_only:
        where &= Q(published_at__isnull=False)
    return performance_rows(Performance.objects.filter(where).order_by("starts_at", "number"))


def performance_for(access: Access, number: int) -> PerformanceRow:
    """One of the access's own performances. Raises ``Performance.DoesNotExist`` for strangers to it, as when there is none."""
    rows = performance_rows(Performance.objects.filter(party_to_performance(access), pk=number))
    if not rows:
        raise Performance.DoesNotExist(number)
    return rows[0]

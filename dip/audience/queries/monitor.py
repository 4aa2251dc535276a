"""What a page of the Audience Monitor says of its subject beside the figures."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min

from dip.programme.models import Performance
from dip.programme.queries import ProductionRow, production_for, theatres_of
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access


@dataclass(frozen=True, slots=True)
class Subject:
    """A production with how much of it the access follows: published performances, towns, first and last day."""

    row: ProductionRow
    performances: int
    towns: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class House:
    """One of the access's own theatres."""

    id: int
    name: str
    city: str


def subject(access: Access, dip_id: str) -> Subject:
    """One of the access's own productions. Raises ``DoesNotExist`` for strangers to it. Two queries."""
    row = production_for(access, dip_id)
    found = Performance.objects.filter(production_id=row.id, status=PerformanceStatus.PUBLISHED)
    if access.is_taker:
        found = found.filter(theatre__organisation_id=access.organisation_id)
    counts = found.aggregate(
        many=Count("pk"), towns=Count("theatre__city", distinct=True), first=Min("performance_date"), last=Max("performance_date")
    )
    return Subject(row, counts["many"], counts["towns"], counts["first"], counts["last"])


def houses(access: Access) -> list[House]:
    """A theatre's own houses, by name; none for others. One query."""
    return [House(row.id, row.name, row.city) for row in theatres_of(access)] if access.is_taker else []

"""The theatre's own performances, found by day or title: to couple an event to one, or to take one out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dip.programme.models import Performance
from dip.registry.terms import Access
from dip.warehouse.models import LandedBatch

#: Performances that a search answers.
MOST = 30


@dataclass(frozen=True, slots=True)
class Evening:
    """One performance. ``on``: its day at the venue."""

    number: int
    dip_id: str
    title: str
    theatre: str
    hall: str
    on: date
    starts_at: datetime


def find_evenings(access: Access, text: str, on: date | None, *, most: int = MOST) -> list[Evening]:
    """The theatre's published performances of a day, or whose title, DIP-id or number has the text; the newest first. One query."""
    rows = _own(access)
    if on is not None:
        rows = rows.filter(performance_date=on)
    clean = " ".join(text.split())
    number = clean.rpartition("|")[2]
    if clean:
        alike = Q(production__title__icontains=clean) | Q(production__dip_id__iexact=clean)
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        rows = rows.filter(alike | Q(pk=int(number)) if is_number else alike)
    return _rows(rows.order_by("-starts_at", "-pk")[:most])


def own_evenings(access: Access, days: Collection[date]) -> list[Evening]:
    """The theatre's published performances on these days. One query."""
    return _rows(_own(access).filter(performance_date__in=set(days)).order_by("starts_at", "pk"))


def evenings_of(access: Access, numbers: Collection[int]) -> dict[int, Evening]:
    """Those of these performances that are the theatre's, by number. One query, none for none."""
    rows = Performance.objects.filter(theatre__organisation_id=access.organisation_id, pk__in=set(numbers)) if numbers else None
    return {} if rows is None else {one.number: one for one in _rows(rows)}


def deliveries_with(access: Access, number: int) -> int:
    """Deliveries of the theatre whose landed file holds tickets of a performance. One query."""
    return LandedBatch.objects.within(access).filter(performances__contains=[number]).exclude(file="").count()


def _own(access: Access) -> "QuerySet[Performance]":
    return Performance.objects.filter(theatre__organisation_id=access.organisation_id, published_at__isnull=False, merged_into=None)


def _rows(rows: "QuerySet[Performance]") -> list[Evening]:
    found = rows.values_list(
        "pk", "production__dip_id", "production__title", "theatre__name", "hall__name", "performance_date", "starts_at"
    )
    return [Evening(*one) for one in found]

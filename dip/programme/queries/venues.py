"""Venues at scale: the platform's list with filters, what is lacking, and the sheet of everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from dip.programme.models import Hall, Performance, Theatre
from dip.programme.queries.search import search_theatres
from dip.programme.rules.venues import Known, Lack, VenueSort
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access

PER_PAGE = 50
_LIVE = Hall.objects.filter(theatre=OuterRef("pk"), merged_into__isnull=True, do_not_use=False).order_by()
_PLAYED = Performance.objects.filter(theatre=OuterRef("pk"), published_at__isnull=False).exclude(status=PerformanceStatus.CANCELLED)
_LACKS: dict[Lack, Q] = {
    Lack.ORGANISATION: Q(organisation__isnull=True),
    Lack.POSTCODE: Q(postcode=""),
    Lack.PROVINCE: Q(province__isnull=True),
    Lack.HALLS: ~Exists(_LIVE),
    Lack.CAPACITY: Exists(_LIVE.filter(capacity=0)),
    Lack.CONTACT: Q(organisation__isnull=True, contact_email=""),
}
_COLUMNS = (
    "id", "name", "city", "street", "house_number", "postcode", "province_id", "province__name", "kind", "contact_email", "organisation__name",
    "is_coupled", "do_not_use",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VenueFilter:
    """What is asked of the list. ``unused_since``: nothing played from that day on; ``state``: "" all, in_use, do_not_use."""

    text: str = ""
    province_id: int | None = None
    kind: str = ""
    state: str = ""
    lack: Lack | None = None
    unused_since: date | None = None
    sort: VenueSort = VenueSort.CITY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class VenueLine:
    """One venue with what it has, when it was last played (None: never), and what it lacks."""

    id: int
    name: str
    city: str
    street: str
    house_number: str
    postcode: str
    province_id: int | None
    province: str | None
    kind: str
    contact_email: str
    organisation: str | None
    is_coupled: bool
    do_not_use: bool
    hall_count: int
    seat_count: int
    unsized_count: int
    last_date: date | None

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What should be there and is not."""
        missing = {
            Lack.ORGANISATION: not self.organisation,
            Lack.POSTCODE: not self.postcode,
            Lack.PROVINCE: self.province_id is None,
            Lack.HALLS: not self.hall_count,
            Lack.CAPACITY: self.unsized_count > 0,
            Lack.CONTACT: not self.organisation and not self.contact_email,
        }
        return tuple(lack for lack, is_so in missing.items() if is_so)


def venue_list(access: Access, wanted: VenueFilter, page: int = 1) -> Page:
    """One page of :class:`VenueLine`. Two queries, three with a text."""
    result = Paginator(matching_venues(access, wanted), PER_PAGE).get_page(page)
    result.object_list = _lines(result.object_list)
    return result


def all_venues(access: Access, wanted: VenueFilter) -> list[VenueLine]:
    """Every venue asked for. One query, two with a text."""
    return _lines(matching_venues(access, wanted))


def venue_ids(access: Access, wanted: VenueFilter) -> list[int]:
    """The ids of every venue asked for. One query, two with a text."""
    return list(matching_venues(access, wanted).order_by().values_list("pk", flat=True))


def matching_venues(access: Access, wanted: VenueFilter) -> "QuerySet[Theatre]":
    """The venues asked for, merged ones left out; the platform's work, nothing for others."""
    if not access.is_platform:
        return Theatre.objects.none()
    where = Q(merged_into__isnull=True)
    if wanted.text:
        where &= Q(pk__in=[hit.id for hit in search_theatres(access, wanted.text, limit=200, slips=False)])
    if wanted.province_id:
        where &= Q(province_id=wanted.province_id)
    if wanted.kind:
        where &= Q(kind=wanted.kind)
    if wanted.state:
        where &= Q(do_not_use=wanted.state == "do_not_use")
    if wanted.lack:
        where &= _LACKS[wanted.lack]
    if wanted.unused_since:
        where &= ~Exists(_PLAYED.filter(performance_date__gte=wanted.unused_since))
    return _ordered(Theatre.objects.filter(where), wanted)


def _ordered(found: "QuerySet[Theatre]", wanted: VenueFilter) -> "QuerySet[Theatre]":
    if wanted.sort in (VenueSort.SEATS, VenueSort.HALLS):
        found = found.annotate(**{wanted.sort.value: _counted(wanted.sort)})
    if wanted.sort is VenueSort.LAST:
        found = found.annotate(last=Subquery(_PLAYED.order_by("-performance_date").values("performance_date")[:1]))
    key = F(wanted.sort.value)
    first = key.desc(nulls_last=True) if wanted.descending else key.asc(nulls_first=True)
    return found.order_by(first, "city", "name", "id")


def _counted(sort: VenueSort) -> Coalesce:
    number = Sum("capacity") if sort is VenueSort.SEATS else Count("pk")
    counted = _LIVE.values("theatre").annotate(number=number).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _lines(found: "QuerySet[Theatre]") -> list[VenueLine]:
    """One query for halls and last days too: of a page of fifty, by index."""
    unsized = _LIVE.filter(capacity=0).values("theatre").annotate(number=Count("pk")).values("number")
    rows = found.annotate(
        n_halls=_counted(VenueSort.HALLS),
        n_seats=_counted(VenueSort.SEATS),
        n_unsized=Coalesce(Subquery(unsized, output_field=IntegerField()), 0),
        last_day=Subquery(_PLAYED.order_by("-performance_date").values("performance_date")[:1]),
    ).values_list(*_COLUMNS, "n_halls", "n_seats", "n_unsized", "last_day")
    return [VenueLine(*row) for row in rows]


def count_lacks(access: Access) -> dict[Lack, int]:
    """How many venues in use lack what. One query."""
    if not access.is_platform:
        return dict.fromkeys(Lack, 0)
    in_use = Theatre.objects.filter(merged_into__isnull=True, do_not_use=False)
    counts = in_use.aggregate(**{f"no_{lack.value}": Count("pk", filter=where) for lack, where in _LACKS.items()})
    return {lack: counts[f"no_{lack.value}"] for lack in Lack}


def known_venues(ids: Iterable[int]) -> dict[int, Known]:
    """What stands of theatres, in the form of the sheet. One query."""
    fields = ("name", "street", "house_number", "postcode", "city", "kind", "contact_email")
    rows = Theatre.objects.filter(pk__in=list(ids), merged_into__isnull=True)
    return {
        row.pk: Known(
            row.pk,
            {name: str(getattr(row, name)) for name in fields}
            | {"province": str(row.province_id or ""), "do_not_use": "yes" if row.do_not_use else ""},
        )
        for row in rows
    }

"""What can be chosen: in the filters of the list, and while an agreement is drafted: productions, theatres, performances, earlier ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from dip.contracts.models import Agreement, AgreementPerformance
from dip.contracts.rules.drafts import OF_THE_HALL
from dip.contracts.rules.values import restored
from dip.contracts.terms.fields import Value
from dip.contracts.terms.states import OPEN, AgreementStatus
from dip.programme.models import Performance, Production
from dip.programme.queries.listing import text_filter
from dip.programme.queries.visibility import called
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales

#: Performances under one agreement.
MOST = 6


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the filters of the list offer: seasons newest first, theatres and productions by name."""

    seasons: Sequence[int]
    theatres: Sequence[tuple[int, str]]
    productions: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ProductionChoice:
    """A production for which the access may draft agreements. ``free_count``: performances to come that no agreement covers."""

    id: int
    dip_id: str
    title: str
    season_year: int
    producer: str
    theatre_count: int
    free_count: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True)
class Covering:
    """An agreement that has a performance already."""

    id: int
    reference: str
    status: str

    @property
    def is_binding(self) -> bool:
        """Whether it was approved, so that the performance can have no other."""
        return self.status == AgreementStatus.APPROVED


@dataclass(frozen=True, slots=True)
class PerformanceChoice:
    """A performance that an agreement can cover. ``seats``: by rank, as pushed, else as agreed."""

    number: int
    on: date
    starts_at: datetime
    hall_id: int
    hall: str
    seats: tuple[int, ...]
    is_concept: bool
    is_cancelled: bool
    covering: tuple[Covering, ...] = ()

    @property
    def capacity(self) -> int:
        """Seats of all ranks."""
        return sum(self.seats)

    @property
    def ranks(self) -> int:
        """The highest rank with seats."""
        return max((rank for rank, seats in enumerate(self.seats, start=1) if seats), default=0)

    @property
    def is_free(self) -> bool:
        """Whether no agreement covers it that is approved or under way."""
        return not self.covering and not self.is_cancelled

    @property
    def is_bound(self) -> bool:
        """Whether an approved agreement covers it."""
        return any(one.is_binding for one in self.covering)


@dataclass(frozen=True, slots=True)
class TheatreChoice:
    """A theatre where a production plays, with its performances there by date."""

    id: int
    name: str
    city: str
    organisation_id: int | None
    performances: tuple[PerformanceChoice, ...]

    @property
    def free(self) -> tuple[PerformanceChoice, ...]:
        """Those without an agreement."""
        return tuple(one for one in self.performances if one.is_free)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An agreement whose terms a new one can begin with."""

    id: int
    reference: str
    title: str
    theatre: str
    city: str
    format: str
    first_date: date
    status: str


def filter_choices(access: Access) -> FilterChoices:
    """Seasons, theatres and productions of the agreements that the access may see. Three queries."""
    seen = Agreement.objects.within(access).order_by()
    seasons = seen.values_list("production__season_year", flat=True).distinct()
    theatres = seen.values_list("theatre_id", "theatre__name", "theatre__city").distinct().order_by("theatre__name", "theatre_id")
    productions = seen.values_list("production_id", "production__title").distinct().order_by("production__title", "production_id")
    return FilterChoices(
        sorted(seasons, reverse=True), [(pk, f"{name}, {city}" if city not in name else name) for pk, name, city in theatres],
        list(productions),
    )  # fmt: skip


def draftable(access: Access) -> Q:
    """Productions whose agreements the access drafts: those it acts for as agency, and its own where no agency acts."""
    if not access.is_provider:
        return Q(pk__in=[])
    own = access.organisation_id
    return Q(merged_into__isnull=True) & (Q(agency_id=own) | Q(agency_id=None, producer_id=own))


def production_choices(access: Access, today: date, text: str = "", limit: int = 12) -> list[ProductionChoice]:
    """Productions to draft for, those with free performances to come first, by date. Two queries."""
    rows = Production.objects.filter(draftable(access))
    if text.strip():
        rows = rows.filter(text_filter(text))
    else:
        rows = rows.filter(
            Exists(Performance.objects.filter(_free(access), production_id=OuterRef("pk"), performance_date__gte=today))
        )
    found = list(rows.select_related("producer").order_by("-season_year", "title")[:200])
    counts = _free_counts(access, [row.pk for row in found], today)
    made = [
        ProductionChoice(row.pk, row.dip_id, row.title, row.season_year, row.producer.name, *counts.get(row.pk, (0, 0, None, None)))
        for row in found
    ]
    return sorted(made, key=lambda one: (one.first_date or date.max, one.title))[:limit]


def _free(access: Access) -> Q:
    """Performances that stand, and that no agreement of the access covers that is approved or under way."""
    under = AgreementPerformance.objects.within(access).filter(
        performance_id=OuterRef("pk"), agreement__status__in=[*OPEN, AgreementStatus.APPROVED]
    )
    return ~Q(status=PerformanceStatus.CANCELLED) & Q(merged_into__isnull=True) & ~Exists(under)


def _free_counts(access: Access, ids: Sequence[int], today: date) -> dict[int, tuple[int, int, date | None, date | None]]:
    rows = Performance.objects.filter(_free(access), production_id__in=ids, performance_date__gte=today).order_by()
    counted = rows.values_list("production_id").annotate(
        theatres=Count("theatre_id", distinct=True), n=Count("pk"), first=Min("performance_date"), last=Max("performance_date")
    )
    return {pk: (theatres, n, first, last) for pk, theatres, n, first, last in counted}


def production_to_draft(access: Access, dip_id: str) -> Production:
    """The production of that DIP-id. Raises ``Production.DoesNotExist`` where the access may not draft its agreements."""
    return Production.objects.select_related("producer", "agency").get(draftable(access) & called(dip_id))


def theatre_choices(
    access: Access, production: Production, theatre_id: int | None = None, without: int | None = None
) -> list[TheatreChoice]:
    """Where a production plays (or one of those theatres), by the first date, each performance with what covers it already.

    ``without``: an agreement that does not count, the one being changed. Three queries.
    """
    rows = Performance.objects.filter(production=production, merged_into__isnull=True)
    rows = rows.filter(theatre_id=theatre_id) if theatre_id else rows
    found = list(rows.select_related("theatre", "hall").order_by("starts_at", "number"))
    sales = PerformanceSales.objects.within(access).filter(performance_id__in=[row.pk for row in found])
    pushed = {row.performance_id: row.capacity_by_rank for row in sales}
    taken = covering_of(access, [row.pk for row in found], without)
    houses: dict[int, list[Performance]] = {}
    for row in found:
        houses.setdefault(row.theatre_id, []).append(row)
    return [
        TheatreChoice(
            pk, rows[0].theatre.name, rows[0].theatre.city, rows[0].theatre.organisation_id,
            tuple(_performance(row, pushed.get(row.pk), taken.get(row.pk, ())) for row in rows),
        )
        for pk, rows in houses.items()
    ]  # fmt: skip


def _performance(row: Performance, pushed: Sequence[int] | None, taken: tuple[Covering, ...]) -> PerformanceChoice:
    return PerformanceChoice(
        number=row.number,
        on=row.performance_date,
        starts_at=row.starts_at,
        hall_id=row.hall_id,
        hall=row.hall.name,
        seats=tuple(pushed or row.capacity_by_rank or ([row.capacity] if row.capacity else [])),
        is_concept=row.status == PerformanceStatus.CONCEPT,
        is_cancelled=row.status == PerformanceStatus.CANCELLED,
        covering=taken,
    )


def covering_of(access: Access, numbers: Iterable[int], without: int | None = None) -> dict[int, tuple[Covering, ...]]:
    """The agreements under way or approved that have these performances. One query."""
    rows = AgreementPerformance.objects.within(access).filter(
        performance_id__in=list(numbers), agreement__status__in=[*OPEN, AgreementStatus.APPROVED]
    )
    found: dict[int, tuple[Covering, ...]] = {}
    for row in rows.exclude(agreement_id=without).select_related("agreement").order_by("agreement_id"):
        one = Covering(row.agreement_id, row.agreement.reference, row.agreement.status)
        found[row.performance_id] = (*found.get(row.performance_id, ()), one)
    return found


def earlier_agreements(access: Access, production_id: int, theatre_id: int, limit: int = 4) -> list[Earlier]:
    """What a new agreement can begin with: the last ones of this production elsewhere, and the last ones with this theatre. Two queries."""
    own = Agreement.objects.within(access).filter(provider_id=access.organisation_id).exclude(status=AgreementStatus.WITHDRAWN)
    rows = own.select_related("production", "theatre").order_by("-modified_at", "-id")
    found = [*_first(rows.filter(production_id=production_id), limit), *_first(rows.filter(theatre_id=theatre_id), limit)]
    return [
        Earlier(row.pk, row.reference, row.production.title, row.theatre.name, row.theatre.city, row.format, row.first_date, row.status)
        for row in {row.pk: row for row in found}.values()
    ]  # fmt: skip


def _first(rows: "QuerySet[Agreement]", limit: int) -> list[Agreement]:
    return list(rows[:limit])


@dataclass(frozen=True, slots=True)
class EarlierTerms:
    """What is taken from an earlier agreement: everything but what belongs to its hall and to the pair of parties."""

    format: str
    theatre_id: int
    terms: dict[str, Value]
    theatre_contact: str
    provider_contact: str


def earlier_terms(access: Access, agreement_id: int) -> EarlierTerms | None:
    """The terms of an own agreement to begin another with; None when there is none. One query."""
    row = Agreement.objects.within(access).filter(pk=agreement_id, provider_id=access.organisation_id).first()
    if row is None:
        return None
    terms = restored(row.format, row.terms)
    for code in (*OF_THE_HALL, "framework_applies", "settlement_prices"):
        terms.pop(code, None)
    return EarlierTerms(row.format, row.theatre_id, terms, row.theatre_contact, row.provider_contact)

"""Festivals: the list, the page of one, what can be put into it, and which festival a performance is part of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from dip.programme.models import Festival, Performance
from dip.programme.queries.performances import PerformanceRow, performance_rows
from dip.programme.queries.visibility import party_to_performance, public_performance
from dip.programme.rules.festivals import may_place, may_run_festival
from dip.programme.rules.rights import may_edit
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access

PER_PAGE = 40
#: Performances offered at a time.
OFFERED = 60


@dataclass(frozen=True, slots=True)
class FestivalRow:
    """A festival as lists show it; ``performance_count`` counts what the access may know of and is not cancelled."""

    id: int
    name: str
    city: str
    first_date: date
    last_date: date
    owner_id: int
    owner_name: str
    performance_count: int = 0


@dataclass(frozen=True, slots=True)
class FestivalLine:
    """A performance in the programme. ``is_party``: its sales are the access's to see; ``can_leave``: it may take it out."""

    performance: PerformanceRow
    is_party: bool
    can_leave: bool


@dataclass(frozen=True, slots=True)
class FestivalPage:
    """A festival with its programme by local day; ``can_run``: the access is its owner; ``can_place``: it may put something in."""

    festival: FestivalRow
    days: tuple[tuple[date, tuple[FestivalLine, ...]], ...]
    producer_count: int
    place_count: int
    can_run: bool

    @property
    def performance_count(self) -> int:
        """Performances that are to be played or were."""
        return sum(not line.performance.is_cancelled for _, lines in self.days for line in lines)

    @property
    def party_count(self) -> int:
        """Performances of which the access may see the sales."""
        return sum(line.is_party for _, lines in self.days for line in lines)


def festival_list(access: Access, *, text: str = "", own: bool = False, since: date | None = None, page: int = 1) -> Page:
    """One page of :class:`FestivalRow`, those to come first. Two queries."""
    found = Festival.objects.all()
    if own:
        found = found.filter(owner_id=access.organisation_id)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(city__icontains=text) | Q(owner__name__icontains=text))
    if since is not None:
        found = found.filter(last_date__gte=since)
    result = Paginator(found.order_by("-first_date" if since is None else "first_date", "name"), PER_PAGE).get_page(page)
    result.object_list = _rows(access, result.object_list)
    return result


def _rows(access: Access, festivals: "QuerySet[Festival]") -> list[FestivalRow]:
    columns = ("id", "name", "city", "first_date", "last_date", "owner_id", "owner__name")
    rows = list(festivals.values_list(*columns))
    seen = Performance.objects.filter(public_performance(access), festival_id__in=[row[0] for row in rows])
    counts = dict(
        seen.exclude(status=PerformanceStatus.CANCELLED)
        .order_by()
        .values_list("festival_id")
        .annotate(n=Count("pk", distinct=True))
    )
    return [FestivalRow(*row, performance_count=counts.get(row[0], 0)) for row in rows]


def festival_row(festival_id: int) -> FestivalRow | None:
    """The facts of a festival, without a count; None when there is none. One query."""
    columns = ("id", "name", "city", "first_date", "last_date", "owner_id", "owner__name")
    found = Festival.objects.filter(pk=festival_id).values_list(*columns).first()
    return FestivalRow(*found) if found else None


def festival_page(access: Access, festival_id: int) -> FestivalPage:
    """The page of a festival. Raises ``Festival.DoesNotExist``. Four queries whatever its length."""
    rows = _rows(access, Festival.objects.filter(pk=festival_id))
    if not rows:
        raise Festival.DoesNotExist(festival_id)
    row = rows[0]
    seen = Performance.objects.filter(public_performance(access), festival_id=festival_id).order_by("starts_at", "number")
    performances = performance_rows(seen)
    own = set(Performance.objects.filter(party_to_performance(access), festival_id=festival_id).values_list("pk", flat=True))
    can_run = may_run_festival(access, row.owner_id)
    lines = [FestivalLine(p, p.number in own, can_run or _may_place(access, p)) for p in performances]
    days = groupby(lines, key=lambda line: line.performance.performance_date)
    played = [p for p in performances if not p.is_cancelled]
    return FestivalPage(
        festival=row,
        days=tuple((day, tuple(group)) for day, group in days),
        producer_count=len({p.producer_id for p in played}),
        place_count=len({p.theatre_id for p in played}),
        can_run=can_run,
    )


def _may_place(access: Access, performance: PerformanceRow) -> bool:
    can_edit = may_edit(access, performance.producer_id, performance.agency_id)
    return may_place(access, performance.theatre_organisation_id, can_edit=can_edit)


def offered_performances(access: Access, festival_id: int, text: str = "") -> list[PerformanceRow]:
    """What the access can put into a festival: its own performances in those days that are in none yet. Three queries.

    For a theatre what plays in its halls, for a provider what it enters; ``text`` narrows to titles, producers, places.
    """
    festival = Festival.objects.get(pk=festival_id)
    found = Performance.objects.filter(party_to_performance(access), festival=None).exclude(status=PerformanceStatus.CANCELLED)
    found = found.filter(performance_date__gte=festival.first_date, performance_date__lte=festival.last_date)
    if text:
        words = (
            Q(production__title__icontains=text)
            | Q(production__producer__name__icontains=text)
            | Q(theatre__name__icontains=text)
            | Q(hall__name__icontains=text)
        )
        found = found.filter(words)
    rows = performance_rows(found.order_by("starts_at", "number")[: OFFERED * 2])
    return [row for row in rows if _may_place(access, row)][:OFFERED]


def festivals_around(access: Access, days: Iterable[date], *, always: int | None = None) -> list[tuple[int, str]]:
    """Festivals whose days hold all of ``days``, to choose from: (id, name with town). ``always`` is one that stays in. One query."""
    wanted = list(days)
    held = Q(first_date__lte=min(wanted), last_date__gte=max(wanted)) if wanted else Q(pk__in=[])
    if always is not None:
        held |= Q(pk=always)
    found = Festival.objects.filter(held).order_by("name", "id").values_list("id", "name", "city")
    return [(pk, f"{name}, {city}") for pk, name, city in found]


def own_festivals(access: Access, since: date) -> list[FestivalRow]:
    """The festivals of the access's organisation that are not over on a day, by date. Two queries."""
    return _rows(access, Festival.objects.filter(owner_id=access.organisation_id, last_date__gte=since).order_by("first_date"))


def festival_names(numbers: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The festival of each performance that is in one: number → (id, name), so that lists of sales can group by it. One query."""
    found = Performance.objects.filter(pk__in=list(numbers), festival__isnull=False).order_by()
    return {number: (pk, name) for number, pk, name in found.values_list("number", "festival_id", "festival__name")}


def festival_numbers(access: Access, festival_id: int) -> list[int]:
    """The access's own performances in a festival, by date: those whose figures it may ask for. One query."""
    found = Performance.objects.filter(party_to_performance(access), festival_id=festival_id)
    return list(found.order_by("starts_at", "number").values_list("number", flat=True))

"""Duplicates: what was reported, what looks alike, and two entries side by side with what each carries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from dip.programme.models import (
    DuplicateReport,
    Hall,
    HallAlias,
    Performance,
    Production,
    RankTemplate,
    Surcharge,
    Theatre,
    TheatreAlias,
)
from dip.programme.queries.visibility import public_production
from dip.programme.rules.likeness import Entry, Pair, likely_pairs
from dip.programme.terms import DuplicateKind, DuplicateStatus, PerformanceStatus
from dip.registry.terms import Access

#: Halls of one theatre and titles of one producer must be liker than theatres of a town: they are meant to resemble.
_LEAST = {DuplicateKind.THEATRE: 72, DuplicateKind.HALL: 84, DuplicateKind.PRODUCTION: 84}
#: Seasons in which productions are compared.
SEASONS = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: its facts and what hangs on it. Facts of another kind are empty; counts are of all, public or not."""

    id: int
    kind: str
    name: str
    place: str
    address: str
    organisation: str
    contact: str
    names: tuple[str, ...]
    halls: tuple[str, ...]
    capacity: int
    performances: int
    last_date: date | None
    layouts: int
    surcharges: int
    reference: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists show it; ``is_to_decide``: the access answers it."""

    id: int
    kind: str
    goes_id: int
    stays_id: int
    label: str
    reason: str
    organisation: str
    reported_at: datetime
    reported_by: str
    status: str
    decided_by: str
    decision_reason: str
    is_to_decide: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two that look alike, named, with the score (0..100) and why."""

    kind: str
    pair: Pair
    first: str
    second: str


def reports_of(access: Access, *, limit: int = 100) -> list[ReportRow]:
    """Reports of the access, those to decide first, then the open ones, newest first. One query."""
    found = DuplicateReport.objects.within(access)
    if access.is_platform:  # suggestions that it dismissed are no reports
        found = found.exclude(organisation_id=access.organisation_id, status=DuplicateStatus.DISMISSED)
    rows = found.select_related("organisation").order_by("-reported_at", "-id")[:limit]
    made = [_report(access, row) for row in rows]
    return sorted(made, key=lambda row: (not row.is_to_decide, row.status != DuplicateStatus.OPEN))


def _report(access: Access, row: DuplicateReport) -> ReportRow:
    is_open = row.status == DuplicateStatus.OPEN
    return ReportRow(
        row.pk, row.kind, row.goes_id, row.stays_id, row.label, row.reason, row.organisation.name, row.reported_at, row.reported_by,
        row.status, row.decided_by, row.decision_reason, is_open and (access.is_platform or access.organisation_id in row.deciders),
    )  # fmt: skip


def count_to_decide(access: Access) -> int:
    """Open reports that the access answers. One query."""
    found = DuplicateReport.objects.within(access).filter(status=DuplicateStatus.OPEN)
    return found.count() if access.is_platform else found.filter(deciders__contains=[access.organisation_id]).count()


def reports_on(access: Access, kind: DuplicateKind, goes_id: int, stays_id: int) -> list[DuplicateReport]:
    """Open reports of a pair, either way round, that the access may see. One query."""
    same = Q(goes_id=goes_id, stays_id=stays_id) | Q(goes_id=stays_id, stays_id=goes_id)
    return list(
        DuplicateReport.objects.within(access).select_related("organisation").filter(same, kind=kind, status=DuplicateStatus.OPEN)
    )


def suggestions(access: Access, kind: DuplicateKind, *, season_year: int, limit: int = 100) -> list[Suggestion]:
    """Entries that look alike and are neither reported nor dismissed, the likeliest first. For the platform; empty for others.

    Four queries; compared only within a town, a postcode, a theatre, or a producer's season, so the time is bounded.
    """
    if not access.is_platform:
        return []
    entries = {
        DuplicateKind.THEATRE: _theatres,
        DuplicateKind.HALL: _halls,
        DuplicateKind.PRODUCTION: lambda: _productions(season_year),
    }[kind]()
    known = DuplicateReport.objects.within(access).filter(kind=kind, status__in=[DuplicateStatus.OPEN, DuplicateStatus.DISMISSED])
    done = {frozenset(pair) for pair in known.values_list("goes_id", "stays_id")}
    pairs = [p for p in likely_pairs([e for e, _ in entries], least=_LEAST[kind]) if frozenset((p.first, p.second)) not in done]
    labels = {entry.id: label for entry, label in entries}
    return [Suggestion(kind.value, p, labels[p.first], labels[p.second]) for p in pairs[:limit]]


def _theatres() -> list[tuple[Entry, str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for theatre_id, name in TheatreAlias.objects.values_list("theatre_id", "name"):
        names[theatre_id].append(name)
    halls: dict[int, list[str]] = defaultdict(list)
    for theatre_id, name in Hall.objects.filter(merged_into=None).order_by().values_list("theatre_id", "name"):
        halls[theatre_id].append(name)
    rows = Theatre.objects.filter(merged_into=None).order_by().values_list("id", "name", "city", "postcode", "house_number")
    return [
        (Entry(i, name, city.casefold().strip(), tuple(names[i]), postcode, number, tuple(halls[i])), f"{name}, {city}")
        for i, name, city, postcode, number in rows
    ]


def _halls() -> list[tuple[Entry, str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for hall_id, name in HallAlias.objects.values_list("hall_id", "name"):
        names[hall_id].append(name)
    rows = Hall.objects.filter(merged_into=None, theatre__merged_into=None).order_by()
    return [
        (Entry(i, name, str(theatre), tuple(names[i]), size=seats), f"{house}: {name}")
        for i, name, theatre, house, seats in rows.values_list("id", "name", "theatre_id", "theatre__name", "capacity")
    ]


def _productions(season_year: int) -> list[tuple[Entry, str]]:
    rows = Production.objects.filter(merged_into=None, season_year__gte=season_year - SEASONS + 1).order_by()
    return [
        (Entry(i, title, f"{producer}:{season}"), f"{title} ({dip_id})")
        for i, title, producer, season, dip_id in rows.values_list("id", "title", "producer_id", "season_year", "dip_id")
    ]


def sides(access: Access, kind: DuplicateKind, ids: Iterable[int]) -> list[Side]:
    """Both entries with what they carry, in the order asked; fewer when one is unknown, merged, or not for the access to know."""
    wanted = list(ids)
    found = {
        DuplicateKind.THEATRE: _theatre_sides,
        DuplicateKind.HALL: _hall_sides,
        DuplicateKind.PRODUCTION: lambda keys: _production_sides(access, keys),
    }[kind](wanted)
    return [found[key] for key in wanted if key in found]


def rows_of(access: Access, kind: DuplicateKind, ids: Iterable[int]) -> dict[int, Theatre | Hall | Production]:
    """The tables' own rows of two entries that stand, by id. One query."""
    if kind is DuplicateKind.THEATRE:
        return {row.pk: row for row in Theatre.objects.filter(pk__in=ids, merged_into=None)}
    if kind is DuplicateKind.HALL:
        return {row.pk: row for row in Hall.objects.select_related("theatre").filter(pk__in=ids, merged_into=None)}
    found = Production.objects.filter(public_production(access), pk__in=ids).select_related("producer", "agency")
    return {row.pk: row for row in found}


def _played(field: str, ids: list[int]) -> dict[int, tuple[int, date | None]]:
    rows = Performance.objects.filter(**{f"{field}__in": ids}).exclude(status=PerformanceStatus.CANCELLED).order_by()
    return {i: (n, last) for i, n, last in rows.values_list(field).annotate(n=Count("pk"), last=Max("performance_date"))}


def _theatre_sides(ids: list[int]) -> dict[int, Side]:
    played = _played("theatre_id", ids)
    rows = Theatre.objects.filter(pk__in=ids, merged_into=None).select_related("organisation", "province")
    made = {}
    for row in rows.prefetch_related("aliases", "halls"):
        halls = [hall for hall in row.halls.all() if hall.merged_into_id is None]
        made[row.pk] = Side(
            row.pk, "theatre", row.name, f"{row.city}{', ' + row.province.name if row.province else ''}",
            f"{row.street} {row.house_number}, {row.postcode}".strip(" ,"), row.organisation.name if row.organisation else "",
            row.contact_email, tuple(alias.name for alias in row.aliases.all()), tuple(hall.name for hall in halls),
            sum(hall.capacity for hall in halls), *played.get(row.pk, (0, None)), 0, 0, str(row.pk), _marks(row),
        )  # fmt: skip
    return made


def _marks(row: Theatre) -> tuple[str, ...]:
    return tuple(name for name, is_so in (("coupled", row.is_coupled), ("do_not_use", row.do_not_use)) if is_so)


def _hall_sides(ids: list[int]) -> dict[int, Side]:
    played = _played("hall_id", ids)
    layouts = dict(RankTemplate.objects.filter(hall_id__in=ids).order_by().values_list("hall_id").annotate(n=Count("pk")))
    surcharges = dict(Surcharge.objects.filter(hall_id__in=ids).order_by().values_list("hall_id").annotate(n=Count("pk")))
    rows = Hall.objects.filter(pk__in=ids, merged_into=None).select_related("theatre").prefetch_related("aliases")
    return {
        row.pk: Side(
            row.pk, "hall", row.name, f"{row.theatre.name}, {row.theatre.city}", "", "", "",
            tuple(alias.name for alias in row.aliases.all()), (), row.capacity, *played.get(row.pk, (0, None)),
            layouts.get(row.pk, 0), surcharges.get(row.pk, 0), str(row.pk), ("do_not_use",) if row.do_not_use else (),
        )
        for row in rows
    }  # fmt: skip


def _production_sides(access: Access, ids: list[int]) -> dict[int, Side]:
    played = _played("production_id", ids)
    rows = Production.objects.filter(public_production(access), pk__in=ids).select_related("producer", "agency", "genre")
    return {
        row.pk: Side(
            row.pk, "production", row.title, row.producer.name, "", row.agency.name if row.agency else "", "", (), (), 0,
            *played.get(row.pk, (0, None)), 0, 0, row.dip_id,
        )
        for row in rows
    }  # fmt: skip

"""Theatres of an access, and everything that a theatre's page shows."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from dip.programme.models import Hall, HallAlias, Performance, RankTemplate, Surcharge, Theatre
from dip.programme.queries.performances import PerformanceRow, performance_rows
from dip.programme.queries.visibility import public_performance
from dip.programme.rules.rights import may_edit_theatre
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access

PER_PAGE = 50
#: Performances to come that a theatre's page names.
COMING = 12


@dataclass(frozen=True, slots=True)
class TheatreRow:
    """A theatre as lists and monitors show it."""

    id: int
    name: str
    city: str
    province_id: int | None
    organisation_id: int | None
    is_coupled: bool


@dataclass(frozen=True, slots=True)
class TheatreLine:
    """One line of the list of theatres."""

    id: int
    name: str
    city: str
    province: str | None
    organisation_id: int | None
    is_coupled: bool
    do_not_use: bool
    hall_count: int
    seat_count: int


@dataclass(frozen=True, slots=True)
class SurchargePeriod:
    """What comes on top of a ticket, in cents, from ``valid_from`` up to ``valid_until`` (None: until further notice)."""

    valid_from: date
    valid_until: date | None
    theatre_cents: int
    consumption_cents: int
    service_cents: int
    wardrobe_cents: int
    is_current: bool

    @property
    def total_cents(self) -> int:
        """All of them."""
        return self.theatre_cents + self.consumption_cents + self.service_cents + self.wardrobe_cents


@dataclass(frozen=True, slots=True)
class Template:
    """A layout: seats of rank 1, 2 …"""

    name: str
    seats: tuple[int, ...]
    is_default: bool

    @property
    def total(self) -> int:
        """Seats of all ranks."""
        return sum(self.seats)


@dataclass(frozen=True, slots=True)
class HallRow:
    """A hall with its other names, layouts, and surcharges (newest first)."""

    id: int
    theatre_id: int
    name: str
    kind: str
    capacity: int
    do_not_use: bool
    aliases: tuple[str, ...]
    templates: tuple[Template, ...]
    surcharges: tuple[SurchargePeriod, ...]

    @property
    def current_surcharge(self) -> SurchargePeriod | None:
        """The period in force on the day for which the row was read."""
        return next((s for s in self.surcharges if s.is_current), None)


@dataclass(frozen=True, slots=True)
class TheatrePage:
    """A theatre with its halls and what plays there next."""

    theatre: Theatre
    aliases: tuple[str, ...]
    merged: tuple[str, ...]
    halls: tuple[HallRow, ...]
    coming: tuple[PerformanceRow, ...]
    coming_count: int
    can_edit: bool
    is_own: bool


def theatres_of(access: Access) -> list[TheatreRow]:
    """The theatres that the access's organisation runs, by name; for the platform all that are in use. One query."""
    theatres = Theatre.objects.filter(merged_into__isnull=True).order_by("name")
    if not access.is_platform:
        theatres = theatres.filter(organisation_id=access.organisation_id)
    columns = ("id", "name", "city", "province_id", "organisation_id", "is_coupled")
    return [TheatreRow(*values) for values in theatres.values_list(*columns)]


def theatre_list(access: Access, *, ids: list[int] | None = None, own: bool = False, page: int = 1) -> Page:
    """One page of :class:`TheatreLine` by city and name, or in the order of ``ids`` (a search). Two queries."""
    found = Theatre.objects.filter(merged_into__isnull=True)
    if own:
        found = found.filter(organisation_id=access.organisation_id)
    if ids is not None:
        found = found.filter(pk__in=ids)
    columns = ("id", "name", "city", "province__name", "organisation_id", "is_coupled", "do_not_use")
    ordered = found.order_by("city", "name").values_list(*columns)
    paginator = Paginator(ordered, PER_PAGE)
    result = paginator.get_page(page)
    rows = list(result.object_list)
    seats = _halls_in_use([row[0] for row in rows])
    lines = [
        TheatreLine(*row[:7], hall_count=seats.get(row[0], (0, 0))[0], seat_count=seats.get(row[0], (0, 0))[1]) for row in rows
    ]
    if ids is not None:
        lines.sort(key=lambda line: ids.index(line.id))
    result.object_list = lines
    return result


def _halls_in_use(theatre_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Number of halls and their seats per theatre."""
    found: dict[int, tuple[int, int]] = {}
    halls = Hall.objects.filter(theatre_id__in=theatre_ids, merged_into__isnull=True, do_not_use=False).order_by()
    for theatre_id, capacity in halls.values_list("theatre_id", "capacity"):
        count, seats = found.get(theatre_id, (0, 0))
        found[theatre_id] = (count + 1, seats + capacity)
    return found


def theatre_page(access: Access, theatre_id: int, on: date) -> TheatrePage:
    """The page of a theatre as on a day. For a merged one that of its target: compare the ids to redirect. Nine queries at most.

    Raises ``Theatre.DoesNotExist``.
    """
    theatres = Theatre.objects.select_related("province", "country", "organisation")
    theatre = theatres.get(pk=theatre_id)
    if theatre.merged_into_id:
        theatre = theatres.get(pk=theatre.merged_into_id)
    coming = Performance.objects.filter(public_performance(access), theatre=theatre, performance_date__gte=on)
    coming = coming.exclude(status=PerformanceStatus.CANCELLED)
    first = performance_rows(coming.order_by("starts_at", "number")[: COMING + 1])
    return TheatrePage(
        theatre=theatre,
        aliases=tuple(theatre.aliases.order_by("name").values_list("name", flat=True)),
        merged=tuple(theatre.merged.values_list("name", flat=True)),
        halls=tuple(halls_of([theatre.pk], on)),
        coming=tuple(first[:COMING]),
        coming_count=coming.count() if len(first) > COMING else len(first),
        can_edit=may_edit_theatre(access, theatre.organisation_id),
        is_own=theatre.organisation_id == access.organisation_id,
    )


def hall_row(hall_id: int, on: date) -> HallRow:
    """One hall with its layouts and surcharges. Raises ``Hall.DoesNotExist``; a merged one answers with its target."""
    hall = Hall.objects.get(pk=hall_id)
    target = hall.merged_into_id or hall.pk
    return next(row for row in halls_of([Hall.objects.get(pk=target).theatre_id], on) if row.id == target)


def merged_halls(hall_id: int) -> list[str]:
    """Names of halls that became this one. One query."""
    return list(Hall.objects.filter(merged_into_id=hall_id).order_by("name").values_list("name", flat=True))


def coming_in_hall(access: Access, hall_id: int, on: date) -> list[PerformanceRow]:
    """What plays next in a hall, as far as the access may know of it. One query."""
    coming = Performance.objects.filter(public_performance(access), hall_id=hall_id, performance_date__gte=on)
    return performance_rows(coming.exclude(status=PerformanceStatus.CANCELLED).order_by("starts_at", "number")[:COMING])


def halls_of(theatre_ids: list[int], on: date) -> list[HallRow]:
    """Halls of theatres, largest first, those out of use last. Four queries."""
    halls = list(
        Hall.objects.filter(theatre_id__in=theatre_ids, merged_into__isnull=True).order_by("do_not_use", "-capacity", "name")
    )
    ids = [hall.pk for hall in halls]
    aliases: dict[int, list[str]] = {}
    for hall_id, name in HallAlias.objects.filter(hall_id__in=ids).order_by("name").values_list("hall_id", "name"):
        aliases.setdefault(hall_id, []).append(name)
    templates: dict[int, list[Template]] = {}
    for template in RankTemplate.objects.filter(hall_id__in=ids).order_by("-is_default", "name"):
        templates.setdefault(template.hall_id, []).append(Template(template.name, tuple(template.seats), template.is_default))
    surcharges: dict[int, list[Surcharge]] = {}
    for surcharge in Surcharge.objects.filter(hall_id__in=ids).order_by("-valid_from"):
        surcharges.setdefault(surcharge.hall_id, []).append(surcharge)
    return [
        HallRow(
            hall.pk,
            hall.theatre_id,
            hall.name,
            hall.kind,
            hall.capacity,
            hall.do_not_use,
            tuple(aliases.get(hall.pk, ())),
            tuple(templates.get(hall.pk, ())),
            _periods(surcharges.get(hall.pk, []), on),
        )
        for hall in halls
    ]


def _periods(surcharges: list[Surcharge], on: date) -> tuple[SurchargePeriod, ...]:
    """Newest first; each ends where the next begins."""
    ends = [None, *(s.valid_from for s in surcharges)]
    return tuple(
        SurchargePeriod(
            s.valid_from,
            end,
            s.theatre_cents,
            s.consumption_cents,
            s.service_cents,
            s.wardrobe_cents,
            is_current=s.valid_from <= on and (end is None or on < end),
        )
        for s, end in zip(surcharges, ends, strict=False)
    )


def surcharge_on(hall_id: int, on: date) -> SurchargePeriod | None:
    """The surcharges valid in a hall on a date, or None when none are kept for it. One query."""
    found = list(Surcharge.objects.filter(hall_id=hall_id).order_by("-valid_from"))
    return next((period for period in _periods(found, on) if period.is_current), None)

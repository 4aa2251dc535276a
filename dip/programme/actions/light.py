"""The light mode's entry: a production, or more dates of one, in five fields and one transaction; the rest has sensible defaults."""

from datetime import datetime

from django.db import transaction

from dip.kernel.periods import season_year
from dip.programme.actions.entitlement import UnableToEnter, need_entering
from dip.programme.actions.once import made_before, note_made
from dip.programme.actions.performances import add_performances, publish_performances
from dip.programme.actions.places import reuse_or_add_place
from dip.programme.actions.productions import create_production
from dip.programme.models import Hall, Production
from dip.programme.terms import (
    Finding,
    FindingCode,
    FundFeature,
    HallKind,
    LightEntry,
    LightMade,
    PerformanceEntry,
    ProductionEntry,
)
from dip.registry.terms import Access, AccessDenied, Role


@transaction.atomic
def enter_light(*, access: Access, at: datetime, entry: LightEntry, key: str = "") -> LightMade:
    """Enter a production with its performances, as the producer itself; the season is that of the first date.

    A title that the producer entered for the season already is not entered again: the dates join that production. ``key`` is the
    form's: the same form again answers what the first one made. All or nothing: :class:`UnableToEnter` or ``UnableToKeep`` has
    findings per field; AccessDenied for others than producers who may enter.
    """
    need_entering(access)
    if access.role is not Role.PRODUCER:
        raise AccessDenied("the light mode enters productions of the producer itself")
    repeated = made_before(access=access, at=at, key=key)
    if repeated is not None:
        return LightMade(repeated, is_repeat=True)
    _refuse_bare(entry)
    season = season_year(min(entry.starts).date())
    known = Production.objects.filter(
        producer_id=access.organisation_id, season_year=season, title__iexact=entry.title.strip(), merged_into=None
    ).first()
    production = known or create_production(
        access=access, at=at, entry=ProductionEntry(title=entry.title, season_year=season, genre_id=entry.genre_id)
    )
    hall = _hall(access, at, entry)
    made = add_performances(
        access=access, at=at, production=production, entries=[_performance(entry, hall, start) for start in entry.starts]
    )
    numbers = tuple(p.number for p in made)
    findings: tuple[Finding, ...] = ()
    if entry.publish:
        findings = publish_performances(access=access, at=at, numbers=numbers, allow_past=True).findings
    note_made(access=access, key=key, made=production.dip_id)
    return LightMade(production.dip_id, numbers, findings, joined=known is not None)


def _refuse_bare(entry: LightEntry) -> None:
    """What is missing altogether, all at once."""
    found = []
    if not entry.title.strip():
        found.append(Finding(FindingCode.TITLE_MISSING, "title"))
    if not entry.starts:
        found.append(Finding(FindingCode.DATE_MISSING, "starts_at"))
    if entry.hall_id is None and not (entry.place_name.strip() and entry.place_city.strip()):
        found.append(Finding(FindingCode.PLACE_MISSING, "place"))
    if found:
        raise UnableToEnter(found)


def _hall(access: Access, at: datetime, entry: LightEntry) -> Hall:
    if entry.hall_id is None:
        return reuse_or_add_place(access=access, at=at, name=entry.place_name, city=entry.place_city, capacity=entry.seats or 0)
    hall = Hall.objects.select_related("merged_into").filter(pk=entry.hall_id).first()
    if hall is None:
        raise UnableToEnter([Finding(FindingCode.HALL_UNKNOWN, "place", str(entry.hall_id))])
    return hall.merged_into or hall


def _performance(entry: LightEntry, hall: Hall, start: datetime) -> PerformanceEntry:
    is_school = entry.fund_feature in (FundFeature.SCHOOL_PRIMARY, FundFeature.SCHOOL_SECONDARY)
    return PerformanceEntry(
        starts_at=start,
        theatre_id=hall.theatre_id,
        hall_id=hall.pk,
        is_private=is_school,  # a class comes, nobody buys a ticket
        is_other_location=hall.kind != HallKind.REGULAR,
        fund_feature=entry.fund_feature,
        capacity_by_rank=(entry.seats,) if entry.seats else None,
        festival_id=entry.festival_id,
    )

"""Entries made twice that wait for somebody: theatres that look alike, a hall, and a production that two parties entered."""

from datetime import datetime, timedelta

from dip.kernel.periods import season_year
from dip.programme.actions.productions import mint_dip_id
from dip.programme.models import DuplicateReport, Hall, Performance, Production, ProductionEvent, Theatre
from dip.programme.terms import DuplicateKind, EventKind, PerformanceStatus, VenueKind
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.site.demo.record import Written
from dip.site.demo.sector import REPLAYING

#: How a second entry of a theatre is called, by the place of the theatre in the sector.
_SLIPS = {1: "{name} (nieuw)", 3: "{name}s", 8: "Stichting {name}"}
#: Nights of the tour that the agency entered too.
_NIGHTS = 3


def add_venues(written: Written, at: datetime) -> dict[str, int]:
    """Three theatres and a hall entered again, a report by a theatre, and one by an agency that its producer decides."""
    made = [_again(written, place, name, at) for place, name in _SLIPS.items() if place < len(written.theatres)]
    house = written.theatres[0]
    Hall.objects.create(theatre=house, name=f"{written.halls[0, 0].name} (oud)", capacity=written.halls[0, 0].capacity)
    if made:
        reporter = next(one for one in written.organisations if one.plays(Role.THEATRE))
        target = written.theatres[min(_SLIPS)]
        _report(DuplicateKind.THEATRE, made[0].pk, target.pk, f"{made[0].name} = {target.name}", reporter, [], at)
    return {"entries made twice": len(made) + 1 + _twice(written, at)}


def _again(written: Written, place: int, name: str, at: datetime) -> Theatre:
    known = written.theatres[place]
    again = Theatre.objects.create(
        name=name.format(name=known.name), street=known.street, house_number=known.house_number, postcode=known.postcode,
        city=known.city, province_id=known.province_id, country_id=known.country_id, kind=VenueKind.OTHER,
        created_at=at - timedelta(days=30),
    )  # fmt: skip
    Hall.objects.create(theatre=again, name=written.halls[place, 0].name, capacity=written.halls[place, 0].capacity)
    return again


def _twice(written: Written, at: datetime) -> int:
    """A production of the producer that the demo shows, entered a second time by its agency with the first nights as concepts."""
    season = season_year(at.date())
    producer, agency = written.organisations[0], next(one for one in written.organisations if one.plays(Role.AGENCY))
    known = Production.objects.filter(producer=producer, season_year=season).exclude(agency=agency).order_by("id").first()
    if known is None or producer.name == REPLAYING:
        return 0
    again = Production.objects.create(
        dip_id=mint_dip_id(producer.pk, season), title=f"{known.title}.", season_year=season, producer=producer, agency=agency,
        genre_id=known.genre_id, created_at=at - timedelta(days=6),
    )  # fmt: skip
    ProductionEvent.objects.create(production=again, at=at - timedelta(days=6), kind=EventKind.CREATED, actor=agency.name)
    coming = Performance.objects.filter(production=known, starts_at__gt=at, status=PerformanceStatus.PUBLISHED).order_by(
        "starts_at"
    )
    Performance.objects.bulk_create(
        Performance(
            production=again, theatre_id=night.theatre_id, hall_id=night.hall_id, starts_at=night.starts_at,
            performance_date=night.performance_date, capacity=night.capacity, capacity_by_rank=night.capacity_by_rank,
        )
        for night in coming[:_NIGHTS]
    )  # fmt: skip
    label = f"{again.title} ({again.dip_id}) = {known.title} ({known.dip_id})"
    _report(DuplicateKind.PRODUCTION, again.pk, known.pk, label, agency, [producer.pk], at)
    return 1


def _report(
    kind: DuplicateKind, goes_id: int, stays_id: int, label: str, organisation: Organisation, deciders: list[int], at: datetime
) -> None:
    DuplicateReport.objects.create(
        kind=kind, goes_id=goes_id, stays_id=stays_id, label=label, reason="Hetzelfde, twee keer ingevoerd", organisation=organisation,
        deciders=deciders, reported_at=at - timedelta(days=2), reported_by="Noor Berghuis",
    )  # fmt: skip

"""Makes code lists, theatres, halls, productions and performances for tests. Every name is invented."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from dip.definitions.models import Country, Genre, Province
from dip.kernel.clock import from_local, local
from dip.kernel.periods import season_year
from dip.programme.actions.productions import mint_dip_id
from dip.programme.models import Hall, Performance, PerformanceEvent, Production, ProductionEvent, RankTemplate, Theatre
from dip.programme.terms import EventKind, HallKind, PerformanceStatus
from dip.registry.models import Organisation
from dip.registry.terms import Role
from tests.factories.registry import NOW, make_organisation

GENRES = ("theatre", "music", "dance", "music-theatre", "cabaret", "other")
PROVINCES = ("GR", "FR", "DR", "OV", "FL", "GE", "UT", "NH", "ZH", "ZE", "NB", "LI")
_serial = count(1)
CONCEPT, PUBLISHED, PLAYED, CANCELLED = "concept", "published", "played", "cancelled"


def make_genre(code: str = "theatre") -> Genre:
    """The genre with this code, as the standard's loader makes it, or a bare one while there is none."""
    number = GENRES.index(code) + 1
    names = {f"name_{language}": code.title() for language in ("nl", "en", "fr")}
    return Genre.objects.get_or_create(id=number, defaults={"code": code, "order": number, **names})[0]


def make_province(code: str = "UT") -> Province:
    """The province with this code."""
    number = PROVINCES.index(code) + 1
    return Province.objects.get_or_create(
        id=number, defaults={"code": code, "name": code, "tile_row": number // 4, "tile_column": number % 4}
    )[0]


def make_country(code: str = "NL") -> Country:
    """The country with this code."""
    names = {f"name_{language}": code for language in ("nl", "en", "fr")}
    return Country.objects.get_or_create(code=code, defaults=names)[0]


def make_theatre(organisation: Organisation | None = None, *, halls: int = 0, **over: Any) -> Theatre:
    """A theatre in Amersfoort, without an organisation unless given one; ``halls`` asks for that many halls of 600 seats."""
    number = next(_serial)
    values: dict[str, Any] = {
        "name": f"Theater De Vlonder {number}",
        "street": "Kadestraat",
        "house_number": str(number),
        "postcode": "3811 AB",
        "city": "Amersfoort",
        "organisation": organisation,
        "is_coupled": True,
        "province": over.pop("province", None) or make_province(),
        "country": over.pop("country", None) or make_country(),
    }
    theatre = Theatre.objects.create(**values | over)
    for _ in range(halls):
        make_hall(theatre)
    return theatre


def make_theatre_organisation(**over: Any) -> tuple[Organisation, Theatre]:
    """A taker and its theatre."""
    organisation = make_organisation(Role.THEATRE, **over)
    return organisation, make_theatre(organisation)


def make_hall(theatre: Theatre | None = None, *, ranks: list[int] | None = None, **over: Any) -> Hall:
    """A hall of 600 seats; ``ranks`` adds a default rank template with these seats (and makes the capacity their sum)."""
    values: dict[str, Any] = {"name": f"Zaal {next(_serial)}", "capacity": sum(ranks) if ranks else 600, "kind": HallKind.REGULAR}
    hall = Hall.objects.create(theatre=theatre or make_theatre(), **values | over)
    if ranks:
        RankTemplate.objects.create(hall=hall, name="Standaard", seats=ranks, is_default=True)
    return hall


def make_production(
    producer: Organisation | None = None, *, co_producers: tuple[Organisation, ...] = (), **over: Any
) -> Production:
    """A production of 2026-2027 with a minted DIP-id, as the actions leave it."""
    producer = producer or make_organisation(Role.PRODUCER)
    year = over.get("season_year", 2026)
    values: dict[str, Any] = {"title": f"Het Gewicht van Water {next(_serial)}", "season_year": year, "producer": producer}
    values["genre"] = over.pop("genre", None) or make_genre()
    if "dip_id" not in over:
        values["dip_id"] = mint_dip_id(producer.pk, year)
    production = Production.objects.create(**values | over)
    production.co_producers.set(co_producers)
    ProductionEvent.objects.create(production=production, at=NOW, kind=EventKind.CREATED, actor="Noor Dijkema")
    return production


def make_performance(
    production: Production | None = None, hall: Hall | None = None, *, state: str = PUBLISHED, at: datetime = NOW, **over: Any
) -> Performance:
    """A performance, by default published and two months ahead of ``at`` at 20:15.

    ``state``: ``concept``, ``published``, ``played`` (published, a week before ``at``) or ``cancelled``. ``day`` (a date) sets
    the local date; ``capacity`` alone makes one rank.
    """
    hall = hall or make_hall()
    day: date = over.pop("day", None) or (local(at).date() + timedelta(days=-7 if state == PLAYED else 60))
    starts_at = over.pop("starts_at", None) or starting(day)
    production = production or make_production(season_year=season_year(day))
    capacity = over.pop("capacity", hall.capacity)
    is_public = state != CONCEPT
    values: dict[str, Any] = {
        "production": production,
        "theatre": hall.theatre,
        "hall": hall,
        "starts_at": starts_at,
        "performance_date": local(starts_at).date(),
        "status": {CONCEPT: PerformanceStatus.CONCEPT, CANCELLED: PerformanceStatus.CANCELLED}.get(
            state, PerformanceStatus.PUBLISHED
        ),
        "capacity_by_rank": [capacity],
        "capacity": capacity,
        "published_at": min(at, starts_at) - timedelta(days=30) if is_public else None,
        "cancelled_at": at if state == CANCELLED else None,
        "cancel_reason": "Ziekte" if state == CANCELLED else "",
    }
    performance = Performance.objects.create(**values | over)
    kinds = {CONCEPT: [], CANCELLED: [EventKind.PUBLISHED, EventKind.CANCELLED]}.get(state, [EventKind.PUBLISHED])
    for kind in [EventKind.CREATED, *kinds]:
        PerformanceEvent.objects.create(performance=performance, at=at, kind=kind, actor="Noor Dijkema")
    return performance


def starting(day: date, hour: int = 20, minute: int = 15) -> datetime:
    """Aware UTC of a wall-clock time in Amsterdam."""
    return from_local(datetime.combine(day, time(hour, minute)))

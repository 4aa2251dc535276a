"""The sector of the audience's bench, in the empty database of ``DATABASE_URL``: theatres, productions that tour, areas; and its history."""

import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dip.site.bench.audience_tickets import FIRST_PC4, Size, World, tickets_of

WHY = "a bench makes its own sector"
#: Organisations that produce; theatres streamed at once.
_PRODUCERS, _AT_ONCE = 60, 25
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_TOWN = 12


def say(text: str) -> None:
    """To who waits."""
    print(text, file=sys.stderr, flush=True)


def build(size: Size) -> World:
    """Migrate, and make the sector; no tickets yet."""
    from django.core.management import call_command

    from dip.kernel import clock
    from dip.warehouse.actions.applying import apply_orders

    call_command("migrate", verbosity=0, interactive=False)
    _load_areas(size.areas)
    halls, sources = _theatres(size)
    world = _programme(size, halls, sources, _productions(size))
    apply_orders(clock.now())  # the dimensions
    return world


def _theatres(size: Size) -> tuple[list[Any], list[int]]:
    from dip.definitions.models import Province
    from dip.programme.models import Hall, Theatre
    from dip.registry.models import Organisation
    from dip.warehouse.models import TicketSource

    halls, sources = [], []
    provinces = list(Province.objects.order_by("pk"))
    for place in range(size.theatres):
        name = f"Zaal {place}"
        owner = Organisation.objects.create(number=100 + place, name=name, roles=["theatre"])
        where = {
            "postcode": f"{size.home_of(place)} AB",
            "city": "Meetdorp",
            "province": provinces[place * len(provinces) // size.theatres],
        }
        theatre = Theatre.objects.create(name=name, organisation=owner, **where)
        halls.append(Hall.objects.create(theatre=theatre, name="Zaal", capacity=800))
        made = TicketSource.objects.create(
            organisation=owner, system="bench", account=str(place), name="Meetkassa", made_at=_LONG_AGO
        )
        sources.append(made.pk)
    return halls, sources


def _productions(size: Size) -> list[list[int]]:
    from dip.definitions.models import Genre
    from dip.programme.models import Production
    from dip.registry.models import Organisation

    owners = [
        Organisation.objects.create(number=1_000 + place, name=f"De Meetlat {place}", roles=["producer"])
        for place in range(_PRODUCERS)
    ]
    genres = list(Genre.objects.order_by("id"))
    return [
        [
            one.pk
            for one in Production.objects.bulk_create(
                Production(
                    dip_id=f"NL-{year % 100}-{1_000 + place % _PRODUCERS:05d}-{place:05d}",
                    title=f"Meten {year}, {place}",
                    season_year=year,
                    producer=owners[place % _PRODUCERS],
                    genre=genres[place % len(genres)],
                )
                for place in range(size.productions)
            )
        ]
        for year in size.years
    ]


def _programme(size: Size, halls: list[Any], sources: list[int], productions: list[list[int]]) -> World:
    """Performances; when each was changed lies in the past, a second apart, as in a sector that entered them one by one."""
    from django.db import connection

    from dip.programme.models import Performance

    billed, numbers, days = size.bills(), [], []
    for made, year in zip(productions, size.years, strict=True):
        first = date(year, 9, 1)
        after = np.sort(np.random.default_rng([3, year]).integers(0, 300, billed.shape))
        rows = (
            _performance(halls[place], made[billed[place, evening]], first + timedelta(days=int(after[place, evening])))
            for place in range(size.theatres)
            for evening in range(size.evenings)
        )
        numbers.append([one.pk for one in Performance.objects.bulk_create(rows, batch_size=4_000)])
        days.append(after + (first - date(1970, 1, 1)).days)
        say(f"the programme of {year} is there")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programme_performance SET changed_at = %s + number * interval '1 second'", [_LONG_AGO - timedelta(days=30)]
        )
        cursor.execute("VACUUM ANALYZE")
    grid = np.array(numbers, np.int64).reshape(size.seasons, *billed.shape)
    return World(size, sources, grid.transpose(1, 0, 2).copy(), np.stack(days, axis=1))


def _performance(hall: Any, production: int, day: date) -> Any:
    from dip.programme.models import Performance

    return Performance(
        production_id=production, theatre_id=hall.theatre_id, hall=hall, starts_at=datetime(day.year, day.month, day.day, 19, tzinfo=UTC),
        performance_date=day, capacity_by_rank=[800], capacity=800, status="published", published_at=_LONG_AGO,
    )  # fmt: skip


def _load_areas(many: int) -> None:
    """Invented areas in a grid, a province in the order of the rows."""
    from dip.definitions.actions.geo import load_areas
    from dip.definitions.models import Province
    from dip.kernel import clock

    names = list(Province.objects.order_by("pk").values_list("name", flat=True))
    chance = np.random.default_rng(4)
    people = chance.integers(500, 9_000, many)
    with tempfile.TemporaryDirectory() as folder:
        lines = ["pc4,plaats,gemeente,provincie,inwoners,lat,lon,km2"]
        ages = ["postcode," + ",".join([*(f"{year}-{year + 4}" for year in range(0, 95, 5)), "95+"])]
        houses, towns = ["pc4,woz,urb"], ["gemeente,inwoners,lat,lon,km2"]
        for place in range(many):
            town, lat, lon = f"Meetdorp {place // _TOWN}", 51 + place // 64 * 0.04, 4 + place % 64 * 0.04
            lines.append(f"{FIRST_PC4 + place},{town},{town},{names[place * len(names) // many]},{people[place]},{lat},{lon},6")
            ages.append(f"{FIRST_PC4 + place}," + ",".join(map(str, chance.integers(10, 400, 20).tolist())))
            houses.append(f"{FIRST_PC4 + place},{chance.integers(180, 600)},{1 + place % 5}")
            if place % _TOWN == 0:
                towns.append(f"{town},{people[place : place + _TOWN].sum()},{lat},{lon},72")
        for name, rows in (("pc4", lines), ("pc4_age", ages), ("pc4_woz_urban", houses), ("gemeenten", towns)):
            (Path(folder) / f"{name}.csv").write_text("\n".join(rows) + "\n")
        load_areas(Path(folder), at=clock.now())


def stream(world: World, seasons: Iterable[int]) -> None:
    """The tickets of these seasons into the facts, in the order that a sorted season has."""
    from django.conf import settings

    from dip.warehouse.store.tickets.facts import open_tickets
    from dip.warehouse.store.tickets.makers import FACTS

    listed = ", ".join("0 AS batch" if name == "batch" else name for name in FACTS)
    sizes = world.size.of_theatres()
    with open_tickets(Path(settings.WAREHOUSE_HOME)) as facts:
        run = facts.connection.execute
        for season in seasons:
            facts.make_season(season)
            for first in range(0, len(sizes), _AT_ONCE):
                parts = [
                    tickets_of(world, place, season, count)
                    for place, count in enumerate(sizes[first : first + _AT_ONCE], start=first)
                ]
                facts.connection.register("made", {name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
                run(f"INSERT INTO ticket_{season} SELECT {listed} FROM made")
                facts.connection.unregister("made")
            run(
                "INSERT INTO spread SELECT DISTINCT d.theatre, d.season_year, s.source FROM dim_performance AS d "
                "INNER JOIN dim_theatre AS h ON h.id = d.theatre INNER JOIN dim_source AS s ON s.organisation = h.organisation "
                f"WHERE d.season_year = {season} EXCEPT SELECT * FROM spread"
            )
            facts.touch(f"SELECT theatre, season_year FROM spread WHERE season_year = {season}")
            run("CHECKPOINT")
            say(f"the tickets of {season} are in the facts")


def publish() -> tuple[float, int]:
    """Every shelf that waits, and the nation's. (Seconds, shelves of theatres.)"""
    from django.conf import settings

    from dip.kernel import clock
    from dip.warehouse.actions.applying import apply_orders
    from dip.warehouse.store.tickets.making import publish_national

    began = time.perf_counter()
    done = apply_orders(clock.now())
    publish_national(Path(settings.WAREHOUSE_HOME))
    return round(time.perf_counter() - began, 1), done.shelves if done else 0

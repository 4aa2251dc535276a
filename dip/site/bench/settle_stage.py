"""Makes a season of agreements in an empty database, pushes nights of positions, and times what recalculates them; answers in JSON.

Run by :mod:`dip.site.bench.settle` with a database of its own.
"""

import json
import statistics
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from dip.site.bench.settle_season import SeasonAgreement, season

_BODY = 2_000
_DOCUMENTS = 25
_REASON = "the bench owns every row"


def build(count: int) -> dict[str, Any]:
    """Migrate the empty database of ``DATABASE_URL`` and fill it; the two parties and the performances' numbers."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from dip.kernel.clock import now
    from dip.registry.models import Organisation

    at = now()
    producer = Organisation.objects.create(number=123, name="De Meetlat", roles=["producer"])
    house = Organisation.objects.create(number=456, name="De Stopwatch", roles=["theatre"])
    agreements = list(season(count))
    numbers = _performances(agreements, producer, house, at)
    _agreements(agreements, numbers, producer, at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has done long before, on a platform in use
    return {"producer": producer, "house": house, "agreements": agreements, "numbers": numbers}


def _performances(agreements: list[SeasonAgreement], producer: Any, house: Any, at: datetime) -> list[list[int]]:
    """Numbers per agreement, of performances in halls of the house, one production per sixty agreements."""
    from dip.definitions.models import Genre
    from dip.kernel.clock import local
    from dip.programme.models import Hall, Performance, Production, Theatre

    theatre = Theatre.objects.create(name="De Stopwatch", city="Meetdorp", organisation=house)
    halls = {
        seats: Hall.objects.create(theatre=theatre, name=f"Zaal {seats}", capacity=seats) for seats in {a.seats for a in agreements}
    }
    genre = Genre.objects.order_by("id")[0]
    given = {"season_year": 2026, "producer": producer, "genre": genre}
    productions = Production.objects.bulk_create(
        Production(dip_id=f"NL-26-00123-{n:05d}", title=f"Meten {n}", **given) for n in range(1 + len(agreements) // 60)
    )
    rows = []
    for place, one in enumerate(agreements):
        for night, _ in enumerate(one.evenings):
            starts_at = at + timedelta(days=20 + place % 200 + night, hours=place % 5)
            seats = {"capacity_by_rank": [one.seats], "capacity": one.seats, "status": "published", "published_at": at}
            where = {"production": productions[place // 60], "theatre": theatre, "hall": halls[one.seats]}
            rows.append(Performance(starts_at=starts_at, performance_date=local(starts_at).date(), **where, **seats))
    made = iter(Performance.objects.bulk_create(rows, batch_size=5_000))
    return [[next(made).number for _ in one.evenings] for one in agreements]


def _agreements(agreements: list[SeasonAgreement], numbers: list[list[int]], producer: Any, at: datetime) -> None:
    """Approved, each with the version that was proposed and its performances."""
    from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion
    from dip.contracts.rules.values import stored
    from dip.programme.models import Performance

    held = Performance.objects.in_bulk([mine[0] for mine in numbers])
    rows = []
    for place, (one, mine) in enumerate(zip(agreements, numbers, strict=True)):
        first = held[mine[0]]
        day = first.performance_date
        place_of = {"theatre_id": first.theatre_id, "production_id": first.production_id, "first_date": day, "last_date": day}
        parties = {"provider": producer, "producer": producer}
        moments = {"created_at": at, "modified_at": at, "approved_at": at}
        values = {"format": one.format, "terms": stored(one.values), "status": "approved", "version": 1}
        rows.append(Agreement(reference=f"A26-{place + 1:05d}", **place_of, **parties, **moments, **values))
    made = Agreement.objects.bulk_create(rows, batch_size=2_000)
    links = [
        AgreementPerformance(agreement=row, performance_id=number, is_binding=True)
        for row, mine in zip(made, numbers, strict=True)
        for number in mine
    ]
    AgreementPerformance.objects.bulk_create(links, batch_size=5_000)
    versions = (
        _version(AgreementVersion, row, [held.get(number) for number in mine], at) for row, mine in zip(made, numbers, strict=True)
    )
    AgreementVersion.objects.bulk_create(list(versions), batch_size=2_000)


def _version(kind: Any, row: Any, performances: list[Any], at: datetime) -> Any:
    told = [
        {
            "number": one.number,
            "date": one.performance_date.isoformat(),
            "starts_at": one.starts_at.isoformat(),
            "hall": "Zaal",
            "capacity_by_rank": one.capacity_by_rank,
        }
        for one in performances
        if one is not None
    ]
    return kind(
        agreement=row, number=1, format=row.format, terms=row.terms, performances=told, proposed_at=at, proposed_by="Meetkassa"
    )


def a_night(stage: dict[str, Any], turn: int) -> None:
    """Push a position of every performance through the ordinary way in; sales rise every night."""
    from dip.kernel.clock import now
    from dip.registry.terms import Access, Door, Level, Module, Role
    from dip.ticketing.actions import accept_positions
    from dip.ticketing.terms import Measure, PositionRow

    house, at = stage["house"], now()
    access = Access(house.pk, house.name, Role.THEATRE, dict.fromkeys(Module, Level.APPROVE), door=Door.JOB, actor="Meetkassa")
    rows = []
    for one, mine in zip(stage["agreements"], stage["numbers"], strict=True):
        for evening, number in zip(one.evenings, mine, strict=True):
            cents = evening.recette_cents + turn * 2_500
            rows.append(PositionRow(number, (evening.tickets + turn, 0, 4, 0, cents, 0, 0, 0), at))
    for start in range(0, len(rows), _BODY):
        body = rows[start : start + _BODY]
        accept_positions(access=access, at=at, measure=Measure.TICKETS, rows=body, source="Meetkassa")


def measure(count: int, rounds: int) -> dict[str, Any]:
    """Seconds of each recalculation after a night, by the clock and on the processor; and documents a second."""
    stage = build(count)
    from dip.contracts.actions import outlooks
    from dip.contracts.models import Outlook
    from dip.kernel.clock import now

    spent: list[dict[str, float]] = []
    for turn in range(rounds + 1):
        a_night(stage, turn)
        wall, cpu = time.perf_counter(), time.process_time()
        written = outlooks.recalculate_changed(at=now())
        spent.append({"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu})
        if written != count:
            raise RuntimeError(f"{written} of {count} agreements were recalculated")
        _say(f"night {turn} of {rounds}: {written:,} agreements in {spent[-1]['seconds']:.1f} s")
    if Outlook.objects.across_tenants(_REASON).count() != count:
        raise RuntimeError("an agreement has no outlook")
    middle = {name: statistics.median(row[name] for row in spent[1:]) for name in spent[0]}
    performances = sum(len(mine) for mine in stage["numbers"])
    return {"agreements": count, "performances": performances, **middle, "documents": _documents(stage)}


def _documents(stage: dict[str, Any]) -> dict[str, Any]:
    """Sealed PDFs of agreements a second, one process; says so when there is nothing to make them with."""
    try:
        from dip.contracts.actions.documents import agreement_document
        from dip.contracts.models import Agreement
    except ImportError as error:
        _say(f"documents are not measured: {error}")
        return {"measured": False, "why": str(error)}
    from dip.kernel.clock import now
    from dip.registry.terms import Access, Door, Level, Module, Role

    producer = stage["producer"]
    access = Access(
        producer.pk, producer.name, Role.PRODUCER, dict.fromkeys(Module, Level.APPROVE), door=Door.PAGE, actor="Meetlat"
    )
    keys = list(Agreement.objects.across_tenants(_REASON).order_by("pk").values_list("pk", flat=True)[: _DOCUMENTS + 1])
    started, size = 0.0, 0
    for place, key in enumerate(keys):
        if place == 1:  # the first makes the key and reads the fonts
            started = time.perf_counter()
        made = agreement_document(access=access, at=now(), agreement_id=key, language="nl")
        size = len(made.content) if made else 0
    seconds = time.perf_counter() - started
    return {"measured": True, "count": len(keys) - 1, "pdfs_per_second": round((len(keys) - 1) / seconds, 1), "bytes": size}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))

"""Makes the sector and the history of the apply bench, and measures; prints one JSON object. Run with its own DIP_HOME and database."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dip.site.bench.audience_tickets import EVENINGS, SEASONS, THEATRES, World, batch_of, tickets_of

ROWS, CORRECTED = 10_000, 1_000
_ALONE = 12
_WHY = "a bench makes its own sector"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def build() -> World:
    """Migrate the empty database and make the sector."""
    from django.core.management import call_command

    from dip.kernel import clock
    from dip.warehouse.actions.applying import apply_orders

    call_command("migrate", verbosity=0, interactive=False)
    world = _sector()
    apply_orders(clock.now())  # the dimensions
    return world


def _sector() -> World:
    from dip.definitions.models import Genre
    from dip.kernel import clock
    from dip.programme.models import Hall, Performance, Production, Theatre
    from dip.registry.models import Organisation
    from dip.warehouse.models import TicketSource

    at = clock.now()
    producer = Organisation.objects.create(number=1, name="De Meetlat", roles=["producer"])
    genre = Genre.objects.order_by("id")[0]
    productions = [
        Production.objects.create(
            dip_id=f"NL-{year % 100}-00001-00001", title=f"Meten {year}", season_year=year, producer=producer, genre=genre
        )
        for year in SEASONS
    ]
    sources, planned = [], []
    for place in range(THEATRES):
        owner = Organisation.objects.create(number=100 + place, name=f"Zaal {place}", roles=["theatre"])
        theatre = Theatre.objects.create(name=f"Zaal {place}", city="Meetdorp", organisation=owner)
        hall = Hall.objects.create(theatre=theatre, name="Zaal", capacity=800)
        source = TicketSource.objects.create(organisation=owner, system="bench", account=str(place), name="Meetkassa", made_at=at)
        sources.append(source.pk)
        where = {
            "theatre": theatre,
            "hall": hall,
            "capacity_by_rank": [800],
            "capacity": 800,
            "status": "published",
            "published_at": at,
        }
        for production in productions:
            first = date(production.season_year, 9, 1)
            days = [first + timedelta(days=9 * evening) for evening in range(EVENINGS)]
            planned += [Performance(production=production, starts_at=at, performance_date=day, **where) for day in days]
    made = Performance.objects.bulk_create(planned, batch_size=5_000)
    numbers = np.array([one.number for one in made], np.int64).reshape(THEATRES, len(SEASONS), EVENINGS)
    return World(sources, numbers)


def stream(world: World, each: int, seasons: Iterable[int]) -> None:
    """So many tickets of every theatre in each of these seasons into the facts, in the order that a sorted season has."""
    from django.conf import settings

    from dip.warehouse.store.tickets.facts import open_tickets
    from dip.warehouse.store.tickets.makers import FACTS

    listed = ", ".join("0 AS batch" if name == "batch" else name for name in FACTS)
    with open_tickets(Path(settings.WAREHOUSE_HOME)) as facts:
        run = facts.connection.execute
        for season in seasons:
            facts.make_season(season)
            for first in range(0, THEATRES, 50):
                parts = [tickets_of(world, place, season, each) for place in range(first, first + 50)]
                facts.connection.register("made", {name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
                run(f"INSERT INTO ticket_{season} SELECT {listed} FROM made")
                facts.connection.unregister("made")
            _say(f"season {season} is in")
        run(
            "INSERT INTO spread SELECT DISTINCT d.theatre, d.season_year, s.source FROM dim_performance AS d "
            "INNER JOIN dim_theatre AS h ON h.id = d.theatre INNER JOIN dim_source AS s ON s.organisation = h.organisation "
            "EXCEPT SELECT * FROM spread"
        )
        run("CHECKPOINT")


class Sender:
    """Lands batches as the door does once rows are judged: the file, then the receipt."""

    def __init__(self, world: World, each: int) -> None:
        from dip.warehouse.models import TicketSource

        self.world, self.each, self.turn = world, each, 0
        self.sources = TicketSource.objects.across_tenants(_WHY).in_bulk(world.sources)

    def columns(self) -> tuple[int, dict[str, "np.ndarray"]]:
        """(Place of the theatre, rows) of the next batch; the theatres take turns."""
        place = self.turn % THEATRES
        self.turn += 1
        history = tickets_of(self.world, place, SEASONS[-1], self.each)
        return place, batch_of(self.world, place, history, ROWS, min(CORRECTED, self.each), self.turn)

    def land(self, place: int, columns: dict[str, "np.ndarray"]) -> None:
        """The file and its receipt."""
        from django.conf import settings

        from dip.kernel import clock
        from dip.warehouse.models import LandedBatch
        from dip.warehouse.store import landing

        source = self.world.sources[place]
        file = landing.write(Path(settings.WAREHOUSE_HOME), source, columns)
        counts = {"row_count": ROWS, "accepted_count": ROWS, "rejected_count": 0}
        performances = [int(one) for one in np.unique(columns["performance"])]
        LandedBatch.objects.create(
            source=self.sources[source], delivery_id=f"b-{self.turn}", digest="", file=file, performances=performances,
            received_at=clock.now(), **counts,
        )  # fmt: skip


def measure(world: World, history: int, peer: int, batches: int) -> dict[str, Any]:
    """The figures: one batch at a time, then one a second with the applier in another process, then the peer."""
    each = history // (THEATRES * len(SEASONS))
    sender = Sender(world, each)
    _say(f"streaming {history:,} tickets into the facts")
    stream(world, each, SEASONS[-1:])
    tenth = _alone(sender)
    stream(world, each, SEASONS[:-1])
    alone = _alone(sender) | {"merge_p50_seconds_at_a_tenth": tenth["merge_p50_seconds"]}
    _say("one batch a second")
    streamed = _stream(sender, world, each, batches)
    _say("the peer")
    return {"history": history, "rows_of_a_batch": ROWS, **alone, **streamed, **_peer(sender, peer), **_sizes()}


def _alone(sender: Sender) -> dict[str, float]:
    from django.conf import settings

    from dip.kernel import clock
    from dip.warehouse.actions.applying import apply_orders
    from dip.warehouse.models import LandedBatch
    from dip.warehouse.store.landing import folder_of
    from dip.warehouse.store.tickets.facts import open_tickets
    from dip.warehouse.store.tickets.merging import Landed, merge

    home, merging, whole = Path(settings.WAREHOUSE_HOME), [], []
    with open_tickets(home) as facts:
        for _ in range(_ALONE):
            sender.land(*sender.columns())
            one = LandedBatch.objects.across_tenants(_WHY).order_by("-pk")[0]
            began = time.perf_counter()
            merge(facts, [Landed(one.pk, one.file, folder_of(home) / one.file)])
            merging.append(time.perf_counter() - began)
    apply_orders(clock.now())
    for _ in range(_ALONE):
        sender.land(*sender.columns())
        began = time.perf_counter()
        apply_orders(clock.now())
        whole.append(time.perf_counter() - began)
    return {
        "merge_p50_seconds": _round(statistics.median(merging)),
        "merge_p95_seconds": _round(_p95(merging)),
        "merge_rows_per_second": round(ROWS / statistics.median(merging)),
        "apply_and_publish_with_opening_p50_seconds": _round(statistics.median(whole)),
    }


def _stream(sender: Sender, world: World, each: int, batches: int) -> dict[str, float]:
    from django.conf import settings

    from dip.programme.models import Performance
    from dip.warehouse.store.shelves import lane_folder, read_catalogue

    folder = lane_folder(Path(settings.WAREHOUSE_HOME), "theatre")
    theatre = dict(Performance.objects.filter(number__in=world.performances[:, -1, 0].tolist()).values_list("number", "theatre_id"))
    code = "import django; django.setup(); from dip.kernel import clock; from dip.warehouse.actions.applying import keep_applying; "
    applier = subprocess.Popen([sys.executable, "-c", f"{code}keep_applying(clock.now, seconds={batches + 60}, idle=20)"])
    time.sleep(5)
    waiting: dict[tuple[int, int], tuple[float, str]] = {}
    seconds: list[float] = []
    began = time.monotonic()
    for number in range(batches):
        place, columns = sender.columns()
        pair = (theatre[int(world.performances[place, -1, 0])], SEASONS[-1])
        held = read_catalogue(folder)
        before = held.shelves[pair].folder if held and pair in held.shelves else ""
        _watch(folder, waiting, seconds, until=began + number)
        sender.land(place, columns)
        waiting[pair] = (time.monotonic(), before)
    _watch(folder, waiting, seconds, until=time.monotonic() + 60)
    applier.wait(120)
    return {
        "batches": batches,
        "never_visible": len(waiting),
        "visible_p50_seconds": _round(statistics.median(seconds)),
        "visible_p95_seconds": _round(_p95(seconds)),
    }


def _watch(folder: Path, waiting: dict[tuple[int, int], tuple[float, str]], seconds: list[float], until: float) -> None:
    """Look at the manifest until then, and note what has become visible."""
    from dip.warehouse.store.shelves import open_shelves

    shelves = open_shelves(folder.parent.parent)
    while True:
        catalogue = shelves.catalogue()
        for pair in [pair for pair, (_, before) in waiting.items() if catalogue and _folder(catalogue, pair) != before]:
            seconds.append(time.monotonic() - waiting.pop(pair)[0])
        left = until - time.monotonic()
        if left <= 0 or (not waiting and left > 2):
            return
        time.sleep(min(0.02, left))


def _folder(catalogue: Any, pair: tuple[int, int]) -> str:
    return catalogue.shelves[pair].folder if pair in catalogue.shelves else ""


def _peer(sender: Sender, rows: int) -> dict[str, float]:
    """COPY into a temporary table and an upsert that lets the newest version win, durable, on a table with ``rows`` tickets."""
    from django.db import connection

    from dip.warehouse.rules.landed import COLUMNS

    names = ", ".join(COLUMNS)
    kinds = ", ".join(f"{name} {'smallint' if name == 'source' else 'bigint'}" for name in COLUMNS)
    moved = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
    taken = []
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_peer ({kinds}, PRIMARY KEY (source, ticket))")
        each = rows // THEATRES
        for place in range(THEATRES):
            _copy(cursor, "bench_peer", names, tickets_of(sender.world, place, SEASONS[-1], each))
        cursor.execute("ANALYZE bench_peer")
        for _ in range(_ALONE):
            place = sender.turn % THEATRES
            sender.turn += 1
            held = tickets_of(sender.world, place, SEASONS[-1], each)
            columns = batch_of(sender.world, place, held, ROWS, CORRECTED, sender.turn)
            began = time.perf_counter()
            cursor.execute("BEGIN")
            cursor.execute("CREATE TEMP TABLE came (LIKE bench_peer) ON COMMIT DROP")
            _copy(cursor, "came", names, columns)
            cursor.execute(
                f"INSERT INTO bench_peer SELECT * FROM came ON CONFLICT (source, ticket) DO UPDATE SET {moved} "
                "WHERE excluded.version > bench_peer.version"
            )
            cursor.execute("COMMIT")
            taken.append(time.perf_counter() - began)
    return {
        "postgres_history": rows,
        "postgres_p50_seconds": _round(statistics.median(taken)),
        "postgres_rows_per_second": round(ROWS / statistics.median(taken)),
    }


def _copy(cursor: Any, table: str, names: str, columns: dict[str, "np.ndarray"]) -> None:
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    order = ", ".join(columns)
    with cursor.copy(f"COPY {table} ({order}) FROM STDIN") as target:
        target.write("".join("\t".join(map(str, row)) + "\n" for row in rows))


def _sizes() -> dict[str, int]:
    from django.conf import settings

    home = Path(settings.WAREHOUSE_HOME)
    return {"facts_bytes": (home / "tickets.duckdb").stat().st_size}


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def _round(value: float) -> float:
    return round(value, 3)


if __name__ == "__main__":
    import django

    django.setup()
    size, table, count = map(int, sys.argv[1:4])
    print(json.dumps(measure(build(), size, table, count)))

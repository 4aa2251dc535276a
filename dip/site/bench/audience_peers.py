"""The same tickets of the newest season in raw tables: DuckDB in one file, PostgreSQL with the indexes that the questions want.

The raw statements do less than the questions: no rules for figures about people, no stages or tastes, no nation beside them.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dip.registry.terms import Access
from dip.site.bench.audience_batches import Sender, p95
from dip.site.bench.audience_questions import scopes
from dip.site.bench.audience_tickets import NEWEST, World, tickets_of
from dip.site.bench.audience_world import say
from dip.warehouse.rules.landed import COLUMNS

_KINDS = {np.int16: "smallint", np.int32: "integer", np.int64: "bigint", np.uint8: "smallint", np.uint16: "integer"}
_FROM = "FROM ticket AS t INNER JOIN performance AS p ON p.number = t.performance WHERE t.state = 1 AND {where}"
_BUYERS = (
    f"SELECT visits, age, count(*) FROM (SELECT t.buyer, count(DISTINCT t.performance) AS visits, max(t.birth) AS age {_FROM} "
    "AND t.buyer <> 0 GROUP BY t.buyer) AS b GROUP BY visits, age"
)
_SALES = (
    "SELECT t.kind, t.channel, CASE WHEN p.day - t.sold_hour / 24 > 90 THEN 2 WHEN p.day - t.sold_hour / 24 > 7 THEN 1 ELSE 0 END AS lead, "
    f"count(*), count(DISTINCT t.order_key) {_FROM} GROUP BY 1, 2, 3"
)
_ORIGIN = f"SELECT t.pc4, count(DISTINCT t.buyer), count(*) {_FROM} AND t.buyer <> 0 GROUP BY t.pc4"
_THEIRS = f"t.buyer IN (SELECT DISTINCT t.buyer {_FROM} AND t.buyer <> 0)"
_ALSO = (
    "SELECT q.production, count(DISTINCT t.buyer) FROM ticket AS t INNER JOIN performance AS q ON q.number = t.performance "
    f"WHERE t.state = 1 AND {_THEIRS} GROUP BY q.production ORDER BY 2 DESC LIMIT 50"
)
_PLACES = (
    "SELECT places, count(*) FROM (SELECT t.buyer, count(DISTINCT q.theatre) AS places FROM ticket AS t "
    f"INNER JOIN performance AS q ON q.number = t.performance WHERE t.state = 1 AND {_THEIRS} GROUP BY t.buyer) AS b GROUP BY places"
)
_LIST = f"SELECT p.production, count(DISTINCT t.buyer), count(DISTINCT t.order_key), count(*) {_FROM} GROUP BY p.production"
#: Question → (kind of scope, statements).
RAW: dict[str, tuple[str, tuple[str, ...]]] = {
    "audience of a production": ("production", (_BUYERS, _SALES)),
    "audience of a theatre": ("theatre", (_BUYERS, _SALES)),
    "audience of the nation": ("season", (_BUYERS, _SALES)),
    "list of a provider's productions": ("provider", (_LIST,)),
    "origin of a production by PC4": ("production", (_ORIGIN,)),
    "origin of a theatre by PC4": ("theatre", (_ORIGIN,)),
    "origin of the nation by municipality": ("season", (_ORIGIN,)),
    "underserved areas of a theatre": ("theatre", (_ORIGIN,)),
    "also bought": ("production", (_ALSO,)),
    "overlap of a theatre": ("theatre", (_PLACES,)),
}
Run = Callable[[str], Any]


def _wheres(count: int) -> dict[str, list[str]]:
    """Kind of scope → conditions for the first of the scopes that the questions are asked for."""
    from dip.programme.models import Production

    drawn = scopes(NEWEST, count)
    own = {one.dip_id: one for one in Production.objects.filter(season_year=NEWEST)}
    asked = [own[scope.dip_id] for _, scope in drawn["production"]]

    def of(access: Access) -> str:
        return ", ".join(str(one.pk) for one in own.values() if one.producer_id == access.organisation_id)

    return {
        "production": [f"p.production = {one.pk}" for one in asked],
        "theatre": [f"p.theatre = {scope.theatre_id}" for _, scope in drawn["theatre"]],
        "season": ["TRUE"],
        "provider": [f"p.production IN ({of(access)})" for access, _ in drawn["production"]],
    }


def ask(run: Run, count: int) -> dict[str, dict[str, float]]:
    """Question → median and p95 in seconds over up to ``count`` scopes, each asked once to warm up and once for the clock."""
    found = {}
    wheres = _wheres(count)
    for name, (kind, statements) in RAW.items():
        seconds = []
        for where in wheres[kind]:
            for statement in statements:
                run(statement.format(where=where))
            began = time.perf_counter()
            for statement in statements:
                run(statement.format(where=where))
            seconds.append(time.perf_counter() - began)
        found[name] = {"p50": round(statistics.median(seconds), 4), "p95": round(p95(seconds), 4), "asked": len(seconds)}
    return found


def duckdb_raw(world: World, home: Path, count: int) -> dict[str, dict[str, float]]:
    """The raw questions in DuckDB, the tickets in one table in the order of theatres."""
    from dip.warehouse.store.engine import open_writer

    connection = open_writer(home / "raw.duckdb")
    try:
        for place, tickets in enumerate(world.size.of_theatres()):
            connection.register("made", tickets_of(world, place, NEWEST, tickets))
            connection.execute(("INSERT INTO ticket" if place else "CREATE TABLE ticket AS") + " SELECT * FROM made")
            connection.unregister("made")
        connection.register("made", _performances())
        connection.execute("CREATE TABLE performance AS SELECT * FROM made")
        connection.execute("CHECKPOINT")
        return ask(lambda statement: connection.execute(statement).fetchall(), count)
    finally:
        connection.close()


def _performances() -> dict[str, "np.ndarray"]:
    from datetime import date

    from dip.programme.models import Performance

    rows = Performance.objects.filter(production__season_year=NEWEST).values_list(
        "number", "theatre_id", "production_id", "performance_date"
    )
    numbers, theatres, productions, days = zip(*rows, strict=True)
    since = [(day - date(1970, 1, 1)).days for day in days]
    return {
        name: np.array(column, np.int64)
        for name, column in zip(("number", "theatre", "production", "day"), (numbers, theatres, productions, since), strict=True)
    }


def load_postgres(world: World, cursor: Any) -> float:
    """The tickets into a durable table with a primary key and the indexes that questions want; seconds."""
    began = time.perf_counter()
    columns = ", ".join(f"{name} {_KINDS[kind]} NOT NULL" for name, kind in COLUMNS.items())
    cursor.execute(f"CREATE TABLE ticket ({columns})")
    for place, tickets in enumerate(world.size.of_theatres()):
        copy(cursor, "ticket", tickets_of(world, place, NEWEST, tickets))
    cursor.execute("ALTER TABLE ticket ADD PRIMARY KEY (source, ticket)")
    cursor.execute("CREATE INDEX ON ticket (performance)")
    cursor.execute("CREATE INDEX ON ticket (buyer)")
    cursor.execute("CREATE TABLE performance (number integer PRIMARY KEY, theatre integer, production integer, day integer)")
    copy(cursor, "performance", _performances())
    cursor.execute("CREATE INDEX ON performance (production)")
    cursor.execute("CREATE INDEX ON performance (theatre)")
    cursor.execute("VACUUM ANALYZE ticket, performance")
    say("PostgreSQL has the same tickets")
    return round(time.perf_counter() - began, 1)


def copy(cursor: Any, table: str, columns: dict[str, "np.ndarray"]) -> None:
    """Columns into a table, in the text format of COPY."""
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as target:
        target.write("".join("\t".join(map(str, row)) + "\n" for row in rows))


def upsert(sender: Sender, cursor: Any, count: int) -> dict[str, float]:
    """COPY into a temporary table and an upsert that lets the newest version win, in one durable transaction, of the same batches."""
    moved = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in ("source", "ticket"))
    names, taken = ", ".join(COLUMNS), []
    for _ in range(count):
        _, columns = sender.columns()
        cursor.execute("BEGIN")
        cursor.execute("CREATE TEMP TABLE came (LIKE ticket) ON COMMIT DROP")
        began = time.perf_counter()
        copy(cursor, "came", columns)
        cursor.execute(
            f"INSERT INTO ticket ({names}) SELECT {names} FROM came ON CONFLICT (source, ticket) DO UPDATE SET {moved} "
            "WHERE excluded.version > ticket.version"
        )
        cursor.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    return {
        "upsert_p50_seconds": round(statistics.median(taken), 3),
        "upsert_rows_per_second": round(sender.rows / statistics.median(taken)),
    }


def postgres(world: World, sender: Sender, count: int, batches: int) -> dict[str, Any]:
    """Raw questions and batches in PostgreSQL, in the bench's own database (embedded, ``fsync`` on)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA bench_peer")
        cursor.execute("SET search_path TO bench_peer, public")
        found: dict[str, Any] = {"load_seconds": load_postgres(world, cursor)}
        cursor.execute("SHOW fsync")
        found["fsync"] = cursor.fetchone()[0]
        found["questions"] = ask(lambda statement: _fetched(cursor, statement), count)
        found |= upsert(sender, cursor, batches)
        cursor.execute("SET search_path TO public")
        cursor.execute("DROP SCHEMA bench_peer CASCADE")
    return found


def _fetched(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement.replace("%", "%%"))
    rows: list[Any] = cursor.fetchall()
    return rows

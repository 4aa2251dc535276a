"""The facts: closing states per performance, measure and sales day, and the dimensions, in one file with one writer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from dip.warehouse.store.engine import open_writer

#: Changed when the tables below change; facts of another version are thrown away and read again.
VERSION = 2

POSITION_COLUMNS = {
    "position": "BIGINT",
    "performance": "INTEGER",
    "measure": "UTINYINT",
    "sales_date": "DATE",
    "sold": "INTEGER",
    "free": "INTEGER",
    "recette_cents": "BIGINT",
    "seats": "INTEGER",
    "true_at": "DECIMAL(18,6)",
    "known_at": "DECIMAL(18,6)",
}
DIMENSIONS = {
    "dim_performance": {
        "number": "INTEGER",
        "production": "INTEGER",
        "theatre": "INTEGER",
        "hall": "INTEGER",
        "performance_date": "DATE",
        "status": "VARCHAR",
        "is_private": "BOOLEAN",
        "capacity": "INTEGER",
        "season_year": "SMALLINT",
    },
    "dim_production": {"id": "INTEGER", "genre": "INTEGER", "producer": "INTEGER", "agency": "INTEGER", "taste": "UTINYINT"},
    "dim_party": {"organisation": "INTEGER", "production": "INTEGER"},
    "dim_theatre": {
        "id": "INTEGER",
        "holding": "INTEGER",
        "organisation": "INTEGER",
        "province": "INTEGER",
        "is_national": "BOOLEAN",
        "is_coupled": "BOOLEAN",
    },
    "dim_hall": {"id": "INTEGER", "capacity": "INTEGER"},
}
#: Which performances a changed row of a dimension touches.
_REACH = {
    "dim_performance": "SELECT number, season_year FROM changed",
    "dim_production": "SELECT p.number, p.season_year FROM changed c JOIN dim_performance p ON p.production = c.id",
    "dim_party": "SELECT p.number, p.season_year FROM changed c JOIN dim_performance p ON p.production = c.production",
    "dim_theatre": "SELECT p.number, p.season_year FROM changed c JOIN dim_performance p ON p.theatre = c.id",
    "dim_hall": "SELECT p.number, p.season_year FROM changed c JOIN dim_performance p ON p.hall = c.id",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the facts have read, kept with them so that both move together.

    ``txid``: everything written by older transactions is in. ``until_txid`` and ``position_id`` are set while a reading is under
    way: it goes on after ``position_id`` when it was broken off.
    """

    txid: int = 0
    until_txid: int | None = None
    position_id: int = 0
    changed_at: str = ""
    """Newest change of a performance that was read."""
    dims_date: str = ""
    """Day of the last full reading of the dimensions."""
    identity: str = ""
    """Of the database that was read, see :class:`dip.warehouse.models.Watermark`."""


class HoldsDimensions(Protocol):
    """Facts of any kind that keep a copy of the programme's dimensions."""

    def mark(self) -> Mark:
        """How far the dimensions were read."""

    def move(self, **changes: Any) -> Mark:
        """Set fields of the mark."""

    def replace_dimension(self, name: str, file: Path, *, is_complete: bool) -> int:
        """Take a CSV of a dimension; how many rows are new, changed or gone."""


class Facts:
    """The open facts file. Only inside :func:`open_facts`."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._prepare()

    def _prepare(self) -> None:
        run = self.connection.execute
        run("CREATE TABLE IF NOT EXISTS meta (name VARCHAR PRIMARY KEY, value VARCHAR)")
        found = run("SELECT value FROM meta WHERE name = 'version'").fetchone()
        if found is None or found[0] != str(VERSION):
            self.clear()

    def clear(self) -> None:
        """Throw everything away: the next pull starts from the beginning."""
        run = self.connection.execute
        run("BEGIN")
        for name, columns in {"closing": POSITION_COLUMNS, **DIMENSIONS}.items():
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            run(f"CREATE OR REPLACE TABLE {name} ({listed})")
        run("CREATE OR REPLACE TABLE touched (performance INTEGER)")
        run("CREATE OR REPLACE TABLE touched_season (season_year SMALLINT)")
        run("DELETE FROM meta")
        run("INSERT INTO meta VALUES ('version', $1)", [str(VERSION)])
        run("COMMIT")

    def mark(self) -> Mark:
        """How far the facts have read."""
        found = self.connection.execute("SELECT value FROM meta WHERE name = 'mark'").fetchone()
        return Mark(**json.loads(found[0])) if found else Mark()

    def move(self, **changes: Any) -> Mark:
        """Set fields of the mark. Joins an open transaction."""
        mark = replace(self.mark(), **changes)
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('mark', $1)", [json.dumps(asdict(mark))])
        return mark

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        run = self.connection.execute
        run("BEGIN")
        try:
            yield run
        except BaseException:
            run("ROLLBACK")
            raise
        run("COMMIT")

    def merge_positions(self, file: Path, *, until_txid: int, position_id: int) -> int:
        """Merge a CSV of positions into the closing states and move the mark to ``position_id``; how many states changed.

        Of one performance, measure and sales day the newest state wins (true, then known, then written), so a file may come twice.
        """
        run = self.connection.execute
        run(
            f"CREATE OR REPLACE TEMP TABLE batch AS SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER ({_NEWEST}) AS place "
            f"FROM {csv_source(file, POSITION_COLUMNS)}) AS r WHERE place = 1"
        )
        with self._transaction():
            run(
                f"DELETE FROM batch AS b USING closing AS c WHERE {_SAME} "
                "AND (c.true_at, c.known_at, c.position) >= (b.true_at, b.known_at, b.position)"
            )
            run(f"DELETE FROM closing AS c USING batch AS b WHERE {_SAME}")
            run("INSERT INTO closing SELECT * FROM batch")
            run("INSERT INTO touched SELECT DISTINCT performance FROM batch EXCEPT SELECT performance FROM touched")
            self.move(until_txid=until_txid, position_id=position_id)
        count: int = run("SELECT count(*) FROM batch").fetchone()[0]
        return count

    def replace_dimension(self, name: str, file: Path, *, is_complete: bool) -> int:
        """Take a CSV of a dimension; how many rows are new, changed or gone. ``is_complete``: rows that are not in it are gone.

        Seasons of the performances behind changed rows are marked for publication, as they were and as they are.
        """
        run = self.connection.execute
        key = next(iter(DIMENSIONS[name]))
        run(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM {csv_source(file, DIMENSIONS[name])}")
        gone = f"SELECT * FROM {name}" if is_complete else f"SELECT * FROM {name} WHERE {key} IN (SELECT {key} FROM fresh)"
        run(
            f"CREATE OR REPLACE TEMP TABLE changed AS (({gone}) EXCEPT SELECT * FROM fresh) "
            f"UNION ALL (SELECT * FROM fresh EXCEPT SELECT * FROM {name})"
        )
        count: int = run("SELECT count(*) FROM changed").fetchone()[0]
        if not count:
            return 0
        with self._transaction():
            touch = f"INSERT INTO touched_season SELECT DISTINCT season_year FROM ({_REACH[name]}) AS r"
            run(touch)
            run(f"DELETE FROM {name}" if is_complete else f"DELETE FROM {name} WHERE {key} IN (SELECT {key} FROM fresh)")
            run(f"INSERT INTO {name} SELECT * FROM fresh")
            run(touch)
        return count

    def season_years(self) -> list[int]:
        """Seasons with performances, oldest first."""
        rows = self.connection.execute("SELECT DISTINCT season_year FROM dim_performance WHERE status <> 'concept' ORDER BY 1")
        return [row[0] for row in rows.fetchall()]

    def touched_seasons(self) -> set[int]:
        """Seasons with something that is not published yet."""
        rows = self.connection.execute(
            "SELECT season_year FROM touched_season UNION "
            "SELECT p.season_year FROM touched t JOIN dim_performance p ON p.number = t.performance"
        )
        return {row[0] for row in rows.fetchall()}

    def seasons_open_since(self, day: date) -> set[int]:
        """Seasons with performances on or after ``day``: a new sales day closes for them."""
        rows = self.connection.execute(
            "SELECT DISTINCT season_year FROM dim_performance WHERE performance_date >= $1 AND status <> 'concept'", [day]
        )
        return {row[0] for row in rows.fetchall()}

    def forget_touched(self) -> None:
        """Everything is published."""
        with self._transaction() as run:
            run("DELETE FROM touched")
            run("DELETE FROM touched_season")


_NEWEST = "PARTITION BY performance, measure, sales_date ORDER BY true_at DESC, known_at DESC, position DESC"
_SAME = "c.performance = b.performance AND c.measure = b.measure AND c.sales_date = b.sales_date"


def csv_source(file: Path, columns: dict[str, str]) -> str:
    """The file as something to select from."""
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    path = str(file).replace("'", "''")
    return (
        f"read_csv('{path}', header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{listed}}})"
    )


@contextmanager
def open_facts(home: Path) -> Iterator[Facts]:
    """The facts under ``home``, open for writing; one process at a time (the caller holds the lock)."""
    connection = open_writer(home / "facts.duckdb")
    try:
        yield Facts(connection)
    finally:
        connection.close()

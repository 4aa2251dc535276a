"""The facts of tickets: the newest version of each, a table per season, in a file with one writer.

Rows lie in (source, ticket) order, without key or index: a batch comes from one source, so only that source's blocks are read. Season 0
has the tickets that no performance of the programme is known for. Beside them, moved by the same transactions: which batches are in,
which (theatre, season) pairs wait to be published, and the dimensions.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dip.warehouse.store.engine import open_writer
from dip.warehouse.store.facts import DIMENSIONS, Mark, csv_source
from dip.warehouse.store.tickets.makers import FACTS

#: Changed when the tables below change; facts of another version are thrown away and made anew from the landed files.
VERSION = 2
FILE = "tickets.duckdb"
#: Tickets without a performance that the programme knows: no theatre, no season.
NOWHERE = (0, 0)
Pair = tuple[int, int]
"""(theatre, first year of the season)"""
_TABLES = {
    "applied": "batch INTEGER, file VARCHAR, conflicts INTEGER",
    "touched": "theatre INTEGER, season_year SMALLINT, turn BIGINT",
    "spread": "theatre INTEGER, season_year SMALLINT, source SMALLINT",
    "season": "season_year SMALLINT, tail BIGINT",
    "renamed": "before BIGINT, buyer BIGINT, is_done BOOLEAN",
    "dim_source": "source SMALLINT, organisation INTEGER",
}
#: Columns of a performance that the marts do not look at.
_UNREAD = {"dim_performance": "hall, capacity", "dim_theatre": "is_coupled"}
#: Which pairs a changed row of a dimension touches.
_REACH = {
    "dim_performance": "SELECT theatre, season_year FROM changed",
    "dim_production": "SELECT p.theatre, p.season_year FROM changed c JOIN dim_performance p ON p.production = c.id",
    "dim_theatre": "SELECT p.theatre, p.season_year FROM changed c JOIN dim_performance p ON p.theatre = c.id",
}


class TicketFacts:
    """The open facts. Only inside :func:`open_tickets`."""

    def __init__(self, connection: Any, home: Path) -> None:
        self.connection, self.home = connection, home
        run = connection.execute
        run("CREATE TABLE IF NOT EXISTS meta (name VARCHAR, value VARCHAR)")
        if self._meta("version") != str(VERSION):
            self.clear()

    def clear(self) -> None:
        """Throw everything away: every landed file is to be applied again."""
        run = self.connection.execute
        kept = self.seasons() if self._meta("version") == str(VERSION) else []
        with self.transaction():
            for season in kept:
                run(f"DROP TABLE ticket_{season}")
            for name, columns in _TABLES.items():
                run(f"CREATE OR REPLACE TABLE {name} ({columns})")
            for name, kinds in DIMENSIONS.items():
                run(f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in kinds.items())})")
            run("DELETE FROM meta")
            self._set_meta("version", str(VERSION))
            self._set_meta("rebuilding", "yes")
        self.checkpoint()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """All or nothing; gives ``execute``."""
        run = self.connection.execute
        run("BEGIN")
        try:
            yield run
        except BaseException:
            run("ROLLBACK")
            raise
        run("COMMIT")

    def checkpoint(self) -> None:
        """Bring the file up to date and empty its log: what was deleted is in neither, but for blocks that are free again."""
        self.connection.execute("CHECKPOINT")

    def _meta(self, name: str) -> str | None:
        found = self.connection.execute("SELECT value FROM meta WHERE name = $1", [name]).fetchone()
        return found[0] if found else None

    def _set_meta(self, name: str, value: str) -> None:
        self.connection.execute("DELETE FROM meta WHERE name = $1", [name])
        self.connection.execute("INSERT INTO meta VALUES ($1, $2)", [name, value])

    def mark(self) -> Mark:
        """How far the dimensions were read, and of which database."""
        found = self._meta("mark")
        return Mark(**json.loads(found)) if found else Mark()

    def move(self, **changes: Any) -> Mark:
        """Set fields of the mark."""
        mark = replace(self.mark(), **changes)
        self._set_meta("mark", json.dumps(asdict(mark)))
        return mark

    def seasons(self) -> list[int]:
        """Seasons that have a table, oldest first; 0 is first."""
        return [row[0] for row in self.connection.execute("SELECT season_year FROM season ORDER BY 1").fetchall()]

    def make_season(self, season: int) -> None:
        """A table for ``season`` when it has none. Joins an open transaction."""
        if season not in self.seasons():
            columns = ", ".join(f"{name} {kind}" for name, kind in FACTS.items())
            self.connection.execute(f"CREATE TABLE ticket_{season} ({columns})")
            self.connection.execute("INSERT INTO season VALUES ($1, 0)", [season])

    def applied(self, batches: Iterable[int]) -> dict[tuple[int, str], int]:
        """(Batch, file) of those that are in → its tickets of which another batch told the same version otherwise."""
        rows = self.connection.execute("SELECT batch, file, conflicts FROM applied WHERE list_contains($1, batch)", [list(batches)])
        return {(batch, file): conflicts for batch, file, conflicts in rows.fetchall()}

    def newest_batch(self) -> int | None:
        """The newest batch that is in."""
        found: tuple[int | None] = self.connection.execute("SELECT max(batch) FROM applied").fetchone()
        return found[0]

    @property
    def is_rebuilding(self) -> bool:
        """Whether landed files are still missing that were in before: nothing is published until they are."""
        return self._meta("rebuilding") == "yes"

    def finish_rebuilding(self) -> None:
        """Every landed file is in again."""
        self._set_meta("rebuilding", "no")

    @property
    def have_dimensions_moved(self) -> bool:
        """Whether the dimensions changed since they were published."""
        return self._meta("dimensions") != "published"

    def note_dimensions(self, *, are_published: bool) -> None:
        """The dimensions changed, or were published."""
        self._set_meta("dimensions", "published" if are_published else "moved")

    def held_pairs(self) -> set[Pair]:
        """Pairs that have, or had, tickets."""
        return set(self.connection.execute("SELECT DISTINCT theatre, season_year FROM spread").fetchall())

    def knows(self, performances: Iterable[int]) -> bool:
        """Whether the dimensions have all of these."""
        numbers = list(set(performances))
        found = self.connection.execute("SELECT count(*) FROM dim_performance WHERE list_contains($1, number)", [numbers])
        return bool(found.fetchone()[0] == len(numbers))

    def replace_sources(self, sources: Iterable[tuple[int, int]]) -> None:
        """(Source, organisation) of every source."""
        rows = list(sources)
        held = self.connection.execute("SELECT source, organisation FROM dim_source ORDER BY 1").fetchall()
        if sorted(rows) == held:
            return
        with self.transaction() as run:
            run("DELETE FROM dim_source")
            run("INSERT INTO dim_source SELECT unnest($1), unnest($2)", [[row[0] for row in rows], [row[1] for row in rows]])
            self.touch(f"SELECT {NOWHERE[0]} AS theatre, {NOWHERE[1]} AS season_year")

    def replace_dimension(self, name: str, file: Path, *, is_complete: bool) -> int:
        """Take a CSV of a dimension; how many rows are new, changed or gone. ``is_complete``: rows that are not in it are gone.

        Tickets of performances that moved to another season move with them; the pairs behind changed rows are to be published.
        """
        if name not in _REACH:
            return 0
        run = self.connection.execute
        key = next(iter(DIMENSIONS[name]))
        run(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM {csv_source(file, DIMENSIONS[name])}")
        gone = f"SELECT * FROM {name}" if is_complete else f"SELECT * FROM {name} WHERE {key} IN (SELECT {key} FROM fresh)"
        unread = f"EXCLUDE ({_UNREAD[name]})" if name in _UNREAD else ""
        run(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT * {unread} FROM (({gone}) EXCEPT SELECT * FROM fresh) "
            f"UNION ALL SELECT * {unread} FROM (SELECT * FROM fresh EXCEPT SELECT * FROM {name})"
        )
        count: int = run("SELECT count(*) FROM changed").fetchone()[0]
        if not count:
            return 0
        with self.transaction():
            if name == "dim_performance":
                self._move_tickets(is_complete=is_complete)
            self.touch(_REACH[name])
            run(f"DELETE FROM {name}" if is_complete else f"DELETE FROM {name} WHERE {key} IN (SELECT {key} FROM fresh)")
            run(f"INSERT INTO {name} SELECT * FROM fresh")
            self.touch(_REACH[name])
            self.note_dimensions(are_published=False)
        return count

    def _move_tickets(self, *, is_complete: bool) -> None:
        """Carry tickets into the season that their performance has now; 0 when the programme no longer knows it."""
        run = self.connection.execute
        join = "FULL JOIN" if is_complete else "RIGHT JOIN"
        run(
            "CREATE OR REPLACE TEMP TABLE moved AS SELECT coalesce(d.number, f.number) AS number, coalesce(d.season_year, 0) AS was, "
            "coalesce(f.season_year, 0) AS season_year, coalesce(d.theatre, 0) AS theatre_was, coalesce(f.theatre, 0) AS theatre "
            f"FROM dim_performance AS d {join} fresh AS f ON f.number = d.number "
            "WHERE d.season_year IS DISTINCT FROM f.season_year OR d.theatre IS DISTINCT FROM f.theatre"
        )
        columns = ", ".join(f"t.{name}" for name in FACTS)
        for was in set(self.seasons()) & {row[0] for row in run("SELECT DISTINCT was FROM moved").fetchall()}:
            run(
                f"CREATE OR REPLACE TEMP TABLE carried AS SELECT {columns}, m.theatre, m.season_year, m.theatre_was, m.was "
                f"FROM ticket_{was} AS t INNER JOIN moved AS m ON m.number = t.performance AND m.was = {was}"
            )
            run("INSERT INTO spread SELECT DISTINCT theatre, season_year, source FROM carried EXCEPT SELECT * FROM spread")
            self.touch("SELECT theatre, season_year FROM carried UNION SELECT theatre_was, was FROM carried")
            for (season,) in run("SELECT DISTINCT season_year FROM carried WHERE season_year <> was").fetchall():
                self.make_season(season)
                run(
                    f"INSERT INTO ticket_{season} SELECT {columns} FROM carried AS t WHERE season_year = {season} ORDER BY source, ticket"
                )
            run(
                f"DELETE FROM ticket_{was} WHERE performance IN (SELECT number FROM moved WHERE was = {was} AND season_year <> was)"
            )

    def touch(self, query: str) -> None:
        """These (theatre, season) pairs, and the later seasons of the theatres, are to be published. Joins an open transaction."""
        self.connection.execute(
            f"INSERT INTO touched SELECT s.theatre, s.season_year, coalesce((SELECT max(turn) FROM touched), 0) + 1 "
            f"FROM (SELECT DISTINCT theatre, season_year FROM spread) AS s INNER JOIN "
            f"(SELECT theatre, min(season_year) AS since FROM ({query}) AS q GROUP BY theatre) AS q "
            "ON q.theatre = s.theatre AND s.season_year >= q.since "
            "WHERE (s.theatre, s.season_year) NOT IN (SELECT (theatre, season_year) FROM touched)"
        )

    def touched(self) -> list[tuple[int, int, int]]:
        """(Theatre, season, turn) of the pairs to be published; a lower turn has waited longer."""
        rows: list[tuple[int, int, int]] = self.connection.execute(
            "SELECT theatre, season_year, turn FROM touched ORDER BY ALL"
        ).fetchall()
        return rows

    def forget_touched(self, pairs: Iterable[Pair]) -> None:
        """These are published."""
        rows = list(pairs)
        self.connection.execute(
            "DELETE FROM touched WHERE (theatre, season_year) IN (SELECT (unnest($1::INTEGER[]), unnest($2::SMALLINT[])))",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )


@contextmanager
def open_tickets(home: Path) -> Iterator[TicketFacts]:
    """The facts under ``home``, open for writing; one process at a time (the caller holds the lock)."""
    connection = open_writer(home / FILE)
    try:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("SET checkpoint_threshold = '64MB'")
        yield TicketFacts(connection, home)
    finally:
        connection.close()

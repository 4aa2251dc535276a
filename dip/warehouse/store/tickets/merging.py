"""Merging landed files into the facts: of every ticket the newest version stays, whatever the order in which files come.

Of equal versions the one of the batch that came first stays, so a second application, a repeat in another delivery and a rebuild all
end in the same rows. A file that was rewritten replaces what its own batch gave.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dip.warehouse.rules.landed import OF_BUYER
from dip.warehouse.store.tickets.facts import TicketFacts
from dip.warehouse.store.tickets.makers import FACTS


@dataclass(frozen=True, slots=True)
class Landed:
    """A batch to be merged: its number, its file's name as the receipt has it, and where that file is."""

    batch: int
    file: str
    path: Path


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows that are new or newer, and per batch the tickets of which another batch told the same version with another content."""

    rows: int
    conflicts: Mapping[int, int]


_COLUMNS = ", ".join(FACTS)
_ORDER = "PARTITION BY source, ticket ORDER BY version DESC, batch, content"
#: What the facts hold of the tickets that came; which of those the batch replaces.
_HELD = "season SMALLINT, place BIGINT, source SMALLINT, ticket BIGINT, performance INTEGER, version BIGINT, batch INTEGER, content BIGINT"
#: Per batch, the tickets of which another row or batch told the same version with another content.
_CONFLICTS = (
    "SELECT batch, count(*) FROM (SELECT a.batch FROM came AS a INNER JOIN stage AS s ON s.source = a.source AND s.ticket = a.ticket "
    "AND s.version = a.version WHERE a.content <> s.content UNION ALL SELECT s.batch FROM stage AS s INNER JOIN held AS h "
    "ON h.source = s.source AND h.ticket = s.ticket AND h.version = s.version WHERE h.content <> s.content AND h.batch <> s.batch) AS c "
    "GROUP BY batch"
)
_STAYS = "h.version > s.version OR (h.version = s.version AND h.batch < s.batch)"


def merge(facts: TicketFacts, landed: Sequence[Landed]) -> Merged:
    """Merge the files, in one transaction with the memory that they are in and with the pairs they touch."""
    run = facts.connection.execute
    with facts.transaction():
        _read(facts, landed)
        merged = _merge_what_came(facts)
        numbers = [one.batch for one in landed]
        run("DELETE FROM applied WHERE list_contains($1, batch)", [numbers])
        told = [merged.conflicts.get(number, 0) for number in numbers]
        run("INSERT INTO applied SELECT unnest($1), unnest($2), unnest($3)", [numbers, [one.file for one in landed], told])
    return merged


def _read(facts: TicketFacts, landed: Sequence[Landed], only: str = "") -> None:
    """``came``: the rows of the files."""
    run = facts.connection.execute
    listed = " UNION ALL ".join(
        f"SELECT *, {one.batch}::INTEGER AS batch FROM read_parquet('{str(one.path).replace(chr(39), chr(39) * 2)}')"
        for one in landed
    )
    run(f"CREATE OR REPLACE TEMP TABLE came AS SELECT {_COLUMNS} FROM ({listed}) AS l {only}")


def _merge_what_came(facts: TicketFacts) -> Merged:
    run = facts.connection.execute
    _stage(facts)
    _look_up(facts)
    conflicts = run(_CONFLICTS).fetchall()
    run(f"DELETE FROM stage AS s USING held AS h WHERE h.source = s.source AND h.ticket = s.ticket AND ({_STAYS})")
    run("DELETE FROM held AS h WHERE NOT EXISTS (SELECT 1 FROM stage AS s WHERE s.source = h.source AND s.ticket = h.ticket)")
    _take_out(facts)
    return Merged(_put_in(facts), dict(conflicts))


def _stage(facts: TicketFacts) -> None:
    """``stage``: the newest version of every ticket that came, with its buyer's newest pseudonym."""
    run = facts.connection.execute
    run(
        f"CREATE OR REPLACE TEMP TABLE stage AS SELECT {_COLUMNS} FROM "
        f"(SELECT *, row_number() OVER ({_ORDER}) AS place FROM came) AS r WHERE place = 1"
    )
    run(
        "INSERT INTO renamed SELECT buyer_before, min(buyer), FALSE FROM came WHERE buyer_before <> 0 AND buyer <> 0 "
        "AND buyer_before <> buyer AND buyer_before NOT IN (SELECT before FROM renamed) GROUP BY buyer_before"
    )
    run("UPDATE renamed SET buyer = r.buyer, is_done = FALSE FROM renamed AS r WHERE r.before = renamed.buyer")
    run("UPDATE stage SET buyer = r.buyer FROM renamed AS r WHERE r.before = stage.buyer AND stage.buyer <> 0")


def _look_up(facts: TicketFacts) -> None:
    """``held``: the tickets of the stage in all seasons, with their places; only blocks of their sources and range are read."""
    run = facts.connection.execute
    run(f"CREATE OR REPLACE TEMP TABLE held ({_HELD})")
    ranges = run("SELECT source, min(ticket), max(ticket) FROM stage GROUP BY source").fetchall()
    for season in facts.seasons():
        for source, low, high in ranges:
            run(
                f"INSERT INTO held SELECT {season}, t.rowid, t.source, t.ticket, t.performance, t.version, t.batch, t.content "
                f"FROM ticket_{season} AS t INNER JOIN (SELECT ticket FROM stage WHERE source = {source}) AS s ON s.ticket = t.ticket "
                f"WHERE t.source = {source} AND t.ticket BETWEEN {low} AND {high}"
            )


def _take_out(facts: TicketFacts) -> None:
    """Delete what the stage replaces."""
    run = facts.connection.execute
    for season, low, high in run("SELECT season, min(place), max(place) FROM held GROUP BY season").fetchall():
        run(
            f"DELETE FROM ticket_{season} WHERE rowid BETWEEN {low} AND {high} "
            f"AND rowid IN (SELECT place FROM held WHERE season = {season})"
        )
    facts.touch(
        "SELECT coalesce(d.theatre, 0) AS theatre, h.season AS season_year FROM held AS h "
        "LEFT JOIN dim_performance AS d ON d.number = h.performance"
    )


def _put_in(facts: TicketFacts) -> int:
    """Insert the stage, each ticket in the season of its performance; how many."""
    run = facts.connection.execute
    run(
        "CREATE OR REPLACE TEMP TABLE placed AS SELECT s.*, coalesce(d.theatre, 0) AS theatre, coalesce(d.season_year, 0) AS season_year "
        "FROM stage AS s LEFT JOIN dim_performance AS d ON d.number = s.performance"
    )
    total = 0
    for season, count in run("SELECT season_year, count(*) FROM placed GROUP BY season_year ORDER BY 1").fetchall():
        facts.make_season(season)
        run(f"INSERT INTO ticket_{season} SELECT {_COLUMNS} FROM placed WHERE season_year = {season} ORDER BY source, ticket")
        run("UPDATE season SET tail = tail + $1 WHERE season_year = $2", [count, season])
        total += count
    run("INSERT INTO spread SELECT DISTINCT theatre, season_year, source FROM placed EXCEPT SELECT * FROM spread")
    facts.touch("SELECT DISTINCT theatre, season_year FROM placed")
    return total


#: Rows out of order from which a season is sorted anew, and the share of the season that they must be.
TAIL, TAIL_SHARE = 2_000_000, 0.2


def sort_seasons(facts: TicketFacts, *, tail: int = TAIL, share: float = TAIL_SHARE) -> list[int]:
    """Sort anew the seasons whose rows lie too far out of (source, ticket) order; which they were. Takes seconds a million rows."""
    run = facts.connection.execute
    done = []
    for season, rows in run("SELECT season_year, tail FROM season WHERE tail >= $1", [tail]).fetchall():
        if rows < share * run(f"SELECT count(*) FROM ticket_{season}").fetchone()[0]:
            continue
        with facts.transaction():
            run(f"CREATE TABLE sorted AS SELECT * FROM ticket_{season} ORDER BY source, ticket")
            run(f"DROP TABLE ticket_{season}")
            run(f"ALTER TABLE sorted RENAME TO ticket_{season}")
            run("UPDATE season SET tail = 0 WHERE season_year = $1", [season])
        run("CHECKPOINT")
        done.append(season)
    return done


def rename_buyers(facts: TicketFacts) -> int:
    """Give tickets of before a rotation of the keys the buyer's new pseudonym; how many buyers. Reads every season once."""
    run = facts.connection.execute
    waiting: int = run("SELECT count(*) FROM renamed WHERE NOT is_done").fetchone()[0]
    if waiting:
        with facts.transaction():
            for season in facts.seasons():
                match = f"FROM renamed AS r WHERE NOT r.is_done AND r.before = ticket_{season}.buyer AND ticket_{season}.buyer <> 0"
                _touch_where(facts, season, "t.buyer IN (SELECT before FROM renamed WHERE NOT is_done)")
                run(f"UPDATE ticket_{season} SET buyer = r.buyer {match}")
            run("UPDATE renamed SET is_done = TRUE")
    return waiting


def remove_performance(facts: TicketFacts, performance: int, landed: Sequence[Landed]) -> int:
    """Take the tickets of a performance out; how many. They become what ``landed``, the files that are left, say of them, if anything.

    So the facts are what they would be had nothing been told of the performance: as after a rebuild.
    """
    run = facts.connection.execute
    where = f"t.performance = {int(performance)}"
    with facts.transaction():
        run("CREATE OR REPLACE TEMP TABLE gone (source SMALLINT, ticket BIGINT)")
        for season in facts.seasons():
            run(f"INSERT INTO gone SELECT source, ticket FROM ticket_{season} AS t WHERE {where}")
            _touch_where(facts, season, where)
            run(f"DELETE FROM ticket_{season} AS t WHERE {where}")
        count: int = run("SELECT count(*) FROM gone").fetchone()[0]
        if count and landed:
            _read(facts, landed, "WHERE (source, ticket) IN (SELECT (source, ticket) FROM gone)")
            _merge_what_came(facts)
    return count


def sources_of(facts: TicketFacts, performance: int) -> set[int]:
    """Sources that have told of tickets in the theatre and season of a performance, or of tickets without one."""
    rows = facts.connection.execute(
        "SELECT DISTINCT s.source FROM spread AS s LEFT JOIN dim_performance AS d ON d.number = $1 "
        "WHERE s.theatre = 0 OR (s.theatre = d.theatre AND s.season_year = d.season_year)",
        [performance],
    )
    return {row[0] for row in rows.fetchall()}


def erase_buyer(facts: TicketFacts, buyers: Collection[int], sources: Collection[int]) -> int:
    """Make the tickets of a buyer (every pseudonym it has had) nobody's, at those sources; how many."""
    listed = ", ".join(str(int(one)) for one in buyers)
    theirs = f"(t.buyer IN ({listed}) OR t.buyer_before IN ({listed}))"
    cleared = ", ".join(f"{name} = 0" for name in OF_BUYER)
    count = _change_where(facts, f"{theirs} AND {_of(sources)}", f"UPDATE {{table}} AS t SET {cleared} WHERE {{where}}")
    run = facts.connection.execute
    if not any(run(f"SELECT 1 FROM ticket_{season} AS t WHERE {theirs} LIMIT 1").fetchone() for season in facts.seasons()):
        run(f"DELETE FROM renamed WHERE before IN ({listed}) OR buyer IN ({listed})")
    return count


def pseudonyms_of(facts: TicketFacts, buyer: int) -> set[int]:
    """``buyer`` and the pseudonyms it had before and since a rotation of the keys."""
    rows = facts.connection.execute("SELECT before, buyer FROM renamed WHERE $1 IN (before, buyer)", [buyer]).fetchall()
    return {buyer, *(one for row in rows for one in row)}


def _of(sources: Collection[int]) -> str:
    return f"t.source IN ({', '.join(str(int(one)) for one in sources) or 'NULL'})"


def _change_where(facts: TicketFacts, where: str, statement: str) -> int:
    run = facts.connection.execute
    total = 0
    with facts.transaction():
        for season in facts.seasons():
            count = run(f"SELECT count(*) FROM ticket_{season} AS t WHERE {where}").fetchone()[0]
            if count:
                _touch_where(facts, season, where)
                run(statement.format(table=f"ticket_{season}", where=where))
                total += count
    return total


def _touch_where(facts: TicketFacts, season: int, where: str) -> None:
    facts.touch(
        f"SELECT DISTINCT coalesce(d.theatre, 0) AS theatre, {season} AS season_year FROM ticket_{season} AS t "
        f"LEFT JOIN dim_performance AS d ON d.number = t.performance WHERE {where}"
    )

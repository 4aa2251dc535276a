"""Making shelves: the marts of a theatre in a season from the facts, those of a season in the nation from published shelves."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from dip.warehouse.store.engine import open_writer
from dip.warehouse.store.shelves import (
    DIMENSION_NAMES,
    Catalogue,
    Shelf,
    dimension_files,
    files_of,
    finish_folder,
    has_files,
    lane_folder,
    new_folder,
    quoted,
    read_catalogue,
    swap_catalogue,
    write_file,
    write_made_from,
)
from dip.warehouse.store.tickets.facts import NOWHERE, Pair, TicketFacts
from dip.warehouse.store.tickets.makers import (
    BESIDE,
    FACTS,
    NATIONAL,
    SEEN,
    SEEN_COLUMNS,
    THEATRE,
    UNMATCHED,
    make_of,
    mart_sql,
)

#: Pairs in one chunk, and seconds after which it ends early: so much is made before the manifest moves on, and is lost by a kill.
CHUNK, CHUNK_SECONDS = 16, 2.0
_PUBLISHED = tuple(name for name, rows in THEATRE.items() if rows)


def publish_chunk(facts: TicketFacts, home: Path, true_at: datetime, *, version: str, is_whole: bool, most: int = CHUNK) -> int:
    """Make the shelves of some pairs that wait, and swap the manifest; how many pairs. What fails before leaves them waiting.

    ``home``: the warehouse's folder. ``is_whole``: no landed file waits, so ``true_at`` holds, and shelves of pairs that the facts do not
    know are taken down. The theatre that has waited longest goes first, then those with the fewest tickets.
    """
    folder, make = lane_folder(home, "theatre"), make_of("theatre")
    old = read_catalogue(folder) or Catalogue("", true_at, "")
    if old.make != make:
        with facts.transaction():
            facts.touch("SELECT theatre, season_year FROM spread")
    waiting = facts.touched()
    if is_whole:
        waiting += [(*pair, 0) for pair in old.shelves.keys() - facts.held_pairs()]
    pairs = next_pairs(waiting, {pair: shelf.tickets for pair, shelf in old.shelves.items()}, most)
    dimensions, shelves = old.dimensions, dict(old.shelves)
    if facts.have_dimensions_moved or not dimensions:
        dimensions = _write_dimensions(facts, folder, version)
    done: list[Pair] = []
    ends = monotonic() + CHUNK_SECONDS
    for pair in pairs:
        if done and monotonic() > ends:
            break
        done.append(pair)
        made = _make_unmatched(facts, folder) if pair == NOWHERE else _make_theatre(facts, folder, pair, shelves)
        if made.tickets:
            shelves[pair] = made
        else:
            shelves.pop(pair, None)
    swap_catalogue(folder, Catalogue(version, true_at if is_whole else old.true_at, make, shelves, dimensions))
    facts.forget_touched(done)
    facts.note_dimensions(are_published=True)
    return len(done)


def next_pairs(touched: Sequence[tuple[int, int, int]], tickets: Mapping[Pair, int], most: int) -> list[Pair]:
    """The pairs of the next chunk: theatre by theatre, seasons in their order (each reads what was seen in the one before)."""
    if not touched:
        return []
    first = min(touched, key=lambda row: row[2])[0]
    sizes: dict[int, int] = {}
    for theatre, season, _ in touched:
        sizes[theatre] = sizes.get(theatre, 0) + tickets.get((theatre, season), 0)
    order = sorted(sizes, key=lambda theatre: (theatre != first, sizes[theatre], theatre))
    rank = {theatre: place for place, theatre in enumerate(order)}
    return [(theatre, season) for theatre, season, _ in sorted(touched, key=lambda row: (rank[row[0]], row[1]))[:most]]


def _write_dimensions(facts: TicketFacts, folder: Path, version: str) -> str:
    made = new_folder(folder, f"dimensions-{version}")
    for name in DIMENSION_NAMES:
        write_file(facts.connection, made, name, f"SELECT * FROM {name} ORDER BY 1", 122_880)
    finish_folder(made)
    return made.name


def _make_theatre(facts: TicketFacts, folder: Path, pair: Pair, shelves: Mapping[Pair, Shelf]) -> Shelf:
    run, (theatre, season) = facts.connection.execute, pair
    run("CREATE OR REPLACE TEMP TABLE run AS SELECT $1::INTEGER AS theatre, $2::SMALLINT AS season_year", [theatre, season])
    sources = [
        row[0] for row in run("SELECT source FROM spread WHERE theatre = $1 AND season_year = $2", [theatre, season]).fetchall()
    ]
    beside = "d.theatre, d.season_year, d.production, p.genre, d.performance_date"
    there = season in facts.seasons() and bool(sources)
    if there:
        run(
            f"CREATE OR REPLACE TEMP TABLE ticket AS SELECT t.*, {beside} FROM ticket_{season} AS t "
            "INNER JOIN dim_performance AS d ON d.number = t.performance LEFT JOIN dim_production AS p ON p.id = d.production "
            f"WHERE t.source IN ({', '.join(map(str, sources))}) AND d.theatre = {theatre} AND d.season_year = {season}"
        )
    else:
        run(f"CREATE OR REPLACE TEMP TABLE ticket ({', '.join(f'{name} {kind}' for name, kind in {**FACTS, **BESIDE}.items())})")
    tickets: int = run("SELECT count(*) FROM ticket").fetchone()[0]
    if not tickets:
        return Shelf("", 0)
    columns = ", ".join(f"{name} {kind}" for name, kind in SEEN_COLUMNS.items())
    run(f"CREATE OR REPLACE TEMP TABLE seen_before ({columns})")
    before = max((year for held, year in shelves if held == theatre and year < season), default=None)
    if before is not None:
        path = quoted(folder / "parts" / shelves[theatre, before].folder / f"{SEEN}.parquet")
        run(f"INSERT INTO seen_before SELECT {', '.join(SEEN_COLUMNS)} FROM read_parquet('{path}')")
    made = new_folder(folder, f"{theatre}-{season}")
    _run_lane(facts.connection, made, THEATRE)
    return Shelf(made.name, tickets)


def _make_unmatched(facts: TicketFacts, folder: Path) -> Shelf:
    run = facts.connection.execute
    if NOWHERE[1] not in facts.seasons():
        return Shelf("", 0)
    run(f"CREATE OR REPLACE TEMP TABLE ticket AS SELECT * FROM ticket_{NOWHERE[1]}")
    tickets: int = run("SELECT count(*) FROM ticket").fetchone()[0]
    if not tickets:
        return Shelf("", 0)
    made = new_folder(folder, "unmatched")
    _run_lane(facts.connection, made, UNMATCHED)
    return Shelf(made.name, tickets)


def _run_lane(connection: Any, folder: Path, marts: Mapping[str, int]) -> None:
    read = _read_later(tuple(marts))
    for name, rows_per_group in marts.items():
        if name in read:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {mart_sql(name)}")
        if rows_per_group:
            write_file(connection, folder, name, f"SELECT * FROM {name}" if name in read else mart_sql(name), rows_per_group)
    for name in read:
        connection.execute(f"DROP TABLE {name}")
    finish_folder(folder)


@cache
def _read_later(marts: tuple[str, ...]) -> frozenset[str]:
    """Those that a later one reads: they are tables for a moment. The others go straight to their files."""
    words = [set(re.findall(r"\w+", mart_sql(name))) for name in marts]
    return frozenset(name for place, name in enumerate(marts) if any(name in read for read in words[place + 1 :]))


def publish_national(home: Path) -> list[int]:
    """Make the shelves of the seasons that changed since theirs was made, from published shelves only; which seasons. The slow lane."""
    source, target = (lane_folder(home, lane) for lane in ("theatre", "national"))
    read = read_catalogue(source)
    if read is None or not NATIONAL:
        return []
    old, make = read_catalogue(target), make_of("national")
    is_same = old is not None and old.make == make
    inputs = _all_inputs(read)
    shelves = dict(old.shelves) if old else {}
    held = dict(old.inputs) if old and is_same else {}
    done = []
    for season, made_from in inputs.items():
        if held.get(season) == made_from or not _is_ready(source, read, season):
            continue
        shelves[0, season] = _make_national(source, target, read, season)
        held[season] = made_from
        kept = {pair: shelf for pair, shelf in shelves.items() if pair[1] in inputs}
        swap_catalogue(
            target, Catalogue(read.version, read.true_at, make, kept, "", {year: held[year] for year in held if year in inputs})
        )
        done.append(season)
    if old is not None and not done and old.inputs.keys() - inputs.keys():
        kept = {pair: shelf for pair, shelf in shelves.items() if pair[1] in inputs}
        swap_catalogue(
            target, Catalogue(read.version, read.true_at, make, kept, "", {year: held[year] for year in held if year in inputs})
        )
    return done


def is_national_fresh(home: Path) -> bool:
    """Whether every national shelf was made from what is published now, or there is none to be made."""
    read, held = (read_catalogue(lane_folder(home, lane)) for lane in ("theatre", "national"))
    if read is None or not NATIONAL:
        return True
    return held is not None and held.make == make_of("national") and held.inputs == _all_inputs(read)


def _all_inputs(read: Catalogue) -> dict[int, str]:
    return {season: _inputs(read, season) for season in sorted({pair[1] for pair in read.shelves if pair[0]})}


def _inputs(catalogue: Catalogue, season: int) -> str:
    import hashlib

    names = sorted(shelf.folder for pair, shelf in catalogue.shelves.items() if pair[1] == season and pair[0])
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def _is_ready(source: Path, read: Catalogue, season: int) -> bool:
    """Whether every shelf of the season has what the slow lane reads: after an upgrade the fast lane makes them anew first."""
    return all(has_files(source, read, _PUBLISHED, pair) for pair in read.pairs(None, [season]))


def _make_national(source: Path, target: Path, read: Catalogue, season: int) -> Shelf:
    pairs = read.pairs(None, [season])
    target.mkdir(parents=True, exist_ok=True)
    connection = open_writer(target / "scratch.duckdb")
    try:
        run = connection.execute
        run("CREATE OR REPLACE TEMP TABLE run AS SELECT $1::SMALLINT AS season_year", [season])
        for mart in _PUBLISHED:
            run(f"CREATE OR REPLACE TEMP VIEW {mart} AS SELECT * FROM {files_of(source, read, mart, pairs)}")
        for name, file in dimension_files(source, read).items():
            run(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {file}")
        made = new_folder(target, f"{season}")
        write_made_from(made, {pair: read.shelves[pair] for pair in pairs})
        _run_lane(connection, made, NATIONAL)
    finally:
        connection.close()
    return Shelf(made.name, sum(read.shelves[pair].tickets for pair in pairs))

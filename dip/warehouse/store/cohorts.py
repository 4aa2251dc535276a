"""Bands: the comparable performances of every viewer, computed from published curves and published beside them.

A viewer with own performances in a cohort gets rows of its own; all others share those of organisation 0.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.bands import Indices
from dip.warehouse.rules.cohorts import GRID, cohort_seasons
from dip.warehouse.rules.peers import Choice, Field, choose, wider_and_wider
from dip.warehouse.store.published import Manifest, write_part
from dip.warehouse.terms import HallSize, Limits

#: Codes of the size classes in the marts.
SIZES = (HallSize.SMALL, HallSize.MIDDLE, HallSize.LARGE)
#: The viewer without own performances.
NOBODY = 0
_NONE: Indices = np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class _Rows:
    """Columns of the two marts, filled key by key."""

    cohorts: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    bands: dict[str, list[npt.NDArray[Any]]] = field(default_factory=lambda: defaultdict(list))
    looked_at_running: bool = False

    def add(self, organisation: int, genre: int, size: int, choice: Choice) -> None:
        """One viewer's answer for one key."""
        row = {
            "organisation": organisation,
            "genre": genre,
            "size": size,
            "performances": choice.performance_count,
            "theatres": choice.theatre_count,
            "providers": choice.provider_count,
            "seasons": ",".join(str(season) for season in choice.seasons),
            "widened": choice.widened,
            "shown": choice.quantiles is not None,
        }
        for name, value in row.items():
            self.cohorts[name].append(value)
        if choice.quantiles is None:
            return
        for name, value in (("organisation", organisation), ("genre", genre), ("size", size)):
            self.bands[name].append(np.full(len(GRID), value, dtype=np.int32))
        self.bands["days_before"].append(np.array(GRID, dtype=np.int16))
        for name, values in zip(("p10", "p50", "p90"), choice.quantiles, strict=True):
            self.bands[name].append(values.astype(np.float32))


def band_inputs(manifest: Manifest, season: int, *, with_running: bool) -> tuple[str, ...]:
    """The files from which the bands of ``season`` are made."""
    seasons = (*cohort_seasons(season), season) if with_running else cohort_seasons(season)
    return tuple(name for mart in ("curve", "party") for name in manifest.files(mart, seasons))


def publish_bands(
    connection: Any, home: Path, manifest: Manifest, season: int, limits: Limits, version: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Compute and write the bands for performances of ``season`` from the parts of ``manifest``; (mart → part, inputs used)."""
    seasons = [year for year in (*cohort_seasons(season), season) if manifest.files("curve", [year])]
    rows = _Rows()
    owners = _Owners(connection, home, manifest, seasons)
    genres = list(_genres(connection, home, manifest, seasons))
    known = connection.execute("SELECT DISTINCT genre FROM dim_production").fetchall()
    rows.looked_at_running = len(genres) < len(known)  # a genre that is not played yet may begin in this season
    for genre in genres:
        peers_field, productions, holdings = _read_field(connection, home, manifest, seasons, genre)
        if len(peers_field.sizes):
            _fill(rows, genre, season, peers_field, owners.own_rows(productions, holdings), limits)
    parts = {
        "cohort": _write(connection, home, "cohort", season, version, {n: np.array(v) for n, v in rows.cohorts.items()}),
        "band": _write(connection, home, "band", season, version, {n: np.concatenate(v) for n, v in rows.bands.items()}),
    }
    inputs = band_inputs(manifest, season, with_running=rows.looked_at_running)
    return {mart: name for mart, name in parts.items() if name}, inputs


def _fill(rows: _Rows, genre: int, season: int, peers_field: Field, own: dict[int, Indices], limits: Limits) -> None:
    for size in range(len(SIZES)):
        tried = wider_and_wider(peers_field, size, season)
        reached, choice = choose(tried, _NONE, limits)
        rows.add(NOBODY, genre, size, choice)
        furthest = reached
        for organisation, mine in own.items():
            if any(len(peers.places(mine)) for peers in tried[: reached + 1]):
                index, choice = choose(tried, mine, limits)
                rows.add(organisation, genre, size, choice)
                furthest = max(furthest, index)
        before = int((peers_field.seasons[tried[0].rows] < season).sum())
        enough = before >= limits.cohort_min and not tried[0].widened
        rows.looked_at_running |= furthest > 0 or not enough


class _Owners:
    """Which organisations see figures of which productions."""

    def __init__(self, connection: Any, home: Path, manifest: Manifest, seasons: Sequence[int]) -> None:
        files = _listed(home, manifest.files("party", seasons))
        sql = f"SELECT DISTINCT organisation, production FROM read_parquet([{files}]) WHERE side = 'provider'"
        self._pairs = connection.execute(sql).fetchnumpy() if files else {"organisation": _NONE, "production": _NONE}

    def own_rows(self, productions: Indices, theatres: Indices) -> dict[int, Indices]:
        """Organisation → its rows: played in its theatres, or its productions. ``theatres`` are holdings."""
        found: dict[int, set[int]] = defaultdict(set)
        by_production = _grouped(productions)
        for holding, rows in _grouped(theatres).items():
            if holding > 0:
                found[holding].update(rows.tolist())
        for organisation, production in zip(self._pairs["organisation"], self._pairs["production"], strict=True):
            found_rows = by_production.get(int(production))
            if found_rows is not None:
                found[int(organisation)].update(found_rows.tolist())
        return {organisation: np.array(sorted(rows), dtype=np.int64) for organisation, rows in found.items()}


def _grouped(values: Indices) -> dict[int, Indices]:
    order = np.argsort(values, kind="stable")
    keys, starts = np.unique(values[order], return_index=True)
    return {int(key): rows for key, rows in zip(keys, np.split(order, starts[1:]), strict=True)}


def _genres(connection: Any, home: Path, manifest: Manifest, seasons: Sequence[int]) -> Iterator[int]:
    files = _listed(home, manifest.files("curve", seasons))
    if files:
        rows = connection.execute(f"SELECT DISTINCT genre FROM read_parquet([{files}]) WHERE is_played ORDER BY 1").fetchall()
        yield from (row[0] for row in rows)


def _read_field(
    connection: Any, home: Path, manifest: Manifest, seasons: Sequence[int], genre: int
) -> tuple[Field, Indices, Indices]:
    """Played performances of a genre with seats for sale, their productions, and the holdings of their theatres."""
    heads: dict[str, list[npt.NDArray[Any]]] = defaultdict(list)
    fills = []
    for season in seasons:
        source = f"FROM read_parquet([{_listed(home, manifest.files('curve', [season]))}]) WHERE is_played AND genre = $1"
        head = connection.execute(
            f"SELECT production, theatre, producer, office, size, sold, for_sale {source} AND days_before = 0 ORDER BY performance",
            [genre],
        ).fetchnumpy()
        values = connection.execute(f"SELECT fill::FLOAT AS fill {source} ORDER BY performance, days_before DESC", [genre])
        matrix = values.fetchnumpy()["fill"].reshape(-1, len(GRID))
        kept = np.asarray(head["for_sale"]) > 0
        for name, column in head.items():
            heads[name].append(np.asarray(column)[kept])
        heads["season"].append(np.full(int(kept.sum()), season))
        fills.append(np.asarray(matrix)[kept])
    head = {name: np.concatenate(columns) for name, columns in heads.items()}
    dense = {name: np.unique(head[name], return_inverse=True)[1] for name in ("theatre", "producer", "office")}
    peers_field = Field(
        fills=np.concatenate(fills),
        sizes=head["size"].astype(np.int64),
        tickets=np.maximum(head["sold"].astype(np.float64), 0.0),
        theatres=dense["theatre"],
        producers=dense["producer"],
        offices=dense["office"],
        seasons=head["season"].astype(np.int64),
    )
    return peers_field, head["production"].astype(np.int64), head["theatre"].astype(np.int64)


def _write(connection: Any, home: Path, mart: str, season: int, version: str, columns: dict[str, npt.NDArray[Any]]) -> str | None:
    if not columns:
        return None
    connection.register("rows_to_write", columns)
    try:
        query = "SELECT * FROM rows_to_write ORDER BY organisation, genre, size"
        return write_part(connection, home, mart, season, version, query, 20_480)
    finally:
        connection.unregister("rows_to_write")


def _listed(home: Path, names: Sequence[str]) -> str:
    return ", ".join("'" + str(home / "parts" / name).replace("'", "''") + "'" for name in names)

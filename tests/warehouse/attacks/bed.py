"""A generated sector for attacks: theatres, producers, offices and a season of performances; and its editions, made as in earnest."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np

from dip.warehouse.store.disturbance import Secret, prepare
from dip.warehouse.store.trends import Making, publish_market, publish_trend
from dip.warehouse.terms import Limits

LIMITS = Limits(holdings_min=5, dominance_p=0.10, top_one_max=0.50, top_two_max=0.85, quantile_min=8, cohort_min=30)
DIMENSIONS = ("genre", "province", "weekday", "month", "price", "size")
MEASURES = ("tickets", "recette_cents", "for_sale")
SEASON = 2025


@dataclass
class Bed:
    """One row per performance; ``seats`` of a hall are no secret. ``parties``: (organisation, production) beside theatres: who sees all figures of what."""

    rows: dict[str, np.ndarray]
    parties: list[tuple[int, int]]
    limits: Limits = field(default=LIMITS)

    def without(self, keep: np.ndarray) -> "Bed":
        """The same with only the rows of ``keep``."""
        return replace(self, rows={name: column[keep] for name, column in self.rows.items()})


def sector(theatres: int, producers: int, seed: int, genres: int = 6, provinces: int = 12) -> Bed:
    """A season in which every production of every producer tours. Uneven as a sector is: a few genres, provinces and halls hold most,
    theatres lean to some genres, and small tours stay near."""
    chance = np.random.default_rng(seed)
    province = chance.choice(provinces, theatres, p=_uneven(provinces)) + 1
    seats = np.clip(chance.lognormal(5.9, 0.7, theatres), 60, 1800).astype(int)
    leaning = chance.dirichlet(np.full(genres, 0.45), theatres)
    holding = np.where(chance.random(theatres) < 0.9, np.arange(theatres) + 1001, -np.arange(theatres) - 1)
    offices = max(producers // 15, 1)
    office = np.where(chance.random(producers) < 0.4, 5001 + chance.integers(0, offices, producers), 2001 + np.arange(producers))
    rows: dict[str, list] = {name: [] for name in ("theatre", "production", "producer", "office", *DIMENSIONS, *MEASURES, "seats")}
    parties, number = [], 0
    taste = np.clip(chance.normal(0.62, 0.12, theatres), 0.2, 0.95)
    for producer in range(producers):
        genre, home = chance.choice(genres, p=_uneven(genres)), chance.integers(1, provinces + 1)
        for _ in range(1 + chance.poisson(0.8)):
            number += 1
            parties += [(2001 + producer, number)] + ([(int(office[producer]), number)] if office[producer] > 5000 else [])
            length = min(theatres, 2 + int(chance.lognormal(1.9, 1.0)))
            liked = (leaning[:, genre] + 0.01) * np.where(province == home, 6.0 if length < 9 else 1.5, 1.0)
            price, appeal = chance.uniform(900, 4500), chance.normal(0, 0.12)
            for theatre in chance.choice(theatres, length, replace=False, p=liked / liked.sum()):
                for _ in range(1 + chance.poisson(0.5)):
                    free = int(seats[theatre] * chance.uniform(0.92, 1.0))
                    sold = int(free * np.clip(taste[theatre] + appeal + chance.normal(0, 0.12), 0.02, 1))
                    values = {
                        "theatre": holding[theatre], "production": number, "producer": 2001 + producer, "office": office[producer],
                        "genre": genre + 1, "province": province[theatre], "weekday": chance.choice(7, p=_uneven(7)) + 1,
                        "month": chance.choice(12, p=_uneven(12)) + 1, "price": 1 + int(np.searchsorted([1500, 2500, 3500], price)),
                        "size": 1 + int(np.searchsorted([200, 500], seats[theatre], side="right")), "tickets": sold,
                        "recette_cents": int(sold * price), "for_sale": free, "seats": seats[theatre],
                    }  # fmt: skip
                    for name, value in values.items():
                        rows[name].append(value)
    return Bed({name: np.array(column, dtype=np.int64) for name, column in rows.items()}, parties)


def _uneven(count: int) -> np.ndarray:
    weights = 1 / np.arange(1, count + 1) ** 1.1
    return weights / weights.sum()


@dataclass(frozen=True)
class Cell:
    """One published cell: what it is of, what is told, and the rows behind it."""

    dimension: int
    value: int
    genre: int
    is_shown: bool
    told: dict[str, int]
    margin: float

    def rows(self, bed: Bed) -> np.ndarray:
        """Which rows of the bed are in it."""
        inside = np.ones(len(bed.rows["genre"]), dtype=bool)
        if self.dimension:
            inside &= bed.rows[DIMENSIONS[self.dimension]] == self.value
        return inside & (bed.rows["genre"] == self.genre) if self.genre else inside


def editions(bed: Bed, home: Path, key: bytes = b"k" * 32, before: str | None = None) -> tuple[list[Cell], str, dict[str, str]]:
    """All cells of the trends' edition (its provinces are the market's), the part with the factors, and all parts."""
    connection = duckdb.connect(":memory:")
    try:
        _tables(connection, bed)
        making = Making(connection, home, SEASON, f"v{len(list(home.glob('parts/*')))}", bed.limits, False)
        drawn = prepare(
            connection, home, SEASON, making.version, Secret(key, home / "parts" / before if before else None), bed.limits
        )
        parts = publish_market(making) | publish_trend(making)
        path = home / "parts" / parts["trend"]
        names = "dimension, value, genre, shown, tickets, recette_cents, for_sale, performances, margin"
        found = connection.execute(f"SELECT {names} FROM read_parquet('{path}') WHERE stratum = 0").fetchall()
    finally:
        connection.close()
    cells = []
    for dimension, value, genre, shown, tickets, recette, seats, performances, margin in found:
        if dimension and not value:
            continue
        told = {"tickets": tickets, "recette_cents": recette, "for_sale": seats, "performances": performances}
        cells.append(Cell(dimension, value, genre, shown, told if shown else {}, margin))
    return cells, drawn, parts


def _tables(connection: duckdb.DuckDBPyConnection, bed: Bed) -> None:
    run = connection.execute
    connection.register("played", bed.rows)
    codes = "genre, province, theatre, production, producer, office, weekday, month, price, size"
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in MEASURES)
    run(
        f"CREATE TEMP TABLE trend_row AS SELECT {codes}, TRUE AS is_closed, count(*) AS performances, count(*) AS coupled, {sums} "
        f"FROM played GROUP BY {codes}"
    )
    run("CREATE TEMP TABLE performance AS SELECT theatre, province, genre, office, for_sale AS agreed FROM played")
    run("CREATE TEMP TABLE dim_party (organisation INTEGER, production INTEGER)")
    connection.executemany("INSERT INTO dim_party VALUES ($1, $2)", bed.parties)
    lead = ", ".join(f"{name} BIGINT" for name in ("performance", *codes.split(", "), "performance_date"))
    run(f"CREATE TEMP TABLE lead_performance ({lead})")
    run("CREATE TEMP TABLE lead_state (performance BIGINT, days BIGINT, sold DOUBLE)")

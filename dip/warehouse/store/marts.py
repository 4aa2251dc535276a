"""Running the marts: one SQL file each under ``marts/``, in this order, over the facts of one season."""

from datetime import date
from pathlib import Path
from typing import Any

from dip.warehouse.rules.cohorts import GRID
from dip.warehouse.store.published import write_part

FOLDER = Path(__file__).resolve().parent.parent / "marts"
#: Tables in the order in which they need each other → rows per group of the published file, 0 when it is not published.
TABLES = {
    "performance": 0,
    "state": 0,
    "party": 122_880,
    "curve": 122_880,
    "tour": 61_440,
    "production_curve": 20_480,
    "cell": 122_880,
    "own_day": 20_480,
}
PUBLISHED = tuple(name for name, rows in TABLES.items() if rows)


def mart_sql(name: str) -> str:
    """The statement of a mart, its header included."""
    return (FOLDER / f"{name}.sql").read_text()


def publish_season(connection: Any, home: Path, season: int, today: date, version: str) -> dict[str, str]:
    """Compute all marts of ``season`` from the facts, as on the sales day ``today``, and write them; mart → part."""
    run = connection.execute
    run("CREATE OR REPLACE TEMP TABLE run (season_year SMALLINT, today DATE)")
    run("INSERT INTO run VALUES ($1, $2)", [season, today])
    run("CREATE OR REPLACE TEMP TABLE grid (days SMALLINT)")
    run("INSERT INTO grid SELECT unnest($1)", [list(GRID)])
    parts = {}
    for name, rows_per_group in TABLES.items():
        run(f"CREATE OR REPLACE TEMP TABLE {name} AS {mart_sql(name)}")
        if rows_per_group:
            parts[name] = write_part(connection, home, name, season, version, f"SELECT * FROM {name}", rows_per_group)
    for name in ("run", "grid", *TABLES):
        run(f"DROP TABLE {name}")
    return parts

"""Running the marts: one SQL file each under ``marts/``, in this order, over the facts of one season."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from dip.kernel.periods import season_period
from dip.warehouse.rules.cohorts import GRID
from dip.warehouse.rules.editions import closed_until
from dip.warehouse.store.disturbance import Secret, prepare
from dip.warehouse.store.published import write_part
from dip.warehouse.store.trends import Making, publish_market, publish_trend
from dip.warehouse.terms import Limits

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
#: Editions → the parts that they publish.
EDITIONS = {"market": ("market",), "trend": ("trend", "trend_spread", "trend_row", "lead", "lead_spread", "lead_row")}
#: What the making of any edition publishes beside it.
BESIDE = "factor"
#: Statements that are run for an edition only.
EDITION_TABLES = (
    "factor",
    "trend_row",
    "lead_performance",
    "lead_state",
    "trend_reach",
    "trend_holding",
    "trend_own",
    "trend_side",
    "trend_viewer",
)


def mart_sql(name: str) -> str:
    """The statement of a mart, its header included."""
    return (FOLDER / f"{name}.sql").read_text()


def publish_season(
    connection: Any,
    home: Path,
    season: int,
    today: date,
    version: str,
    limits: Limits,
    editions: Collection[str] = (),
    secret: Secret | None = None,
) -> dict[str, str]:
    """Compute all marts of ``season`` from the facts, as on the sales day ``today``, and write them; mart → part.

    ``editions``: those of :data:`EDITIONS` that are due as well; they need the ``secret`` with which national figures are disturbed.
    """
    run = connection.execute
    until = closed_until(today)
    run("CREATE OR REPLACE TEMP TABLE run (season_year SMALLINT, today DATE, closed_until DATE)")
    run("INSERT INTO run VALUES ($1, $2, $3)", [season, today, until])
    run("CREATE OR REPLACE TEMP TABLE grid (days SMALLINT)")
    run("INSERT INTO grid SELECT unnest($1)", [list(GRID)])
    parts = {}
    for name, rows_per_group in TABLES.items():
        run(f"CREATE OR REPLACE TEMP TABLE {name} AS {mart_sql(name)}")
        if rows_per_group:
            parts[name] = write_part(connection, home, name, season, version, f"SELECT * FROM {name}", rows_per_group)
    if editions and secret is not None:
        parts[BESIDE] = prepare(connection, home, season, version, secret, limits)
        parts |= _publish_editions(Making(connection, home, season, version, limits, until < season_period(season).end), editions)
        run("DROP TABLE factor")
    for name in ("run", "grid", *TABLES):
        run(f"DROP TABLE {name}")
    return parts


def _publish_editions(making: Making, editions: Collection[str]) -> dict[str, str]:
    run, limits = making.connection.execute, making.limits
    run("CREATE OR REPLACE TEMP TABLE price_class (low BIGINT, middle BIGINT, high BIGINT)")
    run("INSERT INTO price_class VALUES ($1, $2, $3)", [100 * limits.price_low, 100 * limits.price_middle, 100 * limits.price_high])
    run(f"CREATE OR REPLACE TEMP TABLE trend_row AS {mart_sql('trend_row')}")
    parts = {}
    if "market" in editions:
        parts |= publish_market(making)
    if "trend" in editions:
        for name in ("lead_performance", "lead_state"):
            run(f"CREATE OR REPLACE TEMP TABLE {name} AS {mart_sql(name)}")
        parts |= publish_trend(making)
        for name in ("lead_state", "lead_performance"):
            run(f"DROP TABLE {name}")
    run("DROP TABLE trend_row")
    run("DROP TABLE price_class")
    return parts

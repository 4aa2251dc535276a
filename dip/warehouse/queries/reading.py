"""Reaching the published files, and what every question needs to know of the viewer."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from dip.warehouse.store.published import Library, Manifest, open_library

#: Where holdings stand: the theatres, the producers, and the offices that know several producers' figures.
SIDES = ("theatre", "producer", "office")


def library() -> Library:
    """The published files as this process reads them."""
    return open_library(Path(settings.WAREHOUSE_HOME))


def published() -> Manifest | None:
    """What is published; None before the first time."""
    return library().manifest()


def published_at() -> datetime | None:
    """The moment up to which published figures are true; None before the first publication."""
    manifest = published()
    return manifest.true_at if manifest else None


def market_published_at(season_year: int) -> datetime | None:
    """When the day's edition of the market of a season was made; None before the first."""
    manifest = published()
    edition = manifest.editions.get("market", {}).get(season_year) if manifest else None
    return edition.made_at if edition else None


def own_productions(manifest: Manifest, organisation: int, seasons: tuple[int, ...]) -> tuple[int, ...]:
    """Productions of which ``organisation`` sees all figures, in ``seasons``: as producer, agency or co-producer."""
    return _parties(library(), tuple(manifest.files("party", seasons)), organisation, seasons, "provider")


def staged_productions(manifest: Manifest, organisation: int, seasons: tuple[int, ...]) -> tuple[int, ...]:
    """Productions that play in a theatre of ``organisation``, in ``seasons``."""
    return _parties(library(), tuple(manifest.files("party", seasons)), organisation, seasons, "theatre")


@lru_cache(maxsize=1024)
def _parties(source: Library, files: tuple[str, ...], organisation: int, seasons: tuple[int, ...], side: str) -> tuple[int, ...]:
    sql = "SELECT DISTINCT production FROM {mart} WHERE organisation = $organisation AND side = $side ORDER BY production"
    rows = source.rows("what is the viewer's own", "party", seasons, sql, {"organisation": organisation, "side": side})
    return tuple(row[0] for row in rows)


def cell_columns(manifest: Manifest, season: int) -> dict[str, npt.NDArray[Any]]:
    """The raw cells of a season as columns, for summing in the door; empty when there are none.

    ``theatre_place``, ``producer_place`` and ``office_place`` number the holdings of a side from 0 without gaps.
    """
    return _cells(library(), tuple(manifest.files("cell", [season])), season)


@lru_cache(maxsize=16)
def _cells(source: Library, files: tuple[str, ...], season: int) -> dict[str, npt.NDArray[Any]]:
    sql = (
        "SELECT genre, coalesce(province, 0) AS province, theatre, production, producer, office, "
        "performances::DOUBLE AS performances, tickets::DOUBLE AS tickets, "
        "recette_cents::DOUBLE AS recette_cents, for_sale::DOUBLE AS for_sale FROM {mart}"
    )
    columns = {name: np.asarray(column) for name, column in source.columns("national sums", "cell", [season], sql, {}).items()}
    if not columns or not len(columns["genre"]):
        return {}
    for side in SIDES:
        columns[f"{side}_place"] = np.unique(columns[side], return_inverse=True)[1]
    return columns

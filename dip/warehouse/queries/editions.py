"""What editions of the national figures hold, as the door reads them: masked figures, and the viewer's own beside them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from dip.kernel.periods import season_period
from dip.registry.terms import Access
from dip.warehouse.queries.reading import library, own_productions, published
from dip.warehouse.rules.editions import closed_until
from dip.warehouse.rules.trends import CODES
from dip.warehouse.store.published import Library, Manifest
from dip.warehouse.terms import Dimension, TrendSeason

#: Columns by which own rows are split, by dimension.
COLUMNS: Mapping[Dimension, str] = {
    Dimension.GENRE: "genre", Dimension.REGION: "province", Dimension.WEEKDAY: "weekday", Dimension.MONTH: "month",
    Dimension.PRICE: "price", Dimension.SIZE: "size",
}  # fmt: skip


def seasons_of(manifest: Manifest) -> tuple[TrendSeason, ...]:
    """Seasons with a trends' edition in which something was closed, oldest first."""
    found = []
    for year, edition in sorted(manifest.editions.get("trend", {}).items()):
        period = season_period(year)
        until = min(closed_until(edition.made_on), period.end)
        if until > period.start and _has_played(library(), tuple(manifest.files("trend", [year])), year):
            found.append(TrendSeason(year, until < period.end, until, edition.made_on))
    return tuple(found)


@lru_cache(maxsize=64)
def _has_played(source: Library, files: tuple[str, ...], year: int) -> bool:
    """Whether anything at all is in the edition of a season."""
    sql = "SELECT count(*) FROM {mart} WHERE dimension = 0 AND genre = 0"
    return bool(files) and source.rows("whether a season has begun", "trend", [year], sql, {})[0][0] > 0


def rows_wanted(dimension: Dimension, genre_id: int | None) -> str:
    """The condition on cells of a dimension with their total, for a genre or for all; what is of an unknown value is in the total
    only. Literals are whole numbers."""
    if dimension is Dimension.GENRE:
        return "dimension = 0"
    return f"genre = {int(genre_id or 0)} AND (dimension = 0 OR dimension = {CODES[dimension]} AND value <> 0)"


def is_total(dimension: Dimension, row_dimension: int, genre: int) -> bool:
    """Whether a cell is that of all values together."""
    return genre == 0 if dimension is Dimension.GENRE else row_dimension == 0


def own_rows(access: Access, seasons: Iterable[int]) -> str:
    """The condition on raw rows that are the viewer's own in its role; "" for a role that has none."""
    if access.is_taker:
        return f"theatre = {int(access.organisation_id)}"
    manifest = published()
    if not access.is_provider or manifest is None:
        return ""
    mine = own_productions(manifest, access.organisation_id, tuple(sorted(seasons)))
    return f"production IN ({', '.join(str(int(one)) for one in mine)})" if mine else ""

"""The national band of comparable performances."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from dip.registry.terms import Access
from dip.warehouse.queries.reading import library, published
from dip.warehouse.store.cohorts import NOBODY, SIZES
from dip.warehouse.store.published import Library
from dip.warehouse.terms import Band, Cohort, CohortKey, NotShown

_Points = dict[tuple[int, int, int], list[tuple[int, float, float, float]]]


def comparable_bands(access: Access, keys: Iterable[CohortKey], season_year: int) -> dict[CohortKey, Band | NotShown]:
    """Fill rates of comparable performances by days before, for each key, for performances of ``season_year``.

    Comparable: same genre and size class, played in the two seasons before; with what was played in this one when those are too few;
    then of the genre in any hall. The viewer's own performances, in its theatres or of its productions, are left out.
    """
    wanted = list(keys)
    manifest = published()
    held = manifest.files("cohort", [season_year]) if manifest else []
    if manifest is None or not held:
        return {key: NotShown() for key in wanted}
    files = (*held, *manifest.files("band", [season_year]))
    bands = _bands(library(), files, season_year, access.organisation_id)
    return {key: bands.get(key, NotShown()) for key in wanted}


@lru_cache(maxsize=512)
def _bands(source: Library, files: tuple[str, ...], season: int, organisation: int) -> dict[CohortKey, Band | NotShown]:
    manifest = source.manifest()
    if manifest is None:
        return {}
    values = {"viewers": [NOBODY, organisation]}
    reason = "bands of comparable performances, checked when they were made"
    where = "FROM {mart} WHERE organisation IN (SELECT unnest($viewers))"
    cohorts = source.rows(
        reason,
        "cohort",
        [season],
        f"SELECT organisation, genre, size, performances, theatres, providers, seasons, widened, shown {where} ORDER BY organisation",
        values,
    )
    points: _Points = defaultdict(list)
    sql = f"SELECT organisation, genre, size, days_before, p10, p50, p90 {where} ORDER BY days_before DESC"
    for viewer, genre, size, *point in source.rows(reason, "band", [season], sql, values):
        points[viewer, genre, size].append(tuple(point))
    found: dict[CohortKey, Band | NotShown] = {}
    for viewer, genre, size, performances, theatres, providers, seasons, widened, shown in cohorts:
        key = CohortKey(genre, SIZES[size])
        curve = points.get((viewer, genre, size))
        if not shown or not curve:
            found[key] = NotShown()  # also when others may see it: the viewer's own answer comes last
            continue
        years = tuple(int(year) for year in seasons.split(","))
        days, p10, p50, p90 = zip(*curve, strict=True)
        found[key] = Band(Cohort(key, years, performances, theatres, providers, widened), days, p10, p50, p90, manifest.true_at)
    return found

"""One trait of an audience through the seasons, by region or genre: of a theatre's own houses and of the nation."""

from collections.abc import Mapping
from functools import lru_cache
from statistics import median_low
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dip.kernel.periods import season_period
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AudienceScope, AudienceTrend, TrendLine
from dip.warehouse.queries.audience.figures import NOTHING, Cell, Cells
from dip.warehouse.queries.audience.parts import QUESTIONS, Question, is_open, line_of, may_stand, rates_of, shown
from dip.warehouse.queries.audience.reach import Reach, own_houses, reach_of, shelves
from dip.warehouse.rules.audience.crossed import crossed
from dip.warehouse.rules.audience.linked import TWINS, WHOLE_LINES
from dip.warehouse.rules.audience.loyalty import Window, window
from dip.warehouse.rules.audience.persons import HELD_BACK, complete, is_shared_by_nearly_all
from dip.warehouse.store.shelves import Catalogue, Shelves

Ints = npt.NDArray[np.int64]
By = Literal["season", "region", "genre"]
Key = tuple[int, int]
"""Season; 0 for all, a province or genre, −1 unknown."""
Lines = Mapping[Key, Cells]
Told = tuple[Ints, list[float | None]]
"""Per code what is published, and its rate."""
SIDES = {"season": 0, "region": 1, "genre": 2}
#: Seasons of one answer.
MOST = 10
_WHOLE = tuple(QUESTIONS[name] for name in WHOLE_LINES)
_EPOCH_DAY = 719_163
_NATION = "SELECT season_year, key, part, code, amount, organisations, largest FROM {audience_trend} WHERE list_contains($parts, part) AND side IN (0, $side)"
_OWN = """
SELECT a.season_year, 0 AS key, a.part, a.code, CAST(sum(a.amount) AS BIGINT) AS amount
FROM {audience_cell} AS a
WHERE a.production = 0 AND list_contains($parts, a.part)
GROUP BY a.season_year, a.part, a.code
UNION ALL
SELECT
    a.season_year,
    CASE $side WHEN 1 THEN coalesce(t.province, -1) ELSE coalesce(nullif(a.genre, 0), -1) END AS key,
    a.part,
    a.code,
    CAST(sum(a.amount) AS BIGINT) AS amount
FROM {audience_cell} AS a
LEFT JOIN {dim_theatre} AS t ON t.id = a.theatre
WHERE $side > 0 AND list_contains($parts, a.part) AND (a.production <> 0) = ($side = 2)
GROUP BY 1, 2, 3, 4
"""


def audience_trend(access: Access, scope: AudienceScope, part: str, code: str, by: By) -> AudienceTrend:
    """The ``code`` of a ``part`` in the scope's season and those before it; by "season": in all, by "region": by the province of the
    theatre too, by "genre": by the genre of the production too. Without lines for a production, or a code that does not exist;
    retention and lapsed in all only."""
    reach = reach_of(access, scope)
    asked = QUESTIONS.get(part)
    source = shelves("national" if reach.is_national else "theatre")
    catalogue = source.catalogue()
    if asked is None or code not in asked.codes or reach.production or catalogue is None:
        return AudienceTrend(part, code, by, asked.unit if asked else "", (), ())
    told = _national(source, catalogue.version, part, by) if reach.is_national else _own(access, reach, part, by)
    seasons = tuple(sorted(season for season, key in told if key == 0 and season <= scope.season_year))[-MOST:]
    place = asked.codes.index(code)
    keys = sorted({key for season, key in told if season in seasons})
    lines = tuple(_line(asked, place, key, [told.get((season, key)) for season in seasons]) for key in sorted(keys, key=bool))
    theatres = None if reach.is_national else set(reach.theatres)
    held = shelves().catalogue()
    return AudienceTrend(part, code, by, asked.unit, seasons, lines, tuple(_window(theatres, held, season) for season in seasons))


def _line(asked: Question, place: int, key: int, rows: list[Told | None]) -> TrendLine:
    counts = tuple(0 if row is None else None if row[0][place] == HELD_BACK else int(row[0][place]) for row in rows)
    return TrendLine(key, counts, tuple(None if row is None else row[1][place] for row in rows))


@lru_cache(maxsize=128)
def _national(source: Shelves, version: str, part: str, by: By) -> Mapping[Key, Told]:
    catalogue = source.catalogue()
    seasons = sorted({season for _, season in catalogue.shelves}) if catalogue else []
    rows = source.rows("national figures", ["audience_trend"], [0], seasons, _NATION, _asked(part, by))
    lines: dict[Key, dict[tuple[int, int], Cell]] = {}
    for season, key, number, code, amount, organisations, largest in rows:
        lines.setdefault((season, key), {})[number, code] = Cell(amount, organisations, amount - largest)
    return _published(part, lines, None, crosses=True)


def _own(access: Access, reach: Reach, part: str, by: By) -> Mapping[Key, Told]:
    houses, every = list(reach.theatres), own_houses(access)
    whole = _read(reach, every, part, by) if set(every) - set(houses) else None
    return _published(part, _read(reach, houses, part, by), whole, crosses=False)


def _read(reach: Reach, houses: list[int], part: str, by: By) -> Lines:
    catalogue = shelves().catalogue()
    seasons = sorted({season for theatre, season in catalogue.shelves if theatre in houses}) if catalogue else []
    rows = shelves().rows(reach.reason, ["audience_cell"], houses, seasons, _OWN, _asked(part, by))
    lines: dict[Key, dict[tuple[int, int], Cell]] = {}
    for season, key, number, code, amount in rows:
        lines.setdefault((season, key), {})[number, code] = Cell(amount, 1, amount)
    return lines


def _asked(part: str, by: By) -> dict[str, Any]:
    """What a reading is asked: a part and the one that would tell it too. Of those two, lines beside the first would tell too much."""
    parts = [QUESTIONS[name].number for name in (part, TWINS.get(part)) if name]
    return {"parts": parts, "side": 0 if part in TWINS else SIDES[by]}


def _published(part: str, lines: Lines, whole: Lines | None, *, crosses: bool) -> dict[Key, Told]:
    """(Season, key) → what is told. Lines of a season add up to key 0, so each season is a table with known totals."""
    asked, told = QUESTIONS[part], dict[Key, Told]()
    for season in {season for season, key in lines if key == 0}:
        keys = sorted(key for year, key in lines if year == season and key)
        beyond = [] if whole is None else [whole.get((season, 0), {})]
        every, is_told = shown(part, lines[season, 0], crosses, beyond)
        table = [lines[season, key] for key in keys]
        wholes = None if whole is None else [whole.get((season, key), {}) for key in keys]
        found = _table(asked, table, wholes, (every != HELD_BACK) & is_told, crosses=crosses)
        for key, row in zip((0, *keys), (every, *found), strict=True):
            total = sum(cell.amount for cell in line_of(asked, lines[season, key]))
            told[season, key] = (row, rates_of(asked, row, total))
    return told


def _table(
    asked: Question, table: list[Cells], wholes: list[Cells] | None, columns: npt.NDArray[np.bool_], *, crosses: bool
) -> list[Ints]:
    if not table:
        return []
    lines = [line_of(asked, cells) for cells in table]
    around = [[] if wholes is None else [line_of(asked, wholes[place])] for place in range(len(lines))]
    counts = np.array([[cell.amount for cell in line] for line in lines], dtype=np.int64)
    may = np.array(
        [
            [may_stand(cell, crosses, [one[code].amount for one in beside]) and _is_many(cell) for code, cell in enumerate(line)]
            for line, beside in zip(lines, around, strict=True)
        ]
    )
    for place, row in enumerate(counts):
        if asked.is_personal and is_shared_by_nearly_all(row[1:] if asked.blank else row):
            may[place] = False
    rows = np.array([is_open(line, crosses, beside) for line, beside in zip(lines, around, strict=True)])
    rows = complete(counts.sum(axis=1), rows)
    found = crossed(counts, may, rows, columns)
    while asked in _WHOLE and (torn := (found == HELD_BACK).any(axis=1) & may.any(axis=1)).any():
        may[torn] = False
        found = crossed(counts, may, rows, columns)
    return list(found)


def _is_many(cell: Cell) -> bool:
    return cell == NOTHING or is_open([cell], crosses=False)


def _window(theatres: set[int] | None, catalogue: Catalogue | None, year: int) -> Window:
    """How far back the theatres that told something of the season can look: the shortest of one's own, the middle one of the nation."""
    firsts: dict[int, int] = {}
    for theatre, season in catalogue.shelves if catalogue else ():
        if theatre and (theatres is None or theatre in theatres):
            firsts[theatre] = min(season, firsts.get(theatre, season))
    here = [firsts[theatre] for theatre in firsts if catalogue and (theatre, year) in catalogue.shelves]
    if not here:
        return Window(0, False)
    known = median_low(sorted(here)) if theatres is None else max(here)
    start = season_period(year).start.toordinal() - _EPOCH_DAY
    return window(season_period(known).start.toordinal() - _EPOCH_DAY, start)

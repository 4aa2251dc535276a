"""Editions of the national figures: computed from the marts of a season, protected, and published beside them.

The market (genre × province, season to date) and the trends (genre × one dimension, closed quarters) are sums over holdings of which only
what disclosure control leaves may be read; the files hold everything, with a mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.disclosure import Top, is_safe, is_safe_for_anyone, top_of, without_viewer
from dip.warehouse.rules.secondary import Table, shown_cells
from dip.warehouse.rules.trends import LATE, LEAD_GRID, influence_of_median, influence_of_ratio, kept_by_day
from dip.warehouse.store.disturbance import margins, weights
from dip.warehouse.store.published import write_part
from dip.warehouse.terms import Limits

FOLDER = Path(__file__).resolve().parent.parent / "marts"
_MEASURES = ("x", "y", "z")
_DISTURBED = ("u", "v", "w")
_SIDES = 3
_FIELDS = ("dimension", "value", "genre", "stratum", "quarter")
_SCALES = (10**12, 10**9, 10**6, 10**3, 1)
Column = npt.NDArray[Any]
Axis = tuple[int, bool, bool, bool, bool]
"""(dimension, by genre, by stratum, by quarter, with what has not closed)"""


@dataclass(frozen=True, slots=True)
class Making:
    """What an edition is made with: the writer's connection, where to, for which season, and the limits in force."""

    connection: Any
    home: Path
    season: int
    version: str
    limits: Limits
    is_running: bool

    def write(self, mart: str, query: str, rows_per_group: int = 20_480) -> str:
        """Write a part of the edition; its name."""
        return write_part(self.connection, self.home, mart, self.season, self.version, query, rows_per_group)

    def write_columns(self, mart: str, columns: dict[str, Column]) -> str:
        """Write columns of one length as a part."""
        self.connection.register("rows_to_write", columns)
        try:
            return self.write(mart, "SELECT * FROM rows_to_write")
        finally:
            self.connection.unregister("rows_to_write")


def publish_market(making: Making) -> dict[str, str]:
    """The market's edition, from the temporary table ``trend_row``; mart → part."""
    axes = [(dimension, by_genre, False, False, True) for dimension in (0, 1) for by_genre in (False, True)]
    _source(making, "tickets AS x, recette_cents AS y, for_sale AS z, performances, coupled", "trend_row")
    columns = _Cells(making, axes).columns(("tickets", "recette_cents", "for_sale"), (1,))
    _drop(making)
    return {"market": making.write_columns("market", columns)}


def publish_trend(making: Making) -> dict[str, str]:
    """The trends' edition, from the temporary tables ``trend_row``, ``lead_performance`` and ``lead_state``; mart → part."""
    axes: list[Axis] = [(d, g, s, False, False) for d in range(6) for g in (False, True) for s in (False, True)]
    if making.is_running:
        axes += [(d, g, False, True, True) for d in range(6) for g in (False, True)]
    _source(making, "tickets AS x, recette_cents AS y, for_sale AS z, performances, coupled", "trend_row")
    cells = _Cells(making, axes)
    parts = {
        "trend": making.write_columns("trend", cells.columns(("tickets", "recette_cents", "for_sale"), range(1, 6))),
        "trend_spread": making.write_columns("trend_spread", _spread(cells)),
        "trend_row": making.write("trend_row", "SELECT * FROM trend_row WHERE is_closed"),
    }
    _drop(making)
    return parts | _publish_lead(making)


def _publish_lead(making: Making) -> dict[str, str]:
    """Lead times: a row per performance that counts, national curves, and the theatres' influences on their medians."""
    rows = _lead_rows(making)
    making.connection.register("lead_rows", {name: column for name, column in rows.items() if name != "kept"})
    run = making.connection.execute
    run("CREATE OR REPLACE TEMP TABLE lead_row AS SELECT * FROM lead_rows")
    making.connection.unregister("lead_rows")
    _source(making, "tickets AS x, late AS y, tickets - late AS z, 1 AS performances, 1 AS coupled, TRUE AS is_closed", "lead_row")
    run("DROP TABLE lead_row")
    axes: list[Axis] = [(d, g, False, False, False) for d in range(6) for g in (False, True)]
    axes += [(0, g, True, False, False) for g in (False, True)]
    if making.is_running:
        axes += [(d, g, False, True, False) for d in range(6) for g in (False, True)]
    columns = _Cells(making, axes).columns(("tickets", "late", "early"), range(1, 6))
    _drop(making)
    disturbed = rows["kept"] * weights(run, rows["theatre"], rows["office"])[:, None]
    columns["kept"], spread = _curves(rows | {"kept": disturbed}, columns)
    return {
        "lead_row": _write_curves(making, "lead_row", rows),
        "lead": _write_curves(making, "lead", columns),
        "lead_spread": making.write_columns("lead_spread", spread),
    }


def _lead_rows(making: Making) -> dict[str, Column]:
    """The performances that count, in order of theatre: their codes, final tickets, those sold late, and ``kept`` by day."""
    run = making.connection.execute
    heads = {name: np.asarray(column) for name, column in run("SELECT * FROM lead_performance").fetchnumpy().items()}
    states = {name: np.asarray(column) for name, column in run("SELECT * FROM lead_state").fetchnumpy().items()}
    one, two, three = (column.astype(np.int64) for column in (heads.pop("performance"), states["performance"], states["days"]))
    kept = kept_by_day(one, two, three, states["sold"].astype(np.float64), making.limits.lead_first_max)
    del heads["performance_date"]
    counts = np.flatnonzero(kept[:, 0] > 0)
    rows: dict[str, Column] = {name: column[counts].astype(np.int64) for name, column in heads.items()}
    kept = kept[counts]
    rows["tickets"] = kept[:, 0].astype(np.int64)
    rows["late"] = (kept[:, 0] - kept[:, LEAD_GRID.index(LATE)]).astype(np.int64)
    rows["kept"] = kept
    return rows


def _write_curves(making: Making, mart: str, columns: dict[str, Column]) -> str:
    """Write columns of which ``kept`` has one value per day of the grid; in the file it is a list."""
    kept = columns["kept"]
    plain = {name: column for name, column in columns.items() if name != "kept"}
    days = {f"k{place}": kept[:, place] for place in range(len(LEAD_GRID))}
    making.connection.register("rows_to_write", plain | days)
    try:
        return making.write(mart, f"SELECT {', '.join(plain)}, [{', '.join(days)}] AS kept FROM rows_to_write")
    finally:
        making.connection.unregister("rows_to_write")


def _source(making: Making, measures: str, table: str) -> None:
    run = making.connection.execute
    closed = "is_closed, " if table == "trend_row" else ""
    run(
        "CREATE OR REPLACE TEMP TABLE trend_source AS SELECT r.*, CAST(round(x * t.factor * o.factor) AS BIGINT) AS u, "
        "CAST(round(y * t.factor * o.factor) AS BIGINT) AS v, CAST(round(z * t.factor * o.factor) AS BIGINT) AS w "
        "FROM (SELECT genre, province, theatre, production, producer, office, weekday, month, "
        f"price, size, {closed}{measures} FROM {table}) AS r "
        "INNER JOIN factor AS t ON t.side = 0 AND t.holding = r.theatre AND t.is_in "
        "INNER JOIN factor AS o ON o.side = 2 AND o.holding = r.office AND o.is_in"
    )


def _drop(making: Making) -> None:
    for name in ("trend_source", "trend_axis", "trend_reach", "trend_holding", "trend_own"):
        making.connection.execute(f"DROP TABLE {name}")


class _Cells:
    """All cells of some axes, and what each holding has in them."""

    def __init__(self, making: Making, axes: list[Axis]) -> None:
        run = making.connection.execute
        run(
            "CREATE OR REPLACE TEMP TABLE trend_axis (dimension BIGINT, by_genre BOOLEAN, by_stratum BOOLEAN, by_quarter BOOLEAN, with_open BOOLEAN)"
        )
        making.connection.executemany("INSERT INTO trend_axis VALUES ($1, $2, $3, $4, $5)", axes)
        for name in ("trend_reach", "trend_holding", "trend_own"):
            run(f"CREATE OR REPLACE TEMP TABLE {name} AS {(FOLDER / f'{name}.sql').read_text()}")
        sides = run((FOLDER / "trend_side.sql").read_text()).fetchnumpy()
        whole = "cell % 1000 = 0 AND cell // 1000 % 1000 = 0"
        found = run(f"SELECT cell, side, holding, performances, x, y, z, u, v, w FROM trend_holding WHERE {whole}").fetchnumpy()
        told = run(
            "SELECT sum(u)::BIGINT AS u, sum(v)::BIGINT AS v, sum(w)::BIGINT AS w FROM trend_reach GROUP BY cell ORDER BY cell"
        )
        self._told = {name: np.asarray(column) for name, column in told.fetchnumpy().items()}
        self._making = making
        self.limits = making.limits
        self._run = run
        self.holdings = {name: np.asarray(column) for name, column in found.items()}
        self._sides = {name: np.asarray(column).reshape(-1, _SIDES) for name, column in sides.items()}
        self._ids = self._sides["cell"][:, 0] if len(self._sides["cell"]) else np.empty(0, dtype=np.int64)
        self._place = {int(cell): place for place, cell in enumerate(self._ids)}
        self._safe = self._primary()

    def _primary(self) -> npt.NDArray[np.bool_]:
        """Which cells keep the primary rules; a whole only when each of its quarters does, so that editions may be subtracted."""
        column = self._sides
        safe, certain = (np.ones(len(self._ids), dtype=bool) for _ in range(2))
        for name in _MEASURES:
            top = self._top(name)
            safe &= np.asarray(is_safe(top, self.limits)).all(axis=1)
            sure = is_safe_for_anyone(top, column[f"{name}_emptied"], column[f"{name}_own"], self.limits)
            certain &= np.asarray(sure).all(axis=1)
        self._look_closely(safe, np.flatnonzero(safe & ~certain))
        quarter = self._ids % 1000
        for place in np.flatnonzero((quarter > 0) & ~safe & (column["performances"][:, 0] > 0)):
            whole = self._place.get(int(self._ids[place] - quarter[place]))
            if whole is not None:
                safe[whole] = False
        return safe

    def _top(self, name: str, rows: Any = ...) -> Top:
        return Top(*(self._sides[f"{name}_{part}"][rows] for part in ("count", "total", "first", "second")))

    def _look_closely(self, safe: npt.NDArray[np.bool_], doubtful: npt.NDArray[np.int64]) -> None:
        """Clear ``safe`` of those of the ``doubtful`` cells that give something away to one of the viewers."""
        if not len(doubtful):
            return
        self._run("CREATE OR REPLACE TEMP TABLE trend_doubt (cell BIGINT)")
        self._run("INSERT INTO trend_doubt SELECT unnest($1)", [self._ids[doubtful].tolist()])
        rows = {
            name: np.asarray(column) for name, column in self._run((FOLDER / "trend_viewer.sql").read_text()).fetchnumpy().items()
        }
        self._run("DROP TABLE trend_doubt")
        place = np.array([self._place[int(cell)] for cell in rows["cell"]], dtype=np.int64)
        where = (place, rows["side"])
        for name in _MEASURES:
            own = (rows[f"{name}_{part}"] for part in ("own", "emptied", "own_first", "own_second"))
            left = without_viewer(self._top(name, where), self._sides[f"{name}_third"][where], *own)
            safe[place[~np.asarray(is_safe(left, self.limits))]] = False

    def decoded(self, cells: Column) -> dict[str, Column]:
        """The parts of cell numbers."""
        parts = {name: cells // scale % 1000 for name, scale in zip(_FIELDS, _SCALES, strict=True)}
        return parts

    def columns(self, names: tuple[str, str, str], dimensions: Iterable[int]) -> dict[str, Column]:
        """A row per whole cell; ``names`` of the three measures, which are disturbed; ``margin``: by how much, usually, as a part. ``shown``:
        may be read; of strata: keeps the primary rules. The rules look at the true figures."""
        shown = self._shown(dimensions)
        kept = np.flatnonzero(self._ids % 1000 == 0)
        parts = self.decoded(self._ids[kept])
        column = self._sides
        rows: dict[str, Column] = {name: parts[name].astype(np.int32) for name in ("dimension", "value", "genre", "stratum")}
        for name in ("performances", "coupled"):
            rows[name] = column[name][kept, 0].astype(np.int64)
        rows["theatres"] = column["holdings"][kept, 0].astype(np.int64)
        rows["providers"] = column["holdings"][kept, 1].astype(np.int64)
        for measure, name in zip(_DISTURBED, names, strict=True):
            rows[name] = self._told[measure][kept].astype(np.int64)
        rows["margin"] = np.array(margins(self._run, self._making.season, self.holdings, self._ids[kept], self.limits))
        rows["shown"] = shown[kept]
        rows["rest"] = self._rest()[kept]
        return rows

    def _rest(self) -> npt.NDArray[np.bool_]:
        """Of each whole cell, whether its strata that may not be read apart may be read together: they keep the rules, or are none."""
        stratum = self._ids // 1000 % 1000
        apart = self._ids[(stratum > 0) & (self._ids % 1000 == 0) & ~self._safe]
        rest = np.ones(len(self._ids), dtype=bool)
        if not len(apart):
            return rest
        self._run("CREATE OR REPLACE TEMP TABLE trend_apart (cell BIGINT)")
        self._run("INSERT INTO trend_apart SELECT unnest($1)", [apart.tolist()])
        sums = ", ".join(f"sum({name}) AS {name}" for name in _MEASURES)
        parent = "cell - cell // 1000 % 1000 * 1000"
        found = self._run(
            f"SELECT parent, side, {', '.join(f'list({name}) AS {name}' for name in _MEASURES)} FROM (SELECT {parent} AS parent, side, "
            f"holding, {sums} FROM trend_holding SEMI JOIN trend_apart USING (cell) GROUP BY 1, 2, 3) GROUP BY 1, 2"
        ).fetchall()
        self._run("DROP TABLE trend_apart")
        for cell, _side, *measures in found:
            tops = [top_of(contributions) for contributions in measures]
            rest[self._place[cell]] &= all(is_safe_for_anyone(top, 1, top.first, self.limits) for top in tops)
        return rest

    def _shown(self, dimensions: Iterable[int]) -> npt.NDArray[np.bool_]:
        shown = self._safe.copy()
        parts = self.decoded(self._ids)
        whole = (parts["stratum"] == 0) & (parts["quarter"] == 0)
        genres = sorted({int(genre) for genre in parts["genre"][whole] if genre})
        if not genres:
            return shown
        tables, places = {}, {}
        for dimension in dimensions:
            values = sorted({int(value) for value in parts["value"][whole & (parts["dimension"] == dimension)]})
            places[dimension] = self._layout(dimension, genres, values)
            tables[dimension] = self._table(places[dimension], values)
        for dimension, mask in shown_cells(tables, self.limits).items():
            there = places[dimension] >= 0
            shown[places[dimension][there]] = mask[there]
        return shown

    def _layout(self, dimension: int, genres: list[int], values: list[int]) -> npt.NDArray[np.int64]:
        """Where each cell of a table stands, totals last; −1 for what does not occur."""
        ids = [[dimension * 10**12 + value * 10**9 + genre * 10**6 for value in values] + [genre * 10**6] for genre in (*genres, 0)]
        return np.array([[self._place.get(cell, -1) for cell in row] for row in ids], dtype=np.int64)

    def _table(self, places: npt.NDArray[np.int64], values: list[int]) -> Table:
        there = places >= 0

        def taken(column: Column) -> npt.NDArray[np.float64]:
            return np.where(there, column[places], 0).astype(np.float64)

        safe: npt.NDArray[np.bool_] = there & self._safe[places]
        if 0 in values:
            safe[:, values.index(0)] = False  # what it is of is not known: in the totals, never told
        return Table(
            values=[taken(self._sides[f"{name}_total"][:, 0]) for name in _MEASURES],
            known=[taken(self._sides[f"{name}_own"][:, 0]) for name in _MEASURES],
            safe=safe,
            empty=~there,
            holdings=self._by_holding(places),
        )

    def _by_holding(self, places: npt.NDArray[np.int64]) -> list[npt.NDArray[np.float64]]:
        at = {int(self._ids[place]): where for where, place in np.ndenumerate(places) if place >= 0}
        wanted = np.isin(self.holdings["cell"], np.array(list(at), dtype=np.int64))
        arrays = []
        for side in range(_SIDES):
            rows = np.flatnonzero(wanted & (self.holdings["side"] == side))
            index = np.unique(self.holdings["holding"][rows], return_inverse=True)[1]
            where = np.array([at[int(cell)] for cell in self.holdings["cell"][rows]], dtype=np.int64).reshape(-1, 2)
            for name in _MEASURES:
                wide = np.zeros((*places.shape, int(index.max(initial=0)) + 1))
                wide[where[:, 0], where[:, 1], index] = self.holdings[name][rows]
                arrays.append(wide)
        return arrays


def _spread(cells: _Cells) -> dict[str, Column]:
    """Influences of each theatre on the rates of each cell, of disturbed figures: their spread has the disturbance in it. Never shown raw."""
    theatres = np.flatnonzero(cells.holdings["side"] == 0)
    order = theatres[np.argsort(cells.holdings["cell"][theatres], kind="stable")]
    held = {name: column[order] for name, column in cells.holdings.items()}
    ids, starts = np.unique(held["cell"], return_index=True)
    rates = {"occupancy": ("u", "w"), "price": ("v", "u"), "tickets": ("u", "performances"), "recette": ("v", "performances")}
    out = {name: np.zeros(len(order)) for name in rates}
    for group in np.split(np.arange(len(order)), starts[1:]) if len(ids) else []:
        for name, (over, under) in rates.items():
            out[name][group] = influence_of_ratio(held[over][group].astype(float), held[under][group].astype(float))
    parts = cells.decoded(held["cell"])
    rows: dict[str, Column] = {name: parts[name].astype(np.int32) for name in ("dimension", "value", "genre")}
    return {**rows, "theatre": held["holding"].astype(np.int64), **out}


def _curves(rows: dict[str, Column], columns: dict[str, Column]) -> tuple[npt.NDArray[np.float64], dict[str, Column]]:
    """Tickets sold by each day of the grid, per cell of ``columns``; and the influences of each theatre on their medians."""
    kept, late = rows["kept"], LEAD_GRID.index(LATE)
    curves = np.zeros((len(columns["value"]), len(LEAD_GRID)))
    spread: dict[str, list[Any]] = {name: [] for name in ("dimension", "value", "genre", "theatre", "median", "late")}
    for place, (dimension, value, genre, stratum) in enumerate(zip(*(columns[name] for name in _FIELDS[:4]), strict=True)):
        member = np.flatnonzero(_members(rows, dimension, value, genre, stratum))
        there, index = np.unique(rows["theatre"][member], return_inverse=True)
        per_theatre = np.zeros((len(there), len(LEAD_GRID)))
        np.add.at(per_theatre, index, kept[member])
        curves[place] = per_theatre.sum(axis=0)
        if stratum or not columns["shown"][place]:
            continue
        for name, same in (("dimension", dimension), ("value", value), ("genre", genre)):
            spread[name] += [int(same)] * len(there)
        spread["theatre"] += there.tolist()
        spread["median"] += influence_of_median(per_theatre).tolist()
        spread["late"] += influence_of_ratio(per_theatre[:, 0] - per_theatre[:, late], per_theatre[:, 0]).tolist()
    whole = {name: np.array(spread[name], dtype=np.int64) for name in ("dimension", "value", "genre", "theatre")}
    return curves, {**whole, **{name: np.array(spread[name], dtype=np.float64) for name in ("median", "late")}}


def _members(rows: dict[str, Column], dimension: int, value: int, genre: int, stratum: int) -> npt.NDArray[np.bool_]:
    """Which performances are in a cell."""
    names = ("genre", "province", "weekday", "month", "price", "size")
    member = np.ones(len(rows["genre"]), dtype=bool)
    if dimension:
        member &= rows[names[dimension]] == value
    if genre:
        member &= rows["genre"] == genre
    if stratum:
        member &= (rows["genre"] == stratum // 4) & (rows["size"] == stratum % 4)
    return member

"""Invented numbers for the gallery, in which every component and chart is shown at once."""

import math
from datetime import UTC, date, datetime, timedelta

from dip.web.charts.columns import Categories, Category, columns_chart, dot_plot
from dip.web.charts.curve import BandPoint, Event, SalesCurve, sales_curve
from dip.web.charts.figure import Figure
from dip.web.charts.maps import AreaMap, AreaValue, Shape, area_map
from dip.web.charts.season import SeasonChart, season_chart
from dip.web.charts.tiles import Tile, TileMap, tile_map
from dip.web.marks import DotRow

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
PROVINCES = (
    ("GR", "Groningen", 0, 3, 0.72), ("FR", "Fryslân", 0, 2, 0.58), ("DR", "Drenthe", 1, 3, None), ("OV", "Overijssel", 2, 3, 0.61),
    ("FL", "Flevoland", 2, 2, None), ("GE", "Gelderland", 3, 2, 0.64), ("UT", "Utrecht", 2, 1, 0.71), ("NH", "Noord-Holland", 1, 1, 0.74),
    ("ZH", "Zuid-Holland", 2, 0, 0.68), ("ZE", "Zeeland", 3, 0, None), ("NB", "Noord-Brabant", 3, 1, 0.66), ("LI", "Limburg", 4, 2, 0.52),
)  # fmt: skip


def _share(days: int) -> float:
    """A plausible share of the final sale at a distance: quick at the start, slow, then quick again."""
    return 0.22 * (1 - math.exp(-(214 - days) / 6)) + 0.78 * math.exp(-days / 52) * (1 - days / 214)


def curve(today: int | None = 40) -> Figure:
    """A performance 40 days out (or played), ahead of the median."""
    last = today or 0
    own = [
        (days, round(560 * _share(days) + (32 if days < 80 else 0) * min((80 - days) / 6, 1) + 2 * math.sin(days)))
        for days in range(214, last - 1, -1)
    ]
    band = [BandPoint(d, 259 * _share(d), 431 * _share(d), 634 * _share(d)) for d in (*range(214, 28, -7), *range(28, -1, -1))]
    events = (Event(211, "2 Jun · season sale opens"), Event(80, "14 Oct · newspaper review"))
    name = "curve" if today else "curve-played"
    sub = "Tickets sold, by days before the performance of Sat 02-01-2027. Grey: 612 comparable performances, p10 to p90 and median, scaled to this hall."
    return sales_curve(SalesCurve(name, "Haarlem", own, 702, today, band, events, sub=sub))


def season() -> Figure:
    """Two seasons, this one ahead."""
    first = date(2026, 5, 4)

    def grown(day: int, final: float) -> int:
        return round(final * (0.26 * (1 - math.exp(-day / 14)) + 0.74 / (1 + math.exp(-(day - 205) / 42))))

    this = [(first + timedelta(days=d), grown(d, 96000)) for d in range(204)]
    last = [(first - timedelta(days=364) + timedelta(days=d), grown(d, 88000)) for d in range(364)]
    return season_chart(
        SeasonChart("season", this, last, "2026–27", "2025–26", date(2026, 11, 23), sub="Cumulative tickets sold, by date of sale.")
    )


def area() -> Figure:
    """Invented areas, one of them not shown and one not known."""
    corners = [(column * 32 + row % 2 * 9, row * 26 + column % 3 * 4) for row in range(4) for column in range(4)]
    around = ((0, 3), (14, 0), (31, 4), (33, 22), (20, 29), (2, 25))
    shapes = [
        Shape(str(n), f"Area {n}", 250, [[[(left + x, low + y) for x, y in around]]]) for n, (left, low) in enumerate(corners)
    ]
    values = [AreaValue(str(n), f"Area {n}", None if n in (5, 10) else 4.0 + n * 3, suppressed=n == 5) for n in range(16)]
    title = "Most buyers live in the north-east"
    return area_map(AreaMap("areas", title, values, shapes, "Buyers per 1.000", "Area", sub="Buyers per 1.000 inhabitants"))


def figures() -> list[Figure]:
    """Every kind of chart."""
    rows = [
        Category(t, v, r)
        for t, v, r in (("1", 0.11, 0.14), ("2", 0.58, 0.52), ("3", 0.09, 0.1), ("4", 0.14, 0.15), ("5+", 0.08, 0.09))
    ]
    genres = [
        Category(t, v, r)
        for t, v, r in (("Cabaret", 0.81, 0.76), ("Music theatre", 0.74, 0.72), ("Theatre", 0.63, 0.66), ("Dance", 0.47, 0.52))
    ]
    tiles = [Tile(code, name, row, column, value, suppressed=code in ("FL", "ZE")) for code, name, row, column, value in PROVINCES]
    return [
        curve(),
        curve(None),
        season(),
        columns_chart(
            Categories(
                "columns", "Most come as a pair", rows, "this production", "all theatre", True, "Tickets per order, mean 2,33"
            )
        ),
        dot_plot(Categories("dots", "Occupancy by genre", genres, "you", "national", True, "Occupancy, paid"), 0.4, 0.9),
        tile_map(
            TileMap("tiles", "Noord-Holland fills its halls best", tiles, "Occupancy, paid", True, "Occupancy, paid, all genres")
        ),
        area(),
    ]


def dot_rows() -> list[DotRow]:
    """Rows of dot and tick, one with a reference that is not shown."""
    return [
        DotRow("Cabaret", 0.81, 0.76, "81 %", "76 %"),
        DotRow("Music theatre", 0.74, 0.72, "74 %", "72 %"),
        DotRow("Theatre", 0.63, 0.66, "63 %", "66 %"),
        DotRow("Dance", 0.47, None, "47 %"),
    ]

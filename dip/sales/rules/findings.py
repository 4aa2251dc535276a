"""Findings: what stands out, as a sentence from a fixed list with a number in it. When nothing does, the measure alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from dip.kernel.money import ratio
from dip.sales.rules.seasons import REMARKABLE
from dip.sales.rules.status import stronger
from dip.sales.terms import Comparison, Expectation, Group, KeyFigure, Restatement, Sentence, Standing, Status
from dip.warehouse.terms import GenreCell, NotShown

#: Most names in one enumeration; past that the count is told.
MOST_NAMES = 3
#: A theatre's paragraph tells of the performances of the next so many days.
HOUSE_HORIZON = 60


def performance_heading(row: Standing, moment: datetime) -> Sentence:
    """Heading of one performance's curve."""
    evening, state = row.line.evening, row.line.state
    values: dict[str, object] = {"town": evening.city, "days": max(row.days, 0), "sold": state.sold}
    if row.status is Status.NO_FIGURES:
        return _silence(row, moment, values)
    if row.status is Status.SOLD_OUT:
        return Sentence("sold_out_played" if row.is_played else "sold_out", values)
    if row.status in (Status.AHEAD, Status.BEHIND) and row.median is not None:
        values["tickets"] = abs(round(state.sold - row.median))
        word = "ahead" if row.status is Status.AHEAD else "behind"
        return Sentence(f"{word}_played" if row.is_played else word, values)
    return Sentence("curve", values)


def _silence(row: Standing, moment: datetime, values: dict[str, object], prefix: str = "") -> Sentence:
    if not row.line.state.has_tickets or row.line.confirmed_at is None:
        return Sentence(f"{prefix}never_figures", values)
    return Sentence(f"{prefix}no_figures", values | {"silent_days": silent_days(row, moment)})


def silent_days(row: Standing, moment: datetime) -> int:
    """Whole days since the last word of the theatre's system, 0 when there never was one."""
    return (moment - row.line.confirmed_at).days if row.line.confirmed_at else 0


def tour_lede(
    rows: Sequence[Standing], sold: KeyFigure, occupancy: float | None, moment: datetime, *, house: bool = False
) -> list[Sentence]:
    """The paragraph over a production: against the median, sold and occupancy, who lags, who is silent.

    ``house``: a theatre looks at its own performances of it.
    """
    if sold.value is None:
        return [Sentence("lede_no_figures", {"performances": len(rows)})]
    sentences = _against_median(sold, house)
    sentences.append(Sentence("lede_sold", {"sold": sold.value, "performances": sold.covered, "occupancy": occupancy}))
    return sentences + towns_lede([row for row in rows if not row.is_played], moment)


def performance_lede(row: Standing, moment: datetime) -> list[Sentence]:
    """The paragraph over one performance: sold and occupancy, then where comparable ones stood and ended."""
    state = row.line.state
    if not state.has_tickets:
        return [_silence(row, moment, {"town": row.line.evening.city, "days": max(row.days, 0)}, "one_")]
    sentences = [Sentence("lede_one", {"sold": state.sold, "seats": state.for_sale, "occupancy": state.occupancy})]
    if isinstance(row.expected, Expectation):
        values: dict[str, object] = {
            "median": row.expected.median, "low": row.expected.p10, "high": row.expected.p90, "final": row.expected.final_median,
        }  # fmt: skip
        sentences.append(Sentence("lede_ended" if row.is_played else "lede_stood", values))
    if row.status is Status.NO_FIGURES:
        sentences.append(_silence(row, moment, {"town": row.line.evening.city, "days": max(row.days, 0)}, "one_"))
    return sentences


def house_lede(rows: Sequence[Standing], week: Sequence[Standing], sold: KeyFigure, occupancy: float | None) -> list[Sentence]:
    """The paragraph over a theatre's halls: the season, this week, which productions to come lag or are silent."""
    if sold.value is None:
        return [Sentence("lede_no_figures", {"performances": len(rows)})]
    sentences = [Sentence("lede_sold", {"sold": sold.value, "performances": sold.covered, "occupancy": occupancy})]
    if week:
        sentences.append(Sentence("lede_week", {"performances": len(week), "sold": sum(r.line.state.sold for r in week)}))
    coming = [row for row in rows if not row.is_played and row.days <= HOUSE_HORIZON]
    lag = sorted((r for r in coming if r.status is Status.BEHIND), key=lambda r: r.line.state.sold - (r.median or 0))
    for found, code in ((lag, "groups_lag"), ([r for r in coming if r.status is Status.NO_FIGURES], "groups_silent")):
        if names := list(dict.fromkeys(row.line.evening.title for row in found)):
            sentences.append(Sentence(code, {"names": names[:MOST_NAMES], "count": len(names)}))
    return sentences


def _against_median(sold: KeyFigure, house: bool) -> list[Sentence]:
    comparison = sold.comparison
    if not isinstance(comparison, Comparison) or not comparison.median:
        return []
    rate = (sold.value or 0) / comparison.median - 1
    if abs(rate) < REMARKABLE:
        return [Sentence("lede_level", {"house": house})]
    return [Sentence("lede_above" if rate > 0 else "lede_below", {"rate": abs(rate), "house": house})]


def towns_lede(rows: Iterable[Standing], moment: datetime) -> list[Sentence]:
    """Which towns lag and which are silent, by name up to three; furthest behind first, longest silent first."""
    places = list(rows)
    sentences = []
    lag = sorted((r for r in places if r.status is Status.BEHIND), key=lambda r: r.line.state.sold - (r.median or 0))
    if towns := _towns(lag):
        sentences.append(Sentence("towns_lag", {"towns": towns[:MOST_NAMES], "count": len(towns)}))
    silent = sorted(
        (r for r in places if r.status is Status.NO_FIGURES and r.line.state.has_tickets), key=lambda r: -silent_days(r, moment)
    )
    if towns := _towns(silent):
        values = {"towns": towns[:MOST_NAMES], "count": len(towns), "silent_days": silent_days(silent[0], moment)}
        sentences.append(Sentence("towns_silent", values))
    if towns := _towns(r for r in places if not r.line.state.has_tickets):
        sentences.append(Sentence("towns_never", {"towns": towns[:MOST_NAMES], "count": len(towns)}))
    return sentences


def _towns(rows: Iterable[Standing]) -> list[str]:
    return list(dict.fromkeys(row.line.evening.city for row in rows))


def town_statuses(rows: Iterable[Standing]) -> dict[str, Status | None]:
    """Town → the most remarkable status of its performances."""
    found: dict[str, Status | None] = {}
    for row in rows:
        city = row.line.evening.city
        found[city] = stronger(found[city], row.status) if city in found else row.status
    return found


def towns_heading(statuses: Iterable[Status | None]) -> Sentence:
    """Heading of the map: how many towns lag and are silent; else how many are ahead; else the measure."""
    rows = list(statuses)
    behind, silent = rows.count(Status.BEHIND), rows.count(Status.NO_FIGURES)
    ahead, full = rows.count(Status.AHEAD), rows.count(Status.SOLD_OUT)
    if behind or silent:
        code = "towns_lag_and_silent" if behind and silent else "towns_only_lag" if behind else "towns_only_silent"
        return Sentence(code, {"behind": behind, "silent": silent})
    if full:
        return Sentence("towns_sold_out", {"full": full})
    if ahead:
        return Sentence("towns_ahead", {"ahead": ahead})
    return Sentence("towns", {"towns": len(rows)})


def tour_heading(sold: int, median: float | None) -> Sentence:
    """Heading of the tour by date."""
    if not median or abs(sold / median - 1) < REMARKABLE:
        return Sentence("tour", {"sold": sold})
    return Sentence("tour_ahead" if sold > median else "tour_behind", {"tickets": abs(round(sold - median))})


def season_heading(season: int, lead: int | None, sold_now: int) -> Sentence:
    """Heading of the season's chart: tickets ahead of or behind last year."""
    values: dict[str, object] = {"season": season}
    if lead is None or not sold_now or abs(lead) < REMARKABLE * sold_now:
        return Sentence("season", values)
    return Sentence("season_ahead" if lead > 0 else "season_behind", values | {"tickets": abs(lead)})


def season_lede(figure: KeyFigure, occupancy: float | None, groups: Sequence[Group], lead: int | None) -> list[Sentence]:
    """The paragraph over a season: sold, against last year, which productions stand out."""
    if figure.value is None:
        return [Sentence("lede_no_figures", {"performances": figure.performances})]
    sentences = [Sentence("lede_sold", {"sold": figure.value, "performances": figure.covered, "occupancy": occupancy})]
    if lead is not None and abs(lead) >= REMARKABLE * figure.value:
        sentences.append(Sentence("lede_more" if lead > 0 else "lede_less", {"tickets": abs(lead)}))
    for status, code in ((Status.AHEAD, "groups_ahead"), (Status.BEHIND, "groups_lag")):
        named = [g for g in groups if g.status is status and g.expected]
        named.sort(key=lambda g: -abs(g.totals.sold - (g.expected or 0)))
        if named:
            names = [g.name for g in named[:MOST_NAMES]]
            sentences.append(Sentence(code, {"names": names, "count": len(named)}))
    return sentences


def share_of(cell: GenreCell) -> float | None:
    """Own share of the national tickets, None where the national figure may not be shown."""
    if isinstance(cell.tickets, NotShown):
        return None
    return ratio(cell.own_tickets, cell.tickets)


def market_heading(cells: Iterable[GenreCell]) -> Sentence:
    """Heading of the market by genre: where the own share is largest."""
    shares = [(share, cell.genre_id) for cell in cells if (share := share_of(cell))]
    if not shares:
        return Sentence("market", {})
    share, genre_id = max(shares)
    return Sentence("market_largest", {"share": share, "genre_id": genre_id})


def fill_heading(fills: Mapping[int, float | NotShown | None]) -> Sentence:
    """Heading of the nation by genre (id → paid occupancy): which fills best."""
    known = [(fill, genre_id) for genre_id, fill in fills.items() if isinstance(fill, float)]
    if not known:
        return Sentence("fill", {})
    share, genre_id = max(known)
    return Sentence("fill_highest", {"share": share, "genre_id": genre_id})


def region_heading(cells: Iterable[GenreCell]) -> Sentence:
    """Heading of the region: the province with the largest own share."""
    shares = [(share, cell.province_id) for cell in cells if cell.province_id and (share := share_of(cell))]
    if not shares:
        return Sentence("region", {})
    share, province_id = max(shares, key=lambda pair: pair[0])
    return Sentence("region_largest", {"share": share, "province_id": province_id})


def restatement_note(found: Sequence[Restatement]) -> list[Sentence]:
    """The note under the figures: how many past days changed, and the latest two of them. Empty without restatements."""
    if not found:
        return []
    days = len({(r.number, r.sales_date) for r in found})
    return [Sentence("restated_days", {"days": days}), *(restated_day(r) for r in found[:2])]


def restated_day(found: Restatement) -> Sentence:
    """One restated day: tickets before and after, or the recette when the tickets stayed."""
    values: dict[str, object] = {"town": found.city, "title": found.title, "day": found.sales_date}
    if found.sold_before != found.sold_after:
        return Sentence("restated_tickets", values | {"before": found.sold_before, "after": found.sold_after})
    if found.cents_before != found.cents_after:
        return Sentence("restated_recette", values | {"before": found.cents_before, "after": found.cents_after})
    return Sentence("restated_kinds", values)

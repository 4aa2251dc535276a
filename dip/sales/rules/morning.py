"""What changed since yesterday, worst first: losses, performances behind their target, sold out, silent. From rows already read."""

from collections.abc import Mapping, Sequence

from dip.sales.rules.targets import due
from dip.sales.terms import Change, Goal, Limits, Morning, News, Standing, Status

#: Lines of the list.
LINES = 6
#: Only performances of the next so many days are looked at for pace and silence.
HORIZON = 60
#: Tickets that must have gone back for a loss to be told, or this share of what was sold.
LEAST_LOST, SHARE_LOST = 10, 0.05


def since_yesterday(rows: Sequence[Standing], goals: Mapping[int, Goal], limits: Limits) -> Morning:
    """The list of the first page. Each performance stands in it once, under what is worst."""
    news: list[News] = []
    for row in rows:
        if row.is_played:
            continue
        found = _news(row, goals.get(row.line.evening.number), limits)
        if found is not None:
            news.append(found)
    news.sort(key=_order)
    counts = {change: sum(one.change is change for one in news) for change in Change}
    return Morning(tuple(_mixed(news)), {change: n for change, n in counts.items() if n})


def _news(row: Standing, goal: Goal | None, limits: Limits) -> News | None:
    state, before = row.line.state, row.line.before
    lost = before.sold - state.sold
    if before.has_tickets and lost >= LEAST_LOST and lost >= SHARE_LOST * before.sold:
        return News(Change.DROP, row, {"before": before.sold, "after": state.sold, "lost": lost})
    wanted = due(row, goal) if goal is not None and row.days <= HORIZON else None
    if goal is not None and wanted and _is_behind(row, wanted, limits):
        return News(Change.BEHIND_TARGET, row, {"sold": state.sold, "expected": round(wanted), "target": goal.tickets})
    if row.status is Status.SOLD_OUT and not 0 < before.for_sale <= before.sold:
        return News(Change.SOLD_OUT, row, {"sold": state.sold})
    if row.status is Status.NO_FIGURES and row.days <= HORIZON and state.has_tickets:
        return News(Change.NO_FIGURES, row, {"last": row.line.confirmed_at})
    return None


def _is_behind(row: Standing, wanted: float, limits: Limits) -> bool:
    state = row.line.state
    heard = state.has_tickets and row.status is not Status.NO_FIGURES
    return heard and wanted >= 1 and state.sold < wanted * limits.behind


def _order(one: News) -> tuple[int, float, int]:
    """Kind, then by how much: most lost, furthest behind, soonest."""
    values = one.values
    weight = {
        Change.DROP: lambda: -float(values["lost"]),  # type: ignore[arg-type]
        Change.BEHIND_TARGET: lambda: float(values["sold"]) / float(values["expected"]),  # type: ignore[arg-type]
    }.get(one.change, lambda: 0.0)()
    return list(Change).index(one.change), weight, one.row.days


def _mixed(news: Sequence[News]) -> list[News]:
    """The list within its length: the first of every kind, then the worst of what is left; in order of weight."""
    firsts = [next(one for one in news if one.change is change) for change in Change if any(n.change is change for n in news)]
    rest = [one for one in news if all(one is not first for first in firsts)]
    chosen = [*firsts, *rest[: max(LINES - len(firsts), 0)]]
    return sorted(chosen[:LINES], key=_order)

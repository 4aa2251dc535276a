"""Sums over performances and the six key figures, each with what it was computed from."""

from collections.abc import Iterable
from datetime import date

from dip.sales.rules.status import joint_status
from dip.sales.terms import Comparison, Group, KeyFigure, Limits, Standing, State, Totals
from dip.warehouse.terms import NotShown, ProductionComparison, Quantiles

TICKETS, OCCUPANCY, RECETTE = "tickets_sold", "occupancy_paid", "recette"
#: Columns of a state that hold tickets and cents per kind, its first ones; those of the sums stand in the same order.
_KINDS = 8
PRICE, RESERVED, BLOCKED = "average_price", "reservations", "blocked"


def total(states: Iterable[State]) -> Totals:
    """Sums of states. Performances without ticket figures count as performances, and in nothing else but seats held."""
    rows = list(states)
    heard = [state for state in rows if state.has_tickets]
    # column by column: an eighth of the time of a loop over each field
    kinds = [sum(column) for column in zip(*(state[:_KINDS] for state in heard), strict=True)] or [0] * _KINDS
    return Totals(
        len(rows),
        len(heard),
        sum(state.reserved is not None for state in rows),
        sum(state.blocked is not None for state in rows),
        *kinds,
        reserved=sum(state.reserved or 0 for state in rows),
        blocked=sum(state.blocked or 0 for state in rows),
        capacity=sum(state.capacity for state in heard),
        for_sale=sum(state.for_sale for state in heard),
    )


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def compared(value: float | None, quantiles: Quantiles, seats: float) -> Comparison | None:
    """Quantiles per seat (or per ticket, with ``seats`` 1) in the unit of the figure; None without a value to set beside them."""
    if value is None:
        return None
    return Comparison(quantiles.p10 * seats, quantiles.p50 * seats, quantiles.p90 * seats)


def key_figures(now: Totals, before: Totals, national: ProductionComparison | NotShown | None = None) -> list[KeyFigure]:
    """The six figures in the order of the strip.

    Changes are against ``before``, the state a day earlier. A figure of which nothing was reported is None, never 0. ``national``
    sets them beside comparable productions; a comparison that is not shown stays so in every figure.
    """
    occupancy_change = _difference(now.occupancy, before.occupancy)
    heard = now.with_tickets > 0
    n = now.performances
    figures = [
        KeyFigure(TICKETS, now.sold if heard else None, now.sold - before.sold if heard else None, None, None, now.with_tickets, n),
        KeyFigure(OCCUPANCY, now.occupancy, occupancy_change, now.sold, now.for_sale, now.with_tickets, n, now.occupancy_total),
        KeyFigure(
            RECETTE, now.recette_cents if heard else None, now.recette_cents - before.recette_cents if heard else None,
            None, None, now.with_tickets, n,
        ),
        KeyFigure(
            PRICE, now.price_cents, _difference(now.price_cents, before.price_cents), now.recette_cents, now.sold, now.with_tickets, n
        ),
        KeyFigure(
            RESERVED, now.reserved if now.with_reserved else None, now.reserved - before.reserved if now.with_reserved else None,
            None, None, now.with_reserved, n,
        ),
        KeyFigure(
            BLOCKED, now.blocked if now.with_blocked else None, now.blocked - before.blocked if now.with_blocked else None,
            now.blocked, now.capacity, now.with_blocked, n,
        ),
    ]  # fmt: skip
    if national is None:
        return figures
    return [_with_comparison(figure, now, national) for figure in figures]


def _with_comparison(figure: KeyFigure, now: Totals, national: ProductionComparison | NotShown) -> KeyFigure:
    if isinstance(national, NotShown):
        comparison: Comparison | NotShown | None = national
    else:
        quantiles, seats = {
            TICKETS: (national.fill, now.for_sale),
            OCCUPANCY: (national.fill, 1),
            RECETTE: (national.recette_cents, now.for_sale),
            PRICE: (national.price_cents, 1),
            RESERVED: (national.reserved, now.for_sale),
            BLOCKED: (national.blocked, now.capacity),
        }[figure.code]
        comparison = compared(figure.value, quantiles, seats)
    return KeyFigure(
        figure.code, figure.value, figure.change, figure.numerator, figure.denominator, figure.covered, figure.performances,
        figure.second, comparison,
    )  # fmt: skip


def group(key: str, name: str, note: str, rows: list[Standing], limits: Limits, link: str = "") -> Group:
    """Performances under one head. ``rows`` is not empty."""
    status, expected = joint_status(rows, limits)
    dates: list[date] = [row.line.evening.performance_date for row in rows]
    return Group(
        key=key,
        name=name,
        note=note,
        totals=total(row.line.state for row in rows),
        change=sum(row.line.sold_since for row in rows),
        expected=expected,
        status=status,
        first_date=min(dates),
        last_date=max(dates),
        coming=sum(not row.is_played for row in rows),
        link=link,
    )

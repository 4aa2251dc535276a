"""Evenings for each column: from seats and prices, or from figures."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction

from dip.contracts.rules.steps import settle
from dip.contracts.terms.columns import Basis, Column, Columns, PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Evening, SurchargeCode

RateOn = Callable[[date], Fraction]


def evening_sold_out(performance: PerformanceFigures, values: Values, low: Fraction, high: Fraction) -> Evening:
    """Every seat sold at its rank's entrance price; a rank without a price at the last one. Surcharges that ticketing counts in its
    recette come on top of the price, except the theatre's, which an entrance price includes and which is taken off where ticketing
    does not count it."""
    prices = _cents(values, "entrance_prices") or (0,)
    inside = _codes(values, "surcharges_in_recette")
    extra = sum(
        _money(values, f"{code}_surcharge") for code in SurchargeCode if code in inside and code is not SurchargeCode.THEATRE
    )
    if SurchargeCode.THEATRE not in inside:
        extra -= _money(values, f"{SurchargeCode.THEATRE}_surcharge")
    paid = [(seats, max(0, prices[min(rank, len(prices) - 1)] + extra)) for rank, seats in enumerate(performance.seats)]
    recette = sum(seats * price for seats, price in paid)
    return Evening(performance.number, performance.capacity, recette, low, high, on=performance.on)


def evening_as_told(performance: PerformanceFigures, low: Fraction, high: Fraction) -> Evening:
    """The newest figures; nothing sold where there are none."""
    return Evening(
        performance.number,
        performance.tickets or 0,
        performance.recette_cents if performance.tickets is not None else 0,
        low,
        high,
        performance.free_tickets,
        performance.on,
    )


def columns(
    format_code: str, values: Values, performances: Iterable[PerformanceFigures], *, low: RateOn, high: RateOn, today: date
) -> Columns:
    """The three columns of an agreement. A cancelled performance counts in none; a performance is played from the day after."""
    every = tuple(sorted(performances, key=lambda one: one.number))
    played_for = [one for one in every if not one.is_cancelled]
    sold_out = tuple(evening_sold_out(one, values, low(one.on), high(one.on)) for one in played_for)
    told = tuple(evening_as_told(one, low(one.on), high(one.on)) for one in played_for)
    played = [one for one in played_for if one.on < today]
    numbers = {one.number for one in played}
    final = tuple(evening for evening in told if evening.number in numbers)
    return Columns(
        potential=Column(Basis.POTENTIAL, sold_out, settle(format_code, values, sold_out), None),
        estimated=_told(Basis.ESTIMATED, format_code, values, told, played_for),
        actual=_told(Basis.ACTUAL, format_code, values, final, played, of=len(played_for)) if played else None,
        performances=every,
    )


def _told(
    basis: Basis,
    format_code: str,
    values: Values,
    evenings: tuple[Evening, ...],
    performances: list[PerformanceFigures],
    of: int = 0,
) -> Column:
    moments: list[datetime] = [one.confirmed_at for one in performances if one.confirmed_at is not None]
    missing = tuple(one.number for one in performances if one.tickets is None)
    return Column(basis, evenings, settle(format_code, values, evenings, of=of), min(moments, default=None), missing)


def _cents(values: Values, code: str) -> tuple[int, ...]:
    value = values.get(code)
    return tuple(item for item in value if isinstance(item, int)) if isinstance(value, tuple) else ()


def _codes(values: Values, code: str) -> tuple[str, ...]:
    value = values.get(code)
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def _money(values: Values, code: str) -> int:
    value = values.get(code)
    return value if isinstance(value, int) else 0

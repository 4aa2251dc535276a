"""Pay-out for both parties against tickets sold, exact where a rule begins or ends to work; break-even; and what if."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from dip.contracts.rules.rounding import half_up
from dip.contracts.rules.sharing import EACH
from dip.contracts.rules.steps import settle
from dip.contracts.terms.curves import Curve, CurvePoint, Edge
from dip.contracts.terms.fields import Tranche, Value, Values
from dip.contracts.terms.statement import Evening, Party, Statement

LOOKS = 16
"""Stretches in which edges are looked for; two edges of one performance in one stretch are found too, by halving it."""
Regime = tuple[tuple[str, int], ...]
"""Which rules work, per performance or over all, as pairs of a code and a state."""
SettledAt = Callable[[int], Statement]


def pay_out(
    format_code: str,
    values: Values,
    evenings: Sequence[Evening],
    *,
    capacity: int,
    average_price_cents: int | Fraction,
    most_points: int = 60,
    also: Sequence[int] = (),
    provider_costs_cents: int = 0,
) -> Curve:
    """The curve of terms, from 0 tickets over all performances to ``capacity``.

    ``evenings`` are the shape: tickets are divided over them in proportion to theirs, so give the potential's for a shape by capacity,
    and their VAT rates hold. ``average_price_cents``: recette as ticketing states it, per paid ticket. ``also``: numbers of tickets that
    must be points, such as today's. ``provider_costs_cents``: what the provider must earn before it breaks even. The number of points is
    at most ``most_points``, unless edges and ``also`` ask for more.
    """
    known: dict[int, Statement] = {}

    def at(tickets: int) -> Statement:
        if tickets not in known:
            known[tickets] = settle(format_code, values, evenings_at(evenings, tickets, average_price_cents))
        return known[tickets]

    places = _evenly(capacity, LOOKS)
    edges = sorted(edge for low, high in pairwise(places) for edge in _edges(at, values, low, high))
    needed = {*places, *(t for t in also if 0 <= t <= capacity)} | {t for tickets, _ in edges for t in (tickets - 1, tickets)}
    room = max(most_points - len(needed), 0)
    drawn = sorted(needed | set(_evenly(capacity, room) if room > LOOKS else ()))
    costs = {Party.PROVIDER: provider_costs_cents, Party.THEATRE: 0}
    return Curve(
        capacity=capacity,
        points=tuple(_point(tickets, at(tickets)) for tickets in drawn),
        edges=tuple(Edge(code, tickets) for tickets, code in edges),
        break_even={party: _break_even(at, drawn, f"{party}_ex", cents) for party, cents in costs.items()},
    )


def what_if(
    format_code: str,
    values: Values,
    evenings: Sequence[Evening],
    *,
    changes: Mapping[str, Value] | None = None,
    price_change_cents: int = 0,
    tickets: int | None = None,
) -> Statement:
    """The statement with other terms, dearer or cheaper tickets, or another number of tickets in all at the same average price.

    Nothing is kept. ``price_change_cents``: per paid ticket; no ticket becomes cheaper than nothing. Tickets are divided as they are now.
    """
    sold = sum(evening.tickets for evening in evenings)
    taken = sum(evening.recette_cents for evening in evenings)
    if tickets is not None:
        evenings = evenings_at(evenings, tickets, Fraction(taken, sold) if sold else 0)
    moved = [
        replace(evening, recette_cents=max(0, evening.recette_cents + evening.tickets * price_change_cents)) for evening in evenings
    ]
    return settle(format_code, {**values, **(changes or {})}, moved if price_change_cents else evenings)


def evenings_at(shape: Sequence[Evening], tickets: int, average_price_cents: int | Fraction) -> list[Evening]:
    """So many tickets at that price, divided over the evenings of a shape."""
    parts = divided(tickets, [max(0, evening.tickets) for evening in shape])
    price = Fraction(average_price_cents)
    cents = [half_up(part * price.numerator, price.denominator) for part in parts]
    return [replace(evening, tickets=part, recette_cents=own) for evening, part, own in zip(shape, parts, cents, strict=True)]


def divided(tickets: int, weights: Sequence[int]) -> list[int]:
    """Whole tickets in proportion to weights, equally where all are 0, by the divisor method of Sainte-Laguë: with one ticket more
    nobody ever has one less, so that no curve falls by how it was divided."""
    if not weights:
        return []
    used = weights if any(weights) else [1] * len(weights)
    whole = sum(used)
    parts = [half_up(tickets * weight, whole) for weight in used]
    while (short := tickets - sum(parts)) != 0:
        step = 1 if short > 0 else -1
        open_places = [place for place, weight in enumerate(used) if weight and (step > 0 or parts[place])]
        claim = {place: Fraction(used[place], 2 * parts[place] + step) for place in open_places}
        chosen = max(open_places, key=lambda p: (claim[p], -p)) if step > 0 else min(open_places, key=lambda p: (claim[p], -p))
        parts[chosen] += step
    return parts


def regime(statement: Statement, values: Values) -> Regime:
    """Which rules work in a statement: whether the guarantee lifts, how full the supplement is, in which tranche the net falls."""
    is_whole = bool(values.get("tranches")) and values.get("tranche_basis") != EACH
    is_each = bool(values.get("guarantee_per_performance")) and not is_whole
    found: list[tuple[str, int]] = []
    if line := statement.line("guarantee"):
        lifted = line.evenings if is_each else (line.cents,)
        found += [("guarantee", int(cents > 0)) for cents in lifted]
    if line := statement.line("supplement"):
        lifted = line.evenings if is_each else (line.cents,)
        most = int(str(line.details["most_cents"])) // (len(line.evenings) or 1 if is_each else 1)
        found += [("supplement", (cents > 0) + (cents >= most) + (cents > most)) for cents in lifted]
    return (*found, *_tranches_reached(statement, values))


def _tranches_reached(statement: Statement, values: Values) -> list[tuple[str, int]]:
    raw = values.get("tranches")
    tranches = [item for item in raw if isinstance(item, Tranche)] if isinstance(raw, tuple) else []
    line = statement.line("shareable") or statement.line("net")
    if not tranches or line is None:
        return []
    limits = [tranche.limit_cents for tranche in tranches[:-1] if tranche.limit_cents is not None]
    nets = line.evenings if values.get("tranche_basis") == EACH else (line.cents,)
    return [("tranche", bisect_left(limits, cents)) for cents in nets]


def _edges(at: SettledAt, values: Values, low: int, high: int) -> list[tuple[int, str]]:
    """Every change of regime above ``low`` up to ``high``, as (first tickets of the new one, code)."""
    before, after = (regime(at(tickets), values) for tickets in (low, high))
    if before == after:
        return []
    if high - low == 1:
        return [(high, code) for (code, old), (_, new) in zip(before, after, strict=True) if old != new]
    middle = (low + high) // 2
    return [*_edges(at, values, low, middle), *_edges(at, values, middle, high)]


def _break_even(at: SettledAt, places: Sequence[int], code: str, wanted_cents: int) -> int | None:
    """The least tickets from which the line is at least that, there and at every point above."""
    below = [place for place, tickets in enumerate(places) if at(tickets).cents(code) < wanted_cents]
    if not below:
        return 0
    if below[-1] == len(places) - 1:
        return None
    low, high = places[below[-1]], places[below[-1] + 1]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle).cents(code) < wanted_cents else (low, middle)
    return high


def _point(tickets: int, statement: Statement) -> CurvePoint:
    provider, theatre = statement.cents("provider_ex"), statement.cents("theatre_ex")
    return CurvePoint(tickets, provider, theatre, statement.cents("provider_total"), statement.cents("theatre_total"))


def _evenly(capacity: int, parts: int) -> list[int]:
    """0 to capacity in about so many equal stretches, both ends in it."""
    parts = max(1, min(parts, capacity))
    return sorted({half_up(capacity * place, parts) for place in range(parts + 1)})

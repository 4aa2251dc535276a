"""From what ticketing states and what the theatre fills in to the figures of a borderel, and from those to its statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dip.contracts.rules.bases import RateOn
from dip.contracts.rules.steps import settle
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.settlements import SettledFigures, Sold, Typed
from dip.contracts.terms.statement import Evening, Statement


def told_figures(performances: Iterable[PerformanceFigures], low: RateOn, high: RateOn) -> tuple[SettledFigures, ...]:
    """What ticketing states now of the performances that were not cancelled, by number, with the VAT of their day."""
    return tuple(
        SettledFigures(
            number=one.number,
            on=one.on,
            hall=one.hall,
            seats=one.capacity,
            vat_rate=low(one.on),
            high_vat_rate=high(one.on),
            sold=sold_of(one),
            told=sold_of(one),
            source=one.source,
            true_at=one.true_at,
        )
        for one in sorted(performances, key=lambda one: one.number)
        if not one.is_cancelled
    )


def sold_of(one: PerformanceFigures) -> Sold | None:
    """What ticketing states of a performance; None while it stated nothing."""
    return None if one.tickets is None else Sold(one.tickets, one.free_tickets, one.recette_cents)


def working_figures(
    kept: Sequence[SettledFigures], told: Sequence[SettledFigures], draft: Sequence[SettledFigures], *, follows: bool
) -> tuple[SettledFigures, ...]:
    """The figures as they stand before they are confirmed (again).

    ``kept``: as opened or confirmed last; ``told``: as ticketing states now; ``draft``: what the theatre changed since. A first borderel
    ``follows`` ticketing until it is confirmed; a disputed or reopened one stays with what was confirmed. Performances that ticketing's
    list no longer has were cancelled and fall out; new ones come in as told.
    """
    base = {one.number: one for one in (() if follows else kept)}
    own = {one.number: one for one in draft}
    return tuple(own.get(one.number) or base.get(one.number) or one for one in told)


def with_typed(
    figures: Sequence[SettledFigures], told: Mapping[int, SettledFigures], typed: Mapping[int, Typed], by: str
) -> tuple[SettledFigures, ...]:
    """The figures with what was typed. The same as ticketing's is no correction; the same as before keeps its reason unless a new one is
    given. Performances that are not among the figures are left out."""
    return tuple(_typed(one, told[one.number], typed[one.number], by) if one.number in typed else one for one in figures)


def _typed(one: SettledFigures, told: SettledFigures, typed: Typed, by: str) -> SettledFigures:
    if typed.sold == told.sold:
        return told
    reason = " ".join(typed.reason.split())[:300]
    if typed.sold == one.sold and reason in ("", one.reason):
        return one
    if typed.sold == one.told and one.told is not None:
        return replace(one, sold=typed.sold, reason="", corrected_by="")
    return replace(told, sold=typed.sold, reason=reason, corrected_by=by)


def evenings_of(figures: Iterable[SettledFigures]) -> tuple[Evening, ...]:
    """As the steps of a settlement take them; a performance without figures counts as nothing sold."""
    return tuple(
        Evening(
            one.number,
            one.sold.tickets if one.sold else 0,
            one.sold.recette_cents if one.sold else 0,
            one.vat_rate,
            one.high_vat_rate,
            one.sold.free_tickets if one.sold else 0,
            one.on,
        )
        for one in figures
    )


def statement_of(format_code: str, values: Values, figures: Iterable[SettledFigures]) -> Statement:
    """The statement that figures give by terms."""
    return settle(format_code, values, evenings_of(figures))


def changed_since(kept: Iterable[SettledFigures], told: Iterable[SettledFigures]) -> dict[int, tuple[Sold | None, Sold]]:
    """Performances of which ticketing states something else now than when they were kept: number → (then, now)."""
    now = {one.number: one.sold for one in told}
    found = {}
    for one in kept:
        newest = now.get(one.number)
        if newest is not None and newest != one.told:
            found[one.number] = (one.told, newest)
    return found

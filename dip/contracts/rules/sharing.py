"""How the net is shared: by a percentage or in tranches, and topped up by a guarantee. Used by the formats."""

from collections.abc import Sequence
from fractions import Fraction

from dip.contracts.rules.ledger import Amounts, Ledger, minus
from dip.contracts.rules.rounding import equally, exact, rounded, spread
from dip.contracts.terms.fields import Tranche
from dip.contracts.terms.statement import Party, Sign

WHOLE, EACH = "whole", "each"
"""Readings of a fixed sum: of the agreement, or of each performance."""


def fixed_sum(ledger: Ledger, code: str) -> Amounts:
    """A fixed amount of the terms per performance, as ``fixed_sums`` reads it: once over all, divided equally, or each."""
    amount = ledger.money(code)
    if ledger.choice("fixed_sums") == EACH:
        return (amount,) * ledger.count
    return equally(amount, ledger.count)


def by_percentage(ledger: Ledger, step: str) -> None:
    """The provider's percentage of each performance's net; the theatre has the rest."""
    rate = exact(ledger.percentage("provider_percentage"))
    own = tuple(rounded(cents * rate) for cents in ledger.amounts("net"))
    write_shares(ledger, step, own, rate, ledger.amounts("net"))


def write_shares(ledger: Ledger, step: str, own: Amounts, rate: Fraction | None, shared: Amounts) -> None:
    """Two lines: the provider's share of ``shared``, and the rest of it."""
    ledger.add("provider_share", step, own, party=Party.PROVIDER, rate=rate, base=shared)
    rest = None if rate is None else 1 - rate
    ledger.add("theatre_share", step, minus(shared, own), party=Party.THEATRE, rate=rest, base=shared)


def in_tranches(net_cents: int, tranches: Sequence[Tranche], *, whole: bool = False) -> int:
    """The provider's part of a net that is shared in tranches.

    Marginal: each part of the net at its own tranche's percentage. ``whole``: all of it at the percentage of the tranche in which it
    falls, the lower one on the limit itself. Below 0 the first tranche's percentage holds; above the last limit the last one's.
    """
    if whole:
        reached = (t for t in tranches if t.limit_cents is None or net_cents <= t.limit_cents)
        return rounded(net_cents * exact(next(reached, tranches[-1]).percentage))
    if net_cents <= 0:
        return rounded(net_cents * exact(tranches[0].percentage))
    total, floor = Fraction(0), 0
    for place, tranche in enumerate(tranches):
        is_last = place == len(tranches) - 1
        top = net_cents if is_last or tranche.limit_cents is None else min(net_cents, tranche.limit_cents)
        total += max(0, top - floor) * exact(tranche.percentage)
        floor = max(floor, top)
    return rounded(total)


def guarantee(ledger: Ledger, step: str) -> None:
    """One party's share is topped up to the guaranteed sum, by the other; per performance, or over all."""
    for party, code in ((Party.PROVIDER, "provider_guarantee"), (Party.THEATRE, "theatre_guarantee")):
        amount = ledger.money(code)
        if not amount:
            continue
        share = ledger.amounts(f"{party}_share")
        lifted, guaranteed = top_up(ledger, share, amount)
        direction = 1 if party is Party.PROVIDER else -1
        ledger.add("guarantee", step, lifted, party=party, details={"guaranteed_cents": guaranteed}, bites=sum(lifted) > 0)
        ledger.add_hidden("top_up", tuple(direction * cents for cents in lifted))
        return


def top_up(ledger: Ledger, share: Amounts, amount: int, *, most: int | None = None) -> tuple[Amounts, int]:
    """What lifts a share to a guaranteed amount (of at most ``most``), per performance; and the sum guaranteed over all performances."""
    if ledger.holds("guarantee_per_performance"):
        lifted = tuple(_lift(cents, amount, most) for cents in share)
        return lifted, amount * ledger.count
    times = ledger.count if ledger.choice("guarantee_sum") == EACH else 1
    whole = _lift(sum(share), amount * times, None if most is None else most * times) if ledger.count else 0
    return equally(whole, ledger.count), amount * times


def _lift(share: int, amount: int, most: int | None) -> int:
    wanted = max(0, amount - share)
    return wanted if most is None else min(wanted, most)


def supplement(ledger: Ledger, step: str) -> None:
    """The theatre's supplement: up to a sum and at most so much (the default), or fixed with a least sum for the provider."""
    amount, floor_cents = ledger.money("suppletion"), ledger.money("suppletion_warranty")
    share = ledger.amounts("provider_share")
    lifted, guaranteed = top_up(ledger, share, floor_cents, most=amount)
    if ledger.choice("suppletion_reading") == "fixed":
        needed, _ = top_up(ledger, share, floor_cents)
        lifted = _at_least(ledger, needed, amount)
    details = {"guaranteed_cents": guaranteed, "most_cents": amount}
    ledger.add("supplement", step, lifted, sign=Sign.NONE, party=Party.PROVIDER, details=details, bites=sum(lifted) > 0)
    ledger.add_hidden("top_up", lifted)


def _at_least(ledger: Ledger, needed: Amounts, amount: int) -> Amounts:
    """The fixed supplement, or what the least sum asks where that is more."""
    if ledger.holds("guarantee_per_performance"):
        return tuple(max(amount, cents) for cents in needed)
    times = ledger.count if ledger.choice("guarantee_sum") == EACH else 1
    return equally(max(amount * times, sum(needed)), ledger.count) if ledger.count else ()


def shared_costs(ledger: Ledger, step: str) -> Amounts:
    """Costs taken from the net before it is shared, and given to the party that made them; what is left to share, per performance."""
    costs = fixed_sum(ledger, "shared_costs")
    if not any(costs):
        return ledger.amounts("net")
    payer = Party.PROVIDER if ledger.choice("shared_costs_by") == Party.PROVIDER else Party.THEATRE
    ledger.add("shared_costs", step, costs, sign=Sign.MINUS, party=payer)
    if payer is Party.PROVIDER:
        ledger.add_hidden("provider_costs", costs)
    left = minus(ledger.amounts("net"), costs)
    ledger.add("shareable", step, left, sign=Sign.SUM)
    return left


def by_tranches(ledger: Ledger, step: str) -> None:
    """The provider's share in tranches, of the net after shared costs; over all performances, or of each."""
    left = shared_costs(ledger, step)
    tranches, whole = ledger.tranches("tranches"), ledger.choice("tranche_reading") == "whole"
    if ledger.choice("tranche_basis") == EACH:
        own = tuple(in_tranches(cents, tranches, whole=whole) for cents in left)
    else:
        weights = left if min(left, default=0) >= 0 else (1,) * ledger.count
        own = spread(in_tranches(sum(left), tranches, whole=whole), weights)
    write_shares(ledger, step, own, None, left)

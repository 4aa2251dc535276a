"""How the net is shared: by a percentage or in tranches, and topped up by a guarantee. Used by the formats."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from dip.contracts.rules.ledger import Amounts, Ledger, minus
from dip.contracts.rules.rounding import equally, exact, half_up, part, rounded, spread_alike
from dip.contracts.terms.fields import Tranche
from dip.contracts.terms.statement import Party, Sign

WHOLE, EACH = "whole", "each"
"""Readings of a fixed sum: of the agreement, or of each performance."""


def fixed_sum(ledger: Ledger, code: str) -> Amounts:
    """A fixed amount of the terms per performance, as ``fixed_sums`` reads it: once over all, divided equally, or each."""
    amount = ledger.money(code)
    if ledger.choice("fixed_sums") == EACH:
        return (amount,) * ledger.count
    return equally(amount, ledger.of)[: ledger.count]


def over_all(ledger: Ledger, amount: int) -> int:
    """A sum over all performances together, as ``guarantee_sum`` reads it: once, for the part of them that is settled, or times their
    number."""
    if ledger.choice("guarantee_sum") == EACH:
        return amount * ledger.count
    return half_up(amount * ledger.count, ledger.of) if ledger.of else 0


def by_percentage(ledger: Ledger, step: str) -> None:
    """The provider's percentage of each performance's net; the theatre has the rest."""
    rate = exact(ledger.percentage("provider_percentage"))
    own = tuple(part(cents, rate) for cents in ledger.amounts("net"))
    write_shares(ledger, step, own, rate, ledger.amounts("net"))


def write_shares(
    ledger: Ledger, step: str, own: Amounts, rate: Fraction | None, shared: Amounts, details: Mapping[str, object] | None = None
) -> None:
    """Two lines: the provider's share of ``shared``, and the rest of it."""
    ledger.add("provider_share", step, own, party=Party.PROVIDER, rate=rate, base=shared, details=details)
    rest = None if rate is None else 1 - rate
    ledger.add("theatre_share", step, minus(shared, own), party=Party.THEATRE, rate=rest, base=shared)


def in_tranches(net_cents: int, tranches: Sequence[Tranche], *, whole: bool = False) -> int:
    """The provider's part of a net that is shared in tranches.

    Marginal: each part of the net at its own tranche's percentage. ``whole``: all of it at the percentage of the tranche in which it
    falls, the lower one on the limit itself. Below 0 the first tranche's percentage holds; above the last limit the last one's. Nothing
    where no tranche is filled in yet.
    """
    parts = net_per_tranche(net_cents, tranches, whole=whole)
    return rounded(sum((cents * exact(t.percentage) for cents, t in zip(parts, tranches, strict=True) if cents), Fraction(0)))


def net_per_tranche(net_cents: int, tranches: Sequence[Tranche], *, whole: bool = False) -> list[int]:
    """How much of a net falls in each tranche, see :func:`in_tranches`."""
    if not tranches:
        return []
    limits = [t.limit_cents for t in tranches[:-1]]
    if whole or net_cents <= 0:
        reached = next((place for place, limit in enumerate(limits) if limit is None or net_cents <= limit), len(limits))
        return [net_cents if place == reached else 0 for place in range(len(tranches))]
    tops = [0, *(net_cents if limit is None else min(net_cents, limit) for limit in limits), net_cents]
    return [max(0, top - bottom) for bottom, top in pairwise(tops)]


def guarantee(ledger: Ledger, step: str) -> None:
    """One party's share is topped up to the guaranteed sum, by the other; per performance, or over all."""
    for party, code in ((Party.PROVIDER, "provider_guarantee"), (Party.THEATRE, "theatre_guarantee")):
        amount = ledger.money(code)
        if amount <= 0:
            continue
        share = ledger.amounts(f"{party}_share")
        lifted, guaranteed = top_up(ledger, share, amount)
        direction = 1 if party is Party.PROVIDER else -1
        ledger.add("guarantee", step, lifted, party=party, details={"guaranteed_cents": guaranteed}, bites=sum(lifted) > 0)
        ledger.add_hidden("top_up", tuple(direction * cents for cents in lifted))
        return


def top_up(ledger: Ledger, share: Amounts, amount: int, *, most: int | None = None) -> tuple[Amounts, int]:
    """What lifts a share to a guaranteed amount (of at most ``most``), per performance; and the sum guaranteed over all performances.

    Shared as a whole, no performance has earned a share of its own: a guarantee for each then counts times their number, over all.
    """
    is_each = ledger.holds("guarantee_per_performance")
    if is_each and not ledger.is_shared_whole:
        lifted = tuple(_lift(cents, amount, most) for cents in share)
        return lifted, amount * ledger.count
    guaranteed = amount * ledger.count if is_each else over_all(ledger, amount)
    whole = _lift(sum(share), guaranteed, None if most is None else over_all(ledger, most))
    return equally(whole, ledger.count), guaranteed


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
    most = amount * ledger.count if ledger.holds("guarantee_per_performance") else over_all(ledger, amount)
    details = {"guaranteed_cents": guaranteed, "most_cents": most}
    ledger.add("supplement", step, lifted, sign=Sign.NONE, party=Party.PROVIDER, details=details, bites=sum(lifted) > 0)
    ledger.add_hidden("top_up", lifted)


def _at_least(ledger: Ledger, needed: Amounts, amount: int) -> Amounts:
    """The fixed supplement, or what the least sum asks where that is more."""
    if ledger.holds("guarantee_per_performance"):
        return tuple(max(amount, cents) for cents in needed)
    return equally(max(over_all(ledger, amount), sum(needed)), ledger.count)


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
    each = ledger.choice("tranche_basis") == EACH
    ledger.is_shared_whole = not each
    nets = left if each else (sum(left),)
    shares = tuple(in_tranches(cents, tranches, whole=whole) for cents in nets)
    own = shares if each else spread_alike(shares[0], left)
    filled = [net_per_tranche(cents, tranches, whole=whole) for cents in nets]
    write_shares(ledger, step, own, None, left, {"tranches": _told_tranches(tranches, filled)})


def _told_tranches(tranches: Sequence[Tranche], filled: Sequence[Sequence[int]]) -> list[dict[str, object]]:
    """Each tranche as a statement tells it: its limit, the net that fell in it over all performances, and the percentage."""
    return [
        {
            "limit_cents": t.limit_cents,
            "percentage": format(t.percentage.normalize(), "f"),
            "net_cents": sum(row[place] for row in filled),
        }
        for place, t in enumerate(tranches)
    ]

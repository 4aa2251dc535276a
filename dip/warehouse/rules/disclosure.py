"""What may be shown: the primary rules of disclosure control, for every figure that crosses organisations.

A *holding* is an organisation with all its theatres, or a theatre without one; on the other side a producer, and also the office
(agency) that knows the figures of several producers. Contributions are tickets, cents or seats per holding, 0 or more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dip.warehouse.terms import Limits

#: The lowest quantile that is shown, and with it the highest: 1 − LOWEST.
LOWEST = 0.10


@dataclass(frozen=True, slots=True)
class Top:
    """What the rules look at. Each field is a number, or a numpy array of one number per cell."""

    count: Any
    """Holdings that contribute more than nothing."""
    total: Any
    first: Any
    """The largest contribution."""
    second: Any
    """The second-largest contribution."""


def top_of(contributions: Iterable[float]) -> Top:
    """The number, the sum and the two largest of ``contributions``; a negative one counts as nothing."""
    given = sorted((value for value in contributions if value > 0), reverse=True)
    return Top(len(given), sum(given), given[0] if given else 0, given[1] if len(given) > 1 else 0)


def is_safe(top: Top, limits: Limits) -> Any:
    """Whether a sum may be shown: enough holdings, none that another could estimate, none that dominates.

    An array of answers for arrays.
    """
    enough = top.count >= limits.holdings_min
    unguessable = top.total - top.first - top.second >= limits.dominance_p * top.first
    not_one = top.first <= limits.top_one_max * top.total
    not_two = top.first + top.second <= limits.top_two_max * top.total
    return enough & unguessable & not_one & not_two


def all_safe(sides: Iterable[Iterable[float]], limits: Limits) -> bool:
    """Whether the rules hold for every side: a ratio gives those of its two parts, each for theatres and for providers."""
    return all(bool(is_safe(top_of(side), limits)) for side in sides)


def may_show_quantiles(count: int, limits: Limits) -> bool:
    """Whether p10 to p90 of ``count`` values may be shown: enough values, and neither end made of the smallest or largest one."""
    return count >= limits.quantile_min and LOWEST * (count - 1) >= 1

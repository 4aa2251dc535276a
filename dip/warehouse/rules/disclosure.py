"""What may be shown: the primary rules of disclosure control, for every figure that crosses organisations.

A *holding* is an organisation with all its theatres, or a theatre without one; on the other side a producer, and also the office
(agency) that knows the figures of several producers. Contributions are tickets, cents or seats per holding, 0 or more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

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


def is_safe_for_anyone(top: Top, emptied: Any, most_own: Any, limits: Limits) -> Any:
    """Whether a sum may be shown to everybody alike: it keeps the rules, and also once any one viewer's own part is taken out.

    ``emptied``: the most holdings that any viewer's own part would leave with nothing; ``most_own``: the largest own part. Looks at
    the least that can be left, so that what holds here holds for each viewer. Arrays give an array of answers.
    """
    left = Top(top.count - emptied, top.total - most_own, top.first, top.second)
    return is_safe(left, limits) & is_safe(top, limits)


def without_viewer(top: Top, third: Any, own: Any, emptied: Any, own_first: Any, own_second: Any) -> Top:
    """What the rules look at once a viewer's ``own`` part is taken out, of which so much is in the two largest holdings; ``third`` is
    the third-largest contribution. Never less strict than looking at each holding that is left."""
    first, second = np.asarray(top.first - own_first), np.asarray(top.second - own_second)
    ordered = np.sort(np.stack(np.broadcast_arrays(first, second, np.asarray(third))), axis=0)
    return Top(top.count - emptied, top.total - own, ordered[2], ordered[1])


def all_safe(sides: Iterable[Iterable[float]], limits: Limits) -> bool:
    """Whether the rules hold for every side: a ratio gives those of its two parts, each for theatres and for providers."""
    return all(bool(is_safe(top_of(side), limits)) for side in sides)


def may_show_quantiles(count: int, limits: Limits) -> bool:
    """Whether p10 to p90 of ``count`` values may be shown: enough values, and neither end made of the smallest or largest one."""
    return count >= limits.quantile_min and LOWEST * (count - 1) >= 1

"""The one rounding rule: half up, to whole cents, once at the statement line; and dividing an amount so that nothing is lost."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor


def rounded(amount: Fraction | int) -> int:
    """Whole cents of an exact amount, half up: away from zero at .5 on either side, so that −x is −(x).

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2))
    (3, -3)
    """
    if amount < 0:
        return -rounded(-amount)
    return floor(Fraction(amount) + Fraction(1, 2))


def exact(percentage: Decimal) -> Fraction:
    """A percentage as an exact part: ``exact(Decimal("12.5")) == Fraction(1, 8)``."""
    return Fraction(percentage) / 100


def spread(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``total`` cents over parts in proportion to non-negative ``weights``, equally where all are 0; the parts sum to the total.

    >>> spread(100, (1, 1, 1)), spread(-5, (0, 0))
    ((33, 34, 33), (-3, -2))
    """
    if not weights:
        return ()
    whole = sum(weights)
    used = weights if whole else (1,) * len(weights)
    whole = whole or len(weights)
    parts, done, running = [], 0, 0
    for weight in used:
        running += weight
        upto = rounded(Fraction(total * running, whole))
        parts.append(upto - done)
        done = upto
    return tuple(parts)


def equally(total: int, count: int) -> tuple[int, ...]:
    """``total`` cents over ``count`` equal parts; odd cents where :func:`spread` puts them."""
    return spread(total, (1,) * count)

"""The one rounding rule: half up, to whole cents, once at the statement line; and dividing an amount so that nothing is lost.

All in whole numbers: a rate is a numerator and a denominator, so that nothing is approximated and nothing is slow.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


def half_up(above: int, below: int) -> int:
    """``above ÷ below`` in whole cents; away from zero at .5 on either side, so that −x is −(x). ``below`` is positive.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    if above < 0:
        return -((below - 2 * above) // (2 * below))
    return (2 * above + below) // (2 * below)


def rounded(amount: Fraction | int) -> int:
    """Whole cents of an exact amount, see :func:`half_up`."""
    return half_up(amount.numerator, amount.denominator)


def part(cents: int, rate: Fraction) -> int:
    """Whole cents of a rate of an amount: ``part(101, Fraction(1, 2)) == 51``."""
    return half_up(cents * rate.numerator, rate.denominator)


def are_alike(rates: Sequence[Fraction]) -> bool:
    """Whether there is one rate, and the same everywhere."""
    return bool(rates) and all(rate is rates[0] or rate == rates[0] for rate in rates)


@lru_cache(maxsize=4096)
def exact(percentage: Decimal) -> Fraction:
    """A percentage as an exact part: ``exact(Decimal("12.5")) == Fraction(1, 8)``."""
    return Fraction(percentage) / 100


def spread(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``total`` cents over parts in proportion to non-negative ``weights``, equally where all are 0; the parts sum to the total.

    >>> spread(100, (1, 1, 1)), spread(-5, (0, 0))
    ((33, 34, 33), (-3, -2))
    """
    whole = sum(weights)
    used = weights if whole else (1,) * len(weights)
    whole = whole or len(weights)
    parts, done, running = [], 0, 0
    for weight in used:
        running += weight
        upto = half_up(total * running, whole)
        parts.append(upto - done)
        done = upto
    return tuple(parts)


def spread_alike(total: int, amounts: Sequence[int]) -> tuple[int, ...]:
    """``total`` over ``amounts`` of either sign: those with the total's own sign bear it, in proportion; equally where none has it.

    >>> spread_alike(90, (100, -10, 200)), spread_alike(-9, (5, -3))
    ((30, 0, 60), (0, -9))
    """
    sign = -1 if total < 0 else 1
    return spread(total, tuple(max(0, sign * amount) for amount in amounts))


def rate_of_all(amounts: Sequence[int], rate: Fraction) -> tuple[int, ...]:
    """A rate of the sum of ``amounts``, rounded once, as one part per amount: each is its own rate of it but for an odd cent.

    >>> rate_of_all((10, 10, -5), Fraction(1, 4))
    (3, 2, -1)
    """
    parts, done, running = [], 0, 0
    for amount in amounts:
        running += amount
        upto = part(running, rate)
        parts.append(upto - done)
        done = upto
    return tuple(parts)


def equally(total: int, count: int) -> tuple[int, ...]:
    """``total`` cents over ``count`` equal parts; odd cents where :func:`spread` puts them."""
    return spread(total, (1,) * count)

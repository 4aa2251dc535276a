"""What one's own figures beside those of like organisations say, and where a mark stands on its strip."""

from collections import Counter
from collections.abc import Iterable

from dip.benchmark.terms import Finding

#: Where the quartiles stand on every strip, and how near to its ends a mark may come, in per cent.
LOW, HIGH, EDGE = 30.0, 70.0, 2.0


def place_on_strip(value: float, low: float, high: float) -> float:
    """Where a value stands, in per cent of the strip: the quartiles at the same places in all rows, what lies far beyond at the edge.

    >>> place_on_strip(5, 4, 6), place_on_strip(6, 4, 6), place_on_strip(90, 4, 6)
    (50.0, 70.0, 98.0)
    """
    share = (value - low) / (high - low) if high > low else 0.5
    return min(max(LOW + share * (HIGH - LOW), EDGE), 100 - EDGE)


def place_from_zero(value: float, most: float) -> float:
    """Where a value stands on a strip from nothing to a fifth more than the larger of two."""
    return min(max(100 * value / (1.2 * most), EDGE), 100 - EDGE) if most > 0 else EDGE


def in_short(standings: Iterable[str]) -> Finding:
    """How many of one's figures stand in the upper quarter of the others, in the lower, and in the half between."""
    count = Counter(standings)
    told = sum(number for standing, number in count.items() if standing)
    if not told:
        return Finding("nothing")
    values = {"of": told, "high": count["highest"], "low": count["lowest"], "between": told - count["highest"] - count["lowest"]}
    return Finding("counts", values)

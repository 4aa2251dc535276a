"""Comparing one production with others at the same mix of distances, and one theatre with its colleagues."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dip.warehouse.rules.cohorts import grid_day
from dip.warehouse.rules.disclosure import LOWEST, Top
from dip.warehouse.terms import Quantiles

#: Performances that a production must have to be compared with.
PERFORMANCES_MIN = 3
#: Part of the mix of distances that a running production must have reached.
REACH_MIN = 0.5


def mix_of_distances(weights: Mapping[int, int]) -> dict[int, int]:
    """``weights`` (days before → seats) on the days of the grid; seats of 0 or less are left out."""
    mix: dict[int, int] = {}
    for days, seats in weights.items():
        if seats > 0:
            mix[grid_day(days)] = mix.get(grid_day(days), 0) + seats
    return mix


def spread(values: Iterable[float]) -> Quantiles:
    """p10, median and p90 of at least one value, linear between neighbours."""
    ordered = sorted(values)
    return Quantiles(_at(ordered, LOWEST), _at(ordered, 0.5), _at(ordered, 1 - LOWEST))


def _at(ordered: Sequence[float], probability: float) -> float:
    exact = probability * (len(ordered) - 1)
    low = int(exact)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (exact - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True, slots=True)
class Places:
    """One measure of a production on one day, over its theatres: the sum, how many have it, and the three largest."""

    count: int
    total: int
    largest: tuple[tuple[int, int], ...]
    """(theatre, contribution), largest first, at most three; the third's theatre is never asked."""

    def without(self, theatre: int, contribution: int) -> Top:
        """What the rules look at once ``theatre``, which contributed ``contribution``, is taken out."""
        others = [value for place, value in self.largest if place != theatre]
        others += [0, 0]
        return Top(self.count - (1 if contribution > 0 else 0), self.total - contribution, others[0], others[1])

"""From quotas to seats: how many tickets fit when several quotas cover the same products, some without a limit."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

#: A product, or one of its variations: (item, variation or None).
Cell = tuple[int, int | None]
#: Up to so many limited quotas every choice is tried; with more, the best one is taken step by step.
_TRIED = 10


class Product(NamedTuple):
    """What is sold: its name, whether it admits to the performance, whether it is for sale, and the names of its variations."""

    id: int
    name: str
    admits: bool
    is_active: bool
    variations: Mapping[int, str]

    def cells(self) -> list[Cell]:
        """What a quota can cover of it."""
        return [(self.id, variation) for variation in self.variations] or [(self.id, None)]


class Quota(NamedTuple):
    """A limit over cells; ``size`` and ``available`` None: without limit."""

    id: int
    size: int | None
    available: int | None
    cells: frozenset[Cell]
    is_closed: bool


def read_quota(row: Mapping[str, Any], products: Mapping[int, Product]) -> Quota:
    """A quota as pretix lists it, narrowed to products that admit to the performance."""
    variations = set(row["variations"])
    cells = frozenset(
        (item, variation)
        for item in row["items"]
        if item in products and products[item].admits
        for _, variation in products[item].cells()
        if variation is None or variation in variations
    )
    return Quota(row["id"], row["size"], row.get("available_number"), cells, bool(row["closed"]))


class Seating(NamedTuple):
    """How many tickets fit in all and how many are free now (None: without limit), and the quotas that decide it."""

    capacity: int | None
    available: int | None
    deciding: tuple[Quota, ...]
    is_closed: bool


def seating(quotas: Iterable[Quota], cells: frozenset[Cell]) -> Seating:
    """The seats behind ``cells``, what is for sale or was sold. A cell that no quota covers cannot be sold, and counts for nothing."""
    covering = [quota for quota in quotas if quota.cells & cells]
    covered = cells & frozenset().union(*(quota.cells for quota in covering))
    limited = [quota for quota in covering if quota.size is not None]
    is_closed = bool(covering) and all(quota.is_closed for quota in covering)
    if not covered or covered - frozenset().union(*(quota.cells for quota in limited)):
        return Seating(None, None, tuple(limited), is_closed)
    capacity, deciding = _cheapest(limited, covered, [quota.size or 0 for quota in limited])
    available, _ = _cheapest(limited, covered, [quota.available or 0 for quota in limited])
    return Seating(capacity, available, deciding, is_closed)


def _cheapest(quotas: Sequence[Quota], cells: frozenset[Cell], weights: Sequence[int]) -> tuple[int, tuple[Quota, ...]]:
    """The smallest sum of weights over quotas that together cover all cells: no more tickets than that fit in."""
    if len(quotas) > _TRIED:
        return _greedy(quotas, cells, weights)
    best: tuple[int, tuple[int, ...]] | None = None
    for count in range(1, len(quotas) + 1):
        for chosen in combinations(range(len(quotas)), count):
            weight = sum(weights[n] for n in chosen)
            if (best is None or weight < best[0]) and cells <= frozenset().union(*(quotas[n].cells for n in chosen)):
                best = weight, chosen
    assert best is not None  # all quotas together cover the cells
    return best[0], tuple(quotas[n] for n in best[1])


def _greedy(quotas: Sequence[Quota], cells: frozenset[Cell], weights: Sequence[int]) -> tuple[int, tuple[Quota, ...]]:
    left, chosen = set(cells), []
    while left:
        rest = [n for n in range(len(quotas)) if n not in chosen and quotas[n].cells & left]
        chosen.append(min(rest, key=lambda n: (weights[n] / len(quotas[n].cells & left), n)))
        left -= quotas[chosen[-1]].cells
    for n in list(chosen):  # what the others cover as well is not needed
        others = frozenset().union(*(quotas[m].cells for m in chosen if m != n))
        if cells <= others:
            chosen.remove(n)
    return sum(weights[n] for n in chosen), tuple(quotas[n] for n in chosen)

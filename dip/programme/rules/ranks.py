"""Seats per rank."""

from collections.abc import Sequence

from dip.programme.terms import RANKS


def seats_at_first(template: Sequence[int] | None, hall_capacity: int) -> list[int]:
    """Ranks of a new performance: the hall's default template, or one rank of the whole hall; empty when neither is known."""
    if template:
        return trimmed(template)
    return [hall_capacity] if hall_capacity else []


def trimmed(ranks: Sequence[int]) -> list[int]:
    """Without the empty ranks at the end. ``trimmed([300, 80, 0]) == [300, 80]``."""
    kept = list(ranks)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def fitted(ranks: Sequence[int], capacity: int) -> list[int]:
    """The same ranks with ``capacity`` seats in all: what is added goes to rank 1, what goes is taken from the last rank up.

    >>> fitted([300, 80], 400), fitted([300, 80], 290)
    ([320, 80], [290])
    """
    left = list(ranks) or [0]
    surplus = sum(left) - capacity
    if surplus <= 0:
        left[0] -= surplus
        return trimmed(left)
    for rank in reversed(range(len(left))):
        taken = min(left[rank], surplus)
        left[rank] -= taken
        surplus -= taken
    return trimmed(left)


def are_too_many(ranks: Sequence[int]) -> bool:
    """Whether there are more ranks than the wire contract can carry."""
    return len(trimmed(ranks)) > RANKS

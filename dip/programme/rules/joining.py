"""What becomes of two productions that are one: which performances are doubled, and which of a double counts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Night:
    """A performance that stands, as merging sees it. ``is_confirmed``: its theatre agreed."""

    number: int
    hall_id: int
    starts_at: datetime
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Of one evening entered twice ``goes`` counts no more, ``stays`` does."""

    goes: int
    stays: int


def doubles(going: Iterable[Night], staying: Iterable[Night]) -> list[tuple[Night, Night]]:
    """Pairs of one evening: the same hall at the same moment, one of each side."""
    there: Mapping[tuple[int, datetime], Night] = {(n.hall_id, n.starts_at): n for n in staying}
    return [(n, there[n.hall_id, n.starts_at]) for n in going if (n.hall_id, n.starts_at) in there]


def folds(pairs: Iterable[tuple[Night, Night]], figured: Collection[int]) -> tuple[list[Fold], list[tuple[int, int]]]:
    """What folds, and the pairs that cannot: both have figures.

    The one with figures counts; without any the one that its theatre confirmed; else the one of the production that stays.
    """
    done: list[Fold] = []
    refused: list[tuple[int, int]] = []
    for going, staying in pairs:
        if going.number in figured and staying.number in figured:
            refused.append((going.number, staying.number))
            continue
        prefers_going = going.number in figured or (
            staying.number not in figured and going.is_confirmed and not staying.is_confirmed
        )
        done.append(Fold(staying.number, going.number) if prefers_going else Fold(going.number, staying.number))
    return done, refused

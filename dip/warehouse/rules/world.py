"""What must be known when a delivery lands, beside its bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from dip.warehouse.rules.landed import CodeField
from dip.warehouse.rules.pseudonyms import Keys


class Meaning(NamedTuple):
    """What a code of a source stands for: its key, and the number of its value (0: nobody decided)."""

    key: int
    value: int


@dataclass(frozen=True)
class World:
    """What is known when a delivery lands. ``at``: microseconds since 1970. ``performances``: text → number, or why not."""

    source: int
    salt: bytes
    keys: Keys
    at: int
    keeps_gender: bool = False
    performances: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[tuple[CodeField, str], Meaning] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    """Performances that stay out."""
    erased: frozenset[int] = frozenset()
    """Pseudonyms of buyers that were erased."""


class Wanted(NamedTuple):
    """Distinct texts that must be looked up before the columns are built."""

    performances: set[str]
    codes: set[tuple[CodeField, str]]


def coded(column: Sequence[Any], number_of: Callable[[Any], int]) -> "np.ndarray":
    """The number of every value, asked once for each distinct one."""
    first = column[0]
    if column.count(first) == len(column):
        return np.full(len(column), number_of(first), np.int64)
    numbers = {value: number_of(value) for value in set(column)}
    return np.fromiter(map(numbers.__getitem__, column), np.int64, len(column))

"""Choosing the comparable performances of a viewer: narrow first, wider while they are too few or may not be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.bands import Floats, Indices, Ranked, quantiles_without, rank_columns
from dip.warehouse.rules.disclosure import LOWEST, Top, is_safe, may_show_quantiles, top_of
from dip.warehouse.terms import Limits

#: Quantiles of a band.
PROBABILITIES = (LOWEST, 0.5, 1 - LOWEST)


@dataclass(frozen=True, slots=True)
class Field:
    """Played performances of one genre, one row each, in the seasons that may be compared with."""

    fills: Floats
    """Performances × days of the grid."""
    sizes: npt.NDArray[np.int64]
    tickets: npt.NDArray[np.float64]
    theatres: Indices
    """Holding of the theatre; like ``producers`` and ``offices`` numbered from 0 without gaps."""
    producers: Indices
    offices: Indices
    seasons: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The comparable performances of one viewer for one key. ``quantiles`` (3 × days) is None when they may not be shown."""

    performance_count: int
    theatre_count: int
    provider_count: int
    seasons: tuple[int, ...]
    widened: bool
    quantiles: npt.NDArray[np.float64] | None


class Peers:
    """One set of comparable performances, before a viewer's own are taken out."""

    def __init__(self, field: Field, rows: Indices, *, widened: bool) -> None:
        self.rows = rows
        self.widened = widened
        self._field = field
        self._place = np.full(len(field.sizes), -1, dtype=np.int64)
        self._place[rows] = np.arange(len(rows))
        self._sides = [side[rows] for side in (field.theatres, field.producers, field.offices)]
        self._tickets = field.tickets[rows]
        self._sums = [np.bincount(side, weights=self._tickets).astype(np.float64) for side in self._sides]
        self._counts = [np.bincount(side) for side in self._sides]
        self._seasons = tuple(sorted({int(season) for season in field.seasons[rows]}))

    @cached_property
    def _ranked(self) -> Ranked:
        return rank_columns(self._field.fills[self.rows])

    def places(self, own: Indices) -> Indices:
        """Where the performances ``own`` (rows of the field) stand among these; those that do not are left out."""
        found = self._place[own]
        return found[found >= 0]

    def is_shown_without(self, own: Indices, limits: Limits) -> bool:
        """Whether quantiles of the others may be shown: every side keeps the rules on their tickets."""
        if not may_show_quantiles(len(self.rows) - len(own), limits):
            return False
        return all(bool(is_safe(_top(self._left(side, own)), limits)) for side in range(len(self._sides)))

    def choice_without(self, own: Indices, *, is_shown: bool) -> Choice:
        """What is told of the others."""
        counts = [
            int((total - np.bincount(side[own], minlength=len(total)) > 0).sum())
            for side, total in zip(self._sides, self._counts, strict=True)
        ]
        return Choice(
            performance_count=len(self.rows) - len(own),
            theatre_count=counts[0],
            provider_count=counts[1],
            seasons=self._seasons,
            widened=self.widened,
            quantiles=quantiles_without(self._ranked, own, PROBABILITIES) if is_shown else None,
        )

    def _left(self, side: int, own: Indices) -> npt.NDArray[np.float64]:
        sums = self._sums[side].copy()
        np.subtract.at(sums, self._sides[side][own], self._tickets[own])
        return sums


def _top(contributions: npt.NDArray[np.float64]) -> Top:
    """As :func:`dip.warehouse.rules.disclosure.top_of`, for an array."""
    given = contributions[contributions > 0]
    if len(given) < 2:
        return top_of(given.tolist())
    second, first = np.partition(given, len(given) - 2)[-2:]
    return Top(len(given), given.sum(), first, second)


def wider_and_wider(field: Field, size: int, season_year: int) -> list[Peers]:
    """The sets to try for a hall of ``size`` in ``season_year``: its size before that season, with what was played in it, and
    the same without regard to size. Sets that add nothing are left out."""
    tried: list[Peers] = []
    for widened in (False, True):
        fits = np.full(len(field.sizes), True) if widened else field.sizes == size
        for most_recent in (season_year - 1, season_year):
            rows = np.flatnonzero(fits & (field.seasons <= most_recent))
            if len(rows) and (not tried or len(rows) > len(tried[-1].rows)):
                tried.append(Peers(field, rows, widened=widened))
    return tried


def choose(tried: Sequence[Peers], own: Indices, limits: Limits) -> tuple[int, Choice]:
    """The first set that is large enough and may be shown without ``own``, or else the last; its index, and what is told of it.

    ``tried`` is not empty.
    """
    for index, peers in enumerate(tried):
        places = peers.places(own)
        is_last = index == len(tried) - 1
        if len(peers.rows) - len(places) < limits.cohort_min and not is_last:
            continue
        is_shown = peers.is_shown_without(places, limits)
        if is_shown or is_last:
            return index, peers.choice_without(places, is_shown=is_shown)
    raise ValueError("tried is empty; ask only where there are performances")

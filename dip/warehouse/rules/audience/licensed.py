"""An audience by the segments of a licensee's own table, from what origin publishes and from nothing else.

That is the guard: whatever a table is made to isolate, it can only add up figures that its owner may read on the same page anyway. Areas
that origin holds back are reckoned from what their municipality or province publishes beyond the areas that it does show, in
proportion to the people who live there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, attribute, is_shared_by_nearly_all, rates, rounded

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Entry i: ``share[i]`` (0..1) of PC4 number ``pc4[i]`` is of segment ``segment[i]``, of ``size``."""

    pc4: Ints
    segment: Ints
    share: Floats
    size: int


@dataclass(frozen=True)
class Told:
    """Buyers per segment, rounded or held back; rates in what is told; rate of the inhabitants (NaN unknown); buyers elsewhere."""

    buyers: Ints
    rates: Floats
    people: Floats
    unmatched: int
    base: int


def spread(published: Sequence[Ints], inside: Sequence[Ints], people: Floats) -> Floats:
    """Buyers per PC4 as far as published counts tell: those shown, and of a level's rest a part by inhabitants.

    ``published``: per level (the finest first) the count of each area, :data:`HELD_BACK` where it is not shown; ``inside``: per level the
    place of each PC4 in it; ``people``: inhabitants of each PC4.
    """
    own = published[0][inside[0]].astype(np.float64)
    answer = np.where(own == HELD_BACK, 0.0, own)
    is_open = own == HELD_BACK
    for counts, places in zip(published[1:], inside[1:], strict=True):
        shown = counts != HELD_BACK
        size = len(counts)
        rest = np.clip(np.where(shown, counts, 0) - np.bincount(places, weights=answer, minlength=size), 0, None)
        fits = is_open & shown[places]
        weight = np.where(fits, np.maximum(people, 1e-9), 0.0)
        whole = np.bincount(places, weights=weight, minlength=size)
        part = np.divide(weight, whole[places], out=np.zeros_like(weight), where=whole[places] > 0)
        answer = answer + part * rest[places]
        is_open &= ~fits
    return answer


def told(buyers: Floats, codes: Ints, people: Floats, table: Shares) -> Told:
    """The segments of buyers per PC4 (``codes``, sorted), under the rules for an attribute of persons."""
    place = np.searchsorted(codes, table.pc4)
    place = np.minimum(place, max(len(codes) - 1, 0))
    known = codes[place] == table.pc4 if len(codes) else np.zeros(len(table.pc4), dtype=bool)
    at, share, segment = place[known], table.share[known], table.segment[known]
    sums = np.bincount(segment, weights=share * buyers[at], minlength=table.size)
    folk = np.bincount(segment, weights=share * people[at], minlength=table.size)
    covered = np.zeros(len(codes))
    np.add.at(covered, at, share)
    elsewhere = float((buyers * np.clip(1.0 - covered, 0.0, 1.0)).sum())
    counts = np.rint(np.append(sums, elsewhere)).astype(np.int64)
    held = np.full(table.size + 1, HELD_BACK, dtype=np.int64)
    shown = held if is_shared_by_nearly_all(counts[:-1]) else attribute(counts, is_personal=False)
    whole = float(folk.sum())
    return Told(
        buyers=shown[:-1],
        rates=rates(shown[:-1]),
        people=folk / whole if whole else np.full(table.size, np.nan),
        unmatched=int(shown[-1]),
        base=int(rounded(np.array([counts.sum()]))[0]) if counts.sum() >= LIMITS.buyers_min else HELD_BACK,
    )


def reach_of_segments(table: Shares, people: dict[int, int]) -> tuple[Floats, Floats]:
    """Per segment the postcode areas that it covers (a half counts as a half; those where nobody lives not at all) and the inhabitants.

    Without ``people`` (no areas are loaded) every area counts, and nobody lives anywhere.
    """
    folk = np.array([people.get(int(code), 0) for code in table.pc4], dtype=np.float64)
    lived_in = ((folk > 0) | (not people)).astype(np.float64)
    areas, inhabitants = (
        np.bincount(table.segment, weights=table.share * each, minlength=table.size).astype(np.float64) for each in (lived_in, folk)
    )
    return areas, inhabitants

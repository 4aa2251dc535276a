"""The rules for figures about people, applied to the cells of an audience: here, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dip.warehouse.queries.audience.answers import Part, PartRow
from dip.warehouse.queries.audience.figures import NOTHING, Cell, Cells
from dip.warehouse.rules.audience.buying import DAYS, LEADS, PARTIES, PRICES
from dip.warehouse.rules.audience.buying import PARTS as TIMES
from dip.warehouse.rules.audience.linked import TWINS, linked
from dip.warehouse.rules.audience.loyalty import ARRIVALS, FREQUENCIES
from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, attribute, is_enough, is_shared_by_nearly_all, rates
from dip.warehouse.rules.audience.segments import STAGES, TASTES

Ints = npt.NDArray[np.int64]
AGES = ("unknown", "0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")


@dataclass(frozen=True, slots=True)
class Question:
    """A part: its number in the marts, unit, names of its codes, the number of the first; ``blank``: the first means "not known"."""

    number: int
    unit: str
    codes: tuple[str, ...]
    first: int = 0
    is_personal: bool = True
    blank: bool = False


QUESTIONS = {
    "returning": Question(1, "buyers", ARRIVALS[1:], 1),
    "stages": Question(2, "buyers", STAGES[1:5], 1),
    "tastes": Question(3, "buyers", TASTES, blank=True),
    "party_sizes": Question(4, "orders", PARTIES, is_personal=False),
    "lead_times": Question(5, "tickets", LEADS, is_personal=False),
    "moments": Question(6, "orders", tuple(f"{day + 1}-{time}" for day in range(DAYS) for time in TIMES), is_personal=False),
    "kinds": Question(7, "tickets", ("normal", "discount", "free", "other"), 1, is_personal=False),
    "price_bands": Question(8, "tickets", PRICES, is_personal=False),
    "channels": Question(
        9, "orders", ("online", "box_office", "phone", "agent", "group", "subscription", "other"), 1, is_personal=False
    ),
    "ages": Question(10, "buyers", AGES, blank=True),
    "genders": Question(11, "buyers", ("unknown", "f", "m", "x"), blank=True),
    "frequency": Question(12, "buyers", FREQUENCIES, is_personal=False),
    "retention": Question(13, "buyers", ("kept", "lost"), 1, is_personal=False),
    "lapsed": Question(14, "buyers", ("away", "dormant"), 1, is_personal=False),
}


def is_open(cells: Sequence[Cell], crosses: bool, wholes: Sequence[Sequence[Cell]] = ()) -> bool:
    """Whether the total of these cells may be told: enough buyers, enough organisations, and no too small rest of a ``whole``."""
    total = sum(cell.amount for cell in cells)
    if total == 0:
        return True
    if crosses and max(cell.organisations for cell in cells) < LIMITS.organisations_min:
        return False
    rest = sum(cell.rest for cell in cells)
    return all(is_far(total, sum(cell.amount for cell in whole)) for whole in wholes) and min(total, rest) >= LIMITS.buyers_min


def is_far(amount: int, whole: int) -> bool:
    """Whether what a whole holds beyond a part is nobody or enough."""
    return not 0 < whole - amount < LIMITS.buyers_min


def shown(code: str, cells: Cells, crosses: bool, wholes: Sequence[Cells] = ()) -> tuple[Ints, bool]:
    """What is published of a part, by code, held back where it must be; and whether its total may be told.

    ``wholes``: audiences of which this one is a part and that the reader can see too. Of parts that tell the same people twice either
    both are told or none.
    """
    counts, is_told = _shown(code, cells, crosses, wholes)
    if code in TWINS:
        other, is_other_told = _shown(TWINS[code], cells, crosses, wholes)
        if not (is_told and is_other_told) or (counts == HELD_BACK).any() or (other == HELD_BACK).any():
            return np.full(len(counts), HELD_BACK, dtype=np.int64), False
    return counts, is_told


def _shown(code: str, cells: Cells, crosses: bool, wholes: Sequence[Cells]) -> tuple[Ints, bool]:
    asked = QUESTIONS[code]
    mine = line_of(asked, cells)
    lines = [line_of(asked, whole) for whole in wholes]
    if not is_open(mine, crosses, lines):
        return np.full(len(mine), HELD_BACK, dtype=np.int64), False
    counts = np.array([cell.amount for cell in mine], dtype=np.int64)
    if asked.is_personal and is_shared_by_nearly_all(counts[1:] if asked.blank else counts):
        return np.full(len(mine), HELD_BACK, dtype=np.int64), True
    allowed = [may_stand(cell, crosses, [line[place].amount for line in lines]) for place, cell in enumerate(mine)]
    may = linked(code, counts, np.array(allowed) & is_enough(counts))
    enough = np.where(may, LIMITS.organisations_min, 0)
    return attribute(counts, enough, is_personal=False), True


def line_of(asked: Question, cells: Cells) -> list[Cell]:
    """The cells of a part, by code."""
    return [cells.get((asked.number, asked.first + place), NOTHING) for place in range(len(asked.codes))]


def may_stand(cell: Cell, crosses: bool, wholes: Sequence[int]) -> bool:
    """Whether a cell may be told by itself; ``wholes``: amounts of which it is a part and that the reader can see too."""
    if crosses and (cell.organisations < LIMITS.organisations_min or cell.rest < LIMITS.buyers_min):
        return False
    return all(is_far(cell.amount, whole) for whole in wholes)


def part(code: str, cells: Cells, crosses: bool, national: Cells, wholes: Sequence[Cells] = ()) -> Part:
    """A part as it may be told, with the nation's rates beside."""
    asked = QUESTIONS[code]
    counts, is_told = shown(code, cells, crosses, wholes)
    beside, _ = shown(code, national, True)
    total, whole = (sum(cell.amount for cell in line_of(asked, each)) for each in (cells, national))
    mine, theirs = rates_of(asked, counts, total), rates_of(asked, beside, whole)
    rows = tuple(
        PartRow(name, None if counts[place] == HELD_BACK else int(counts[place]), mine[place], theirs[place])
        for place, name in enumerate(asked.codes)
    )
    return Part(code, to_five(total) if is_told else None, asked.unit, rows)


def rates_of(asked: Question, counts: Ints, total: int) -> list[float | None]:
    """Shares of the published counts in all, ``total``; of an attribute in what is known, and of "not known" in all."""
    found = rates(counts, to_five(total))
    if asked.blank:
        known = to_five(total) - max(int(counts[0]), 0)
        found[1:] = rates(counts[1:], known)
    return [None if np.isnan(value) else round(float(value), 4) for value in found]


def to_five(amount: int) -> int:
    """Rounded to five."""
    return (2 * amount + LIMITS.rounding) // (2 * LIMITS.rounding) * LIMITS.rounding

"""The hidden factor: national sums are made of figures that are each disturbed a little, by a factor that nobody is told.

A theatre (holding) and an office each carry a factor of 1 ± ``factor_low`` to ``factor_high`` for a season; a row of figures is
multiplied by both. Who carries which is drawn with a secret key. Holdings of about the same size in a group (a theatre's province, an
office's genre) go in pairs, one up and one down, so that large sums hardly move. A factor once drawn stays for the season.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dip.warehouse.terms import Limits

#: Sides that carry a factor.
THEATRE, OFFICE = 0, 2
_MOST = 1 << 32
Key = tuple[int, int]
"""(side, holding)"""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A holding that carries a factor. ``group``: within which signs are balanced; ``size``: seats planned in the season."""

    side: int
    holding: int
    group: int
    size: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a carrier has: its factor, and whether its figures are in the national sums; ``group`` and ``size`` of when it was drawn."""

    factor: float
    group: int
    size: float
    is_in: bool = True


def drawn(key: bytes, season: int, carriers: Iterable[Carrier], before: Mapping[Key, Drawn], limits: Limits) -> dict[Key, Drawn]:
    """The factors of a season: those of ``before`` as they were, and new ones for carriers that had none.

    Who comes when there are factors already waits outside the national sums until at least ``join_min`` of its group wait with it: a
    sum that moves because one has joined would tell what that one has.
    """
    found = dict(before)
    groups: dict[Key, list[Carrier]] = defaultdict(list)
    for one in carriers:
        if (one.side, one.holding) not in before:
            groups[one.side, one.group].append(one)
    for (side, group), fresh in sorted(groups.items()):
        held = [row for (its_side, _), row in before.items() if its_side == side and row.group == group]
        signs = _signs(key, season, sorted(fresh, key=lambda one: (-one.size, one.holding)), held)
        for one in fresh:
            moved = signs[one.holding] * _between(_number(key, season, one, "amount"), limits)
            found[side, one.holding] = Drawn(1 + moved, group, one.size, is_in=not before)
    return _with_batches(found, limits)


def _signs(key: bytes, season: int, fresh: Sequence[Carrier], held: Sequence[Drawn]) -> dict[int, int]:
    """Neighbours by size go up and down; one that is left over goes against what the group leans to, or as the key has it."""
    signs = {}
    for first, second in zip(fresh[::2], fresh[1::2], strict=False):
        signs[first.holding] = 1 if _number(key, season, first, "sign") % 2 else -1
        signs[second.holding] = -signs[first.holding]
    if len(fresh) % 2:
        last = fresh[-1]
        lean = sum((row.factor - 1) * row.size for row in held)
        up = lean < 0 if held else bool(_number(key, season, last, "sign") % 2)
        signs[last.holding] = 1 if up else -1
    return signs


def _with_batches(found: dict[Key, Drawn], limits: Limits) -> dict[Key, Drawn]:
    waiting: dict[Key, list[Key]] = defaultdict(list)
    for (side, holding), row in found.items():
        if not row.is_in:
            waiting[side, row.group].append((side, holding))
    for batch in waiting.values():
        if len(batch) >= limits.join_min:
            for one in batch:
                row = found[one]
                found[one] = Drawn(row.factor, row.group, row.size)
    return found


def _between(number: int, limits: Limits) -> float:
    return limits.factor_low + (limits.factor_high - limits.factor_low) * number / _MOST


def _number(key: bytes, season: int, one: Carrier, what: str) -> int:
    """A number below 2³² that only who has the key can tell."""
    text = f"{what} {season} {one.side} {one.holding}".encode()
    return int.from_bytes(hmac.digest(key, text, "sha256")[:4], "big")


#: Margins that are told of a disturbed sum, as parts of it; what is more is told as the last.
MARGINS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.20)


def margin_of(error: float) -> float:
    """The margin that is told of a sum whose usual (root mean square) relative error is ``error``: twice that, in coarse steps.

    >>> margin_of(0.001), margin_of(0.012), margin_of(0.3)
    (0.005, 0.03, 0.2)
    """
    return next((step for step in MARGINS if 2 * error <= step), MARGINS[-1])

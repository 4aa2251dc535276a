"""Groups of like organisations: how they are made, when they change, and what may be told of the others in one.

A group has twelve members or more, is frozen for a season, and changes by three or more at a time. Of the others in it the median and
the quartiles are told, never the least or the most, and never from fewer than eight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Members of a group; changes that go together; values behind a median.
MEMBERS_MIN, BATCH_MIN, VALUES_MIN = 12, 3, 8
#: How far from its place an ordered value still weighs: less than the place of a quartile of eight values, so no extreme ever does.
_REACH = 1.5


class PeerSide(StrEnum):
    """Whose groups: those who run halls, or those who make productions."""

    THEATRE = "theatre"
    PROVIDER = "provider"


class PeerMeasure(StrEnum):
    """What organisations of a group are compared in."""

    OCCUPANCY = "occupancy"
    PRICE = "price"
    TICKETS = "tickets"
    PERFORMANCES = "performances"
    LAST_WEEK = "last_week"
    REDUCED = "reduced"
    NEW_BUYERS = "new_buyers"
    RETENTION = "retention"
    PENETRATION = "penetration"
    THEATRES = "theatres"


#: The measures of a side, in the order in which they are shown.
MEASURES: Mapping[PeerSide, tuple[PeerMeasure, ...]] = {
    PeerSide.THEATRE: (
        PeerMeasure.OCCUPANCY, PeerMeasure.PRICE, PeerMeasure.TICKETS, PeerMeasure.PERFORMANCES, PeerMeasure.LAST_WEEK,
        PeerMeasure.REDUCED, PeerMeasure.NEW_BUYERS, PeerMeasure.RETENTION, PeerMeasure.PENETRATION,
    ),
    PeerSide.PROVIDER: (
        PeerMeasure.OCCUPANCY, PeerMeasure.PRICE, PeerMeasure.TICKETS, PeerMeasure.THEATRES, PeerMeasure.NEW_BUYERS,
    ),
}  # fmt: skip
#: First size of each class: seats in all halls, or performances a season.
SIZES: Mapping[PeerSide, tuple[int, ...]] = {PeerSide.THEATRE: (0, 200, 500, 1000, 2000), PeerSide.PROVIDER: (0, 25, 75, 200)}
#: Steps in which figures of others are told, so that no single value is read from a median; prices in cents.
STEPS: Mapping[PeerMeasure, float] = {
    PeerMeasure.OCCUPANCY: 0.005, PeerMeasure.PRICE: 25, PeerMeasure.TICKETS: 5, PeerMeasure.PERFORMANCES: 5,
    PeerMeasure.LAST_WEEK: 0.005, PeerMeasure.REDUCED: 0.005, PeerMeasure.NEW_BUYERS: 0.005, PeerMeasure.RETENTION: 0.005,
    PeerMeasure.PENETRATION: 0.5, PeerMeasure.THEATRES: 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may be in a group: its type (kind of house, or main genre) and its size (seats, or performances)."""

    organisation: int
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    """Organisations of ``kinds`` with sizes from ``low`` up to ``high`` (exclusive; None: without end); members by number."""

    kinds: tuple[str, ...]
    low: int
    high: int | None
    members: tuple[int, ...]

    def takes(self, candidate: Candidate) -> bool:
        """Whether an organisation belongs here."""
        return candidate.kind in self.kinds and self.low <= candidate.size and (self.high is None or candidate.size < self.high)


def grouped(candidates: Iterable[Candidate], sizes: Sequence[int], least: int = MEMBERS_MIN) -> tuple[Group, ...]:
    """All candidates in groups by type and size, each of ``least`` members or more; none when there are fewer candidates than that.

    Types with too few organisations go together; when they are still too few, with the smallest of the other types. Inside a type the
    class with the fewest joins its smaller neighbour until all are large enough. The order of the candidates plays no part.
    """
    given = sorted(candidates, key=lambda one: one.organisation)
    if len(given) < least:
        return ()
    found = [_classes(given, kinds, sizes, least) for kinds in _kinds(given, least)]
    return tuple(group for groups in found for group in groups)


def _kinds(given: Sequence[Candidate], least: int) -> list[tuple[str, ...]]:
    counts: dict[str, int] = {}
    for one in given:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    large = sorted((kind for kind in counts if counts[kind] >= least), key=lambda kind: (-counts[kind], kind))
    small = sorted(kind for kind in counts if counts[kind] < least)
    if large and 0 < sum(counts[kind] for kind in small) < least:
        small = sorted([*small, large.pop()])
    return [(kind,) for kind in large] + ([tuple(small)] if small else [])


def _classes(given: Sequence[Candidate], kinds: tuple[str, ...], sizes: Sequence[int], least: int) -> list[Group]:
    mine = [one for one in given if one.kind in kinds]
    ends: list[int | None] = [*sizes[1:], None]
    held = [
        Group(kinds, low, high, tuple(one.organisation for one in mine if low <= one.size and (high is None or one.size < high)))
        for low, high in zip(sizes, ends, strict=True)
    ]
    while len(held) > 1 and min(len(group.members) for group in held) < least:
        place = min(range(len(held)), key=lambda n: (len(held[n].members), n))
        beside = [n for n in (place - 1, place + 1) if 0 <= n < len(held)]
        first = min(place, min(beside, key=lambda n: (len(held[n].members), n)))
        low, high = held[first], held[first + 1]
        held[first : first + 2] = [Group(kinds, low.low, high.high, tuple(sorted((*low.members, *high.members))))]
    return held


def place_of(candidate: Candidate, groups: Sequence[Group]) -> int | None:
    """Index of the group in which a newcomer belongs; of an unknown type: the group of its size with the most members."""
    fits = [n for n, group in enumerate(groups) if group.takes(candidate)]
    if fits:
        return fits[0]
    sized = [n for n, group in enumerate(groups) if group.takes(Candidate(candidate.organisation, group.kinds[0], candidate.size))]
    return max(sized, key=lambda n: (len(groups[n].members), -n), default=None)


def changes_due(members: int, joins: int, leaves: int) -> bool:
    """Whether waiting changes of a group are taken in now: three or more together, and twelve members stay."""
    return joins + leaves >= BATCH_MIN and members + joins - leaves >= MEMBERS_MIN


def steady(before: frozenset[int] | None, now: frozenset[int]) -> frozenset[int]:
    """Who counts behind a figure: who did, unless three or more came or went together. ``before`` None: nothing was told yet."""
    return now if before is None or len(before ^ now) >= BATCH_MIN else before


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the others: how many, the lower quartile, the median and the upper quartile."""

    count: int
    low: float
    median: float
    high: float


def spread_of(others: Iterable[float], step: float) -> Spread | None:
    """Median and quartiles of at least eight values, in steps; None when there are fewer, or when they hardly differ.

    Each is a weighted mean of the values within :data:`_REACH` of its place, so it is no organisation's own; the least and the most
    weigh nothing.
    """
    ordered = sorted(others)
    if len(ordered) < VALUES_MIN:
        return None
    low, median, high = (in_steps(_about(ordered, probability), step) for probability in (0.25, 0.5, 0.75))
    return Spread(len(ordered), low, median, high) if low < high else None


def _about(ordered: Sequence[float], probability: float) -> float:
    place = probability * (len(ordered) - 1)
    weights = [max(_REACH - abs(n - place), 0.0) for n in range(len(ordered))]
    return sum(weight * value for weight, value in zip(weights, ordered, strict=True)) / sum(weights)


def in_steps(value: float, step: float) -> float:
    """``value`` at the nearest multiple of ``step``."""
    return round(round(value / step) * step, 6)


def standing(own: float, spread: Spread, step: float) -> str:
    """Where one's own stands among the others: "lowest" or "highest" quarter, "lower" or "higher", or "middle" (about the median)."""
    if abs(own - spread.median) <= step / 2:
        return "middle"
    if own < spread.median:
        return "lowest" if own < spread.low else "lower"
    return "highest" if own > spread.high else "higher"

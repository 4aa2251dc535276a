"""Which sentences an audience carries: what stands out from the nation, and how clearly. Pure; the words belong to the pages.

A part of which something is held back says nothing: its shares are of what is shown, and no sentence may sound surer than that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Row(Protocol):
    """One value of a part: ``rate`` and ``national_rate`` 0..1, None when held back."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def count(self) -> int | None: ...  # noqa: D102
    @property
    def rate(self) -> float | None: ...  # noqa: D102
    @property
    def national_rate(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Finding:
    """What the figures say: which sentence, and the values in it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


#: A difference with the nation that a heading speaks of, and that of the paragraph over the page; of 0..1.
POINTS, CLEAR_POINTS = 0.03, 0.05
#: And so many times the nation at least.
TIMES = 1.15
HALF = 0.5
#: Codes that tell of nobody: not known, not classified.
BLANK = frozenset({"unknown", "unclassified"})
#: Sold more than a month before.
EARLY = ("31-90", "91-180", "181+")
#: A part of the week is named from this many times an even spread.
OFTEN = 1.5
#: A home province is named when so many of the buyers live there.
HOME = 0.3


def is_whole(rows: Sequence[Row]) -> bool:
    """Whether there are figures and every one of them is shown."""
    return bool(rows) and all(row.count is not None for row in rows) and any(row.count for row in rows)


def is_beside(rows: Sequence[Row]) -> bool:
    """Whether the nation can be set beside all of them."""
    return all(row.national_rate is not None for row in rows)


def share(rows: Iterable[Row], codes: Iterable[str]) -> tuple[float | None, float | None]:
    """The rate of these codes together, own and national; None when one of them is not shown."""
    wanted = set(codes)
    chosen = [row for row in rows if row.code in wanted]
    own, national = [row.rate for row in chosen], [row.national_rate for row in chosen]
    return _sum(own), _sum(national)


def _sum(rates: Sequence[float | None]) -> float | None:
    known = [rate for rate in rates if rate is not None]
    return sum(known) if rates and len(known) == len(rates) else None


def stands_out(rows: Sequence[Row], points: float = POINTS) -> Row | None:
    """The value that is most above the nation, when that is clear; None when nothing is, or something is held back."""
    if not is_whole(rows) or not is_beside(rows):
        return None
    known = [row for row in rows if row.code not in BLANK and row.rate is not None and row.national_rate is not None]
    most = max(known, key=_lead, default=None)
    if most is None or _lead(most) < points or (most.rate or 0.0) < TIMES * (most.national_rate or 0.0):
        return None
    return most


def _lead(row: Row) -> float:
    return (row.rate or 0.0) - (row.national_rate or 0.0)


def heading(part: str, rows: Sequence[Row], *, is_national: bool = False) -> Finding:
    """Over the drawing of a part. ``is_national``: there is nothing beside it. "measure" when nothing stands out."""
    own = _HEADINGS.get(part, _over)(part, rows, is_national)
    return own or Finding("measure", {"part": part})


def _over(part: str, rows: Sequence[Row], is_national: bool) -> Finding | None:
    row = None if is_national else stands_out(rows)
    return Finding("over", {"part": part, "of": row.code, "rate": row.rate, "national": row.national_rate}) if row else None


def _new(_part: str, rows: Sequence[Row], _is_national: bool) -> Finding | None:
    rate = next((row.rate for row in rows if row.code == "new"), None)
    return Finding("new", {"rate": rate}) if is_whole(rows) and rate is not None else None


def _pairs(part: str, rows: Sequence[Row], is_national: bool) -> Finding | None:
    rate = next((row.rate for row in rows if row.code == "2"), None)
    if is_whole(rows) and rate is not None and rate >= HALF:
        return Finding("pairs", {"rate": rate})
    return _over(part, rows, is_national)


def _lead_times(_part: str, rows: Sequence[Row], is_national: bool) -> Finding | None:
    rate, national = share(rows, EARLY)
    if not is_whole(rows) or rate is None:
        return None
    if not is_national and national is not None and is_beside(rows) and abs(rate - national) >= POINTS:
        return Finding("earlier" if rate > national else "later", {"rate": rate, "national": national})
    return Finding("month", {"rate": rate}) if rate >= HALF else None


def _moments(_part: str, rows: Sequence[Row], _is_national: bool) -> Finding | None:
    known = [row for row in rows if row.rate is not None]
    most = max(known, key=lambda row: row.rate or 0.0, default=None)
    if most is None or not is_whole(rows) or (most.rate or 0.0) < OFTEN / len(rows):
        return None
    return Finding("moment", {"of": most.code, "rate": most.rate})


def _visits(_part: str, rows: Sequence[Row], _is_national: bool) -> Finding | None:
    rate = next((row.rate for row in rows if row.code == "1"), None)
    if rate is None or not is_whole(rows):
        return None
    return Finding("once", {"rate": rate}) if rate >= HALF else Finding("more_than_once", {"rate": 1 - rate})


def _kept(_part: str, rows: Sequence[Row], is_national: bool) -> Finding | None:
    row = next((row for row in rows if row.code == "kept"), None)
    if row is None or row.rate is None or not is_whole(rows):
        return None
    if is_national or row.national_rate is None or not is_beside(rows):
        return Finding("kept", {"rate": row.rate})
    return Finding("kept_beside", {"rate": row.rate, "national": row.national_rate})


def _lapsed(_part: str, rows: Sequence[Row], _is_national: bool) -> Finding | None:
    total = sum(row.count or 0 for row in rows)
    return Finding("lapsed", {"count": total}) if is_whole(rows) else None


_HEADINGS = {
    "returning": _new, "party_sizes": _pairs, "lead_times": _lead_times, "moments": _moments, "frequency": _visits,
    "retention": _kept, "lapsed": _lapsed,
}  # fmt: skip


def lede(
    orders: int | None, parts: Mapping[str, Sequence[Row]], homes: Sequence[tuple[str, int]], *, is_national: bool
) -> list[Finding]:
    """The paragraph over the page: three findings at most, the clearest that there are.

    ``homes``: buyers by home province that are shown. "measure" alone when nothing stands out.
    """
    if orders is None:
        return [Finding("held_back")]
    if not orders:
        return [Finding("nobody")]
    found = [_arrival(parts.get("returning", ()), is_national), _early(parts.get("lead_times", ()), is_national)]
    found += [_kind_of_people(parts, is_national), _home(homes)]
    return [one for one in found if one is not None][:3] or [Finding("lede_measure")]


def _arrival(rows: Sequence[Row], is_national: bool) -> Finding | None:
    row = next((row for row in rows if row.code == "new"), None)
    if row is None or row.rate is None or not is_whole(rows):
        return None
    if is_national or row.national_rate is None or not is_beside(rows):
        return Finding("lede_new", {"rate": row.rate})
    difference = row.rate - row.national_rate
    code = "lede_new_as" if abs(difference) < CLEAR_POINTS else "lede_new_more" if difference > 0 else "lede_new_less"
    return Finding(code, {"rate": row.rate, "national": row.national_rate})


def _early(rows: Sequence[Row], is_national: bool) -> Finding | None:
    rate, national = share(rows, EARLY)
    if (
        is_national
        or not (is_whole(rows) and is_beside(rows))
        or rate is None
        or national is None
        or abs(rate - national) < CLEAR_POINTS
    ):
        return None
    return Finding("lede_earlier" if rate > national else "lede_later", {"rate": rate, "national": national})


def _kind_of_people(parts: Mapping[str, Sequence[Row]], is_national: bool) -> Finding | None:
    if is_national:
        return None
    found = [(part, row) for part in ("stages", "tastes", "ages") if (row := stands_out(parts.get(part, ()), CLEAR_POINTS))]
    if not found:
        return None
    part, row = max(found, key=lambda pair: _lead(pair[1]))
    return Finding("lede_over", {"part": part, "of": row.code, "rate": row.rate, "national": row.national_rate})


def _home(homes: Sequence[tuple[str, int]]) -> Finding | None:
    total = sum(buyers for _, buyers in homes)
    name, most = max(homes, key=lambda pair: pair[1], default=("", 0))
    return Finding("lede_home", {"name": name, "rate": most / total}) if total and most >= HOME * total else None


def areas_heading(rates: Sequence[tuple[str, float]]) -> Finding:
    """Over the map. ``rates``: (area, buyers per 1,000 inhabitants) that are shown: those at twice the middle one or more, three at most."""
    ordered = sorted(rates, key=lambda pair: (-pair[1], pair[0]))
    if len(ordered) < 3:
        return Finding("areas")
    middle = ordered[len(ordered) // 2][1]
    far = [name for name, rate in ordered if middle and rate >= 2 * middle][:3]
    return Finding("areas_twice", {"names": far}) if far else Finding("areas")


def elsewhere_heading(rows: Sequence[Row]) -> Finding:
    """Over "also at another theatre": buyers of two organisations and more."""
    rate, national = share(rows, ("2", "3+"))
    if not is_whole(rows) or rate is None:
        return Finding("elsewhere")
    if national is not None and is_beside(rows) and abs(rate - national) >= POINTS:
        return Finding("elsewhere_more" if rate > national else "elsewhere_less", {"rate": rate, "national": national})
    return Finding("elsewhere_part", {"rate": rate})


def trend_heading(seasons: Sequence[int], rates: Sequence[float | None]) -> Finding:
    """Over a trend: from the first season that is shown to the last one."""
    shown = [(year, rate) for year, rate in zip(seasons, rates, strict=True) if rate is not None]
    if len(shown) < 2:
        return Finding("trend")
    (first, start), (last, end) = shown[0], shown[-1]
    code = "trend_same" if abs(end - start) < POINTS else "trend_rose" if end > start else "trend_fell"
    return Finding(code, {"first": first, "last": last, "start": start, "end": end})

"""A licensee's table of postcodes and segments: read row by row, brought to PC4 at once, and guarded against tables that single out.

A postcode with letters (PC6) is only ever weighed into its four digits; not even a finding repeats the letters.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from dip.warehouse.rules.audience.licensed import Shares, reach_of_segments
from dip.web.tables.columns import columns_of, head_row, suggest
from dip.web.tables.terms import Cell, Limits, Table, as_text

#: What a table may be: every PC6 of the country fits.
LIMITS = Limits(bytes=20 * 2**20, rows=600_000, cells=3_000_000, unpacked=512 * 2**20, area=12_000_000)
#: Segments of a table, characters of a name, findings that are kept, households of a row.
MOST_SEGMENTS, NAME, MOST_FINDINGS, MOST_HOUSEHOLDS = 80, 60, 100, 1_000_000
POSTCODE, SEGMENT, HOUSEHOLDS = "postcode", "segment", "households"
#: Folded words over the columns.
NAMES = {
    POSTCODE: ("postcode", "pc4", "pc6", "pc", "postcode4", "postcode6", "code postal", "postal code", "zip"),
    SEGMENT: ("segment", "groep", "type", "doelgroep", "groupe", "cluster", "mozaiek", "mosaic", "label"),
    HOUSEHOLDS: ("households", "huishoudens", "aantal huishoudens", "menages", "hh", "aantal", "gewicht", "weight"),
}
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Za-z]{2})?")


class Problem(StrEnum):
    """What can be wrong with a row or a segment."""

    NO_POSTCODE = "no_postcode"
    NO_SEGMENT = "no_segment"
    LONG_SEGMENT = "long_segment"
    NO_NUMBER = "no_number"
    TWICE = "twice"
    MIXED = "mixed"
    TOO_MANY = "too_many"
    EMPTY_AREA = "empty_area"
    FEW_AREAS = "few_areas"
    FEW_PEOPLE = "few_people"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``row``: from 1 with the heading, 0 for a whole segment or area; ``value``: never with letters of a PC6."""

    row: int
    field: str
    value: str
    problem: Problem


class Row(NamedTuple):
    """A row as it came, with its number in the file."""

    number: int
    postcode: Cell
    segment: Cell
    households: Cell


@dataclass
class _Gathered:
    """While rows are read: (PC4, segment) → households, and rows; whether a PC4 came with letters; rows seen."""

    weights: dict[tuple[int, int], float] = field(default_factory=dict)
    with_letters: dict[int, bool] = field(default_factory=dict)
    seen: dict[str, tuple[int, bool]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    rows: int = 0
    kept: int = 0

    def tell(self, finding: Finding) -> None:
        """Count a finding, and keep the first ones."""
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


@dataclass(frozen=True)
class SegmentRead:
    """A table as it can be kept, and what was found in it. Rows: kept + left out."""

    names: tuple[str, ...]
    shares: Shares
    row_count: int
    kept_count: int
    findings: tuple[Finding, ...]
    finding_count: int

    @property
    def digest(self) -> str:
        """Of what is kept: two files that say the same are one table."""
        entries = zip(self.shares.pc4, self.shares.segment, self.shares.share, strict=True)
        said = sorted(f"{pc4}:{self.names[segment]}:{share:.6f}" for pc4, segment, share in entries)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def rows_of(table: Table) -> list[Row] | None:
    """The rows of a sheet, its columns found by their headings, or the first two (three) where there is none. None: no such columns."""
    head = head_row(table, lambda text: any(text in words for words in NAMES.values()))
    columns = columns_of(table, head)
    chosen = {name: place for place, name in suggest(columns, NAMES, {}).items()} if head is not None else {}
    if head is None and len(columns) >= 2:
        chosen = dict(zip((POSTCODE, SEGMENT, HOUSEHOLDS), (column.place for column in columns), strict=False))
    if POSTCODE not in chosen or SEGMENT not in chosen:
        return None
    first = 0 if head is None else head + 1
    return [_row(number, row, chosen) for number, row in enumerate(table.rows[first:], first + 1) if any(row)]


def _row(number: int, row: Sequence[Cell], chosen: Mapping[str, int]) -> Row:
    return Row(number, row[chosen[POSTCODE]], row[chosen[SEGMENT]], row[chosen[HOUSEHOLDS]] if HOUSEHOLDS in chosen else None)


def read_segments(rows: Iterable[Row]) -> SegmentRead:
    """Shares per PC4, weighed by households where they are given and by rows where not. What is wrong is left out and told."""
    found = _Gathered()
    for row in rows:
        found.rows += 1
        _take(row, found)
    totals: dict[int, float] = {}
    for (pc4, _segment), weight in found.weights.items():
        totals[pc4] = totals.get(pc4, 0.0) + weight
    for pc4 in sorted(pc4 for pc4, total in totals.items() if not total):
        found.tell(Finding(0, HOUSEHOLDS, str(pc4), Problem.EMPTY_AREA))
    kept = sorted((pc4, segment, weight / totals[pc4]) for (pc4, segment), weight in found.weights.items() if weight)
    return _made(tuple(found.names), kept, found)


def _take(row: Row, found: _Gathered) -> None:
    code = as_text(row.postcode).strip()
    match = _POSTCODE.fullmatch(code)
    if match is None:
        found.tell(Finding(row.number, POSTCODE, shown(code), Problem.NO_POSTCODE))
        return
    name = " ".join(as_text(row.segment).split())
    if not name or len(name) > NAME:
        found.tell(Finding(row.number, SEGMENT, name[:NAME], Problem.LONG_SEGMENT if name else Problem.NO_SEGMENT))
        return
    households = _households(row.households)
    if households is None:
        found.tell(Finding(row.number, HOUSEHOLDS, as_text(row.households)[:20], Problem.NO_NUMBER))
        return
    if name not in found.names and len(found.names) >= MOST_SEGMENTS:
        found.tell(Finding(row.number, SEGMENT, name, Problem.TOO_MANY))
        return
    segment = found.names.setdefault(name, len(found.names))
    if problem := _clash(match, segment, row.households is not None, found):
        found.tell(Finding(row.number, POSTCODE, shown(code), problem))
        return
    key = (int(match[1]), segment)
    found.weights[key] = found.weights.get(key, 0.0) + households
    found.kept += 1


def _clash(match: re.Match[str], segment: int, is_weighed: bool, found: _Gathered) -> Problem | None:
    """Whether the postcode was said before: again the same, or something that does not fit. With households it may have parts."""
    pc4, letters = int(match[1]), bool(match[2])
    if found.with_letters.setdefault(pc4, letters) is not letters:
        return Problem.MIXED
    key = match[1] + (match[2] or "").upper()
    before = found.seen.get(key if not is_weighed else f"{key}/{segment}")
    known = found.seen.get(key)
    if before is not None or (known is not None and not (known[1] and is_weighed)):
        return Problem.TWICE
    found.seen.setdefault(key, (segment, is_weighed))
    if is_weighed:
        found.seen[f"{key}/{segment}"] = (segment, True)
    return None


def _households(cell: Cell) -> float | None:
    """A number from 0; 1 when the cell is empty, so that rows count alike; None for anything else."""
    if cell is None:
        return 1.0
    text = as_text(cell).replace(" ", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"\d{1,7}([.,]\d{1,4})?", text):
        return None
    number = float(text.replace(",", "."))
    return number if number <= MOST_HOUSEHOLDS else None


def shown(code: str) -> str:
    """A postcode as a finding may repeat it: four digits, and no letters."""
    match = _POSTCODE.fullmatch(code)
    return f"{match[1]}··" if match and match[2] else code[:20]


def guarded(read: SegmentRead, people: Mapping[int, int], postcodes_min: int, inhabitants_min: int) -> SegmentRead:
    """Without the segments that cover too few areas or people; their areas count as unmatched. ``people``: PC4 → inhabitants."""
    areas, folk = reach_of_segments(read.shares, dict(people))
    told, stays = [], []
    for place, name in enumerate(read.names):
        if areas[place] < postcodes_min:
            told.append(Finding(0, SEGMENT, name, Problem.FEW_AREAS))
        elif people and folk[place] < inhabitants_min:
            told.append(Finding(0, SEGMENT, name, Problem.FEW_PEOPLE))
        else:
            stays.append(place)
    places = {old: new for new, old in enumerate(stays)}
    entries = zip(read.shares.pc4.tolist(), read.shares.segment.tolist(), read.shares.share.tolist(), strict=True)
    kept = [(pc4, places[segment], share) for pc4, segment, share in entries if segment in places]
    made = _columns(kept, len(stays))
    return replace(
        read, names=tuple(read.names[place] for place in stays), shares=made, findings=(*told, *read.findings)[:MOST_FINDINGS],
        finding_count=read.finding_count + len(told),
    )  # fmt: skip


def _made(names: tuple[str, ...], kept: list[tuple[int, int, float]], found: _Gathered) -> SegmentRead:
    """Only segments that have something, in the order of their names."""
    used = sorted({segment for _, segment, _ in kept}, key=lambda place: names[place].casefold())
    places = {old: new for new, old in enumerate(used)}
    shares = _columns([(pc4, places[segment], share) for pc4, segment, share in kept], len(used))
    told = tuple(found.findings)
    return SegmentRead(tuple(names[place] for place in used), shares, found.rows, found.kept, told, found.count)


def _columns(kept: list[tuple[int, int, float]], size: int) -> Shares:
    import numpy as np

    pc4, segment, share = zip(*kept, strict=True) if kept else ((), (), ())
    return Shares(np.array(pc4, np.int64), np.array(segment, np.int64), np.array(share, np.float64), size)

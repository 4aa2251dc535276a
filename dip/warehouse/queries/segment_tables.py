"""A licensee's own tables of segments, as its own people see them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dip.definitions.queries import geo, threshold
from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.registry.terms import Access, AccessDenied, Door, Module
from dip.warehouse.models import SegmentTable
from dip.warehouse.rules.audience.licensed import Shares, reach_of_segments
from dip.warehouse.rules.segment_tables import Finding, Problem


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment: how many postcode areas it covers (parts count as parts), and inhabitants; None while no areas are loaded."""

    name: str
    areas: float
    inhabitants: int | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table that is or was in force. ``segments`` is empty once it has ended."""

    id: int
    name: str
    version: str
    licence: str
    loaded_at: datetime
    loaded_by: str
    ended_at: datetime | None
    row_count: int
    kept_count: int
    finding_count: int
    findings: tuple[Finding, ...]
    segments: tuple[SegmentLine, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The table in force, the ones before (newest first), and how many more this season takes."""

    current: TableRow | None
    before: tuple[TableRow, ...]
    left: int


def tables(access: Access, at: datetime) -> Tables:
    """Of the access's organisation. One query. Raises :class:`AccessDenied`, on a shared link too."""
    if not access.allows(Module.AUDIENCE) or access.door is Door.SHARED:
        raise AccessDenied("a table of segments is for the licensee's own people")
    held = list(SegmentTable.objects.within(access).order_by("-loaded_at", "-pk"))
    season = season_year(clock.local(at).date())
    loaded = sum(row.season_year == season for row in held)
    current = next((row for row in held if row.ended_at is None), None)
    return Tables(
        _row(current) if current else None,
        tuple(_row(row) for row in held if row.ended_at is not None),
        max(int(threshold("segment_tables_max")) - loaded, 0),
    )


def _row(row: SegmentTable) -> TableRow:
    return TableRow(
        row.pk, row.name, row.version, row.licence, row.loaded_at, row.loaded_by, row.ended_at, row.row_count, row.kept_count,
        row.finding_count, tuple(Finding(number, field, value, Problem(code)) for number, field, value, code in row.findings),
        _segments(row) if row.ended_at is None else (),
    )  # fmt: skip


def _segments(row: SegmentTable) -> tuple[SegmentLine, ...]:
    shares = Shares(np.array(row.pc4, np.int64), np.array(row.segment, np.int64), np.array(row.share), len(row.names))
    columns = geo.arrays()
    people = dict(zip(columns.pc4.tolist(), columns.inhabitants.tolist(), strict=True))
    areas, folk = reach_of_segments(shares, people)
    return tuple(
        SegmentLine(name, round(float(areas[place]), 1), round(float(folk[place])) if people else None)
        for place, name in enumerate(row.names)
    )

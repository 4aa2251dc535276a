"""A table of the workbook: its columns with what they mean, its rows, and its totals as formulas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What stands in a column, and how it is written. EUROS takes cents, RATE 0..1."""

    TEXT = "text"
    NAME = "name"
    WHOLE = "whole"
    EUROS = "euros"
    RATE = "rate"
    DAY = "day"
    MOMENT = "moment"


class Moment(StrEnum):
    """Of when a column is."""

    NONE = "none"
    KNOWN = "known"
    EARLIER = "earlier"
    WEEK = "week"
    PUBLISHED = "published"
    MADE = "made"


class Source(StrEnum):
    """Where a column comes from."""

    PROGRAMME = "programme"
    TICKETING = "ticketing"
    NATIONAL = "national"
    COMPUTED = "computed"


#: A total that adds up the rows; with a filter on, those that are shown.
SUM = "sum"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: head, what is in it, and what the sheet of definitions says about it.

    ``formula``: of each row, with other columns of the row by key, as ``{sold}-{earlier}``; the rows then hold its value. ``total``:
    "", :data:`SUM`, or a formula over the totals. ``code``: the metric that defines it; ``about``: a sentence where none does.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    code: str = ""
    about: str = ""
    moment: Moment = Moment.NONE
    source: Source = Source.PROGRAMME
    formula: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of rows. Cells: text, numbers, dates, aware moments, NotShown, or None for nothing.

    ``totals``: value of each total that is no plain sum, by key. ``fixed``: columns that stay in sight. ``coverage``: over what the
    figures in it count.
    """

    name: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    coverage: str = ""
    totals: Mapping[str, float | None] = field(default_factory=dict)
    fixed: int = 1

    def total(self, place: int) -> float | None:
        """The value of a column's total."""
        column = self.columns[place]
        if column.total == SUM:
            return sum(row[place] for row in self.rows if isinstance(row[place], int | float))
        return self.totals.get(column.key)

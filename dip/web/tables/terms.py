"""Words of tables that people send."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

#: What a cell can hold; None where it is empty. Text has no spaces around it and is never empty.
Cell = str | int | float | bool | date | datetime | time | None

#: Most bytes of a file; most rows, columns and filled cells of a table; most bytes of a workbook's parts once unpacked.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_UNPACKED = 5 * 2**20, 5_000, 256, 200_000, 64 * 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a table is read: bytes, rows, filled cells, bytes once unpacked, cells of a sheet's rectangle."""

    bytes: int = MAX_BYTES
    rows: int = MAX_ROWS
    cells: int = MAX_CELLS
    unpacked: int = MAX_UNPACKED
    area: int = 4_000_000


#: Of a sheet that somebody fills in.
SHEET = Limits()


class Source(StrEnum):
    """Where a table came from."""

    WORKBOOK = "workbook"
    TEXT = "text"
    PASTED = "pasted"


class NoteCode(StrEnum):
    """What the reader tells beside a table that it could read."""

    OTHER_SHEETS = "other_sheets"
    FORMULAS = "formulas"
    ERRORS = "errors"
    ODD_CHARACTERS = "odd_characters"


@dataclass(frozen=True, slots=True)
class Note:
    """One remark of the reader; ``value`` is what it is about."""

    code: NoteCode
    value: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in rows of equal length. ``rows[0]`` is row 1 of the sheet, or line 1 of the text; trailing empty rows are left out."""

    rows: tuple[tuple[Cell, ...], ...]
    source: Source
    name: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


class Problem(StrEnum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_WIDE = "too_wide"
    NO_TABLE = "no_table"
    DAMAGED = "damaged"
    OLD_OR_LOCKED = "old_or_locked"
    UNPACKS_TOO_LARGE = "unpacks_too_large"


class UnableToRead(Exception):
    """The file as a whole is no table that can be read; ``problem`` says why, ``value`` is what it is about."""

    def __init__(self, problem: Problem, value: str = "") -> None:
        super().__init__(f"{problem.value}: {value}" if value else problem.value)
        self.problem = problem
        self.value = value


def as_text(cell: Cell) -> str:
    """A cell as text that the readers of numbers, days and times understand again; dates as ISO, no exponents."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)

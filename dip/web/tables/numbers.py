"""Numbers as people write them: Dutch and French 1.234,56 and 1 234,56, English 1,234.56, with or without a euro sign.

Whether a comma or a point is the decimal sign is decided for a whole column: a single "1.234" does not tell, its neighbours do.
"""

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from dip.web.tables.terms import Cell


class Notation(StrEnum):
    """Which sign a column uses for decimals. ``OPEN``: none of its numbers tells; ``MIXED``: they contradict each other."""

    COMMA = "comma"
    POINT = "point"
    OPEN = "open"
    MIXED = "mixed"


class NumberProblem(StrEnum):
    """Why a cell is no number."""

    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"


class NumberReading(NamedTuple):
    """A number, or why there is none. ``is_guess``: the column did not tell, so a group of three digits was taken for thousands."""

    value: Decimal | None = None
    problem: NumberProblem | None = None
    is_guess: bool = False


_EURO = re.compile(r"(?i)(?:€|\beur(?:o|os|o's)?\b\.?)")
_NO_CENTS = re.compile(r"[.,]\s*(?:-|–|—|=){1,2}$")
_SPACED = re.compile(r"^(\d{1,3})((?:[ '’]\d{3})+)(?=$|[.,])")
_LONGEST = 40
#: With thousands by points and decimals by a comma, and the other way round; each also without thousands.
_READINGS = {
    Notation.COMMA: re.compile(r"^(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?$"),
    Notation.POINT: re.compile(r"^(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?$"),
}
_DECIMAL = {Notation.COMMA: ",", Notation.POINT: "."}


def notation_of(cells: Iterable[Cell]) -> Notation:
    """What the texts among the cells tell together."""
    told = {one for cell in cells if isinstance(cell, str) and (one := _told(cell))}
    if len(told) > 1:
        return Notation.MIXED
    return told.pop() if told else Notation.OPEN


def joint(notations: Iterable[Notation]) -> Notation:
    """What several columns tell together, those that do not tell left out."""
    told = set(notations) - {Notation.OPEN}
    if not told:
        return Notation.OPEN
    return told.pop() if len(told) == 1 else Notation.MIXED


def read_number(cell: Cell, notation: Notation) -> NumberReading:
    """The number in a cell of a column with this notation. An empty cell has neither a value nor a problem."""
    if cell is None:
        return NumberReading()
    if isinstance(cell, bool | date | time):
        return NumberReading(problem=NumberProblem.UNREADABLE)
    if isinstance(cell, int | float):
        return _of_number(cell)
    sign, digits = _stripped(cell)
    values = _values(digits)
    if not values:
        return NumberReading(problem=NumberProblem.UNREADABLE)
    if len(set(values.values())) == 1:
        return NumberReading(sign * next(iter(values.values())))
    if notation in values:
        return NumberReading(sign * values[notation])
    if notation is Notation.MIXED:
        return NumberReading(problem=NumberProblem.AMBIGUOUS)
    return NumberReading(sign * max(values.values()), is_guess=True)


def _of_number(cell: int | float) -> NumberReading:
    """A workbook keeps binary fractions: what differs from a decimal one in the seventh place is that one."""
    value = Decimal(repr(round(cell, 6))) if isinstance(cell, float) else Decimal(cell)
    return NumberReading(value) if value.is_finite() else NumberReading(problem=NumberProblem.UNREADABLE)


def _told(text: str) -> Notation | None:
    """The one notation in which the text is a number; None where it is one in both, or in neither."""
    values = _values(_stripped(text)[1])
    return next(iter(values)) if len(values) == 1 else None


def _stripped(text: str) -> tuple[int, str]:
    """Sign and digits: without currency, spaces between thousands, and the Dutch ",-"."""
    text = _EURO.sub(" ", text[: _LONGEST + 1].replace("\u00a0", " ").replace("\u202f", " ")).strip()
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    if text[:1] in "-−–+" and text[:1]:
        sign, text = (sign if text[0] == "+" else -sign), text[1:].strip()
    text = _NO_CENTS.sub("", text)
    grouped = _SPACED.match(text)
    if grouped:
        text = re.sub(r"[ '’]", "", grouped[0]) + text[grouped.end() :]
    return sign, text


def _values(digits: str) -> dict[Notation, Decimal]:
    """What the digits are in each notation in which they are a number."""
    if not digits.isascii() or len(digits) > _LONGEST:
        return {}
    found = {}
    for notation, shape in _READINGS.items():
        if shape.match(digits):
            thousands = "." if notation is Notation.COMMA else ","
            found[notation] = Decimal(digits.replace(thousands, "").replace(_DECIMAL[notation], "."))
    return found

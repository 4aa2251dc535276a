"""Days and times as people write them in Dutch, English and French: di 17 nov. '26, 17-11-2026, 2026-11-17; 20.15, 20u15, 8:15 pm."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from dip.web.tables.terms import Cell


class DayOrder(StrEnum):
    """Whether 11-12 is the eleventh of December or the twelfth of November."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class DayProblem(StrEnum):
    """Why a cell is no day, or what must be looked at."""

    UNREADABLE = "unreadable"
    NO_YEAR = "no_year"


class DayReading(NamedTuple):
    """A day, and the time that stood in the same cell. ``weekday`` is the name that was written and is not that day's."""

    day: date | None = None
    clock: time | None = None
    problem: DayProblem | None = None
    is_year_assumed: bool = False
    weekday: str = ""


class TimeReading(NamedTuple):
    """A time of day, or that there is none in the cell."""

    clock: time | None = None
    is_unreadable: bool = False


_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january janvier janv",
            "feb februari february fevrier fevr fev febr",
            "mrt maart mar march mars",
            "apr april avr avril",
            "mei may mai",
            "jun juni june juin",
            "jul juli july juillet juil",
            "aug augustus august aout",
            "sep sept september septembre",
            "okt oct oktober october octobre",
            "nov november novembre",
            "dec december decembre",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "ma maandag mon monday lun lundi",
            "di dinsdag tue tues tuesday mar mardi",
            "wo woe woensdag wed wednesday mer mercredi",
            "do don donderdag thu thur thurs thursday jeu jeudi",
            "vr vrij vrijdag fri friday ven vendredi",
            "za zat zaterdag sat saturday sam samedi",
            "zo zon zondag sun sunday dim dimanche",
        )
    )
    for name in names.split()
}
_WEEKDAY = re.compile(r"^([a-z]+)\.?,?\s+(?=\d|[a-z])")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$|^(\d{4})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"^(\d{1,2})\s?[-/. ]\s?(\d{1,2})(?:\.$|\s?[-/. ]\s?'?(\d{4}|\d{2})\.?)?$")
_NAMED = re.compile(r"^(\d{1,2})(?:er?|ste|de|th|st|nd|rd)?\s?[-/. ]?\s?([a-z]{3,})\.?(?:\s?[-/, ]?\s?'?(\d{4}|\d{2}))?$")
_NAME_FIRST = re.compile(r"^([a-z]{3,})\.?\s?(\d{1,2})(?:th|st|nd|rd)?(?:,?\s?'?(\d{4}|\d{2}))?$")
_WITH_TIME = re.compile(
    r"^(.*\d.*?)(?:t|[\s,;]+(?:om |at |a |aanvang )?)(\d{1,2}(?:[:.uh]\d{2}(?::\d{2})?| ?(?:uur|u|h)(?!\w))\s?(?:uur|u|h|am|pm|a\.m\.|p\.m\.)?\.?)$"
)
_TIME = re.compile(
    r"^(?:om |at |a |aanvang )?(\d{1,2})\s?(?:[:.uh]\s?(\d{2})(?::\d{2})?)?\s?(uur|u|h|hrs|am|pm|a\.m\.|p\.m\.)?\.?$"
)
_RANGE = re.compile(r"^(.*?\d.*?)\s?(?:-|–|—|tot|to|until)\s?\d.*$")
_FOUR = re.compile(r"^(\d{1,2})(\d{2})$")
_YEARS = range(1980, 2100)
#: Serial numbers of days in a workbook, from 2000 to 2099.
_SERIALS = range(36_526, 73_051)
_SERIAL_ZERO = date(1899, 12, 30)
_LONGEST = 60


def order_of(cells: Iterable[Cell]) -> DayOrder:
    """Day first, unless a column has a day beyond the twelfth in second place and none in first place."""
    first = second = False
    for cell in cells:
        parts = _NUMERIC.match(_without_weekday(_split(_folded(cell))[0])) if isinstance(cell, str) else None
        if parts:
            first, second = first or int(parts[1]) > 12, second or int(parts[2]) > 12
    return DayOrder.MONTH_FIRST if second and not first else DayOrder.DAY_FIRST


def read_day(cell: Cell, order: DayOrder = DayOrder.DAY_FIRST, season_year: int | None = None) -> DayReading:
    """The day in a cell, and the time beside it. ``season_year`` gives the year (August to July) where none is written."""
    if cell is None:
        return DayReading()
    if isinstance(cell, datetime):
        told = cell.time().replace(second=0, microsecond=0)
        return _plausible(DayReading(cell.date(), told if told != time() else None))
    if isinstance(cell, date):
        return _plausible(DayReading(cell))
    if isinstance(cell, bool | time):
        return DayReading(problem=DayProblem.UNREADABLE)
    if isinstance(cell, int | float):
        return _of_serial(cell)
    text, clock = _split(_folded(cell))
    reading = _read_text(text, order, season_year)
    if reading.day is None and reading.problem is DayProblem.UNREADABLE and re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _of_serial(float(text))
    return reading._replace(clock=clock) if reading.day else reading


def read_time(cell: Cell) -> TimeReading:
    """The time of day in a cell; of a stretch of time its beginning. Workbooks turn 20.15 into a number and 20:15 into a part of a day."""
    if cell is None:
        return TimeReading()
    if isinstance(cell, datetime):
        return TimeReading(cell.time().replace(second=0, microsecond=0))
    if isinstance(cell, time):
        return TimeReading(cell.replace(second=0, microsecond=0))
    if isinstance(cell, bool | date):
        return TimeReading(is_unreadable=True)
    if isinstance(cell, int | float):
        return _time_of_number(float(cell))
    text = _folded(cell)
    found = _clock(text)
    if found is None and (stretch := _RANGE.match(text)):
        found = _clock(stretch[1].strip())
    if found is None and (four := _FOUR.match(text)):
        found = _at(int(four[1]), int(four[2]))
    if found is None and re.fullmatch(r"0\.\d+", text):
        return _time_of_number(float(text))
    return TimeReading(found, is_unreadable=found is None)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold().replace("’", "'").replace("`", "'"))
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", ascii_only).strip() if ascii_only.isascii() else ""


def _split(text: str) -> tuple[str, time | None]:
    """A text into its day and, where one follows, its time."""
    parts = _WITH_TIME.match(text)
    if parts and (told := _clock(parts[2].strip())):
        return parts[1].strip(" ,;"), told
    return text, None


def _without_weekday(text: str) -> str:
    parts = _WEEKDAY.match(text)
    return text[parts.end() :] if parts and parts[1] in _WEEKDAYS else text


def _read_text(text: str, order: DayOrder, season_year: int | None) -> DayReading:
    bare = _without_weekday(text)
    parts = _parts(bare, order) or (_parts(text, order) if bare != text else None)
    if parts is None:
        return DayReading(problem=DayProblem.UNREADABLE)
    year, month, day = parts
    is_assumed = year is None
    if year is None:
        if season_year is None:
            return DayReading(problem=DayProblem.NO_YEAR)
        year = season_year if month >= 8 else season_year + 1
    try:
        found = date(year, month, day)
    except ValueError:
        return DayReading(problem=DayProblem.UNREADABLE)
    name = text[: len(text) - len(bare)].strip(" .,")
    is_other = name in _WEEKDAYS and _WEEKDAYS[name] != found.weekday()
    return _plausible(DayReading(found, is_year_assumed=is_assumed, weekday=name if is_other else ""))


def _parts(text: str, order: DayOrder) -> tuple[int | None, int, int] | None:
    """Year (None where it is not written), month and day."""
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups() if part)
        return year, month, day
    if found := _NUMERIC.match(text):
        first, second = int(found[1]), int(found[2])
        is_swapped = order is DayOrder.MONTH_FIRST and first <= 12
        return (_year(found[3]), *((first, second) if is_swapped else (second, first)))
    if (found := _NAMED.match(text)) and found[2] in _MONTHS:
        return _year(found[3]), _MONTHS[found[2]], int(found[1])
    if (found := _NAME_FIRST.match(text)) and found[1] in _MONTHS:
        return _year(found[3]), _MONTHS[found[1]], int(found[2])
    return None


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _plausible(reading: DayReading) -> DayReading:
    if reading.day is not None and reading.day.year not in _YEARS:
        return DayReading(problem=DayProblem.UNREADABLE)
    return reading


def _of_serial(number: float) -> DayReading:
    if not number >= _SERIALS[0] or number > _SERIALS[-1]:
        return DayReading(problem=DayProblem.UNREADABLE)
    part = number % 1
    return DayReading(_SERIAL_ZERO + timedelta(days=int(number)), _time_of_number(part).clock if part else None)


def _time_of_number(number: float) -> TimeReading:
    if 0 <= number < 1:
        minutes = round(number * 1440)
        found = _at(minutes // 60, minutes % 60)
    elif number < 24:
        found = _at(int(number), round(number % 1 * 100))
    else:
        found = _at(int(number) // 100, int(number) % 100) if number.is_integer() else None
    return TimeReading(found, is_unreadable=found is None)


def _clock(text: str) -> time | None:
    found = _TIME.match(text)
    if not found or (found[2] is None and found[3] is None and len(text) > 2):
        return None
    hour, half = int(found[1]), (found[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _at(hour, int(found[2] or 0))


def _at(hour: int, minute: int) -> time | None:
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None

"""Reading a file in the layout ``broadway-weekly``: lines in, playing weeks and remarks out. Nothing is dropped in silence."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from dip.kernel.money import cents
from dip.site.replay.terms import Remark, Week

#: Names of the columns, and those that the file with the original strings has.
COLUMNS = {
    "week_ending": "week",
    "show": "name",
    "gross_usd": "grosses",
    "potential_gross_usd": "potential_gross",
    "seats_sold": "seat_sold",
    "seats_available": "total_seat",
}
OPTIONAL = ("theatre", "type")
NO_THEATRE = "Theatre not stated"
_SUNDAY = 6


class UnableToRead(Exception):
    """The file has no such layout; the message names the columns that are missing."""


def read_weeks(path: Path, limit: int | None = None) -> tuple[list[Week], list[Remark]]:
    """The playing weeks of the file, in its order, and remarks by line number (the header is line 1)."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        names = _names(reader.fieldnames or [], path)
        weeks: list[Week] = []
        remarks: list[Remark] = []
        for row in reader:
            if limit is not None and len(weeks) >= limit:
                break
            week = _week(reader.line_num, {ours: (row.get(theirs) or "").strip() for ours, theirs in names.items()}, remarks)
            if week is not None:
                weeks.append(week)
    return _numbered(weeks, remarks), sorted(remarks, key=lambda remark: remark.line)


def _names(header: Iterable[str], path: Path) -> dict[str, str]:
    there = set(header)
    names = {ours: ours if ours in there else theirs for ours, theirs in COLUMNS.items()}
    missing = [ours for ours, theirs in names.items() if theirs not in there]
    if missing:
        raise UnableToRead(f"{path} lacks the columns {', '.join(missing)}. The layout broadway-weekly has: {', '.join(COLUMNS)}.")
    return names | {name: name for name in OPTIONAL}


def _week(line: int, row: Mapping[str, str], remarks: list[Remark]) -> Week | None:
    """The week of one line; None, with a remark, when it cannot be used."""
    try:
        day = date.fromisoformat(row["week_ending"])
    except ValueError:
        remarks.append(Remark(line, "date", f"week_ending {row['week_ending']!r} is no date: left out", is_left_out=True))
        return None
    numbers: dict[str, Decimal] = {}
    for name in ("gross_usd", "seats_sold", "seats_available"):
        number = _number(row[name])
        if number is None:
            remarks.append(Remark(line, "number", f"{name} {row[name]!r} is no number of 0 or more: left out", is_left_out=True))
            return None
        numbers[name] = number
    if not row["show"]:
        remarks.append(Remark(line, "show", "no name of a show: left out", is_left_out=True))
        return None
    week = Week(
        line, row["show"], row["theatre"] or NO_THEATRE, row["type"], day, int(numbers["seats_sold"]),
        int(numbers["seats_available"]), cents(numbers["gross_usd"]),
    )  # fmt: skip
    remarks += _oddities(week, row)
    return week


def _number(text: str) -> Decimal | None:
    """A number as the file writes it, ``$1,339,909`` too; None for anything else, and for negative ones."""
    try:
        number = Decimal(text.replace("$", "").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _oddities(week: Week, row: Mapping[str, str]) -> Iterable[Remark]:
    """What is strange and kept all the same."""
    if week.week_ending.weekday() != _SUNDAY:
        told = f"week_ending {week.week_ending} is a {week.week_ending:%A}, no Sunday: kept under its own date"
        yield Remark(week.line, "weekday", told)
    if not _number(row["potential_gross_usd"]):
        yield Remark(week.line, "potential", "the potential gross is 0 or missing: kept, it is no part of what is pushed")
    if not week.seats:
        yield Remark(week.line, "seats", "seats_available is 0: kept, without a capacity")
    elif week.tickets > week.seats:
        yield Remark(week.line, "oversold", f"{week.tickets} tickets on {week.seats} seats: kept as stated")
    if "$" in row["gross_usd"]:
        yield Remark(week.line, "money", f"gross {row['gross_usd']!r} read as {week.gross_cents // 100}")


def _numbered(weeks: list[Week], remarks: list[Remark]) -> list[Week]:
    """Weeks that come again for the same show are further performances of that week: totals stay whole."""
    seen: Counter[tuple[str, date]] = Counter()
    numbered = []
    for week in weeks:
        seen[week.show, week.week_ending] += 1
        occurrence = seen[week.show, week.week_ending]
        if occurrence > 1:
            told = f"{week.show} has the week {week.week_ending} for the {occurrence}. time: kept as a further performance"
            remarks.append(Remark(week.line, "repeated", told))
            week = replace(week, occurrence=occurrence)
        numbered.append(week)
    return numbered

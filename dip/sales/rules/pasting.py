"""Targets pasted from a spreadsheet: a column or more of DIP-id, date, theatre, and the number. Read line by line, never guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dip.kernel.money import cents
from dip.sales.terms import Evening, Goal, GoalEntry, GoalFinding

#: Lines of one paste.
MOST_LINES = 2000
#: Tickets of one performance that are surely a slip of the hand.
MOST_TICKETS = 100_000
_DIP_ID = re.compile(r"^([A-Z]{2}-\d{2}-\d+-\d+)\s*\|\s*(\d{1,9})$")
_DATE = re.compile(r"^(?:[A-Za-zÀ-ÿ.]{2,12}[ ,]+)?(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_NUMBER = re.compile(r"^(?:€\s*)?-?\d[\d., ]*$")


@dataclass(slots=True)
class _Line:
    """What one line holds, cell by cell."""

    place: int
    number: int | None = None
    day: date | None = None
    day_month: tuple[int, int] | None = None
    texts: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


def read_paste(text: str, evenings: Sequence[Evening], seats: Mapping[int, int]) -> tuple[list[GoalEntry], list[GoalFinding]]:
    """Targets in a pasted text, and what could not be taken.

    Cells are apart by tabs or semicolons. A line names its performance by DIP-id or number, or by date with (part of) theatre, town,
    hall or title where the date alone does not tell; the first number is tickets, a second one recette in euros. Lines of numbers alone
    follow the list, when there are as many as performances. ``seats``: number → seats, for a warning. Empty lines are skipped.
    """
    lines = [_read_line(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip(" \t;")]
    if len(lines) > MOST_LINES:
        return [], [GoalFinding(MOST_LINES + 1, "too_many_lines", str(len(lines)))]
    if lines and _is_head(lines[0]):
        lines = lines[1:]
    known = {evening.number: evening for evening in evenings}
    if lines and all(_is_bare(line, known) for line in lines):
        return _in_order(lines, evenings, seats)
    entries: dict[int, GoalEntry] = {}
    findings: list[GoalFinding] = []
    for line in lines:
        found = _performance(line, evenings, known)
        if isinstance(found, GoalFinding):
            findings.append(found)
            continue
        _add(line, found, seats, entries, findings)
    return list(entries.values()), findings


def _read_line(place: int, text: str) -> _Line:
    line = _Line(place)
    for cell in re.split(r"\t|;", text):
        cell = cell.replace("\u00a0", " ").replace("\u202f", " ").strip().strip('"').strip()
        if cell:
            _read_cell(line, cell)
    return line


def _read_cell(line: _Line, cell: str) -> None:
    if match := _DIP_ID.match(cell):
        line.number = int(match[2])
    elif (match := _ISO.match(cell)) and (day := _day(match[3], match[2], match[1])):
        line.day = day
    elif match := _DATE.match(cell):
        _read_date(line, cell, match)
    elif _NUMBER.match(cell):
        line.figures.append(cell)
    else:
        line.texts.append(cell)


def _read_date(line: _Line, cell: str, match: re.Match[str]) -> None:
    """A date; "1.250" or "12,5" is none, and stays a number."""
    if "." in cell and not match[3]:
        line.figures.append(cell)
    elif match[3] is None:
        line.day_month = int(match[1]), int(match[2])
    elif day := _day(match[1], match[2], match[3] if len(match[3]) == 4 else f"20{match[3]}"):
        line.day = day
    else:
        line.texts.append(cell)


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _is_head(line: _Line) -> bool:
    return not line.figures and line.number is None and line.day is None and line.day_month is None


def _is_bare(line: _Line, known: Mapping[int, Evening]) -> bool:
    """Numbers alone, and not the number of a performance followed by its target."""
    if line.number is not None or line.day or line.day_month or line.texts:
        return False
    return not (len(line.figures) > 1 and line.figures[0].isdigit() and int(line.figures[0]) in known)


def _in_order(
    lines: Sequence[_Line], evenings: Sequence[Evening], seats: Mapping[int, int]
) -> tuple[list[GoalEntry], list[GoalFinding]]:
    if len(lines) != len(evenings):
        return [], [GoalFinding(lines[0].place, "count_differs", f"{len(lines)}/{len(evenings)}")]
    entries: dict[int, GoalEntry] = {}
    findings: list[GoalFinding] = []
    for line, evening in zip(lines, evenings, strict=True):
        _add(line, evening, seats, entries, findings)
    return list(entries.values()), findings


def _performance(line: _Line, evenings: Sequence[Evening], known: Mapping[int, Evening]) -> Evening | GoalFinding:
    """The one performance that the line means, or why there is none."""
    number = line.number
    if number is None and not line.day and not line.day_month and line.figures and line.figures[0].isdigit():
        number = int(line.figures[0])
        if number in known:
            line.figures = line.figures[1:]
            return known[number]
    if number is not None and line.number is not None:
        return known.get(number) or GoalFinding(line.place, "unknown_number", str(number))
    found = [e for e in evenings if _on_day(e, line) and all(_names(e, text) for text in line.texts)]
    if not line.day and not line.day_month and not line.texts:
        return GoalFinding(line.place, "names_nothing", " ".join(line.figures))
    told = " ".join([*([str(line.day)] if line.day else []), *line.texts]) or "-".join(map(str, line.day_month or ()))
    if not found:
        return GoalFinding(line.place, "unknown", told)
    return found[0] if len(found) == 1 else GoalFinding(line.place, "ambiguous", f"{told}: {len(found)}")


def _on_day(evening: Evening, line: _Line) -> bool:
    if line.day:
        return evening.performance_date == line.day
    if line.day_month:
        return (evening.performance_date.day, evening.performance_date.month) == line.day_month
    return True


def _names(evening: Evening, text: str) -> bool:
    """Whether the text is (part of) one of the names of the performance."""
    wanted = text.casefold()
    return any(wanted in name.casefold() for name in (evening.theatre, evening.city, evening.hall, evening.title, evening.dip_id))


def _add(
    line: _Line, evening: Evening, seats: Mapping[int, int], entries: dict[int, GoalEntry], findings: list[GoalFinding]
) -> None:
    goal = _goal(line, evening.number)
    if isinstance(goal, GoalFinding):
        findings.append(goal)
        return
    if evening.number in entries:
        findings.append(GoalFinding(line.place, "twice", evening.performance_date.isoformat(), evening.number))
        return
    if goal.tickets > seats.get(evening.number, MOST_TICKETS):
        value = f"{goal.tickets}/{seats[evening.number]}"
        findings.append(GoalFinding(line.place, "above_seats", value, evening.number, rejects=False))
    entries[evening.number] = GoalEntry(evening.number, goal)


def _goal(line: _Line, number: int) -> Goal | GoalFinding:
    if not line.figures:
        return GoalFinding(line.place, "no_target", " ".join(line.texts), number)
    tickets = whole(line.figures[0])
    if tickets is None or not 0 < tickets <= MOST_TICKETS:
        return GoalFinding(line.place, "not_tickets", line.figures[0], number)
    if len(line.figures) == 1:
        return Goal(tickets)
    recette = euros(line.figures[1])
    if recette is None or recette <= 0:
        return GoalFinding(line.place, "not_recette", line.figures[1], number)
    return Goal(tickets, recette)


def whole(text: str) -> int | None:
    """A whole number as people write it: 450, 1.250, 1,250, 1 250; None for anything else.

    >>> whole("1.250"), whole("12,5")
    (1250, None)
    """
    digits = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if re.fullmatch(r"\d{1,3}([., ]\d{3})+", digits) or digits.isdigit():
        return int(re.sub(r"\D", "", digits))
    match = re.fullmatch(r"(\d+)[.,]0+", digits)
    return int(match[1]) if match else None


def euros(text: str) -> int | None:
    """An amount in euros as cents: 12.500, 12.500,00, € 12500, 12,500.00; None for anything else.

    >>> euros("€ 12.500,50"), euros("12,500.50"), euros("12.500")
    (1250050, 1250050, 1250000)
    """
    plain = text.replace("€", "").replace("\u00a0", " ").replace("\u202f", " ").strip()
    match = re.fullmatch(r"(\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,](\d{1,2}))?(?:,-)?", plain)
    if not match:
        return None
    return cents(f"{re.sub(r'[., ]', '', match[1])}.{(match[2] or '0')}")

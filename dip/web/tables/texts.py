"""Text files: their encoding, and what stands between their cells."""

import csv
from collections import Counter

from dip.web.tables.terms import SHEET, Limits, Problem, UnableToRead

_MARKS = ("\t", ";", ",", "|")
#: Lines that are looked at to find what separates the cells.
_LOOK = 60


def decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether characters had to be replaced: UTF-8 or UTF-16 where it says so or fits, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), False
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        return text, "\ufffd" in text


def split(text: str, limits: Limits = SHEET) -> list[list[str]]:
    """Lines into cells. The separator is the one that cuts most lines into equally many; quotes hold a cell together.

    Never raises on odd text: a quote that is not closed keeps its line as it stands. Too many rows raise :class:`UnableToRead`.
    """
    text = text.replace("\x00", " ").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return [[], *_cells(rest, first.strip()[4], limits)]
    return _cells(text, separator(text), limits)


def separator(text: str) -> str:
    """What most likely stands between the cells: a tab, ``;``, ``,`` or ``|``."""
    lines = [line for line in text.splitlines()[: 4 * _LOOK] if line.strip()][:_LOOK]
    best, best_score = ";", 0.0
    for mark in _MARKS:
        counts = Counter(len(row) for line in lines for row in _loosely([line], mark) if len(row) > 1)
        if not counts:
            continue
        width, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = times + min(width, 20) / 100
        if mark == "\t":
            score += len(lines)  # nobody types tabs by chance
        if score > best_score:
            best, best_score = mark, score
    return best


def _cells(text: str, mark: str, limits: Limits) -> list[list[str]]:
    """Quotes may hold line ends; where they do not add up, every line stands on its own."""
    try:
        return _parsed(text.splitlines(keepends=True), mark, limits, strict=True)
    except csv.Error:
        return [row for line in text.split("\n") for row in (_loosely([line], mark) or [[]])]


def _loosely(lines: list[str], mark: str) -> list[list[str]]:
    try:
        return _parsed(lines, mark, SHEET, strict=False)
    except csv.Error:
        return [line.split(mark) for line in lines]


def _parsed(lines: list[str], mark: str, limits: Limits, *, strict: bool) -> list[list[str]]:
    csv.field_size_limit(max(limits.bytes, SHEET.bytes) + 1)
    rows: list[list[str]] = []
    for row in csv.reader(lines, delimiter=mark, skipinitialspace=mark != "\t", strict=strict):
        rows.append(row)
        if len(rows) > 20 * limits.rows:
            raise UnableToRead(Problem.TOO_MANY_ROWS, str(len(rows)))
    return rows

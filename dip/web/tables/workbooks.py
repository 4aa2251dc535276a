"""Workbooks (.xlsx): looked through before they are opened, so that no file can fill the memory, and then read by values only.

The reading library lays a sheet out as a full rectangle: two cells in opposite corners of a sheet would ask for gigabytes. So the
parts of the archive are unpacked within a limit and the places of their cells counted first. Formulas are never evaluated: what
counts is the value that the spreadsheet program kept beside them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from dip.web.tables.terms import SHEET, Cell, Limits, Note, NoteCode, Problem, UnableToRead

#: Most parts of an archive; most characters that its shared texts may come to in all cells together.
_MOST_PARTS, _MOST_SHARED = 2_000, 2**28
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^<>]*?)?(/?)>")
_ROW = re.compile(rb"<(?:\w+:)?row(\s[^<>]*?)?/?>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,5})(\d{1,9})["']""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s>].*?</(?:\w+:)?si>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


@dataclass(slots=True)
class _Look:
    """What was seen while looking through the parts."""

    cells: int = 0
    longest_text: int = 0
    has_formulas: bool = False
    errors: list[str] = field(default_factory=list)


def read(content: bytes, limits: Limits = SHEET) -> tuple[str, list[list[Cell]], list[Note]]:
    """Name and rows of the first visible sheet that holds something, and what to tell about it. Raises :class:`UnableToRead`."""
    look = _look_through(content, limits)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
            return _first_filled(book, look, limits)
    except PasswordError as error:
        raise UnableToRead(Problem.OLD_OR_LOCKED) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise UnableToRead(Problem.DAMAGED, str(error)[:120]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the library's Rust side gives up
            raise
        raise UnableToRead(Problem.DAMAGED) from error


def _first_filled(book: CalamineWorkbook, look: _Look, limits: Limits) -> tuple[str, list[list[Cell]], list[Note]]:
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    for place, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None or sheet.height == 0:
            continue
        notes = [Note(NoteCode.OTHER_SHEETS, ", ".join(names[place + 1 :])[:120])] if names[place + 1 :] else []
        if look.has_formulas:
            notes.append(Note(NoteCode.FORMULAS))
        if look.errors:
            notes.append(Note(NoteCode.ERRORS, ", ".join(look.errors[:8])))
        return name, _rows(sheet, limits), notes
    raise UnableToRead(Problem.EMPTY)


def _rows(sheet: CalamineSheet, limits: Limits) -> list[list[Cell]]:
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False, nrows=limits.rows + 1)  # type: ignore[assignment]
    if sheet.total_height > limits.rows and any(cell != "" for cell in rows[-1]):
        raise UnableToRead(Problem.TOO_MANY_ROWS, str(sheet.total_height))
    return [[cell if _is_cell(cell) else str(cell) for cell in row] for row in rows]


def _is_cell(cell: object) -> bool:
    return not hasattr(cell, "total_seconds")  # a length of time, such as [h]:mm, is told as text


def _look_through(content: bytes, limits: Limits) -> _Look:
    """Unpack every part within the limit and count what it asks for."""
    look = _Look()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive, limits)
            for name, part in _parts(archive):
                _look_at(name, part, look, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UnableToRead(Problem.DAMAGED, str(error)[:120]) from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise UnableToRead(Problem.DAMAGED, str(error)[:120]) from error
    if look.cells > limits.cells or look.cells * look.longest_text > _MOST_SHARED:
        raise UnableToRead(Problem.UNPACKS_TOO_LARGE, str(look.cells))
    return look


def _refuse_bomb(archive: zipfile.ZipFile, limits: Limits) -> None:
    """By what the archive says of itself; a part that holds more than it says ends as damaged, since its check sum fails."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise UnableToRead(Problem.UNPACKS_TOO_LARGE, str(sum(part.file_size for part in parts) // 2**20))
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise UnableToRead(Problem.NO_TABLE)


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for part in archive.infolist():
        if not part.is_dir():
            yield part.filename.lower(), archive.read(part)


def _look_at(name: str, part: bytes, look: _Look, limits: Limits) -> None:
    if not name.endswith((".xml", ".rels")) and b"<" not in part[:512]:
        return  # a picture, a font, a printer's settings
    if b"\x00" in part:
        raise UnableToRead(Problem.DAMAGED, name[:80])
    look.longest_text = max([look.longest_text, *(len(text) for text in _TEXT.findall(part))])
    rows = _ROW.findall(part)
    if not rows:
        return
    look.has_formulas = look.has_formulas or _FORMULA.search(part) is not None
    _measure(rows, part, look, limits)


def _measure(rows: list[bytes], part: bytes, look: _Look, limits: Limits) -> None:
    """Refuse a sheet whose rectangle would be too large. A row or cell that names no place comes after the one before it."""
    lowest = widest = 0
    unplaced_rows, unplaced_cells = 0, 0
    for attributes in rows:
        if not _PLACE.search(attributes):
            unplaced_rows += 1
    for attributes, closed in _CELL.findall(part):
        if closed:
            continue  # a format without a value
        look.cells += 1
        place = _PLACE.search(attributes)
        if place is None:
            unplaced_cells += 1
            continue
        lowest, widest = max(lowest, int(place[2])), max(widest, _column(place[1]))
        if _ERROR.search(attributes) and len(look.errors) < 20:
            look.errors.append((place[1] + place[2]).decode())
    rows_named = [int(place[2]) for attributes in rows if (place := _PLACE.search(attributes))]
    if unplaced_cells:
        lowest, widest = max([lowest, *rows_named]), widest + unplaced_cells
    if (lowest + unplaced_rows) * widest > limits.area:
        raise UnableToRead(Problem.UNPACKS_TOO_LARGE, str((lowest + unplaced_rows) * widest))


def _column(letters: bytes) -> int:
    """``_column(b"AB") == 28``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number

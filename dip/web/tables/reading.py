"""From bytes or pasted text to a table: what kind of file it is, and the same limits for each."""

from collections.abc import Iterable, Sequence

from dip.web.tables import texts, workbooks
from dip.web.tables.terms import MAX_COLUMNS, SHEET, Cell, Limits, Note, NoteCode, Problem, Source, Table, UnableToRead

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\ufeff": " ", "\x00": " "})


def read_file(content: bytes, limits: Limits = SHEET) -> Table:
    """The first filled sheet of a workbook, or the rows of a text file. What a file is, its content says and not its name.

    Raises :class:`UnableToRead`.
    """
    if not content.strip():
        raise UnableToRead(Problem.EMPTY)
    if len(content) > limits.bytes:
        raise UnableToRead(Problem.TOO_LARGE, f"{len(content) / 2**20:.1f}")
    if content.startswith(_ZIP):
        name, rows, notes = workbooks.read(content, limits)
        return _table(rows, Source.WORKBOOK, name, notes, limits)
    if content.startswith(_OLE):
        raise UnableToRead(Problem.OLD_OR_LOCKED)
    if b"\x00" in content and not content.startswith(_UTF16):
        raise UnableToRead(Problem.NO_TABLE)
    text, is_odd = texts.decoded(content)
    return _table(texts.split(text, limits), Source.TEXT, "", [Note(NoteCode.ODD_CHARACTERS)] if is_odd else [], limits)


def read_pasted(text: str) -> Table:
    """Rows pasted from a spreadsheet (tabs between cells) or from a text. Raises :class:`UnableToRead`."""
    if not text.strip():
        raise UnableToRead(Problem.EMPTY)
    if len(text) > SHEET.bytes:
        raise UnableToRead(Problem.TOO_LARGE, f"{len(text) / 2**20:.1f}")
    return _table(texts.split(text), Source.PASTED, "", [])


def _table(rows: Iterable[Sequence[Cell]], source: Source, name: str, notes: Sequence[Note], limits: Limits = SHEET) -> Table:
    """Cells cleaned, empty edges at the right and below taken off, every row as long as the longest."""
    clean = [[_clean(cell) for cell in row] for row in rows]
    while clean and not any(cell is not None for cell in clean[-1]):
        clean.pop()
    if not clean:
        raise UnableToRead(Problem.EMPTY)
    if len(clean) > limits.rows:
        raise UnableToRead(Problem.TOO_MANY_ROWS, str(len(clean)))
    width = max(max((place for place, cell in enumerate(row, 1) if cell is not None), default=0) for row in clean)
    if width > MAX_COLUMNS:
        raise UnableToRead(Problem.TOO_WIDE, str(width))
    return Table(tuple(tuple([*row, *[None] * width][:width]) for row in clean), source, name, tuple(notes))


def _clean(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.translate(_SPACES).strip() or None
    return cell

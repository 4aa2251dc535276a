"""What the reader of tables tells, in the language of the request."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.web.tables.terms import SHEET, Limits, Note, NoteCode, Problem, UnableToRead

PROBLEMS: Mapping[Problem, str | Promise] = {
    Problem.EMPTY: _("There is nothing in it. Fill the first sheet, save, and choose the file again."),
    Problem.TOO_LARGE: _("It is %(value)s MB, and %(mb)s MB is the most. Keep the one sheet with the rows, and save it anew."),
    Problem.TOO_MANY_ROWS: _("It has more than %(most)s rows. Send it in parts."),
    Problem.TOO_WIDE: _("It has %(value)s columns, and 256 is the most. Keep the columns that are needed."),
    Problem.NO_TABLE: _("It is no workbook and no text. Save it as Excel workbook (.xlsx) or as CSV."),
    Problem.DAMAGED: _("The workbook is damaged. Open it in your spreadsheet program and save it anew as .xlsx."),
    Problem.OLD_OR_LOCKED: _("It has a password, or is of an old format. Take the password off and save it as .xlsx."),
    Problem.UNPACKS_TOO_LARGE: _("It unpacks to far more than figures need. Copy the rows to a new workbook and save that."),
}
NOTES: Mapping[NoteCode, str | Promise] = {
    NoteCode.OTHER_SHEETS: _("Only the first sheet is read. Left aside: %(value)s."),
    NoteCode.FORMULAS: _("Some cells hold formulas. Read is the value that your program calculated last."),
    NoteCode.ERRORS: _("Cells with a formula error are read as empty: %(value)s."),
    NoteCode.ODD_CHARACTERS: _("Some characters could not be read. Save the file as UTF-8 if names look wrong."),
}


def problem_text(error: UnableToRead, limits: Limits = SHEET) -> str:
    """Why a file is no table, and what to do."""
    return str(PROBLEMS[error.problem]) % {"value": error.value, "most": limits.rows, "mb": limits.bytes // 2**20}


def note_text(note: Note) -> str:
    """A remark of the reader."""
    return str(NOTES[note.code]) % {"value": note.value}

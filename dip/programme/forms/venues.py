"""Sheets of venue data: reading what was sent against the words of three languages."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from dip.definitions.queries import provinces
from dip.programme.rules.venues import SHEET_FIELDS, SheetRow, Words
from dip.programme.terms import VenueKind
from dip.programme.words import VENUE_FIELDS, VENUE_KINDS
from dip.web.tables.columns import folded, head_row
from dip.web.tables.reading import read_file
from dip.web.tables.terms import UnableToRead, as_text
from dip.web.tables.words import problem_text

_LANGUAGES = ("nl", "en", "fr")
_YES, _NO = ("ja", "yes", "oui", "1", "x", "true"), ("nee", "no", "non", "0", "", "false")


class SheetForm(forms.Form):
    """The file; ``rows`` after ``is_valid``: one :class:`SheetRow` for each row with anything in it."""

    file = forms.FileField(
        label=_("Sheet"), help_text=_("Excel workbook (.xlsx) or CSV, as you downloaded it; columns may be left out.")
    )

    rows: list[SheetRow]

    def clean_file(self) -> object:
        """Read it; a file that is no such sheet says why."""
        sent = self.cleaned_data["file"]
        try:
            table = read_file(sent.read())
        except UnableToRead as error:
            raise forms.ValidationError(problem_text(error)) from error
        heads = _heads()
        place = head_row(table, heads.__contains__)
        columns = (
            {}
            if place is None
            else {n: heads[folded(as_text(cell))] for n, cell in enumerate(table.rows[place]) if folded(as_text(cell)) in heads}
        )
        if "id" not in columns.values():
            raise forms.ValidationError(_("There is no column with the id. Download the sheet, and change that one."))
        key = next(n for n, name in columns.items() if name == "id")
        texts = {n: name for n, name in columns.items() if name != "id"}
        self.rows = [
            SheetRow(number, as_text(row[key]), {name: as_text(row[n]) for n, name in texts.items()})
            for number, row in enumerate(table.rows[(place or 0) + 1 :], start=(place or 0) + 2)
            if any(cell is not None for cell in row)
        ]
        return sent


def _heads() -> dict[str, str]:
    """Field by folded head, in three languages."""
    return _in_languages((name, VENUE_FIELDS[name]) for name in ("id", *SHEET_FIELDS))


def _in_languages(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in list(pairs):
        for language in _LANGUAGES:
            with override(language):
                found.setdefault(folded(str(words)), name)
    return found


def sheet_words() -> Words:
    """How people write what the sheet holds."""
    named = {text.casefold(): str(one.id) for one in provinces() for text in (one.name, one.code, str(one.id))}
    kinds = _in_languages((kind.value, VENUE_KINDS[kind]) for kind in VenueKind) | {
        kind.value.casefold(): kind.value for kind in VenueKind
    }
    return Words(named, kinds, frozenset(_YES), frozenset(_NO))

"""Forms of tour sheets: what is pasted or uploaded."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: A file may be this large; the reader refuses more with a remedy, the form only keeps the worst from memory.
_MOST = 20 * 2**20


class TourStartForm(forms.Form):
    """A tour: cells pasted from a spreadsheet, or a file."""

    pasted = forms.CharField(
        required=False, label=_("Paste the rows"), strip=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "spellcheck": "false", "placeholder": ""}),
        help_text=_("Copy them in Excel, Numbers or LibreOffice, head row and all, and paste them here."),
    )  # fmt: skip
    file = forms.FileField(
        required=False, label=_("Or a file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        help_text=_("An Excel workbook (.xlsx), or CSV."), error_messages={"empty": _("There is nothing in this file.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two; a file wins."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None and file.size > _MOST:
            self.add_error("file", gettext("This file is far too large for a tour. Choose another."))
        if not self.errors and file is None and not given.get("pasted", "").strip():
            self.add_error("pasted", gettext("Paste the rows of the tour, or choose a file."))
        return given

    @property
    def content(self) -> bytes | str:
        """What was sent, after ``is_valid``."""
        file = self.cleaned_data.get("file")
        return file.read() if file is not None else self.cleaned_data["pasted"]

    @property
    def name(self) -> str:
        """Name of the file, "" for pasted rows."""
        file = self.cleaned_data.get("file")
        return file.name if file is not None else ""

"""A licensee's table: the file, what it is called, and what is stated about the licence."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.warehouse.rules.segment_tables import LIMITS


class TableForm(forms.Form):
    """Loading a table, or replacing the one in force."""

    name = forms.CharField(max_length=80, label=_("Name of the table"))
    version = forms.CharField(max_length=40, label=_("Version"), help_text=_("As its maker calls it, for example 2026."))
    licence = forms.CharField(
        max_length=400, label=_("Your licence"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whose table it is, and that your licence allows this use. Only your own organisation sees the table and its figures."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), allow_empty_file=True, help_text=_("Excel (.xlsx) or CSV with a column postcode and a column segment; households if you have them."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Not larger than can be read."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.bytes:
            message = gettext("“{name}” is {size} MB, and {most} MB is the most. Keep the columns that are needed.")
            raise forms.ValidationError(message.format(name=file.name[:60], size=file.size // 2**20, most=LIMITS.bytes // 2**20))
        return file

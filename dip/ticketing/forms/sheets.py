"""Forms of the spreadsheet route: which performances to download, and a file with its moment."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.kernel.clock import AMSTERDAM, from_local, local

#: A file may be this large; the reader refuses more with a remedy, the form only keeps the worst from memory.
_MOST = 20 * 2**20


class PeriodForm(forms.Form):
    """Performances of which days are in the downloaded sheet."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(
        label=_("Up to and including"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: all that are on sale."),
    )  # fmt: skip


class UploadForm(forms.Form):
    """A filled sheet, and when its figures were true."""

    file = forms.FileField(
        label=_("Filled sheet"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        help_text=_("An Excel workbook (.xlsx), or CSV from your own system."),
        error_messages={"required": _("Choose a file first."), "empty": _("There is nothing in this file.")},
    )  # fmt: skip
    true_at = forms.DateTimeField(
        label=_("The figures were true at"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], required=False,
        help_text=_("On the clock of the Netherlands. Empty: now."),
    )  # fmt: skip

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial={"true_at": local(at).replace(tzinfo=None)}, **kwargs)
        self.at = at

    def clean_file(self) -> Any:
        """Not a film by mistake."""
        file = self.cleaned_data["file"]
        if file.size > _MOST:
            raise forms.ValidationError(_("This file is far too large for a sheet with figures. Choose another."))
        return file

    def clean_true_at(self) -> datetime:
        """Aware; what is left empty, or is this very minute, is now."""
        given = self.cleaned_data["true_at"]
        if given is None:
            return self.at
        moment = from_local(given.replace(tzinfo=None), AMSTERDAM)
        return self.at if self.at < moment < self.at + timedelta(minutes=1) else moment

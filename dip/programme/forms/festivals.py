"""Forms of festivals."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.programme.forms.fields import date_field
from dip.programme.terms import FestivalEntry


class FestivalForm(forms.Form):
    """A festival: what it is called, where, and in which days."""

    name = forms.CharField(max_length=200, label=_("Name"), help_text=_("As people know it, without the year."))
    city = forms.CharField(max_length=120, label=_("Town"))
    first_date = date_field(label=_("First day"))
    last_date = date_field(label=_("Last day"), required=False, help_text=_("Empty: one day."))

    def clean(self) -> dict[str, Any]:
        """A festival without a last day is one day long."""
        given = super().clean() or {}
        first = given.get("first_date")
        last = given.get("last_date") or first
        if first and last and last < first:
            self.add_error("last_date", gettext("The last day lies before the first. Correct one of the two."))
        return given | {"last_date": last}

    def entry(self) -> FestivalEntry:
        """What was filled in, after ``is_valid``."""
        given = self.cleaned_data
        return FestivalEntry(given["name"], given["city"], given["first_date"], given["last_date"])

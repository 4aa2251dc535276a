"""How an organisation wants its agreements handled."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DaysField(forms.CharField):
    """Numbers of days as "5, 1"; a list."""

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return ", ".join(str(days) for days in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The numbers; an empty list when left empty."""
        parts = [part for part in re.split(r"[,;\s]+", str(super().to_python(value) or "")) if part]
        if not all(part.isdecimal() and len(part) < 4 for part in parts):
            raise forms.ValidationError(_("Write numbers of days with commas: 5, 1."))
        return [int(part) for part in parts]


class SettingsForm(forms.Form):
    """Four eyes, days, and who gets the mail."""

    four_eyes = forms.BooleanField(
        required=False, label=gettext_lazy("Approving an agreement and signing a borderel take two people"),
        help_text=gettext_lazy("Whoever may approve decides on this."),
    )  # fmt: skip
    answer_days = forms.IntegerField(
        min_value=1, max_value=90, label=gettext_lazy("Days to answer"),
        help_text=gettext_lazy("A theatre has so many days for what you propose; never longer than until the first performance."),
    )  # fmt: skip
    reminder_days = DaysField(
        required=False, max_length=40, label=gettext_lazy("Reminders, days before the deadline"),
        help_text=gettext_lazy("As 5, 1. Left empty: 5 and 1."),
    )  # fmt: skip
    contact_email = forms.EmailField(
        required=False, label=gettext_lazy("Contact for agreements"),
        help_text=gettext_lazy("Gets the mail about agreements; left empty, everybody here who manages contracts."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_provider: bool, may_approve: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_provider:
            del self.fields["answer_days"]
        if is_provider:
            del self.fields["reminder_days"]
        self.fields["four_eyes"].disabled = not may_approve

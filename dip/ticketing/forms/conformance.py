"""Form that starts a conformance run."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.ticketing.conformance.pushing_words import Suite


class RunForm(forms.Form):
    """Which client is watched, by which checklist, and what the report calls the system."""

    client = forms.TypedChoiceField(label=_("API client"), coerce=int, help_text=_("The run watches its calls, and no others."))
    suite = forms.TypedChoiceField(
        label=_("What it does"),
        coerce=Suite,
        choices=[
            (Suite.PUSHING.value, _("Pushes figures, as a ticketing system")),
            (Suite.PLANNING.value, _("Plans, and speaks the ticketing API of Yesplan")),
        ],
    )
    system = forms.CharField(label=_("System"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    system_version = forms.CharField(label=_("Version"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, clients: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].choices = list(clients)

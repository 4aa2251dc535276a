"""Forms of the webhook pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.exchange import words
from dip.exchange.terms import CHOOSABLE
from dip.web.words import role_name


class EndpointForm(forms.Form):
    """An address, what it hears of, and in which role (only asked of an organisation with several)."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where your system waits, for example https://planning.example.nl/dip. It must begin with https."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("For yourselves: which system this is.")
    )
    role = forms.ChoiceField(label=_("Listens as"))
    event_types = forms.MultipleChoiceField(label=_("What it hears of"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, roles: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event_types"].choices = [(one.value, words.EVENTS[one]) for one in CHOOSABLE]
        if len(roles) > 1:
            self.fields["role"].choices = [(role, role_name(role)) for role in roles]
        else:
            del self.fields["role"]


class RotateForm(forms.Form):
    """How the old secret ends."""

    ends = forms.ChoiceField(
        label=_("The old secret"),
        choices=[("later", _("signs beside the new one for seven days")), ("now", _("ends now, because it has leaked"))],
        initial="later",
        widget=forms.RadioSelect,
    )


class ReplayForm(forms.Form):
    """From when on what failed is sent again."""

    since = forms.DateField(label=_("Made since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

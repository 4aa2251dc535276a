"""Forms of connections: the account of a theatre at a ticketing system, its name, its token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.registry.sealed import UnableToUnseal, seal, unseal
from dip.ticketing.connection_words import GROUNDS
from dip.ticketing.connectors import CONNECTORS, Vendor


class ConnectionForm(forms.Form):
    """An account to read. The token is typed once: after a test it comes back sealed in ``sealed``, never in clear."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False, help_text=_("As you call it, for example “Box office”."))
    address = forms.CharField(label=_("Address"), max_length=200, widget=forms.URLInput(attrs={"inputmode": "url"}))
    account = forms.CharField(
        label="", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    secret = forms.CharField(
        label="",
        max_length=300,
        error_messages={"required": _("Paste the token.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sealed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)

    data: Any

    def __init__(self, *args: Any, vendor: str, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._purpose = purpose
        system: Vendor = CONNECTORS[vendor]
        self.fields["address"].help_text = system.address_help
        self.fields["address"].widget.attrs["placeholder"] = system.address_example
        self.fields["account"].label, self.fields["account"].help_text = system.account_label, system.account_help
        self.fields["secret"].required = not self.data.get("sealed")
        self.fields["secret"].label, self.fields["secret"].help_text = system.secret_label, system.secret_help

    def clean(self) -> dict[str, Any]:
        """Take the token from the sealed field when none is typed."""
        values = super().clean() or {}
        if not values.get("secret") and values.get("sealed"):
            try:
                values["secret"] = unseal(values["sealed"], self._purpose)
            except UnableToUnseal:
                values["secret"] = ""
        if not values.get("secret") and "secret" not in self.errors:
            self.add_error("secret", _("Paste the token."))
        return values

    def keep_secret(self) -> None:
        """Have the form carry the typed token to the next step, sealed; after ``is_valid``."""
        kept: Any = self.data.copy()
        kept["sealed"], kept["secret"] = seal(self.cleaned_data["secret"], self._purpose), ""
        self.data = kept


class NameForm(forms.Form):
    """The name of a connection."""

    name = forms.CharField(label=_("Name"), max_length=80)


class OrdersForm(forms.Form):
    """The ground on which the buyers of a connection's orders are counted."""

    consent = forms.ChoiceField(
        label=_("Ground for counting your buyers"),
        choices=(("", _("Choose")), *GROUNDS),
        error_messages={"required": _("Choose on which ground your buyers are counted.")},
        help_text=_("What your privacy statement tells buyers. It holds for orders that are read from now on."),
    )


class TokenForm(forms.Form):
    """Another token for a connection."""

    secret = forms.CharField(
        label=_("New token"), max_length=300, widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

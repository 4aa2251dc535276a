"""Shape of what people fill in about invoices: an organisation's details, and its series of numbers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dip.contracts.actions.invoice_parties import UnableToChangeParty
from dip.contracts.invoice_words import FIELDS, REGIMES, party_finding
from dip.contracts.terms.invoices import PartyFacts, VatRegime
from dip.registry.terms import Refusal


def _text(name: str, most: int, hint: Any = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=FIELDS[name], max_length=most, required=False, help_text=hint, widget=forms.TextInput(attrs=attributes)
    )


class PartyForm(forms.Form):
    """The details of an organisation. Nothing is required here: the page says what an invoice lacks."""

    legal_name = _text("legal_name", 200, _("As it stands in the trade register."), autocomplete="organization")
    trading_name = _text("trading_name", 200, _("Only when you are known by another."))
    street = _text("street", 160, autocomplete="street-address")
    postcode = _text("postcode", 12, autocomplete="postal-code")
    city = _text("city", 120, autocomplete="address-level2")
    country = _text("country", 2, _("Two letters, such as NL or BE."), autocomplete="country")
    kvk = _text("kvk", 16, _("Eight digits."), inputmode="numeric")
    oin = _text("oin", 30, _("Twenty digits, for government organisations only."), inputmode="numeric")
    regime = forms.ChoiceField(label=FIELDS["regime"], choices=[(one.value, REGIMES[one]) for one in VatRegime])
    vat_number = _text("vat_number", 24, _("A Dutch one is written as NL123456789B01."))
    iban = _text("iban", 42, _("The account on which invoices to others are paid."), autocomplete="off")
    bic = _text("bic", 14, _("Only needed outside the euro area."), autocomplete="off")
    email = forms.EmailField(
        label=FIELDS["email"], required=False, help_text=_("Gets the invoices of others, and stands on your own."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    peppol_id = _text(
        "peppol_id", 60, _("Such as 0106:12345678. Empty: made from your OIN, KvK or VAT number."), autocomplete="off"
    )
    buyer_reference = _text("buyer_reference", 60, _("Stands on every invoice to you: a cost centre, say."))
    payment_terms = _text("payment_terms", 200, _("Stands on your invoices, after the days that were agreed."))
    language = forms.ChoiceField(label=FIELDS["language"], choices=settings.LANGUAGES, help_text=_("Of the invoices that you get."))

    def facts(self) -> PartyFacts:
        """What was filled in, after ``is_valid``."""
        names = [name for name in self.fields if name not in ("language", "regime")]
        return PartyFacts(**{name: self.cleaned_data[name] for name in names}, regime=VatRegime(self.cleaned_data["regime"]))

    def show(self, refusal: Refusal) -> None:
        """Every finding beside its field; another refusal beside its own, or over the form."""
        findings = refusal.findings if isinstance(refusal, UnableToChangeParty) else ()
        for finding in findings:
            self.add_error(finding.field, party_finding(finding))
        if not findings:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class SeriesForm(forms.Form):
    """How the numbers of a year begin."""

    prefix = forms.CharField(label=_("Prefix"), max_length=11, help_text=_("Before the year: F gives F2027-0001."))
    first = forms.IntegerField(label=_("First number of the year"), min_value=1, help_text=_("When you began the year elsewhere."))

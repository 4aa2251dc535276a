"""Shape of what a theatre fills in at the desk for orders."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.kernel.clock import AMSTERDAM, from_local, local
from dip.warehouse.actions.files import LIMITS
from dip.warehouse.rules.files.making import Options

_DAYS = (("", _("as the column tells")), ("day_first", _("day first: 25-11-2026")), ("month_first", _("month first: 11-25-2026")))
_DECIMALS = (("", _("as the column tells")), ("comma", _("comma: 22,50")), ("point", _("point: 22.50")))
_UNITS = (("", _("euros")), ("cents", _("cents")))
_PRICES = (("", _("of one ticket")), ("total", _("of all tickets in the row")))
_GROUNDS = (
    ("none", _("no ground: tickets count, buyers do not")),
    ("statistics", _("statistics: buyers are counted under pseudonyms")),
    ("consent", _("consent: every buyer in the file agreed")),
)


class SourceForm(forms.Form):
    """A name for what makes the files."""

    name = forms.CharField(
        label=_("Name of the source"),
        max_length=80,
        help_text=_("For example the name of the till or system that makes the files."),
    )


class FileForm(forms.Form):
    """A file of tickets, and how it is to be read. The file is asked at every step: it is not kept."""

    file = forms.FileField(
        label=_("File with tickets"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        help_text=_("An Excel workbook (.xlsx) or CSV, 20 MB and 60,000 rows at most. It is read in memory and never kept."),
        error_messages={"required": _("Choose the file again: it was not kept."), "empty": _("There is nothing in this file.")},
    )
    exported_at = forms.DateTimeField(
        label=_("The file was made at"), required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("A newer file replaces what an older one said of a ticket. Empty: now."),
    )  # fmt: skip
    days = forms.ChoiceField(label=_("Days are written"), choices=_DAYS, required=False)
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=_DECIMALS, required=False)
    unit = forms.ChoiceField(label=_("Amounts are"), choices=_UNITS, required=False)
    price = forms.ChoiceField(label=_("The price is"), choices=_PRICES, required=False)
    consent = forms.ChoiceField(
        label=_("Ground for counting buyers"), choices=_GROUNDS, required=False, help_text=_("Where no column gives one.")
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["exported_at"].initial = local(at).replace(tzinfo=None, second=0, microsecond=0)

    def clean_file(self) -> Any:
        """Not larger than is read."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.bytes:
            raise forms.ValidationError(_("This file is larger than 20 MB. Send it in parts, by month for example."))
        return file

    def clean_exported_at(self) -> datetime:
        """Aware, and not in the future."""
        given = self.cleaned_data["exported_at"]
        if given is None:
            return self.at
        moment = from_local(given.replace(tzinfo=None), AMSTERDAM)
        return min(moment, self.at)

    def options(self) -> Options:
        """How the file is read, after ``is_valid``."""
        given = self.cleaned_data
        return Options(
            days=given["days"], decimal=given["decimal"], is_cents=given["unit"] == "cents", is_total=given["price"] == "total",
            consent=given["consent"] or "none",
        )  # fmt: skip


def shown(options: Options) -> dict[str, str]:
    """Saved options as the form's fields have them."""
    return {
        "days": options.days,
        "decimal": options.decimal,
        "unit": "cents" if options.is_cents else "",
        "price": "total" if options.is_total else "",
        "consent": options.consent,
    }


class GenderForm(forms.Form):
    """The ground on which a theatre keeps gender; empty stops it."""

    ground = forms.CharField(
        label=_("Ground for keeping gender"), max_length=200, required=False,
        help_text=_("For example: asked with consent in the ticket shop. Empty: gender is not kept from now on."),
    )  # fmt: skip


class EveningForm(forms.Form):
    """Which performance is looked for."""

    q = forms.CharField(label=_("Title, DIP-id or number"), max_length=120, required=False)
    on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )


class BuyerForm(forms.Form):
    """By what a buyer is known. What is typed is not kept and not logged."""

    email = forms.CharField(
        label=_("E-mail address"), max_length=320, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    pseudonym = forms.CharField(
        label=_("Pseudonym made at the venue"), max_length=129, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}), help_text=_("64 digits and letters a to f."),
    )  # fmt: skip
    customer = forms.CharField(
        label=_("Customer number"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    source = forms.TypedChoiceField(label=_("Source that knows the number"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, sources: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", "–"), *((str(key), name) for key, name in sources)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the three, and a number with its source."""
        given = super().clean() or {}
        named = [name for name in ("email", "pseudonym", "customer") if given.get(name)]
        if not named and not self.errors:
            raise forms.ValidationError(_("Give an address, a pseudonym or a customer number."))
        if given.get("customer") and not given.get("source"):
            self.add_error("source", _("Choose the source that knows this number."))
        return given

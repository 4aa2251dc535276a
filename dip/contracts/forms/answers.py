"""The theatre's answer as it is typed: why a field is rejected, and what would do in its place; and the terms of a what-if."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.contracts.forms.amounts import AmountField, AmountsField, CountField, PercentageField, amount_text, percentage_text
from dip.contracts.rules.fields import SURCHARGES
from dip.contracts.rules.formats import formats
from dip.contracts.terms.fields import Field, FieldKind, Tranche
from dip.contracts.wording import said

_MOST = 500


class TranchesField(forms.CharField):
    """Tranches in one field, lowest first: 4.000 = 100; 50. The last has no limit."""

    def prepare_value(self, value: Any) -> Any:
        """As people write them."""
        return "; ".join(_tranche_text(one) for one in value) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> Any:
        """A tuple of :class:`Tranche`; None when left empty."""
        text = str(super().to_python(value) or "").strip()
        return tuple(_tranche(part.strip()) for part in text.split(";") if part.strip()) or None


def _tranche_text(tranche: Tranche) -> str:
    limit = "" if tranche.limit_cents is None else f"{amount_text(tranche.limit_cents)} = "
    return limit + percentage_text(tranche.percentage)


def _tranche(text: str) -> Tranche:
    limit, sign, share = text.rpartition("=")
    percentage = PercentageField().to_python(share)
    cents = AmountField().to_python(limit) if sign else None
    if percentage is None or (sign and cents is None):
        raise forms.ValidationError(_("“%(text)s” is no tranche. Write the net up to which it goes and the share: 4.000 = 100.") % {"text": text[:40]})  # fmt: skip
    return Tranche(cents, percentage)


def value_field(field: Field, **options: Any) -> forms.Field:
    """The form field for a field of an agreement; it cleans to the field's value, None for nothing."""
    options = {"required": False} | options
    if field.kind is FieldKind.YES_NO:
        truths = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
        return forms.TypedChoiceField(choices=truths, coerce=lambda text: text == "yes", empty_value=None, **options)
    if field.kind is FieldKind.CHOICE:
        choices = [("", "–"), *((choice.code, said(choice.names)) for choice in field.choices)]
        return forms.TypedChoiceField(choices=choices, empty_value=None, **options)
    if field.kind is FieldKind.SURCHARGES:
        ticks = [(one.code.removesuffix("_surcharge"), said(one.names)) for one in SURCHARGES]
        return forms.TypedMultipleChoiceField(
            choices=ticks, coerce=str, empty_value=None, widget=forms.CheckboxSelectMultiple, **options
        )
    if field.kind is FieldKind.TEXT:
        return forms.CharField(max_length=_MOST, empty_value=None, widget=forms.Textarea(attrs={"rows": 2}), **options)
    return _NUMBERS[field.kind](**options)


_NUMBERS: dict[FieldKind, type[forms.Field]] = {
    FieldKind.MONEY: AmountField,
    FieldKind.PERCENT: PercentageField,
    FieldKind.COUNT: CountField,
    FieldKind.PRICES: AmountsField,
    FieldKind.TRANCHES: TranchesField,
}


def initial_of(field: Field, value: Any) -> Any:
    """A value as the form field takes it."""
    if field.kind is FieldKind.YES_NO and isinstance(value, bool):
        return "yes" if value else "no"
    return value


class RejectForm(forms.Form):
    """Why a field is rejected, and what would do in its place. ``field``: None for what no counter-proposal fits; "format" its own."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why, so that the provider can change it.")},
    )

    def __init__(self, field: Field | None, data: Any = None, *, is_format: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        if field is not None:
            self.fields["counter"] = value_field(field, label=_("We propose"), help_text=counter_hint(field))
        elif is_format:
            names = [("", "–"), *((one.code, said(one.names)) for one in formats())]
            self.fields["counter"] = forms.TypedChoiceField(label=_("We propose"), choices=names, empty_value=None, required=False)

    @property
    def counter_field(self) -> BoundField | None:
        """The control of the counter-proposal, where there can be one."""
        return self["counter"] if "counter" in self.fields else None

    @property
    def counter(self) -> Any:
        """The counter-proposal that was read, None without one."""
        value = self.cleaned_data.get("counter")
        return tuple(value) if isinstance(value, list) else value


def counter_hint(field: Field) -> str:
    """How a value of several parts is written; empty for a single one."""
    return {
        FieldKind.PRICES: _("Per rank, rank 1 first: 28,00 + 24,00"),
        FieldKind.TRANCHES: _("Net up to = provider’s share; the last without limit: 4.000 = 100; 50"),
    }.get(field.kind, "")


class SendForm(forms.Form):
    """What goes with an answer as a whole."""

    reason = forms.CharField(
        label=gettext_lazy("Note to the provider"),
        required=False,
        max_length=_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Goes with the mail, beside the reason of each field."),
    )


class WithdrawForm(forms.Form):
    """Why a proposal is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the other party reads it.")},
    )


class WhatIfForm(forms.Form):
    """Terms to try: the entrance prices, and the money and percentages of the format. Nothing is saved.

    Empty fields keep what is agreed, so that an address names only what is tried.
    """

    KINDS = (FieldKind.MONEY, FieldKind.PERCENT, FieldKind.PRICES, FieldKind.TRANCHES, FieldKind.YES_NO)

    def __init__(self, terms: tuple[Field, ...], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.terms = {field.code: field for field in terms}
        for field in terms:
            self.fields[field.code] = value_field(field, label=said(field.names), help_text=_what_if_hint(field))
        self.fields["tickets"] = CountField(label=_("Tickets sold, all performances"), help_text=_("today’s when left empty"))

    @property
    def tried(self) -> dict[str, Any]:
        """The values that were filled in and read, by code; a field that is wrong is left out."""
        read = getattr(self, "cleaned_data", {})
        return {code: read[code] for code in self.terms if read.get(code) is not None}

    @property
    def tickets(self) -> int | None:
        """The number of tickets to try."""
        found: int | None = getattr(self, "cleaned_data", {}).get("tickets")
        return found

    def clean_tickets(self) -> int | None:
        """Not below 0."""
        value: int | None = self.cleaned_data.get("tickets")
        if value is not None and value < 0:
            raise forms.ValidationError(_("%(value)s is below 0; give 0 or more.") % {"value": value})
        return value


def _what_if_hint(field: Field) -> str:
    return counter_hint(field) or said(field.hints)

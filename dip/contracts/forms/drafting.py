"""The form of a concept: its performances and parties, and the terms of its format, made from the specification of the fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.contracts.forms.amounts import AmountField, CountField, PercentageField
from dip.contracts.rules.checks import MOST_RANKS
from dip.contracts.rules.drafts import settlement_prices
from dip.contracts.rules.fields import SURCHARGES
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import Field, FieldGroup, FieldKind, TermsFinding, Tranche, Value, Values
from dip.contracts.wording import said

#: Begins the name of every field of the terms, so that those of another format can be kept apart.
PREFIX = "t-"
#: Rows for tranches that a new staffel begins with, and at most.
ROWS, MOST_ROWS = 3, 12
_UNITS = {"days": gettext_lazy("days"), "people": gettext_lazy("people"), "tickets": gettext_lazy("tickets")}
_PER_RANK = ("entrance_prices", "settlement_prices")


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to fill in: its specification, its controls on the page, and what is wrong with it or remarkable."""

    field: Field
    bound: Sequence[BoundField]
    findings: Sequence[tuple[bool, str]] = ()
    """Whether it is only a warning, and the sentence."""

    @property
    def kind(self) -> str:
        """How it is drawn."""
        return self.field.kind.value

    @property
    def one(self) -> BoundField:
        """The control, where it has one."""
        return self.bound[0]

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return said(self.field.names)

    @property
    def hint(self) -> str:
        """What it is of, or without."""
        return said(self.field.hints)

    @property
    def unit(self) -> str:
        """What stands beside the control: € or %, or days and people for a count."""
        if self.field.kind is FieldKind.COUNT:
            return str(_UNITS.get(self.field.unit, ""))
        return {FieldKind.MONEY: "€", FieldKind.PERCENT: "%"}.get(self.field.kind, "")

    @property
    def is_wrong(self) -> bool:
        """Whether anything keeps it from being proposed."""
        return any(bound.errors for bound in self.bound) or any(not is_warning for is_warning, _text in self.findings)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A rank: its seats in words, and both prices."""

    rank: int
    seats: str
    entrance: BoundField
    settlement: BoundField


class DraftForm(forms.Form):
    """Which performances, in which format, and who is written to."""

    format = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("Format"))
    numbers = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Performances")
    )
    name = forms.CharField(max_length=80, required=False, label=gettext_lazy("Your own reference"))
    theatre_contact = forms.EmailField(required=False, label=gettext_lazy("Contact at the theatre"))
    provider_contact = forms.EmailField(required=False, label=gettext_lazy("Your contact"))
    agency_as_provider = forms.BooleanField(required=False, label=gettext_lazy("The agency invoices in its own name"))

    def __init__(self, data: Any = None, *, numbers: Sequence[int], by_agency: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["format"].choices = [(one.code, said(one.names)) for one in formats()]
        self.fields["numbers"].choices = [(str(number), str(number)) for number in numbers]
        self.fields["theatre_contact"].help_text = _("Gets the proposal by mail; without it everybody there who manages contracts.")
        self.fields["provider_contact"].help_text = _("Gets a copy.")
        if not by_agency:
            del self.fields["agency_as_provider"]

    @property
    def chosen(self) -> list[int]:
        """The performances ticked, as far as they can be read."""
        asked = self.data.getlist("numbers") if self.is_bound else self.initial.get("numbers", [])
        known = {value for value, _words in self.fields["numbers"].choices}
        return sorted(int(number) for number in asked if str(number) in known)

    def facts(self) -> dict[str, Any]:
        """As ``draft_agreement`` takes them, terms and performances apart."""
        names = ("name", "theatre_contact", "provider_contact", "agency_as_provider")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class TermsForm(forms.Form):
    """The terms of one format. Nothing has to be filled in: what is missing is a finding, and only what cannot be read refuses."""

    def __init__(
        self,
        data: Any = None,
        *,
        format_code: str,
        values: Values,
        seats: Sequence[Sequence[int]] = (),
        rows: int = 0,
        ranks: int = 0,
        without: Iterable[FieldGroup] = (),
    ) -> None:
        super().__init__(data, auto_id="id_%s")
        self.format_code = format_code
        self.begun = values
        self.specs = tuple(field for field in fields_of(format_code) if field.group not in set(without))
        self.seats = seats
        self.ranks = min(MOST_RANKS, max(ranks, 1, *(len(_tuple(values.get(code))) for code in _PER_RANK), *map(_highest, seats)))
        self.rows = min(MOST_ROWS, max(rows, len(_tuple(values.get("tranches"))), ROWS))
        self.findings: dict[str, list[tuple[bool, str]]] = {}
        for spec in self.specs:
            for name, field, initial in self._controls(spec, values.get(spec.code)):
                field.initial = initial
                self.fields[name] = field

    def _controls(self, spec: Field, value: Value) -> Iterable[tuple[str, forms.Field, Any]]:
        """Name, form field and initial value of each control of a field."""
        name, label = PREFIX + spec.code, said(spec.names)
        if spec.kind is FieldKind.PRICES:
            prices = _tuple(value)
            for rank in range(1, self.ranks + 1):
                initial = prices[rank - 1] if rank <= len(prices) else None
                yield f"{name}-{rank}", AmountField(label=f"{label}, {_('rank')} {rank}"), initial
        elif spec.kind is FieldKind.TRANCHES:
            tranches = _tuple(value)
            for row in range(1, self.rows + 1):
                one = tranches[row - 1] if row <= len(tranches) else None
                limit = one.limit_cents if isinstance(one, Tranche) else None
                share = one.percentage if isinstance(one, Tranche) else None
                yield f"{name}-{row}-limit", AmountField(label=_("Tranche %(row)s: net up to") % {"row": row}), limit
                yield f"{name}-{row}-share", PercentageField(label=_("Tranche %(row)s: provider’s share") % {"row": row}), share
        else:
            yield name, _single(spec, label), list(_tuple(value)) if spec.kind is FieldKind.SURCHARGES else value

    def texts(self) -> dict[str, Any]:
        """Every control's value as it stands in its field, for those that a sent form did not have."""
        return {name: self[name].value() for name in self.fields}

    def values(self) -> dict[str, Value]:
        """The terms, after :meth:`is_valid`. Settlement prices that were left alone follow entrance prices and surcharge, as long as
        they did so before; left empty they do so too."""
        found = {spec.code: self._value(spec) for spec in self.specs}
        told, before = found.get("settlement_prices"), self.begun.get("settlement_prices")
        if "settlement_prices" not in found:
            return found
        if not told or (told == before and before == settlement_prices(self.begun)):
            found["settlement_prices"] = settlement_prices(found)
        return found

    def readable(self) -> dict[str, Value]:
        """The terms as far as they can be read, whether or not the form is valid: for the preview."""
        self.is_valid()
        given: dict[str, Any] = getattr(self, "cleaned_data", None) or self.initials()
        self.cleaned_data = {name: given.get(name) for name in self.fields}
        return self.values()

    def initials(self) -> dict[str, Any]:
        """The values of a form that was not sent, by control."""
        return {name: field.initial for name, field in self.fields.items()}

    def _value(self, spec: Field) -> Value:
        given: dict[str, Any] = self.cleaned_data
        name = PREFIX + spec.code
        if spec.kind is FieldKind.PRICES:
            return _prices([given[f"{name}-{rank}"] for rank in range(1, self.ranks + 1)])
        if spec.kind is FieldKind.TRANCHES:
            rows = [(given[f"{name}-{row}-limit"], given[f"{name}-{row}-share"]) for row in range(1, self.rows + 1)]
            return tuple(Tranche(limit, share) for limit, share in rows if share is not None)
        value: Any = given[name]
        if spec.kind is FieldKind.SURCHARGES:
            return tuple(value or ())
        if (
            value is None
            and spec.kind in (FieldKind.MONEY, FieldKind.PERCENT)
            and spec.default is not None
            and not spec.is_required
        ):
            return spec.default  # an empty surcharge is none at all, which its default says
        return value if value is not None or spec.kind is not FieldKind.CHOICE else spec.default

    def clean(self) -> dict[str, Any]:
        """A price between prices, and the share of a tranche that has a limit."""
        given = super().clean() or {}
        for code in (spec.code for spec in self.specs if spec.kind is FieldKind.PRICES):
            prices = [given.get(f"{PREFIX}{code}-{rank}") for rank in range(1, self.ranks + 1)]
            last = max((rank for rank, price in enumerate(prices, start=1) if price is not None), default=0)
            for rank, price in enumerate(prices[:last], start=1):
                name = f"{PREFIX}{code}-{rank}"
                if price is None and name not in self.errors:
                    self.add_error(name, _("Give the price of rank %(rank)s too; 0 is a price.") % {"rank": rank})
        for row in range(1, self.rows + 1):
            limit, share = f"{PREFIX}tranches-{row}-limit", f"{PREFIX}tranches-{row}-share"
            if limit in self.fields and given.get(limit) is not None and given.get(share) is None and share not in self.errors:
                self.add_error(share, _("Give the provider’s share of this tranche."))
        return given

    def tell(self, findings: Iterable[TermsFinding], text_of: Any) -> list[TermsFinding]:
        """Keep findings beside the fields that they name, with their sentences; those that name none are handed back."""
        left = []
        known = {spec.code for spec in self.specs}
        for finding in findings:
            if finding.field in known:
                self.findings.setdefault(finding.field, []).append((finding.is_warning, text_of(finding, self.format_code)))
            else:
                left.append(finding)
        return left

    def controls(self, *groups: FieldGroup) -> list[Control]:
        """What there is to fill in of some groups, prices apart."""
        return [self.control(spec) for spec in self.specs if spec.group in groups and spec.kind is not FieldKind.PRICES]

    def control(self, spec: Field) -> Control:
        """One field with its controls."""
        name = PREFIX + spec.code
        bound = [self[each] for each in self.fields if each == name or each.startswith(f"{name}-")]
        return Control(spec, bound, self.findings.get(spec.code, ()))

    @property
    def price_rows(self) -> list[PriceRow]:
        """A row per rank."""
        return [
            PriceRow(rank, _seats(self.seats, rank), self[f"{PREFIX}entrance_prices-{rank}"], self[f"{PREFIX}settlement_prices-{rank}"])
            for rank in range(1, self.ranks + 1)
        ]  # fmt: skip

    @property
    def price_findings(self) -> list[tuple[bool, str]]:
        """What is wrong with prices, or remarkable."""
        return [*self.findings.get("entrance_prices", ()), *self.findings.get("settlement_prices", ())]

    @property
    def is_full(self) -> bool:
        """Whether no more ranks fit."""
        return self.ranks >= MOST_RANKS

    @property
    def readings_differ(self) -> bool:
        """Whether a reading is not as it usually is, or something is wrong with one: then they are not folded."""
        readings = self.controls(FieldGroup.READING)
        return any(control.is_wrong or _stands(control) != _usual(control.field) for control in readings)


def shown_codes(form: TermsForm) -> str:
    """The fields that a form shows, as its hidden mark says, so that a reader's unticked box is told from a box that was not there."""
    return ",".join(spec.code for spec in form.specs)


def completed_data(data: Any, fresh: TermsForm) -> Any:
    """What was sent, with the initial texts of fields that the sent form did not show: those of another format, chosen since."""
    shown = set(data.get("shown", "").split(","))
    merged = data.copy()
    for name, text in fresh.texts().items():
        code = name.removeprefix(PREFIX).partition("-")[0]
        if code not in shown and name not in data:
            merged.setlist(name, text if isinstance(text, list) else [] if text in (None, False) else [str(text)])
    return merged


def carried(data: Any, form: TermsForm) -> list[tuple[str, str]]:
    """What was typed in fields that the form does not show now: kept in hidden ones, so that nothing is lost on the way."""
    if data is None:
        return []
    names = [name for name in data if name.startswith(PREFIX) and name not in form.fields]
    return [(name, value) for name in names for value in data.getlist(name)]


def _single(spec: Field, label: str) -> forms.Field:
    kinds = {FieldKind.MONEY: AmountField, FieldKind.PERCENT: PercentageField, FieldKind.COUNT: CountField}
    if spec.kind in kinds:
        return kinds[spec.kind](label=label)
    if spec.kind is FieldKind.YES_NO:
        return forms.BooleanField(required=False, label=label)
    if spec.kind is FieldKind.CHOICE:
        choices = [(one.code, said(one.names)) for one in spec.choices]
        return forms.TypedChoiceField(required=False, label=label, choices=choices, empty_value=None)
    if spec.kind is FieldKind.SURCHARGES:
        names = [(one.code.removesuffix("_surcharge"), said(one.names)) for one in SURCHARGES]
        return forms.MultipleChoiceField(required=False, label=label, choices=names, widget=forms.CheckboxSelectMultiple)
    return forms.CharField(required=False, label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


def _tuple(value: Value) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def _highest(seats: Sequence[int]) -> int:
    return max((rank for rank, count in enumerate(seats, start=1) if count), default=0)


def _prices(prices: Sequence[int | None]) -> tuple[int, ...]:
    """Up to the last that is given."""
    last = max((rank for rank, price in enumerate(prices, start=1) if price is not None), default=0)
    return tuple(price or 0 for price in prices[:last])


def _seats(seats: Sequence[Sequence[int]], rank: int) -> str:
    """Seats of a rank over the performances: 300, or 280–300 where they differ."""
    counts = sorted({one[rank - 1] if rank <= len(one) else 0 for one in seats})
    if not counts:
        return ""
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"


def _stands(control: Control) -> Any:
    value = control.one.value()
    return tuple(value or ()) if control.field.kind is FieldKind.SURCHARGES else value


def _usual(spec: Field) -> Any:
    return spec.default

"""Rows of a tour: per theatre and at most six performances what differs there from the common terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dip.contracts.forms.amounts import AmountField, AmountsField
from dip.contracts.queries.choices import MOST, PerformanceChoice, TheatreChoice
from dip.contracts.rules.drafts import OF_THE_HALL, all_findings, ranks_in_use, settlement_prices
from dip.contracts.rules.formats import format_of
from dip.contracts.terms.fields import Field, FieldKind, TermsFinding, Value, Values


def amount_of(format_code: str) -> Field | None:
    """The sum of a format that differs per theatre: the one that it needs, else the guarantee for the provider."""
    money = [one for one in format_of(format_code).fields if one.kind is FieldKind.MONEY]
    needed = [one for one in money if one.is_required]
    return next(iter(needed), None) or next((one for one in money if one.code == "provider_guarantee"), None)


@dataclass(slots=True)
class Group:
    """One agreement to be: a theatre, at most six performances, and what its hall asks a ticket."""

    theatre: TheatreChoice
    performances: Sequence[PerformanceChoice]
    hall_terms: Mapping[str, Value] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names the row as long as its first performance has no agreement."""
        return str(self.performances[0].number)

    @property
    def numbers(self) -> list[int]:
        """Its performances."""
        return [one.number for one in self.performances]

    @property
    def seats(self) -> list[Sequence[int]]:
        """Per performance the seats by rank."""
        return [one.seats for one in self.performances]

    @property
    def halls(self) -> str:
        """Names of its halls."""
        return ", ".join(dict.fromkeys(one.hall for one in self.performances))


def groups_of(theatres: Sequence[TheatreChoice], today: Any) -> list[Group]:
    """One per theatre and six performances to come that no agreement covers, in the order of dates."""
    found = []
    for theatre in theatres:
        free = [one for one in theatre.free if one.on >= today]
        found += [Group(theatre, free[start : start + MOST]) for start in range(0, len(free), MOST)]
    return sorted(found, key=lambda group: (group.performances[0].starts_at, group.performances[0].number))


class RowForm(forms.Form):
    """What differs in one theatre; what is left empty is as in the common terms."""

    take = forms.BooleanField(required=False)
    surcharge = AmountField()
    prices = AmountsField()
    amount = AmountField()

    def __init__(self, data: Any, group: Group, amount: Field | None) -> None:
        names = [f"r{group.key}-{name}" for name in self.base_fields]
        is_sent = data is not None and any(name in data for name in names)
        first = {"take": True, "surcharge": group.hall_terms.get("theatre_surcharge") or 0}
        super().__init__(data if is_sent else None, prefix=f"r{group.key}", initial=first, auto_id="id_%s")
        self.group = group
        self.amount_field = amount
        where = {"theatre": group.theatre.name}
        self.fields["take"].label = _("Take %(theatre)s along") % where
        self.fields["surcharge"].label = _("Theatre surcharge, %(theatre)s") % where
        self.fields["prices"].label = _("Entrance prices, %(theatre)s") % where
        self.fields["amount"].label = _("Sum, %(theatre)s") % where
        if amount is None:
            del self.fields["amount"]
        self.findings: list[tuple[bool, str]] = []
        self.totals: tuple[int, int] | None = None

    @property
    def is_taken(self) -> bool:
        """Whether its tick is set."""
        return bool(self.cleaned_data.get("take")) if self.is_bound and self.is_valid() else bool(self["take"].value())

    def terms(self, common: Values) -> dict[str, Value]:
        """The common terms with what this theatre has of its own."""
        given: dict[str, Any] = {}
        if self.is_bound:
            self.is_valid()
            given = self.cleaned_data
        values = {**common, **{code: self.group.hall_terms.get(code) or 0 for code in OF_THE_HALL}}
        if self.is_bound:
            values["theatre_surcharge"] = given.get("surcharge") or 0
        if given.get("prices"):
            values["entrance_prices"] = given["prices"]
        else:
            ranks = ranks_in_use(self.group.seats)
            prices = values.get("entrance_prices")
            values["entrance_prices"] = prices[:ranks] if ranks and isinstance(prices, tuple) else prices  # type: ignore[assignment]
        if self.amount_field is not None and given.get("amount") is not None:
            values[self.amount_field.code] = given["amount"]
        values["settlement_prices"] = settlement_prices(values)
        return values

    def check(self, format_code: str, common: Values) -> list[TermsFinding]:
        """What is wrong with its terms, or remarkable."""
        return all_findings(format_code, self.terms(common), ranks_in_use(self.group.seats))

    @property
    def is_good(self) -> bool:
        """Whether nothing refuses it."""
        return not self.errors and all(is_warning for is_warning, _text in self.findings)

"""The content of an invoice as it is kept beside its document (JSON), and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from dip.contracts.terms.invoices import (
    InvoiceContent,
    InvoiceKind,
    InvoiceLine,
    PartyFacts,
    Preceding,
    VatCategory,
    VatRegime,
    VatRow,
)


def stored_content(content: InvoiceContent) -> dict[str, Any]:
    """As JSON holds it: days in ISO, rates as text, "9/100"."""
    plain: dict[str, Any] = _plain(asdict(content))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def restored_content(raw: Mapping[str, Any]) -> InvoiceContent:
    """What :func:`stored_content` kept."""
    return InvoiceContent(
        **{
            **raw,
            "kind": InvoiceKind(raw["kind"]),
            "issue_date": date.fromisoformat(raw["issue_date"]),
            "due_date": date.fromisoformat(raw["due_date"]),
            "seller": _party(raw["seller"]),
            "buyer": _party(raw["buyer"]),
            "lines": tuple(_line(one) for one in raw["lines"]),
            "vat": tuple(_row(one) for one in raw["vat"]),
            "preceding": tuple(Preceding(one["number"], date.fromisoformat(one["issue_date"])) for one in raw["preceding"]),
        }
    )


def _party(raw: Mapping[str, Any]) -> PartyFacts:
    return PartyFacts(**{**raw, "regime": VatRegime(raw["regime"])})


def _line(raw: Mapping[str, Any]) -> InvoiceLine:
    days = {name: date.fromisoformat(raw[name]) for name in ("starts_on", "ends_on")}
    return InvoiceLine(**{**raw, **days, "category": VatCategory(raw["category"]), "rate": Fraction(raw["rate"])})


def _row(raw: Mapping[str, Any]) -> VatRow:
    return VatRow(**{**raw, "category": VatCategory(raw["category"]), "rate": Fraction(raw["rate"])})

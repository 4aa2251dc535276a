"""Who invoices whom, and the VAT on it: the step of a settlement after each party's part is known."""

from collections.abc import Mapping
from fractions import Fraction

from dip.contracts.rules.ledger import Amounts, Ledger, minus, plus
from dip.contracts.rules.rounding import are_alike, rate_of_all
from dip.contracts.terms.statement import Evening, InvoiceItem, Party, Sign

_NONE = Fraction(0)


def provider_invoices(ledger: Ledger, step: str) -> None:
    """The provider invoices its part with VAT; the theatre sold the tickets."""
    amounts = ledger.amounts("provider_ex")
    rates = [_share_rate(ledger, evening) for evening in ledger.evenings]
    items, added = _items({"share": amounts}, rates)
    rate = rates[0] if are_alike(rates) else None
    ledger.add("provider_vat", step, added, sign=Sign.PLUS, party=Party.PROVIDER, rate=rate, base=amounts)
    ledger.add("provider_total", step, plus(amounts, added), sign=Sign.SUM, party=Party.PROVIDER)
    ledger.items, ledger.issuer, ledger.payable_cents = items, Party.PROVIDER, ledger.total("provider_total")


def theatre_invoices(ledger: Ledger, step: str) -> None:
    """The theatre invoices the use of the hall with VAT; the provider sold the tickets, and owes the VAT in the recette."""
    charged = {code: ledger.amounts(code) for code in ("rent", "other_charges") if ledger.money(code)}
    items, added = _items(charged, [_use_rate(ledger, evening) for evening in ledger.evenings])
    due = minus(plus(ledger.amounts("provider_ex"), ledger.amounts("vat")), added)
    ledger.add("provider_recette_vat", step, ledger.amounts("vat"), sign=Sign.PLUS, party=Party.PROVIDER)
    ledger.add("use_vat", step, added, sign=Sign.MINUS, party=Party.PROVIDER)
    ledger.add("provider_total", step, due, sign=Sign.SUM, party=Party.PROVIDER)
    ledger.items, ledger.issuer, ledger.payable_cents = items, Party.THEATRE, sum(due)


def _items(charged: Mapping[str, Amounts], rates: list[Fraction]) -> tuple[list[InvoiceItem], Amounts]:
    """An item per code and rate, and the VAT per performance. As an invoice asks it, the VAT of a rate is rounded once over everything
    that is charged at that rate, and divided over it."""
    items, added = [], [0] * len(rates)
    for rate in rates[:1] if are_alike(rates) else sorted(set(rates)):
        places = [place for place, own in enumerate(rates) if own == rate]
        taxed = rate_of_all([amounts[place] for amounts in charged.values() for place in places], rate)
        for row, (code, amounts) in enumerate(charged.items()):
            own = taxed[row * len(places) : (row + 1) * len(places)]
            items.append(InvoiceItem(code, sum(amounts[place] for place in places), rate, sum(own)))
            for place, cents in zip(places, own, strict=True):
                added[place] += cents
    return items, tuple(added)


def _share_rate(ledger: Ledger, evening: Evening) -> Fraction:
    choice = ledger.choice("share_vat")
    if choice in ("exempt", "reverse"):
        return _NONE
    return evening.high_vat_rate if choice == "high" else evening.vat_rate


def _use_rate(ledger: Ledger, evening: Evening) -> Fraction:
    choice = ledger.choice("use_vat")
    if choice == "exempt":
        return _NONE
    return evening.vat_rate if choice == "low" else evening.high_vat_rate

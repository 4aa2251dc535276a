"""What an invoice of a settlement says: who sells, which items, which VAT, what is settled already. Pure, and in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dip.contracts.rules.invoices import words
from dip.contracts.rules.rounding import part
from dip.contracts.terms.fields import Texts
from dip.contracts.terms.invoices import (
    InvoiceContent,
    InvoiceKind,
    InvoiceLine,
    Owner,
    PartyFacts,
    Preceding,
    RuleFinding,
    VatCategory,
    VatRegime,
    VatRow,
)
from dip.contracts.terms.statement import InvoiceItem, Party, Statement


@dataclass(frozen=True, slots=True)
class Bill:
    """What a signed settlement gives to invoice, and what is said about it."""

    statement: Statement
    format_names: Texts
    vat_choice: str
    """The reading of VAT in the terms: low, high, exempt or reverse."""
    title: str
    """Of the production."""
    days: tuple[date, ...]
    """Of the performances, ascending; at least one."""
    agreement: str
    """Its reference."""
    borderel: str
    """The settlement's reference."""
    provider: PartyFacts
    theatre: PartyFacts
    payment_days: int = 14


def charged_cents(statement: Statement) -> int:
    """What the issuer's items come to, VAT included; below 0 when the other party is to invoice."""
    return sum(item.cents + item.vat_cents for item in statement.items)


def seller_of(statement: Statement) -> Party:
    """Who sells: the statement's issuer, or the other party when the items come to less than 0.

    A credit note takes back an earlier invoice, and there is none: an amount the other way is an invoice of the other party.
    """
    if charged_cents(statement) >= 0:
        return statement.issuer
    return Party.THEATRE if statement.issuer is Party.PROVIDER else Party.PROVIDER


def is_turned(statement: Statement) -> bool:
    """Whether the other party than the issuer sells."""
    return seller_of(statement) is not statement.issuer


def prepaid_cents(statement: Statement) -> int:
    """What of the invoice is settled with money that the theatre holds for the provider: for rent, out of the recette."""
    if statement.issuer is not Party.THEATRE or is_turned(statement):
        return 0
    total = charged_cents(statement)
    held = total + statement.payable_cents
    return max(0, min(total, held))


def make_content(
    bill: Bill,
    *,
    number: str,
    issue_date: date,
    language: str,
    is_self_billed: bool = False,
    preceding: Sequence[Preceding] = (),
) -> InvoiceContent:
    """The document of a settlement. ``preceding``: credited invoices in whose place it comes. Raises ValueError for a self-billed one
    that the theatre itself would sell on."""
    seller_side = seller_of(bill.statement)
    if is_self_billed and seller_side is Party.THEATRE:
        raise ValueError("the theatre sells: it bills for itself")
    seller, buyer = (bill.provider, bill.theatre) if seller_side is Party.PROVIDER else (bill.theatre, bill.provider)
    sign = -1 if is_turned(bill.statement) else 1
    items = [replace(item, cents=sign * item.cents, vat_cents=sign * item.vat_cents) for item in bill.statement.items]
    items = [item for item in items if item.cents or item.vat_cents]
    categories = [category_of(item, bill.vat_choice, seller) for item in items]
    rows = _vat_rows(items, categories, seller, language)
    made = InvoiceContent(
        kind=InvoiceKind.SELF_BILLED if is_self_billed else InvoiceKind.INVOICE,
        number=number,
        issue_date=issue_date,
        due_date=issue_date + timedelta(days=bill.payment_days),
        note=words.note(bill.statement, is_self_billed=is_self_billed, is_turned=sign < 0, language=language),
        terms=_terms(bill, seller, language),
        buyer_reference=buyer.buyer_reference or bill.agreement,
        agreement=bill.agreement,
        borderel=bill.borderel,
        seller=seller,
        buyer=buyer,
        lines=tuple(_line(bill, item, category, language) for item, category in zip(items, categories, strict=True)),
        vat=rows,
        rounding_cents=sum(item.vat_cents for item in items) - sum(row.vat_cents for row in rows),
        prepaid_cents=prepaid_cents(bill.statement),
        preceding=tuple(preceding),
    )
    return made if made.due_cents > 0 else replace(made, terms="")


def credit_of(content: InvoiceContent, *, number: str, issue_date: date, language: str) -> InvoiceContent:
    """The credit note that takes a whole invoice back: the same lines, the same amounts, naming the invoice."""
    return replace(
        content,
        kind=content.kind.credit,
        number=number,
        issue_date=issue_date,
        due_date=issue_date,
        note=words.credit_note(content.number, content.issue_date, is_self_billed=content.kind.is_self_billed, language=language),
        terms=words.credit_terms(language),
        preceding=(Preceding(content.number, content.issue_date),),
    )


def category_of(item: InvoiceItem, vat_choice: str, seller: PartyFacts) -> VatCategory:
    """The VAT category of an item: by the seller's regime, its rate, and how the terms read VAT."""
    if seller.regime is VatRegime.OUTSIDE:
        return VatCategory.OUTSIDE
    if item.vat_rate > 0:
        return VatCategory.STANDARD
    return {"reverse": VatCategory.REVERSE, "exempt": VatCategory.EXEMPT}.get(vat_choice, VatCategory.ZERO)


def contradictions(content: InvoiceContent) -> list[RuleFinding]:
    """Where the seller's regime and the VAT that both parties signed for do not go together. Not for credit notes."""
    charges = content.vat_cents != 0
    reverses = any(row.category is VatCategory.REVERSE for row in content.vat)
    regime = content.seller.regime
    found = []
    if regime is not VatRegime.NORMAL and charges:
        found.append(RuleFinding(f"DIP-VAT-{regime}", words.VAT_CHARGED[regime], Owner.AGREEMENT))
    if reverses and not content.buyer.vat_number:
        found.append(RuleFinding("DIP-VAT-reverse-buyer", words.REVERSE_WITHOUT_NUMBER, Owner.BUYER))
    if reverses and regime is VatRegime.NORMAL and content.seller.country == content.buyer.country:
        found.append(RuleFinding("DIP-VAT-reverse-home", words.REVERSE_AT_HOME, Owner.AGREEMENT, is_warning=True))
    return found


def _terms(bill: Bill, seller: PartyFacts, language: str) -> str:
    said = words.payment_terms(bill.payment_days, language)
    return f"{said} {seller.payment_terms}".strip()


def _line(bill: Bill, item: InvoiceItem, category: VatCategory, language: str) -> InvoiceLine:
    return InvoiceLine(
        name=words.item_name(item.code, bill.format_names, bill.title, language),
        description=words.performances(bill.days, language),
        cents=item.cents,
        category=category,
        rate=item.vat_rate,
        starts_on=bill.days[0],
        ends_on=bill.days[-1],
    )


def _vat_rows(
    items: Sequence[InvoiceItem], categories: Sequence[VatCategory], seller: PartyFacts, language: str
) -> tuple[VatRow, ...]:
    """One row for each category and rate, in the order of the items; its VAT is the rate of its sum, rounded once."""
    rows: dict[tuple[VatCategory, object], VatRow] = {}
    for item, category in zip(items, categories, strict=True):
        reason, code = words.exemption(category, seller.regime, item.code, language)
        key = (category, item.vat_rate)
        old = rows.get(key) or VatRow(category, item.vat_rate, 0, 0, reason, code)
        taxable = old.taxable_cents + item.cents
        rows[key] = replace(old, taxable_cents=taxable, vat_cents=part(taxable, item.vat_rate))
    return tuple(rows.values())

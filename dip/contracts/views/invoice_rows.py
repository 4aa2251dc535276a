"""What the pages of invoices print: the sentence on top, rows of amounts, rows of what was issued, and the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dip.contracts.invoice_words import KINDS
from dip.contracts.queries.invoices import InvoicePage, Issued
from dip.contracts.terms.invoices import InvoiceContent, VatCategory
from dip.registry.sheets import Cell
from dip.web import formats


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One row of the totals. ``kind``: line, sum or due."""

    name: str
    hint: str
    cents: int
    kind: str


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """An issued document as a list prints it. ``tone``: a status of the pills."""

    item: Issued
    kind: str | Promise
    state: str
    tone: str


def lede(page: InvoicePage, may: dict[str, bool]) -> str:
    """How it stands, and whose turn it is, in a sentence or two."""
    why = {
        "signed": _("The borderel waits for both parties to sign. After that the invoice follows from it."),
        "nothing": _("Nothing is charged in this borderel, so there is no invoice to make."),
        "nobody": _("Nobody runs this theatre on the platform, so there is no buyer or seller to name yet."),
        "issued": _issued_sentence(page),
    }.get(page.why)
    if why is not None:
        return why
    draft = page.draft
    if draft is None or page.sides is None:
        return ""
    seller = page.sides.seller.name if page.sides.seller else ""
    if not draft.is_ready:
        return _("The invoice cannot be issued yet: something is missing. What is listed below says who can complete it.")
    if may["issue"] and page.sides.is_self_billed:
        return _("Everything is there. You make this invoice in the name of {seller}.").format(seller=seller)
    if may["issue"]:
        return _(
            "Everything is there. The invoice follows from the borderel that both parties signed; issue it when you are ready."
        )
    return _("Everything is there. {seller} issues the invoice.").format(seller=seller)


def _issued_sentence(page: InvoicePage) -> str:
    standing = next((one for one in page.issued if one.is_standing), None)
    if standing is None:
        return ""
    if page.paid_date:
        text = _("Invoice {number} of {day} is paid, on {paid}.")
        return text.format(
            number=standing.number, day=formats.plain_day(standing.issue_date), paid=formats.plain_day(page.paid_date)
        )
    if standing.due_cents <= 0:
        return _("Invoice {number} is settled with the recette; nothing is left to pay on it.").format(number=standing.number)
    text = _("Invoice {number} stands: {amount}, to be paid by {due}.")
    return text.format(number=standing.number, amount=formats.money(standing.due_cents), due=formats.plain_day(standing.due_date))


def amount_rows(content: InvoiceContent) -> list[AmountRow]:
    """Totals of a document in the order of the arithmetic."""
    rows = [AmountRow(_("Total excl. VAT"), "", content.net_cents, "sum")]
    for row in content.vat:
        hint = row.reason
        if row.category is VatCategory.STANDARD:
            rate = formats.percent(float(row.rate), 0 if (row.rate * 100).denominator == 1 else 2)
            hint = _("{rate} of {base}").format(rate=rate, base=formats.money(row.taxable_cents))
        rows.append(AmountRow(_("VAT"), hint, row.vat_cents, "line"))
    rows.append(AmountRow(_("Total incl. VAT"), "", content.total_cents, "sum"))
    if content.prepaid_cents:
        rows.append(AmountRow(_("Settled with the recette"), _("which the theatre holds"), -content.prepaid_cents, "line"))
    if content.rounding_cents:
        rows.append(AmountRow(_("Rounding"), _("as settled"), content.rounding_cents, "line"))
    rows.append(AmountRow(_("To pay"), formats.plain_day(content.due_date), content.due_cents, "due"))
    return rows


def issued_rows(issued: Sequence[Issued]) -> list[IssuedRow]:
    """With their kind and state in words."""
    return [IssuedRow(item, KINDS[item.kind], *_state(item)) for item in issued]


def _state(item: Issued) -> tuple[str, str]:
    if item.credits:
        return _("takes back {number}").format(number=item.credits), "concept"
    if not item.is_standing:
        return _("credited"), "cancelled"
    if item.paid_date:
        return _("paid {day}").format(day=formats.plain_day(item.paid_date)), "confirmed"
    if item.due_cents <= 0:
        return _("settled"), "confirmed"
    return _("to be paid by {day}").format(day=formats.plain_day(item.due_date)), "requested"


def sheet_rows(issued: Sequence[Issued]) -> tuple[list[str], list[list[Cell]]]:
    """Heads and rows of the CSV; amounts in euros with a point, days in ISO."""
    heads = ["number", "kind", "issue_date", "due_date", "seller", "buyer", "made_by", "agreement", "borderel", "title", "net", "vat", "total",
             "due", "takes_back", "replaces", "stands", "paid_date", "mailed_at"]  # fmt: skip
    return heads, [_sheet_row(item) for item in issued]


def _sheet_row(item: Issued) -> list[Cell]:
    amounts: list[Cell] = [_euros(cents) for cents in (item.net_cents, item.vat_cents, item.total_cents, item.due_cents)]
    mailed: datetime | None = item.mailed_at
    return [
        item.number, item.kind.value, item.issue_date.isoformat(), item.due_date.isoformat(), item.seller, item.buyer, item.maker,
        item.agreement, item.settlement_number, item.title, *amounts, item.credits, item.replaces, "yes" if item.is_standing else "no",
        item.paid_date.isoformat() if item.paid_date else None, mailed,
    ]  # fmt: skip


def _euros(cents: int) -> str:
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"

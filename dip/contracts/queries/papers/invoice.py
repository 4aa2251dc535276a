"""The document of an invoice or credit note: what the template is filled with, in the language of who gets it."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from dip.contracts.invoice_words import KINDS
from dip.contracts.models import Invoice
from dip.contracts.queries.papers import parts
from dip.contracts.queries.papers.statement import rate_text
from dip.contracts.rules.invoices.kept import restored_content
from dip.contracts.terms.invoices import InvoiceContent, InvoiceKind, PartyFacts, VatCategory, VatRow
from dip.contracts.terms.papers import Paper, PaperKind
from dip.web import formats

TEMPLATE = "contracts/paper/invoice.typ"
ISSUED = "issued"


def invoice_paper(row: Invoice) -> Paper:
    """The paper of an issued document; the same row gives the same paper, always."""
    with translation.override(row.language):
        data = _data(row, restored_content(row.content))
    return Paper(
        kind=PaperKind.INVOICE,
        agreement_id=row.agreement_id,
        number=row.settlement.number,
        stage=ISSUED,
        language=row.language,
        at=row.issued_at,
        name=file_name(row),
        data=data,
        is_sealed=True,
    )


def file_name(row: Invoice) -> str:
    """Of its files, without ending: seller's number first, so that two never share one."""
    return f"{row.seller.number}-{row.number}"


def _data(row: Invoice, content: InvoiceContent) -> dict[str, Any]:
    kind = str(KINDS[InvoiceKind(row.kind)])
    framed = parts.framed(
        kind=kind,
        reference=row.number,
        heading=row.number,
        author=content.seller.legal_name,
        facts=[content.lines[0].name if content.lines else "", formats.plain_day(content.issue_date), content.agreement],
        standing=(True, kind, f"{content.seller.legal_name} → {content.buyer.legal_name}"),
        sections=[_section(kind, content)],
    )
    attached = {
        "name": f"{file_name(row)}.xml",
        "bytes": list(bytes(row.document)),
        "description": _("The same document as UBL 2.1, for bookkeeping software"),
    }
    return framed | {"attachment": attached, "title": f"{kind} {row.number}"}


def _section(kind: str, content: InvoiceContent) -> dict[str, Any]:
    return {
        "kind": kind,
        "seller": _party(_("Seller"), content.seller, is_seller=True),
        "buyer": _party(_("Buyer"), content.buyer, is_seller=False),
        "marks": [{"name": name, "value": value} for name, value in _marks(content) if value],
        "lines-title": _("What for"),
        "heads": [_("Description"), _("VAT"), _("Excl. VAT")],
        "lines": [
            {
                "name": line.name,
                "description": line.description,
                "vat": _rate(line.category, line),
                "amount": formats.money(line.cents),
            }
            for line in content.lines
        ],
        "vat-title": _("VAT"),
        "reasons": [_vat_sentence(row) for row in content.vat],
        "amounts": [{"name": name, "value": formats.money(cents), "kind": kind} for name, cents, kind in _amounts(content)],
        "payment-title": _("To pay to"),
        "payment": [{"name": name, "value": value} for name, value in _payment(content) if value],
        "notes": [text for text in (content.note, content.terms) if text],
    }


def _rate(category: VatCategory, line: Any) -> str:
    return (
        rate_text(line.rate)
        if category is VatCategory.STANDARD
        else "–"
        if category is VatCategory.OUTSIDE
        else rate_text(line.rate)
    )


def _vat_sentence(row: VatRow) -> str:
    if row.reason:
        return row.reason
    text = _("{rate} of {base}: {vat}")
    return text.format(rate=rate_text(row.rate), base=formats.money(row.taxable_cents), vat=formats.money(row.vat_cents))


def _marks(content: InvoiceContent) -> list[tuple[str, str]]:
    due = "" if content.kind.is_credit else formats.plain_day(content.due_date)
    return [
        (_("Date"), formats.plain_day(content.issue_date)),
        (_("To be paid by"), due),
        (_("Agreement"), content.agreement),
        (_("Borderel"), content.borderel),
        (_("Buyer’s reference"), content.buyer_reference if content.buyer_reference != content.agreement else ""),
        (_("Earlier invoice"), ", ".join(one.number for one in content.preceding)),
    ]


def _party(label: str, facts: PartyFacts, *, is_seller: bool) -> dict[str, Any]:
    numbered = [
        (_("KvK"), facts.kvk),
        (_("OIN"), facts.oin),
        (_("VAT number"), facts.vat_number),
        ("", facts.email if is_seller else ""),
    ]
    lines = [
        facts.trading_name if facts.trading_name != facts.legal_name else "",
        facts.street,
        f"{facts.postcode} {facts.city}".strip(),
        facts.country if facts.country != "NL" else "",
        *(f"{name} {value}".strip() for name, value in numbered if value),
    ]
    return {"label": label, "name": facts.legal_name, "lines": [line for line in lines if line]}


def _amounts(content: InvoiceContent) -> list[tuple[str, int, str]]:
    due = _("To be credited") if content.kind.is_credit else _("To pay")
    rows = [(_("Total excl. VAT"), content.net_cents, "line"), (_("VAT"), content.vat_cents, "line")]
    if content.prepaid_cents or content.rounding_cents:
        rows.append((_("Total incl. VAT"), content.total_cents, "sum"))
    if content.prepaid_cents:
        rows.append((_("Settled with the recette"), -content.prepaid_cents, "line"))
    if content.rounding_cents:
        rows.append((_("Rounding"), content.rounding_cents, "line"))
    return [*rows, (due, content.due_cents, "due")]


def _payment(content: InvoiceContent) -> list[tuple[str, str]]:
    if content.kind.is_credit or content.due_cents <= 0 or not content.seller.iban:
        return []
    iban = content.seller.iban
    return [
        (_("Account"), " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))),
        (_("BIC"), content.seller.bic),
        (_("In the name of"), content.seller.legal_name),
        (_("Mention"), content.number),
        (_("Not later than"), formats.plain_day(content.due_date)),
    ]

"""An invoice as UBL 2.1, by Peppol BIS Billing 3.0 or Self-Billing 3.0. The same content gives the same bytes, always."""

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree

from dip.contracts.rules.invoices.identifiers import means_of_payment
from dip.contracts.rules.invoices.parties import address_of, registration_of
from dip.contracts.terms.invoices import InvoiceContent, InvoiceLine, PartyFacts, VatCategory, VatRow

BASE = "urn:oasis:names:specification:ubl:schema:xsd"
COMPONENTS = {"cac": f"{BASE}:CommonAggregateComponents-2", "cbc": f"{BASE}:CommonBasicComponents-2"}
INVOICE, CREDIT_NOTE = f"{BASE}:Invoice-2", f"{BASE}:CreditNote-2"
BILLING = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
SELF_BILLING = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0",
    "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0",
)
CURRENCY, UNIT = "EUR", "C62"
_ILLEGAL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Node = ElementTree.Element


def written(content: InvoiceContent) -> bytes:
    """The document, UTF-8, two spaces a level. Elements that would be empty are left out."""
    is_credit = content.kind.is_credit
    root = Node("CreditNote" if is_credit else "Invoice", {"xmlns": CREDIT_NOTE if is_credit else INVOICE})
    for prefix, address in COMPONENTS.items():
        root.set(f"xmlns:{prefix}", address)
    root.extend(_header(content))
    root.extend(_references(content))
    root.append(_within("cac:AccountingSupplierParty", _party(content, content.seller, is_seller=True)))
    root.append(_within("cac:AccountingCustomerParty", _party(content, content.buyer, is_seller=False)))
    root.extend(_payment(content))
    root.extend(_totals(content))
    for place, line in enumerate(content.lines, start=1):
        root.append(_line(line, place, is_credit=is_credit))
    ElementTree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="utf-8") + b"\n"


def amount(cents: int) -> str:
    """Cents as euros with two decimals and a point: -1234.50."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


def percentage(rate: Fraction) -> str:
    """A rate as a percentage without needless decimals: 9, 5.5."""
    hundredths = rate * 10_000
    if hundredths.denominator != 1:
        raise ValueError(f"{rate} has more than two decimals in percent")
    whole, part = divmod(hundredths.numerator, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def _text(tag: str, text: str, **attributes: str) -> Iterator[Node]:
    """One element, or none when there is nothing to say."""
    clean = " ".join(_ILLEGAL.sub("", text).split())
    if clean:
        node = Node(tag, attributes)
        node.text = clean
        yield node


def _money(tag: str, cents: int) -> Iterator[Node]:
    return _text(tag, amount(cents), currencyID=CURRENCY)


def _within(tag: str, *children: Iterator[Node]) -> Node:
    node = Node(tag)
    for child in children:
        node.extend(child)
    return node


def _filled(tag: str, *children: Iterator[Node]) -> Iterator[Node]:
    """An element with children, or none when it would have none."""
    node = _within(tag, *children)
    if len(node):
        yield node


def _header(content: InvoiceContent) -> Iterator[Node]:
    customization, profile = SELF_BILLING if content.kind.is_self_billed else BILLING
    yield from _text("cbc:CustomizationID", customization)
    yield from _text("cbc:ProfileID", profile)
    yield from _text("cbc:ID", content.number)
    yield from _text("cbc:IssueDate", content.issue_date.isoformat())
    if content.kind.is_credit:
        yield from _text("cbc:CreditNoteTypeCode", content.kind.value)
    else:
        yield from _text("cbc:DueDate", content.due_date.isoformat())
        yield from _text("cbc:InvoiceTypeCode", content.kind.value)
    yield from _text("cbc:Note", content.note)
    yield from _text("cbc:DocumentCurrencyCode", CURRENCY)
    yield from _text("cbc:BuyerReference", content.buyer_reference)


def _references(content: InvoiceContent) -> Iterator[Node]:
    if content.lines:
        starts, ends = min(line.starts_on for line in content.lines), max(line.ends_on for line in content.lines)
        yield _period(starts.isoformat(), ends.isoformat())
    for one in content.preceding:
        own = _filled(
            "cac:InvoiceDocumentReference", _text("cbc:ID", one.number), _text("cbc:IssueDate", one.issue_date.isoformat())
        )
        yield from _filled("cac:BillingReference", own)
    yield from _filled("cac:ContractDocumentReference", _text("cbc:ID", content.agreement))
    yield from _filled(
        "cac:AdditionalDocumentReference", _text("cbc:ID", content.borderel), _text("cbc:DocumentDescription", "Borderel")
    )


def _period(starts: str, ends: str) -> Node:
    return _within("cac:InvoicePeriod", _text("cbc:StartDate", starts), _text("cbc:EndDate", ends))


def _party(content: InvoiceContent, party: PartyFacts, *, is_seller: bool) -> Iterator[Node]:
    scheme, address = address_of(party)
    is_outside = any(row.category is VatCategory.OUTSIDE for row in content.vat)
    register, number = registration_of(party)
    node = _within(
        "cac:Party",
        _text("cbc:EndpointID", address, schemeID=scheme),
        _filled("cac:PartyName", _text("cbc:Name", party.trading_name)),
        iter([_postal(party)]),
        iter(()) if is_outside else _tax_scheme(party.vat_number),
        _filled(
            "cac:PartyLegalEntity",
            _text("cbc:RegistrationName", party.legal_name),
            _text("cbc:CompanyID", number, schemeID=register),
        ),
        _filled("cac:Contact", _text("cbc:ElectronicMail", party.email)) if is_seller else iter(()),
    )
    yield node


def _postal(party: PartyFacts) -> Node:
    return _within(
        "cac:PostalAddress",
        _text("cbc:StreetName", party.street),
        _text("cbc:CityName", party.city),
        _text("cbc:PostalZone", party.postcode),
        _filled("cac:Country", _text("cbc:IdentificationCode", party.country)),
    )


def _scheme() -> Iterator[Node]:
    return _filled("cac:TaxScheme", _text("cbc:ID", "VAT"))


def _tax_scheme(vat_number: str) -> Iterator[Node]:
    if vat_number:
        yield _within("cac:PartyTaxScheme", _text("cbc:CompanyID", vat_number), _scheme())


def _payment(content: InvoiceContent) -> Iterator[Node]:
    """The account to pay to, unless nothing is left to pay. On a credit note: where the seller may be paid is no matter."""
    if content.due_cents > 0 and content.seller.iban and not content.kind.is_credit:
        account = _within(
            "cac:PayeeFinancialAccount",
            _text("cbc:ID", content.seller.iban),
            _text("cbc:Name", content.seller.legal_name),
            _filled("cac:FinancialInstitutionBranch", _text("cbc:ID", content.seller.bic)),
        )
        yield _within(
            "cac:PaymentMeans",
            _text("cbc:PaymentMeansCode", means_of_payment(content.seller.iban)),
            _text("cbc:PaymentID", content.number),
            iter([account]),
        )
    yield from _filled("cac:PaymentTerms", _text("cbc:Note", content.terms))


def _totals(content: InvoiceContent) -> Iterator[Node]:
    yield _within("cac:TaxTotal", _money("cbc:TaxAmount", content.vat_cents), (_subtotal(row) for row in content.vat))
    yield _within(
        "cac:LegalMonetaryTotal",
        _money("cbc:LineExtensionAmount", content.net_cents),
        _money("cbc:TaxExclusiveAmount", content.net_cents),
        _money("cbc:TaxInclusiveAmount", content.total_cents),
        _money("cbc:PrepaidAmount", content.prepaid_cents) if content.prepaid_cents else iter(()),
        _money("cbc:PayableRoundingAmount", content.rounding_cents) if content.rounding_cents else iter(()),
        _money("cbc:PayableAmount", content.due_cents),
    )


def _subtotal(row: VatRow) -> Node:
    category = _within(
        "cac:TaxCategory",
        _text("cbc:ID", row.category.value),
        _text("cbc:Percent", _percent(row.category, row.rate)),
        _text("cbc:TaxExemptionReasonCode", row.reason_code),
        _text("cbc:TaxExemptionReason", row.reason),
        _scheme(),
    )
    return _within(
        "cac:TaxSubtotal",
        _money("cbc:TaxableAmount", row.taxable_cents),
        _money("cbc:TaxAmount", row.vat_cents),
        iter([category]),
    )


def _percent(category: VatCategory, rate: Fraction) -> str:
    return "" if category is VatCategory.OUTSIDE else percentage(rate)


def _line(line: InvoiceLine, place: int, *, is_credit: bool) -> Node:
    """A line of one piece; what lowers the total has quantity −1, for a price is never below 0."""
    quantity = "-1" if line.cents < 0 else "1"
    category = _within(
        "cac:ClassifiedTaxCategory",
        _text("cbc:ID", line.category.value),
        _text("cbc:Percent", _percent(line.category, line.rate)),
        _scheme(),
    )
    item = _within("cac:Item", _text("cbc:Description", line.description), _text("cbc:Name", line.name), iter([category]))
    return _within(
        "cac:CreditNoteLine" if is_credit else "cac:InvoiceLine",
        _text("cbc:ID", str(place)),
        _text("cbc:CreditedQuantity" if is_credit else "cbc:InvoicedQuantity", quantity, unitCode=UNIT),
        _money("cbc:LineExtensionAmount", line.cents),
        iter([_period(line.starts_on.isoformat(), line.ends_on.isoformat())]),
        iter([item]),
        _filled("cac:Price", _money("cbc:PriceAmount", abs(line.cents))),
    )

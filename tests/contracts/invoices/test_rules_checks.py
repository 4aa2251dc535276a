"""Each rule of the standard: a document that follows it, and one that does not."""

import pytest

from dip.contracts.rules.invoices.checks import RULES, check
from dip.contracts.rules.invoices.content import credit_of
from dip.contracts.rules.invoices.paper import REMEDIES
from dip.contracts.terms.invoices import VatRegime
from tests.contracts.invoices.papers import (
    DAY,
    GROUP,
    HIGH,
    NONE,
    add,
    changed,
    content,
    drop,
    exempt,
    item,
    name,
    paper_of,
    put,
    with_party,
)

SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
LINE, ROW, CATEGORY = "cac:InvoiceLine", "cac:TaxTotal/cac:TaxSubtotal", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
ITEM, TOTALS, MEANS = "cac:InvoiceLine/cac:Item", "cac:LegalMonetaryTotal", "cac:PaymentMeans"
FOREIGNER = with_party(
    GROUP, country="BE", regime=VatRegime.FOREIGN, vat_number="BE0848934496", kvk="", peppol_id="0208:0848934496", postcode="1000"
)
NOBODY = with_party(GROUP, regime=VatRegime.OUTSIDE, vat_number="")

STANDARD = paper_of(content(item(1_400_000)))
EXEMPT = paper_of(exempt())
ZERO = paper_of(content(item(1_400_000, NONE)))
REVERSE = paper_of(content(item(1_400_000, NONE), vat_choice="reverse", provider=FOREIGNER))
OUTSIDE = paper_of(content(item(1_400_000, NONE), vat_choice="exempt", provider=NOBODY))
SELF = paper_of(content(is_self_billed=True))
CREDIT = paper_of(credit_of(content(), number="F2027-0002", issue_date=DAY, language="nl"))
SELF_CREDIT = paper_of(credit_of(content(is_self_billed=True), number="F2027-0002", issue_date=DAY, language="nl"))
MIXED = paper_of(content(item(1_400_000), item(-50_000, HIGH)))
GOOD = {
    "standard": STANDARD, "exempt": EXEMPT, "zero": ZERO, "reverse": REVERSE, "outside": OUTSIDE, "self-billed": SELF,
    "credit note": CREDIT, "self-billed credit note": SELF_CREDIT, "two rates, one below zero": MIXED,
}  # fmt: skip

TREASURER = (
    "<cac:TaxRepresentativeParty><cac:PostalAddress><cbc:CityName>Utrecht</cbc:CityName><cac:Country>"
    "<cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress></cac:TaxRepresentativeParty>"
)
OTHER_ROW = (
    '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">0.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount>'
    "<cac:TaxCategory><cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>"
)

#: Code → (a good document, changes that break the rule).
BROKEN = {
    "BR-01": (STANDARD, drop("cbc:CustomizationID")),
    "BR-02": (STANDARD, drop("cbc:ID")),
    "BR-03": (STANDARD, drop("cbc:IssueDate")),
    "BR-04": (STANDARD, drop("cbc:InvoiceTypeCode")),
    "BR-05": (STANDARD, drop("cbc:DocumentCurrencyCode")),
    "BR-06": (STANDARD, drop(f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName")),
    "BR-07": (STANDARD, drop(f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName")),
    "BR-08": (STANDARD, drop(f"{SELLER}/cac:PostalAddress")),
    "BR-09": (STANDARD, drop(f"{SELLER}/cac:PostalAddress/cac:Country")),
    "BR-10": (STANDARD, drop(f"{BUYER}/cac:PostalAddress")),
    "BR-11": (STANDARD, drop(f"{BUYER}/cac:PostalAddress/cac:Country")),
    "BR-12": (STANDARD, drop(f"{TOTALS}/cbc:LineExtensionAmount")),
    "BR-13": (STANDARD, drop(f"{TOTALS}/cbc:TaxExclusiveAmount")),
    "BR-14": (STANDARD, drop(f"{TOTALS}/cbc:TaxInclusiveAmount")),
    "BR-15": (STANDARD, drop(f"{TOTALS}/cbc:PayableAmount")),
    "BR-16": (STANDARD, drop(LINE)),
    "BR-21": (STANDARD, drop(f"{LINE}/cbc:ID")),
    "BR-22": (STANDARD, drop(f"{LINE}/cbc:InvoicedQuantity")),
    "BR-23": (STANDARD, name(f"{LINE}/cbc:InvoicedQuantity", "unitCode", None)),
    "BR-24": (STANDARD, drop(f"{LINE}/cbc:LineExtensionAmount")),
    "BR-25": (STANDARD, drop(f"{ITEM}/cbc:Name")),
    "BR-26": (STANDARD, drop(f"{LINE}/cac:Price")),
    "BR-27": (STANDARD, put(f"{LINE}/cac:Price/cbc:PriceAmount", "-1.00")),
    "BR-29": (STANDARD, put("cac:InvoicePeriod/cbc:EndDate", "2027-01-01")),
    "BR-30": (STANDARD, put(f"{LINE}/cac:InvoicePeriod/cbc:EndDate", "2027-01-01")),
    "BR-45": (STANDARD, drop(f"{ROW}/cbc:TaxableAmount")),
    "BR-46": (STANDARD, drop(f"{ROW}/cbc:TaxAmount")),
    "BR-47": (STANDARD, drop(f"{CATEGORY}/cbc:ID")),
    "BR-48": (STANDARD, drop(f"{CATEGORY}/cbc:Percent")),
    "BR-49": (STANDARD, drop(f"{MEANS}/cbc:PaymentMeansCode")),
    "BR-50": (STANDARD, drop(f"{MEANS}/cac:PayeeFinancialAccount/cbc:ID")),
    "BR-52": (STANDARD, drop("cac:AdditionalDocumentReference/cbc:ID")),
    "BR-55": (CREDIT, drop("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")),
    "BR-61": (STANDARD, drop(f"{MEANS}/cac:PayeeFinancialAccount")),
    "BR-62": (STANDARD, name(f"{SELLER}/cbc:EndpointID", "schemeID", None)),
    "BR-63": (STANDARD, name(f"{BUYER}/cbc:EndpointID", "schemeID", None)),
    "BR-CO-03": (
        STANDARD,
        add(".", "<cbc:TaxPointDate>2027-01-21</cbc:TaxPointDate>"),
        add("cac:InvoicePeriod", "<cbc:DescriptionCode>3</cbc:DescriptionCode>"),
    ),
    "BR-CO-04": (STANDARD, drop(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:ID")),
    "BR-CO-09": (STANDARD, put(f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID", "000099998B57")),
    "BR-CO-10": (STANDARD, put(f"{TOTALS}/cbc:LineExtensionAmount", "14000.01")),
    "BR-CO-13": (STANDARD, put(f"{TOTALS}/cbc:TaxExclusiveAmount", "14000.01")),
    "BR-CO-14": (STANDARD, put("cac:TaxTotal/cbc:TaxAmount", "1260.01")),
    "BR-CO-15": (STANDARD, put(f"{TOTALS}/cbc:TaxInclusiveAmount", "15260.01")),
    "BR-CO-16": (STANDARD, put(f"{TOTALS}/cbc:PayableAmount", "15260.01")),
    "BR-CO-17": (STANDARD, put(f"{ROW}/cbc:TaxAmount", "1260.01")),
    "BR-CO-18": (STANDARD, drop(ROW)),
    "BR-CO-19": (STANDARD, drop("cac:InvoicePeriod/cbc:StartDate"), drop("cac:InvoicePeriod/cbc:EndDate")),
    "BR-CO-20": (STANDARD, drop(f"{LINE}/cac:InvoicePeriod/cbc:StartDate"), drop(f"{LINE}/cac:InvoicePeriod/cbc:EndDate")),
    "BR-CO-25": (STANDARD, drop("cbc:DueDate"), drop("cac:PaymentTerms")),
    "BR-CO-26": (STANDARD, drop(f"{SELLER}/cac:PartyTaxScheme"), drop(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID")),
    "BR-S-01": (STANDARD, put(f"{CATEGORY}/cbc:ID", "E")),
    "BR-S-02": (STANDARD, drop(f"{SELLER}/cac:PartyTaxScheme")),
    "BR-S-05": (STANDARD, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:Percent", "0")),
    "BR-S-08": (STANDARD, put(f"{ROW}/cbc:TaxableAmount", "13999.00")),
    "BR-S-09": (STANDARD, put(f"{ROW}/cbc:TaxAmount", "1200.00")),
    "BR-S-10": (STANDARD, add(CATEGORY, "<cbc:TaxExemptionReason>Zomaar</cbc:TaxExemptionReason>")),
    "BR-Z-01": (ZERO, put(f"{CATEGORY}/cbc:ID", "E")),
    "BR-Z-02": (ZERO, drop(f"{SELLER}/cac:PartyTaxScheme")),
    "BR-Z-05": (ZERO, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:Percent", "9")),
    "BR-Z-08": (ZERO, put(f"{ROW}/cbc:TaxableAmount", "13999.00")),
    "BR-Z-09": (ZERO, put(f"{ROW}/cbc:TaxAmount", "1.00")),
    "BR-Z-10": (ZERO, add(CATEGORY, "<cbc:TaxExemptionReason>Zomaar</cbc:TaxExemptionReason>")),
    "BR-E-01": (EXEMPT, put(f"{CATEGORY}/cbc:ID", "Z")),
    "BR-E-02": (EXEMPT, drop(f"{SELLER}/cac:PartyTaxScheme")),
    "BR-E-05": (EXEMPT, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:Percent", "9")),
    "BR-E-08": (EXEMPT, put(f"{ROW}/cbc:TaxableAmount", "13999.00")),
    "BR-E-09": (EXEMPT, put(f"{ROW}/cbc:TaxAmount", "1.00")),
    "BR-E-10": (EXEMPT, drop(f"{CATEGORY}/cbc:TaxExemptionReason")),
    "BR-AE-01": (REVERSE, put(f"{CATEGORY}/cbc:ID", "E")),
    "BR-AE-02": (REVERSE, drop(f"{SELLER}/cac:PartyTaxScheme")),
    "BR-AE-05": (REVERSE, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:Percent", "21")),
    "BR-AE-08": (REVERSE, put(f"{ROW}/cbc:TaxableAmount", "13999.00")),
    "BR-AE-09": (REVERSE, put(f"{ROW}/cbc:TaxAmount", "1.00")),
    "BR-AE-10": (REVERSE, drop(f"{CATEGORY}/cbc:TaxExemptionReason"), drop(f"{CATEGORY}/cbc:TaxExemptionReasonCode")),
    "BR-O-01": (OUTSIDE, put(f"{CATEGORY}/cbc:ID", "E")),
    "BR-O-02": (
        OUTSIDE,
        add(SELLER, "<cac:PartyTaxScheme><cbc:CompanyID>NL000099998B57</cbc:CompanyID></cac:PartyTaxScheme>"),
    ),
    "BR-O-05": (OUTSIDE, add(f"{ITEM}/cac:ClassifiedTaxCategory", "<cbc:Percent>0</cbc:Percent>")),
    "BR-O-08": (OUTSIDE, put(f"{ROW}/cbc:TaxableAmount", "13999.00")),
    "BR-O-09": (OUTSIDE, put(f"{ROW}/cbc:TaxAmount", "1.00")),
    "BR-O-10": (OUTSIDE, drop(f"{CATEGORY}/cbc:TaxExemptionReason"), drop(f"{CATEGORY}/cbc:TaxExemptionReasonCode")),
    "BR-O-11": (OUTSIDE, add("cac:TaxTotal", OTHER_ROW)),
    "BR-O-12": (OUTSIDE, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:ID", "E")),
    "BR-DEC-09": (STANDARD, put(f"{TOTALS}/cbc:LineExtensionAmount", "14000.000")),
    "BR-DEC-12": (STANDARD, put(f"{TOTALS}/cbc:TaxExclusiveAmount", "14000.000")),
    "BR-DEC-13": (STANDARD, put("cac:TaxTotal/cbc:TaxAmount", "1260.000")),
    "BR-DEC-14": (STANDARD, put(f"{TOTALS}/cbc:TaxInclusiveAmount", "15260.000")),
    "BR-DEC-16": (STANDARD, add(TOTALS, '<cbc:PrepaidAmount currencyID="EUR">0.000</cbc:PrepaidAmount>')),
    "BR-DEC-17": (STANDARD, add(TOTALS, '<cbc:PayableRoundingAmount currencyID="EUR">0.000</cbc:PayableRoundingAmount>')),
    "BR-DEC-18": (STANDARD, put(f"{TOTALS}/cbc:PayableAmount", "15260.000")),
    "BR-DEC-19": (STANDARD, put(f"{ROW}/cbc:TaxableAmount", "14000.000")),
    "BR-DEC-20": (STANDARD, put(f"{ROW}/cbc:TaxAmount", "1260.000")),
    "BR-DEC-23": (STANDARD, put(f"{LINE}/cbc:LineExtensionAmount", "14000.000")),
    "BR-CL-01": (STANDARD, put("cbc:InvoiceTypeCode", "381")),
    "BR-CL-03": (STANDARD, name(f"{TOTALS}/cbc:PayableAmount", "currencyID", None)),
    "BR-CL-04": (STANDARD, put("cbc:DocumentCurrencyCode", "XEU")),
    "BR-CL-11": (STANDARD, name(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "KvK")),
    "BR-CL-14": (STANDARD, put(f"{SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", "XX")),
    "BR-CL-16": (STANDARD, put(f"{MEANS}/cbc:PaymentMeansCode", "99")),
    "BR-CL-17": (STANDARD, put(f"{CATEGORY}/cbc:ID", "AA")),
    "BR-CL-18": (STANDARD, put(f"{ITEM}/cac:ClassifiedTaxCategory/cbc:ID", "AA")),
    "BR-CL-22": (REVERSE, put(f"{CATEGORY}/cbc:TaxExemptionReasonCode", "VERLEGD")),
    "BR-CL-23": (STANDARD, name(f"{LINE}/cbc:InvoicedQuantity", "unitCode", "STUK")),
    "BR-CL-25": (STANDARD, name(f"{SELLER}/cbc:EndpointID", "schemeID", "9999")),
    "DIP-IBAN": (STANDARD, put(f"{MEANS}/cac:PayeeFinancialAccount/cbc:ID", "NL91ABNA0417164301")),
    "PEPPOL-EN16931-R001": (STANDARD, drop("cbc:ProfileID")),
    "PEPPOL-EN16931-R002": (SELF, add(".", "<cbc:Note>Nog een</cbc:Note>")),
    "PEPPOL-EN16931-R003": (STANDARD, drop("cbc:BuyerReference")),
    "PEPPOL-EN16931-R004": (STANDARD, put("cbc:CustomizationID", "urn:cen.eu:en16931:2017")),
    "PEPPOL-EN16931-R005": (STANDARD, add(".", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>")),
    "PEPPOL-EN16931-R007": (STANDARD, put("cbc:ProfileID", "billing")),
    "PEPPOL-EN16931-R008": (STANDARD, put(f"{SELLER}/cac:PartyName/cbc:Name", " ")),
    "PEPPOL-EN16931-R010": (STANDARD, drop(f"{BUYER}/cbc:EndpointID")),
    "PEPPOL-EN16931-R020": (STANDARD, drop(f"{SELLER}/cbc:EndpointID")),
    "PEPPOL-EN16931-R051": (STANDARD, name(f"{TOTALS}/cbc:PayableAmount", "currencyID", "USD")),
    "PEPPOL-EN16931-R053": (STANDARD, drop(ROW)),
    "PEPPOL-EN16931-R054": (
        STANDARD,
        add(".", '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount></cac:TaxTotal>'),
    ),
    "PEPPOL-EN16931-R061": (STANDARD, put(f"{MEANS}/cbc:PaymentMeansCode", "59")),
    "PEPPOL-EN16931-R110": (STANDARD, put(f"{LINE}/cac:InvoicePeriod/cbc:StartDate", "2027-01-13")),
    "PEPPOL-EN16931-R111": (STANDARD, put(f"{LINE}/cac:InvoicePeriod/cbc:EndDate", "2027-01-16")),
    "PEPPOL-EN16931-R120": (STANDARD, put(f"{LINE}/cac:Price/cbc:PriceAmount", "13999.00")),
    "PEPPOL-EN16931-R121": (STANDARD, add(f"{LINE}/cac:Price", '<cbc:BaseQuantity unitCode="C62">0</cbc:BaseQuantity>')),
    "PEPPOL-EN16931-P0100": (STANDARD, put("cbc:InvoiceTypeCode", "389")),
    "PEPPOL-EN16931-P0101": (SELF_CREDIT, put("cbc:CreditNoteTypeCode", "381")),
    "PEPPOL-EN16931-P0105": (EXEMPT, add(CATEGORY, "<cbc:TaxExemptionReasonCode>VATEX-EU-O</cbc:TaxExemptionReasonCode>")),
    "PEPPOL-EN16931-P0107": (EXEMPT, add(CATEGORY, "<cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode>")),
    "PEPPOL-EN16931-F001": (STANDARD, put("cbc:IssueDate", "2027-02-30")),
    "PEPPOL-EN16931-CL007": (STANDARD, name(f"{TOTALS}/cbc:PayableAmount", "currencyID", "EURO")),
    "PEPPOL-EN16931-CL008": (STANDARD, name(f"{BUYER}/cbc:EndpointID", "schemeID", "1234")),
    "PEPPOL-COMMON-R040": (STANDARD, name(f"{BUYER}/cbc:EndpointID", "schemeID", "0088")),
    "PEPPOL-COMMON-R043": (REVERSE, put(f"{SELLER}/cbc:EndpointID", "0848934497")),
    "PEPPOL-COMMON-R054": (STANDARD, put(f"{BUYER}/cbc:EndpointID", "8765432")),
    "PEPPOL-COMMON-R055": (STANDARD, name(f"{BUYER}/cbc:EndpointID", "schemeID", "0190")),
    "PEPPOL-COMMON-R056-1": (STANDARD, name(f"{BUYER}/cbc:EndpointID", "schemeID", "9944")),
    "PEPPOL-COMMON-R056-2": (STANDARD, put(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", "NL4495445B01")),
    "NL-R-001": (CREDIT, drop("cac:BillingReference")),
    "NL-R-002": (STANDARD, drop(f"{SELLER}/cac:PostalAddress/cbc:StreetName")),
    "NL-R-003": (STANDARD, name(f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "0208")),
    "NL-R-004": (STANDARD, drop(f"{BUYER}/cac:PostalAddress/cbc:PostalZone")),
    "NL-R-005": (STANDARD, drop(f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID")),
    "NL-R-006": (STANDARD, add(".", TREASURER)),
    "NL-R-007": (STANDARD, drop(MEANS)),
    "NL-R-008": (STANDARD, put(f"{MEANS}/cbc:PaymentMeansCode", "10")),
    "NL-R-009": (STANDARD, add(LINE, "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>")),
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_platform_writes_follows_every_rule(kind):
    assert [finding.code for finding in check(GOOD[kind])] == []


@pytest.mark.parametrize("code", BROKEN)
def test_a_document_that_breaks_a_rule_is_found(code):
    document, *changes = BROKEN[code]
    assert code in {finding.code for finding in check(changed(document, *changes))}


def test_every_rule_is_tested_once_and_has_one_code():
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(BROKEN)


def test_every_rule_speaks_three_languages_and_has_a_remedy():
    for rule in RULES:
        assert set(rule.says) == {"nl", "en", "fr"}
        assert all(text.strip() and text.endswith(".") for text in rule.says.values()), rule.code
        assert set(REMEDIES[rule.owner]) == {"nl", "en", "fr"}


def test_a_rule_for_the_netherlands_leaves_a_foreign_seller_alone():
    codes = {finding.code for finding in check(changed(REVERSE, drop(f"{SELLER}/cac:PostalAddress/cbc:StreetName")))}
    assert codes == set()

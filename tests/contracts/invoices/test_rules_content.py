"""What an invoice says, its numbers checked, and its bytes."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.contracts.rules.invoices import identifiers as ids
from dip.contracts.rules.invoices.checks import check
from dip.contracts.rules.invoices.content import contradictions, credit_of, is_turned, make_content, prepaid_cents, seller_of
from dip.contracts.rules.invoices.kept import restored_content, stored_content
from dip.contracts.rules.invoices.numbering import invoice_number, is_prefix, prefix_of
from dip.contracts.rules.invoices.parties import address_of, check_party, registration_of, tidied
from dip.contracts.rules.invoices.ubl import COMPONENTS, amount, percentage, written
from dip.contracts.rules.invoices.words import euros
from dip.contracts.terms.invoices import InvoiceKind, PartyFacts, VatCategory, VatRegime
from dip.contracts.terms.statement import Party
from tests.contracts.invoices.papers import DAY, GROUP, HIGH, HOUSE, LOW, NONE, bill, content, exempt, item, statement, with_party


def texts(document: bytes, path: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(document).findall(path, COMPONENTS)]


# --- numbers ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["NL000099998B57", "NL004495445B01"])
def test_dutch_vat_numbers_that_can_be_right(number):
    assert ids.is_vat_number(number)


@pytest.mark.parametrize("number", ["NL000099998B58", "NL004495446B01", "NL4495445B01", "NL004495445C01", "NL٠٠٤495445B01", ""])
def test_dutch_vat_numbers_that_cannot(number):
    assert not ids.is_vat_number(number)


def test_vat_numbers_of_other_countries_are_taken_by_their_shape():
    assert ids.is_vat_number("BE0848934496")
    assert not ids.is_vat_number("0848934496")


@pytest.mark.parametrize(
    "iban", ["NL91ABNA0417164300", "BE68539007547034", "DE89370400440532013000", "FR1420041010050500013M02606"]
)
def test_accounts_that_can_be_right(iban):
    assert ids.is_iban(iban)


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_of_an_account_is_always_found(place, by):
    iban = "NL91ABNA0417164300"
    if iban[place].isdigit():
        wrong = iban[:place] + str((int(iban[place]) + by) % 10) + iban[place + 1 :]
        assert not ids.is_iban(wrong)


@pytest.mark.parametrize(
    "iban", ["NL91ABNA041716430", "NL91 ABNA 0417 1643 00", "91ABNA0417164300", "", "NL00", "NL٩١ABNA0417164300"]
)
def test_accounts_that_cannot(iban):
    assert not ids.is_iban(iban)


@pytest.mark.parametrize(
    ("peppol_id", "is_right"),
    [
        ("0106:12345678", True), ("0106:1234567", False), ("0190:00000001234567890000", True), ("9944:NL000099998B57", True),
        ("0208:0848934496", True), ("0208:0848934497", False), ("0088:7300010000001", True), ("0088:7300010000002", False),
        ("iso6523-actorid-upis::0106:12345678", True), ("12345678", False), ("", False), ("9999:anything", True),
    ],
)  # fmt: skip
def test_participant_ids(peppol_id, is_right):
    assert ids.is_address(peppol_id) is is_right


def test_means_of_payment():
    assert (ids.means_of_payment("NL91ABNA0417164300"), ids.means_of_payment("TR330006100519786457841326")) == ("58", "30")


# --- parties ----------------------------------------------------------------------------------------------------------------------


def test_details_are_tidied_once():
    rough = with_party(
        GROUP, iban="nl91 abna 0417.1643.00", kvk="1234 5678", postcode="3512ab", legal_name="  Stichting   X ", country="nl"
    )
    neat = tidied(rough)
    assert (neat.iban, neat.kvk, neat.postcode, neat.legal_name) == ("NL91ABNA0417164300", "12345678", "3512 AB", "Stichting X")
    assert tidied(neat) == neat


def test_whole_details_have_no_findings():
    assert check_party(GROUP) == []


def test_empty_details_lack_everything_and_refuse_nothing():
    findings = check_party(PartyFacts())
    assert all(finding.is_warning for finding in findings)
    assert {finding.field for finding in findings} == {
        "legal_name", "street", "postcode", "city", "kvk", "vat_number", "iban", "peppol_id",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"country": "NLD"}, "not_country"), ({"postcode": "12345"}, "not_postcode"), ({"kvk": "1"}, "not_kvk"), ({"oin": "1"}, "not_oin"),
        ({"vat_number": "NL1"}, "not_vat_number"), ({"iban": "NL1"}, "not_iban"), ({"bic": "1"}, "not_bic"), ({"email": "a@b"}, "not_email"),
        ({"peppol_id": "x"}, "not_peppol_id"), ({"regime": VatRegime.OUTSIDE}, "outside_with_number"),
        ({"regime": VatRegime.FOREIGN}, "foreign_at_home"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(over, code):
    assert code in {finding.code for finding in check_party(with_party(GROUP, **over)) if not finding.is_warning}


def test_the_electronic_address_falls_back():
    assert address_of(with_party(GROUP, peppol_id="0088:7300010000001")) == ("0088", "7300010000001")
    assert address_of(with_party(GROUP, oin="0" * 20)) == ("0190", "0" * 20)
    assert address_of(GROUP) == ("0106", "12345678")
    assert address_of(with_party(GROUP, kvk="")) == ("9944", "NL000099998B57")
    assert address_of(PartyFacts()) == ("", "")
    assert registration_of(with_party(GROUP, kvk="", oin="1" * 20)) == ("0190", "1" * 20)


# --- who sells, and what is settled -----------------------------------------------------------------------------------------------


def test_the_issuer_sells_unless_it_comes_out_below_zero():
    assert seller_of(statement(item(100))) is Party.PROVIDER
    assert seller_of(statement(item(100), issuer=Party.THEATRE)) is Party.THEATRE
    assert seller_of(statement(item(-100))) is Party.THEATRE
    assert is_turned(statement(item(100), item(-200, HIGH)))


@pytest.mark.parametrize(
    ("payable", "prepaid"), [(500_000, 121_000), (0, 121_000), (-21_000, 100_000), (-121_000, 0), (-200_000, 0)]
)
def test_rent_is_settled_with_what_the_theatre_holds(payable, prepaid):
    rent = statement(item(100_000, HIGH, "rent"), issuer=Party.THEATRE, payable=payable)
    assert prepaid_cents(rent) == prepaid
    made = content(item(100_000, HIGH, "rent"), issuer=Party.THEATRE, payable=payable)
    assert made.due_cents == 121_000 - prepaid
    assert check(written(made)) == []


def test_a_turned_share_has_positive_amounts_and_says_why():
    made = content(item(-500_000))
    assert (made.seller, made.kind, made.net_cents, made.vat_cents) == (HOUSE, InvoiceKind.INVOICE, 500_000, 45_000)
    assert "onder nul" in made.note
    with pytest.raises(ValueError, match="bills for itself"):
        make_content(bill(item(-500_000)), number="F1", issue_date=DAY, language="nl", is_self_billed=True)


def test_a_line_below_zero_has_quantity_minus_one():
    document = written(content(item(1_400_000), item(-50_000, HIGH)))
    assert texts(document, "cac:InvoiceLine/cbc:InvoicedQuantity") == ["1", "-1"]
    assert texts(document, "cac:InvoiceLine/cbc:LineExtensionAmount") == ["14000.00", "-500.00"]
    assert texts(document, "cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["14000.00", "500.00"]


def test_items_of_one_rate_share_a_row_of_the_vat():
    made = content(item(300_000, HIGH, "rent"), item(50_000, HIGH, "other_charges"), issuer=Party.THEATRE, payable=900_000)
    assert [(row.category, row.taxable_cents, row.vat_cents) for row in made.vat] == [(VatCategory.STANDARD, 350_000, 73_500)]
    assert [line.name for line in made.lines] == ["Huur: Zeven Dagen Vloed", "Overige kosten: Zeven Dagen Vloed"]


def test_an_odd_cent_of_two_items_at_one_rate_is_a_rounding_so_that_what_is_due_is_what_was_signed():
    rent, other = item(10_002, HIGH, "rent"), item(10_002, HIGH, "other_charges")
    assert (rent.vat_cents, other.vat_cents) == (2_100, 2_100)
    made = content(rent, other, issuer=Party.THEATRE, payable=-24_204)
    assert (made.vat_cents, made.rounding_cents, made.due_cents) == (4_201, -1, 24_204)
    document = written(made)
    assert texts(document, "cac:LegalMonetaryTotal/cbc:PayableRoundingAmount") == ["-0.01"]
    assert check(document) == []


# --- VAT --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_exempt_says_why_in_the_language_of_the_reader(language):
    small = with_party(GROUP, regime=VatRegime.SMALL)
    reasons = {
        "small": exempt(provider=small, language=language).vat[0].reason,
        "letting": content(item(100_000, NONE, "rent"), issuer=Party.THEATRE, payable=0, vat_choice="exempt", language=language)
        .vat[0]
        .reason,
        "other": exempt(language=language).vat[0].reason,
    }
    assert len(set(reasons.values())) == 3
    assert all(reasons.values())


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"provider": with_party(GROUP, regime=VatRegime.SMALL)}, "DIP-VAT-small"),
        ({"provider": with_party(GROUP, regime=VatRegime.OUTSIDE, vat_number="")}, "DIP-VAT-outside"),
        ({"provider": with_party(GROUP, regime=VatRegime.FOREIGN, country="BE")}, "DIP-VAT-foreign"),
    ],
)
def test_a_regime_without_vat_contradicts_a_settlement_with_it(over, code):
    assert [finding.code for finding in contradictions(content(**over))] == [code]


def test_reverse_charge_asks_for_the_buyers_number_and_wonders_at_home():
    home = content(item(1_000, NONE), vat_choice="reverse")
    assert [(one.code, one.is_warning) for one in contradictions(home)] == [("DIP-VAT-reverse-home", True)]
    nameless = content(item(1_000, NONE), vat_choice="reverse", theatre=with_party(HOUSE, vat_number=""))
    assert "DIP-VAT-reverse-buyer" in {one.code for one in contradictions(nameless)}


# --- bytes ------------------------------------------------------------------------------------------------------------------------


def test_the_same_content_gives_the_same_bytes():
    assert written(content()) == written(content())
    assert written(restored_content(stored_content(content()))) == written(content())


@pytest.mark.parametrize("is_self_billed", [False, True])
def test_profiles_and_kinds(is_self_billed):
    made = content(is_self_billed=is_self_billed)
    credit = credit_of(made, number="F2", issue_date=DAY, language="nl")
    name = "selfbilling" if is_self_billed else "billing"
    for document in (written(made), written(credit)):
        assert texts(document, "cbc:CustomizationID")[0].endswith(f"poacc:{name}:3.0")
        assert texts(document, "cbc:ProfileID") == [f"urn:fdc:peppol.eu:2017:poacc:{name}:01:1.0"]
    assert texts(written(made), "cbc:InvoiceTypeCode") == ["389" if is_self_billed else "380"]
    assert texts(written(credit), "cbc:CreditNoteTypeCode") == ["261" if is_self_billed else "381"]
    assert texts(written(credit), "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == ["F2027-0001"]


def test_elements_stand_in_the_order_of_the_schema():
    root = ElementTree.fromstring(written(content(is_self_billed=True)))
    names = [node.tag.partition("}")[2] for node in root]
    assert names == [
        "CustomizationID", "ProfileID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "Note", "DocumentCurrencyCode", "BuyerReference",
        "InvoicePeriod", "ContractDocumentReference", "AdditionalDocumentReference", "AccountingSupplierParty", "AccountingCustomerParty",
        "PaymentMeans", "PaymentTerms", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine",
    ]  # fmt: skip


def test_what_people_typed_is_text_and_nothing_else():
    evil = "<x>&\"' ]]> \x00\x0b é \u202e 🎭"
    made = content(provider=with_party(GROUP, legal_name=evil, street=evil), title=evil)
    document = written(made)
    assert texts(document, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName") == [
        "<x>&\"' ]]> é \u202e 🎭"
    ]
    assert check(document) == []


def test_what_the_buyer_wants_to_read():
    named = content(theatre=with_party(HOUSE, buyer_reference="KP 4410"))
    assert texts(written(named), "cbc:BuyerReference") == ["KP 4410"]
    assert texts(written(content()), "cbc:BuyerReference") == ["A26-01193"]


def test_amounts_and_rates_as_they_are_written():
    assert (amount(-5), amount(123456), amount(0)) == ("-0.05", "1234.56", "0.00")
    assert (percentage(LOW), percentage(Fraction(55, 1000)), percentage(Fraction(0))) == ("9", "5.5", "0")
    with pytest.raises(ValueError, match="decimals"):
        percentage(Fraction(1, 3))
    assert (euros(123_450, "nl"), euros(-5, "en")) == ("€\u00a01.234,50", "€\u00a0-0.05")
    assert euros(123_450, "fr") == "1\u202f234,50\u00a0€"


# --- numbers of invoices ----------------------------------------------------------------------------------------------------------


def test_numbers_and_prefixes():
    assert (invoice_number("F", 2027, 1), invoice_number("TN-", 2027, 12345)) == ("F2027-0001", "TN-2027-12345")
    assert (prefix_of(None), prefix_of(10_012)) == ("F", "F10012-")
    assert [is_prefix(text) for text in ("F", "TN-", "F10012-", "9", "", "TOOLONGPREFIX", "É")] == [
        True, True, False, False, False, False, False,
    ]  # fmt: skip


cents = st.integers(-10_000_000, 10_000_000).filter(bool)


@given(
    st.lists(st.tuples(cents, st.sampled_from([LOW, HIGH])), min_size=1, max_size=2, unique_by=lambda pair: pair[1]), st.booleans()
)
def test_every_settlement_gives_a_document_that_follows_every_rule(pairs, is_rent):
    items = [item(abs(one) if is_rent else one, rate, "rent" if is_rent else "share") for one, rate in pairs]
    if not sum(one.cents + one.vat_cents for one in items):
        return
    issuer = Party.THEATRE if is_rent else Party.PROVIDER
    made = content(*items, issuer=issuer)
    assert made.total_cents == abs(sum(one.cents + one.vat_cents for one in items))
    assert check(written(made)) == []
    credit = credit_of(made, number="F2", issue_date=date(2027, 3, 1), language="fr")
    assert check(written(credit)) == []
    assert restored_content(stored_content(credit)) == credit
    assert replace(made, number="x").total_cents == made.total_cents

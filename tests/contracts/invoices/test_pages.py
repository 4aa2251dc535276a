"""The pages of invoices: both parties, a colleague without the right, the producer under an agency, and strangers."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from dip.contracts.actions import invoices as actions
from dip.contracts.models import InvoiceSeries, PartyDetails, SelfBilling
from dip.contracts.rules.invoices.checks import check
from dip.registry.models import Enclosure
from dip.registry.terms import Level, Module, Role
from tests.contracts.invoices.deals import kept, settled
from tests.contracts.invoices.papers import GROUP
from tests.factories.contracts import APPROVED, REASON, make_deal
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.programme.cast import mails

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def sign_in(client, deal, who):
    """As somebody of the deal, or of nobody's."""
    own = {Module.CONTRACTS: Level.APPROVE}
    seats = {
        "provider": (deal.proposer, None, own),
        "taker": (deal.house, Role.THEATRE, own),
        "colleague": (deal.proposer, None, {Module.CONTRACTS: Level.VIEW}),
        "without": (deal.proposer, None, {Module.SALES: Level.APPROVE}),
        "represented": (deal.producer, Role.PRODUCER, own),
        "stranger": (make_organisation(Role.THEATRE), None, own),
        "other producer": (make_organisation(Role.PRODUCER), None, own),
        "platform": (make_organisation(Role.PLATFORM), None, own),
    }
    organisation, role, rights = seats[who]
    make_client_login(client, organisation, role, rights)
    return client


def page_of(deal):
    return reverse("contracts-invoice", args=[deal.agreement.pk])


def issued(deal, access=None):
    return actions.issue_invoice(access=access or deal.provider, at=NOW, agreement_id=deal.agreement.pk)


@pytest.mark.parametrize(
    ("who", "page", "file"),
    [
        ("provider", 200, 200),
        ("taker", 200, 200),
        ("colleague", 200, 200),
        ("represented", 200, 200),
        ("without", 403, 403),
        ("stranger", 404, 404),
        ("other producer", 404, 404),
        ("platform", 403, 403),
    ],
)
def test_who_sees_an_invoice(client, who, page, file):
    deal = settled(with_agency=True)
    row = issued(deal)
    sign_in(client, deal, who)
    assert client.get(page_of(deal)).status_code in {page, 404 if page == 403 else page}
    for name in ("contracts-invoice-xml", "contracts-invoice-pdf"):
        assert client.get(reverse(name, args=[deal.agreement.pk, row.number])).status_code in {file, 404 if file == 403 else file}
    listed = client.get(reverse("contracts-invoices"))
    assert (row.number in listed.content.decode()) == (page == 200)


@pytest.mark.parametrize("who", ["colleague", "represented", "stranger", "platform"])
def test_who_may_not_issue(client, who):
    deal = settled(with_agency=True)
    response = sign_in(client, deal, who).post(page_of(deal), {"do": "issue"})
    assert response.status_code in {403, 404}
    assert kept(deal) == []


def test_the_provider_looks_issues_and_mails(client):
    deal = settled()
    sign_in(client, deal, "provider")
    html = client.get(page_of(deal)).content.decode()
    assert "Everything is there" in html
    assert "F2026-0001" in html
    assert "Stichting Theater De Vlonder" in html
    assert "NL02ABNA0123456789" not in html  # the buyer's account is nobody's business
    assert client.post(page_of(deal), {"do": "issue"}).status_code == 302
    html = client.get(page_of(deal)).content.decode()
    assert "Invoice F2026-0001 stands" in html
    client.post(page_of(deal), {"do": "issue"})
    assert len(kept(deal)) == 1
    before = len(mails())
    client.post(page_of(deal), {"do": "mail", "number": "F2026-0001"})
    sent = mails()[before:]
    assert len(sent) == 1
    assert sent[0]["language"] == "en"
    assert "F2026-0001" in sent[0]["subject"]
    files = Enclosure.objects.across_tenants(REASON).filter(pk__in=sent[0]["enclosures"]).order_by("id")
    assert [one.content_type for one in files] == ["application/pdf", "application/xml"]
    client.post(page_of(deal), {"do": "mail", "number": "F2026-0001"})
    assert len(mails()) == before + 1


def test_what_is_missing_is_told_with_whose_it_is(client):
    deal = settled(filled=False)
    sign_in(client, deal, "provider")
    html = client.get(page_of(deal)).content.decode()
    assert "What is missing" in html
    assert f"Details of {deal.producer.name}" in html
    assert f"Details of {deal.house.name}" in html
    assert "Complete your details" in html
    assert "NL-R-003" in html
    assert 'value="issue" disabled' in html


def test_the_files_are_those_that_were_issued(client):
    deal = settled()
    row = issued(deal)
    sign_in(client, deal, "taker")
    xml = client.get(reverse("contracts-invoice-xml", args=[deal.agreement.pk, row.number]))
    assert (xml["Content-Type"], xml.content) == ("application/xml", bytes(row.document))
    assert check(xml.content) == []
    pdf = client.get(reverse("contracts-invoice-pdf", args=[deal.agreement.pk, row.number]))
    read = PdfReader(io.BytesIO(pdf.content))
    text = read.pages[0].extract_text()
    assert row.number in text
    assert "Stichting Toneelgroep Noordwal" in text
    (name, contents), *_ = read.attachments.items()
    assert name == f"{deal.producer.number}-{row.number}.xml"
    assert contents[0] == bytes(row.document)


def test_the_platform_knows_its_own_invoice_again(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    deal = settled()
    row = issued(deal)
    sign_in(client, deal, "provider")
    pdf = client.get(reverse("contracts-invoice-pdf", args=[deal.agreement.pk, row.number])).content
    html = client.post(reverse("contracts-verify"), {"file": SimpleUploadedFile("a.pdf", pdf)}).content.decode()
    assert "Whole, and sealed by this platform" in html
    assert row.number in html


def test_an_agreement_without_a_signed_borderel_says_what_it_waits_for(client):
    deal = make_deal(APPROVED)
    html = sign_in(client, deal, "provider").get(page_of(deal)).content.decode()
    assert "waits for both parties to sign" in html


def test_self_billing_is_agreed_on_the_page(client):
    deal = settled()
    sign_in(client, deal, "provider")
    client.post(page_of(deal), {"do": "agree"})
    assert SelfBilling.objects.across_tenants(REASON).filter(ended_at=None).count() == 1
    sign_in(client, deal, "taker")
    assert "in the name of" in client.get(page_of(deal)).content.decode()
    client.post(page_of(deal), {"do": "issue"})
    assert kept(deal)[0].kind == "389"
    client.post(page_of(deal), {"do": "end"})
    assert not SelfBilling.objects.across_tenants(REASON).filter(ended_at=None).exists()


def test_an_unknown_act_is_not_found(client):
    deal = settled()
    assert sign_in(client, deal, "provider").post(page_of(deal), {"do": "burn"}).status_code == 404


# --- details ----------------------------------------------------------------------------------------------------------------------


def filled(**over):
    names = (
        "legal_name",
        "trading_name",
        "street",
        "postcode",
        "city",
        "country",
        "kvk",
        "oin",
        "vat_number",
        "iban",
        "bic",
        "email",
    )
    values = {name: getattr(GROUP, name) for name in names}
    return values | {"regime": "normal", "language": "nl"} | over


def test_details_are_kept_and_tidied(client):
    deal = make_deal(APPROVED)
    sign_in(client, deal, "provider")
    assert client.get(reverse("contracts-party")).status_code == 200
    given = filled(
        iban="nl91 abna 0417 1643 00", postcode="3512ab", vat_number="NL 0000.99998.B57", agreement=str(deal.agreement.pk)
    )
    response = client.post(reverse("contracts-party"), given)
    assert (response.status_code, response["Location"]) == (302, page_of(deal))
    row = PartyDetails.objects.across_tenants(REASON).get(organisation=deal.producer)
    assert (row.iban, row.postcode, row.vat_number) == ("NL91ABNA0417164300", "3512 AB", "NL000099998B57")


def test_every_wrong_number_is_told_beside_its_field_and_nothing_is_lost(client):
    deal = make_deal(APPROVED)
    sign_in(client, deal, "provider")
    wrong = filled(
        iban="NL91ABNA0417164301", kvk="123", vat_number="NL123456789B01", oin="5", bic="X", postcode="0000 XX", peppol_id="0106:1"
    )
    response = client.post(reverse("contracts-party"), wrong)
    assert response.status_code == 400
    form = response.context["form"]
    assert {"iban", "kvk", "vat_number", "oin", "bic", "postcode", "peppol_id"} == set(form.errors)
    assert "NL91ABNA0417164301" in response.content.decode()
    assert not PartyDetails.objects.across_tenants(REASON).exists()


def test_a_changed_account_is_told_to_who_grants_rights(client):
    deal = make_deal(APPROVED)
    sign_in(client, deal, "provider")
    client.post(reverse("contracts-party"), filled())
    before = len(mails())
    client.post(reverse("contracts-party"), filled(iban="NL02ABNA0123456789"))
    sent = mails()[before:]
    assert [one["to"] for one in sent] == [deal.people["provider"].email]
    assert "0417164300" not in sent[0]["body"]
    client.post(reverse("contracts-party"), filled(iban="NL02ABNA0123456789"))
    assert len(mails()) == before + 1


@pytest.mark.parametrize(("who", "read", "write"), [("colleague", 200, 403), ("without", 403, 403), ("platform", 404, 404)])
def test_who_changes_details(client, who, read, write):
    deal = make_deal(APPROVED)
    sign_in(client, deal, who)
    assert client.get(reverse("contracts-party")).status_code in {read, 403 if read == 404 else read}
    assert client.post(reverse("contracts-party"), filled()).status_code in {write, 403 if write == 404 else write}
    assert not PartyDetails.objects.across_tenants(REASON).exists()


def test_the_series_is_set_before_the_first_invoice_and_not_after(client):
    deal = settled()
    sign_in(client, deal, "provider")
    address = reverse("contracts-party")
    assert client.post(address, {"do": "series", "prefix": "9x", "first": "1"}).status_code == 400
    assert client.post(address, {"do": "series", "prefix": "TN", "first": "17"}).status_code == 302
    assert issued(deal).number == "TN2026-0017"
    response = client.post(address, {"do": "series", "prefix": "X", "first": "1"})
    assert response.status_code == 400
    assert "TN2026-0017 was issued" in response.content.decode()
    assert InvoiceSeries.objects.across_tenants(REASON).get().last == 17


# --- the list ---------------------------------------------------------------------------------------------------------------------


def test_the_list_asks_as_much_for_three_as_for_one(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = settled()
    issued(first)
    sign_in(client, first, "provider")
    address = reverse("contracts-invoices")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get(address).content.decode().count("UBL</a>") == 1
    for _ in range(2):
        issued(settled(producer=first.producer))
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).content.decode().count("UBL</a>") == 3
    assert len(three) == len(one)


def test_the_list_is_exported_and_filtered(client):
    deal = settled()
    row = issued(deal)
    sign_in(client, deal, "taker")
    text = client.get(reverse("contracts-invoices-export") + "?year=2026").content.decode()
    assert text.splitlines()[0].startswith("number,kind,issue_date")
    assert row.number in text
    assert row.number not in client.get(reverse("contracts-invoices-export") + "?year=2025").content.decode()
    assert row.number not in client.get(reverse("contracts-invoices-export") + "?which=credit").content.decode()
    assert row.number in client.get(reverse("contracts-invoices") + "?which=open&page=abc").content.decode()


def test_the_pdf_is_the_same_bytes_before_its_seal(client):
    from dip.contracts.queries.invoices import invoice_row
    from dip.contracts.queries.papers.invoice import TEMPLATE, invoice_paper
    from dip.web import paper as press

    deal = settled("rent")
    row = issued(deal, deal.taker)
    made = [invoice_paper(invoice_row(deal.taker, deal.agreement.pk, row.number)) for _ in range(2)]
    first, second = (press.render(TEMPLATE, one.data, language=one.language, at=one.at) for one in made)
    assert first == second

"""The pages of invoices in a real browser: from what is missing to a file, by hand, on a phone and in the dark, read by axe."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dip.contracts.actions import invoices as actions
from dip.registry.guard import ORGANISATION_KEY
from tests.contracts.invoices.deals import settled
from tests.contracts.invoices.papers import GROUP
from tests.factories.registry import NOW, make_membership, make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("present")]


@pytest.fixture
def look(live_server, new_context):
    """A page in a window of somebody of an organisation: ``look(organisation, width=390)``."""

    def make(organisation, width=1440, language="en", **options):
        person = make_person(language=language)
        make_membership(organisation, person)
        client = Client()
        client.force_login(person)
        session = client.session
        session[ORGANISATION_KEY] = organisation.pk
        session.save()
        context = new_context(width=width, **options)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [
                {"name": name, "value": client.cookies[name].value, "url": live_server.url},
                {"name": "django_language", "value": language, "url": live_server.url},
            ]
        )
        return context.new_page()

    return make


def test_from_what_is_missing_to_an_issued_invoice(live_server, look, axe):
    deal = settled(filled=False)
    house = look(deal.house)
    house.goto(live_server.url + reverse("contracts-party"))
    for name, value in (
        ("legal_name", "Stichting Theater De Vlonder"), ("street", "Kadestraat 1"), ("postcode", "3811ab"), ("city", "Amersfoort"),
        ("kvk", "87654321"), ("vat_number", "NL004495445B01"), ("iban", "NL91 ABNA 0417 1643 01"),
    ):  # fmt: skip
        house.locator(f"#id_{name}").fill(value)
    house.get_by_role("button", name="Save details").click()
    house.get_by_text("is not an IBAN that can be right").first.wait_for()
    axe(house)
    house.locator("#id_iban").fill("NL91 ABNA 0417 1643 00")
    house.get_by_role("button", name="Save details").click()
    house.get_by_text("Your details are kept").wait_for()
    page = look(deal.producer)
    page.goto(live_server.url + reverse("contracts-invoice", args=[deal.agreement.pk]))
    assert page.get_by_role("button", name="Issue the invoice").is_disabled()
    axe(page)
    page.get_by_role("link", name="Complete your details").click()
    for name, value in (
        ("legal_name", GROUP.legal_name), ("street", GROUP.street), ("postcode", GROUP.postcode), ("city", GROUP.city),
        ("kvk", GROUP.kvk), ("vat_number", GROUP.vat_number), ("iban", GROUP.iban),
    ):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Save details").click()
    page.get_by_text("Everything is there").wait_for()
    page.get_by_role("button", name="Issue the invoice").click()
    page.get_by_text("Invoice F2026-0001 is issued.").wait_for()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="UBL F2026-0001").click()
    assert download.value.suggested_filename.endswith("F2026-0001.xml")


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "light", "nl"), (360, "dark", "fr"), (1440, "dark", "nl")])
def test_narrow_dark_and_in_other_languages(live_server, look, axe, width, scheme, language):
    deal = settled()
    actions.issue_invoice(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
    other = settled(producer=deal.producer)
    page = look(deal.producer, width, language, color_scheme=scheme)
    pages = [
        reverse("contracts-invoice", args=[other.agreement.pk]),
        reverse("contracts-invoice", args=[deal.agreement.pk]),
        reverse("contracts-invoices"),
        reverse("contracts-party"),
    ]
    for address in pages:
        page.goto(live_server.url + address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

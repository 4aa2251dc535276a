"""One agreement, whole: proposed, rejected, proposed again, approved, played, its borderel disputed and signed, the invoice downloaded."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache, caches

from dip.contracts.actions.settlement_opening import open_settlements
from dip.kernel import clock
from tests.contracts.borderels import row_of
from tests.contracts.invoices.papers import GROUP
from tests.factories.contracts import make_deal
from tests.factories.registry import PASSWORD
from tests.factories.ticketing import push, tickets
from tests.journeys.conftest import sign_in
from tests.journeys.test_agreement import answer_on_a_phone, approve, change_and_propose_again, fits, propose

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DAYS = 60
UBL = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


@pytest.fixture
def deal(settings, live_server):
    """A producer's concept for two evenings, of which some tickets are sold."""
    caches["process"].clear()
    cache.clear()
    settings.BASE_URL = live_server.url
    now = datetime.now(UTC)
    day = clock.local(now).date() + timedelta(days=DAYS)
    made = make_deal("concept", performances=2, at=now, day=day, values={"provider_guarantee": 800_000})
    for performance in made.performances:
        push(performance, tickets(344, price=2975), true_at=now - timedelta(hours=4), at=now)
    return made


def fill_in_details(page, base: str, organisation) -> None:
    """Name, address, numbers and account of an organisation, once."""
    page.goto(f"{base}/contracts/party")
    for name, value in (
        ("legal_name", organisation.name), ("street", GROUP.street), ("postcode", GROUP.postcode), ("city", GROUP.city),
        ("kvk", GROUP.kvk), ("vat_number", GROUP.vat_number), ("iban", GROUP.iban),
    ):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Save details").click()
    page.get_by_text("Your details are kept").wait_for()


def let_it_be_played(deal, monkeypatch) -> None:
    """The clock of every door is set to three days after the last evening, on which the final figures came in and the job ran."""
    real, ahead = clock.now, timedelta(days=DAYS + 4)
    monkeypatch.setattr(clock, "now", lambda: real() + ahead)
    for performance in deal.performances:
        push(performance, tickets(400, price=2975), true_at=performance.starts_at + timedelta(hours=5), at=clock.now())
    assert open_settlements(at=clock.now()) == 1


def settle(agency, phone, url: str, axe) -> None:
    """The theatre confirms on a phone, the provider disputes a line, the theatre replies, the provider signs."""
    phone.goto(f"{url}borderel/")
    fits(phone)
    axe(phone)
    phone.get_by_role("button", name="Confirm the borderel").tap()
    phone.get_by_text("The borderel is confirmed").first.wait_for()

    agency.goto(f"{url}borderel/")
    axe(agency)
    agency.get_by_role("link", name="Dispute lines").click()
    agency.locator("[name=line-royalties]").check()
    agency.locator("[name=reason-royalties]").fill("Eleven per cent was agreed")
    agency.get_by_role("button", name="Send to the theatre").click()
    agency.get_by_text("Your remarks are sent to the theatre.").wait_for()

    phone.goto(f"{url}borderel/")
    phone.get_by_label("Your reply").fill("The agreement says twelve.")
    phone.get_by_role("button", name="Confirm again").tap()
    phone.get_by_text("The borderel is confirmed").first.wait_for()

    agency.reload()
    agency.get_by_text("The agreement says twelve.").first.wait_for()
    agency.get_by_role("button", name="Sign off").click()
    agency.get_by_text("The borderel is signed").first.wait_for()
    axe(agency)


def download(page, name: str) -> bytes:
    """What a link brings."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return waiting.value.path().read_bytes()


def opened(page, base: str, name: str) -> bytes:
    """What a link shows in the browser itself."""
    address = page.get_by_role("link", name=name).first.get_attribute("href")
    return page.request.get(f"{base}{address}").body()


def test_from_proposal_to_a_downloaded_invoice(live_server, deal, new_context, mailbox, run_jobs, axe, monkeypatch, tmp_path):
    base = live_server.url
    url = f"{base}/contracts/{deal.agreement.pk}/"
    provider = new_context().new_page()
    sign_in(provider, base, deal.people["provider"].email, PASSWORD)
    propose(provider, url, axe)
    phone = new_context(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()
    sign_in(phone, base, deal.people["taker"].email, PASSWORD)
    answer_on_a_phone(phone, url, deal, axe)
    change_and_propose_again(provider, url, axe)
    approve(phone, url, deal, axe)

    let_it_be_played(deal, monkeypatch)
    settle(provider, phone, url, axe)
    signed = row_of(deal)

    fill_in_details(phone, base, deal.house)
    fill_in_details(provider, base, deal.producer)
    provider.goto(f"{url}invoice/")
    provider.get_by_role("button", name="Issue the invoice").click()
    provider.get_by_text("is issued.").wait_for()
    axe(provider)
    ubl = ElementTree.fromstring(download(provider, "UBL"))
    assert ubl.find(f".//{UBL}PayableAmount").text == f"{signed.payable_cents / 100:.2f}"
    document = opened(provider, base, "PDF")
    assert document.startswith(b"%PDF-")

    stranger = new_context().new_page()
    stranger.goto(f"{base}/contracts/verify")
    file = tmp_path / "invoice.pdf"
    file.write_bytes(document)
    stranger.set_input_files("input[type=file]", str(file))
    stranger.get_by_role("button", name="Check").first.click()
    stranger.get_by_text("sealed by this platform").first.wait_for()
    axe(stranger)
    run_jobs()
    assert f"{url}borderel/" in mailbox.text_to(deal.people["taker"].email)

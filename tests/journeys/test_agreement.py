"""An agreement from proposal to approval: answered field by field on a phone, rejected once, proposed again, approved."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache, caches

from dip.contracts.models import FieldAnswer
from dip.kernel.clock import local
from tests.factories.contracts import make_deal
from tests.factories.registry import PASSWORD
from tests.factories.ticketing import push, tickets
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deal(settings, live_server):
    """An agency's concept for two evenings of a production, of which some tickets are sold."""
    caches["process"].clear()
    cache.clear()
    settings.BASE_URL = live_server.url
    now = datetime.now(UTC)
    made = make_deal(
        "concept", performances=2, with_agency=True, at=now, day=local(now).date() + timedelta(days=60), values={"provider_guarantee": 800_000}
    )  # fmt: skip
    for performance in made.performances:
        push(performance, tickets(344, price=2975), true_at=now - timedelta(hours=4), at=now)
    return made


def fits(page) -> None:
    """Nothing makes the page scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def propose(page, url: str, axe) -> None:
    page.goto(url)
    axe(page)
    fits(page)
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("Version 1 is proposed. The theatre has mail.").wait_for()
    page.locator(".steps [aria-current=step]", has_text="Answer of the theatre").wait_for()
    axe(page)


def answer_on_a_phone(page, url: str, deal, axe) -> None:
    """Accept one, reject the guarantee with a lower one, accept the rest, send."""
    page.goto(url)
    fits(page)
    axe(page)
    page.get_by_role("link", name="Next to answer").tap()
    assert page.evaluate("document.activeElement.id") == "accept-format"
    page.locator("#accept-format").tap()
    page.locator("#term-format.accepted").wait_for()
    page.get_by_text("1 accepted, 0 rejected").wait_for()
    assert page.evaluate("document.activeElement.id") == "accept-format"  # the focus stays where one is
    page.get_by_role("link", name="Next field without an answer").tap()
    assert page.evaluate("document.activeElement.id") == "accept-performances"
    page.locator("#reject-provider_guarantee").tap()
    page.get_by_role("button", name="Reject with this reason").tap()
    page.locator("#provider_guarantee-reason:invalid").wait_for()
    page.fill("#provider_guarantee-reason", "Two weekdays in January")
    page.fill("#provider_guarantee-counter", "7,000.00")
    page.locator("#effect-provider_guarantee", has_text="You keep € 2,000.00 more at today’s sales.").wait_for()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Reject with this reason").tap()
    page.get_by_role("button", name="Keep this reason").wait_for()
    assert not FieldAnswer.objects.within(deal.provider).exists()  # a draft of the theatre's own
    page.get_by_role("button", name="Accept the rest").tap()
    page.get_by_text("Nothing is sent yet.").first.wait_for()
    page.get_by_role("link", name="Send answer").tap()
    page.get_by_text("Two weekdays in January").wait_for()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Send answer").tap()
    page.get_by_text("Your answer is sent.").wait_for()
    axe(page)


def change_and_propose_again(page, url: str, axe) -> None:
    page.goto(url)
    page.get_by_text("Two weekdays in January").first.wait_for()
    page.get_by_text("You receive € 2,000.00 less at today’s sales, excl. VAT.").wait_for()
    axe(page)
    page.get_by_role("link", name="Edit").click()
    page.locator("[name$=provider_guarantee]:visible").fill("7,000.00")
    page.get_by_role("button", name="Save").first.click()
    page.goto(url)
    page.get_by_text("You look at your draft.").wait_for()
    page.get_by_text("Changed from € 8,000.00 in version 1.").wait_for()
    page.get_by_role("button", name="Propose version 2").click()
    page.get_by_text("Version 2 is proposed.").wait_for()


def look_around(page, url: str, axe) -> None:
    """The statement, versions and what-if, in this window's width and colours."""
    page.goto(url)
    page.locator("#payout").scroll_into_view_if_needed()
    page.locator("#payout .plot svg").wait_for()
    axe(page)
    page.get_by_role("link", name="Compare versions").click()
    page.get_by_role("heading", name="1 difference between Version 1 and Version 2").wait_for()
    axe(page)
    fits(page)
    page.goto(url)
    page.get_by_role("link", name="What if").click()
    axe(page)
    page.fill("#try-provider_guarantee", "6,000.00")
    page.locator("#tried .lede", has_text=re.compile(r"the theatre \+\s€\s1,669")).wait_for()
    page.wait_for_url(re.compile("provider_guarantee=6"))
    page.fill("#try-provider_percentage", "120")
    page.get_by_text("give 0 to 100").wait_for()
    axe(page)
    fits(page)


def choose_a_column(page, url: str) -> None:
    """On a phone one column at a time."""
    page.goto(url)
    page.locator("td.b-estimated").first.wait_for()
    assert page.locator("td.b-potential:visible").count() == 0
    page.locator(".stmt-seg label", has_text="Potential").tap()
    assert page.locator("td.b-potential:visible").count() > 10
    assert page.locator("td.b-estimated:visible").count() == 0


def approve(page, url: str, deal, axe) -> None:
    """Only what changed is asked again; then one confirmation binds."""
    page.goto(url)
    page.get_by_text("to answer").first.wait_for()
    assert page.locator("[data-open-term]").count() == 1
    page.locator("#accept-provider_guarantee").tap()
    page.get_by_role("link", name="Approve").tap()
    page.get_by_text("Once you approve, the agreement binds both parties.").wait_for()
    axe(page)
    page.get_by_role("button", name="Approve").tap()
    page.get_by_text("It binds both parties, and the provider has mail.").wait_for()
    page.locator(".pill", has_text="Approved").wait_for()
    axe(page)
    assert sorted(deal.bound()) == sorted(deal.numbers)


def test_from_proposal_through_a_rejection_to_approval(live_server, deal, new_context, mailbox, run_jobs, axe):
    base = live_server.url
    url = f"{base}/contracts/{deal.agreement.pk}/"
    agency = new_context().new_page()
    sign_in(agency, base, deal.people["provider"].email, PASSWORD)
    propose(agency, url, axe)
    run_jobs()
    assert url in mailbox.text_to(deal.people["taker"].email)

    phone = new_context(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()
    sign_in(phone, base, deal.people["taker"].email, PASSWORD)
    answer_on_a_phone(phone, url, deal, axe)

    change_and_propose_again(agency, url, axe)
    for width, colours in ((1440, "light"), (390, "dark")):
        page = new_context(width=width, color_scheme=colours).new_page()
        sign_in(page, base, deal.people["second"].email, PASSWORD)
        look_around(page, url, axe)
    choose_a_column(phone, url)
    approve(phone, url, deal, axe)
    agency.goto(url)
    agency.locator(".pill", has_text="Approved").wait_for()
    agency.get_by_role("button", name="Revise").wait_for()


def test_answering_works_without_scripts(live_server, deal, new_context):
    base = live_server.url
    deal.propose(at=datetime.now(UTC))
    url = f"{base}/contracts/{deal.agreement.pk}/"
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, base, deal.people["taker"].email, PASSWORD)
    page.goto(url)
    page.click("#accept-format")
    assert page.locator("#term-format.accepted").count() == 1
    page.click("#reject-provider_guarantee")
    page.fill("#provider_guarantee-reason", "Too high")
    page.fill("#provider_guarantee-counter", "7,000.00")
    page.click("text=Reject with this reason")
    assert "1 accepted, 1 rejected" in page.locator("#answer-bar").inner_text()
    assert "You keep" in page.locator("#effect-provider_guarantee").inner_text()
    page.click("text=Accept the rest")
    page.get_by_role("link", name="Send answer").click()
    page.get_by_role("button", name="Send answer").click()
    assert "Your answer is sent." in page.locator("main").inner_text()

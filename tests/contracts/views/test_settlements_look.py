"""The borderel in a real browser: accessible wide and narrow, light and dark; disputing a line and confirming by keyboard."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from dip.contracts.terms.settlements import Disputed
from dip.contracts.terms.states import SettlementStatus
from dip.kernel.clock import now
from tests.contracts.borderels import dispute, row_of
from tests.factories.contracts import CONFIRMED, PLAYED, SETTLED, Deal, make_deal
from tests.factories.registry import PASSWORD
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def served(settings, live_server):
    """The address under which the pages answer."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    return live_server.url


def address(deal: Deal) -> str:
    return reverse("contracts-settlement", args=[deal.agreement.pk])


def test_the_page_can_be_read_by_everybody(served, new_context, readable):
    first = make_deal(PLAYED, performances=2, at=now())
    people = {"producer": first.producer, "house": first.house, "theatre": first.theatre}
    confirmed, disputed, settled = (
        make_deal(state, performances=2, at=now(), **people) for state in (CONFIRMED, CONFIRMED, SETTLED)
    )
    dispute(disputed, Disputed("royalties", "Elf procent was afgesproken", 90_000), Disputed("figures", "Wij telden meer"))
    approved = make_deal("approved", at=now(), **people)
    for side, deals in (("taker", (first, disputed, settled, approved)), ("provider", (first, confirmed, disputed, settled))):
        page = new_context().new_page()
        sign_in(page, served, first.people[side].email, PASSWORD)
        for deal in deals:
            page.goto(served + address(deal) + ("?do=dispute" if deal is confirmed else ""))
            readable(page)


def test_a_line_is_disputed_and_answered_by_keyboard(served, new_context):
    deal = make_deal(CONFIRMED, at=now())
    page = new_context().new_page()
    sign_in(page, served, deal.people["provider"].email, PASSWORD)
    page.goto(served + address(deal))
    page.get_by_role("link", name="Dispute lines").press("Enter")
    assert not page.locator("[name=reason-royalties]").is_visible()
    page.locator("[name=line-royalties]").press("Space")
    page.locator("[name=reason-royalties]").fill("Elf procent was afgesproken")
    page.locator("[name=expected-royalties]").fill("950,00")
    page.get_by_role("button", name="Send to the theatre").press("Enter")
    page.get_by_text("Your remarks are sent to the theatre.").wait_for()
    house = new_context().new_page()
    sign_in(house, served, deal.people["taker"].email, PASSWORD)
    house.goto(served + address(deal))
    house.get_by_label("Your reply").fill("Het contract zegt twaalf.")
    house.get_by_role("button", name="Confirm again").press("Enter")
    house.get_by_text("The borderel is confirmed").wait_for()
    page.reload()
    page.get_by_role("button", name="Sign off").press("Enter")
    page.get_by_text("The borderel is signed").first.wait_for()
    assert row_of(deal).status == SettlementStatus.SIGNED

"""Lists, drafts, tours, framework agreements and settings in a real browser: accessible wide and narrow, in the dark, by keyboard."""

import os
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from dip.contracts import actions
from dip.contracts.actions.outlooks import recalculate
from dip.kernel.clock import local, now
from tests.factories.contracts import make_deal
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import PASSWORD
from tests.factories.ticketing import push, tickets
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\nMantel"


@pytest.fixture
def stage(settings, live_server):
    """One provider and one theatre with agreements in many states, and a production with a tour to draft for."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    at = now()
    first = make_deal("proposed", at=at, day=local(at).date() + timedelta(days=70), performances=2, ranks=[300, 80], values={"entrance_prices": (2800, 2250)})  # fmt: skip
    people = {"producer": first.producer, "house": first.house, "theatre": first.theatre}
    for state in ("concept", "rejected", "approved", "played", "confirmed", "settled"):
        deal = make_deal(state, at=at, **people)
        if state == "approved":
            push(deal.performances[0], tickets(212))
    tour = make_deal("", at=at, day=local(at).date() + timedelta(days=90), performances=8, ranks=[300, 80], **people)
    make_performance(tour.production, make_hall(make_theatre(name="De Verre Kade", city="Proefdorp"), ranks=[200]), day=local(at).date() + timedelta(days=95), capacity_by_rank=[200])  # fmt: skip
    framework = actions.upload_framework(
        access=first.provider, at=at, other_organisation_id=first.house.pk, title="Mantel 2026", valid_from=local(at).date(),
        valid_until=local(at).date() + timedelta(days=30), file_name="mantel.pdf", media_type="application/pdf", content=PDF,
    )  # fmt: skip
    recalculate(at=at)
    first.tour, first.framework = tour, framework
    return first


def shoot(page, name):
    """A picture to look at, when a folder was given."""
    if folder := os.environ.get("DIP_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def pages(stage) -> dict[str, list[str]]:
    draft = f"{reverse('contracts-new')}?production={stage.tour.production.dip_id}&theatre={stage.tour.theatre.pk}"
    concept = next(iter(actions_of(stage)))
    return {
        "provider": [
            reverse("contracts-agreements"), reverse("contracts-new"), f"{reverse('contracts-new')}?production={stage.tour.production.dip_id}",
            draft, f"{draft}&format=volume", reverse("contracts-edit", args=[concept]),
            f"{reverse('contracts-bulk')}?production={stage.tour.production.dip_id}", reverse("contracts-bulk-propose"),
            reverse("contracts-frameworks"), reverse("contracts-framework", args=[stage.framework.pk]), reverse("contracts-settings"),
            reverse("contracts-settings-terms", args=["suppletion"]), reverse("home"),
        ],
        "taker": [reverse("contracts-agreements"), reverse("contracts-frameworks"), reverse("contracts-settings"), reverse("home")],
    }  # fmt: skip


def actions_of(stage) -> list[int]:
    from dip.contracts.models import Agreement

    return list(Agreement.objects.within(stage.provider).filter(status="concept").values_list("pk", flat=True))


def test_pages_can_be_read_by_everybody(live_server, stage, new_context, readable):
    for side, addresses in pages(stage).items():
        page = new_context().new_page()
        member = stage.producer if side == "provider" else stage.house
        email = stage.people["provider"].email if side == "provider" else stage.people["taker"].email
        assert member
        sign_in(page, live_server.url, email, PASSWORD)
        for place, address in enumerate(addresses):
            page.goto(live_server.url + address)
            shoot(page, f"{side}-{place:02d}")
            readable(page)


def test_the_statement_follows_what_is_typed_by_keyboard(live_server, stage, new_context):
    page = new_context().new_page()
    sign_in(page, live_server.url, stage.people["provider"].email, PASSWORD)
    page.goto(
        f"{live_server.url}{reverse('contracts-new')}?production={stage.tour.production.dip_id}&theatre={stage.tour.theatre.pk}"
    )
    preview = page.locator("#draft-preview")
    page.get_by_label("Entrance prices, rank 1").focus()
    page.keyboard.type("28.00")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("22.50")
    preview.get_by_role("button", name="Net, excl. VAT").wait_for()
    before = preview.inner_text()
    page.get_by_label("Guarantee for the provider").focus()
    page.keyboard.type("99,000.00")
    page.wait_for_function("text => document.querySelector('#draft-preview').innerText !== text", arg=before)
    assert page.evaluate("document.activeElement.name") == "t-provider_guarantee"
    page.locator("input[name=format][value=volume]").focus()
    page.keyboard.press("Space")
    page.get_by_label("Tranche 1: net up to").wait_for()
    assert page.get_by_label("Guarantee for the provider").input_value() == "99,000.00"
    assert page.get_by_label("Entrance prices, rank 2").input_value() == "22.50"
    page.get_by_label("Tranche 1: provider’s share").fill("70")
    page.get_by_role("button", name="More tranches").click()
    page.get_by_label("Tranche 5: net up to").wait_for()
    assert page.get_by_label("Tranche 1: provider’s share").input_value() == "70"
    page.get_by_role("button", name="Save as concept").press("Enter")
    page.wait_for_url("**/contracts/*/")
    assert page.get_by_text("is saved. Only you see it").is_visible()

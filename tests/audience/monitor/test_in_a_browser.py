"""The Audience Monitor in a real browser: a provider's way and a theatre's, accessible, at every width and in both themes."""

import re

import pytest
from playwright.sync_api import Page, expect

from dip.definitions.queries import geo
from dip.web import assets
from tests.audience.monitor.conftest import YEAR, make_areas, make_stage
from tests.factories.registry import PASSWORD, make_membership
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(settings, tmp_path, live_server, present):
    """A published audience with areas, and who may look."""
    assets.build()
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = tmp_path / "warehouse", tmp_path / "keys"
    stage = make_stage(tmp_path, orders=300)
    make_areas()
    yield stage
    geo.forget()


def drawn(page: Page) -> None:
    for figure in page.locator("[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "1", timeout=15_000)


def enter(new_context, live_server, organisation, path: str, **window) -> Page:
    page = new_context(**window).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    sign_in(page, live_server.url, make_membership(organisation).person.email, PASSWORD)
    page.goto(f"{live_server.url}{path}")
    return page


def test_a_provider_and_a_theatre_read_their_audience(shown, new_context, live_server, axe, readable):
    provider = enter(new_context, live_server, shown.world.producer, f"/audience/?season={YEAR}")
    axe(provider)
    provider.get_by_role("link", name=shown.world.productions[0].title).click()
    expect(provider.get_by_role("heading", level=1)).to_have_text(shown.world.productions[0].title)
    expect(provider.get_by_text("Orders, not visitors.")).to_be_visible()
    drawn(provider)
    readable(provider)
    provider.set_viewport_size({"width": 1440, "height": 900})
    origin = provider.locator("#origin")
    origin.locator(".chart summary").click()
    expect(origin.locator(".chart .twin tbody tr")).not_to_have_count(0)
    origin.get_by_role("link", name="Municipality").click()
    expect(origin.get_by_role("heading", name="Municipalities, by buyers")).to_be_visible()
    expect(origin.get_by_role("row", name=re.compile("Vlonderdam"))).to_be_visible()
    assert "level=municipality" in provider.url
    with provider.expect_download() as download:
        provider.get_by_role("link", name="Export", exact=True).click()
    assert download.value.suggested_filename == f"audience-{shown.world.productions[0].dip_id}.xlsx"
    provider.get_by_role("button", name="Stage").first.click()
    expect(provider.get_by_text("How often a buyer visits this theatre").first).to_be_visible()
    provider.get_by_role("link", name="Sales", exact=True).click()
    provider.get_by_role("link", name="Audience", exact=True).click()
    expect(provider).to_have_url(re.compile(re.escape(shown.tour)))
    assert provider.faults == []

    theatre = enter(
        new_context, live_server, shown.world.houses[0][0], f"/audience/?season={YEAR}&level=pc4", width=360, color_scheme="dark"
    )
    drawn(theatre)
    readable(theatre)
    theatre.locator("#part-stages summary").click()
    expect(theatre.locator("#part-stages .twin").get_by_role("row", name=re.compile("Core"))).to_be_visible()
    theatre.get_by_label("What", exact=True).select_option("online")
    expect(theatre.get_by_text("Orders online: share of the orders, season by season.")).to_be_visible()
    theatre.get_by_role("link", name="By genre").click()
    expect(theatre.locator("#trends").get_by_role("row", name=re.compile("Cabaret"))).to_be_visible()
    theatre.get_by_role("link", name="The nation").click()
    expect(theatre.get_by_role("heading", level=1)).to_have_text("Audience of the nation")
    axe(theatre)
    assert theatre.faults == []

"""The trends in a real browser: accessible, drawn, walked by keyboard, at every width and in both themes."""

import re

import pytest
from playwright.sync_api import expect

from dip.web import assets
from tests.benchmark.conftest import two_seasons
from tests.factories.registry import NOW, PASSWORD, make_membership
from tests.factories.warehouse import publish
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(live_server, new_context):
    """Opens the trends as a theatre that has figures."""
    assets.build()
    market = two_seasons()
    publish(NOW)
    membership = make_membership(market.takers[0])

    def open_page(path, width=1440, scheme="light"):
        page = new_context(width=width, color_scheme=scheme).new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        sign_in(page, live_server.url, membership.person.email, PASSWORD)
        page.goto(live_server.url + path)
        for figure in page.locator("[data-chart]").all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-ready", "1", timeout=15_000)
        return page

    return open_page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
@pytest.mark.parametrize("path", ["/trends/?by=size", "/trends/lead-times/?by=size"])
def test_nothing_is_inaccessible_or_cut_off(opened, axe, path, width, scheme):
    page = opened(path, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
    assert page.faults == []


def test_a_choice_stays_in_the_address_and_a_line_is_walked(opened):
    page = opened("/trends/")
    page.get_by_label("Figure", exact=True).select_option("price")
    page.wait_for_url(re.compile("measure=price"))
    page.get_by_label("Split by").select_option("size")
    page.wait_for_url(re.compile("measure=price.*by=size|by=size.*measure=price"))
    page.get_by_label("Genre", exact=True).select_option("1")
    page.wait_for_url(re.compile("genre=1"))
    expect(page.get_by_role("heading", name=re.compile("The average price")).first).to_be_visible()
    figure = page.locator("#whole [data-chart]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-ready", "1", timeout=15_000)
    walk = page.get_by_role("slider").first
    walk.focus()
    page.keyboard.press("ArrowLeft")
    expect(walk).to_have_attribute("aria-valuetext", re.compile("2024–25: Your own"))
    page.get_by_role("link", name="Do people buy later?").click()
    page.wait_for_url(re.compile("/trends/lead-times/.*genre=1"))

"""The page of areas in a real browser: its map drawn under the platform's own policy, readable by everybody at every width."""

import os

import pytest
from playwright.sync_api import expect

from dip.definitions.actions.geo import load_areas
from dip.web import assets
from tests.definitions.small_country import NOW, empty_geo, write
from tests.definitions.test_geo_official import FOLDER

__all__ = ["empty_geo"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_geo")]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_the_map_is_drawn_and_accessible(live_server, new_context, axe, tmp_path, width, scheme):
    assets.build()
    real = os.environ.get("DIP_SCREENSHOTS") and FOLDER.is_dir()
    load_areas(FOLDER if real else write(tmp_path), at=NOW)
    page = new_context(width=width, color_scheme=scheme).new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url + "/definitions/areas/")
    figure = page.locator("[data-chart]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-ready", "1", timeout=15_000)
    assert page.locator("[data-chart] svg path").count() >= 3
    page.get_by_text("Show as table").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
    assert faults == []

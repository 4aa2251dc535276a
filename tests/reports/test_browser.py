"""The archive in a browser: found in the navigation, sound for everybody, on paper too."""

import pytest

from dip.registry.models import Membership
from dip.reports.actions import editions
from dip.reports.actions.links import stop_token
from dip.reports.terms import Side
from tests.factories.registry import PASSWORD
from tests.journeys.conftest import sign_in
from tests.reports.conftest import MONDAY, NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.usefixtures("empty_queue")]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_monday_morning(live_server, town, new_context, axe, width, scheme):
    editions.mail_week(organisation_id=town.house.pk, side=Side.THEATRE, monday=MONDAY, at=NOW)
    person = town.people["theatre"]
    page = new_context(width=width, color_scheme=scheme).new_page()
    sign_in(page, live_server.url, person.email, PASSWORD)
    assert page.locator("nav a[href='/reports/']").count() > 0
    page.goto(f"{live_server.url}/reports/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Send me this week’s now").click()
    page.get_by_text(f"on its way to {person.email}").wait_for()
    page.get_by_role("link", name="Week 47", exact=True).click()
    page.get_by_role("heading", name="Without figures").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        page.get_by_role("link", name="Français").click()
    assert download.value.suggested_filename == "dip-2026-week-47-theater-proefstad.xlsx"
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden()
    assert page.locator(".paper-head").inner_text().startswith("DIP · Theater Proefstad")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
    stranger = new_context(width=width).new_page()
    stranger.goto(f"{live_server.url}/reports/stop/{stop_token(Membership.objects.get(person=person).pk)}")
    axe(stranger)
    stranger.get_by_role("button", name="Stop this mail").click()
    stranger.get_by_text("The weekly mail is stopped").wait_for()
    axe(stranger)

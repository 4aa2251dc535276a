"""A theatre's person at the desk, in a browser: a file is mapped, judged and landed, codes are decided, a performance is taken out."""

import os

import pytest
from django.core.cache import caches

from dip.registry.terms import Role
from dip.warehouse.models import LandedBatch, Removal, SourceCode
from tests.audience.desk.conftest import ALL
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in
from tests.warehouse.files.conftest import HEAD, csv, line

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


@pytest.fixture
def evening(settings, live_server):
    """A performance of a theatre, with somebody who looks after its orders."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    house = make_organisation(Role.THEATRE, name="Theater Proefstad")
    person = make_person(email="balie@proef.example", name="Balie", language="en", password=PASSWORD)
    make_membership(house, person, super_user=True)
    hall = make_hall(make_theatre(house, name="Theater Proefstad", city="Proefstad"), name="Grote Zaal")
    return make_performance(make_production(make_organisation(Role.PRODUCER), title="De Lange Proef"), hall)


def shot(page, name):
    """A picture of the page for whoever asks for pictures, in light and dark, wide and narrow."""
    folder = os.environ.get("DIP_SCREENSHOTS")
    for scheme in ("light", "dark") if folder else ():
        for width in (1440, 390):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/desk-{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def look(page, axe, name):
    """The page passes axe wide and narrow, light and dark, and does not scroll sideways."""
    axe(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    shot(page, name)


def test_a_file_from_the_till_to_the_figures(live_server, evening, new_context, axe, tmp_path):
    base, number = live_server.url, evening.number
    lines = [line(f"o-{n}", f"t-{n}", number, kind="CJP" if n % 2 else "Wisselkaart") for n in range(6)]
    till = tmp_path.parent / "kassa.csv"
    till.write_bytes(csv(*lines, line("o-9", "t-9", number, price="veel"), head=HEAD.replace("Verkocht op", "Wanneer")))
    context = new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, base, "balie@proef.example", PASSWORD)
    page.goto(f"{base}/audience/orders/")
    look(page, axe, "empty")
    page.get_by_role("link", name="Deliver a file").first.click()
    page.get_by_label("Name of the source").fill("Kassa Grote Zaal")
    look(page, axe, "files")
    page.get_by_role("button", name="Make the source").click()

    page.set_input_files("input[type=file]", str(till))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("Say where these are:").wait_for()
    page.get_by_label("What column E holds").select_option("sold_at")
    page.get_by_label("Ground for counting buyers").select_option("statistics")
    page.get_by_role("button", name="Read it so").click()
    page.get_by_text("6 tickets would be kept").wait_for()
    page.get_by_text("Naam klant, Straat").wait_for()
    assert "Zwaluwstaart" not in page.content()
    look(page, axe, "file")
    page.get_by_role("button", name="Land 6 tickets").click()
    page.get_by_text("The file has landed.").wait_for()
    page.get_by_text("1 refused").first.wait_for()
    look(page, axe, "delivery")
    assert LandedBatch.objects.across_tenants(ALL).get().accepted_count == 6

    page.goto(f"{base}/audience/orders/")
    look(page, axe, "overview")
    page.get_by_role("link", name="Kinds: 2").click()
    page.get_by_label("What Wisselkaart stands for").select_option("normal")
    look(page, axe, "codes")
    page.get_by_role("button", name="Save the decisions").click()
    page.get_by_text("2 codes are decided.").wait_for()
    decided = dict(SourceCode.objects.across_tenants(ALL).filter(field="kind").values_list("raw", "value"))
    assert decided == {"CJP": "discount", "Wisselkaart": "normal"}

    page.get_by_role("link", name="Removals").click()
    page.get_by_role("link", name="Take out a performance").click()
    page.get_by_label("Title, DIP-id or number").fill("lange")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Choose De Lange Proef").click()
    page.get_by_text("1 delivery holds tickets of this performance.").wait_for()
    look(page, axe, "exclude")
    page.get_by_role("button", name="Exclude this performance").click()
    page.get_by_text("Under way").wait_for()
    look(page, axe, "removals")
    assert Removal.objects.across_tenants(ALL).get().performance_id == number
    for path in ("how/", "removals/buyer/", f"sources/{LandedBatch.objects.across_tenants(ALL).get().source_id}/"):
        page.goto(f"{base}/audience/orders/{path}")
        look(page, axe, path.split("/")[-2] if path != "how/" else "how")

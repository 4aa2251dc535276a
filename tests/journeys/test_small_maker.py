"""A small maker on a phone: a production with two performances in five fields, a school performance, figures, bad reception."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches

from dip.kernel.clock import local
from dip.programme.models import Performance, Production
from dip.programme.terms import FundFeature
from dip.registry.terms import Role
from dip.ticketing.models import PerformanceSales
from tests.factories.programme import GENRES, make_genre, make_hall, make_theatre
from tests.factories.registry import make_access, make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"
LEAST = 44


@pytest.fixture
def maker(settings, live_server):
    """A producer without a booking system, and a village hall that nobody runs on the platform."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    for code in GENRES:
        make_genre(code)
    producer = make_organisation(Role.PRODUCER, name="Atelier Zomerhuis")
    make_membership(producer, make_person(email="maker@proef.example", language="en", password=PASSWORD), super_user=True)
    make_hall(make_theatre(name="Dorpshuis De Kade", city="Proefdorp", is_coupled=False), name="Grote Zaal", capacity=90)
    return producer


def is_thumb_sized(page) -> None:
    """Everything to tap in the page's own part is 44 px high, and nothing sticks out sideways."""
    small = page.evaluate(
        """(least) => [...document.querySelectorAll("main :is(button, select, input:not([type=hidden]):not([type=radio]), .taps a, summary)")]
        .filter((e) => e.offsetParent && e.getBoundingClientRect().height < least - 0.5).map((e) => e.outerHTML.slice(0, 90))""",
        LEAST,
    )
    assert small == []
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => e.offsetParent && e.getBoundingClientRect().right > innerWidth - 8)"
        ".map((e) => e.outerHTML.slice(0, 90))"
    )
    assert wide == []


def test_a_small_maker_on_a_phone(live_server, maker, new_context, axe):
    base = live_server.url
    phone = new_context(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = phone.new_page()
    sign_in(page, base, "maker@proef.example", PASSWORD)
    page.get_by_role("link", name="Enter on your phone").first.tap()
    page.wait_for_url(re.compile("/light/$"))
    is_thumb_sized(page)
    axe(page)

    # a production: two evenings in the village hall, the day before yesterday and yesterday
    page.get_by_role("link", name="A production").tap()
    page.fill("#id_title", "Het Zomerhuis")
    page.select_option("#id_genre", label="Theatre")
    page.locator("#id_place").press_sequentially("Dorpsh", delay=30)
    page.locator(".options button").first.tap()
    page.locator("input[name=hall]").wait_for(state="attached")
    today = local(datetime.now(UTC)).date()
    page.locator("[name=date]").first.fill((today - timedelta(days=2)).isoformat())
    page.locator("[name=time]").first.fill("20:15")
    page.get_by_role("button", name="Another date").tap()
    page.locator("[name=date]").nth(1).fill((today - timedelta(days=1)).isoformat())
    page.fill("#id_seats", "80")
    is_thumb_sized(page)
    axe(page)

    # without reception nothing is lost; with it, a double tap enters once
    assert page.locator("[data-offline]").is_hidden()
    phone.set_offline(True)
    page.get_by_role("button", name="Enter it").tap()
    page.get_by_text("No connection. Nothing is lost").wait_for()
    assert page.input_value("#id_title") == "Het Zomerhuis"
    phone.set_offline(False)
    page.reload()
    page.locator("input[name=hall]").wait_for(state="attached")
    assert page.input_value("#id_title") == "Het Zomerhuis"
    assert page.locator("[name=date]").count() == 2
    page.evaluate("(b => { b.click(); b.click(); })(document.querySelector('main .btn.primary'))")
    page.wait_for_url(re.compile(r"/light/productions/NL-"))
    page.get_by_text("2 performances are entered.").wait_for()
    axe(page)
    assert (Production.objects.count(), Performance.objects.count()) == (1, 2)

    # its figures
    page.goto(f"{base}/ticketing/light/")
    page.locator(".taps a", has_text="Het Zomerhuis").first.tap()
    page.fill("#id_normal", "41")
    page.fill("#id_discount", "9")
    page.fill("#id_free", "3")
    page.fill("#id_recette", "712,50")
    is_thumb_sized(page)
    axe(page)
    page.get_by_role("button", name="Keep the figures").tap()
    page.get_by_text("The figures are kept.").wait_for()
    state = PerformanceSales.objects.within(make_access(maker)).get()
    assert (state.sold, state.free_tickets, state.normal_cents + state.discount_cents) == (50, 3, 71_250)
    page.locator("#filled").wait_for()
    assert "50" in page.locator("section", has=page.locator("#filled")).inner_text()
    page.goto(f"{base}/sales/performances/{state.performance_id}")
    page.get_by_text("by hand").first.wait_for()

    # a school performance, in another place, wrong first
    page.goto(f"{base}/ticketing/light/production?school")
    page.fill("#id_title", "Het Zomerhuis")
    page.select_option("#id_genre", label="Theatre")
    page.get_by_text("Another place: a school").tap()
    page.fill("#id_place_name", "Basisschool De Klimboom")
    page.locator("[name=date]").first.fill((today + timedelta(days=20)).isoformat())
    page.locator("[name=time]").first.fill("10:00")
    page.fill("#id_seats", "56")
    page.get_by_role("button", name="Enter it").tap()
    page.get_by_text("Give its town.").wait_for()
    assert page.input_value("#id_place_name") == "Basisschool De Klimboom"
    axe(page)
    page.fill("#id_place_city", "Proefdorp")
    page.get_by_role("button", name="Enter it").tap()
    page.get_by_text("1 performance joins the production").wait_for()
    school = Performance.objects.latest("number")
    assert (school.fund_feature, school.is_private, school.capacity) == (FundFeature.SCHOOL_PRIMARY, True, 56)
    assert school.theatre.name == "Basisschool De Klimboom"
    page.set_viewport_size({"width": 360, "height": 740})
    for address in (
        "/ticketing/light/",
        "/ticketing/light/festival",
        f"/ticketing/light/productions/{school.production.dip_id}/dates",
    ):
        page.goto(base + address)
        is_thumb_sized(page)
        axe(page)

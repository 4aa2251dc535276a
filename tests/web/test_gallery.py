"""The gallery in a real browser: accessible, drawn, walkable, at every width and in both themes."""

import pytest
from playwright.sync_api import expect

from dip.web import assets

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def base(live_server, settings):
    assets.build()
    settings.DEBUG = True
    return live_server.url


def opened(new_context, base, width=1440, scheme="light", path="/gallery", **options):
    page = new_context(width=width, color_scheme=scheme, **options).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.goto(base + path)
    return page


def drawn(page):
    for figure in page.locator("[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "1", timeout=15_000)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (360, "dark")])
def test_nothing_is_inaccessible_or_cut_off(new_context, base, axe, width, scheme):
    page = opened(new_context, base, width, scheme, path="/gallery?wrong=1&seats=-4")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
    assert page.faults == []


def test_a_chart_is_drawn_with_its_labels_and_redrawn_when_narrow(new_context, base):
    page = opened(new_context, base)
    drawn(page)
    assert "national median" in page.inner_text("#curve .canvas")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator("#curve .canvas")).not_to_contain_text("national median")


def test_the_line_is_walked_with_the_arrow_keys(new_context, base):
    page = opened(new_context, base)
    drawn(page)
    walk = page.locator("#curve .walk")
    walk.focus()
    assert walk.get_attribute("aria-valuetext").startswith("today, 40 days before: 321 sold")
    page.keyboard.press("ArrowLeft")
    assert walk.get_attribute("aria-valuetext").startswith("41 days before")
    page.keyboard.press("End")
    assert walk.get_attribute("aria-valuetext").startswith("performance")
    assert page.locator("#curve .walk-text").is_visible()


def test_a_definition_opens_on_hover_focus_and_click(new_context, base):
    page = opened(new_context, base)
    label = page.locator(".kpis .def").first
    pop = page.locator("#def-tickets_sold")
    label.hover()
    pop.wait_for(state="visible")
    page.mouse.move(5, 700)
    pop.wait_for(state="hidden")
    page.keyboard.press("Escape")
    label.click()
    pop.wait_for(state="visible")
    assert "Paid tickets net of returns" in pop.inner_text()
    page.keyboard.press("Escape")
    pop.wait_for(state="hidden")


def test_the_theme_is_kept(new_context, base):
    page = opened(new_context, base)
    page.evaluate("localStorage.setItem('dip-theme', 'dark')")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"


def test_as_known_on_goes_a_day_back(new_context, base):
    page = opened(new_context, base, path="/gallery?which=all")
    page.click(".asof .back")
    page.wait_for_url("**at=2026-11-22T07%3A10**")
    assert "which=all" in page.url


def test_dialogs_ask_before_something_is_withdrawn(new_context, base):
    page = opened(new_context, base)
    page.click("[data-dialog=sure]")
    page.wait_for_selector("#sure[open]")
    page.keyboard.press("Escape")
    assert not page.locator("#sure").is_visible()


def test_it_is_readable_on_paper_and_in_forced_colours(new_context, base, axe):
    page = opened(new_context, base, forced_colors="active")
    drawn(page)
    axe(page)
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert page.locator("h1").is_visible()


def test_without_scripts_the_numbers_are_there(new_context, base):
    page = opened(new_context, base, java_script_enabled=False)
    page.click("#curve summary")
    assert page.locator("#curve table").is_visible()

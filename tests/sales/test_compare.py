"""The compare page: who may set what beside what, the same numbers everywhere, and in a browser."""

import csv
import io
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dip.registry.terms import Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_client_login, make_organisation, make_person
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = pytest.mark.django_db
VIEWS = ["sales-compare", "sales-compare-curve", "sales-compare-export"]


@pytest.fixture
def two(house):
    """The production of ``house``, and one that ended last season in the same theatre."""
    producer, theatre, stranger, performances = house
    hall = performances[0].hall
    earlier = make_production(producer, title="Zeven Dagen Eb", season_year=2025)
    played = make_performance(earlier, hall, day=(NOW - timedelta(days=200)).date())
    for before, sold in ((60, 40), (30, 200), (0, 410)):
        cast.put(played, NOW - timedelta(days=200 + before, hours=5), normal=sold)
    cast.settle(played)
    return producer, theatre, stranger, performances, played


def tokens(two) -> dict[str, str]:
    return {"a": f"production:{two[3][0].production.dip_id}", "b": f"production:{two[4].production.dip_id}"}


@pytest.mark.parametrize("view", VIEWS)
def test_who_may_compare(client, two, view):
    producer, theatre, stranger, *_rest = two
    address, asked = reverse(view), tokens(two)
    for organisation, role in ((producer, Role.PRODUCER), (theatre, Role.THEATRE)):
        make_client_login(client, organisation, role)
        assert client.get(address, asked).status_code == 200
    make_client_login(client, producer, rights={Module.PROGRAMME: Level.APPROVE}, person=make_person())
    assert client.get(address, asked).status_code == 403
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        assert client.get(address, asked).status_code == 404
    make_client_login(client, make_organisation(Role.PLATFORM))
    assert client.get(address, asked).status_code == 404
    client.logout()
    assert "/account/login" in client.get(address, asked)["Location"]


@pytest.mark.parametrize(
    "token",
    [
        "production:none",
        "theatre:999999:2026",
        "theatre:1",
        "season:99",
        "season:2026:1'--",
        "nonsense",
        "production",
        ":::",
        "theatre:x:2026",
    ],
)
def test_what_is_none_is_not_found(client, two, token):
    make_client_login(client, two[0])
    found = client.get(reverse("sales-compare"), {"a": token}).status_code
    assert found == (200 if token.startswith("season:2026") else 404)


def test_a_theatre_of_somebody_else(client, two):
    other = make_theatre(two[2])
    make_client_login(client, two[0])
    assert client.get(reverse("sales-compare"), {"a": f"theatre:{other.pk}:2026"}).status_code == 404
    own = two[3][0].theatre
    assert client.get(reverse("sales-compare"), {"a": f"theatre:{own.pk}:2026", "b": f"theatre:{own.pk}:2025"}).status_code == 200


def test_a_theatre_compares_its_own_evenings_only(client, two):
    make_client_login(client, two[1], Role.THEATRE)
    pair = client.get(reverse("sales-compare"), tokens(two)).context["pair"]
    assert pair.a.composition.performances == 1  # the other one plays elsewhere
    assert pair.a.composition.sold == 338


@pytest.mark.parametrize("align", ["days", "weeks"])
@pytest.mark.parametrize("measure", ["tickets", "mean", "occupancy"])
def test_the_ends_are_the_numbers_of_the_pages(client, two, align, measure):
    make_client_login(client, two[0])
    asked = tokens(two) | {"align": align, "measure": measure}
    context = client.get(reverse("sales-compare"), asked).context
    pair = context["pair"]
    shown = client.get(reverse("sales-production", args=[two[3][0].production.dip_id])).context["sales"].now
    assert (pair.a.composition.sold, pair.a.composition.for_sale) == (shown.sold, shown.for_sale) == (442, 1420)
    assert (pair.a.is_running, pair.b.is_running) == (True, False)
    expected = {"tickets": 410, "mean": 410, "occupancy": 410 / 720}[measure]
    assert pair.b.stop.value == pytest.approx(expected)
    if align == "weeks":
        expected = {"tickets": 442, "mean": 221, "occupancy": 442 / 1420}[measure]
        assert pair.a.stop.value == pytest.approx(expected)
    else:
        assert pair.a.stop.x > 0  # nothing right of where it came
        assert pair.b.stop.x == 0


def test_twin_csv_and_workbook_say_the_same(client, two):
    make_client_login(client, two[0])
    asked = tokens(two) | {"measure": "mean"}
    figure = client.get(reverse("sales-compare"), asked).context["figure"]
    rows = list(
        csv.reader(io.StringIO(client.get(reverse("sales-compare-curve"), asked).content.decode("utf-8-sig")), delimiter=";")
    )
    assert rows[0] == list(figure.columns)
    assert rows[1:] == [[cell.raw for cell in row] for row in figure.table]
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(reverse("sales-compare-export"), asked).content))
    heads, *days = book.get_sheet_by_name("Curve").to_python()
    assert heads[1] == "Zeven Dagen Vloed, 2026–27"
    by_day = {row[0]: row for row in days}
    for row in rows[1:]:
        told = by_day[float(row[0])]
        assert [told[1], told[3]] == [float(value) if value else "" for value in row[1:3]]
    assert book.sheet_names[:2] == ["Curve", "Composition"]


def test_as_known_on_an_earlier_day(client, two):
    make_client_login(client, two[0])
    then = NOW - timedelta(days=1)
    pair = client.get(reverse("sales-compare"), tokens(two) | {"known": then.isoformat()}).context["pair"]
    assert pair.a.composition.sold == 320 + 100


def test_choosing_by_search_and_by_suggestion(client, two):
    make_client_login(client, two[0])
    page = client.get(reverse("sales-compare"), {"a": tokens(two)["a"], "find_b": "dagen"}).content.decode()
    assert "Zeven Dagen Eb" in page
    options = client.get(reverse("sales-compare-options"), {"side": "b", "a": tokens(two)["a"], "find_b": "eb"}).content.decode()
    assert f"b={tokens(two)['b'].replace(':', '%3A')}" in options
    assert "Zeven Dagen Vloed" not in options
    town = client.get(reverse("sales-compare-options"), {"side": "a", "find_a": two[3][0].theatre.city}).content.decode()
    assert f"theatre%3A{two[3][0].theatre_id}%3A2026" in town
    assert client.get(reverse("sales-compare-options"), {"side": "c"}).status_code == 404
    suggested = client.get(reverse("sales-compare"), {"a": tokens(two)["a"]}).context["suggested"]
    assert [one.token for one in suggested] == [tokens(two)["b"]]
    make_client_login(client, two[2])
    assert "Nothing of yours" in client.get(reverse("sales-compare-options"), {"side": "a", "find_a": "dagen"}).content.decode()


def test_the_pages_lead_to_it(client, two):
    make_client_login(client, two[0])
    token = tokens(two)["a"]
    assert f"?a={token}" in client.get(reverse("sales-production", args=[token.split(":")[1]])).content.decode()
    assert "?a=season:2026" in client.get(reverse("sales-season")).content.decode()


def test_wrong_words_are_told_and_not_guessed(client, two):
    make_client_login(client, two[0])
    page = client.get(reverse("sales-compare"), tokens(two) | {"align": "moons", "measure": "joy"}).content.decode()
    assert "moons" in page
    assert "joy" in page
    assert client.get(reverse("sales-compare-curve")).status_code == 404


def test_the_number_of_queries_is_fixed(client, two):
    make_client_login(client, two[0])

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("sales-compare"), tokens(two)).status_code == 200
        return len(found)

    client.get(reverse("sales-compare"), tokens(two))
    few = count()
    for _ in range(3):
        extra = make_performance(two[3][0].production, make_hall(make_theatre(two[1])))
        cast.sell(extra, NOW, 3, 8)
    assert count() == few


@pytest.mark.django_db(transaction=True)
@pytest.mark.journey
def test_in_a_browser(live_server, two, new_context, axe):
    from tests.factories.registry import PASSWORD, make_membership
    from tests.journeys.conftest import sign_in

    make_membership(two[0], make_person(email="maud@proef.example", password=PASSWORD, language="en"))
    for width, scheme in ((1440, "light"), (390, "dark")):
        page = new_context(width=width, color_scheme=scheme).new_page()
        sign_in(page, live_server.url, "maud@proef.example", PASSWORD)
        page.goto(f"{live_server.url}/sales/compare/?a={tokens(two)['a']}")
        axe(page)
        page.locator("#find-b").press_sequentially("dagen eb", delay=20)
        page.locator(".picker.b .options a").first.click()
        page.locator("figure.chart .plot svg").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page)
        walk = page.locator("figure.chart .walk")
        walk.focus()
        first = walk.get_attribute("aria-valuetext")
        page.keyboard.press("ArrowLeft")
        assert walk.get_attribute("aria-valuetext") != first
        page.get_by_role("link", name="Weeks on sale").click()
        page.wait_for_url(lambda url: "align=weeks" in url)
        page.locator("figure.chart .plot svg").first.wait_for()
        assert "week" in page.locator("figure.chart h2").inner_text()

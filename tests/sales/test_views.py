"""Pages and exports: who gets what, and that every number on them agrees."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dip.registry.terms import Level, Module, Role
from dip.ticketing.terms import Measure
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_client_login, make_organisation, make_person
from tests.factories.warehouse import publish
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = pytest.mark.django_db
NO_SALES = {Module.PROGRAMME: Level.APPROVE}


def sheets(response) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content) if response.streaming else response.content))


def table(book: CalamineWorkbook, name: str) -> list[dict]:
    head, *rows = book.get_sheet_by_name(name).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def text(response) -> str:
    return response.content.decode()


def addresses(performances) -> dict[str, str]:
    dip_id, number = performances[0].production.dip_id, performances[0].number
    return {
        "production": reverse("sales-production", args=[dip_id]),
        "production export": reverse("sales-production-export", args=[dip_id]),
        "production curve": reverse("sales-production-curve", args=[dip_id]),
        "performance": reverse("sales-performance", args=[number]),
        "performance export": reverse("sales-performance-export", args=[number]),
        "performance curve": reverse("sales-performance-curve", args=[number]),
    }


LISTS = [
    "sales-season", "sales-season-export", "sales-season-curve", "sales-theatre", "sales-theatre-export", "sales-region", "sales-region-export",
]  # fmt: skip
RECORDS = ["production", "production export", "production curve", "performance", "performance export", "performance curve"]


@pytest.mark.parametrize("record", RECORDS)
def test_who_may_open_a_record(client, house, record):
    producer, theatre, stranger, performances = house
    address = addresses(performances)[record]
    for organisation, role in ((producer, Role.PRODUCER), (theatre, Role.THEATRE)):
        make_client_login(client, organisation, role)
        assert client.get(address).status_code == 200
    make_client_login(client, producer, rights=NO_SALES, person=make_person())
    assert client.get(address).status_code == 403
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        assert client.get(address).status_code == 404
    make_client_login(client, make_organisation(Role.PLATFORM))
    assert client.get(address).status_code == 404
    client.logout()
    assert "/account/login" in client.get(address)["Location"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_show_only_what_is_ones_own(client, house, name):
    producer, theatre, stranger, _ = house
    for organisation, role in ((producer, Role.PRODUCER), (theatre, Role.THEATRE)):
        make_client_login(client, organisation, role)
        assert client.get(reverse(name), follow=True).status_code == 200
    make_client_login(client, producer, rights=NO_SALES, person=make_person())
    assert client.get(reverse(name)).status_code == 403
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        response = client.get(reverse(name), follow=True)
        assert response.status_code == 200
        body = str(sheets(response).sheet_names) if name.endswith("export") else text(response)
        assert "Zeven Dagen Vloed" not in body
    client.logout()
    assert client.get(reverse(name)).status_code == 302


def test_a_theatre_sees_its_own_performance_only(client, house):
    _, theatre, _, performances = house
    make_client_login(client, theatre)
    page = text(client.get(addresses(performances)["production"]))
    assert performances[0].theatre.name in page
    assert performances[1].theatre.name not in page
    assert client.get(reverse("sales-performance", args=[performances[1].number])).status_code == 404


def test_a_co_producer_and_the_agency_follow_the_tour(client, house):
    performances = house[3]
    production = performances[0].production
    agency, partner = make_organisation(Role.AGENCY), make_organisation(Role.PRODUCER)
    production.agency = agency
    production.save()
    production.co_producers.add(partner)
    for organisation in (agency, partner):
        make_client_login(client, organisation)
        assert "442" in text(client.get(addresses(performances)["production"]))


def test_the_page_of_a_tour_adds_up(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    page = text(client.get(addresses(performances)["production"]))
    assert '<div class="val">442</div>' in page
    assert "+ 22" in page.replace("\u00a0", " ")  # 18 and 4 since yesterday
    assert "2 performances: 442 sold of 1,420 seats for sale" in page
    assert "338 <em>/ 700</em>" in page
    assert "not shown" in page  # no comparison is published


def test_the_performance_is_added_up(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    page = text(client.get(addresses(performances)["performance"]))
    row = re.findall(r'<tr class="(?:less|sum|)"><th scope="row">([^<]+)</th><td>\s*(?:<[^>]+>)?([^<]+)', page)
    assert dict(row) == {
        "Capacity": "720", "Blocked": "20", "For sale": "700", "Sold": "338", "Free tickets": "0", "Reserved": "7", "Still to be had": "355",
    }  # fmt: skip
    assert "Kassa De Vlonder" in page
    assert "5 minutes of lag" in page


def figure_of(page: str) -> dict:
    return json.loads(re.search(r'id="curve".*?<script type="application/json">(.*?)</script>', page, re.S)[1])


def test_the_own_line_stops_today(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    number = performances[0].number
    points = figure_of(text(client.get(addresses(performances)["production"], {"performance": number})))["datasets"]["own"]
    assert max(point["x"] for point in points) == -40
    assert next(point["y"] for point in points if point["x"] == -40) == 338


@pytest.mark.parametrize("scope", ["tour-date", "tour-days"])
def test_the_tour_as_a_whole(client, house, scope):
    producer, _, _, performances = house
    make_client_login(client, producer)
    response = client.get(addresses(performances)["production"], {"scope": scope})
    assert response.status_code == 200
    assert figure_of(text(response))["datasets"]["own"]
    numbers = text(client.get(addresses(performances)["production curve"], {"scope": scope}))
    assert ";442" in numbers if scope == "tour-date" else "0." in numbers


def test_an_earlier_moment_changes_every_own_number(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    known = {"known": "2026-11-22T07:10"}
    page = text(client.get(addresses(performances)["production"], known))
    assert '<div class="val">420</div>' in page
    assert "You look at the state of" in page
    assert "320 <em>/ 720</em>" in page  # the blocked seats were not known yet
    assert "338" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    page = text(client.get(reverse("sales-season"), known))
    assert '<div class="val">420</div>' in page
    numbers = text(client.get(reverse("sales-season-curve"), known))
    assert "2026-11-22;420" in numbers
    book = sheets(client.get(addresses(performances)["production export"], known))
    assert sum(row["Sold"] for row in table(book, "Performances")) == 420
    assert "22-11-2026, 07:10" in str(book.get_sheet_by_name("About these figures").to_python())


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"known": "gisteren"}, "is no date and time"),
        ({"known": "1620-01-01T00:00"}, "before there were figures"),
        ({"season": "zomer"}, "give a whole number"),
        ({"rows": "0"}, "give a whole number"),
        ({"which": "soms"}, "give one of coming, played, all"),
    ],
)
def test_a_question_that_cannot_be_read_is_named(client, house, params, words):
    producer, _, _, performances = house
    make_client_login(client, producer)
    page = text(client.get(addresses(performances)["production"], params))
    assert words in page
    assert '<div class="val">442</div>' in page


def test_a_moment_to_come_is_now(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    assert "You look at the state of" not in text(client.get(addresses(performances)["production"], {"known": "2026-12-24T07:10"}))


def test_a_performance_of_another_production_is_not_selected(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    other = make_performance(make_production(producer))
    assert client.get(addresses(performances)["production"], {"performance": other.number}).status_code == 404


def test_the_sheets_hold_real_numbers_and_dates_and_equal_the_page(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    book = sheets(client.get(addresses(performances)["production export"]))
    rows = table(book, "Performances")
    assert sum(row["Sold"] for row in rows) == 442
    assert sum(row["Recette"] for row in rows) == 442 * 25.0
    assert rows[0]["Date"] == performances[0].performance_date
    assert isinstance(rows[0]["Last update"], datetime)
    assert rows[0]["National median"] == "not shown: too few, or too concentrated"
    assert rows[0]["Occupancy, paid"] == pytest.approx(338 / 700)
    about = str(book.get_sheet_by_name("About these figures").to_python())
    assert "Paid tickets net of returns" in about
    assert producer.name in about


def test_the_season_in_sheets(client, house):
    producer, _, _, _ = house
    make_client_login(client, producer)
    book = sheets(client.get(reverse("sales-season-export")))
    assert [sum(row["Sold"] for row in table(book, name)) for name in ("Productions", "Theatres", "Performances")] == [442] * 3
    assert "Genres" in book.sheet_names


def test_the_season_of_a_theatre_by_hall(client, house):
    _, theatre, _, _ = house
    make_client_login(client, theatre)
    page = text(client.get(reverse("sales-season"), {"by": "hall"}))
    assert "Grote Zaal" in page
    assert '<div class="val">338</div>' in page
    book = sheets(client.get(reverse("sales-theatre-export")))
    assert sum(row["Sold"] for row in table(book, "Halls")) == 338


def test_the_list_of_productions_can_be_narrowed(client, house):
    producer, _, _, _ = house
    cast.sell(cast.make_tour(producer, [None], NOW, title="Nachttrein")[0], NOW, 5)
    make_client_login(client, producer)
    page = text(client.get(reverse("sales-season"), {"q": "nacht"}))
    names = re.findall(r'class="d-venue">.*?<strong>([^<]+)</strong>', page)
    assert names == ["Nachttrein"]
    assert "Nothing in this season answers" in text(client.get(reverse("sales-season"), {"q": "zzz"}))


def test_seasons_can_be_chosen(client, house):
    producer, _, _, _ = house
    make_client_login(client, producer)
    page = text(client.get(reverse("sales-season"), {"season": "2024"}))
    assert "No published performances in this season" in page
    assert "2026–27" in page


def test_a_finished_season_ends_with_its_last_sale(client, house):
    producer = house[0]
    played = make_performance(make_production(producer, season_year=2025), make_hall(), day=date(2026, 3, 3))
    cast.put(played, datetime(2026, 2, 1, 12, tzinfo=UTC), normal=80)
    cast.settle(played)
    publish(NOW)
    make_client_login(client, producer)
    page = text(client.get(reverse("sales-season"), {"season": "2025"}))
    spec = re.search(r'id="season".*?<script type="application/json">(.*?)</script>', page, re.S)[1]
    assert '"Today"' not in spec
    assert json.loads(spec)["datasets"]["this"][-1] == {"x": 0, "y": 80}


def test_concepts_and_cancelled_performances_do_not_count(client, house):
    producer, _, _, performances = house
    for state in ("concept", "cancelled"):
        extra = make_performance(performances[0].production, performances[0].hall, state=state)
        cast.sell(extra, NOW, 50)
        make_client_login(client, producer)
        assert client.get(reverse("sales-performance", args=[extra.number])).status_code == 404
    assert '<div class="val">442</div>' in text(client.get(addresses(performances)["production"]))


def test_restatements_are_told_with_both_numbers(client, house):
    producer, _, _, performances = house
    first = cast.put(performances[1], NOW - timedelta(days=4), normal=90)
    cast.put(performances[1], NOW - timedelta(days=4), NOW - timedelta(days=1), normal=97, restates=first)
    make_client_login(client, producer)
    for address in (addresses(performances)["production"], reverse("sales-season")):
        page = text(client.get(address))
        assert "<del>90</del> → <ins>97</ins>" in page
        assert "One past day changed in the last two weeks." in page
    book = sheets(client.get(addresses(performances)["production export"]))
    (row,) = table(book, "Restatements")
    assert (row["Sold before"], row["Sold after"]) == (90, 97)


def test_without_figures_nothing_is_zero(client, house):
    producer = house[0]
    (performance,) = cast.make_tour(producer, [None], NOW, title="Nachttrein")
    make_client_login(client, producer)
    page = text(client.get(reverse("sales-production", args=[performance.production.dip_id])))
    assert "No figures yet for 1 performance" in page
    assert "– <em>/ 720</em>" in page
    assert "has not sent figures yet" in page
    page = text(client.get(reverse("sales-performance", args=[performance.number])))
    assert "Nothing has come in yet" in page


def test_more_tickets_than_seats_are_told(client, house):
    producer, _, _, performances = house
    cast.put(performances[0], NOW - timedelta(hours=1), normal=710)
    cast.settle(performances[0])
    make_client_login(client, producer)
    assert "17 tickets more than there are seats for sale" in text(client.get(addresses(performances)["performance"]))


def test_the_other_roles_see_national_totals_only(client, house):
    for role in (Role.PLATFORM, Role.ASSOCIATION, Role.FUNDER):
        make_client_login(client, make_organisation(role))
        page = text(client.get(reverse("sales-season")))
        assert "national" in page
        assert "442" not in page
        assert client.get(reverse("sales-theatre")).status_code == 302
        assert client.get(reverse("sales-region")).status_code == 200
        assert sheets(client.get(reverse("sales-season-export"))).sheet_names == ["Genres", "About these figures"]


def test_show_more_lengthens_the_list(client, house):
    producer, _, _, performances = house
    hall = make_hall(make_theatre())
    for days in range(30):
        make_performance(performances[0].production, hall, day=(NOW + timedelta(days=60 + days)).date())
    make_client_login(client, producer)
    address = addresses(performances)["production"]
    first, more = text(client.get(address)), text(client.get(address, {"rows": "50"}))
    assert first.count('class="d-venue"') == 25
    assert "Show 7 more" in first
    assert more.count('class="d-venue"') == 32


def count_queries(client, address, capture):
    client.get(address)  # caches of a process are warm from here on
    with capture as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.THEATRE])
@pytest.mark.parametrize("page", ["season", "production", "theatre", "performance"])
def test_a_fixed_number_of_queries(client, house, role, page, django_assert_max_num_queries):
    producer, theatre, _, performances = house
    make_client_login(client, producer if role is Role.PRODUCER else theatre, role)
    records = addresses(performances)
    address = {"season": reverse("sales-season"), "theatre": reverse("sales-theatre")}.get(page) or records[page]
    if page == "theatre" and role is Role.PRODUCER:
        address = reverse("sales-season") + "?by=theatre"
    before = count_queries(client, address, django_assert_max_num_queries(15))
    more = cast.make_tour(producer, [None] * 2, NOW, production=performances[0].production)
    more += cast.make_tour(producer, [None], NOW, title="Nachttrein")
    for performance in [*more, make_performance(performances[0].production, performances[0].hall)]:
        cast.sell(performance, NOW, 10, 11)
        cast.put(performance, NOW - timedelta(days=1), measure=Measure.BLOCKED, seats=1)
    assert count_queries(client, address, django_assert_max_num_queries(15)) == before


def test_pages_come_in_three_languages(client, house):
    producer, _, _, performances = house
    for language, word in (("nl", "Verkocht"), ("fr", "Vendu"), ("en", "Sold")):
        make_client_login(client, producer, person=make_person(language=language), language=language)
        assert word in text(client.get(addresses(performances)["production"]))


def test_times_are_those_of_the_netherlands(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    page = text(client.get(addresses(performances)["performance"]))
    assert "22-11-2026, 02:40" in page
    assert datetime(2026, 11, 22, 1, 40, tzinfo=UTC).isoformat() not in page

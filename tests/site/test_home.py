"""Home: what needs a person, for each part that an organisation plays, and for nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from dip.kernel.clock import local
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import make_deal
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_client_login, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_warehouse(settings, tmp_path):
    settings.WAREHOUSE_HOME = tmp_path
    caches["process"].clear()


@pytest.fixture
def evening():
    """A performance of a producer in a theatre, twelve days away, with 140 tickets sold."""
    producer, house = make_organisation(Role.PRODUCER), make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(house, city="Vlonderdam"), capacity=200)
    performance = coming(producer, hall, "Nachtboot", 12)
    push(performance, tickets(normal=140), at=datetime.now(UTC) - timedelta(hours=1))
    return performance


def coming(producer, hall, title, days):
    moment = datetime.now(UTC)
    return make_performance(
        make_production(producer, title=title), hall, day=local(moment).date() + timedelta(days=days), at=moment
    )


@pytest.mark.parametrize("side", ["producer", "theatre"])
def test_both_sides_see_the_evening(client, evening, side):
    owner = evening.production.producer if side == "producer" else evening.theatre.organisation
    make_client_login(client, owner)
    text = client.get(reverse("home")).content.decode()
    assert "Nachtboot" in text
    assert "140" in text


def test_a_stranger_sees_nothing_of_it(client, evening):
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, make_organisation(role))
        assert "Nachtboot" not in client.get(reverse("home")).content.decode()


def test_a_colleague_without_the_right_sees_no_sales(client, evening):
    make_client_login(client, evening.production.producer, rights={Module.PROGRAMME: Level.VIEW})
    page = client.get(reverse("home"))
    assert page.status_code == 200
    assert "Nachtboot" not in page.content.decode()


def test_a_visitor_signs_in_first(client):
    assert client.get(reverse("home"))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("role", [Role.FUNDER, Role.ASSOCIATION, Role.PLATFORM])
def test_others_are_shown_where_to_go(client, evening, role):
    make_client_login(client, make_organisation(role))
    text = client.get(reverse("home")).content.decode()
    assert reverse("sales-season") in text
    assert "Nachtboot" not in text


def test_a_performance_without_figures_asks_for_attention(client, evening):
    coming(evening.production.producer, evening.hall, "Zonder Cijfers", 5)
    make_client_login(client, evening.theatre.organisation)
    text = client.get(reverse("home")).content.decode()
    assert "Performances without figures" in text
    assert "Put this DIP-id in your ticketing system" in text


def barn(title, **more):
    """A performance soon of a small maker, in a barn that nobody on the platform runs; its number and its maker."""
    maker = make_organisation(Role.PRODUCER)
    theatre = make_theatre(name="De Oude Stal", is_coupled=False, **more)
    return coming(maker, make_hall(theatre, name="De Oude Stal"), title, 5), maker


def test_a_maker_types_the_figures_that_no_system_sends(client):
    performance, maker = barn("Zonder Kassa")
    make_client_login(client, maker)
    text = client.get(reverse("home")).content.decode()
    assert f'href="{reverse("ticketing-light-figures", args=[performance.number])}"' in text
    assert "No system sends them: enter what is sold." in text
    assert "Ask the theatre" not in text
    assert "De Oude Stal, De Oude Stal" not in text
    assert reverse("ticketing-sheet") not in text.partition("<main")[2]


def test_who_may_only_look_or_depends_on_a_theatre_is_not_told_to_type(client, evening):
    performance, maker = barn("Zonder Kassa")
    make_client_login(client, maker, rights={Module.SALES: Level.VIEW, Module.PROGRAMME: Level.VIEW})
    assert reverse("ticketing-light-figures", args=[performance.number]) not in client.get(reverse("home")).content.decode()
    silent = coming(evening.production.producer, evening.hall, "Zonder Cijfers", 5)
    make_client_login(client, evening.production.producer)
    text = client.get(reverse("home")).content.decode()
    assert "Ask the theatre to put the DIP-id in its ticketing system" in text
    assert reverse("ticketing-light-figures", args=[silent.number]) not in text


def test_a_theatre_without_a_coupling_finds_its_spreadsheet(client, evening):
    house = make_organisation(Role.THEATRE)
    make_client_login(client, house)
    assert "Figures by spreadsheet" not in client.get(reverse("home")).content.decode().partition("<main")[2]
    performance, _maker = barn("Zonder Kassa", organisation=house)
    main = client.get(reverse("home")).content.decode().partition("<main")[2]
    assert main.count(f'href="{reverse("ticketing-sheet")}"') == 2
    assert f'href="{reverse("ticketing-light-figures", args=[performance.number])}"' in main
    make_client_login(client, evening.theatre.organisation)
    coupled = client.get(reverse("home")).content.decode().partition("<main")[2]
    assert ("Figures by spreadsheet" in coupled) is (not evening.theatre.is_coupled)


def test_a_colleague_who_may_only_look_gets_no_spreadsheet(client):
    house = make_organisation(Role.THEATRE)
    barn("Zonder Kassa", organisation=house)
    make_client_login(client, house, rights={Module.SALES: Level.VIEW, Module.PROGRAMME: Level.VIEW})
    assert reverse("ticketing-sheet") not in client.get(reverse("home")).content.decode().partition("<main")[2]


@pytest.mark.parametrize("side", ["producer", "theatre"])
def test_queries_do_not_grow_with_the_performances(client, evening, side, django_assert_max_num_queries):
    owner = evening.production.producer if side == "producer" else evening.theatre.organisation
    make_client_login(client, owner)
    client.get(reverse("home"))
    with django_assert_max_num_queries(15) as one:
        client.get(reverse("home"))
    for days in (13, 14):
        more = coming(evening.production.producer, evening.hall, f"Nachtboot {days}", days)
        push(more, tickets(normal=10), at=datetime.now(UTC) - timedelta(hours=1))
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("home"))


def test_agreements_and_borderels_that_wait_stand_on_the_page(client):
    first = make_deal("proposed")
    others = {"producer": first.producer, "house": first.house, "theatre": first.theatre}
    make_deal("rejected", **others)
    make_deal("played", **others)
    make_deal("confirmed", **others)
    make_client_login(client, first.house, Role.THEATRE)
    text = client.get(reverse("home")).content.decode()
    assert "Agreements to answer" in text
    assert "days left" in text
    assert "Confirm the figures." in text
    assert "rejected it" not in text
    make_client_login(client, first.producer, Role.PRODUCER)
    text = client.get(reverse("home")).content.decode()
    assert "Agreements that were rejected" in text
    assert "confirmed the figures. Sign, or dispute a line." in text
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, None, role)
        assert "A26-" not in client.get(reverse("home")).content.decode()


def test_agreements_are_for_people_who_act_on_them(client):
    deal = make_deal("proposed")
    make_client_login(client, deal.house, Role.THEATRE, {Module.CONTRACTS: Level.VIEW, Module.SALES: Level.VIEW})
    assert deal.agreement.reference not in client.get(reverse("home")).content.decode()

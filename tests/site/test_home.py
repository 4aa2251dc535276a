"""Home: what needs a person, for each part that an organisation plays, and for nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from dip.kernel.clock import local
from dip.registry.terms import Level, Module, Role
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

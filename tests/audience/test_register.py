"""A theatre's own settings beside the purposes for which its orders are used."""

import pytest

from dip.definitions.actions import load_standard
from dip.registry.terms import Role
from dip.warehouse.actions import mapping, removals
from dip.warehouse.actions.looking import note
from dip.warehouse.rules.looking import Purpose, look_of
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation
from tests.warehouse.landing.conftest import house, keys

__all__ = ["house", "keys"]
PAGE = "/audience/orders/register/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def warehouse_home(settings, tmp_path):
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    return settings.WAREHOUSE_HOME


def test_the_register_tells_what_is_kept_and_used(client, house, django_assert_max_num_queries):
    load_standard()
    house.deliver(house.row())
    mapping.keep_gender(access=house.access, at=NOW, source_id=house.source.pk, ground="consent at the box office")
    removals.exclude_performance(access=house.access, at=NOW, number=house.evenings[0].number)
    provider = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
    note(at=NOW, looks={look_of(provider, Purpose.PRODUCTION, "production", season=2026): {house.organisation.pk}})
    make_client_login(client, house.organisation, Role.THEATRE)
    client.get(PAGE)
    with django_assert_max_num_queries(9):
        text = client.get(PAGE).content.decode()
    assert "You deliver orders from 1 source." in text
    assert "kept; ground: consent at the box office" in text
    assert "performances left out" in text
    assert "Audience of a production" in text
    assert "Forecast of sales" not in text, "what is not done yet is no use of these orders"
    assert "Until ten years after the season of the performance." in text


def test_a_theatre_without_orders_reads_that_nothing_is_kept(client):
    load_standard()
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE)
    text = client.get(PAGE).content.decode()
    assert "No orders are delivered yet, so nothing is kept." in text
    assert "Gender is kept of none." in text


def test_navigation_leads_there(client):
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE)
    text = client.get("/organisation/profile/").content.decode()
    assert 'href="/audience/orders/looks/"' in text
    assert 'href="/audience/segments/"' in text
    assert 'href="/definitions/purposes/"' in text
    make_client_login(client, make_organisation(Role.PRODUCER), Role.PRODUCER, {})
    text = client.get("/organisation/profile/").content.decode()
    assert "/audience/orders/looks/" not in text
    assert "/audience/segments/" not in text

"""The page on which a theatre has its orders delivered: owner, colleague, stranger, platform."""

import pytest
from django.urls import reverse

from dip.registry.terms import Level, Module, Role
from dip.ticketing.models import OrderFeed
from tests.factories.registry import make_client_login, make_organisation
from tests.ticketing.connectors.conftest import house, till  # noqa: F401
from tests.ticketing.connectors.house import ALL
from tests.ticketing.test_connection_pages import text_of

pytestmark = pytest.mark.django_db
BOTH = {Module.SALES: Level.MANAGE, Module.AUDIENCE: Level.MANAGE}


@pytest.fixture
def url(house):  # noqa: F811
    return reverse("ticketing-connection-orders", args=[house.connection.pk])


def test_the_owner_switches_it_on_with_a_ground_and_off(client, house, url, django_assert_max_num_queries):  # noqa: F811
    make_client_login(client, house.organisation, rights=BOTH)
    assert "Names, streets, seats" in text_of(client.get(url))
    assert "Choose on which ground" in text_of(client.post(url, {"act": "on", "consent": ""}), 400)
    assert not OrderFeed.objects.across_tenants(ALL).exists()
    text_of(client.post(url, {"act": "on", "consent": "statistics"}), 302)
    feed = OrderFeed.objects.across_tenants(ALL).get()
    assert (feed.is_on, feed.consent) == (True, "statistics")
    with django_assert_max_num_queries(12):
        text = text_of(client.get(url))
    assert "the first reading begins within a minute" in text
    OrderFeed.objects.across_tenants(ALL).update(
        failures=2, failing_since=house.now(), trouble="away", trouble_detail="orders/: 503"
    )
    assert "orders/: 503" in text_of(client.get(url))
    text_of(client.post(url, {"act": "off"}), 302)
    assert not OrderFeed.objects.across_tenants(ALL).get().is_on


def test_colleagues_look_and_strangers_find_nothing(client, house, url):  # noqa: F811
    make_client_login(client, house.organisation, rights={Module.SALES: Level.MANAGE})
    assert "manage both sales and audience" in text_of(client.get(url))
    assert client.post(url, {"act": "on", "consent": "statistics"}).status_code == 403
    make_client_login(client, make_organisation(Role.THEATRE), rights=BOTH)
    assert client.get(url).status_code == 404
    assert client.post(url, {"act": "on", "consent": "statistics"}).status_code == 404
    make_client_login(client, make_organisation(Role.PLATFORM), rights=BOTH)
    assert client.get(url).status_code == 200
    assert client.post(url, {"act": "on", "consent": "statistics"}).status_code == 403
    assert not OrderFeed.objects.across_tenants(ALL).exists()

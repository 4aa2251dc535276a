"""The pages of a connection in a browser: readable by everybody, wide and narrow, light and dark."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from tests.factories.registry import make_membership, make_person
from tests.journeys.conftest import sign_in
from tests.ticketing.connectors.conftest import till  # noqa: F401
from tests.ticketing.connectors.house import house
from tests.ticketing.connectors.till import Failure

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"
PAGES = ("", "-performances", "-kinds", "-orders", "-history", "-change")


def test_every_page_of_a_connection_passes_axe(live_server, new_context, readable, till):  # noqa: F811
    caches["process"].clear()
    made = house(till)
    linked, proposed = made.performance(20), made.performance(21)
    till.order(made.date_of(linked), 1, 2)
    made.date_of(proposed, with_id=False)
    till.add_date(proposed.starts_at, dip_id="nonsense")
    made.read()
    till.failures = [Failure(500)] * 3
    till.tick(1000)
    made.read()
    person = make_person(email="theatre@proef.example", language="en", password=PASSWORD)
    make_membership(made.organisation, person, super_user=True)
    page = new_context().new_page()
    sign_in(page, live_server.url, "theatre@proef.example", PASSWORD)
    for name in PAGES:
        page.goto(live_server.url + reverse(f"ticketing-connection{name}", args=[made.connection.pk]))
        readable(page)
    for name in (reverse("ticketing-connections"), reverse("ticketing-connection-new", args=["pretix"])):
        page.goto(live_server.url + name)
        readable(page)

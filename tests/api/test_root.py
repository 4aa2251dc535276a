"""The API at the root of a host of its own, as systems know it."""

import importlib

import pytest
from django.urls import clear_url_caches

from dip.registry.terms import Level, Module, Role
from dip.site import external, urls
from tests.api.caller import Caller, refusal
from tests.factories.contracts import make_deal
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_the_root(settings):
    def reload():
        importlib.reload(external)
        importlib.reload(urls)
        clear_url_caches()

    settings.API_PREFIX = ""
    reload()
    yield
    settings.API_PREFIX = "external/v1"
    reload()


@pytest.mark.usefixtures("at_the_root")
def test_paths_answer_without_a_prefix_and_pages_stay(client):
    house = make_organisation(Role.THEATRE)
    performance = make_performance(hall=make_hall(make_theatre(house)))
    caller = Caller(house, Role.THEATRE, base="")
    body = {"number": performance.number, "normal": {"tickets": 3, "recette": 7500}}
    assert caller.put("/tickets/cumulative", body).json()["accepted"] == 1
    assert [row["number"] for row in caller.get("/theaters/performances").json()] == [performance.number]
    dip_id = performance.production.dip_id
    assert caller.get(f"/productions/{dip_id}/sales").json()[0]["tickets"] == 3
    assert "No reservations history" in refusal(caller.get(f"/productions/{dip_id}/reservations"))
    assert client.get("/openapi.json").json()["openapi"] == "3.1.0"
    assert client.get("/docs").status_code == 200
    assert client.get("/").status_code == 302
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/there-is-nothing-here").status_code == 404
    assert client.get("/fpk/data").json()["error"] == "Not found"
    assert client.get("/contracts/").status_code == 302  # the page; a system leaves the stroke out
    deal = make_deal("concept")
    provider = Caller(deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.APPROVE}, base="")
    assert [one["id"] for one in provider.get("/contracts").json()] == [deal.agreement.pk]
    assert provider.put(f"/contracts/{deal.agreement.pk}/propose", {}).json()["status"] == "proposed"

"""Webhooks over the API: made, changed with their version, tried, replayed; nobody else's."""

import pytest

from dip.exchange.actions import endpoints
from dip.exchange.models import Endpoint, Notice
from dip.exchange.terms import NoticeState
from dip.registry.terms import Level, Module, Role
from tests.api.modern import Cast, Modern, problem

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"
EVENT = "nl.dip.performance.moved.v1"


@pytest.fixture
def cast(db, settings):
    settings.PRIVATE_CALLS = True
    return Cast()


def made(caller, **over):
    answer = caller.post("/webhooks", {"url": "http://127.0.0.1:9/hook", "eventTypes": [EVENT]} | over)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_make_change_pause_and_remove(cast):
    body = made(cast.producer, description="Planning")
    assert body["secret"].startswith("whsec_")
    path = f"/webhooks/{body['id']}"
    shown = cast.producer.get(path).json()
    assert "secret" not in shown
    assert shown["secrets"][0]["hint"] == body["secret"][-4:]
    assert [one["id"] for one in cast.producer.get("/webhooks").json()["items"]] == [body["id"]]
    problem(cast.producer.patch(path, {"state": "paused"}), 428)
    paused = cast.producer.change(path, {"state": "paused", "description": "Anders"}).json()
    assert (paused["state"], paused["description"]) == ("paused", "Anders")
    problem(cast.producer.post(f"{path}/pings"), 422)
    assert cast.producer.change(path, {"state": "active"}).json()["state"] == "active"
    rotated = cast.producer.post(f"{path}/secrets").json()
    assert rotated["secret"] != body["secret"]
    assert len(rotated["secrets"]) == 2
    assert cast.producer.delete(path).status_code == 204
    problem(cast.producer.get(path), 404)
    problem(cast.producer.delete(path), 404)


def test_notices_and_replays(cast):
    path = f"/webhooks/{made(cast.producer)['id']}"
    ping = cast.producer.post(f"{path}/pings")
    assert (ping.status_code, ping.json()["state"]) == (202, "waiting")
    Notice.objects.across_tenants(ALL).update(state=NoticeState.FAILED, next_at=None)
    assert [one["id"] for one in cast.producer.get(f"{path}/notices", state="failed").json()["items"]] == [ping.json()["id"]]
    assert cast.producer.get(f"{path}/notices", state="waiting").json()["items"] == []
    problem(cast.producer.post(f"{path}/replays"), 422)
    assert cast.producer.post(f"{path}/replays", {"failedSince": "2020-01-01T00:00:00Z"}).json() == {"notices": 1}
    assert cast.producer.post(f"{path}/replays", {"noticeId": ping.json()["id"]}).json() == {"notices": 1}
    problem(cast.producer.post(f"{path}/replays", {"noticeId": 987654}), 404)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"url": "https://127.0.0.1:x", "eventTypes": [EVENT]}, 422, "#/url"),
        ({"url": "javascript:1", "eventTypes": [EVENT]}, 422, "#/url"),
        ({"url": "http://127.0.0.1:9/", "eventTypes": ["nl.dip.ping.v1"]}, 422, "#/eventTypes"),
        ({"url": "http://127.0.0.1:9/", "eventTypes": []}, 400, "#/eventTypes"),
        ({"eventTypes": [EVENT]}, 400, "#"),
    ],
)
def test_what_cannot_be_is_pointed_to(cast, body, status, pointer):
    assert problem(cast.producer.post("/webhooks", body), status)["errors"][0]["pointer"] == pointer


def test_a_client_hears_no_more_than_it_may_read(cast):
    only = Modern(cast.producing, Role.PRODUCER, {Module.PROGRAMME: Level.MANAGE})
    refused = only.post("/webhooks", {"url": "http://127.0.0.1:9/", "eventTypes": ["nl.dip.positions.changed.v1"]})
    assert problem(refused, 422)["errors"][0]["pointer"] == "#/eventTypes"
    reader = Modern(cast.producing, Role.PRODUCER, {Module.PROGRAMME: Level.VIEW})
    problem(reader.get("/webhooks"), 403)
    problem(reader.post("/webhooks", {"url": "http://127.0.0.1:9/", "eventTypes": [EVENT]}), 403)


def test_webhooks_of_others_and_of_another_role_are_not_there(cast):
    body = made(cast.producer)
    path = f"/webhooks/{body['id']}"
    cast.producing.roles = [Role.PRODUCER.value, Role.THEATRE.value]
    cast.producing.save()
    for other in (cast.stranger, cast.agency, cast.theatre, Modern(cast.producing, Role.THEATRE)):
        problem(other.get(path), 404)
        problem(other.patch(path, {"state": "paused"}, {"If-Match": "*"}), 404)
        problem(other.delete(path), 404)
        problem(other.get(f"{path}/notices"), 404)
        for tail, given in (("pings", {}), ("secrets", {}), ("replays", {"failedSince": "2020-01-01T00:00:00Z"})):
            problem(other.post(f"{path}/{tail}", given), 404)
        assert other.get("/webhooks").json()["items"] == []
    assert Endpoint.objects.across_tenants(ALL).get().state == "active"


def test_an_organisation_has_a_limit(cast, monkeypatch):

    monkeypatch.setattr(endpoints, "MOST_ENDPOINTS", 1)
    made(cast.producer)
    problem(cast.producer.post("/webhooks", {"url": "http://127.0.0.1:9/", "eventTypes": [EVENT]}), 422)
    made(cast.agency)

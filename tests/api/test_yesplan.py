"""The planning API: a theatre links and reads, a provider enters; colleague and stranger; safe to repeat."""

import base64
from datetime import timedelta

import msgspec
import pytest
from django.core import mail
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.kernel.clock import local, now
from dip.programme.models import ConnectionRequest, HallAlias, Performance, Production, Proposal
from dip.registry.actions.clients import revoke_client
from dip.registry.terms import Level, Module, Role
from dip.ticketing.models import PlanningLink
from dip.ticketing.terms import Measure, PositionRow
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre, starting
from tests.factories.registry import (
    make_access,
    make_api_client,
    make_client_login,
    make_membership,
    make_organisation,
    make_person,
)
from tests.factories.ticketing import push, push_rows, theatre_access, tickets

pytestmark = pytest.mark.django_db
BASE = "/yesplan/v1"


class Planner:
    """A planning system with the credentials of an API client."""

    def __init__(self, organisation, role=None, rights=None):
        self.client, self.secret = make_api_client(organisation, role or Role(organisation.roles[0]), rights)
        self.http = Client()
        pair = base64.b64encode(f"{self.client.client_id}:{self.secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {pair}"}

    def get(self, path, **query):
        return self.http.get(BASE + path, query, headers=self.headers)

    def put(self, path, body):
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.http.put(BASE + path, data, content_type="application/json", headers=self.headers)

    def delete(self, path):
        return self.http.delete(BASE + path, headers=self.headers)


@pytest.fixture(autouse=True)
def fresh_caches():
    caches["process"].clear()
    cache.clear()


@pytest.fixture
def house():
    return make_organisation(Role.THEATRE)


@pytest.fixture
def evening(house):
    hall = make_hall(make_theatre(house, name="Theater De Vlonder"), name="Grote Zaal", capacity=420)
    producer = make_organisation(Role.PRODUCER)
    make_membership(producer)
    return make_performance(make_production(producer, title="Het Gewicht van Water"), hall, day=(now() + timedelta(days=40)).date())


@pytest.fixture
def planner(house):
    return Planner(house)


def told(evening, **over):
    body = {
        "name": evening.production.title,
        "starttime": local(evening.starts_at).isoformat(),
        "location": {"name": "Grote Zaal"},
        "status": {"name": "Confirmed"},
    }
    return body | over


def refusal(answer, status, field=""):
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert {"error", "message"} <= set(body)
    assert body.get("field", "") == field
    return body


def test_what_stands_in_the_hall(planner, evening):
    push(evening, tickets(200, 10, 6))
    for measure, seats in ((Measure.RESERVATIONS, 12), (Measure.BLOCKED, 8)):
        push_rows(theatre_access(evening), [PositionRow(evening.number, (seats, None), now(), row=0)], measure=measure, at=now())
    for name in (str(evening.number), str(evening)):
        told_back = planner.get(f"/events/{name}").json()
        assert (told_back["number"], told_back["linked"]) == (evening.number, False)
        assert [told_back[n] for n in ("capacity", "sold", "complimentary", "reserved", "blocked", "available")] == [
            420,
            210,
            6,
            12,
            8,
            184,
        ]
        assert told_back["starttime"] == local(evening.starts_at).isoformat(timespec="seconds")
        assert told_back["updated"]


def test_without_figures_nothing_is_invented(planner, evening):
    body = planner.get(f"/events/{evening.number}").json()
    assert (body["capacity"], body["sold"], body["available"], body["updated"]) == (420, None, None, None)


def test_events_of_a_month(planner, evening):
    day = local(evening.starts_at)
    rows = planner.get("/events", year=day.year, month=day.month).json()
    assert [row["number"] for row in rows] == [evening.number]
    assert planner.get("/events", year=day.year - 1, month=day.month).json() == []
    refusal(planner.get("/events", year=day.year), 400, "month")
    refusal(planner.get("/events", year="x", month=1), 400, "year")
    refusal(planner.get("/events", year=2026, month=13), 400, "month")


def test_an_event_links_by_place_time_and_title_and_repeats_safely(planner, evening):
    answer = planner.put("/events/20611-42", told(evening))
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["matched_by"], body["number"]) == ("linked", "place_time", evening.number)
    again = planner.put("/events/20611-42", told(evening))
    assert (again.status_code, again.json()["unchanged"]) == (200, True)
    read = planner.get("/events/20611-42").json()
    assert (read["id"], read["linked"], read["number"]) == ("20611-42", True, evening.number)
    assert (
        planner.get("/events", year=local(evening.starts_at).year, month=local(evening.starts_at).month).json()[0]["id"]
        == "20611-42"
    )
    other = planner.put("/events/20611-43", told(evening)).json()
    assert other["state"] == "waiting", "one performance is one event"
    assert planner.delete("/events/20611-42").status_code == planner.delete("/events/20611-42").status_code == 204
    assert Performance.objects.get(pk=evening.number).status == "published"
    assert planner.put("/events/20611-43", told(evening)).json()["state"] == "linked"


@pytest.mark.parametrize("place", ["hall id", "alias", "with house", "plain text"])
def test_halls_are_recognised_by_every_name(planner, evening, place):
    HallAlias.objects.create(hall=evening.hall, name="GZ")
    location = {
        "hall id": {"id": str(evening.hall_id), "name": "Z1"},
        "alias": {"name": "GZ"},
        "with house": {"name": "Theater De Vlonder, Grote Zaal"},
        "plain text": "grote zaal",
    }[place]
    assert planner.put("/events/1", told(evening, location=location)).json()["state"] == "linked"


def test_by_dip_id_whatever_else_differs(planner, evening):
    body = planner.put("/events/9", {"dip_id": str(evening)}).json()
    assert (body["state"], body["matched_by"]) == ("linked", "dip_id")
    for wrong, code in (("NL-26-123", "unreadable_id"), ("NL-26-00123-00279|999999999", "unknown_id")):
        found = planner.put("/events/10", {"dip_id": wrong}).json()
        assert found["state"] == "waiting"
        assert code in {remark["code"] for remark in found["remarks"]}
    taken = planner.put("/events/11", {"dip_id": str(evening)}).json()
    assert (taken["state"], taken["remarks"][0]["code"]) == ("waiting", "taken")


def test_in_part_is_proposed_and_a_person_decides(planner, evening, house, client):
    body = planner.put("/events/7", told(evening, name="Gewicht: première", location={"name": "Kleine Zaal"})).json()
    assert (body["state"], body["number"], body["proposed"]) == ("proposed", None, str(evening))
    link = PlanningLink.objects.across_tenants("test").get()
    decide = reverse("ticketing-planning-decide", args=[link.pk])
    make_client_login(client, make_organisation(Role.THEATRE))
    assert client.post(decide, {"is_it": "yes"}).status_code == 404
    client.logout()
    make_client_login(client, house, rights={Module.SALES: Level.VIEW})
    assert client.post(decide, {"is_it": "yes"}).status_code == 403
    assert "Gewicht: première" in client.get(reverse("ticketing-planning")).content.decode()
    client.logout()
    make_client_login(client, house)
    assert client.post(decide, {"is_it": "no"}).status_code == 302
    again = planner.put("/events/7", told(evening, name="Gewicht: première", location={"name": "Kleine Zaal"})).json()
    assert again["state"] == "waiting", "what a person refused is not proposed again"
    planner.put("/events/8", told(evening, name="Gewicht van water!", location={"name": "?"}))
    second = PlanningLink.objects.across_tenants("test").get(remote_id="8")
    assert client.post(reverse("ticketing-planning-decide", args=[second.pk]), {"is_it": "yes"}).status_code == 302
    assert planner.get("/events/8").json()["number"] == evening.number


def test_another_start_is_proposed_to_the_provider_once(planner, evening, house):
    ConnectionRequest.objects.create(
        performance=evening, theatre=evening.theatre, salt="x", token_digest="y", sent_at=now(), sent_to=[]
    )
    planner.put("/events/5", told(evening))
    later = local(evening.starts_at + timedelta(minutes=30)).isoformat()
    body = planner.put("/events/5", told(evening, starttime=later)).json()
    assert {remark["code"] for remark in body["remarks"]} == {"differs", "proposed_to_provider"}
    assert body["state"] == "linked"
    proposals = Proposal.objects.across_tenants("test")
    assert [(one.field, one.after) for one in proposals.all()] == [("time", "20:45")]
    jobs = ProcrastinateJob.objects.count()
    assert planner.put("/events/5", told(evening, starttime=later)).json()["unchanged"] is True
    assert (proposals.count(), ProcrastinateJob.objects.count()) == (1, jobs)
    narrow = Planner(house, rights={Module.SALES: Level.MANAGE})
    body = narrow.put("/events/5", told(evening, starttime=local(evening.starts_at + timedelta(hours=1)).isoformat())).json()
    assert {remark["code"] for remark in body["remarks"]} == {"differs"}, "this client may not answer for its theatre"


def test_what_waits_is_told_to_the_provider(planner, evening):
    body = planner.put("/productions/p-7", {"name": "Het gewicht van water"}).json()
    assert (body["state"], body["matched_by"], body["dip_id"]) == ("linked", "title", evening.production.dip_id)
    planned = told(evening, starttime=local(evening.starts_at + timedelta(days=3)).isoformat(), production={"id": "p-7"})
    jobs = ProcrastinateJob.objects.count()
    found = planner.put("/events/77", planned).json()
    assert found["state"] == "waiting"
    assert {remark["code"] for remark in found["remarks"]} == {"no_match", "provider_told"}
    assert ProcrastinateJob.objects.count() == jobs + 1
    assert planner.put("/events/77", planned).json()["unchanged"] is True
    assert ProcrastinateJob.objects.count() == jobs + 1
    assert planner.get("/events/77").json()["state"] == "waiting"
    make_performance(evening.production, evening.hall, starts_at=evening.starts_at + timedelta(days=3))
    assert planner.put("/events/77", planned).json()["state"] == "linked"
    assert mail.outbox == []


def test_mappings(planner, evening):
    make_hall(make_theatre(make_organisation(Role.THEATRE)))
    body = planner.get("/mappings").json()
    assert [(one["id"], one["name"]) for one in body["locations"]] == [(str(evening.hall_id), "Theater De Vlonder, Grote Zaal")]
    assert {"confirmed", "option", "cancelled"} == {one["id"] for one in body["statuses"]}


def test_a_colleague_without_the_right_and_a_stranger(evening, house):
    blind = Planner(house, rights={Module.PROGRAMME: Level.APPROVE})
    refusal(blind.get(f"/events/{evening.number}"), 403)
    reader = Planner(house, rights={Module.SALES: Level.VIEW})
    assert reader.get(f"/events/{evening.number}").status_code == 200
    refusal(reader.put("/events/1", told(evening)), 403)
    stranger = Planner(make_organisation(Role.THEATRE))
    push(evening, tickets(200))
    for name in (evening.number, str(evening)):
        assert "200" not in str(refusal(stranger.get(f"/events/{name}"), 404, "id"))
    assert stranger.put("/events/1", told(evening, dip_id=str(evening))).json()["number"] is None
    Planner(house).put("/events/abc", told(evening))
    refusal(stranger.get("/events/abc"), 404, "id")
    refusal(stranger.delete("/events/abc"), 404, "id")
    other = Planner(make_organisation(Role.PRODUCER))
    refusal(other.get(f"/events/{evening.number}"), 404, "id")
    assert Planner(evening.production.producer).get(f"/events/{evening.number}").json()["sold"] == 200


def test_who_are_you(planner, evening):
    for headers in ({}, {"Authorization": "Basic ####"}, {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}):
        answer = Client().get(f"{BASE}/mappings", headers=headers)
        refusal(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Basic")
    token = (
        Client()
        .post("/external/v1/token", {"client_id": planner.client.client_id, "client_secret": planner.secret})
        .json()["access_token"]
    )
    assert Client().get(f"{BASE}/mappings", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    refusal(planner.http.post(f"{BASE}/mappings", headers=planner.headers), 405)


def test_guessing_is_slowed_down(planner):
    guess = {"Authorization": "Basic " + base64.b64encode(f"{planner.client.client_id}:guess".encode()).decode()}
    codes = [Client().get(f"{BASE}/mappings", headers=guess).status_code for _ in range(22)]
    assert codes[:20] == [401] * 20
    assert codes[20:] == [429] * 2


def test_a_revoked_client_is_shut_out(planner):
    assert planner.get("/mappings").status_code == 200
    revoke_client(
        access=make_access(planner.client.organisation, super_user=True, person=make_person()),
        at=now(),
        client_id=planner.client.pk,
    )
    caches["process"].delete(f"api-client:{planner.client.client_id}")
    refusal(planner.get("/mappings"), 401)


class TestProvider:
    """The booking system of a producer."""

    @pytest.fixture
    def producer(self):
        return make_organisation(Role.PRODUCER)

    @pytest.fixture
    def booking(self, producer):
        return Planner(producer)

    @pytest.fixture
    def hall(self, house):
        return make_hall(make_theatre(house, name="Theater De Vlonder"), name="Grote Zaal", capacity=420)

    def entered(self, booking, hall, **over):
        make_genre("theatre")
        made = booking.put("/productions/p-7", {"name": "De Vlonder", "season": "2026-2027", "genre": {"id": "theatre"}})
        assert made.status_code == 201, made.content
        starts_at = local(starting((now() + timedelta(days=50)).date())).isoformat()
        body = {"name": "De Vlonder", "starttime": starts_at, "location": {"id": str(hall.pk)}, "production": {"id": "p-7"}}
        return booking.put("/events/e-1", body | over), body | over

    def test_enters_publishes_and_repeats(self, booking, hall, producer):
        answer, body = self.entered(booking, hall)
        assert answer.status_code == 201, answer.content
        performance = Performance.objects.get()
        assert (performance.status, performance.hall, performance.production.producer) == ("published", hall, producer)
        assert answer.json()["dip_id"] == str(performance)
        assert booking.put("/events/e-1", body).json()["unchanged"] is True
        assert booking.put("/productions/p-7", {"name": "De Vlonder", "season": "2026-2027", "genre": "theatre"}).status_code == 200
        assert (Production.objects.count(), Performance.objects.count()) == (1, 1)

    def test_an_option_waits_then_is_published_moved_and_cancelled(self, booking, hall):
        answer, body = self.entered(booking, hall, status="Option")
        assert Performance.objects.get().status == "concept"
        booking.put("/events/e-1", body | {"status": "Confirmed"})
        assert Performance.objects.get().status == "published"
        later = (starting((now() + timedelta(days=51)).date())).isoformat()
        assert booking.put("/events/e-1", body | {"status": "Confirmed", "starttime": later, "capacity": 380}).status_code == 200
        moved = Performance.objects.get()
        assert (moved.starts_at.isoformat(), moved.capacity) == (later, 380)
        refusal(booking.put("/events/e-1", body | {"status": "Cancelled"}), 400, "reason")
        assert booking.put("/events/e-1", body | {"status": "Cancelled", "reason": "Ziekte"}).status_code == 200
        assert Performance.objects.get().status == "cancelled"
        assert answer.status_code == 201

    def test_delete_unlinks_and_cancels_only_with_a_reason(self, booking, hall):
        _, body = self.entered(booking, hall)
        assert booking.delete("/events/e-1").status_code == 204
        assert Performance.objects.get().status == "published"
        booking.put("/events/e-1", body)
        assert Performance.objects.count() == 1
        assert booking.delete("/events/e-1?reason=Ziekte").status_code == 204
        assert Performance.objects.get().status == "cancelled"

    def test_what_lacks_is_named(self, booking, hall, evening):
        make_genre("theatre")
        refusal(booking.put("/productions/p", {"name": "X", "genre": "theatre"}), 400, "season")
        refusal(booking.put("/productions/p", {"name": "X", "season": "2026-2028"}), 400, "season")
        refusal(booking.put("/productions/p", {"name": "X", "season": "2026-2027", "genre": "circus?"}), 400, "genre")
        refusal(booking.put("/productions/p", {"dip_id": evening.production.dip_id}), 400, "dip_id")
        refusal(booking.put("/events/e", told(evening)), 400, "production")
        refusal(booking.put("/events/e", told(evening, dip_id=str(evening))), 400, "dip_id")
        answer, body = self.entered(booking, hall)
        refusal(booking.put("/events/e-2", body | {"location": "Nergens"}), 400, "location")
        refusal(booking.put("/events/e-2", body | {"location": {"name": "Theater De Vlonder, Kelder"}}), 400, "location")
        assert refusal(booking.put("/events/e-2", body), 409, "starts_at")["error"] == "already_entered"
        assert answer.status_code == 201

    def test_a_theatre_never_cancels(self, planner, evening):
        planner.put("/events/5", told(evening))
        refusal(planner.delete("/events/5?reason=ziek"), 409, "reason")
        planner.put("/events/5", told(evening, status="Cancelled"))
        assert Performance.objects.get(pk=evening.number).status == "published"

    def test_an_agency_names_its_producer(self, producer):
        make_genre("theatre")
        agency = Planner(make_organisation(Role.AGENCY))
        body = {"name": "De Vlonder", "season": "2026-2027", "genre": "theatre"}
        refusal(agency.put("/productions/p", body), 400, "producer")
        assert agency.put("/productions/p", body | {"producer": producer.number}).status_code == 201


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(planner, evening, django_assert_num_queries, count):
    for day in range(1, count):
        make_performance(evening.production, evening.hall, starts_at=evening.starts_at + timedelta(minutes=day))
    day = local(evening.starts_at)
    planner.get("/mappings")
    with django_assert_num_queries(4):
        assert len(planner.get("/events", year=day.year, month=day.month).json()) == count

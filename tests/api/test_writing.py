"""Booking systems enter, change, publish and cancel."""

from datetime import date

import pytest

from dip.programme.models import Performance, Production, Theatre
from dip.registry.models import AuditLine
from dip.registry.terms import Role
from tests.api.caller import READS, Caller, refusal
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"


@pytest.fixture
def booking(db):
    """A booking system of a producer."""
    make_genre("theatre"), make_genre("dance")
    producer = make_organisation(Role.PRODUCER)
    caller = Caller(producer, Role.PRODUCER)
    caller.number = producer.number
    caller.path = f"/producers/{producer.number}/productions"
    caller.producer = producer
    return caller


def show(**over):
    return {"title": "De Vlonder", "season": "2026-2027", "genre": {"id": 1}} | over


@pytest.fixture
def production(booking):
    return make_production(booking.producer)


@pytest.fixture
def hall(db):
    return make_hall(make_theatre(make_organisation(Role.THEATRE)))


def evening(hall, **over):
    return {"date": "2027-02-03T20:15:00", "theater": {"id": hall.theatre_id}, "theater_location": {"id": hall.pk}} | over


def on(booking, production):
    return f"{booking.path}/{production.dip_id}/performances"


def test_enter_a_production(booking):
    partner, agency = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
    extra = {
        "co_producers": [{"id": partner.number, "name": "is ignored"}],
        "accompanied_by_producers": [{"id": agency.number}],
        "cast_members": ["Ies Vonk"],
        "revival": True,
        "fund_consent": True,
        "subsidy_scheme": "meerjarig",
    }
    answer = booking.post(booking.path, show(**extra))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["id"].startswith(f"NL-26-{booking.number:05d}-")
    assert (body["season"], body["startDate"]) == ("2026-2027", "2026-08-01")
    assert [one["id"] for one in body["co_producers"]] == [partner.number]
    assert [one["id"] for one in body["accompanied_by_producers"]] == [agency.number]
    made = Production.objects.get(dip_id=body["id"])
    assert (made.is_revival, made.fund_consent, made.subsidy_scheme) == (True, True, "meerjarig")
    line = AuditLine.objects.across_tenants(ALL).get(verb="create_production")
    assert (line.door, line.actor) == ("api", booking.api_client.name)


def test_an_array_and_repeats(booking):
    bodies = [show(external_ref="a"), show(title="Danslijn", genre={"id": 3}, external_ref="b")]
    first = booking.post(booking.path, bodies).json()
    assert first == booking.post(booking.path, bodies).json()
    assert Production.objects.count() == 2
    key = {"Idempotency-Key": "9b1c"}
    once = booking.post(booking.path, show(title="Nachttrein"), key).json()
    assert once == booking.post(booking.path, show(title="Nachttrein"), key).json()
    booking.post(booking.path, show(title="Zonder sleutel"))
    assert "entered already" in refusal(booking.post(booking.path, show(title="Zonder sleutel")))
    assert Production.objects.count() == 4


def test_a_body_is_written_whole_or_not_at_all(booking):
    bodies = [show(), show(title="", genre={"id": 99}), show(title="Derde", season="morgen"), {"title": 5}]
    answer = booking.post(booking.path, bodies)
    assert refusal(answer).startswith("Nothing was written. Row 2: season")
    assert [(f["row"], f["field"]) for f in answer.json()["findings"]] == [(2, "season"), (3, "title")]
    answer = booking.post(booking.path, bodies[:2])
    assert [(f["row"], f["field"]) for f in answer.json()["findings"]] == [(1, "title")]
    answer = booking.post(booking.path, [show(), show(title="Tweede", genre={"id": 99})])
    assert [(f["row"], f["field"], f["code"]) for f in answer.json()["findings"]] == [(1, "genre", "genre_unknown")]
    assert not Production.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", [], [1], {"title": "x", "season": 2026}, show(accompanied_by_producers=[{"id": 1}] * 2)]
)
def test_what_cannot_be_read_is_told(booking, body):
    assert refusal(booking.post(booking.path, body))
    assert not Production.objects.exists()


def test_change_a_production_as_it_was_read(booking, production):
    read = booking.get(booking.path, startDate="2026-08-01", endDate="2027-07-31").json()
    (one,) = [row for row in read if row["id"] == production.dip_id]
    assert booking.put(booking.path, one).json() == one
    assert not AuditLine.objects.across_tenants(ALL).filter(verb="change_production").exists()
    changed = booking.put(booking.path, [{"id": production.dip_id, "title": "Andere Titel"}]).json()
    assert changed == [one | {"title": "Andere Titel"}]
    assert "No production NL-26-1" in refusal(booking.put(booking.path, {"id": "NL-26-1", "title": "x"}), 404)
    assert "id is missing" in refusal(booking.put(booking.path, {"title": "x"}))


def test_enter_and_publish_performances(booking, production, hall):
    bodies = [
        evening(hall, type="premiere", amount_rank1=300, amount_rank2=80, private=True, in_festival=True, isOtherLocation=True)
    ]
    answer = booking.post(on(booking, production), bodies)
    assert answer.status_code == 201, answer.content
    (body,) = answer.json()
    assert (body["status"], body["type"], body["date"], body["warnings"]) == ("agreed", "premiere", "2027-02-03T20:15:00", [])
    assert (body["amount_rank1"], body["amount_rank2"], body["amount_rank3"]) == (300, 80, 0)
    assert (body["private"], body["in_festival"], body["isOtherLocation"]) == (True, True, True)
    made = Performance.objects.get(number=body["number"])
    assert (made.performance_date, made.capacity) == (date(2027, 2, 3), 380)
    assert made.published_at is not None


def test_performances_again_are_recognised(booking, production, hall):
    bodies = [evening(hall, external_ref="x1"), evening(hall, date="2027-02-04T20:15:00", external_ref="x2")]
    first = booking.post(on(booking, production), bodies).json()
    again = booking.post(on(booking, production), bodies).json()
    assert [row["number"] for row in first] == [row["number"] for row in again]
    key = {"Idempotency-Key": "9b1c"}
    third = evening(hall, date="2027-02-05 20:15")
    assert (
        booking.post(on(booking, production), third, key).json()["number"]
        == booking.post(on(booking, production), third, key).json()["number"]
    )
    assert "date: This hall and moment are entered already" in refusal(booking.post(on(booking, production), third))
    assert Performance.objects.count() == 3


def test_history_can_be_handed_over(booking, hall):
    old = make_production(booking.producer, season_year=2012)
    answer = booking.post(on(booking, old), evening(hall, date="2013-02-03T20:15:00"))
    assert answer.json()["status"] == "agreed"


def test_concepts_wait_until_they_are_agreed(booking, production, hall):
    number = booking.post(on(booking, production), evening(hall, status="concept")).json()["number"]
    assert booking.get(on(booking, production)).json() == []
    assert booking.put(on(booking, production), {"number": number, "status": "agreed"}).json()["status"] == "agreed"
    assert [row["number"] for row in booking.get(on(booking, production)).json()] == [number]
    assert "cannot become a concept" in refusal(booking.put(on(booking, production), {"number": number, "status": "concept"}))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"date": 1_770_000_000}, "date"),
        ({"date": "morgen"}, "date"),
        ({"date": "2027-02-30T20:15:00"}, "date"),
        ({"theater": {"id": 999_999}}, "theater"),
        ({"theater_location": {"id": 999_999}}, "theater_location"),
        ({"type": "gala"}, "type"),
        ({"amount_rank1": -1}, "amount_rank1"),
        ({"private": "ja"}, "private"),
        ({"theater": None}, "theater"),
    ],
)
def test_a_wrong_performance_is_told_by_its_field(booking, production, hall, over, field):
    answer = booking.post(on(booking, production), [evening(hall), evening(hall, **over)])
    assert refusal(answer)
    assert [(f["row"], f["field"].split(".")[0]) for f in answer.json()["findings"]] == [(1, field)]
    assert not Performance.objects.exists()


def test_move_change_and_cancel(booking, production, hall):
    number = booking.post(on(booking, production), evening(hall)).json()["number"]
    other = make_hall(hall.theatre, capacity=200)
    moved = booking.put(
        on(booking, production), {"number": number, "date": "2027-02-10T19:30:00", "theater_location": {"id": other.pk}}
    )
    assert (moved.json()["date"], moved.json()["theater_location"]["id"]) == ("2027-02-10T19:30:00", other.pk)
    changed = booking.put(on(booking, production), {"number": number, "type": "derniere", "amount_rank1": 150}).json()
    assert (changed["type"], changed["amount_rank1"]) == ("derniere", 150)
    gone = {"number": number, "status": "cancellation"}
    assert "reason" in refusal(booking.put(on(booking, production), gone))
    for _ in range(2):
        assert booking.put(on(booking, production), gone | {"reason": "Ziekte"}).json()["status"] == "cancellation"
    assert "cancelled" in refusal(booking.put(on(booking, production), {"number": number, "type": "normal"}))


def test_a_performance_of_another_production_is_not_changed(booking, production, hall):
    stray = make_performance(hall=hall)
    answer = booking.put(on(booking, production), {"number": stray.number, "status": "cancellation", "reason": "x"})
    assert f"number {stray.number} is not a performance of {production.dip_id}" in refusal(answer)
    stray.refresh_from_db()
    assert stray.cancelled_at is None


def test_others_may_not_write(booking, production, hall):
    partner, agency = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
    production.co_producers.add(partner)
    path, body = on(booking, production), evening(hall)
    assert "is not you" in refusal(Caller(partner, Role.PRODUCER).post(path, body), 403)
    assert "manage programme" in refusal(Caller(booking.producer, Role.PRODUCER, READS).post(path, body), 403)
    assert refusal(Caller(hall.theatre.organisation, Role.THEATRE).post(path, body)) == "Not a producer or agency"
    assert refusal(Caller(agency, Role.AGENCY).post(path, body), 404) == f"No production {production.dip_id}"
    stranger = Caller(make_organisation(Role.PRODUCER), Role.PRODUCER)
    assert "is not you" in refusal(stranger.post(path, body), 403)
    assert "is not you" in refusal(stranger.put(booking.path, {"id": production.dip_id, "title": "x"}), 403)
    assert not Performance.objects.exists()


def test_an_agency_enters_for_a_producer(booking):
    agency = make_organisation(Role.AGENCY)
    body = Caller(agency, Role.AGENCY).post(booking.path, show()).json()
    assert body["producer"]["id"] == booking.number
    assert [one["id"] for one in body["accompanied_by_producers"]] == [agency.number]
    taken = booking.post(booking.path, show(title="Anders", external_ref="mijn")).json()
    assert taken["id"]
    refused = Caller(make_organisation(Role.AGENCY), Role.AGENCY).post(booking.path, show(external_ref="mijn"))
    assert "external_ref was used" in refusal(refused)


def test_enter_a_theatre_once(booking):
    body = {"name": "Het Veerhuis", "city": "Zutphen", "theater_locations": [{"name": "Grote zaal", "capacity": 400}]}
    first = booking.post("/theaters", body)
    assert first.status_code == 201, first.content
    made = Theatre.objects.get(pk=first.json()["id"])
    assert (made.organisation_id, made.halls.get().capacity) == (None, 400)
    more = body | {"theater_locations": [{"name": "grote Zaal"}, {"name": "Foyer", "capacity": 80}]}
    again = booking.post("/theaters", [more]).json()[0]
    assert (again["id"], len(again["theater_locations"])) == (made.pk, 2)
    assert Theatre.objects.filter(name="Het Veerhuis").count() == 1
    for wrong, field in ({"country": {"id": 999}}, "country"), ({"time_zone": "Mars"}, "time_zone"), ({"city": ""}, "city"):
        answer = booking.post("/theaters", {"name": "Ander", "city": "Zutphen"} | wrong)
        assert [f["field"] for f in answer.json()["findings"]] == [field]

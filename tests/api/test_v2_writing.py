"""The modern API: entering and changing, with versions and repeats."""

import dataclasses
import threading
from datetime import timedelta

import pytest
from django.db import connection

from dip.exchange.actions.answers import Answer, UnableToRepeat, answer_once
from dip.exchange.actions.dispatch import forget_old
from dip.exchange.models import KeptAnswer
from dip.programme.models import Performance, Production
from dip.registry.terms import Role
from tests.api.modern import Cast, Modern, entry, problem, tour_row
from tests.factories.programme import make_hall, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_api_client, make_organisation

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"


@pytest.fixture
def cast(db):
    return Cast()


def test_changing_needs_the_version_that_was_read(cast):
    problem(cast.producer.patch(cast.path, {"kind": "premiere"}), 428, "precondition-required")
    tag = cast.producer.get(cast.path)["ETag"]
    done = cast.producer.patch(cast.path, {"kind": "premiere"}, {"If-Match": tag})
    assert done.json()["kind"] == "premiere"
    problem(cast.producer.patch(cast.path, {"kind": "tryout"}, {"If-Match": tag}), 412, "changed-meanwhile")
    assert cast.producer.patch(cast.path, {"kind": "tryout"}, {"If-Match": f"W/{done['ETag']}"}).status_code == 200
    assert done["ETag"] != tag


def test_a_packed_answer_gives_a_tag_that_can_be_sent_back(cast):
    answer = cast.producer.get(cast.path, headers={"Accept-Encoding": "gzip"})
    assert answer["ETag"].startswith("W/")
    assert cast.producer.patch(cast.path, {"isPrivate": True}, {"If-Match": answer["ETag"]}).json()["isPrivate"]


def test_enter_a_production_and_its_tour(cast):
    made = cast.producer.post("/productions", entry(castMembers=["Ies Vonk"], agencyId=cast.acting.number, externalRef="v-1"))
    assert made.status_code == 201, made.content
    body = made.json()
    assert made["Location"].endswith(f"/api/v2/productions/{body['dipId']}")
    assert made["ETag"] == cast.producer.get(f"/productions/{body['dipId']}")["ETag"]
    assert body["agency"]["id"] == cast.acting.number
    again = cast.producer.post("/productions", entry(externalRef="v-1"))
    assert (again.status_code, again.json()["dipId"]) == (200, body["dipId"])
    tour = [tour_row(cast, kind="premiere", externalRef="v-1-1"), tour_row(cast, startsAt="2027-02-04T19:15:00Z", status="concept")]
    written = cast.agency.post(f"/productions/{body['dipId']}/performances", tour)
    assert written.status_code == 201, written.content
    first, second = written.json()["items"]
    assert (first["status"], first["kind"], first["connection"], first["capacityByRank"]) == (
        "published",
        "premiere",
        "open",
        [300, 100],
    )
    assert (second["status"], second["startsAt"]) == ("concept", "2027-02-04T20:15:00+01:00")
    assert first["number"] in {one["number"] for one in cast.theatre.get("/performances").json()["items"]}


def test_a_tour_with_wrong_rows_is_refused_whole_with_each_row_named(cast):
    before = Performance.objects.count()
    wrong = [
        tour_row(cast),
        tour_row(cast, startsAt="2027-02-05T20:15:00Z", hallId=make_hall().pk),
        tour_row(cast, theatreId=99999),
    ]
    told = problem(cast.producer.post(f"{cast.production_path}/performances", wrong), 422, "refused")
    assert {one["pointer"].split("/")[1] for one in told["errors"]} == {"1", "2"}
    assert Performance.objects.count() == before
    told = problem(
        cast.producer.post(f"{cast.production_path}/performances", [tour_row(cast, startsAt="2027-02-05T20:15:00")]), 400
    )
    assert told["errors"][0]["pointer"] == "#/0/startsAt"
    problem(cast.producer.post(f"{cast.production_path}/performances", []), 400)
    problem(cast.producer.post(f"{cast.production_path}/performances", [tour_row(cast, startsAt="9999-12-31T23:59:59Z")]), 422)


def test_move_publish_and_cancel(cast):
    other = make_hall(make_theatre(make_organisation(Role.THEATRE)))
    path = f"/performances/{cast.concept.number}"
    moved = cast.producer.change(path, {"startsAt": "2027-03-01T20:00:00+01:00", "theatreId": other.theatre_id, "hallId": other.pk})
    assert (moved.json()["startsAt"], moved.json()["hall"]["id"]) == ("2027-03-01T20:00:00+01:00", other.pk)
    assert cast.producer.change(path, {"status": "published"}).json()["status"] == "published"
    told = problem(cast.producer.change(path, {"status": "cancelled"}), 422)
    assert told["errors"][0]["pointer"] == "#/cancelReason"
    problem(cast.producer.change(path, {"status": "cancelled", "cancelReason": "Ziekte", "kind": "tryout"}), 422)
    gone = cast.producer.change(path, {"status": "cancelled", "cancelReason": "Ziekte"}).json()
    assert (gone["status"], gone["cancelReason"]) == ("cancelled", "Ziekte")
    assert cast.producer.change(path, {"status": "cancelled", "cancelReason": "Ziekte"}).status_code == 200
    problem(cast.producer.change(path, {"kind": "tryout"}), 422)


def test_change_a_production_and_hand_it_over(cast):
    partner = make_organisation(Role.PRODUCER)
    done = cast.producer.change(cast.production_path, {"title": "Anders", "coProducerIds": [partner.number]}).json()
    assert (done["title"], [one["id"] for one in done["coProducers"]]) == ("Anders", [partner.number])
    problem(cast.producer.change(cast.production_path, {"genreId": 77}), 422)
    told = problem(cast.producer.change(cast.production_path, {"coProducerIds": [4]}), 422)
    assert told["errors"][0]["pointer"] == "#/coProducerIds"
    theirs = Modern(partner, Role.PRODUCER)
    problem(theirs.change(cast.production_path, {"title": "Van mij"}), 403)
    assert cast.agency.change(cast.production_path, {"agencyId": None}).status_code == 204
    problem(cast.agency.get(cast.production_path), 404)


def test_a_reference_of_something_else_is_refused(cast):
    make_production(cast.producing, external_ref="w-2")
    assert problem(cast.producer.change(cast.production_path, {"externalRef": "w-2"}), 422)["errors"][0]["code"] == "ref_taken"
    first, second = (f"/performances/{one.number}" for one in cast.evenings)
    assert cast.producer.change(first, {"externalRef": "e"}).status_code == 200
    assert problem(cast.producer.change(second, {"externalRef": "e"}), 422)["errors"][0]["code"] == "ref_taken"


def test_who_may_not_enter(cast):
    problem(cast.theatre.post("/productions", entry()), 403)
    told = problem(cast.agency.post("/productions", entry()), 422)
    assert told["errors"][0]["pointer"] == "#/producerId"
    assert cast.agency.post("/productions", entry(producerId=cast.producing.number)).status_code == 201
    problem(cast.producer.post("/productions", entry(producerId=cast.acting.number)), 422)


def test_a_repeat_with_the_same_key_is_answered_the_same_and_done_once(cast):
    before = Production.objects.count()
    first, second = (cast.producer.post("/productions", entry(), {"Idempotency-Key": "k-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Production.objects.count() == before + 1
    problem(cast.producer.post("/productions", entry(title="Anders"), {"Idempotency-Key": "k-1"}), 422, "key-used")
    problem(cast.producer.post("/productions", entry(), {"Idempotency-Key": "k" * 300}), 400)
    other = cast.agency.post("/productions", entry(title="Van mij", producerId=cast.producing.number), {"Idempotency-Key": "k-1"})
    assert other.status_code == 201, "keys are each client's own"


def test_a_refused_call_leaves_its_key_free(cast):
    problem(cast.producer.post("/productions", entry(genreId=99), {"Idempotency-Key": "k-2"}), 422)
    assert KeptAnswer.objects.across_tenants(ALL).count() == 0
    assert cast.producer.post("/productions", entry(), {"Idempotency-Key": "k-2"}).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_at_once_with_one_key_one_is_told_to_wait():
    """The first holds its transaction open; the second is refused at once, and answered the same once the first is done."""
    access = dataclasses.replace(make_access(), client_id=make_api_client()[0].pk)
    began, may_end, made = threading.Event(), threading.Event(), []

    def slow():
        began.set()
        may_end.wait(20)
        return Answer(201, {}, b"{}")

    def first():
        try:
            made.append(answer_once(access=access, at=NOW, key="k", digest="d", make=slow))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(20)
    with pytest.raises(UnableToRepeat) as refused:
        answer_once(access=access, at=NOW, key="k", digest="d", make=slow)
    assert refused.value.is_running
    may_end.set()
    thread.join(20)
    assert answer_once(access=access, at=NOW, key="k", digest="d", make=slow) == (made[0][0], True)
    with pytest.raises(UnableToRepeat) as refused:
        answer_once(access=access, at=NOW, key="k", digest="other", make=slow)
    assert not refused.value.is_running


def test_a_key_is_free_again_after_a_week():
    access = dataclasses.replace(make_access(), client_id=make_api_client()[0].pk)
    for moment, digest in ((NOW, "a"), (NOW + timedelta(days=8), "b")):
        _answer, is_repeat = answer_once(access=access, at=moment, key="k", digest=digest, make=lambda: Answer(201, {}, b""))
        assert not is_repeat
    assert KeptAnswer.objects.across_tenants(ALL).count() == 1
    assert forget_old(at=NOW + timedelta(days=16)) == 0
    assert KeptAnswer.objects.across_tenants(ALL).count() == 0

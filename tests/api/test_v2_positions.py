"""Figures over the modern API: handed in row by row, and read without a gap."""

import gzip
from datetime import timedelta

import msgspec
import pytest

from dip.exchange.queries import positions as queries
from dip.registry.terms import Role
from dip.ticketing.models import Position
from tests.api.modern import Cast, Modern, checked, problem
from tests.factories.programme import make_performance
from tests.factories.registry import NOW, make_organisation
from tests.factories.ticketing import push, push_totals, tickets

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"


@pytest.fixture
def cast(db):
    return Cast()


def figures(cast, *rows):
    return {"measure": "tickets", "rows": list(rows) or [sold(cast, 9)]}


def sold(cast, count, **over):
    return {"number": cast.evenings[0].number, "normal": {"tickets": count, "recetteCents": count * 2500}} | over


def test_hand_in_figures_and_read_the_receipt(cast):
    answer = cast.theatre.post("/positions", figures(cast, sold(cast, 9, production=cast.production.dip_id), {"number": 5}))
    assert answer.status_code == 201, answer.content
    receipt = answer.json()
    assert (receipt["rows"], receipt["accepted"], receipt["rejected"]) == (2, 1, 1)
    assert receipt["findings"][0]["code"] == "unknown_performance"
    path = answer["Location"][answer["Location"].index("/deliveries") :]
    assert cast.theatre.get(path).json() == receipt
    assert [one["id"] for one in cast.theatre.get("/deliveries").json()["items"]] == [receipt["id"]]
    problem(cast.strange_house.get(path), 404)
    problem(cast.producer.get(path), 404)
    (kept,) = cast.producer.get("/positions").json()["items"]
    assert (kept["performance"], kept["measure"]) == (cast.evenings[0].number, "tickets")
    assert kept["normal"] == {"tickets": 9, "recetteCents": 22500}
    assert kept["seats"] is None


def test_every_measure_is_taken(cast):
    number = cast.evenings[0].number
    bodies = [
        {"measure": "reservations", "rows": [{"number": number, "seats": 12, "valueCents": 30000}]},
        {"measure": "blocked", "rows": [{"number": number, "seats": 8}]},
        {"measure": "capacity", "rows": [{"number": number, "ranks": [300, 90, 0]}]},
    ]
    for body in bodies:
        assert cast.theatre.post("/positions", body).json()["accepted"] == 1
    found = {one["measure"]: one for one in cast.theatre.get("/positions").json()["items"]}
    assert (found["reservations"]["seats"], found["reservations"]["valueCents"]) == (12, 30000)
    assert found["blocked"]["valueCents"] is None
    assert (found["capacity"]["ranks"], found["capacity"]["seats"]) == ([300, 90], 390)
    only = cast.theatre.get("/positions", measure="blocked").json()["items"]
    assert [one["measure"] for one in only] == ["blocked"]


def test_one_bad_row_does_not_spoil_the_others(cast):
    rows = [
        sold(cast, 9), {"number": "x"}, sold(cast, -1), sold(cast, 3, trueAt="2026-01-01T10:00:00"),
        sold(cast, 3, trueAt="0001-01-01T10:00:00Z"), sold(cast, 3, normaal=1),
    ]  # fmt: skip
    receipt = cast.theatre.post("/positions", figures(cast, *rows)).json()
    assert (receipt["accepted"], receipt["rejected"]) == (1, 5)
    assert [one["row"] for one in receipt["findings"]] == [1, 2, 3, 4, 5]


def test_without_a_good_row_the_refusal_holds_the_receipt(cast):
    told = problem(cast.theatre.post("/positions", figures(cast, {"number": 5})), 422, "refused")
    assert told["receipt"]["rejected"] == 1
    assert told["errors"][0]["pointer"] == "#/rows/0"
    again = cast.theatre.post("/positions", figures(cast, {"number": 5}), {"Idempotency-Key": "k"})
    same = cast.theatre.post("/positions", figures(cast, {"number": 5}), {"Idempotency-Key": "k"})
    assert again.content == same.content, "what was judged is kept with its receipt, and not judged twice"


def test_a_body_that_is_none(cast):
    for body in (b"{}", b"[]", b'{"measure": "x", "rows": []}', b'{"measure": "tickets", "rows": []}', b"[" * 99999, b"\xff"):
        problem(cast.theatre.post("/positions", body), 400, "unreadable")
    problem(cast.producer.post("/positions", figures(cast)), 403)
    problem(cast.strange_house.post("/positions", figures(cast)), 422)
    packed = gzip.compress(msgspec.json.encode(figures(cast)))
    assert cast.theatre.post("/positions", packed, {"Content-Encoding": "gzip"}).status_code == 201
    problem(cast.theatre.post("/positions", packed[:-9], {"Content-Encoding": "gzip"}), 400)
    problem(cast.theatre.post("/positions", gzip.compress(b" " * (65 * 2**20)), {"Content-Encoding": "gzip"}), 413)


def everything(caller, **query):
    """All positions by following next, and the address of changes."""
    body = caller.get("/positions", **query).json()
    items = body["items"]
    while body["links"]["next"]:
        body = caller.follow(body["links"]["next"]).json()
        items += body["items"]
    return [one["id"] for one in items], body["links"]["changes"]


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_and_then_the_changes_miss_nothing(monkeypatch):
    monkeypatch.setattr(queries, "PERFORMANCES_A_PAGE", 2)
    cast = Cast()
    evenings = [*cast.evenings, *(make_performance(cast.production, cast.hall) for _ in range(3))]
    for evening in evenings:
        for count in range(1, 4):
            push(evening, tickets(count), true_at=NOW + timedelta(hours=count))
    push_totals(evenings[0], reserved=3, ranks=[300, 100])
    want = set(Position.objects.across_tenants(ALL).values_list("pk", flat=True))
    for limit in (2, 4, 1000):
        seen, changes = everything(cast.producer, limit=limit)
        assert len(seen) == len(set(seen))
        assert set(seen) == want
    push(evenings[2], tickets(7), true_at=NOW + timedelta(hours=9))
    first = cast.producer.follow(changes).json()
    assert [one["normal"]["tickets"] for one in first["items"]] == [7]
    assert cast.producer.follow(first["links"]["changes"]).json()["items"] == []
    assert everything(cast.stranger)[0] == []
    assert everything(cast.strange_house)[0] == []


@pytest.mark.django_db(transaction=True)
def test_what_is_accepted_while_a_snapshot_is_read_comes_after_it(monkeypatch):
    cast = Cast()
    for count in range(1, 6):
        push(cast.evenings[0], tickets(count), true_at=NOW + timedelta(hours=count))
    body = cast.producer.get("/positions", limit=2).json()
    push(cast.evenings[0], tickets(99), true_at=NOW + timedelta(hours=9))
    seen = [one["normal"]["tickets"] for one in body["items"]]
    while body["links"]["next"]:
        body = cast.producer.follow(body["links"]["next"]).json()
        seen += [one["normal"]["tickets"] for one in body["items"]]
    assert seen == [1, 2, 3, 4, 5]
    assert [one["normal"]["tickets"] for one in cast.producer.follow(body["links"]["changes"]).json()["items"]] == [99]


def test_filters_hold_in_the_snapshot_and_in_the_changes(cast):
    for evening in cast.evenings:
        push(evening, tickets(5))
    number = cast.evenings[1].number
    items = cast.producer.get("/positions", performance=number).json()
    assert [one["performance"] for one in items["items"]] == [number]
    assert cast.producer.get("/positions", season="1999-2000").json()["items"] == []
    assert cast.producer.get("/positions", performance=number, measure="blocked").json()["items"] == []
    assert cast.producer.get("/positions", changedSince="2099-01-01T00:00:00Z").json()["items"] == []


def test_a_restatement_names_what_it_restates(cast):
    evening = cast.evenings[0]
    push(evening, tickets(5), true_at=NOW - timedelta(days=3))
    push(evening, tickets(6), true_at=NOW - timedelta(days=3) + timedelta(minutes=1), at=NOW)
    items = cast.producer.get("/positions").json()["items"]
    assert items[1]["restates"] == items[0]["id"]


def test_a_co_producer_reads_the_figures_and_another_house_does_not(cast):
    partner = make_organisation(Role.PRODUCER)
    cast.production.co_producers.add(partner)
    push(cast.evenings[0], tickets(5))
    assert len(Modern(partner, Role.PRODUCER).get("/positions").json()["items"]) == 1
    assert checked(cast.strange_house.get("/positions")).json()["items"] == []

"""The door for deliveries of orders: who may, what is answered, what is refused, and what happens on a repeat."""

import gzip
import json

import pytest
from django.test import Client

from dip.exchange.api.deliveries import NDJSON, PARQUET
from dip.exchange.rules import order_shapes
from dip.registry.terms import Level, Module, Role
from dip.warehouse.models import LandedBatch, TicketSource
from dip.warehouse.rules.verdicts import WORDS, VerdictCode
from tests.api.modern import BASE, Modern, checked, problem
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation

ALL = "tests look at everything"


class Sender(Modern):
    """A ticketing system that delivers orders."""

    def deliver(self, body, id="d-1", kind=NDJSON, query="", **headers):
        raw = body if isinstance(body, bytes) else b"".join(json.dumps(row).encode() + b"\n" for row in body)
        given = self._headers() | ({"Delivery-Id": id} if id is not None else {}) | headers
        return checked(Client().post(f"{BASE}/deliveries{query}", raw, content_type=kind, headers=given))


@pytest.fixture(autouse=True)
def homes(settings, tmp_path):
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = tmp_path / "warehouse", tmp_path / "keys"


@pytest.fixture
def house(db):
    return make_organisation(Role.THEATRE)


@pytest.fixture
def evening(house):
    return make_performance(make_production(), make_hall(make_theatre(house)))


@pytest.fixture
def sender(house):
    return Sender(house, Role.THEATRE)


@pytest.fixture
def row(evening):
    def made(**over):
        given = {
            "ticket": "t-1", "order": "o-1", "performance": str(evening.number), "state": "sold", "kind": "normal", "price_cents": 2250,
            "changed_at": "2026-11-01T12:00:00+01:00", "sold_at": "2026-11-01T11:59:00+01:00", "channel": "online",
            "email": "noor.dijkema@vlonder.example", "consent": "statistics",
        }  # fmt: skip
        return given | over

    return made


def test_orders_are_taken_in_and_their_receipt_can_be_read(sender, row):
    answer = sender.deliver(
        [row(), row(ticket="t-2", state="x"), row(ticket="t-3", kind="CJP")], query="?system=pretix&account=vlonder"
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["rows"], told["accepted"], told["rejected"]) == (3, 2, 1)
    assert (told["deliveryId"], told["system"], told["account"], told["state"]) == ("d-1", "pretix", "vlonder", "landed")
    assert told["verdictCounts"] == {"unknown_state": 1, "unknown_code": 1}
    first = told["verdicts"][0]
    assert (first["row"], first["field"], first["code"], first["kept"]) == (1, "state", "unknown_state", False)
    assert "reserved" in first["remedy"]
    assert sender.follow(answer["Location"]).json() == told
    listed = sender.get("/deliveries/orders").json()
    assert listed["nextBefore"] is None
    assert [one["id"] for one in listed["items"]] == [told["id"]]


def test_a_repeat_answers_the_same_receipt_and_another_body_is_refused(sender, row):
    first = sender.deliver([row()])
    again = sender.deliver([row()])
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    problem(sender.deliver([row(price_cents=1)]), 409, "delivery-used")
    assert sender.deliver([row()], **{"Content-Encoding": "gzip"}, id="d-2", kind=NDJSON).status_code == 400
    assert LandedBatch.objects.across_tenants(ALL).count() == 1


def test_a_body_may_be_packed(sender, row):
    packed = gzip.compress(json.dumps(row()).encode())
    assert sender.deliver(packed, **{"Content-Encoding": "gzip"}).status_code == 201
    assert sender.deliver([row()], id="d-1").status_code in (200, 409)


def test_a_bomb_is_refused(sender):
    problem(sender.deliver(gzip.compress(b" " * 30_000_000), **{"Content-Encoding": "gzip"}), 413, "too-large")


def test_parquet_is_taken_at_the_same_door(sender, row, tmp_path):
    import duckdb

    values = ", ".join(f'{value!r} AS "{name}"' for name, value in row().items())
    duckdb.execute(f"COPY (SELECT {values}) TO '{tmp_path}/x.parquet'")
    assert sender.deliver((tmp_path / "x.parquet").read_bytes(), kind=PARQUET).status_code == 201
    problem(sender.deliver(b"PAR1", id="d-2", kind=PARQUET), 400, "unreadable")


def test_with_no_row_kept_the_answer_is_a_problem_with_the_receipt(sender, row):
    for _ in range(2):
        told = problem(sender.deliver([row(state="x"), row(changed_at="x")]), 422, "refused")
        assert told["errors"][0]["pointer"] == "#/0/state"
        assert told["receipt"]["rejected"] == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"id": None}, 400),
        ({"id": "has a space"}, 400),
        ({"id": "x" * 101}, 400),
        ({"kind": "application/json"}, 415),
        ({"kind": ""}, 415),
        ({"Content-Encoding": "br"}, 415),
        ({"query": "?system=Een+Systeem"}, 400),
        ({"query": "?sytem=pretix"}, 400),
    ],
)
def test_what_cannot_be_read_is_told(sender, row, headers, status):
    problem(sender.deliver([row()], **headers), status)
    assert not TicketSource.objects.across_tenants(ALL).exists()


@pytest.mark.parametrize("body", [b" ", b"\n", b"x"])
def test_a_body_without_rows_is_told(sender, body):
    assert sender.deliver(body).status_code in (400, 422)


def test_verdicts_come_in_pages(sender, row):
    answer = sender.deliver([row(ticket=str(one), state="x" if one else "sold") for one in range(151)])
    told = answer.json()
    assert len(told["verdicts"]) == 100
    where = f"/deliveries/orders/{told['id']}/verdicts"
    page = sender.get(where).json()
    assert (len(page["items"]), page["nextAfter"]) == (100, 100)
    rest = sender.get(where, after=100).json()
    assert (len(rest["items"]), rest["nextAfter"]) == (50, None)
    assert [one["row"] for one in page["items"] + rest["items"]] == list(range(1, 151))


def test_owner_colleague_and_stranger(sender, house, row):
    told = sender.deliver([row()]).json()
    paths = ("/deliveries/orders", f"/deliveries/orders/{told['id']}", f"/deliveries/orders/{told['id']}/verdicts")
    looker = Sender(house, Role.THEATRE, {Module.AUDIENCE: Level.VIEW})
    without = Sender(house, Role.THEATRE, {Module.SALES: Level.APPROVE})
    stranger = Sender(make_organisation(Role.THEATRE), Role.THEATRE)
    producer = Sender(make_organisation(Role.PRODUCER), Role.PRODUCER)
    assert [looker.get(path).status_code for path in paths] == [200] * 3
    assert [without.get(path).status_code for path in paths] == [403] * 3
    assert [stranger.get(path).status_code for path in paths] == [200, 404, 404]
    assert stranger.get(paths[0]).json()["items"] == []
    for caller in (looker, without, producer):
        problem(caller.deliver([row()], id="d-9"), 403, "forbidden")
    told = problem(stranger.deliver([row()], id="d-1"), 422, "refused")
    assert told["errors"][0]["code"] == "unknown_performance"
    answer = Client().post(f"{BASE}/deliveries", b"", content_type=NDJSON, headers={"Delivery-Id": "x"})
    problem(answer, 401, "unauthenticated")


def test_an_idempotency_key_works_here_too(sender, row):
    first = sender.deliver([row()], **{"Idempotency-Key": "k-1"})
    again = sender.deliver([row()], **{"Idempotency-Key": "k-1"})
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"


def test_receipts_cost_a_fixed_number_of_queries(sender, row, django_assert_num_queries):
    key = sender.deliver([row(ticket=str(one), state="x" if one else "sold") for one in range(300)]).json()["id"]
    sender.get("/deliveries/orders")
    with django_assert_num_queries(1):
        sender.get("/deliveries/orders")
    with django_assert_num_queries(1):
        sender.get(f"/deliveries/orders/{key}")


def test_the_specification_knows_every_verdict_and_both_kinds_of_body(client, db):
    codes = set(order_shapes.Code.__args__)
    assert codes == {one.value for one in VerdictCode} == {one.value for one in WORDS}
    found = client.get(f"{BASE}/openapi.json").json()["paths"]["/deliveries"]["post"]
    assert list(found["requestBody"]["content"]) == [NDJSON, PARQUET]
    assert {one["name"] for one in found["parameters"]} >= {"Delivery-Id", "Content-Encoding", "system", "account"}

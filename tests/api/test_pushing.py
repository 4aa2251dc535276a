"""The four cumulative writes over HTTP."""

import gzip
import re
from datetime import timedelta

import pytest

from dip.kernel.clock import local, now
from dip.registry.terms import Role
from dip.ticketing.models import Delivery, PerformanceSales
from tests.api.caller import Caller, refusal
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"
TICKETS = "/tickets/cumulative"


def wire_now(**ahead):
    return local(now() + timedelta(**ahead)).replace(tzinfo=None).isoformat(timespec="seconds")


def row(cast, **over):
    kinds = {"normal": {"tickets": 100, "recette": 250_000}, "free": {"tickets": 4, "recette": 0}}
    return {"production": cast.dip_id, "number": cast.performance.number, "updated": wire_now(), **kinds} | over


def state(cast):
    return PerformanceSales.objects.across_tenants(ALL).get(performance=cast.performance)


def test_an_array_is_answered_with_a_receipt(cast):
    answer = cast.theatre.put(TICKETS, [row(cast)])
    assert answer.status_code == 200, answer.content
    body = answer.json()
    delivery = Delivery.objects.across_tenants(ALL).get()
    assert body == {
        "receipt": delivery.pk,
        "measure": "tickets",
        "received": body["received"],
        "rows": 1,
        "accepted": 1,
        "unchanged": 0,
        "rejected": 0,
        "findings": [],
    }
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", body["received"])
    assert (state(cast).sold, state(cast).free_tickets, state(cast).recette_cents) == (100, 4, 250_000)
    assert delivery.source == cast.theatre.api_client.name


def test_a_single_object_and_a_repeat(cast):
    one = row(cast)
    assert cast.theatre.put(TICKETS, one).json()["accepted"] == 1
    body = cast.theatre.put(TICKETS, one).json()
    assert (body["accepted"], body["unchanged"]) == (0, 1)


def test_production_and_moment_may_be_left_out_and_a_full_dip_id_is_understood(cast):
    bare = {"number": cast.performance.number, "normal": {"tickets": 3, "recette": 7500}}
    assert cast.theatre.put(TICKETS, bare).json()["accepted"] == 1
    full = row(cast, production=f"{cast.dip_id}|{cast.performance.number}")
    assert cast.theatre.put(TICKETS, full).json()["accepted"] == 1


def test_a_moment_with_an_offset_is_understood(cast):
    assert cast.theatre.put(TICKETS, row(cast, updated=now().isoformat())).json()["accepted"] == 1


@pytest.mark.parametrize("path", ["/blocked-seats/cumulative", "/blockedseats/cumulative"])
def test_blocked_seats_in_both_spellings(cast, path):
    answer = cast.theatre.put(path, [{"number": cast.performance.number, "updated": wire_now(), "tickets": 8}])
    assert answer.json()["measure"] == "blocked"
    assert (state(cast).blocked, state(cast).blocked_cents) == (8, None)


def test_reservations(cast):
    answer = cast.theatre.put("/reservations/cumulative", [{"number": cast.performance.number, "tickets": 12, "recette": 30_000}])
    assert answer.json()["measure"] == "reservations"
    assert (state(cast).reserved, state(cast).reserved_cents) == (12, 30_000)


def test_capacity_per_rank(cast):
    path = f"/productions/{cast.dip_id}/performances/{cast.performance.number}/capacity"
    answer = cast.theatre.put(path, {"updated": wire_now(), "amount_rank1": 300, "amount_rank3": 120})
    assert answer.json()["measure"] == "capacity"
    assert (state(cast).capacity, state(cast).capacity_by_rank) == (420, [300, 0, 120])
    assert "amount_rank2" in refusal(cast.theatre.put(path, {"amount_rank1": 1, "amount_rank2": -1}))
    assert "amount_rank1" in refusal(cast.theatre.put(path, {"updated": wire_now()}))
    wrong = path.replace(cast.dip_id, "NL-26-00001-00001")
    assert "does not belong" in refusal(cast.theatre.put(wrong, {"amount_rank1": 300}))


def test_bad_rows_are_told_one_by_one_and_the_others_kept(cast):
    rows = [
        row(cast),
        row(cast, number="12"),
        row(cast, updated="23-11-2026"),
        row(cast, normal={"tickets": -1, "recette": 0}),
        row(cast, normal={"tickets": 1.5, "recette": 0}),
        row(cast, number=987_654_321),
        row(cast, updated=wire_now(hours=1)),
        "text",
        row(cast, production="NL-26-00001-00001"),
    ]
    answer = cast.theatre.put(TICKETS, rows)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["rows"], body["accepted"], body["rejected"]) == (9, 1, 8)
    assert [(f["row"], f["code"]) for f in body["findings"]] == [
        (1, "unreadable"),
        (2, "malformed_time"),
        (3, "negative"),
        (4, "unreadable"),
        (5, "unknown_performance"),
        (6, "in_future"),
        (7, "unreadable"),
        (8, "other_production"),
    ]
    told = {f["row"]: f["message"] for f in body["findings"]}
    assert told[1].startswith("number cannot be read: Expected `int`, got `str`")
    assert "updated 23-11-2026 is not a moment" in told[2]
    assert told[3].startswith("normal.tickets is -1.")
    assert told[4].startswith("normal.tickets cannot be read")


def test_with_no_row_kept_the_refusal_carries_the_receipt(cast):
    answer = cast.theatre.put(TICKETS, [row(cast, number=1), row(cast, number=2)])
    assert refusal(answer).startswith("None of the 2 rows was kept. Row 0: number 1 is not")
    assert answer.json()["rejected"] == 2
    assert Delivery.objects.across_tenants(ALL).get().rejected_count == 2


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1, 2", b"[]", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_rows_is_refused(cast, body):
    assert refusal(cast.theatre.put(TICKETS, body))
    assert not Delivery.objects.across_tenants(ALL).exists()


def test_gzip_is_unpacked(cast):
    import msgspec

    packed = gzip.compress(msgspec.json.encode([row(cast)]))
    assert cast.theatre.put(TICKETS, packed, {"Content-Encoding": "gzip"}).json()["accepted"] == 1
    assert "cannot be unpacked" in refusal(cast.theatre.put(TICKETS, b"[]", {"Content-Encoding": "gzip"}))
    assert "too early" in refusal(cast.theatre.put(TICKETS, packed[:-20], {"Content-Encoding": "gzip"}))
    assert "not known" in refusal(cast.theatre.put(TICKETS, packed, {"Content-Encoding": "br"}))


def test_a_bomb_is_not_unpacked(cast):
    bomb = gzip.compress(b" " * (70 * 2**20))
    assert "64 MB" in refusal(cast.theatre.put(TICKETS, bomb, {"Content-Encoding": "gzip"}))


def test_more_rows_than_a_body_may_hold(cast):
    assert "at most 50000" in refusal(cast.theatre.put(TICKETS, b"[" + b",".join([b"{}"] * 50_001) + b"]"))


def test_stranger_learns_nothing(cast):
    strange = cast.stranger.put(TICKETS, [row(cast)])
    missing = cast.stranger.put(TICKETS, [row(cast, number=999_999_999)])
    assert refusal(strange).replace(str(cast.performance.number), "#") == refusal(missing).replace("999999999", "#")
    assert not PerformanceSales.objects.across_tenants(ALL).exists()


def test_who_only_reads_may_not_push(cast):
    assert "manage sales" in refusal(cast.reader.put(TICKETS, [row(cast)]), 403)


def test_a_producer_is_no_theatre(cast):
    assert refusal(cast.producer.put(TICKETS, [row(cast)])) == "Not a theater"


def test_the_platform_speaks_for_houses_that_nobody_runs(cast):
    platform = Caller(make_organisation(Role.PLATFORM), Role.PLATFORM)
    nobodys = make_performance(hall=make_hall(make_theatre()))
    assert platform.put(TICKETS, {"number": nobodys.number, "normal": {"tickets": 5, "recette": 5}}).json()["accepted"] == 1
    assert "is not a published performance" in refusal(platform.put(TICKETS, [row(cast)]))


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic abc"}])
def test_without_a_token_nothing(client, db, header):
    answer = client.put("/external/v1/tickets/cumulative", b"[]", content_type="application/json", headers=header)
    assert refusal(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_only_put(cast):
    assert "use PUT" in refusal(cast.theatre.post(TICKETS, [row(cast)]), 405)

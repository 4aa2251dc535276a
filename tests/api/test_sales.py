"""Hall occupation: the rows that producers' systems read."""

from datetime import date, timedelta

import pytest

from dip.kernel.clock import local
from dip.registry.terms import Level, Module, Role
from dip.ticketing.terms import Measure
from tests.api.caller import Caller, refusal
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def tour(cast):
    """Two evenings in the cast's theatre, one elsewhere."""
    first = cast.performance
    second = make_performance(first.production, first.hall, starts_at=first.starts_at + timedelta(days=1))
    elsewhere = make_performance(first.production, make_hall(make_theatre(make_organisation(Role.THEATRE), name="Aan de Kade")))
    push(first, tickets(100, 10, 7), true_at=NOW)
    push(second, tickets(50), true_at=NOW + timedelta(hours=1))
    push(elsewhere, tickets(30), true_at=NOW)
    return first, second, elsewhere


def text(moment):
    return local(moment).replace(tzinfo=None).isoformat(timespec="seconds")


def test_one_row_per_theatre_in_the_exact_shape(cast, tour):
    first, second, elsewhere = tour
    rows = cast.producer.get(f"/productions/{cast.dip_id}/sales").json()
    assert [row["id"] for row in rows] == [elsewhere.theatre_id, first.theatre_id]
    assert rows[1] == {
        "id": first.theatre_id,
        "name": first.theatre.name,
        "updated": text(NOW + timedelta(hours=1)),
        "tickets": 160,
        "recette": 250_000 + 20_000 + 125_000,
        "performances": [
            {"number": first.number, "date": text(first.starts_at), "tickets": 110, "recette": 270_000, "updated": text(NOW)},
            {
                "number": second.number,
                "date": text(second.starts_at),
                "tickets": 50,
                "recette": 125_000,
                "updated": text(NOW + timedelta(hours=1)),
            },
        ],
    }
    for row in rows:
        assert row["tickets"] == sum(p["tickets"] for p in row["performances"])
        assert row["recette"] == sum(p["recette"] for p in row["performances"])


def test_finer_grains(cast, tour):
    first, second, _ = tour
    (row,) = cast.producer.get(f"/productions/{cast.dip_id}/theaters/{first.theatre_id}/sales").json()
    assert [p["number"] for p in row["performances"]] == [first.number, second.number]
    (row,) = cast.producer.get(f"/productions/{cast.dip_id}/performances/{second.number}/sales").json()
    assert (row["tickets"], [p["number"] for p in row["performances"]]) == (50, [second.number])


def test_a_theatre_sees_its_own_house_only(cast, tour):
    assert [row["id"] for row in cast.theatre.get(f"/productions/{cast.dip_id}/sales").json()] == [cast.performance.theatre_id]


def test_reservations_and_blocked_seats(cast):
    push(cast.performance, (12, 30_000), measure=Measure.RESERVATIONS)
    push(cast.performance, (8, None), measure=Measure.BLOCKED)
    (row,) = cast.producer.get(f"/productions/{cast.dip_id}/reservations").json()
    assert (row["tickets"], row["recette"]) == (12, 30_000)
    (row,) = cast.producer.get(f"/productions/{cast.dip_id}/blockedseats").json()
    assert (row["tickets"], row["recette"]) == (8, 0)
    assert refusal(cast.producer.get(f"/productions/{cast.dip_id}/sales")) == f"No sales history for production {cast.dip_id}"


def test_without_figures_the_known_refusal(cast):
    told = {"sales": "sales", "reservations": "reservations", "blockedseats": "blocked seats"}
    for path, word in told.items():
        answer = cast.producer.get(f"/productions/{cast.dip_id}/{path}")
        assert answer.status_code == 400
        assert answer.json() == {
            "error": "Invalid response",
            "error_description": f"No {word} history for production {cast.dip_id}",
        }


def test_strangers_get_the_answer_of_a_production_that_is_not_there(cast, tour):
    for caller in (cast.stranger, cast.strange_producer):
        strange = refusal(caller.get(f"/productions/{cast.dip_id}/sales"))
        missing = refusal(caller.get("/productions/NL-25-00123-00279/sales"))
        assert missing == "No sales history for production NL-25-00123-00279"
        assert strange == missing.replace("NL-25-00123-00279", cast.dip_id)


def test_the_right_to_see_sales(cast, tour):
    producer = cast.performance.production.producer
    blind = Caller(producer, Role.PRODUCER, {Module.PROGRAMME: Level.APPROVE})
    assert "view sales" in refusal(blind.get(f"/productions/{cast.dip_id}/sales"), 403)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(cast, django_assert_num_queries, count):
    for n in range(count):
        push(make_performance(cast.performance.production, cast.performance.hall, day=date(2027, 1, 5 + n)), tickets(5))
    cast.producer.get("/genres")
    with django_assert_num_queries(1):
        assert cast.producer.get(f"/productions/{cast.dip_id}/sales").json()

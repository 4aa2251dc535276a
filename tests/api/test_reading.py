"""Reference lists, productions and performances, in the exact shapes of the wire contract."""

from datetime import date

import pytest

from dip.kernel.clock import local, now
from dip.kernel.periods import season_name, season_year
from dip.registry.terms import Level, Module, Role
from tests.api.caller import Caller, refusal
from tests.factories.programme import (
    make_country,
    make_genre,
    make_hall,
    make_performance,
    make_production,
    make_province,
    make_theatre,
)
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db
PERFORMANCE = {
    *("id", "number", "date", "status", "type", "private", "in_festival", "isOtherLocation"),
    *(f"amount_rank{rank}" for rank in range(1, 11)),
    *("production", "theater", "theater_location", "forms"),
}


def number_of(cast):
    return cast.performance.production.producer.number


def test_reference_lists(cast):
    make_country()
    for path in ("/genres", "/provinces"):
        rows = cast.theatre.get(path).json()
        assert rows
        assert set(rows[0]) == {"id", "name"}
    assert {"id", "name", "code"} == set(cast.theatre.get("/countries").json()[0])
    producers = cast.theatre.get("/producers").json()
    ours = cast.performance.production.producer
    assert {"id": ours.number, "name": ours.name, "type": "Producer"} in producers


def test_theaters_nest_their_locations(cast):
    theatre = cast.performance.theatre
    expected = {
        "id": theatre.pk,
        "name": theatre.name,
        "street": "Kadestraat",
        "number": theatre.house_number,
        "zipcode": "3811 AB",
        "city": "Amersfoort",
        "province": {"id": make_province().pk, "name": make_province().name},
        "type": "Theater",
        "dip_member": True,
        "theater_locations": [{"id": cast.performance.hall_id, "name": cast.performance.hall.name}],
    }
    assert expected in cast.producer.get("/theaters").json()
    assert cast.producer.get(f"/theaters/{theatre.pk}").json() == expected
    assert refusal(cast.producer.get("/theaters/987654"), 404) == "No theater 987654"


def test_a_merged_theater_answers_as_what_it_became(cast):
    old = make_theatre(merged_into=cast.performance.theatre)
    assert cast.producer.get(f"/theaters/{old.pk}").json()["id"] == cast.performance.theatre_id
    assert old.pk not in {one["id"] for one in cast.producer.get("/theaters").json()}


def test_productions_of_the_current_season(cast):
    year = season_year(local(now()).date())
    producer = cast.performance.production.producer
    agency, partner = make_organisation(Role.AGENCY), make_organisation(Role.PRODUCER)
    show = make_production(producer, season_year=year, agency=agency, co_producers=(partner,), cast_members=["Ies Vonk"])
    make_production(producer, season_year=year - 3)
    (row,) = [r for r in cast.producer.get(f"/producers/{producer.number}/productions").json() if r["id"] == show.dip_id]
    assert row == {
        "id": show.dip_id,
        "title": show.title,
        "startDate": f"{year}-08-01",
        "season": season_name(year),
        "genre": {"id": 1, "name": make_genre().name_nl},
        "producer": {"id": producer.number, "name": producer.name, "type": "Producer"},
        "co_producers": [{"id": partner.number, "name": partner.name, "type": "Producer"}],
        "accompanied_by_producers": [{"id": agency.number, "name": agency.name, "type": "Agency"}],
        "cast_members": ["Ies Vonk"],
    }
    acting = Caller(agency, Role.AGENCY)
    assert [r["id"] for r in acting.get(f"/producers/{agency.number}/productions").json()] == [show.dip_id]
    assert [r["id"] for r in Caller(partner, Role.PRODUCER).get("/thirdparty/productions").json()] == [show.dip_id]


def test_a_window_of_seasons(cast):
    producer = cast.performance.production.producer
    shows = {year: make_production(producer, season_year=year).dip_id for year in (2015, 2016, 2017)}
    path = f"/producers/{producer.number}/productions"

    def asked(**window):
        return {row["id"] for row in cast.producer.get(path, **window).json()} & set(shows.values())

    assert asked() == set()
    assert asked(startDate="2016-08-01", endDate="2017-07-31") == {shows[2016]}
    assert asked(startDate="2016-07-31", endDate="2016-08-01") == {shows[2015], shows[2016]}
    assert asked(endDate="2016-08-01T00:00:00") == {shows[2015], shows[2016]}
    assert asked(startDate="2017-01-01", unknown="ignored") == {shows[2016], shows[2017]}


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ({"startDate": "1 augustus"}, "startDate 1 augustus is not a date"),
        ({"endDate": "2026-02-30"}, "endDate 2026-02-30 is not a date"),
        ({"startDate": "0001-01-01"}, "outside 1900 to 2200"),
        ({"startDate": "2026-08-02", "endDate": "2026-08-01"}, "lies before"),
    ],
)
def test_a_window_that_cannot_be_is_told(cast, window, told):
    assert told in refusal(cast.producer.get(f"/producers/{number_of(cast)}/productions", **window))


def test_performances_in_the_exact_shape(cast):
    performance = cast.performance
    path = f"/producers/{number_of(cast)}/productions/{cast.dip_id}/performances"
    (row,) = cast.producer.get(path).json()
    assert set(row) == PERFORMANCE
    assert row["id"] == row["number"] == performance.number
    assert row["date"] == local(performance.starts_at).replace(tzinfo=None).isoformat(timespec="seconds")
    assert (row["status"], row["type"], row["private"], row["in_festival"], row["isOtherLocation"], row["forms"]) == (
        *("agreed", "normal", False, False, False),
        [],
    )
    assert (row["amount_rank1"], row["amount_rank10"]) == (600, 0)
    show = performance.production
    assert row["production"] == {"id": show.dip_id, "title": show.title, "genre": {"id": 1, "name": show.genre.name_nl}}
    assert row["theater"] == {"id": performance.theatre_id, "name": performance.theatre.name}
    assert row["theater_location"] == {"id": performance.hall_id, "name": performance.hall.name}


def test_status_on_the_wire_and_concepts_on_request(cast):
    show, hall = cast.performance.production, cast.performance.hall
    make_performance(show, hall, state="cancelled", day=date(2027, 2, 1))
    make_performance(show, hall, state="concept", day=date(2027, 3, 1))
    path = f"/producers/{number_of(cast)}/productions/{cast.dip_id}/performances"
    assert [row["status"] for row in cast.producer.get(path).json()] == ["agreed", "cancellation"]
    assert [row["status"] for row in cast.producer.get(path, concepts="true").json()] == ["agreed", "cancellation", "concept"]
    assert [row["status"] for row in cast.theatre.get(path, concepts="true").json()] == ["agreed", "cancellation"]


def test_a_theatre_finds_its_performances(cast):
    theatre = cast.performance.theatre_id
    for path in ("/theaters/performances", f"/theaters/{theatre}/performances"):
        assert [row["number"] for row in cast.theatre.get(path).json()] == [cast.performance.number]
        assert cast.stranger.get(path).json() == []
    played = make_performance(cast.performance.production, cast.performance.hall, day=date(2019, 1, 5))
    assert [row["number"] for row in cast.theatre.get("/theaters/performances", endDate="2020-01-01").json()] == [played.number]
    assert cast.theatre.get("/theaters/performances", startDate="2019-01-05", endDate="2019-01-05").json()
    assert refusal(cast.producer.get("/theaters/performances")) == "Not a theater"


def test_strangers_get_nothing(cast):
    number, theatre = number_of(cast), cast.performance.theatre_id
    paths = [
        f"/producers/{number}/productions",
        f"/producers/{number}/productions/{cast.dip_id}/performances",
        f"/producers/{number}/theaters/{theatre}/performances",
        f"/theaters/{theatre}/performances",
        "/thirdparty/productions",
        "/thirdparty/producers",
        "/thirdparty/theaters",
    ]
    window = {"startDate": "2000-01-01", "endDate": "2100-01-01"}
    for path in paths:
        assert cast.stranger.get(path, **window).json() == [], path
        assert cast.strange_producer.get(path, **window).json() == [], path
    for path in paths[:4]:
        assert cast.producer.get(path, **window).json(), path
        assert cast.theatre.get(path, **window).json(), path


def test_third_parties(cast):
    window = {"startDate": "2000-01-01", "endDate": "2100-01-01"}
    assert [row["id"] for row in cast.theatre.get("/thirdparty/productions", **window).json()] == [cast.dip_id]
    assert [row["id"] for row in cast.theatre.get("/thirdparty/producers").json()] == [number_of(cast)]
    assert cast.theatre.get("/thirdparty/theaters").json() == []
    assert [row["id"] for row in cast.producer.get("/thirdparty/theaters").json()] == [cast.performance.theatre_id]
    assert cast.producer.get("/thirdparty/productions", **window).json() == []


def test_a_client_without_the_right(cast):
    organisation = cast.performance.production.producer
    blind = Caller(organisation, Role.PRODUCER, {Module.SALES: Level.NONE, Module.PROGRAMME: Level.NONE})
    assert "view programme" in refusal(blind.get(f"/producers/{organisation.number}/productions"), 403)
    assert blind.get("/genres").status_code == 200


def test_without_a_token(client, db):
    for path in ("/genres", "/theaters/performances", "/producers/1/productions"):
        assert refusal(client.get(f"/external/v1{path}"), 401)
        assert refusal(client.get(f"/external/v1{path}", headers={"Authorization": "Bearer nonsense"}), 401)


@pytest.mark.parametrize("path", ["/fpk/data", "/fpk/producers/1/productions", "/nothing"])
def test_what_is_not_answered_yet(client, path):
    answer = client.get(f"/external/v1{path}")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "error_description"}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(cast, django_assert_num_queries, count):
    show, hall = cast.performance.production, cast.performance.hall
    for day in range(1, count):
        make_performance(show, make_hall(make_theatre()), day=date(2027, 1, day))
    assert hall
    cast.producer.get("/genres")
    with django_assert_num_queries(1):
        assert len(cast.producer.get(f"/producers/{number_of(cast)}/productions/{cast.dip_id}/performances").json()) == count
    with django_assert_num_queries(2):
        assert len(cast.producer.get("/theaters").json()) >= count

"""The modern API: changes by cursor, versions, repeats, problems."""

import dataclasses
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dip.exchange.api.answering import answering
from dip.exchange.api.operations import OPERATIONS
from dip.exchange.rules import limits
from dip.programme.models import Performance, Production
from dip.registry.terms import Level, Module, Role
from tests.api.caller import READS
from tests.api.modern import BASE, Cast, Modern, checked, entry, problem, tour_row
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"


@pytest.fixture
def cast(db):
    return Cast()


def numbers(answer):
    return [one["number"] for one in answer.json()["items"]]


def test_each_party_sees_its_own_and_a_stranger_nothing(cast):
    everything = {one.number for one in (*cast.evenings, cast.concept)}
    public = {one.number for one in cast.evenings}
    assert set(numbers(cast.producer.get("/performances"))) == everything
    assert set(numbers(cast.agency.get("/performances"))) == everything
    assert set(numbers(cast.theatre.get("/performances"))) == public
    for stranger in (cast.stranger, cast.strange_house):
        assert numbers(stranger.get("/performances")) == []
        assert stranger.get("/productions").json()["items"] == []
        problem(stranger.get(cast.path), 404, "not-found")
        problem(stranger.get(cast.production_path), 404, "not-found")
        problem(stranger.patch(cast.path, {}, {"If-Match": "*"}), 404)
        problem(stranger.patch(cast.production_path, {}, {"If-Match": "*"}), 404)
        problem(stranger.post(f"{cast.production_path}/performances", [tour_row(cast)]), 404)
    problem(cast.theatre.get(f"/performances/{cast.concept.number}"), 404)


def test_a_client_reads_with_its_rights_and_no_further(cast):
    blind = Modern(cast.producing, Role.PRODUCER, {Module.SALES: Level.VIEW})
    problem(blind.get("/performances"), 403, "forbidden")
    reader = Modern(cast.producing, Role.PRODUCER, READS)
    assert numbers(reader.get("/performances"))
    problem(reader.patch(cast.path, {}, {"If-Match": "*"}), 403)
    problem(reader.post("/productions", {"title": "x", "season": "2026-2027", "genreId": 1}), 403)
    problem(Modern(cast.producing, Role.PRODUCER, {Module.PROGRAMME: Level.VIEW}).get("/positions"), 403)


def test_what_only_the_provider_knows_is_not_told_to_the_theatre(cast):
    own, theirs = (who.get(cast.production_path).json() for who in (cast.producer, cast.theatre))
    assert (own["externalRef"], own["fundConsent"], own["subsidyScheme"]) == ("w-1", False, "")
    assert (theirs["externalRef"], theirs["fundConsent"], theirs["subsidyScheme"]) == (None, None, None)
    assert own["producer"]["id"] == cast.producing.number


def test_the_shape_of_a_performance(cast):
    found = cast.theatre.get(cast.path).json()
    evening = cast.evenings[0]
    assert found["dipId"] == f"{cast.production.dip_id}|{evening.number}"
    assert found["startsAt"].endswith("T20:15:00+01:00")
    assert found["date"] == evening.performance_date.isoformat()
    assert found["theatre"] == {"id": cast.hall.theatre_id, "name": cast.hall.theatre.name}
    assert found["capacity"] == 400
    assert found["changedAt"].endswith("Z")
    assert found["status"] == "published"


def test_pages_follow_each_other_and_end_in_what_changes(cast):
    first = cast.producer.get("/performances", limit=2)
    body = first.json()
    assert body["hasMore"]
    assert 'rel="next"' in first["Link"]
    second = cast.producer.follow(body["links"]["next"]).json()
    assert not second["hasMore"]
    assert second["links"]["next"] is None
    both = [*body["items"], *second["items"]]
    assert {one["number"] for one in both} == {one.number for one in (*cast.evenings, cast.concept)}
    assert len(both) == 3


@pytest.mark.django_db(transaction=True)
def test_changes_are_found_from_where_the_last_page_ended(cast):
    body = cast.producer.get("/performances").json()
    nothing_new = cast.producer.follow(body["links"]["changes"]).json()
    assert nothing_new["items"] == []
    Performance.objects.filter(pk=cast.evenings[1].pk).update(status="cancelled", cancel_reason="Ziekte")
    found = cast.producer.follow(nothing_new["links"]["changes"]).json()
    assert [(one["number"], one["status"], one["cancelReason"]) for one in found["items"]] == [
        (cast.evenings[1].number, "cancelled", "Ziekte")
    ]


@pytest.mark.django_db(transaction=True)
def test_an_agency_that_leaves_is_told_to_drop_its_copy(cast):
    place = {path: cast.agency.get(path).json()["links"]["changes"] for path in ("/performances", "/productions")}
    Production.objects.filter(pk=cast.production.pk).update(agency=None)
    left = cast.agency.follow(place["/productions"]).json()
    assert [(one["dipId"], one["number"]) for one in left["withdrawn"]] == [(cast.production.dip_id, None)]
    left = cast.agency.follow(place["/performances"]).json()
    assert {one["number"] for one in left["withdrawn"]} == {one.number for one in (*cast.evenings, cast.concept)}
    assert cast.stranger.get("/performances").json()["withdrawn"] == []


def test_a_cursor_is_its_readers_own_and_of_its_filters(cast):
    cursor = cast.producer.get("/performances").json()["cursor"]
    for answer in (
        cast.agency.get("/performances", cursor=cursor),
        cast.producer.get("/performances", cursor=cursor, status="published"),
        cast.producer.get("/productions", cursor=cursor),
        cast.producer.get("/performances", cursor=cursor[:-3] + "AAA"),
        cast.producer.get("/performances", cursor="é"),
        cast.producer.get("/performances", cursor="AAAA"),
    ):
        assert problem(answer, 400, "unreadable")["errors"][0]["parameter"] == "cursor"


def test_what_was_merged_stays_as_a_state(cast):
    twin = make_production(cast.producing, merged_into=cast.production)
    found = {one["dipId"]: one["mergedInto"] for one in cast.producer.get("/productions").json()["items"]}
    assert found == {cast.production.dip_id: None, twin.dip_id: cast.production.dip_id}
    problem(cast.stranger.get(f"/productions/{twin.dip_id}"), 404)


def test_filters_narrow(cast):
    other = make_performance(make_production(cast.producing, season_year=2025), day=cast.evenings[0].performance_date)
    ask = cast.producer.get
    assert numbers(ask("/performances", season="2025-2026")) == [other.number]
    assert numbers(ask("/performances", production=other.production.dip_id)) == [other.number]
    assert numbers(ask("/performances", theatreId=other.theatre_id)) == [other.number]
    assert numbers(ask("/performances", status="concept")) == [cast.concept.number]
    day = other.performance_date
    assert len(numbers(ask("/performances", **{"from": day, "until": day}))) == 4
    assert numbers(ask("/performances", until=day - timedelta(days=1))) == []
    assert numbers(ask("/performances", changedSince="2099-01-01T00:00:00Z")) == []
    dip_ids = [one["dipId"] for one in ask("/productions", theatreId=cast.hall.theatre_id).json()["items"]]
    assert dip_ids == [cast.production.dip_id]
    assert ask("/productions", genreId=3).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": "0"}, "limit"), ({"limit": "x"}, "limit"), ({"theatreId": "null"}, "theatreId"), ({"production": "null"}, "production"), ({"season": "2026-2028"}, "season"), ({"theatreId": "-1"}, "theatreId"),
        ({"changedSince": "2026-01-01"}, "changedSince"), ({"changedSince": "2026-01-01T10:00:00"}, "changedSince"), ({"changedSince": "0.5"}, "changedSince"),
        ({"from": "01-02-2026"}, "from"), ({"from": "2026-02-02", "until": "2026-02-01"}, "until"), ({"seeson": "1"}, "seeson"),
        ({"status": "agreed"}, "status"), ({"production": "\x00"}, "production"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(cast, query, parameter):
    told = problem(cast.producer.get("/performances", **query), 400, "unreadable")
    assert told["errors"][0]["parameter"] == parameter, told


def test_versions_of_one_thing_and_of_a_page(cast):
    answer = cast.producer.get(cast.path)
    tag = answer["ETag"]
    again = cast.producer.get(cast.path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert cast.producer.get(cast.path, headers={"If-None-Match": f"W/{tag}"}).status_code == 304
    assert cast.producer.get(cast.path, headers={"If-None-Match": '"other"'}).status_code == 200
    genres = cast.producer.get("/genres")
    assert cast.producer.get("/genres", headers={"If-None-Match": genres["ETag"]}).status_code == 304
    Performance.objects.filter(pk=cast.evenings[0].pk).update(capacity=1)
    assert cast.producer.get(cast.path)["ETag"] != tag


def test_every_way_to_ask_wrongly_is_a_problem(cast):
    http = Client()
    who = cast.producer._headers()
    token = checked(http.get(f"{BASE}/performances"))
    assert problem(token, 401, "unauthenticated")
    assert token["WWW-Authenticate"].startswith('Bearer realm="DIP"')
    problem(http.get(f"{BASE}/performances", headers={"Authorization": "Bearer x"}), 401)
    for path in (
        "/nothing",
        "",
        "/",
        "/performances/",
        "/performances/0",
        "/performances/x",
        "/performances/9" + "9" * 30,
        "/x%0Ay",
    ):
        problem(checked(http.get(BASE + path, headers=who)), 404)
    problem(http.get(f"{BASE}/productions/a%00b", headers=who), 404)
    wrong = checked(http.put(f"{BASE}/performances", headers=who))
    assert problem(wrong, 405, "method-not-allowed")
    assert wrong["Allow"] == "GET, HEAD, OPTIONS"
    problem(cast.producer.get("/performances", headers={"Accept": "text/html"}), 406, "not-acceptable")
    assert cast.producer.get("/genres", headers={"Accept": "text/html, application/json;q=0.5"}).status_code == 200
    problem(cast.producer.post("/productions", b"<x/>", {"Content-Type": "text/xml"}), 415)
    form = http.post(f"{BASE}/productions", {"title": "x"}, headers=who)
    assert problem(form, 415, "unsupported-media-type")
    assert form["Accept-Post"] == "application/json"
    packed = {"Content-Encoding": "br"}
    problem(cast.producer.post("/productions", b"x", packed), 415)
    problem(cast.producer.post("/productions", b"[" * 3_000_000), 413, "too-large")
    problem(cast.producer.post("/productions", b"{nonsense"), 400)
    problem(cast.producer.post("/productions", b"[" * 100_000), 400)
    problem(cast.producer.post("/productions", b'{"title": "\\ud800"}'), 400)
    problem(cast.producer.post("/productions", entry(titel="x")), 400)
    assert problem(cast.producer.post("/productions", entry(genreId="3")), 400)["errors"][0]["pointer"] == "#/genreId"
    problem(cast.producer.post("/productions", entry(title="a\x00b")), 400)
    assert checked(http.options(f"{BASE}/performances")).status_code == 204


def test_a_failure_of_ours_is_a_problem_too(cast):
    def broken(call):
        raise RuntimeError("a test breaks it")

    found = next(one for one in OPERATIONS if one.path == "/genres")
    view = answering([dataclasses.replace(found, run=broken)])
    request = RequestFactory().get("/api/v2/genres", headers=cast.producer._headers())
    told = problem(view(request), 500, "failed")
    assert "a test breaks it" not in told["detail"]


def test_a_client_that_runs_wild_is_slowed_down(cast, monkeypatch):
    monkeypatch.setattr(limits, "CALLS", 3)
    answers = [cast.producer.get("/genres") for _ in range(3)]
    assert answers[-1]["RateLimit"].startswith('"calls";r=0;')
    slowed = cast.producer.get("/genres")
    problem(slowed, 429, "too-many-requests")
    assert 1 <= int(slowed["Retry-After"]) <= 60
    assert cast.agency.get("/genres").status_code == 200


def test_reference_lists(cast):
    ask = cast.stranger.get
    theatre = ask(f"/theatres/{cast.hall.theatre_id}").json()
    assert theatre["hallIds"] == [cast.hall.pk]
    assert (theatre["timeZone"], theatre["countryCode"], theatre["inUse"]) == ("Europe/Amsterdam", "NL", True)
    old = make_theatre(merged_into=cast.hall.theatre)
    assert ask(f"/theatres/{old.pk}").json()["mergedInto"] == cast.hall.theatre_id
    assert [one["id"] for one in ask("/theatres", q=cast.hall.theatre.name.upper()).json()["items"]] == [cast.hall.theatre_id]
    page = ask("/theatres", limit=1).json()
    assert page["nextAfter"] == page["items"][0]["id"]
    assert len(ask("/theatres", limit=1, after=page["nextAfter"]).json()["items"]) == 1
    assert ask(f"/halls/{cast.hall.pk}").json()["capacity"] == 400
    assert [one["id"] for one in ask("/halls", theatreId=cast.hall.theatre_id).json()["items"]] == [cast.hall.pk]
    named = {one["id"] for one in ask("/organisations", role="producer").json()["items"]}
    assert cast.producing.number in named
    assert cast.house.number not in named
    for path in ("/genres", "/provinces", "/countries"):
        assert ask(path).json()["items"]
    problem(ask("/theatres/987654321"), 404)
    problem(ask("/halls/987654321"), 404)


@pytest.mark.parametrize("path", ["/performances", "/productions", "/positions", "/theatres", "/halls", "/organisations"])
def test_lists_ask_the_same_number_of_queries_for_one_and_for_more(cast, path):
    cast.producer.get(path)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert cast.producer.get(path).status_code == 200
        counts.append(len(seen))
        for _ in range(3):
            make_performance(make_production(cast.producing), make_hall(make_theatre()))
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def test_the_specification_is_open_and_whole(cast):
    answer = checked(Client().get(f"{BASE}/openapi.json"))
    assert answer["Access-Control-Allow-Origin"] == "*"
    spec = msgspec.json.decode(answer.content)
    assert (spec["openapi"], spec["info"]["version"]) == ("3.1.0", "2.0.0")
    assert checked(Client().get(f"{BASE}/openapi.json", headers={"If-None-Match": answer["ETag"]})).status_code == 304
    told = {(method.upper(), path) for path, methods in spec["paths"].items() for method in methods}
    assert told == {(one.method, one.path) for one in OPERATIONS}
    names = [operation["operationId"] for methods in spec["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in spec["paths"].items():
        assert not path.endswith("/")
        assert all(part == part.lower() or part.startswith("{") for part in path.split("/"))
        for method, operation in methods.items():
            assert operation["description"]
            assert {"400", "401", "403", "404"} <= set(operation["responses"])
            for parameter in operation["parameters"]:
                assert parameter["in"] == "header" or "_" not in parameter["name"]
            assert method in {"get", "post", "patch", "delete"}

"""The id of a production that was merged answers, wherever /api/v2 takes one, as what it was merged into."""

import pytest

from dip.exchange.queries.horizon import horizon
from dip.exchange.queries.performances import PerformanceFilter
from dip.exchange.queries.positions import PositionFilter, Stand, accepted_positions
from dip.programme.actions.joining import merge_productions
from dip.registry.terms import Role
from tests.api.modern import Cast, Modern, problem, tour_row
from tests.factories.programme import make_performance, make_production
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def old(cast) -> str:
    """The id under which an evening of the production was entered first, in the same house."""
    twin = make_production(cast.producing, agency=cast.acting)
    cast.moved = make_performance(twin, cast.hall)
    push(cast.moved, tickets(7, 175_00))
    platform = make_access(make_organisation(Role.PLATFORM), super_user=True)
    merge_productions(access=platform, at=NOW, goes_id=twin.pk, stays_id=cast.production.pk, figured=[cast.moved.pk])
    return twin.dip_id


def test_a_production_reads_by_the_old_id(cast, old):
    for who in (cast.producer, cast.agency, cast.theatre):
        found, standing = who.get(f"/productions/{old}"), who.get(cast.production_path)
        assert found.json() == standing.json()
        assert (found.json()["dipId"], found.json()["mergedInto"]) == (cast.production.dip_id, None)
        assert found["ETag"] == standing["ETag"]
    for stranger in (cast.stranger, cast.strange_house, Modern(make_organisation(Role.AGENCY), Role.AGENCY)):
        problem(stranger.get(f"/productions/{old}"), 404, "not-found")


def test_in_the_changes_the_old_one_stays_as_a_state(cast, old):
    found = {one["dipId"]: one["mergedInto"] for one in cast.producer.get("/productions").json()["items"]}
    assert found == {cast.production.dip_id: None, old: cast.production.dip_id}


def test_performances_and_positions_are_narrowed_by_the_old_id(cast, old):
    def narrowed(path, member, by):
        return [one[member] for one in cast.theatre.get(path, production=by).json()["items"]]

    public = {one.number for one in (*cast.evenings, cast.moved)}
    assert set(narrowed("/performances", "number", old)) == public
    assert narrowed("/performances", "number", cast.production.dip_id) == narrowed("/performances", "number", old)
    assert narrowed("/positions", "performance", old) == [cast.moved.number]
    assert narrowed("/positions", "production", old) == [cast.production.dip_id]
    assert narrowed("/performances", "number", "NL-26-00000-00001") == []
    assert cast.stranger.get("/performances", production=old).json()["items"] == []


def test_what_is_accepted_later_is_narrowed_by_the_old_id_too(cast, old):
    given, everything = PositionFilter(PerformanceFilter(production=old)), Stand(0, 0)
    push(make_performance(make_production(cast.producing), cast.hall), tickets(3))
    read = accepted_positions(make_access(cast.house), given, everything, horizon(), 100)
    assert [one.performance for one in read.items] == [cast.moved.number]


def test_writing_by_the_old_id_changes_what_counts(cast, old):
    changed = cast.producer.change(f"/productions/{old}", {"title": "De Vlonder, samen"})
    assert (changed.json()["dipId"], changed.json()["title"]) == (cast.production.dip_id, "De Vlonder, samen")
    made = cast.producer.post(f"/productions/{old}/performances", [tour_row(cast)])
    assert made.status_code == 201, made.content
    assert made.json()["items"][0]["production"]["dipId"] == cast.production.dip_id
    problem(cast.stranger.post(f"/productions/{old}/performances", [tour_row(cast)]), 404, "not-found")


def test_the_old_id_costs_no_query_more(cast, old, django_assert_num_queries):
    cast.producer.get(cast.production_path)
    with django_assert_num_queries(2):
        cast.producer.get(cast.production_path)
    with django_assert_num_queries(2):
        cast.producer.get(f"/productions/{old}")

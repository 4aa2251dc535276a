"""Closed sales days, four weeks beside a performance, single positions, restatements."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dip.registry.terms import Role
from dip.sales.queries import history, visible
from dip.sales.terms import AsOf, Cadence
from dip.ticketing.terms import Measure
from tests.factories.programme import make_production, make_theatre
from tests.factories.registry import make_access, make_organisation
from tests.sales import cast

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
HERE = AsOf(NOW)
pytestmark = pytest.mark.django_db


@pytest.fixture
def tour():
    producer, theatre, stranger = cast.make_house()
    performances = cast.make_tour(producer, [theatre, None], NOW)
    return producer, theatre, stranger, performances


def seen(access, performances):
    return visible.evenings_of_tour(access, performances[0].production_id)


def test_a_day_closes_with_its_newest_state(tour):
    producer, _, _, (performance, _) = tour
    cast.put(performance, datetime(2026, 11, 20, 9, tzinfo=UTC), normal=5)
    cast.put(performance, datetime(2026, 11, 20, 22, tzinfo=UTC), normal=8)
    cast.put(performance, datetime(2026, 11, 21, 2, tzinfo=UTC), normal=9)  # 03:00: still the 20th
    cast.put(performance, datetime(2026, 11, 21, 9, tzinfo=UTC), normal=7, discount=4)
    access = make_access(producer)
    found = history.day_states(access, seen(access, [performance])[0], HERE)
    assert [(d.sales_date, d.sold, d.recette_cents) for d in found] == [
        (date(2026, 11, 20), 9, 22500),
        (date(2026, 11, 21), 11, 27500),
    ]
    earlier = AsOf(datetime(2026, 11, 20, 12, tzinfo=UTC), True)
    assert [d.sold for d in history.day_states(access, seen(access, [performance])[0], earlier)] == [5]


def test_new_tickets_of_a_tour_per_date_and_per_distance(tour):
    producer, _, _, (one, two) = tour
    cast.sell(one, NOW, 10, 14)
    cast.sell(two, NOW, 3, 3, 9)
    access = make_access(producer)
    evenings = seen(access, [one])
    per_date = history.new_per_date(access, evenings, HERE)
    assert per_date == {date(2026, 11, 20): 3, date(2026, 11, 21): 10, date(2026, 11, 22): 4 + 6}
    per_distance = history.new_per_distance(access, evenings, HERE)
    assert per_distance == {
        (one.number, 42): 10,
        (one.number, 41): 4,
        (two.number, 44): 3,
        (two.number, 43): 0,
        (two.number, 42): 6,
    }
    assert history.new_per_date(access, [], HERE) == {}


def test_four_weeks_of_closed_days_and_the_rhythm(tour):
    producer, _, _, (one, two) = tour
    cast.put(one, NOW - timedelta(days=60), normal=100)
    cast.sell(one, NOW, 110, 125)
    for hour in (8, 12, 16):
        cast.put(two, datetime(2026, 11, 21, hour, tzinfo=UTC), normal=hour)
    cast.settle(two)
    access = make_access(producer)
    found = history.paces(access, seen(access, [one]), HERE)
    assert len(found[one.number].per_day) == 28
    assert found[one.number].per_day[-3:] == (0, 10, 15)
    assert found[one.number].yesterday == 15
    assert found[one.number].cadence is Cadence.NIGHTLY
    assert found[two.number].per_day[-2:] == (16, 0)
    assert found[two.number].cadence is Cadence.HOURLY


def test_today_is_no_closed_day(tour):
    producer, _, _, (one, _) = tour
    cast.put(one, datetime(2026, 11, 23, 5, 30, tzinfo=UTC), normal=40)
    access = make_access(producer)
    assert history.paces(access, seen(access, [one])[:1], HERE)[one.number].per_day == (0,) * 28


def test_positions_tell_both_times_newest_knowledge_first(tour):
    producer, _, stranger, (one, _) = tour
    cast.put(one, NOW - 3 * cast.DAY, normal=5, free=2)
    cast.put(one, NOW - 4 * cast.DAY, NOW - 1 * cast.DAY, measure=Measure.BLOCKED, seats=12, source="Spreadsheet")
    access = make_access(producer)
    found = history.positions(access, seen(access, [one])[0], HERE)
    assert [(p.measure, p.sold, p.free, p.seats, p.source) for p in found] == [
        (3, None, None, 12, "Spreadsheet"),
        (1, 5, 2, None, "Kassa De Vlonder"),
    ]
    assert history.positions(make_access(stranger, Role.THEATRE), seen(access, [one])[0], HERE) == []
    facts = history.facts(access, seen(access, [one])[0], HERE)
    cast.put(one, NOW - 1 * cast.DAY, measure=Measure.CAPACITY, seats=650, ranks=[400, 250])
    assert history.facts(access, seen(access, [one])[0], HERE)[4].ranks == (400, 250)
    assert {m: f.source for m, f in facts.items()} == {1: "Kassa De Vlonder", 3: "Spreadsheet"}
    assert len(history.positions(access, seen(access, [one])[0], AsOf(NOW - 2 * cast.DAY, True))) == 1


def test_restatements_of_the_last_days_with_both_numbers(tour):
    producer, _, stranger, (one, _) = tour
    first = cast.put(one, NOW - 3 * cast.DAY, normal=559)
    cast.put(one, NOW - 3 * cast.DAY, NOW - 1 * cast.DAY, normal=552, restates=first)
    old = cast.put(one, NOW - 60 * cast.DAY, normal=3)
    cast.put(one, NOW - 60 * cast.DAY, NOW - 50 * cast.DAY, normal=4, restates=old)
    access = make_access(producer)
    evenings = seen(access, [one])
    (found,) = history.restatements(access, evenings, HERE, days=14)
    assert (found.sold_before, found.sold_after, found.sales_date, found.city) == (559, 552, date(2026, 11, 20), one.theatre.city)
    assert len(history.restatements(access, evenings, HERE)) == 2
    assert history.restatements(access, evenings, AsOf(NOW - 2 * cast.DAY, True), days=14) == []
    assert history.restatements(make_access(stranger, Role.PRODUCER), evenings, HERE) == []


def test_who_sees_which_performances(tour):
    producer, theatre, stranger, performances = tour
    agency, partner = make_organisation(Role.AGENCY), make_organisation(Role.PRODUCER)
    production = performances[0].production
    production.agency = agency
    production.save()
    production.co_producers.add(partner)
    for organisation in (producer, agency, partner):
        access = make_access(organisation)
        assert len(visible.evenings_of_season(access, 2026)) == 2
        assert visible.evenings_of_season(access, 2025) == []
        assert visible.tour(access, production.dip_id).title == production.title
        assert len(seen(access, performances)) == 2
    house = make_access(theatre)
    assert [e.number for e in visible.evenings_of_season(house, 2026)] == [performances[0].number]
    assert [e.number for e in seen(house, performances)] == [performances[0].number]
    assert visible.evening(house, performances[1].number) is None
    assert visible.tour(house, production.dip_id)
    for role in (Role.PRODUCER, Role.THEATRE):
        access = make_access(stranger, role)
        assert visible.evenings_of_season(access, 2026) == []
        assert visible.tour(access, production.dip_id) is None
        assert visible.evening(access, performances[0].number) is None
    funder = make_access(make_organisation(Role.PLATFORM))
    assert visible.tour(funder, production.dip_id) is None
    assert visible.evening(funder, performances[0].number) is None
    assert seen(funder, performances) == []


def test_a_theatre_does_not_follow_a_production_that_plays_elsewhere():
    house = make_organisation(Role.THEATRE)
    make_theatre(house)
    assert visible.tour(make_access(house), make_production().dip_id) is None
    assert len(visible.theatre_names(make_access(house))) == 1
    assert visible.theatre_names(make_access(make_organisation())) == []

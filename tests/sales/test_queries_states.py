"""States now and as known then: what counts is what was true and known, never the order in which it came."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dip.registry.terms import Role
from dip.sales.queries import states, visible
from dip.sales.terms import AsOf
from dip.ticketing.models import Position
from dip.ticketing.terms import Measure
from tests.factories.programme import make_performance
from tests.factories.registry import make_access
from tests.sales import cast

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    producer, theatre, stranger = cast.make_house()
    (performance,) = cast.make_tour(producer, [theatre], NOW)
    return producer, theatre, stranger, performance


def line(access, performance, as_of=None):
    (found,) = states.lines(access, [visible.evening(access, performance.number)], as_of or AsOf(NOW))
    return found


def test_the_newest_state_and_a_day_earlier(house):
    producer, _, _, performance = house
    cast.sell(performance, NOW, 300, 320, 338, reserved=7, blocked=20)
    found = line(make_access(producer), performance)
    assert (found.state.sold, found.before.sold, found.sold_since) == (338, 320, 18)
    assert (found.state.reserved, found.state.blocked, found.state.for_sale) == (7, 20, 700)
    assert found.before.reserved is None
    assert found.source == "Kassa De Vlonder"


def test_without_news_for_a_day_nothing_changed(house):
    producer, _, _, performance = house
    cast.put(performance, NOW - 3 * cast.DAY, normal=10)
    cast.settle(performance, NOW)
    found = line(make_access(producer), performance)
    assert found.state == found.before


def test_a_performance_without_figures_has_its_agreed_capacity(house):
    producer, _, _, performance = house
    found = line(make_access(producer), performance)
    assert not found.state.has_tickets
    assert found.state.capacity == 720
    assert found.confirmed_at is None


def test_capacity_as_pushed_wins_from_when_it_was_known(house):
    producer, _, _, performance = house
    cast.put(performance, NOW - 5 * cast.DAY, normal=10)
    cast.put(performance, NOW - 2 * cast.DAY, measure=Measure.CAPACITY, seats=650, ranks=[400, 250])
    cast.settle(performance)
    access = make_access(producer)
    assert line(access, performance).state.capacity == 650
    assert line(access, performance, AsOf(NOW - 3 * cast.DAY, True)).state.capacity == 720


def test_an_earlier_moment_sees_only_what_was_known(house):
    producer, _, _, performance = house
    cast.put(performance, NOW - 5 * cast.DAY, normal=100)
    cast.put(performance, NOW - 4 * cast.DAY, NOW - 1 * cast.DAY, normal=130)  # arrived three days late
    cast.settle(performance, NOW)
    access = make_access(producer)
    assert line(access, performance, AsOf(NOW - 2 * cast.DAY, True)).state.sold == 100
    assert line(access, performance, AsOf(NOW, True)).state.sold == 130
    assert line(access, performance, AsOf(NOW - 6 * cast.DAY, True)).state.has_tickets is False


def test_a_late_older_row_does_not_displace_a_newer_one(house):
    producer, _, _, performance = house
    cast.put(performance, NOW - 2 * cast.DAY, normal=100)
    cast.put(performance, NOW - 4 * cast.DAY, NOW - 1 * cast.DAY, normal=90)
    cast.settle(performance, NOW)
    assert line(make_access(producer), performance, AsOf(NOW, True)).state.sold == 100


@pytest.mark.parametrize("role", ["stranger", "colleague theatre"])
def test_others_see_no_state(house, role):
    _, _, stranger, performance = house
    cast.sell(performance, NOW, 300)
    access = make_access(stranger, Role.PRODUCER if role == "stranger" else Role.THEATRE)
    assert visible.evening(access, performance.number) is None
    assert (
        states.lines(access, [visible.evening(make_access(performance.production.producer), performance.number)], AsOf(NOW))[
            0
        ].state.sold
        == 0
    )


def test_a_fixed_number_of_queries(house, django_assert_num_queries):
    producer, _, _, _ = house
    performances = cast.make_tour(producer, [None, None, None], NOW)
    for performance in performances:
        cast.sell(performance, NOW, 1, 2, 3)
    access = make_access(producer)
    evenings = visible.evenings_of_tour(access, performances[0].production_id)
    with django_assert_num_queries(2):
        states.lines(access, evenings[:1], AsOf(NOW))
    with django_assert_num_queries(2):
        states.lines(access, evenings, AsOf(NOW))
    with django_assert_num_queries(3):
        states.lines(access, evenings, AsOf(NOW - cast.DAY, True))


MOMENTS = st.integers(0, 20)
ROWS = st.lists(
    st.tuples(MOMENTS, MOMENTS, st.integers(0, 700)), min_size=1, max_size=12, unique_by=lambda row: (row[0], row[0] + row[1])
)


def reference(rows, known):
    """What the definition says: of what was known, the newest true moment, of that the newest known."""
    seen = [(true, true + lag, sold) for true, lag, sold in rows if true + lag <= known]
    return max(seen)[2] if seen else None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, known=st.integers(0, 45), data=st.data())
def test_any_order_of_arrival_gives_the_same_state(house, rows, known, data):
    producer = house[0]
    performance = make_performance(house[3].production, house[3].hall)
    begin = NOW - timedelta(days=40)
    for true, lag, sold in data.draw(st.permutations(rows)):
        cast.put(performance, begin + true * cast.HOUR, begin + (true + lag) * cast.HOUR, normal=sold)
    cast.settle(performance, NOW)
    found = line(make_access(producer), performance, AsOf(begin + known * cast.HOUR, True))
    expected = reference(rows, known)
    assert found.state.has_tickets == (expected is not None)
    assert found.state.sold == (expected or 0)


def test_positions_stay(house):
    producer, _, _, performance = house
    cast.sell(performance, NOW, 1, 2)
    assert Position.objects.within(make_access(producer)).count() == 2


def test_moments_are_those_that_were_stored(house):
    producer, _, _, performance = house
    cast.sell(performance, NOW, 10)
    found = visible.evening(make_access(producer), performance.number)
    assert found.starts_at == performance.starts_at
    assert line(make_access(producer), performance).confirmed_at == NOW.replace(hour=1, minute=40)

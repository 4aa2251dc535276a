"""Accepting figures: what is written, what is confirmed, what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import FindingCode, Measure, PositionRow
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, push_rows, push_totals, theatre_access, tickets

pytestmark = pytest.mark.django_db
ALL = "tests look at everything"


def positions(performance, measure=Measure.TICKETS):
    rows = Position.objects.across_tenants(ALL).filter(performance=performance, measure=measure)
    return list(rows.order_by("true_at", "known_at", "id"))


def state(performance):
    return PerformanceSales.objects.across_tenants(ALL).get(performance=performance)


def codes(receipt):
    return [finding.code for finding in receipt.findings]


def test_first_push_makes_position_state_and_delivery():
    performance = make_performance()
    receipt = push(performance, tickets(100, 20, 5, 2))
    assert (receipt.row_count, receipt.accepted, receipt.unchanged, receipt.rejected) == (1, 1, 0, 0)
    (position,) = positions(performance)
    assert (position.normal_tickets, position.discount_cents, position.sales_date) == (100, 40_000, date(2026, 11, 23))
    assert position.delivery_id == receipt.delivery_id
    now = state(performance)
    assert (now.sold, now.free_tickets, now.recette_cents) == (122, 5, 250_000 + 40_000 + 5_000)
    assert now.tickets_true_at == now.confirmed_at == now.known_at == NOW
    delivery = Delivery.objects.across_tenants(ALL).get(pk=receipt.delivery_id)
    assert (delivery.row_count, delivery.accepted_count, delivery.source) == (1, 1, "Kassa De Vlonder")


def test_repeat_writes_no_position_and_moves_the_confirmation():
    performance = make_performance()
    push(performance, tickets(100))
    later = NOW + timedelta(days=1)
    receipt = push(performance, tickets(100), true_at=later)
    assert (receipt.accepted, receipt.unchanged) == (0, 1)
    assert len(positions(performance)) == 1
    assert state(performance).confirmed_at == state(performance).tickets_true_at == later


def test_older_push_is_history_and_does_not_displace():
    performance = make_performance()
    push(performance, tickets(100))
    older = NOW - timedelta(days=3)
    receipt = push(performance, tickets(60), true_at=older, at=NOW + timedelta(hours=1))
    assert codes(receipt) == [FindingCode.OLDER]
    assert [p.normal_tickets for p in positions(performance)] == [60, 100]
    assert state(performance).sold == 100
    assert state(performance).tickets_true_at == NOW


def test_late_row_below_a_confirmation_does_not_swallow_it():
    performance = make_performance()
    push(performance, tickets(100))
    push(performance, tickets(100), true_at=NOW + timedelta(days=4))
    push(performance, tickets(90), true_at=NOW + timedelta(days=2), at=NOW + timedelta(days=5))
    assert [(p.true_at - NOW, p.normal_tickets) for p in positions(performance)] == [
        (timedelta(0), 100),
        (timedelta(days=2), 90),
        (timedelta(days=4), 100),
    ]
    assert state(performance).sold == 100


def test_correction_for_the_same_moment_wins_and_restates_a_closed_day():
    performance = make_performance()
    push(performance, tickets(559))
    receipt = push(performance, tickets(552), true_at=NOW, at=NOW + timedelta(days=2))
    assert codes(receipt) == [FindingCode.RESTATES]
    first, second = positions(performance)
    assert second.restates_id == first.pk
    assert state(performance).sold == 552
    assert state(performance).tickets_true_at == NOW


def test_what_was_known_then_can_be_read_back():
    performance = make_performance()
    push(performance, tickets(559))
    push(performance, tickets(570), true_at=NOW + timedelta(days=1))
    push(performance, tickets(552), true_at=NOW, at=NOW + timedelta(days=2))

    def closing(day, known_at):
        rows = [p for p in positions(performance) if p.sales_date <= day and p.known_at <= known_at]
        return max(rows, key=lambda p: (p.true_at, p.known_at, p.pk)).normal_tickets

    first, second = date(2026, 11, 23), date(2026, 11, 24)
    assert [closing(day, NOW + timedelta(days=1)) for day in (first, second)] == [559, 570]
    assert [closing(day, NOW + timedelta(days=2)) for day in (first, second)] == [552, 570]
    assert state(performance).sold == 570


def test_correction_on_the_open_day_restates_nothing():
    performance = make_performance()
    push(performance, tickets(559))
    push(performance, tickets(552), true_at=NOW, at=NOW + timedelta(hours=2))
    assert [p.restates_id for p in positions(performance)] == [None, None]


def test_nightly_push_that_arrives_after_breakfast_restates_nothing():
    performance = make_performance()
    push(performance, tickets(10), true_at=NOW, at=NOW + timedelta(days=1))
    push(performance, tickets(20), true_at=NOW + timedelta(days=1), at=NOW + timedelta(days=2))
    assert [p.restates_id for p in positions(performance)] == [None, None]


def test_several_moments_of_one_performance_in_one_body():
    performance = make_performance()
    access = theatre_access(performance)
    rows = [PositionRow(performance.number, tickets(10 * day), NOW - timedelta(days=9 - day), row=day) for day in range(9)]
    receipt = push_rows(access, rows[::-1])
    assert receipt.accepted == 9
    assert [p.normal_tickets for p in positions(performance)] == [10 * day for day in range(9)]
    assert state(performance).sold == 80


def test_bad_rows_are_refused_one_by_one():
    performance = make_performance()
    access = theatre_access(performance)
    elsewhere = make_performance()
    concept = make_performance(hall=performance.hall, state="concept")
    rows = [
        PositionRow(performance.number, tickets(7), NOW, row=0),
        PositionRow(elsewhere.number, tickets(7), NOW, row=1),
        PositionRow(987_654_321, tickets(7), NOW, row=2),
        PositionRow(2**70, tickets(7), NOW, row=3),
        PositionRow(concept.number, tickets(7), NOW, row=4),
        PositionRow(performance.number, tickets(-1), NOW, row=5),
        PositionRow(performance.number, tickets(2**31), NOW, row=6),
        PositionRow(performance.number, tickets(7), NOW + timedelta(minutes=11), row=7),
        PositionRow(performance.number, tickets(7), NOW, "NL-26-00001-00001", row=8),
    ]
    receipt = push_rows(access, rows)
    unknown = FindingCode.UNKNOWN_PERFORMANCE
    assert [(f.row, f.code) for f in receipt.findings] == [
        (1, unknown),
        (2, unknown),
        (3, unknown),
        (4, unknown),
        (5, FindingCode.NEGATIVE),
        (6, FindingCode.OUT_OF_RANGE),
        (7, FindingCode.IN_FUTURE),
        (8, FindingCode.OTHER_PRODUCTION),
    ]
    assert (receipt.accepted, receipt.rejected) == (1, 8)
    assert state(performance).sold == 7
    assert not positions(elsewhere)


def test_stranger_and_unknown_get_the_same_answer():
    performance = make_performance()
    stranger = make_access(make_theatre(make_organisation(Role.THEATRE)).organisation, Role.THEATRE)
    known = push_rows(stranger, [PositionRow(performance.number, tickets(1), NOW)]).findings[0]
    missing = push_rows(stranger, [PositionRow(999_999_999, tickets(1), NOW)]).findings[0]
    assert known.code == missing.code
    assert not PerformanceSales.objects.across_tenants(ALL).exists()


def test_remarkable_rows_are_kept_and_told():
    performance = make_performance(state="cancelled", is_private=True, hall=make_hall(capacity=100))
    receipt = push(performance, (90, 0, 20, 0, 225_000, 0, 400, 0))
    told = {FindingCode.FREE_WITH_RECETTE, FindingCode.OVER_CAPACITY, FindingCode.CANCELLED, FindingCode.PRIVATE}
    assert set(codes(receipt)) == told
    assert receipt.accepted == 1


def test_a_steep_drop_is_kept_and_told():
    performance = make_performance()
    push(performance, tickets(100))
    assert codes(push(performance, tickets(80), true_at=NOW + timedelta(hours=1))) == []
    receipt = push(performance, tickets(60), true_at=NOW + timedelta(hours=2))
    assert codes(receipt) == [FindingCode.DROP]
    assert state(performance).sold == 60


def test_twice_in_one_body_the_later_counts():
    performance = make_performance()
    access = theatre_access(performance)
    rows = [PositionRow(performance.number, tickets(n), NOW, row=row) for row, n in enumerate((5, 6, 6))]
    receipt = push_rows(access, rows)
    assert [(f.row, f.code) for f in receipt.findings] == [(0, FindingCode.REPLACED_IN_BODY), (1, FindingCode.REPEATED_IN_BODY)]
    assert (receipt.accepted, receipt.unchanged, receipt.rejected) == (1, 1, 1)
    assert state(performance).sold == 6


def test_the_other_measures_have_their_own_columns():
    performance = make_performance()
    push_totals(performance, reserved=12, blocked=8, ranks=(300, 0, 120))
    push(performance, tickets(40))
    now = state(performance)
    assert (now.reserved, now.reserved_cents, now.blocked, now.blocked_cents) == (12, 30_000, 8, None)
    assert (now.capacity, now.capacity_by_rank, now.sold) == (420, [300, 0, 120], 40)
    (position,) = positions(performance, Measure.CAPACITY)
    assert (position.seats, position.ranks) == (420, [300, 0, 120])
    push_totals(performance, reserved=12, blocked=9, ranks=(300, 0, 120), at=NOW + timedelta(hours=1))
    assert [len(positions(performance, measure)) for measure in Measure] == [1, 1, 2, 1]
    push_totals(performance, ranks=(300,), blocked=3, at=NOW - timedelta(days=3))
    assert state(performance).capacity == 420
    assert [p.ranks for p in positions(performance, Measure.CAPACITY)] == [[300], [300, 0, 120]]


def test_sales_date_follows_the_venue():
    theatre = make_theatre(time_zone="America/New_York")
    performance = make_performance(hall=make_hall(theatre))
    access = theatre_access(performance)
    local = datetime(2026, 11, 23, 4, 59)  # noqa: DTZ001  the venue's clock
    push_rows(access, [PositionRow(performance.number, tickets(1), local)], at=NOW + timedelta(hours=1))
    (position,) = positions(performance)
    assert position.true_at == datetime(2026, 11, 23, 9, 59, tzinfo=UTC)
    assert position.sales_date == date(2026, 11, 22)


@pytest.mark.parametrize(
    "make",
    [
        lambda org: make_access(make_organisation(Role.PRODUCER), Role.PRODUCER),
        lambda org: make_access(org, Role.THEATRE, {Module.SALES: Level.VIEW}),
        lambda org: make_access(org, Role.THEATRE, {Module.PROGRAMME: Level.APPROVE}),
    ],
)
def test_only_a_theatre_that_manages_sales_may_push(make):
    performance = make_performance()
    theatre_access(performance)
    access = make(performance.theatre.organisation)
    with pytest.raises(AccessDenied):
        push(performance, tickets(1), access=access)


def test_positions_cannot_be_changed_or_deleted():
    performance = make_performance()
    push(performance, tickets(1))
    for statement in (
        "UPDATE ticketing_position SET normal_tickets = 2",
        "DELETE FROM ticketing_position",
        "DELETE FROM ticketing_delivery",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_queries_do_not_grow_with_the_body(django_assert_num_queries):
    first = make_performance()
    access = theatre_access(first)
    others = [make_performance(first.production, first.hall, starts_at=first.starts_at + timedelta(days=n)) for n in range(1, 4)]
    for performances in ([first], others):
        rows = [PositionRow(p.number, tickets(3), NOW) for p in performances]
        # begin, lock, delivery, COPY, uncoupled theatres, commit; facts and states go past the count
        with django_assert_num_queries(6):
            push_rows(access, rows)

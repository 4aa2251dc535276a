"""Two systems push the same performances at once: one waits for the other, and nothing is lost or doubled."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import Measure, PositionRow
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW
from tests.factories.ticketing import push, push_rows, theatre_access, tickets

ALL = "tests look at everything"
THREADS, ROUNDS = 4, 6


@pytest.mark.django_db(transaction=True)
def test_pushes_at_once_end_in_the_newest_state():
    hall, production = make_hall(make_theatre()), make_production()
    performances = [make_performance(production, hall, starts_at=NOW + timedelta(days=30 + n)) for n in range(20)]
    access = theatre_access(performances[0])
    start, errors = threading.Barrier(THREADS), []

    def system(who: int) -> None:
        try:
            start.wait()
            for turn in range(ROUNDS):
                moment = turn * THREADS + who
                order = performances if who % 2 else performances[::-1]
                rows = [PositionRow(p.number, tickets(moment), NOW + timedelta(minutes=moment), row=n) for n, p in enumerate(order)]
                push_rows(access, rows, at=NOW + timedelta(hours=1))
        except Exception as error:  # told to the test below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=system, args=(who,)) for who in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    last = THREADS * ROUNDS - 1
    states = PerformanceSales.objects.across_tenants(ALL)
    assert {(s.sold, s.tickets_true_at) for s in states} == {(last, NOW + timedelta(minutes=last))}
    written = Position.objects.across_tenants(ALL)
    assert written.count() == len(performances) * THREADS * ROUNDS
    assert Delivery.objects.across_tenants(ALL).count() == THREADS * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_the_same_push_twice_at_once_is_written_once():
    performance = make_performance()
    access = theatre_access(performance)
    start, accepted = threading.Barrier(2), []

    def system() -> None:
        start.wait()
        accepted.append(push(performance, tickets(9), access=access).accepted)
        connection.close()

    threads = [threading.Thread(target=system) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(accepted) == [0, 1]
    assert Position.objects.across_tenants(ALL).filter(measure=Measure.TICKETS).count() == 1

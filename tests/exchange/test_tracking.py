"""Every write of a production or performance is stamped; a reader by cursor passes over nothing that commits late."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dip.exchange.api import paging
from dip.exchange.models import adoption
from dip.exchange.queries.horizon import horizon
from dip.exchange.queries.performances import PerformanceFilter, changed_performances, withdrawn_performances
from dip.exchange.queries.productions import ProductionFilter, changed_productions, withdrawn_productions
from dip.exchange.terms import Window
from dip.programme import actions
from dip.programme.models import Departure, Performance, Production, triggers
from dip.registry.terms import Role
from dip.ticketing.models import Position
from tests.api.modern import Cast, problem
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, tickets

EVER = Window(0, 2**62)


def stamp(row):
    """The transaction that changed the row last, as another would read it."""
    return type(row).objects.values_list("changed_txid", flat=True).get(pk=row.pk)


def changed(access, place=(0, 0)):
    return [one.number for one in changed_performances(access, PerformanceFilter(), place, horizon(), 1000).items]


@pytest.mark.django_db(transaction=True)
def test_writes_in_bulk_and_past_the_models_are_stamped_too():
    performance = make_performance()
    first = stamp(performance)
    Performance.objects.filter(pk=performance.pk).update(is_private=True)
    second = stamp(performance)
    assert second > first
    performance.refresh_from_db()
    performance.kind = "premiere"
    Performance.objects.bulk_update([performance], ["kind"])
    third = stamp(performance)
    assert third > second
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programme_performance SET capacity = 7 WHERE number = %s", [performance.pk])
    assert stamp(performance) > third


@pytest.mark.django_db(transaction=True)
def test_a_write_that_changes_nothing_leaves_the_stamp_and_a_forgotten_moment_is_noted():
    production = make_production()
    first = stamp(production)
    production.refresh_from_db()
    production.save()
    assert stamp(production) == first
    before = production.changed_at
    Production.objects.filter(pk=production.pk).update(title="Anders")
    production.refresh_from_db()
    assert production.changed_at > before


@pytest.mark.django_db(transaction=True)
def test_a_new_co_producer_sees_what_was_there_and_a_former_one_is_told_to_drop_it():
    partner = make_access(role=Role.PRODUCER)
    production = make_production()
    performance = make_performance(production)
    until = horizon()
    assert changed(partner) == []
    production.co_producers.add(partner.organisation_id)
    assert changed(partner, (until, 0)) == [performance.number]
    until = horizon()
    production.co_producers.remove(partner.organisation_id)
    assert changed(partner, (until, 0)) == []
    window = Window(until, horizon())
    assert [one.number for one in withdrawn_performances(partner, window)] == [performance.number]
    assert [one.dip_id for one in withdrawn_productions(partner, window)] == [production.dip_id]
    stranger = make_access(role=Role.PRODUCER)
    assert withdrawn_performances(stranger, EVER) == []


@pytest.mark.django_db(transaction=True)
def test_a_performance_that_moves_leaves_one_theatre_and_comes_to_another():
    houses = [make_organisation(Role.THEATRE) for _ in range(2)]
    halls = [make_hall(make_theatre(house)) for house in houses]
    producer = make_organisation(Role.PRODUCER)
    performance = make_performance(make_production(producer), halls[0])
    old, new = (make_access(house, Role.THEATRE) for house in houses)
    until = horizon()
    actions.move_performance(
        access=make_access(producer), at=NOW, number=performance.number, starts_at=performance.starts_at,
        theatre_id=halls[1].theatre_id, hall_id=halls[1].pk,
    )  # fmt: skip
    window = Window(until, horizon())
    assert [one.number for one in withdrawn_performances(old, window)] == [performance.number]
    assert changed(new, (until, 0)) == [performance.number]
    assert withdrawn_performances(new, window) == []


@pytest.mark.django_db(transaction=True)
def test_what_comes_back_is_not_told_as_gone():
    house = make_organisation(Role.THEATRE)
    here, there = make_hall(make_theatre(house)), make_hall(make_theatre(make_organisation(Role.THEATRE)))
    performance = make_performance(hall=here)
    for hall in (there, here):
        Performance.objects.filter(pk=performance.pk).update(theatre=hall.theatre, hall=hall)
    assert Departure.objects.across_tenants("tests look at everything").count() == 2
    assert withdrawn_performances(make_access(house, Role.THEATRE), EVER) == []


@pytest.mark.django_db(transaction=True)
def test_a_theatre_that_gets_an_organisation_hands_its_performances_over():
    theatre = make_theatre()
    performance = make_performance(hall=make_hall(theatre))
    house = make_organisation(Role.THEATRE)
    until = horizon()
    theatre.organisation = house
    theatre.save()
    assert changed(make_access(house, Role.THEATRE), (until, 0)) == [performance.number]


@pytest.mark.django_db(transaction=True)
def test_an_answered_request_changes_the_performance():
    house, producer = make_organisation(Role.THEATRE), make_organisation(Role.PRODUCER)
    theatre = make_theatre(house, contact_email="kassa@vlonder.example")
    performance = make_performance(make_production(producer), make_hall(theatre), state="concept")
    provider = make_access(producer)
    actions.publish_performances(access=provider, at=NOW, numbers=[performance.number])
    until = horizon()
    actions.confirm_connections(access=make_access(house, Role.THEATRE), at=NOW, numbers=[performance.number])
    found = changed_performances(provider, PerformanceFilter(), (until, 0), horizon(), 10).items
    assert [(one.number, one.connection) for one in found] == [(performance.number, "confirmed")]


@pytest.mark.django_db(transaction=True)
def test_a_theatre_meets_a_production_when_it_is_published_in_its_house():
    house = make_organisation(Role.THEATRE)
    access = make_access(house, Role.THEATRE)
    performance = make_performance(hall=make_hall(make_theatre(house)), state="concept")
    until = horizon()
    assert changed_productions(access, ProductionFilter(), (0, 0), until, 10).items == []
    Performance.objects.filter(pk=performance.pk).update(status="published", published_at=NOW)
    found = changed_productions(access, ProductionFilter(), (until, 0), horizon(), 10).items
    assert [one.dip_id for one in found] == [performance.production.dip_id]


@pytest.mark.django_db(transaction=True)
def test_an_older_transaction_that_commits_later_is_not_passed_over():
    """Two connections: the first takes its number and waits; the second commits; a reader comes by; then the first commits."""
    producer = make_organisation(Role.PRODUCER)
    production, hall = make_production(producer), make_hall()
    older, newer = (make_performance(production, hall, starts_at=NOW + timedelta(days=n)) for n in (10, 11))
    access = make_access(producer)
    place = (horizon(), 0)
    has_number, may_commit, is_done = threading.Event(), threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                Performance.objects.filter(pk=older.pk).update(is_private=True)
                has_number.set()
                may_commit.wait(20)
        finally:
            connection.close()
            is_done.set()

    thread = threading.Thread(target=slow)
    thread.start()
    assert has_number.wait(20)
    Performance.objects.filter(pk=newer.pk).update(is_private=True)  # a higher number, committed first
    until = horizon()
    seen = [one.number for one in changed_performances(access, PerformanceFilter(), place, until, 10).items]
    assert seen == [], "what lies above an open transaction waits for it"
    assert until == stamp_of_open(older)
    may_commit.set()
    assert is_done.wait(20)
    thread.join(20)
    assert changed(access, (until, 0)) == [older.number, newer.number]


def stamp_of_open(_row):
    """The oldest transaction that is open now: that of the thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(backend_xid::text::bigint) FROM pg_stat_activity WHERE backend_xid IS NOT NULL")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_readers_beside_many_writers_see_every_change():
    producer = make_organisation(Role.PRODUCER)
    production, hall = make_production(producer), make_hall()
    rows = [make_performance(production, hall, starts_at=NOW + timedelta(days=n)) for n in range(12)]
    access, place, seen = make_access(producer), (horizon(), 0), {}

    def writer(mine):
        try:
            for turn in range(1, 6):
                for row in mine:
                    with transaction.atomic():
                        Performance.objects.filter(pk=row.pk).update(capacity=turn)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(rows[n::3],)) for n in range(3)]
    for thread in threads:
        thread.start()
    busy = True
    while busy:
        busy = any(thread.is_alive() for thread in threads)
        until = horizon()
        page = changed_performances(access, PerformanceFilter(), place, until, 4)
        seen.update({one.number: one.capacity for one in page.items})
        place = page.last or (until, 0)
    while page.last:
        page = changed_performances(access, PerformanceFilter(), place, until, 4)
        seen.update({one.number: one.capacity for one in page.items})
        place = page.last or (until, 0)
    assert seen == {row.number: 5 for row in rows}


@pytest.mark.django_db(transaction=True)
def test_positions_of_another_cluster_can_be_read_again():
    performance = make_performance()
    push(performance, tickets(5))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ticketing_position DISABLE TRIGGER append_only")
        cursor.execute("UPDATE ticketing_position SET txid = %s", [2**60])
        cursor.execute("ALTER TABLE ticketing_position ENABLE TRIGGER append_only")
    adoption.install()
    position = Position.objects.across_tenants("tests look at everything").get()
    assert position.txid < horizon()
    with pytest.raises(DatabaseError, match="append-only"):
        position.save()


def test_a_cursor_of_another_cluster_is_refused(monkeypatch, db):
    cast = Cast()
    cursor = cast.producer.get("/performances").json()["cursor"]
    monkeypatch.setattr(paging, "cluster", lambda: 1)
    assert problem(cast.producer.get("/performances", cursor=cursor), 400)["errors"][0]["parameter"] == "cursor"


@pytest.mark.django_db(transaction=True)
def test_stamps_of_another_cluster_are_made_anew():
    performance = make_performance()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE programme_performance DISABLE TRIGGER stamp_change")
        cursor.execute("UPDATE programme_performance SET changed_txid = %s", [2**60])
        cursor.execute("ALTER TABLE programme_performance ENABLE TRIGGER stamp_change")
    triggers.install()
    assert stamp(performance) < horizon()

"""Reading a connection: what arrives, what is matched, what happens when it is broken off anywhere."""

from datetime import timedelta

import pytest
from django.db import connection as database
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.terms import Level, Module
from dip.ticketing.actions import reading_steps
from dip.ticketing.actions.connection_matches import confirm_matches, refuse_match
from dip.ticketing.actions.connections import map_kinds, pause_connection
from dip.ticketing.actions.readings import read_connection
from dip.ticketing.models import Delivery, Reading, SourceKind
from dip.ticketing.queries.connections import connection_row, remarkable
from dip.ticketing.rules.pacing import Cause
from tests.factories.programme import make_performance
from tests.factories.registry import make_membership, make_person
from tests.ticketing.connectors.house import ALL, positions, sales, state
from tests.ticketing.connectors.till import Failure

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(house):
    """(performance, date): a performance that the system knows by its DIP-id, with an order of three paid tickets."""
    performance = house.performance()
    date = house.date_of(performance)
    house.till.order(date, 1, 1, 2)
    house.till.tick(120)
    return performance, date


def test_the_first_reading_brings_everything(house, evening):
    performance, date = evening
    house.till.order(date, 1, status="n")
    house.till.vouchers[1] = 4
    reading = house.read()
    assert (reading.trouble, reading.changed, reading.cause) == ("", 1, "clock")
    found = sales(performance)
    assert (found.normal_tickets, found.discount_tickets, found.recette_cents) == (2, 1, 7000)
    assert (found.reserved, found.blocked, found.capacity, found.source) == (1, 4, 100, "pretix")
    beside = state(performance)
    assert (beside.available, beside.sales_status, beside.own_total, beside.resale) == (92, "on_sale", 4, None)
    assert {line["source_kind"] for line in beside.lines} == {"Normaal", "CJP"}
    connection = house.fresh()
    assert connection.heard_until == house.till.now
    assert timedelta(minutes=13) < connection.next_due_at - house.till.now < timedelta(minutes=17)
    house.theatre.refresh_from_db()
    assert house.theatre.is_coupled
    delivery = Delivery.objects.across_tenants(ALL).first()
    assert (delivery.organisation_id, delivery.source) == (house.organisation.pk, "pretix")


def test_a_later_reading_brings_what_changed_and_a_repeat_nothing(house, evening):
    performance, date = evening
    house.read()
    assert house.read().accepted == 0
    house.till.tick(600)
    house.till.order(date, 1)
    reading = house.read()
    assert (reading.changed, reading.accepted) == (1, 1)
    assert sales(performance).sold == 4
    assert [one.normal_tickets for one in positions(performance)] == [2, 3]
    house.till.tick(600)
    house.read()  # the edge of the last reading is read once more
    idle = house.read()
    assert (idle.questions, idle.changed) == (3, 0)


def test_figures_that_stand_still_are_confirmed_with_the_calendar(house, evening):
    performance, _ = evening
    house.read()
    before = sales(performance).confirmed_at
    house.till.tick(4000)
    house.read()
    assert sales(performance).confirmed_at == house.till.now > before
    assert len(positions(performance)) == 1


def test_a_wrong_id_is_told_and_the_likest_proposed_until_somebody_says(house):
    performance = house.performance()
    house.till.add_date(performance.starts_at + timedelta(minutes=10), dip_id="dip:perf:1")
    house.till.order(1, 1)
    house.read()
    event = house.event()
    assert (event.problem, event.proposed_id, event.performance_id) == ("unreadable_id", performance.pk, None)
    assert confirm_matches(access=house.access, at=house.now(), connection_id=house.connection.pk, refs=["trein/1"]) == 1
    assert house.fresh().next_due_at == house.now()
    house.read()
    assert sales(performance).sold == 1
    assert house.event().is_confirmed
    house.till.tick(4000)
    house.read()  # the calendar is looked at again; what a person said stands
    assert house.event().performance_id == performance.pk


def test_what_was_refused_is_not_proposed_again(house):
    performance = house.performance()
    house.date_of(performance, with_id=False)
    house.read()
    refuse_match(access=house.access, at=house.now(), connection_id=house.connection.pk, ref="trein/1")
    house.till.tick(4000)
    house.read()
    assert (house.event().proposed_id, house.event().refused) == (None, [performance.pk])


def test_a_performance_of_another_theatre_is_never_linked(house):
    elsewhere = make_performance(starts_at=house.till.now + timedelta(days=30))
    house.till.add_date(elsewhere.starts_at, dip_id=f"{elsewhere.production.dip_id}|{elsewhere.pk}")
    house.till.order(1, 1)
    house.read()
    assert (house.event().problem, house.event().performance_id, house.event().proposed_id) == ("other_theatre", None, None)


def test_an_id_that_is_corrected_in_the_system_links_by_itself(house):
    performance = house.performance()
    house.till.add_date(performance.starts_at, dip_id="100")
    house.till.order(1, 1)
    house.read()
    assert house.event().problem == "unknown_id"
    house.till.tick(600)
    house.till.change_date(1, meta_data={"dip_id": str(performance.pk)})
    house.read()
    assert house.event().performance_id == performance.pk
    assert sales(performance).sold == 1
    house.till.tick(600)
    house.till.change_date(1, meta_data={})
    house.read()  # and lets go when it is taken away
    assert (house.event().performance_id, house.event().proposed_id) == (None, performance.pk)


def test_moved_cancelled_and_gone_are_told(house, evening):
    performance, date = evening
    house.read()
    house.till.tick(600)
    house.till.change_date(date, date_from=(performance.starts_at + timedelta(days=1)).isoformat())
    house.read()
    (row,) = remarkable(house.access, house.connection.pk, house.now())
    assert row.remarks == ("moved",)
    house.till.tick(600)
    house.till.change("O0001", status="c")
    house.till.change_date(date, active=False, date_from=performance.starts_at.isoformat())
    house.read()
    (row,) = remarkable(house.access, house.connection.pk, house.now())
    assert row.remarks == ("cancelled_there",)
    assert sales(performance).sold == 0
    house.till.add_date(performance.starts_at + timedelta(days=2))
    del house.till.dates[0]
    house.till.tick(4000)
    house.read()
    (row,) = remarkable(house.access, house.connection.pk, house.now())
    assert row.remarks == ("gone",)


def test_kinds_are_remembered_as_guesses_and_counted_anew_once_mapped(house, evening):
    performance, _ = evening
    house.read()
    kinds = {one.name: (one.kind, one.is_guess) for one in SourceKind.objects.within(house.access)}
    assert kinds == {"Normaal": ("normal", True), "CJP": ("discount", True)}
    key = {"access": house.access, "connection_id": house.connection.pk}
    assert map_kinds(at=house.now(), kinds={"CJP": "other", "Normaal": "normal", "Nieuw": "free"}, **key) == 2
    assert map_kinds(at=house.now(), kinds={"CJP": "other"}, **key) == 0
    house.till.tick(60)
    house.read()
    assert (sales(performance).other_tickets, sales(performance).discount_tickets) == (1, 0)
    assert "kind_guessed" not in state(performance).quality


# --- trouble ------------------------------------------------------------------------------------------------------------------


def test_trouble_doubles_the_wait_and_success_ends_it_at_once(house, evening):
    performance, _ = evening
    house.till.failures = [Failure(500)] * 9
    waits = []
    for _ in range(3):
        assert house.read().trouble == "away"
        waits.append((house.fresh().next_due_at - house.now()) / timedelta(minutes=1))
    assert [round(wait / 30) for wait in waits] == [1, 2, 4]
    row = connection_row(house.access, house.connection.pk, house.now())
    assert (row.state, row.failures, row.trouble) == ("failing", 3, "away")
    assert house.read().trouble == ""
    connection = house.fresh()
    assert (connection.failures, connection.failing_since, connection.trouble) == (0, None, "")
    assert sales(performance).sold == 3


def test_the_system_may_ask_for_a_longer_wait(house, evening):
    house.till.failures = [Failure(429, headers={"Retry-After": "5400"})]
    assert house.read().trouble == "limit"
    assert house.fresh().next_due_at - house.now() >= timedelta(seconds=5400)


def test_a_refused_token_is_told_with_its_remedy(house, evening):
    house.till.token = "another"
    house.read()
    assert house.fresh().trouble == "credentials"


def test_people_are_mailed_once_after_hours_in_their_own_language(house):
    dutch = make_person(language="nl")
    make_membership(house.organisation, dutch, rights={Module.SALES: Level.MANAGE})
    make_membership(house.organisation, rights={Module.SALES: Level.VIEW})
    house.till.failures = [Failure(500)] * 99
    for hours in (0, 3, 4, 4, 4):
        house.till.tick(hours * 3600)
        house.read()
    jobs = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail")
    assert [job.args["to"] for job in jobs] == [dutch.email]
    assert f"/ticketing/connections/{house.connection.pk}" in jobs[0].args["body"]
    house.till.failures = []
    house.read()
    assert house.fresh().told_at is None


def test_after_an_hour_away_everything_arrives(house, evening):
    performance, date = evening
    house.read()
    house.till.failures = [Failure(503)] * 3
    house.till.tick(900)
    house.read()
    for _ in range(5):
        house.till.order(date, 1)
    house.till.change("O0001", status="c")
    house.till.tick(3600)
    assert house.read().trouble == ""
    assert sales(performance).sold == 5


def test_a_fault_of_ours_is_trouble_too_and_nothing_is_lost(house, evening, monkeypatch):
    performance, _ = evening
    monkeypatch.setattr(reading_steps, "tickets_of", lambda lines: 1 / 0)
    assert house.read().trouble == "fault"
    monkeypatch.undo()
    house.till.now += timedelta(minutes=5)
    assert house.read().trouble == ""
    assert sales(performance).sold == 3


# --- broken off ---------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """As if the worker died: nothing of ours catches it."""


@pytest.mark.parametrize("step", ["begin_reading", "keep_changes", "keep_calendar", "keep_snapshots", "end_reading"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_between_two_steps_loses_and_doubles_nothing(house, evening, monkeypatch, step, when):
    performance, _ = evening
    more = [house.performance(days=31 + n) for n in range(3)]
    for one in more:
        house.till.order(house.date_of(one), 1, 1)
    house.till.tick(120)
    real = getattr(reading_steps, step)

    def dying(**values):
        if when == "after":
            real(**values)
        raise Killed

    monkeypatch.setattr(reading_steps, step, dying)
    with pytest.raises(Killed):
        house.read()
    monkeypatch.undo()
    house.till.tick(30)
    reading = house.read()
    assert reading.trouble == ""
    assert [sales(one).sold for one in (performance, *more)] == [3, 2, 2, 2]
    assert [len(positions(one)) for one in (performance, *more)] == [1, 1, 1, 1]
    earlier = Reading.objects.across_tenants(ALL).exclude(pk=reading.pk)
    assert all(one.ended_at or one.trouble == "broken_off" for one in earlier)


def test_trouble_in_the_middle_keeps_what_came_before_it(house, monkeypatch):
    monkeypatch.setattr("dip.ticketing.actions.readings.BATCH", 2)
    evenings = [house.performance(days=20 + n) for n in range(5)]
    for one in evenings:
        house.till.order(house.date_of(one), 1)
    house.till.tick(120)

    def meddle(path, asked):
        if "subevent" in asked and asked["subevent"][0] == "4":
            house.till.failures = [Failure(500)] * 3

    house.till.before = meddle
    assert house.read().trouble == "away"
    assert house.event("trein/3").due_since is None
    assert house.event("trein/5").due_since is not None
    house.till.before, house.till.failures = None, []
    before = len(house.till.asked)
    house.read()
    assert [sales(one).sold for one in evenings] == [1] * 5
    assert not any("subevents/1/" in path for path in house.till.asked[before:])  # what was kept is not asked again


def test_two_workers_do_not_read_one_connection_at_once(house, evening):
    other = database.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x444951, house.connection.pk])
        assert house.read() is None
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert house.read().trouble == ""


def test_a_paused_connection_and_one_that_is_gone_are_not_read(house, evening):
    pause_connection(access=house.access, at=house.now(), connection_id=house.connection.pk)
    assert house.read() is None
    assert read_connection(connection_id=10**6, clock=house.now, cause=Cause.CLOCK) is None
    assert house.till.asked == []


# --- the night ----------------------------------------------------------------------------------------------------------------


def test_the_night_finds_no_difference_when_there_is_none(house, evening):
    house.read()
    house.till.tick(7200)
    reading = house.read(Cause.NIGHT)
    assert (reading.trouble, reading.detail) == ("", "")
    connection = house.fresh()
    assert (connection.difference, connection.reconciled_at) == (0, house.till.now)


def test_the_night_corrects_and_tells_what_no_change_had_told(house, evening):
    """An order whose change the system forgot to date: only reading everything anew finds it."""
    performance, _ = evening
    house.read()
    house.till.tick(7200)
    house.till.of("O0001")["positions"][0]["canceled"] = True
    assert house.read().changed == 0
    reading = house.read(Cause.NIGHT)
    assert sales(performance).sold == 2
    assert house.fresh().difference > 0
    assert "trein/1" in reading.detail
    assert connection_row(house.access, house.connection.pk, house.now()).score.total < 100


def test_a_right_that_is_taken_away_is_told_and_not_taken_for_silence(house, evening):
    performance, _ = evening
    house.read()
    house.till.forbidden = {"events/trein/orders/"}
    house.till.tick(4000)
    assert house.read().trouble == "rights"
    house.till.forbidden = set()
    kept, house.till.dates[:] = list(house.till.dates), []
    house.till.tick(4000)
    assert house.read().trouble == "rights"  # an empty calendar, where there was one
    assert house.event().gone_at is None
    house.till.dates[:] = kept
    house.till.tick(4000)
    assert house.read().trouble == ""
    assert sales(performance).sold == 3

"""Applying: the newest version of every ticket, once; touched shelves anew; a rebuild is equal."""

from datetime import timedelta

import pytest

from dip.kernel import clock
from dip.programme.models import Performance
from dip.warehouse.actions import mapping
from dip.warehouse.actions.applying import apply_orders, rebuild_orders, tend
from dip.warehouse.models import LandedBatch, Watermark
from dip.warehouse.rules.landed import CodeField
from dip.warehouse.store.shelves import lane_folder, open_shelves, read_catalogue
from tests.factories.registry import NOW
from tests.warehouse.tickets.conftest import ALL, apply
from tests.warehouse.tickets.reading import checksums, facts_of, published_of

pytestmark = pytest.mark.django_db


def of(counter):
    """(performance, state, price) → tickets."""
    found = {}
    for (_, performance, state, _, price), count in counter.items():
        found[performance, state, price] = found.get((performance, state, price), 0) + count
    return found


class TestVersions:
    def test_what_is_delivered_is_in_the_facts_and_published(self, door, warehouse_home):
        door.deliver(*(door.row(number) for number in range(30)))
        done = apply()
        assert (done.batches, done.rows, done.shelves) == (1, 30, 1)
        assert facts_of(warehouse_home) == door.expected()
        assert published_of(warehouse_home) == {(door.theatre.pk, 2026): of(door.expected())}
        batch = door.batch("d-1")
        assert (batch.state, batch.applied_at, batch.conflict_count) == ("applied", NOW, 0)

    def test_newer_versions_replace_older_ones_and_older_ones_come_too_late(self, door, warehouse_home):
        door.deliver(*(door.row(number, version=10) for number in range(9)))
        apply()
        door.deliver(
            door.row(1, version=20, state="cancelled"), door.row(2, version=5), door.row(3, version=10), door.row(20, version=1)
        )
        door.deliver(door.row(20, version=3), door.row(20, version=2))
        assert apply().rows == 2
        assert facts_of(warehouse_home) == door.expected()
        assert sum(facts_of(warehouse_home).values()) == 10

    def test_an_equal_version_with_other_content_is_told_and_the_first_counts(self, door, warehouse_home):
        door.deliver(door.row(1), door.row(2))
        apply()
        door.deliver(door.row(1, price_cents=1), door.row(2))
        door.deliver(door.row(3))
        door.deliver(door.row(3, price_cents=2))
        apply()
        assert facts_of(warehouse_home) == door.expected()
        assert [door.batch(f"d-{number}").conflict_count for number in (1, 2, 3, 4)] == [0, 1, 0, 1]

    def test_a_ticket_that_moves_to_another_season_leaves_its_old_one(self, door, warehouse_home):
        door.deliver(*(door.row(number) for number in range(4)))
        apply()
        door.deliver(door.row(1, version=1, evening=2))
        assert apply().shelves == 2
        assert facts_of(warehouse_home) == door.expected()
        counts = {pair: sum(found.values()) for pair, found in published_of(warehouse_home).items()}
        assert counts == {(door.theatre.pk, 2026): 3, (door.theatre.pk, 2027): 1}

    def test_a_season_that_lost_its_tickets_has_no_shelf(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        door.deliver(door.row(1, version=1, evening=2))
        apply()
        assert set(published_of(warehouse_home)) == {(door.theatre.pk, 2027)}

    def test_two_sources_with_the_same_references_are_apart(self, door, other_door, warehouse_home):
        for one in (door, other_door):
            one.deliver(*(one.row(number) for number in range(5)))
        apply()
        other_door.deliver(other_door.row(2, version=1, state="exchanged"))
        assert apply().shelves == 1
        assert facts_of(warehouse_home) == door.expected() + other_door.expected()


class TestProgramme:
    def test_a_performance_that_moves_to_another_season_takes_its_tickets_along(self, door, warehouse_home):
        door.deliver(door.row(1), door.row(2, evening=1))
        apply()
        Performance.objects.filter(pk=door.evenings[0].pk).update(performance_date="2027-10-02", changed_at=clock.now())
        apply(NOW + timedelta(hours=1))
        assert facts_of(warehouse_home) == door.expected()
        assert {pair: sum(found.values()) for pair, found in published_of(warehouse_home).items()} == {
            (door.theatre.pk, 2026): 1,
            (door.theatre.pk, 2027): 1,
        }

    def test_tickets_of_an_event_without_a_performance_wait_and_are_shown_apart(self, door, warehouse_home):
        rows = [door.row(number) | {"event": "E-7", "performance": None} for number in range(3)]
        door.deliver(*({name: value for name, value in row.items() if value is not None} for row in rows))
        apply()
        shelves = open_shelves(warehouse_home)
        assert shelves.rows(
            "test", ["audience_unmatched"], [0], [0], "SELECT organisation, tickets, orders FROM {audience_unmatched}"
        ) == [(door.organisation.pk, 3, 1)]
        number = str(door.evenings[1].number)
        mapping.decide(access=door.access, at=NOW, source_id=door.source.pk, of=CodeField.EVENT, raw="E-7", value=number)
        apply()
        assert [(row[1], count) for row, count in facts_of(warehouse_home).items()] == [(int(number), 1)] * 3
        assert set(read_catalogue(lane_folder(warehouse_home, "theatre")).shelves) == {(door.theatre.pk, 2026)}

    def test_seen_before_holds_the_buyers_of_earlier_seasons(self, door, warehouse_home):
        door.deliver(*(door.row(number, evening=2) for number in range(6)))
        apply()
        door.deliver(
            *(
                door.row(number + 100, evening=3, order=f"x-{number}", email=f"bezoeker{number}@vlonder.example")
                for number in (0, 1, 5)
            )
        )
        assert apply().shelves == 2  # the later season reads what was seen before it
        shelves = open_shelves(warehouse_home)
        sql = "SELECT count(*), sum(seasons), sum(orders), max(last_season) FROM {audience_seen}"
        assert shelves.rows("test", ["audience_seen"], [door.theatre.pk], [2027], sql) == [(3, 5, 5, 2027)]


class TestEquality:
    def test_a_rebuild_equals_what_was_applied_step_by_step(self, door, other_door, warehouse_home):
        for step in range(6):
            for one in (door, other_door):
                rows = [
                    one.row(number, version=(number * 5 + step) % 7, evening=(number // 2 + step) % 4)
                    for number in range(step, 40, 2)
                ]
                one.deliver(*rows)
            if step % 2:
                apply(NOW + timedelta(minutes=step))
        apply()
        tend(NOW)
        before = checksums(warehouse_home)
        assert len(before) > 10
        rebuild_orders(NOW + timedelta(hours=1))
        assert checksums(warehouse_home) == before
        assert facts_of(warehouse_home) == door.expected() + other_door.expected()

    def test_facts_of_another_database_are_made_anew(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        Watermark.objects.filter(name="tickets").update(facts="another")
        assert apply().batches == 1
        assert facts_of(warehouse_home) == door.expected()

    def test_facts_that_know_more_than_a_restored_database_are_made_anew(self, door, warehouse_home):
        door.deliver(door.row(1))
        door.deliver(door.row(1, version=1))
        apply()
        door.batch("d-2").delete()
        door.sent.pop()
        assert apply().batches == 1
        assert facts_of(warehouse_home) == door.expected()

    def test_a_receipt_that_was_not_told_is_told_and_nothing_is_doubled(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        LandedBatch.objects.across_tenants(ALL).update(state="landed", applied_at=None)
        assert apply().batches == 0
        assert door.batch("d-1").state == "applied"
        assert facts_of(warehouse_home) == door.expected()

    def test_a_second_run_makes_nothing(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        shelves = read_catalogue(lane_folder(warehouse_home, "theatre")).shelves
        again = apply(NOW + timedelta(minutes=5))
        catalogue = read_catalogue(lane_folder(warehouse_home, "theatre"))
        assert (again.batches, again.shelves, catalogue.shelves) == (0, 0, shelves)
        assert catalogue.true_at == NOW + timedelta(minutes=5)

    def test_only_one_is_at_it(self, door):
        assert apply_orders(NOW, only_when_free=True) is not None

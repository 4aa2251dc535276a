"""What must be gone leaves the landed files, the facts and every shelf, says when, and a rebuild does not bring it back."""

from datetime import timedelta

import pytest

from dip.warehouse.actions import removals
from dip.warehouse.actions.applying import rebuild_orders, tend
from dip.warehouse.actions.keys import rotate_key
from dip.warehouse.models import LandedBatch, Removal
from dip.warehouse.store import landing as files
from dip.warehouse.store.shelves import open_shelves
from dip.warehouse.store.tickets.facts import open_tickets
from tests.factories.registry import NOW
from tests.warehouse.tickets.conftest import ALL, apply
from tests.warehouse.tickets.reading import checksums, facts_of, published_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def moments(removal):
    found = Removal.objects.across_tenants(ALL).get(pk=removal.pk)
    return found.files_done_at, found.facts_done_at, found.published_done_at


def buyers_everywhere(home):
    """Pseudonyms in facts, landed files and shelves."""
    with open_tickets(home) as facts:
        found = {
            row[0]
            for season in facts.seasons()
            for name in ("buyer", "buyer_before")
            for row in facts.connection.execute(f"SELECT DISTINCT {name} FROM ticket_{season}").fetchall()
        }
        found |= {one for row in facts.connection.execute("SELECT before, buyer FROM renamed").fetchall() for one in row}
    for batch in LandedBatch.objects.across_tenants(ALL).exclude(file=""):
        columns = files.read(home, batch.file)
        found |= {*columns["buyer"].tolist(), *columns["buyer_before"].tolist()}
    for mart in ("audience_ticket", "audience_seen", "audience_visitor"):
        rows = open_shelves(home).rows("test", [mart], None, range(2020, 2030), f"SELECT DISTINCT buyer FROM {{{mart}}}")
        found |= {row[0] for row in rows}
    return found - {0}


@pytest.mark.parametrize("remove", [removals.exclude_performance, removals.withdraw_performance])
def test_a_performance_goes_as_if_nothing_was_told_of_it(door, warehouse_home, remove):
    first, second = (one.number for one in door.evenings[:2])
    door.deliver(*(door.row(number) for number in range(6)))
    door.deliver(door.row(1, version=1, evening=1), door.row(7, version=1, evening=1))
    apply()
    removal = remove(access=door.access, at=LATER, number=second)
    apply(LATER)
    tend(LATER)
    assert facts_of(warehouse_home) == door.expected(removed=[second])
    assert {row[1] for row in facts_of(warehouse_home)} == {first}  # ticket 1 is where it was before it moved
    assert moments(removal) == (LATER, LATER, LATER)
    before = checksums(warehouse_home)
    rebuild_orders(LATER)
    assert checksums(warehouse_home) == before


def test_an_excluded_performance_counts_again_once_it_is_delivered_again(door, warehouse_home):
    number = door.evenings[0].number
    rows = [door.row(ticket) for ticket in range(4)]
    door.deliver(*rows)
    apply()
    removal = removals.exclude_performance(access=door.access, at=NOW, number=number)
    apply()
    assert not facts_of(warehouse_home)
    assert published_of(warehouse_home) == {}
    removals.lift_exclusion(access=door.access, at=LATER, removal_id=removal.pk)
    door.deliver(*rows)
    apply(LATER)
    assert facts_of(warehouse_home) == door.expected()


def test_an_erased_buyer_is_nowhere_and_its_tickets_count(door, other_door, warehouse_home):
    for one in (door, other_door):
        one.deliver(*(one.row(number) for number in range(9)))
    apply()
    before = buyers_everywhere(warehouse_home)
    (removal,) = removals.erase_buyer(access=door.access, at=LATER, email="bezoeker1@vlonder.example")
    assert removal.buyer in before
    apply(LATER)
    assert moments(removal) == (LATER, LATER, None)  # the nation's shelves were made before
    tend(LATER)
    assert moments(removal) == (LATER, LATER, LATER)
    assert removal.buyer in buyers_everywhere(warehouse_home)  # at the other theatre, which was not asked
    removals.erase_buyer(access=other_door.access, at=LATER, email="bezoeker1@vlonder.example")
    apply(LATER)
    assert buyers_everywhere(warehouse_home) == before - {removal.buyer}
    assert facts_of(warehouse_home) == door.expected() + other_door.expected()
    checked = checksums(warehouse_home)
    rebuild_orders(LATER)
    assert checksums(warehouse_home) == checked


def test_after_a_rotation_a_buyer_is_one_buyer_and_is_erased_whole(door, warehouse_home, keys):
    door.deliver(*(door.row(number) for number in range(6)))
    apply()
    old = buyers_everywhere(warehouse_home)
    rotate_key(at=LATER, which="platform")
    door.deliver(*(door.row(number, version=5) for number in (1, 4)), at=LATER)
    apply(LATER)
    tend(LATER)
    shelves = open_shelves(warehouse_home)
    sql = "SELECT buyer, count(*) FROM {audience_ticket} GROUP BY buyer"
    rows = shelves.rows("test", ["audience_ticket"], None, [2026], sql)
    assert [count for _, count in rows] == [3, 3]
    assert not {row[0] for row in rows} & old
    checked = checksums(warehouse_home)
    rebuild_orders(LATER)
    assert checksums(warehouse_home) == checked
    removals.erase_buyer(access=door.access, at=LATER, email="bezoeker0@vlonder.example")
    apply(LATER)
    left = buyers_everywhere(warehouse_home)
    assert len(left) == 2  # the other buyer, before and since
    assert len(shelves.rows("test", ["audience_seen"], None, [2026], "SELECT buyer FROM {audience_seen}")) == 1

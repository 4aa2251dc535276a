"""Shelves: swapped as a whole, kept for a grace time, found again by a reader; who waits is served; the slow lane reads them only."""

import os
from datetime import timedelta

import pytest

from dip.warehouse.actions.applying import rebuild_orders, tend
from dip.warehouse.models import LandedBatch
from dip.warehouse.store.landing import folder_of
from dip.warehouse.store.shelves import folders_of, lane_folder, open_shelves, read_catalogue, remove_old_folders
from dip.warehouse.store.tickets import makers, making
from dip.warehouse.store.tickets.making import next_pairs
from tests.factories.registry import NOW
from tests.warehouse.tickets.conftest import ALL, apply
from tests.warehouse.tickets.reading import facts_of

COUNT = "SELECT count(*) FROM {audience_ticket}"
BUYERS = """-- audience_buyers: published per season, sorted by season
-- grain: season
-- measures: buyers, theatres
-- definitions: none
SELECT r.season_year, count(DISTINCT t.buyer) AS buyers, count(DISTINCT d.theatre) AS theatres
FROM run AS r, audience_ticket AS t INNER JOIN dim_performance AS d ON d.number = t.performance
WHERE t.state = 1
GROUP BY r.season_year
"""


class TestOrder:
    def test_the_longest_waiting_theatre_is_first_then_the_smallest(self):
        touched = [(1, 2026, 9), (2, 2026, 3), (3, 2025, 9), (3, 2026, 9)]
        tickets = {(1, 2026): 500_000, (2, 2026): 900_000, (3, 2025): 10}
        assert next_pairs(touched, tickets, 3) == [(2, 2026), (3, 2025), (3, 2026)]

    def test_nothing_waits(self):
        assert next_pairs([], {}, 3) == []


@pytest.mark.django_db
class TestReading:
    def test_a_reader_with_an_old_manifest_finds_the_new_one(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        shelves = open_shelves(warehouse_home)
        read = ("test", ["audience_ticket"], [door.theatre.pk], [2026], COUNT)
        assert shelves.rows(*read) == [(1,)]
        stale, stamp = shelves._catalogue, shelves._seen
        door.deliver(door.row(2))
        apply()
        folder = lane_folder(warehouse_home, "theatre")
        assert remove_old_folders(folder, grace=-1) == 1
        now = (folder / "manifest.json").stat()
        shelves._catalogue, shelves._seen = stale, (now.st_mtime_ns, now.st_ino)
        assert stamp != shelves._seen
        assert shelves.rows(*read) == [(2,)]

    def test_a_replaced_shelf_stays_for_its_grace_time_however_old_it_is(self, door, warehouse_home):
        door.deliver(door.row(1))
        apply()
        folder = lane_folder(warehouse_home, "theatre")
        (old,) = (shelf.folder for shelf in read_catalogue(folder).shelves.values())
        os.utime(folder / "parts" / old, (0, 0))
        door.deliver(door.row(2))
        apply()
        assert remove_old_folders(folder, grace=600) == 0
        assert remove_old_folders(folder, grace=-1) == 1
        assert {path.name for path in (folder / "parts").iterdir()} == folders_of(read_catalogue(folder))

    def test_nothing_is_published_and_nothing_fits(self, warehouse_home, door):
        assert open_shelves(warehouse_home).rows("test", ["audience_ticket"], None, [2026], COUNT) == []
        door.deliver(door.row(1))
        apply()
        assert open_shelves(warehouse_home).rows("test", ["audience_ticket"], None, [2019], COUNT) == []
        sql = "SELECT t.theatre, d.genre FROM {audience_ticket} AS t INNER JOIN {dim_production} AS d ON d.id = t.production"
        genre = door.evenings[0].production.genre_id
        assert open_shelves(warehouse_home).rows("test", ["audience_ticket"], None, [2026], sql) == [(door.theatre.pk, genre)]


@pytest.mark.django_db
class TestSlowLane:
    @pytest.fixture(autouse=True)
    def _mart(self, tmp_path, monkeypatch):
        """One mart of the slow lane, of this test alone."""
        folder = tmp_path / "marts"
        folder.mkdir()
        for path in makers.FOLDER.glob("audience_*.sql"):
            (folder / path.name).write_text(path.read_text())
        (folder / "audience_buyers.sql").write_text(BUYERS)
        monkeypatch.setattr(makers, "FOLDER", folder)
        for place in (makers, making):
            monkeypatch.setattr(place, "NATIONAL", {"audience_buyers": 20_480})
        makers.mart_sql.cache_clear()
        makers.make_of.cache_clear()
        yield
        makers.mart_sql.cache_clear()
        makers.make_of.cache_clear()

    def test_a_season_is_made_when_its_shelves_changed(self, door, other_door, warehouse_home):
        for one in (door, other_door):
            one.deliver(*(one.row(number) for number in range(6)), one.row(9, evening=2))
        apply()
        assert tend(NOW) == [2026, 2027]
        assert tend(NOW) == []
        shelves = open_shelves(warehouse_home, "national")
        sql = "SELECT season_year, buyers, theatres FROM {audience_buyers} ORDER BY 1"
        assert shelves.rows("test", ["audience_buyers"], [0], [2026, 2027], sql) == [(2026, 2, 2), (2027, 1, 2)]
        door.deliver(door.row(12, evening=2))
        apply()
        assert tend(NOW) == [2027]
        assert shelves.rows("test", ["audience_buyers"], [0], [2027], sql) == [(2027, 2, 2)]


@pytest.mark.django_db
class TestLostFiles:
    def test_a_lost_file_holds_up_nobody_and_counts_once_it_is_back(self, door, warehouse_home):
        door.deliver(door.row(1))
        door.deliver(door.row(2))
        lost = folder_of(warehouse_home) / LandedBatch.objects.across_tenants(ALL).order_by("pk")[0].file
        lost.rename(lost.with_suffix(".away"))
        assert apply().batches == 1
        assert [door.batch(name).state for name in ("d-1", "d-2")] == ["landed", "applied"]
        with pytest.raises(FileNotFoundError, match="restore"):
            rebuild_orders(NOW)
        lost.with_suffix(".away").rename(lost)
        assert apply(NOW + timedelta(minutes=1)).batches == 1
        assert facts_of(warehouse_home) == door.expected()

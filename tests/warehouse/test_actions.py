"""Pulling and publishing: nothing missed, nothing twice, nothing half."""

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import psycopg
import pytest
from django.db import connection

from dip.definitions import queries as definitions
from dip.definitions.models import Threshold
from dip.kernel.clock import from_local
from dip.registry.terms import Role
from dip.ticketing.models import Position
from dip.warehouse import actions, jobs
from dip.warehouse.actions.publish import limits_in_force
from dip.warehouse.models import Watermark
from dip.warehouse.queries import comparable_bands, genre_cells, own_days, published_at
from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.facts import open_facts
from dip.warehouse.store.marts import EDITIONS, PUBLISHED
from dip.warehouse.store.published import Library, read_manifest, remove_old_parts, swap_manifest
from dip.warehouse.terms import Band, CohortKey, HallSize
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, push_totals, tickets
from tests.factories.warehouse import add_season, make_market, publish, write_curve

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MINUTE = timedelta(minutes=1)


def closing_rows(home):
    with open_facts(home) as facts:
        return facts.connection.execute("SELECT * FROM closing ORDER BY ALL").fetchall()


def published_rows(home):
    """Everything that is published, mart by mart and season by season, in a fixed order."""
    manifest, reader = read_manifest(home), open_reader()
    return {
        (mart, season): reader.execute(f"SELECT * FROM read_parquet('{home}/parts/{name}') ORDER BY ALL").fetchall()
        for mart, held in manifest.parts.items()
        for season, name in held.items()
    }


def night(day: date) -> datetime:
    return from_local(datetime.combine(day + timedelta(days=1), time(2, 40)))


class TestEquality:
    def test_rebuild_equals_refreshing_step_by_step(self, warehouse_home):
        """Pushes in and out of order, restated days, other measures, moved and cancelled performances in between."""
        market = make_market(theatres=6, producers=5)
        coming = make_performance(market.productions[0], market.halls[0], day=date(2026, 12, 20))
        publish()
        push(coming, tickets(50), true_at=night(date(2026, 11, 10)))
        push(coming, tickets(80), true_at=night(date(2026, 11, 14)))
        push_totals(coming, reserved=12, blocked=8, ranks=[200, 90])
        publish(NOW + MINUTE)
        push(coming, tickets(60), true_at=night(date(2026, 11, 11)), at=NOW)  # an older state, late
        push(coming, tickets(48), true_at=night(date(2026, 11, 10)), at=NOW + MINUTE)  # a closed day told anew
        market.performances[0].status = "cancelled"
        market.performances[0].save()
        publish(NOW + 2 * MINUTE)
        moved = market.performances[1]
        moved.performance_date += timedelta(days=330)
        moved.save()
        publish(NOW + timedelta(days=1))
        closing, published = closing_rows(warehouse_home), published_rows(warehouse_home)
        assert {season for _, season in published} == {2025, 2026, 2027}
        assert actions.rebuild(NOW + timedelta(days=1)).states == len(closing)
        assert closing_rows(warehouse_home) == closing
        assert published_rows(warehouse_home) == published

    def test_a_second_refresh_changes_nothing(self, warehouse_home):
        make_market(theatres=2, producers=2)
        first = actions.refresh(NOW)
        assert first.states == 2 * 2 * 8
        assert first.seasons == (2025,)
        before = read_manifest(warehouse_home)
        again = actions.refresh(NOW + MINUTE)
        assert (again.states, again.seasons) == (0, ())
        after = read_manifest(warehouse_home)
        assert (after.version, after.parts) == (before.version, before.parts)
        assert published_at() == NOW + MINUTE

    def test_the_published_marts_are_all_there(self, warehouse_home):
        make_market(theatres=2, producers=2)
        publish()
        assert set(read_manifest(warehouse_home).parts) == {
            *PUBLISHED,
            "band",
            "cohort",
            "factor",
            *(name for names in EDITIONS.values() for name in names),
        }


class TestClosingStates:
    def sold(self, performance, day):
        access = make_access(performance.production.producer)
        return {own.sales_date: own.tickets for own in own_days(access, 2026)}.get(day)

    def make(self):
        theatre = make_theatre(make_organisation(Role.THEATRE))
        return make_performance(make_production(), make_hall(theatre, capacity=300), day=date(2026, 12, 20))

    def test_newer_knowledge_of_a_closed_day_wins(self):
        performance, day = self.make(), date(2026, 11, 10)
        push(performance, tickets(50), true_at=night(day))
        publish()
        push(performance, tickets(43), true_at=night(day), at=NOW)
        publish(NOW + MINUTE)
        assert Position.objects.across_tenants("test").filter(restates__isnull=False).exists()
        assert self.sold(performance, day) == 43

    def test_an_older_state_of_the_day_does_not_displace_the_closing_one(self):
        performance, day = self.make(), date(2026, 11, 10)
        push(performance, tickets(50), true_at=night(day))
        publish()
        push(performance, tickets(41), true_at=night(day) - timedelta(hours=6), at=NOW)
        publish(NOW + MINUTE)
        assert self.sold(performance, day) == 50

    def test_a_late_state_of_an_older_day_fills_its_own_day_only(self):
        performance = self.make()
        push(performance, tickets(50), true_at=night(date(2026, 11, 10)))
        publish()
        push(performance, tickets(20), true_at=night(date(2026, 11, 3)), at=NOW)
        publish(NOW + MINUTE)
        assert self.sold(performance, date(2026, 11, 3)) == 20
        assert self.sold(performance, date(2026, 11, 10)) == 50


class TestProgrammeIsFollowed:
    def own(self, market, taker, year):
        return own_days(make_access(taker, Role.THEATRE), year)

    def test_a_moved_date_changes_season(self):
        market = make_market(theatres=1, producers=1)
        publish()
        assert self.own(market, market.takers[0], 2025)
        performance = market.performances[0]
        performance.performance_date = date(2026, 9, 1)
        performance.save()
        publish(NOW + MINUTE)
        assert self.own(market, market.takers[0], 2025) == []
        assert self.own(market, market.takers[0], 2026)

    def test_a_merged_theatre_counts_for_the_one_it_went_into(self):
        market = make_market(theatres=2, producers=1)
        publish()
        before = self.own(market, market.takers[1], 2025)[-1].tickets
        market.theatres[0].merged_into = market.theatres[1]
        market.theatres[0].save()
        publish(NOW + MINUTE)
        assert self.own(market, market.takers[0], 2025) == []
        assert self.own(market, market.takers[1], 2025)[-1].tickets > before

    def test_a_changed_genre_and_a_change_in_bulk(self):
        market = make_market(theatres=5, producers=5)
        stranger = make_access(make_organisation(Role.THEATRE), Role.THEATRE)
        publish()
        market.productions[0].genre = make_genre("music")
        market.productions[0].save()
        publish(NOW + MINUTE)
        assert [cell.performances != 0 for cell in genre_cells(stranger, 2025)[:3]] == [True, False, False]  # one edition a day
        publish(NOW + timedelta(days=1))
        assert [cell.performances != 0 for cell in genre_cells(stranger, 2025)[:3]] == [True, True, False]
        type(market.performances[0]).objects.all().update(is_private=True)  # notes no moment of change
        publish(NOW + timedelta(days=2))
        assert genre_cells(stranger, 2025)[0].performances == 0

    def test_a_new_sales_day_moves_running_curves_on(self, warehouse_home):
        market = make_market(theatres=1, producers=1)
        made = add_season(market, first_day=date(2026, 12, 1))
        publish()
        old = read_manifest(warehouse_home)
        publish(NOW + timedelta(days=1))
        new = read_manifest(warehouse_home)
        assert new.files("curve", [2026]) != old.files("curve", [2026])
        assert new.files("curve", [2025]) == old.files("curve", [2025])
        rows = published_rows(warehouse_home)["curve", 2026]
        days = {row[8] for row in rows if row[0] == made[0].number}
        assert min(days) == 8  # 1 December seen on 24 November: 23 November has closed

    def test_what_did_not_change_keeps_its_files(self, warehouse_home):
        market = make_market(theatres=6, producers=6)
        add_season(market, first_day=date(2026, 9, 1))
        publish()
        old = read_manifest(warehouse_home)
        push(make_performance(market.productions[-1], market.halls[0], day=date(2026, 12, 1)), tickets(10), at=NOW)
        publish(NOW + MINUTE)
        new = read_manifest(warehouse_home)
        assert new.files("cell", [2026]) != old.files("cell", [2026])
        assert new.files("cell", [2025]) == old.files("cell", [2025])
        key = CohortKey(1, HallSize.MIDDLE)
        found = comparable_bands(make_access(make_organisation(Role.THEATRE)), [key], 2026)[key]
        assert isinstance(found, Band)
        assert found.cohort.seasons == (2025,)


class TestBreakingOff:
    def test_readers_keep_the_old_manifest_until_the_new_one_is_whole(self, warehouse_home):
        market = make_market(theatres=6, producers=6)
        publish()
        old, rows = read_manifest(warehouse_home), published_rows(warehouse_home)
        seen = own_days(make_access(market.takers[0], Role.THEATRE), 2025)
        write_curve(market.performances[0], {-1: 299})
        (warehouse_home / "manifest.draft").mkdir()  # the parts get written, the manifest cannot be
        with pytest.raises(IsADirectoryError):
            publish(NOW + MINUTE)
        assert read_manifest(warehouse_home) == old
        assert published_rows(warehouse_home) == rows
        assert own_days(make_access(market.takers[0], Role.THEATRE), 2025) == seen
        (warehouse_home / "manifest.draft").rmdir()
        assert actions.refresh(NOW + 2 * MINUTE).seasons == (2025,)  # it was not forgotten
        assert own_days(make_access(market.takers[0], Role.THEATRE), 2025) != seen

    def test_a_broken_pull_goes_on_where_it_was(self, warehouse_home):
        make_market(theatres=3, producers=3)
        publish()
        whole = closing_rows(warehouse_home)
        ids = sorted(Position.objects.across_tenants("test").values_list("id", flat=True))
        identity = Watermark.objects.get().facts
        with open_facts(warehouse_home) as facts:
            mark = facts.mark()
            facts.clear()
            kept = [row for row in whole if row[0] <= ids[20]]
            facts.connection.executemany(f"INSERT INTO closing VALUES ({', '.join('?' * 10)})", kept)
            facts.move(identity=identity, until_txid=mark.txid, position_id=ids[20])
        assert actions.refresh(NOW).states == len(whole) - len(kept)
        assert closing_rows(warehouse_home) == whole

    def test_facts_of_another_database_are_read_anew(self, warehouse_home):
        market = make_market(theatres=2, producers=2)
        publish()
        Watermark.objects.all().delete()
        assert actions.refresh(NOW).states == len(market.performances) * 8
        assert len(closing_rows(warehouse_home)) == len(market.performances) * 8

    def test_old_parts_stay_for_a_while_and_names_are_never_used_again(self, warehouse_home):
        make_market(theatres=2, producers=2)
        publish()
        first = {path.name for path in (warehouse_home / "parts").iterdir()}
        actions.rebuild(NOW)
        second = {path.name for path in (warehouse_home / "parts").iterdir()}
        assert first < second
        manifest = read_manifest(warehouse_home)
        editions = {
            name for mart, held in manifest.parts.items() for name in held.values() if mart not in (*PUBLISHED, "band", "cohort")
        }
        kept = first & {name for held in manifest.parts.values() for name in held.values()}
        assert kept == editions  # the day's national figures stay as they are
        assert remove_old_parts(warehouse_home, manifest, grace=0) == len(first - kept)

    def test_a_reader_whose_files_are_gone_takes_the_new_manifest(self, warehouse_home):
        market = make_market(theatres=2, producers=2)
        publish()
        library, failures, stop = Library(warehouse_home), [], threading.Event()

        def read():
            while not stop.is_set():
                rows = library.rows("test", "cell", [2025], "SELECT count(*) FROM {mart}", {})
                if rows != [(4,)]:
                    failures.append(rows)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(4):
            actions.rebuild(NOW)
            remove_old_parts(warehouse_home, read_manifest(warehouse_home), grace=0)
        stop.set()
        for reader in readers:
            reader.join()
        assert failures == []
        assert len(market.performances) == 4


class TestPaceAndLimits:
    def test_the_job_waits_when_publishing_takes_long(self, warehouse_home):
        market = make_market(theatres=2, producers=2)
        publish(NOW)
        manifest = read_manifest(warehouse_home)
        swap_manifest(warehouse_home, _took(manifest, 30.0))
        write_curve(market.performances[0], {-1: 299})
        waits = actions.refresh(NOW + MINUTE, only_when_due=True)
        assert (waits.states, waits.seasons) == (1, ())
        assert read_manifest(warehouse_home).version == manifest.version
        assert actions.refresh(NOW + 11 * MINUTE, only_when_due=True).seasons == (2025,)

    def test_the_job_pulls_and_publishes(self):
        make_market(theatres=2, producers=2)
        jobs.refresh()
        assert published_at() is not None

    def test_only_one_writes(self):
        with psycopg.connect(_dsn()) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [actions.WRITER_LOCK])
            assert actions.refresh(NOW, only_when_due=True) is None
            other.execute("SELECT pg_advisory_unlock(%s)", [actions.WRITER_LOCK])
        assert actions.refresh(NOW, only_when_due=True) is not None

    def test_a_stricter_threshold_is_published_at_once(self):
        make_market(theatres=6, producers=6)
        stranger = make_access(make_organisation(Role.THEATRE), Role.THEATRE)
        publish()
        assert isinstance(genre_cells(stranger, 2025)[0].tickets, int)
        Threshold.objects.create(
            code="holdings_min", version=99, valid_from=date(2026, 1, 1), value=7, meaning={"nl": "x"}, owner="test"
        )
        definitions.forget()
        try:
            assert limits_in_force(NOW).holdings_min == 7
            actions.refresh(NOW + MINUTE, only_when_due=True)
            assert not isinstance(genre_cells(stranger, 2025)[0].tickets, int)
            assert not isinstance(comparable_bands(stranger, [KEY], 2026)[KEY], Band)
        finally:
            Threshold.objects.filter(version=99).delete()
            definitions.forget()


KEY = CohortKey(1, HallSize.MIDDLE)


def _took(manifest, seconds):
    return replace(manifest, took_seconds=seconds)


def _dsn() -> str:
    given = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    )


@pytest.mark.django_db(transaction=True)
def test_what_an_open_transaction_writes_is_not_missed(warehouse_home):
    """A slow push takes its ids first and commits last, after a pull that saw newer positions."""
    market = make_market(theatres=1, producers=2)
    first, second = market.performances
    copy = (
        "INSERT INTO ticketing_position (performance_id, measure, true_at, known_at, sales_date, normal_tickets, discount_tickets, "
        "free_tickets, other_tickets, normal_cents, discount_cents, free_cents, other_cents, delivery_id) "
        "SELECT performance_id, measure, true_at, now(), sales_date, 299, 0, 0, 0, 1, 0, 0, 0, delivery_id FROM ticketing_position "
        "WHERE performance_id = %s AND sales_date = (SELECT max(sales_date) FROM ticketing_position WHERE performance_id = %s)"
    )
    with psycopg.connect(_dsn()) as slow, psycopg.connect(_dsn(), autocommit=True) as quick:
        slow.execute(copy, [first.number, first.number])
        quick.execute(copy, [second.number, second.number])
        publish()
        assert [row[4] for row in closing_rows(warehouse_home)].count(299) == 1
        quick.execute(copy, [second.number, second.number])
        publish(NOW + MINUTE)
        slow.commit()
    publish(NOW + 2 * MINUTE)
    assert [row[4] for row in closing_rows(warehouse_home)].count(299) == 2

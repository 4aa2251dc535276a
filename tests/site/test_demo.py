"""The demo sector: calibrated on the sector's published sizes, consistent in itself, the same every time, kept when it stands."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from dip.definitions.models import Genre
from dip.kernel import clock
from dip.programme.models import ConnectionRequest, Performance, Production, Proposal, Theatre
from dip.programme.terms import PerformanceStatus
from dip.registry.models import ApiClient, AuditLine, Membership, Organisation, Person
from dip.registry.terms import Role
from dip.registry.tokens import issue_token
from dip.site.demo import SCALES, DemoReport, UnableToBuild, build, freshen, plan_seasons, read_report, trickle
from dip.site.demo.calendar import as_date, as_moment, day_number, moments, today_of
from dip.site.demo.feeds import Clocks, tell
from dip.site.demo.sector import Cadence, compose
from dip.site.demo.stage import NEVER, set_stage
from dip.site.demo.tours import GENRE_SHARES
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import Measure

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
SEEN = "the tests look at everything"


@pytest.fixture(scope="module")
def season():
    """The finished season of the demo: sector, plan, stage, clocks and what was sold [performance, day]."""
    scale, (today, minute) = SCALES["demo"], today_of(AT)
    sector = compose(scale)
    plan, hero = plan_seasons(scale, sector, AT)[0]
    stage = set_stage(plan, sector, today, scale.seed, hero)
    clocks = Clocks.of(sector.venues, today, minute)
    story = tell(stage, clocks, np.random.default_rng(1), hero)
    return sector, plan, stage, clocks, story


class TestCalibration:
    def test_halls_of_all_sizes(self, season):
        sizes = np.bincount([room.size for venue in season[0].venues for room in venue.rooms if venue.body is not None])
        shares = sizes / sizes.sum()
        assert np.abs(shares - np.array([281, 204, 186]) / 671).max() < 0.08

    def test_genres_have_their_national_share(self, season):
        shares = np.bincount(season[2].genre, minlength=6) / len(season[2].genre)
        assert np.abs(shares - GENRE_SHARES).max() < 0.02

    def test_visits_by_genre(self, season):
        stage, sold = season[2], season[4].sold[:, -1]
        played = stage.cancelled == NEVER
        for genre, visits in enumerate((151, 471, 282, 565, 323, 225)):
            mine = played & (stage.genre == genre)
            assert visits * 0.65 < (sold + stage.free)[mine].mean() < visits * 1.35  # some genres have but ten tours

    def test_tours(self, season):
        plan = season[1]
        lengths = np.bincount([night.show for night in plan.nights])
        theatres = [len({night.venue for night in plan.nights if night.show == show}) for show in range(len(plan.shows))]
        assert 21 < lengths.mean() < 31
        assert lengths.min() >= 1
        assert lengths.max() <= 93
        assert 14 < np.mean(theatres) < 23
        assert max(theatres) <= 59

    def test_occupancy_and_sold_out(self, season):
        stage, sold = season[2], season[4].sold[:, -1]
        played = stage.cancelled == NEVER
        assert 0.64 < sold[played].sum() / stage.seats[played].sum() < 0.72
        assert 0.19 < (sold[played] >= stage.seats[played]).mean() < 0.29

    def test_a_third_goes_at_the_start_of_the_sale(self, season):
        stage, sold = season[2], season[4].sold
        column = np.clip(400 - (stage.day - stage.opens) + 20, 0, 400)
        at_start = sold[np.arange(len(column)), column]
        assert 0.28 < at_start.sum() / sold[:, -1].sum() < 0.40

    def test_sales_rise_towards_the_performance(self, season):
        sold = season[4].sold.sum(axis=0)
        last_two_weeks, two_weeks_in_between = sold[-1] - sold[-15], sold[-60] - sold[-74]
        assert last_two_weeks > 2 * two_weeks_in_between

    def test_prices_of_large_commercial_halls(self, season):
        sector, plan, stage = season[:3]
        size = np.array([sector.venues[n.venue].rooms[n.room].size for n in plan.nights])
        assert 2500 < np.median(stage.price[size == 2]) < 3600
        assert stage.price.min() >= 500

    def test_no_hall_twice_on_a_day(self, season):
        nights = season[1].nights
        assert len({(n.venue, n.room, n.day) for n in nights}) == len(nights)

    def test_season_runs_from_august(self, season):
        days = [as_date(night.day) for night in season[1].nights]
        assert min(days).isoformat() >= "2025-08-01"
        assert max(days).isoformat() <= "2026-07-31"


class TestPure:
    def test_the_same_every_time(self):
        scale = SCALES["small"]
        first, second = (plan_seasons(scale, compose(scale), AT) for _ in range(2))
        assert [plan.nights for plan, _ in first] == [plan.nights for plan, _ in second]
        assert [plan.shows for plan, _ in first] == [plan.shows for plan, _ in second]

    @pytest.mark.parametrize("scale", ["tenth", "national"])
    def test_organisations_are_as_large_in_a_tenth_as_in_the_nation(self, scale):
        sector = compose(SCALES[scale])
        plan = plan_seasons(SCALES[scale], sector, AT)[0][0]
        by_venue = np.bincount([n.venue for n in plan.nights], minlength=len(sector.playable))[: len(sector.playable)]
        assert 320 < by_venue.mean() < 347
        largest = np.bincount([plan.shows[n.show].producer for n in plan.nights]).max()
        assert 500 < largest < 1800

    @pytest.mark.parametrize(
        "at",
        [
            datetime(2026, 8, 3, 22, 40, tzinfo=UTC),
            datetime(2027, 6, 20, 1, 5, tzinfo=UTC),
            datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        ],
    )
    def test_any_moment_of_the_year(self, at):
        scale, (today, minute) = SCALES["small"], today_of(at)
        sector = compose(scale)
        for plan, hero in plan_seasons(scale, sector, at):
            stage = set_stage(plan, sector, today, scale.seed, hero)
            clocks = Clocks.of(sector.venues, today, minute)
            rows = tell(stage, clocks, np.random.default_rng(1), hero).tickets
            true_at, known_at = clocks.stated(stage.venue[rows.at], rows.day, rows.slot)
            now = int((at - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
            assert (true_at <= known_at).all()
            assert known_at.max(initial=0) <= now
            if hero is not None:
                assert 40 <= sum(night.show == hero for night in plan.nights) <= 48

    def test_moments_know_the_clock_change(self):
        summer, winter = day_number(datetime(2026, 7, 1, tzinfo=UTC).date()), day_number(datetime(2026, 12, 1, tzinfo=UTC).date())
        days = np.array([summer, winter])
        assert [as_moment(m).hour for m in moments(days, 1200)] == [18, 19]


@pytest.fixture(scope="module")
def sector_in_tables(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demo sector in the database, taken away again after this module."""
    with django_db_blocker.unblock(), override_settings(WAREHOUSE_HOME=tmp_path_factory.mktemp("warehouse")):
        outer = transaction.atomic()
        outer.__enter__()
        report = build(scale=SCALES["small"], at=AT)
        yield report
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.mark.usefixtures("sector_in_tables")
class TestTables:
    def test_counts_and_logins(self, sector_in_tables, django_db_blocker):
        report = sector_in_tables
        assert report.is_new
        assert report.season_year == 2026
        assert {login.role for login in report.logins} >= {role.value for role in Role}
        for login in report.logins:
            person = Person.objects.get(email=login.email)
            assert person.check_password(login.password)
        looker = Person.objects.get(email="colleague@demo.example").memberships.get()
        assert set(looker.rights.values()) == {1}
        assert not looker.is_super_user
        assert Performance.objects.count() == report.counts["performances"]
        assert all(login.email in report.text() for login in report.logins)

    def test_credentials_buy_tokens(self, sector_in_tables):
        for client in sector_in_tables.clients:
            assert issue_token(client.client_id, client.client_secret, AT)[0]

    def test_current_state_is_that_of_the_newest_positions(self):
        columns = [f"{kind}_{what}" for what in ("tickets", "cents") for kind in ("normal", "discount", "free", "other")]
        newest: dict[tuple[int, int], dict] = {}
        for row in Position.objects.across_tenants(SEEN).order_by("true_at", "known_at", "id").values():
            newest[row["performance_id"], row["measure"]] = row
        states = list(PerformanceSales.objects.across_tenants(SEEN))
        assert {key[0] for key in newest} == {state.performance_id for state in states}
        for state in states:
            row = newest[state.performance_id, Measure.TICKETS]
            assert [getattr(state, name) for name in columns] == [row[name] for name in columns]
            assert state.confirmed_at >= row["true_at"]
            assert state.known_at >= row["known_at"] or state.known_at >= state.confirmed_at
            for measure, name in ((Measure.RESERVATIONS, "reserved"), (Measure.BLOCKED, "blocked"), (Measure.CAPACITY, "capacity")):
                row = newest.get((state.performance_id, measure))
                assert getattr(state, name) == (row["seats"] if row else None)
        assert len(states) > 400

    def test_positions_differ_from_the_state_that_they_follow(self):
        columns = ("normal_tickets", "discount_tickets", "free_tickets", "other_tickets")
        last: dict[int, tuple] = {}
        tickets = Position.objects.across_tenants(SEEN).filter(measure=Measure.TICKETS).order_by("true_at", "known_at", "id")
        for row in tickets.values("performance_id", "sales_date", "true_at", "known_at", *columns):
            figures = tuple(row[name] for name in columns)
            assert last.get(row["performance_id"]) != figures
            last[row["performance_id"]] = figures
            assert row["sales_date"] == clock.sales_date(row["true_at"])
            assert row["true_at"] <= row["known_at"] <= AT
            assert min(figures) >= 0

    def test_nothing_is_sold_beyond_the_seats(self):
        states = PerformanceSales.objects.across_tenants(SEEN).exclude(capacity=None)
        assert not states.filter(sold__gt=F("capacity") - F("blocked")).exists()
        assert not states.filter(sold__gt=F("capacity") - F("blocked") - F("free_tickets")).exists()

    def test_restatements_put_right_what_closed_that_day(self):
        rows = Position.objects.across_tenants(SEEN).exclude(restates=None).select_related("restates")
        assert len(rows) >= 10
        for row in rows:
            assert row.sales_date == row.restates.sales_date
            assert row.known_at > row.restates.known_at
            assert clock.sales_date(row.known_at) > row.sales_date

    def test_deliveries_count_their_rows(self):
        accepted = sum(d.accepted_count for d in Delivery.objects.across_tenants(SEEN))
        assert accepted == Position.objects.across_tenants(SEEN).count()
        for delivery in Delivery.objects.across_tenants(SEEN)[:200]:
            assert delivery.row_count == delivery.accepted_count + delivery.unchanged_count + delivery.rejected_count

    def test_the_production_that_the_demo_tells_about(self, sector_in_tables):
        hero = Production.objects.get(dip_id=sector_in_tables.hero_dip_id)
        performances = Performance.objects.filter(production=hero)
        assert performances.count() >= 44
        states = {s.performance_id: s for s in PerformanceSales.objects.across_tenants(SEEN).filter(performance__in=performances)}
        coming = list(performances.filter(starts_at__gt=AT))
        assert len(coming) > 25
        silent = [p for p in coming if p.number in states and AT - states[p.number].confirmed_at > timedelta(days=8)]
        full = [p for p in coming if p.number in states and states[p.number].sold >= p.capacity * 0.9]
        assert silent
        assert full
        recent = Position.objects.across_tenants(SEEN).filter(performance__in=coming, known_at__gt=AT - timedelta(days=5))
        assert recent.exclude(restates=None).count() >= 2

    def test_the_theatre_that_the_demo_tells_about(self, sector_in_tables):
        theatre = Theatre.objects.get(name=sector_in_tables.hero_theatre)
        week = Performance.objects.filter(theatre=theatre, starts_at__gt=AT, starts_at__lt=AT + timedelta(days=12))
        assert week.count() >= 6

    def test_every_state_of_life_occurs(self):
        assert {r.status for r in ConnectionRequest.objects.across_tenants(SEEN)} == {
            "open",
            "confirmed",
            "proposed",
            "settled",
            "withdrawn",
        }
        assert {p.status for p in Proposal.objects.across_tenants(SEEN)} >= {"open", "accepted", "declined"}
        assert {p.status for p in Performance.objects.all()} == {s.value for s in PerformanceStatus}
        assert {p.kind for p in Performance.objects.all()} == {"normal", "premiere", "tryout", "derniere"}
        assert Performance.objects.filter(is_private=True).exists()
        assert Production.objects.filter(agency__isnull=False).exists()
        assert Production.objects.filter(co_producers__isnull=False).exists()
        assert Organisation.objects.filter(roles__len=2).exists()
        assert Theatre.objects.filter(organisation=None).exists()
        assert Theatre.objects.filter(is_coupled=False, organisation__isnull=False).exists()
        assert ApiClient.objects.across_tenants(SEEN).filter(role="theatre").exists()
        assert AuditLine.objects.across_tenants(SEEN).count() > 50
        assert Genre.objects.filter(pk__in=Production.objects.values("genre")).count() >= 5

    def test_every_organisation_has_one_super_user(self):
        for organisation in Organisation.objects.all():
            assert Membership.objects.filter(organisation=organisation, is_super_user=True).count() == 1

    def test_a_second_call_keeps_what_stands(self, sector_in_tables):
        before = Position.objects.across_tenants(SEEN).count()
        again = build(scale=SCALES["demo"], at=AT + timedelta(days=1))
        assert not again.is_new
        assert again.scale == "small"
        assert again.logins == sector_in_tables.logins
        assert Position.objects.across_tenants(SEEN).count() == before
        assert DemoReport.from_json(again.as_json()) == again


def test_a_database_in_use_is_left_alone(db):
    Organisation.objects.create(number=7, name="Gezelschap Lichtschip", roles=["producer"])
    with pytest.raises(UnableToBuild, match="no demo"):
        build(scale=SCALES["small"], at=AT)
    assert read_report() is None


def test_without_a_demo_nothing_is_kept_alive(db):
    assert freshen(at=AT) == 0
    assert trickle(at=AT) == 0


def test_the_days_since_come_in_by_the_normal_way(sector_in_tables, django_db_blocker):
    with django_db_blocker.unblock():
        before = Position.objects.across_tenants(SEEN).count()
        later = AT + timedelta(days=1, hours=2)
        pushed = freshen(at=later)
        assert pushed > 0
        rows = Position.objects.across_tenants(SEEN).order_by("id")[before:]
        assert {row.sales_date.isoformat() for row in rows} <= {"2026-11-22", "2026-11-23", "2026-11-24"}
        assert all(row.known_at <= later and row.restates_id is None for row in rows)
        assert freshen(at=later + timedelta(minutes=5)) == 0
        assert trickle(at=later + timedelta(minutes=10)) > 0


def test_there_are_theatres_that_never_report():
    cadences = {venue.cadence for venue in compose(SCALES["demo"]).venues if venue.body is not None}
    assert cadences == set(Cadence)

"""The demo sector before it is written: calibrated on the sector's published sizes, the same every time."""

from datetime import UTC, datetime

import numpy as np
import pytest

from dip.site.demo import SCALES, plan_seasons
from dip.site.demo.calendar import as_date, as_moment, day_number, moments, today_of
from dip.site.demo.feeds import Clocks, tell
from dip.site.demo.sector import compose
from dip.site.demo.stage import NEVER, set_stage
from dip.site.demo.tours import GENRE_SHARES

pytestmark = pytest.mark.slow
AT = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


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

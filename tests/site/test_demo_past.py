"""The demo's earlier seasons: told coarsely, and different from now in the ways that trends are to show."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from dip.site.demo import SCALES
from dip.site.demo.building import plan_past, plan_seasons
from dip.site.demo.calendar import as_date, today_of
from dip.site.demo.feeds import Clocks, tell
from dip.site.demo.past import Drift, drift_of
from dip.site.demo.sector import compose
from dip.site.demo.stage import NEVER, set_stage

pytestmark = pytest.mark.slow
AT = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
NEWEST = 2025


def told(year):
    """Plan, stage and story of a finished season of the demo."""
    scale, (today, minute) = SCALES["demo"], today_of(AT)
    sector = compose(scale)
    plans = {plan.season: plan for plan in (*plan_past(scale, sector, AT), plan_seasons(scale, sector, AT)[0][0])}
    stage = set_stage(plans[year], sector, today, scale.seed, None, drift_of(year, NEWEST))
    clocks = Clocks.of(sector.venues, today, minute)
    story = tell(stage, clocks, np.random.default_rng(1), None, coarsely=year < NEWEST)
    return plans[year], stage, story


@pytest.fixture(scope="module")
def seasons():
    return {year: told(year) for year in (2021, 2024, 2025)}


def half_sold(stage, story):
    """Days before at which half of the final tickets were sold, all together."""
    played = stage.cancelled == NEVER
    share = story.sold[played].sum(axis=0) / story.sold[played, -1].sum()
    return len(share) - 1 - int(np.argmax(share >= 0.5))


def test_as_many_performances_each_year_and_none_where_nobody_looks():
    assert [plan.season for plan in plan_past(SCALES["demo"], compose(SCALES["demo"]), AT)] == [2021, 2022, 2023, 2024]
    for name in ("small", "tenth", "national"):
        assert SCALES[name].past == 0
    for plan, *_ in (told(2022), told(2024)):
        assert abs(len(plan.nights) - SCALES["demo"].performances) < 20


def test_two_newest_seasons_do_not_depend_on_the_earlier_ones():
    assert drift_of(NEWEST, NEWEST) == Drift()
    assert drift_of(NEWEST + 1, NEWEST) == Drift()


def test_prices_rise_and_people_buy_later(seasons):
    prices = {year: np.median(stage.price) for year, (_, stage, _) in seasons.items()}
    assert prices[2021] < prices[2024] < prices[2025]
    assert half_sold(*seasons[2024][1:]) > half_sold(*seasons[2025][1:]) + 3


def test_a_closure_cancels_and_empties_halls(seasons):
    plan, stage, story = seasons[2021]
    closed = np.array([date(2021, 12, 19) <= as_date(night.day) <= date(2022, 1, 25) for night in plan.nights])
    assert closed.sum() > 100
    assert (stage.cancelled[closed] < NEVER).all()
    fills = {}
    for year, (_, one, tale) in seasons.items():
        played = one.cancelled == NEVER
        fills[year] = tale.sold[played, -1].sum() / one.seats[played].sum()
    assert fills[2021] < fills[2025] - 0.15
    assert story.sold.shape[0] == len(plan.nights)


def test_coarse_is_few_positions_that_say_the_same_in_the_end(seasons):
    _, stage, story = seasons[2024]
    per_performance = np.bincount(story.tickets.at, minlength=len(stage.day))
    assert per_performance.max() <= 32
    assert len(story.reserved) == 0
    assert len(story.blocked) > 0
    last = np.ones(len(story.tickets.at), dtype=bool)
    last[:-1] = story.tickets.at[1:] != story.tickets.at[:-1]
    figures = story.tickets.figures
    stated = figures["normal_tickets"] + figures["discount_tickets"] + figures["other_tickets"]
    late = np.isin(np.arange(len(stated)), story.late.original if story.late.original is not None else [])
    for row in np.flatnonzero(last & ~late)[:500]:
        at = story.tickets.at[row]
        if stage.cancelled[at] == NEVER:
            assert stated[row] <= story.sold[at, -1]
            assert stated[row] >= 0.6 * story.sold[at, -1]

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.warehouse.rules.audience import buying, loyalty, origin, segments

DAY = 20_000


def ints(*values):
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("first", "last", "visits", "before", "stage"),
    [
        (30, 30, 1, 0, "new"),
        (30, 5, 2, 0, "regular"),
        (700, 30, 1, 0, "occasional"),
        (700, 30, 3, 0, "regular"),
        (700, 30, 4, 0, "core"),
        (700, 30, 3, segments.CORE, "core"),
        (700, 30, 2, segments.CORE, "regular"),
        (700, 364, 1, 0, "occasional"),
        (700, 365, 0, 0, "away"),
        (900, 730, 0, segments.CORE, "dormant"),
        (1094, 1094, 0, 0, "dormant"),
        (1095, 1095, 0, 0, "none"),
    ],
)
def test_a_stage_follows_from_days_and_visits(first, last, visits, before, stage):
    found = segments.stages(ints(DAY - first), ints(DAY - last), ints(visits), DAY, np.array([before], dtype=np.uint8))
    assert segments.STAGES[found[0]] == stage


@given(st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 1200), st.integers(0, 12)), max_size=40))
def test_every_buyer_has_one_stage_and_a_time_without_visits_never_moves_up(rows):
    first = np.array([DAY - max(a, b) for a, b, _ in rows], dtype=np.int64)
    last = np.array([DAY - min(a, b) for a, b, _ in rows], dtype=np.int64)
    visits = np.array([v for _, _, v in rows], dtype=np.int64)
    now = segments.stages(first, last, visits, DAY)
    later = segments.stages(first, last, np.zeros_like(visits), DAY + segments.LOOK_BACK, now)
    assert segments.counts(now, segments.STAGES).sum() == len(rows)
    assert not later.any()
    assert not np.isin(segments.stages(first, last, visits, DAY + segments.YEAR), [segments.CORE]).any() or not len(rows)


def test_a_taste_is_a_share_with_two_pseudo_visits():
    market = np.array([0.1, 0.4, 0.2, 0.1, 0.2])
    visits = np.array([[0, 1, 0, 0, 0], [0, 1, 0, 3, 0], [1, 1, 1, 0, 0], [0, 0, 0, 0, 0], [0, 9, 1, 1, 0]])
    names = [segments.TASTES[code] for code in segments.tastes(visits, market)]
    assert names == ["show", "classical", "omnivore", "unclassified", "show"]


def test_a_present_taste_stays_until_it_is_beaten_by_a_quarter():
    market = np.full(5, 0.2)
    present = np.array([segments.SHOW], dtype=np.uint8)
    assert segments.tastes(np.array([[0, 4, 5, 0, 0]]), market, present)[0] == segments.SHOW
    assert segments.tastes(np.array([[0, 4, 5, 0, 0]]), market)[0] == segments.THEATRE
    assert segments.tastes(np.array([[0, 4, 6, 0, 0]]), market, present)[0] == segments.THEATRE, "6.4 is 1.45 times 4.4"
    assert segments.tastes(np.array([[0, 0, 1, 0, 0]]), market, present)[0] == segments.THEATRE, "nothing left of the present one"


@given(st.lists(st.lists(st.integers(0, 6), min_size=5, max_size=5), min_size=1, max_size=30))
def test_a_label_that_was_given_is_stable_under_the_same_visits(rows):
    visits = np.array(rows, dtype=np.int64)
    market = segments.market_shares(visits.sum(axis=0))
    first = segments.tastes(visits, market)
    assert (segments.tastes(visits, market, first) == first).all()
    assert ((first == 0) == (visits.sum(axis=1) == 0)).all()


def test_what_a_title_tells_comes_before_the_genre():
    assert segments.taste_of("theatre", "Noor en de maan 6+") == segments.FAMILY
    assert segments.taste_of("theatre", "Agent 26+") == segments.THEATRE
    assert segments.taste_of("music", "Requiem voor een stad") == segments.CLASSICAL
    assert segments.taste_of("music") == segments.CABARET
    assert segments.taste_of("dance") == segments.THEATRE
    assert segments.taste_of("other", "De grote circus show") == segments.SHOW
    assert segments.taste_of("other") == 0
    assert segments.taste_of("theatre", "Orkest van woorden") == segments.THEATRE, "only music is classical"


def test_an_arrival_looks_back_no_further_than_the_window():
    first = ints(1000, 1000, 1000, 1000, -1)
    before = ints(-1, 999, 1000 - 731, 1000 - 1096, 5)
    before[3] = 1000 - 1096 if 1000 > 1096 else -1
    found = [loyalty.ARRIVALS[code] for code in loyalty.arrivals(first, before)]
    assert found == ["new", "returning", "reactivated", "new", "absent"]
    assert loyalty.arrivals(ints(5000), ints(5000 - 1096))[0] == loyalty.NEW


def test_the_window_is_stated():
    assert loyalty.window(100, 500) == loyalty.Window(400, False)
    assert loyalty.window(0, 9000) == loyalty.Window(1095, True)
    assert loyalty.window(600, 500) == loyalty.Window(0, False)


def test_retention_and_lapsed_from_a_bit_per_season():
    seasons = ints(0b001, 0b011, 0b111, 0b101, 0b010, 0)
    table = loyalty.retention(seasons, 3)
    assert table.tolist() == [[4, 2, 2], [0, 3, 1], [0, 0, 2]]
    assert loyalty.overlap(seasons, 3)[1, 0] == 2
    assert loyalty.lapsed(seasons, 2).tolist() == [False, True, False, False, True, False]
    assert not loyalty.lapsed(seasons, 0).any()


@given(st.lists(st.integers(0, 40), max_size=60))
def test_frequency_counts_everybody_who_came_once(visits):
    found = loyalty.frequency(np.array(visits, dtype=np.int64))
    assert found.sum() == sum(v > 0 for v in visits)
    assert found[0] == visits.count(1)
    assert found[3] == visits.count(4) + visits.count(5)


def hour(*parts):
    return int(datetime(*parts, tzinfo=UTC).timestamp()) // 3600


def test_a_lead_is_counted_on_the_venues_clock():
    played = (datetime(2026, 7, 2, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    sold = ints(hour(2026, 7, 1, 21), hour(2026, 7, 1, 22), hour(2026, 6, 24, 10), hour(2026, 1, 1, 10), hour(2026, 7, 5, 10))
    assert [buying.LEADS[code] for code in buying.leads(sold, np.full(5, played))] == ["1-7", "0", "8-30", "181+", "0"]
    edges = np.array([0, 1, 7, 8, 30, 31, 90, 91, 180, 181])
    found = buying.leads((played - edges) * 24 + 10, np.full(10, played))
    assert found.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]


@settings(max_examples=60)
@given(
    st.lists(st.integers(hour(2015, 1, 1), hour(2030, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(["Europe/Amsterdam", "UTC", "America/New_York"]),
)
def test_the_clock_is_that_of_the_zone(hours, name):
    zone = ZoneInfo(name)
    found = buying.offsets(np.array(hours, dtype=np.int64), zone)
    for value, offset in zip(hours, found.tolist(), strict=True):
        assert datetime.fromtimestamp(value * 3600, zone).utcoffset().total_seconds() == offset * 3600


def test_the_moment_is_weekday_and_part_of_the_day():
    sold = ints(hour(2026, 11, 23, 6), hour(2026, 11, 22, 23), hour(2026, 7, 5, 16))
    assert buying.moments(sold).tolist() == [1, 0, 6 * 4 + 3], "Monday morning, Monday night, Sunday evening"
    assert buying.offsets(np.zeros(0, dtype=np.int64)).size == 0


def test_parties_and_prices():
    assert [buying.PARTIES[c] for c in buying.parties(ints(1, 2, 4, 5, 9, 10, 60))] == ["1", "2", "4", "5-9", "5-9", "10+", "10+"]
    assert [buying.PRICES[c] for c in buying.price_bands(ints(0, 1, 1499, 1500, 2500, 3499, 3500))] == [
        "free",
        "1",
        "1",
        "2",
        "3",
        "3",
        "4",
    ]


def test_a_catchment_is_the_smallest_set_with_four_fifths():
    assert origin.catchment(ints(10, 50, 30, 10)).tolist() == [False, True, True, False]
    assert origin.catchment(ints(25, 25, 25, 25)).all()
    assert not origin.catchment(ints(0, 0)).any()
    assert origin.catchment(ints(5, 0)).tolist() == [True, False]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=40))
def test_no_smaller_set_would_do(buyers):
    counts = np.array(buyers, dtype=np.int64)
    inside = origin.catchment(counts)
    total = counts.sum()
    assert counts[inside].sum() >= 0.8 * total - 1e-6
    if inside.sum() > 1:
        assert np.sort(counts)[::-1][: inside.sum() - 1].sum() < 0.8 * total


def test_distances_are_along_a_great_circle():
    km = origin.distances_km(np.array([52.37, 52.37]), np.array([4.9, 4.9 + 360]), 50.85, 5.69)
    assert km[0] == pytest.approx(177.5, abs=1.0)
    assert km[1] == pytest.approx(km[0])
    assert origin.distances_km(np.array([1.0]), np.array([1.0]), 1.0, 1.0)[0] == 0


def test_the_median_leaves_unknown_distances_out():
    assert origin.median_km(np.array([1.0, 5.0, np.nan, 9.0]), ints(10, 30, 500, 5)) == 5.0
    assert origin.median_km(np.array([np.nan]), ints(4)) is None


def test_penetration_needs_people():
    found = origin.per_thousand(ints(12, 3), ints(6000, 900))
    assert found[0] == 2.0
    assert np.isnan(found[1])

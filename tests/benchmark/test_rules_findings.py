"""Which sentence the numbers carry."""

from datetime import date

import pytest

from dip.benchmark.rules import findings
from dip.benchmark.rules.closures import CLOSURES, closures_of
from dip.warehouse.terms import (
    Dimension,
    Lead,
    LeadCell,
    LeadChange,
    LeadTimes,
    NotShown,
    Sums,
    Trend,
    TrendCell,
    TrendMeasure,
    TrendSeason,
)

OCCUPANCY, PRICE, TICKETS = TrendMeasure.OCCUPANCY, TrendMeasure.PRICE, TrendMeasure.TICKETS


def season(year, *, running=False):
    return TrendSeason(year, running, date(year + 1, 8, 1), date(2026, 11, 23))


def cell(year, tickets, *, own=None, adjusted=None, value=0):
    national = tickets if isinstance(tickets, NotShown) or tickets is None else Sums(10, 9, 6, 6, tickets, tickets * 2500, 1000)
    mine = None if own is None else Sums(1, 1, 1, 1, own, own * 2000, 100)
    return TrendCell(year, value, national, mine, {}, adjusted or {})


def trend(*tickets, own=(), adjusted=None, running=None, values=()):
    years = [2023 + n for n in range(len(tickets))]
    mine = [*own, *([None] * len(tickets))]
    totals = {
        year: cell(year, sold, own=mine[n], adjusted=adjusted) for n, (year, sold) in enumerate(zip(years, tickets, strict=True))
    }
    cells = {(year, key): cell(year, sold, value=key) for year, key, sold in values}
    seasons = tuple(season(year, running=year == running) for year in years)
    return Trend(Dimension.GENRE, None, seasons, tuple(sorted({key for _, key, _ in values})), cells, totals, years[0])


def codes(found):
    return [finding.code for finding in found]


class TestTrend:
    @pytest.mark.parametrize(
        ("tickets", "margin", "code"),
        [
            ((600, 700), None, "national_more"),
            ((700, 600), None, "national_less"),
            ((600, 602), None, "national_same"),
            ((600, 700), 0.02, "national_more"),
            ((600, 700), 0.11, "national_within"),
            ((600,), None, "national"),
            ((NotShown(), 700), None, "national"),
        ],
    )
    def test_the_nation_against_the_season_before(self, tickets, margin, code):
        assert codes(findings.trend_answer(trend(*tickets), OCCUPANCY, margin)) == [code]

    def test_a_running_season_is_never_the_answer(self):
        found = findings.trend_answer(trend(600, 700, 50, running=2025), OCCUPANCY, None)
        assert found[0].values["season"] == 2024

    def test_nothing_to_say(self):
        assert codes(findings.trend_answer(trend(50, running=2023), OCCUPANCY, None)) == ["young"]
        assert codes(findings.trend_answer(trend(600, NotShown(), own=(50, 60)), OCCUPANCY, None)) == ["hidden"]
        assert codes(findings.trend_answer(trend(600, None), OCCUPANCY, None)) == ["nothing"]

    def test_constant_mix_and_own(self):
        found = findings.trend_answer(trend(600, 700, own=(50, 60), adjusted={OCCUPANCY: 0.65}), OCCUPANCY, None)
        assert codes(found) == ["national_more", "adjusted", "own_more"]
        assert found[2].values["change"] == pytest.approx(0.1)
        assert codes(findings.trend_answer(trend(600, 700, own=(60, 50)), TICKETS, None))[-1] == "own_less"
        assert codes(findings.trend_answer(trend(600, 700, own=(None, 50)), TICKETS, None))[-1] == "own"

    def test_changes_are_points_of_an_occupancy_and_shares_of_all_else(self):
        assert findings.change(0.6, 0.66, OCCUPANCY) == pytest.approx(0.06)
        assert findings.change(2000, 2100, PRICE) == pytest.approx(0.05)
        assert (
            findings.change(NotShown(), 5, TICKETS) is findings.change(None, 5, TICKETS) is findings.change(0, 5, TICKETS) is None
        )

    def test_headings(self):
        assert findings.trend_heading(trend(600, NotShown(), 700), OCCUPANCY).code == "rose"
        assert findings.trend_heading(trend(700, 600), OCCUPANCY).code == "fell"
        assert findings.trend_heading(trend(600, 601), OCCUPANCY).code == "stayed"
        assert findings.trend_heading(trend(NotShown(), 601), OCCUPANCY).code == "measure"

    def test_the_value_that_moved_most(self):
        values = [(2023, 1, 500), (2024, 1, 520), (2023, 2, 500), (2024, 2, 400), (2023, 3, 500), (2024, 3, NotShown())]
        found = findings.values_heading(trend(1500, 1500, values=values), OCCUPANCY)
        assert (found.code, found.values["of"]) == ("value_fell", 2)
        assert findings.values_heading(trend(1500, 1500, values=values[:2]), OCCUPANCY).code == "values"


def times(*changes, own=None):
    lead = Lead(100, 8, 40.0, (1.0,), (0.1, 0.1, 0.2, 0.2, 0.2, 0.2))
    totals = {2025: LeadCell(2025, 0, lead, own and lead, 1.0)}
    return LeadTimes(Dimension.GENRE, None, (season(2024), season(2025)), (), {}, totals, changes, {})


class TestLeadTimes:
    @pytest.mark.parametrize(
        ("days", "margin", "code"), [(-5, 2, "lead_later"), (5, 2, "lead_earlier"), (-2, 2, "lead_same"), (1.5, 2, "lead_same")]
    )
    def test_do_people_buy_later(self, days, margin, code):
        change = LeadChange(2024, 2025, days, margin, None, 0.02)
        assert codes(findings.lead_answer(times(change))) == [code]

    def test_more_is_told_when_it_is_known(self):
        near, far = LeadChange(2024, 2025, -5, 2, -4.0, 0.02), LeadChange(2021, 2025, 7, 2, None, 0.02)
        assert codes(findings.lead_answer(times(near, far, own=True))) == [
            "lead_later",
            "lead_adjusted",
            "lead_since_earlier",
            "lead_own",
        ]
        assert codes(findings.lead_answer(times())) == ["lead_hidden"]
        assert codes(findings.lead_answer(LeadTimes(Dimension.GENRE, None, (season(2026, running=True),), (), {}, {}, (), {}))) == [
            "young"
        ]


def test_closures_are_dated_and_belong_to_a_season():
    assert all(closure.first < closure.last for closure in CLOSURES)
    assert [closure.season for closure in closures_of((2019, 2021))] == [2019, 2021]
    assert closures_of((2025,)) == ()

import numpy as np
import pytest

from dip.warehouse.rules.audience import returns, underserved


def drawn(buyers, seasons, seed, shape=(1.2, 0.8, 0.7, 2.8)):
    """Buyers who were all there in season 0, as a bit per season, drawn from the model itself."""
    a, b, g, d = shape
    dice = np.random.default_rng(seed)
    p, loss = dice.beta(a, b, buyers), dice.beta(g, d, buyers)
    bits, alive = np.ones(buyers, dtype=np.int64), np.ones(buyers, dtype=bool)
    for season in range(1, seasons):
        alive &= dice.random(buyers) >= loss
        bits |= (alive & (dice.random(buyers) < p)).astype(np.int64) << season
    return bits


def test_histories_of_a_bit_per_season():
    x, t, n = returns.histories(np.array([0b0001, 0b1011, 0b1000, 0b0100, 0]), 3)
    assert x.tolist() == [0, 2, 0, 0, 0]
    assert t.tolist() == [0, 3, 0, 0, 0]
    assert n.tolist() == [3, 3, 0, 1, -1]


def test_chances_of_all_histories_add_up_to_one():
    model = returns.ReturnModel(1.2, 0.8, 0.7, 2.8)
    total = 0.0
    for pattern in range(2**4):
        came = [season + 1 for season in range(4) if pattern >> season & 1]
        total += returns.likelihood(model, len(came), came[-1] if came else 0, 4)
    assert total == pytest.approx(1.0, abs=1e-9)


def test_the_worked_example_of_the_document():
    model = returns.ReturnModel(1.0, 1.0, 1.0, 3.0)
    assert returns.chance(model, 2, 2, 2) == pytest.approx(0.625, abs=0.001)
    assert returns.chance(model, 0, 0, 2) == pytest.approx(0.0794, abs=0.001)


def test_the_fit_forecasts_the_next_season():
    bits = drawn(40_000, 6, seed=7)
    x, t, n = returns.histories(bits, 4)
    model = returns.fit(x, t, n)
    forecast = returns.chances(model, x, t, n)
    came = bits >> 5 & 1
    assert forecast.mean() == pytest.approx(came.mean(), abs=0.012)
    often = x == 4
    assert forecast[often].mean() == pytest.approx(came[often].mean(), abs=0.03)
    plain = ((forecast - came) ** 2).mean()
    assert plain < (((t == n) * came[t == n].mean() - came) ** 2).mean(), "better than whether they came last season"


def test_one_factor_mends_a_season_that_was_off():
    bits = drawn(5_000, 5, seed=3)
    x, t, n = returns.histories(bits, 3)
    model = returns.fit(x, t, n)
    forecast = returns.chances(model, x, t, n)
    came = (bits >> 4 & 1) * (np.arange(5_000) % 10 < 8)
    mended = returns.calibrated(model, forecast, came)
    assert returns.chances(mended, x, t, n).sum() == pytest.approx(came.sum(), rel=0.01)
    assert returns.calibrated(model, np.zeros(2), np.ones(2)).factor == 1.0
    assert returns.calibrated(model, np.ones(10), np.zeros(10)).factor == 0.5


def test_without_histories_there_is_a_plain_model():
    none = np.zeros(0, dtype=np.int64)
    assert returns.fit(none, none, none).alpha == 1.0
    assert returns.chances(returns.ReturnModel(1, 1, 1, 1), none, none, none).size == 0
    assert np.isnan(returns.chances(returns.ReturnModel(1, 1, 1, 1), np.array([0]), np.array([0]), np.array([-1]))[0])


def country(seed=5, areas=1500):
    dice = np.random.default_rng(seed)
    people = dice.integers(0, 12_000, areas)
    ages = dice.dirichlet(np.full(20, 6.0), areas) * people[:, None]
    urban = dice.integers(1, 6, areas)
    km = dice.gamma(2.0, 9.0, areas)
    design = underserved.features(ages, urban, km)
    true = people * np.exp(-3.6 - 0.9 * (np.log1p(km) - 2.5) - 0.15 * urban)
    return dice, people, design, true


def test_areas_that_were_made_poor_are_found_and_hardly_any_other():
    dice, people, design, true = country()
    poor = np.arange(len(people)) % 25 == 0
    visits = dice.poisson(np.where(poor, 0.35, 1.0) * true)
    found = underserved.underserved(visits, people, design)
    able = poor & (people >= 1000) & (true >= 60)
    assert found.is_underserved[able].mean() > 0.9
    assert found.is_underserved[~poor].mean() < 0.03
    assert not found.is_underserved[people < 1000].any()
    assert found.expected[people > 0].sum() == pytest.approx(visits.sum(), rel=0.02)


def test_few_people_prove_nothing():
    dice, people, design, true = country()
    visits = dice.poisson(true / 400)
    assert not underserved.underserved(visits, people, design).is_underserved[true / 400 < 2].any()


def test_coefficients_are_found_again():
    dice, people, design, true = country(seed=9)
    beta = underserved.regress(dice.poisson(true), people, design)
    expected = np.exp(np.column_stack([np.ones(len(people)), design]) @ beta) * people
    assert np.abs(np.log(expected[people > 500] / true[people > 500])).mean() < 0.05


def test_what_is_unknown_gets_the_mean():
    ages = np.array([[10.0] * 20, [np.nan] * 20, [5.0] * 20])
    design = underserved.features(ages, np.array([1, 0, 3]), np.array([1.0, np.nan, 30.0]), np.array([250.0, np.nan, 400.0]))
    assert np.isfinite(design).all()
    assert (design[1] == 0).all()
    assert underserved.underserved(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64), design).is_underserved.sum() == 0


def test_the_bound_is_the_quantile_of_a_gamma():
    dice = np.random.default_rng(1)
    for shape in (1.0, 4.0, 60.0):
        sampled = np.quantile(dice.gamma(shape, 1.0, 400_000), 0.9)
        assert underserved.gamma_upper(np.array([shape]))[0] == pytest.approx(sampled, rel=0.015)

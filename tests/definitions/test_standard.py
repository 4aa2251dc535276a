from dataclasses import replace
from datetime import date

import pytest

from dip.definitions import actions, queries, rules
from dip.definitions.models import Genre, Metric, Threshold
from dip.definitions.terms import LANGUAGES

METRICS = {
    "tickets_sold", "occupancy_paid", "occupancy_total", "recette", "average_price", "reservations", "blocked", "capacity", "for_sale",
    "free_tickets", "national_median", "national_band", "market_share", "days_before", "colleagues_mean", "change_since_yesterday", "restatement",
    "sold_in_week",
    "week_mutation",
    "tickets_per_performance",
    "weeks_on_sale",
    "target",
    "share_of_target",
    "expected_at_target",
    "end_at_pace",
    "own_count",
    "reconciliation",
    "resale",
    "lag",
    "connection_score",
    "trend", "trend_adjusted", "trend_interval", "national_disturbed", "price_class", "lead_time", "lead_share",
    "settlement_sales", "settlement_outside_theatre", "settlement_outside_consumption", "settlement_outside_service",
    "settlement_outside_wardrobe", "settlement_gross", "settlement_surcharge_theatre", "settlement_surcharge_consumption",
    "settlement_surcharge_service", "settlement_surcharge_wardrobe", "settlement_recette", "settlement_vat", "settlement_royalties",
    "settlement_net", "settlement_shared_costs", "settlement_shareable", "settlement_provider_share", "settlement_theatre_share",
    "settlement_guarantee", "settlement_supplement", "settlement_rent", "settlement_other_charges", "settlement_provider_ex",
    "settlement_provider_vat", "settlement_provider_recette_vat", "settlement_use_vat", "settlement_provider_total",
    "settlement_theatre_ex", "settlement_theatre_surcharges", "settlement_theatre_total", "settlement_payable", "settlement_break_even",
    "audience_orders", "audience_buyers", "audience_new", "audience_stage", "audience_taste",
    "audience_party", "audience_lead_time", "audience_moment", "audience_kind", "audience_price",
    "audience_channel", "audience_age", "audience_gender", "audience_frequency", "audience_retention",
    "audience_lapsed", "audience_origin", "audience_penetration", "audience_underserved", "audience_together",
    "audience_overlap", "audience_flow", "audience_population", "audience_elsewhere", "audience_trend",
    "peer_group", "peer_spread", "peer_at_mix", "peer_performances", "peer_last_week", "peer_reduced", "peer_penetration", "peer_theatres",
    "named_comparison", "named_overlap",
}  # fmt: skip
LIMITS = {
    "holdings_min": 5,
    "dominance_p": 0.10,
    "top_one_max": 0.50,
    "top_two_max": 0.85,
    "quantile_min": 8,
    "cohort_min": 30,
    "status_ahead": 1.10,
    "status_behind": 0.90,
    "stale_hours": 48,
    "price_class_2": 15,
    "price_class_3": 25,
    "price_class_4": 35,
    "lead_first_max": 0.20,
    "factor_low": 0.10,
    "factor_high": 0.13,
    "join_min": 3,
    "orders_years": 10,
    "looks_years": 2,
    "segment_postcodes_min": 20,
    "segment_inhabitants_min": 50_000,
    "segment_tables_max": 4,
}


@pytest.fixture
def fresh():
    yield
    queries.forget()


def test_the_files_hold_the_agreed_codes_in_three_languages():
    stated = rules.read_standard()
    assert {metric.code for metric in stated.metrics} == METRICS
    assert {limit.code: limit.value for limit in stated.thresholds} == LIMITS
    for metric in stated.metrics:
        for texts in (metric.names, metric.sentences, metric.formulas):
            assert set(texts) == set(LANGUAGES)
            assert all(texts.values())


def test_wire_ids_are_fixed():
    stated = rules.read_standard()
    assert [(g.id, g.code) for g in stated.genres] == [
        (1, "theatre"),
        (2, "music"),
        (3, "dance"),
        (4, "music-theatre"),
        (5, "cabaret"),
        (6, "other"),
    ]
    assert [p.code for p in sorted(stated.provinces, key=lambda p: p.id)] == [
        "GR",
        "FR",
        "DR",
        "OV",
        "FL",
        "GE",
        "UT",
        "NH",
        "ZH",
        "ZE",
        "NB",
        "LI",
    ]


def test_no_two_provinces_share_a_square():
    places = [(p.row, p.column) for p in rules.read_standard().provinces]
    assert len(set(places)) == len(places) == 12


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_set_up_has_loaded_it_and_a_repeat_changes_nothing():
    assert Metric.objects.count() == len(METRICS)
    assert Genre.objects.get(id=4).code == "music-theatre"
    assert actions.load_standard() == 0
    assert Metric.objects.count() == len(METRICS)


def with_metric(change, code="recette"):
    stated = rules.read_standard()
    return replace(stated, metrics=tuple(change(m) if m.code == code else m for m in stated.metrics))


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_a_published_text_cannot_be_changed():
    stated = with_metric(lambda m: replace(m, sentences={**m.sentences, "en": "Something else."}))
    with pytest.raises(actions.UnableToLoadStandard, match=r"recette version 1 was published with another sentences.*version 2"):
        actions.load_standard(stated=stated)
    assert "Proceeds" in Metric.objects.get(code="recette").sentence["en"]


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_a_limit_that_is_published_cannot_be_changed():
    stated = rules.read_standard()
    stated = replace(stated, thresholds=tuple(replace(t, value=3.0) if t.code == "holdings_min" else t for t in stated.thresholds))
    with pytest.raises(actions.UnableToLoadStandard, match="holdings_min"):
        actions.load_standard(stated=stated)
    assert Threshold.objects.get(code="holdings_min").value == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_a_new_version_is_a_new_row_and_holds_from_its_day():
    stated = rules.read_standard()
    old = next(m for m in stated.metrics if m.code == "recette")
    new = replace(old, version=2, valid_from=date(2027, 8, 1), formulas={**old.formulas, "en": "another formula"})
    assert actions.load_standard(stated=replace(stated, metrics=(*stated.metrics, new))) == 1
    assert queries.metric("recette", "en", date(2027, 7, 31)).version == 1
    assert queries.metric("recette", "en", date(2027, 8, 1)).formula == "another formula"
    assert [d.version for d in queries.metric_versions("recette", "en")] == [2, 1]
    assert queries.metric("recette", "en", date(2001, 1, 1)).version == 1, "before the first version, the first"


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_an_id_is_never_used_again():
    stated = rules.read_standard()
    stated = replace(stated, genres=(replace(stated.genres[0], code="opera"), *stated.genres[1:]))
    with pytest.raises(actions.UnableToLoadStandard, match="genre 1 is 'theatre', not 'opera'"):
        actions.load_standard(stated=stated)


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
def test_a_name_may_be_corrected():
    stated = rules.read_standard()
    renamed = replace(stated.genres[5], names={**stated.genres[5].names, "nl": "Overige genres"})
    actions.load_standard(stated=replace(stated, genres=(*stated.genres[:5], renamed)))
    assert queries.genres()[5].name("nl") == "Overige genres"


@pytest.mark.django_db
def test_questions_are_answered_from_memory(django_assert_num_queries):
    queries.standard()
    with django_assert_num_queries(0):
        assert queries.threshold("dominance_p") == 0.10
        assert queries.metric("occupancy_paid", "nl").version_name == "2025–26 v1"
        assert queries.metric("occupancy_paid", "de").name == "Bezetting, betaald"
        assert len(queries.provinces()) == 12
        assert queries.countries()[0].code == "NL"
        assert len(queries.thresholds("fr")) == len(LIMITS)


@pytest.mark.django_db
def test_an_unknown_code_is_named():
    with pytest.raises(queries.UnknownCode, match="no_such"):
        queries.metric("no_such", "nl")
    with pytest.raises(queries.UnknownCode, match="no_such"):
        queries.threshold("no_such")


def test_a_wrong_file_is_named(tmp_path):
    for path in rules.FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    text = (tmp_path / "metrics.toml").read_text()
    (tmp_path / "metrics.toml").write_text(text.replace('name.fr = "Recette"', 'name.fr = ""'))
    with pytest.raises(rules.UnableToReadStandard, match=r"metrics.toml: 'recette' has no name.fr"):
        rules.read_standard(tmp_path)
    (tmp_path / "genres.toml").write_text("[[genre]\n")
    with pytest.raises(rules.UnableToReadStandard, match=r"genres.toml cannot be read"):
        rules.read_standard(tmp_path)


def test_versions_must_follow_each_other(tmp_path):
    for path in rules.FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text())
    limits = tmp_path / "thresholds.toml"
    limits.write_text(limits.read_text() + limits.read_text()[limits.read_text().index("\n[[threshold]]") :])
    with pytest.raises(rules.UnableToReadStandard, match="does not come after"):
        rules.read_standard(tmp_path)

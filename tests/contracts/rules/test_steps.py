"""The steps where they are rare: surcharges above sales, nothing sold, mixed signs, drafts, a part of the performances."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from dip.contracts.rules.bases import columns, evening_sold_out
from dip.contracts.rules.checks import check_prices
from dip.contracts.rules.formats import formats
from dip.contracts.rules.rounding import equally, half_up, rate_of_all, rounded, spread, spread_alike
from dip.contracts.rules.sharing import in_tranches
from dip.contracts.rules.steps import residual, settle
from dip.contracts.rules.values import check_terms, completed
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Tranche
from dip.contracts.terms.statement import Evening, Party, Sign

LOW, HIGH = Fraction(9, 100), Fraction(21, 100)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def one(tickets=100, cents=250_000, number=1, rate=LOW):
    return Evening(number, tickets, cents, rate)


def lines(code, terms, *evenings, of=0):
    statement = settle(code, completed(code, terms), evenings or [one()], of=of)
    assert residual(statement) == 0
    return {line.code: line.cents for line in statement}


def test_surcharges_above_sales_take_what_there_is_and_tell_what_they_are_short_of():
    statement = settle("partage", completed("partage", {"theatre_surcharge": 300, "service_surcharge": 100}), [one(10, 2_500)])
    assert statement.cents("surcharge_theatre") == 3_000
    assert statement.cents("surcharge_service") == 500
    assert statement.line("surcharge_service").details == {"per_ticket_cents": 100, "short_cents": 500}
    assert (statement.cents("recette"), statement.cents("provider_total")) == (0, 0)
    assert statement.cents("gross") == 3_500, "the service surcharge is not in the recette that was stated"


@pytest.mark.parametrize("form", formats(), ids=lambda form: form.code)
def test_without_performances_or_sales_every_format_settles(form):
    terms = {"tranches": (Tranche(None, Decimal(80)),)} if form.code == "volume" else {}
    assert set(lines(form.code, terms).values()) != {0}
    for evenings in ([], [one(0, 0)], [one(0, 0), one(0, 0, 2)]):
        statement = settle(form.code, completed(form.code, terms), evenings)
        assert {line.cents for line in statement} == {0}
        assert statement.payable_cents == 0
        assert statement.issuer is form.issuer


@pytest.mark.parametrize("form", formats(), ids=lambda form: form.code)
def test_a_draft_in_which_nothing_is_filled_settles(form):
    statement = settle(form.code, dict.fromkeys(completed(form.code, {})), [one(), one(0, 0, 2)])
    assert residual(statement) == 0
    assert statement.cents("gross") == 250_000


def test_a_surcharge_has_its_line_even_while_nothing_is_sold():
    assert {"sales", "outside_wardrobe", "surcharge_wardrobe"} <= lines("partage", {"wardrobe_surcharge": 50}, one(0, 0)).keys()


def test_signs_tell_how_a_line_stands():
    statement = settle("partage", completed("partage", {"wardrobe_surcharge": 50}), [one()])
    signs = {line.code: line.sign for line in statement}
    assert (signs["sales"], signs["outside_wardrobe"], signs["gross"]) == (Sign.NONE, Sign.PLUS, Sign.SUM)
    assert settle("partage", completed("partage", {}), [one()]).line("gross").sign is Sign.NONE


def test_a_guarantee_of_zero_is_none():
    assert "guarantee" not in lines("partage", {"provider_guarantee": 0, "theatre_guarantee": None})
    assert lines("partage", {"provider_guarantee": 0, "theatre_guarantee": 100_000})["guarantee"] > 0


def test_a_guarantee_over_all_lets_a_good_evening_make_up_for_a_bad_one():
    evenings = one(cents=327_000), one(cents=109_000, number=2)
    terms = {"provider_guarantee": 160_000, "guarantee_sum": "each"}
    assert lines("partage", {**terms, "guarantee_per_performance": True}, *evenings)["guarantee"] == 80_000
    assert lines("partage", {**terms, "guarantee_per_performance": False}, *evenings)["guarantee"] == 0


def test_a_guarantee_for_each_of_tranches_over_all_is_that_amount_times_their_number():
    evenings = one(cents=327_000), one(cents=109_000, number=2)
    terms = {"tranches": (Tranche(None, Decimal(80)),), "provider_guarantee": 170_000, "guarantee_per_performance": True}
    assert lines("volume", terms, *evenings)["guarantee"] == 20_000, "2 × 1,700.00 less 80 % of 4,000.00"
    assert lines("volume", {**terms, "tranche_basis": "each"}, *evenings)["guarantee"] == 90_000


def test_two_readings_of_a_supplement():
    terms = {"provider_percentage": Decimal(50), "suppletion": 40_000, "suppletion_warranty": 100_000}
    evening = one(cents=109_000)
    assert lines("suppletion", terms, evening)["provider_ex"] == 90_000, "topped up by the most"
    assert lines("suppletion", {**terms, "suppletion": 60_000}, evening)["provider_ex"] == 100_000, "topped up to the sum"
    fixed = {**terms, "suppletion_reading": "fixed"}
    assert lines("suppletion", fixed, evening)["provider_ex"] == 100_000, "the least sum"
    assert lines("suppletion", fixed, one(cents=218_000))["provider_ex"] == 140_000, "share and supplement"


def test_a_part_of_the_performances_settles_a_part_of_what_is_agreed_for_the_whole():
    buyout = {"buyout_amount": 900_001}
    assert lines("buyout", buyout, one(), of=2)["provider_share"] == 450_001
    assert lines("buyout", buyout, one(), one(number=2))["provider_share"] == 900_001
    assert lines("buyout", {**buyout, "fixed_sums": "each"}, one(), of=2)["provider_share"] == 900_001
    partage = {"provider_guarantee": 900_000, "guarantee_per_performance": False}
    assert lines("partage", partage, one(), of=3)["provider_ex"] == 300_000
    assert lines("partage", {**partage, "guarantee_per_performance": True}, one(), of=3)["provider_ex"] == 900_000
    top_up = {"suppletion": 60_000, "suppletion_warranty": 900_000, "guarantee_per_performance": False}
    assert lines("suppletion", top_up, one(), of=2)["supplement"] == 30_000


def test_shared_costs_above_the_net_are_borne_by_the_first_tranche():
    terms = {"tranches": (Tranche(400_000, Decimal(75)), Tranche(None, Decimal(50))), "shared_costs": 300_000}
    found = lines("volume", terms, one(cents=218_000))
    assert (found["shareable"], found["provider_share"], found["theatre_share"]) == (-100_000, -75_000, -25_000)
    assert (found["provider_ex"], found["theatre_ex"]) == (-75_000, 275_000), "the theatre has its costs back"
    assert lines("volume", {**terms, "shared_costs_by": "provider"}, one(cents=218_000))["provider_ex"] == 225_000


def test_a_performance_with_a_loss_has_no_part_of_a_profit():
    terms = {"tranches": (Tranche(None, Decimal(50)),), "shared_costs": 40_000}
    statement = settle("volume", completed("volume", terms), [one(cents=218_000), one(1, 1_090, 2)])
    assert statement.line("shareable").evenings == (180_000, -19_000)
    assert statement.line("provider_share").evenings == (80_500, 0)


def test_a_statement_tells_how_each_tranche_was_filled():
    tranches = (Tranche(100_000, Decimal(100)), Tranche(None, Decimal("37.50")))
    statement = settle("volume", completed("volume", {"tranches": tranches}), [one(cents=327_000)])
    assert statement.line("provider_share").details == {
        "tranches": [
            {"limit_cents": 100_000, "percentage": "100", "net_cents": 100_000},
            {"limit_cents": None, "percentage": "37.5", "net_cents": 200_000},
        ]
    }


def test_tranches_without_any_give_nothing():
    assert in_tranches(5_000, ()) == 0
    assert in_tranches(5_000, (Tranche(None, Decimal(10)), Tranche(9_000, Decimal(20)))) == 500, "a draft in disorder"


@pytest.mark.parametrize(("choice", "vat"), [("low", 14_400), ("high", 33_600), ("exempt", 0), ("reverse", 0)])
def test_vat_on_the_share(choice, vat):
    statement = settle("partage", completed("partage", {"share_vat": choice}), [one(cents=218_000)])
    assert (statement.cents("provider_ex"), statement.cents("provider_vat")) == (160_000, vat)
    assert [(item.code, item.cents, item.vat_cents) for item in statement.items] == [("share", 160_000, vat)]
    assert statement.payable_cents == 160_000 + vat


def test_an_item_for_each_rate_of_vat():
    statement = settle(
        "partage", completed("partage", {}), [one(cents=109_000), one(cents=106_000, number=2, rate=Fraction(6, 100))]
    )
    assert [(item.vat_rate, item.cents, item.vat_cents) for item in statement.items] == [
        (Fraction(6, 100), 80_000, 4_800),
        (Fraction(9, 100), 80_000, 7_200),
    ]
    assert statement.line("provider_vat").rate is None
    assert statement.line("provider_vat").evenings == (7_200, 4_800)


def test_rent_may_be_more_than_the_recette():
    statement = settle("rent", completed("rent", {"rent": 500_000}), [one(cents=218_000)])
    assert statement.issuer is Party.THEATRE
    assert statement.payable_cents == 218_000 - 605_000
    assert statement.cents("provider_total") == -387_000
    assert statement.cents("theatre_total") == 500_000


def test_a_first_limit_of_nothing_is_refused():
    terms = completed("volume", {"tranches": (Tranche(0, Decimal(50)), Tranche(None, Decimal(60))), "entrance_prices": (100,)})
    found = check_terms("volume", terms)
    assert [(f.code, f.field, f.values["place"]) for f in found] == [("tranches_out_of_order", "tranches", 1)]
    assert check_prices({"entrance_prices": (2_000,)}, 2)[0].code == "price_missing"


def figures(number=1, day=date(2026, 11, 20), **over):
    values = {
        "number": number,
        "on": day,
        "starts_at": NOON,
        "hall": "Zaal",
        "hall_id": 1,
        "seats": (100, 50),
        "is_cancelled": False,
        "tickets": 90,
        "free_tickets": 5,
        "recette_cents": 200_000,
        "true_at": NOON,
        "confirmed_at": NOON,
        "source": "",
    }
    return PerformanceFigures(**values | over)


TERMS = completed("partage", {"entrance_prices": (3_000, 2_000), "theatre_surcharge": 250, "wardrobe_surcharge": 100})


def test_sold_out_is_what_ticketing_would_state():
    """Entrance prices hold the theatre's surcharge; others come on top; and visitors pay the same however it is counted."""
    sold = evening_sold_out(figures(), TERMS, LOW, HIGH)
    assert (sold.tickets, sold.recette_cents) == (150, 400_000)
    for inside in ((), ("theatre",), ("wardrobe",), ("theatre", "wardrobe")):
        terms = {**TERMS, "surcharges_in_recette": inside}
        statement = settle("partage", terms, [evening_sold_out(figures(), terms, LOW, HIGH)])
        assert statement.cents("gross") == 415_000
        assert statement.cents("recette") == 362_500
    assert evening_sold_out(figures(), {**TERMS, "entrance_prices": ()}, LOW, HIGH).recette_cents == 0


def test_columns_leave_out_what_is_cancelled_and_count_actual_for_what_was_played():
    terms = {**TERMS, "provider_guarantee": 900_000, "guarantee_per_performance": False}
    every = [figures(3, is_cancelled=True), figures(2, date(2026, 12, 1), tickets=None), figures(1)]
    found = columns("partage", terms, every, low=lambda day: LOW, high=lambda day: HIGH, today=date(2026, 11, 23))
    assert [p.number for p in found.performances] == [1, 2, 3]
    assert found.potential.statement.numbers == found.estimated.statement.numbers == (1, 2)
    assert found.estimated.missing == (2,)
    assert found.estimated.statement.cents("provider_ex") == 900_000
    assert found.actual.statement.numbers == (1,)
    assert found.actual.statement.cents("provider_ex") == 450_000, "one of two: half of the sum for both"
    none = columns(
        "partage", terms, [replace(figures(), is_cancelled=True)], low=lambda d: LOW, high=lambda d: HIGH, today=NOON.date()
    )
    assert none.actual is None
    assert none.estimated.statement.cents("provider_total") == 0


def test_rounding():
    assert [half_up(n, 2) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]
    assert (half_up(1, 3), half_up(2, 3), half_up(-2, 3)) == (0, 1, -1)
    assert rounded(Fraction(5, 2)) == 3
    assert spread(100, (1, 1, 1)) == (33, 34, 33)
    assert spread(7, ()) == ()
    assert spread(-5, (0, 0)) == (-3, -2)
    assert spread_alike(90, (100, -10, 200)) == (30, 0, 60)
    assert spread_alike(-9, (5, -3)) == (0, -9)
    assert rate_of_all((10, 10, -5), Fraction(1, 4)) == (3, 2, -1)
    assert equally(10, 4) == (3, 2, 3, 2)

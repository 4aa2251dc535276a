"""What holds for every agreement: money is conserved, more sales never cost a party money, edges have no cliff, order does not matter."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dip.contracts.rules.formats import formats
from dip.contracts.rules.steps import residual, settle
from dip.contracts.rules.values import check_terms, completed, restored, stored
from dip.contracts.terms.fields import Tranche
from dip.contracts.terms.statement import Evening, Party, Statement
from dip.definitions.rules import read_standard
from tests.contracts.rules import accountant
from tests.contracts.rules.cases import FORMATS, Case, case

SEEDS = st.integers(min_value=0, max_value=2**63)
#: By seed, which is ten times as fast as choices of hypothesis's own; those shrink to a small agreement, and one test uses them.
CASES = SEEDS.map(lambda seed: case(Random(seed)))
SHRINKING = st.randoms(use_true_random=False).map(case)
IN_A_CHUNK = 50
quick = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
SURCHARGES = ("theatre", "consumption", "service", "wardrobe")
PARTIES = ("provider_ex", "theatre_ex", "theatre_total")


def settled(one: Case, **over: object) -> Statement:
    return settle(one.format, {**one.values, **over}, one.evenings)


def check_money(one: Case) -> None:
    """Nothing is left over, in any column; parts sum to their line; what is paid is what is owed; and the accountant agrees."""
    statement = settled(one)
    assert residual(statement) == 0
    parts = ("provider_ex", "theatre_ex", "theatre_surcharges", "vat", "royalties")
    for number in statement.numbers:
        assert statement.evening(number, "gross") == sum(statement.evening(number, code) for code in parts)
    for line in statement:
        assert sum(line.evenings) == line.cents
        assert len(line.evenings) == len(one.evenings)
    assert statement.payable_cents == statement.cents("provider_total")
    owed = sum(item.cents + item.vat_cents for item in statement.items)
    if statement.issuer is Party.PROVIDER:
        assert owed == statement.payable_cents
    else:
        assert statement.payable_cents == statement.cents("recette") - statement.cents("royalties") - owed
    beside = accountant.settled(one.format, one.values, sorted(one.evenings, key=lambda evening: evening.number))
    assert {line.code: list(line.evenings) for line in statement} == {
        code: [int(amount * 100) for amount in row] for code, row in beside.items()
    }


def check_chunk(seed: int) -> None:
    chance = Random(seed)
    for _ in range(IN_A_CHUNK):
        check_money(case(chance))


@settings(quick, max_examples=100)
@given(SHRINKING)
def test_money_is_conserved(one):
    check_money(one)


@settings(quick, max_examples=60)
@given(SEEDS)
def test_three_thousand_agreements_leave_no_residual(seed):
    check_chunk(seed)


@pytest.mark.slow
@settings(quick, max_examples=2_000)
@given(SEEDS)
def test_a_hundred_thousand_agreements_leave_no_residual(seed):
    check_chunk(seed)


def falls_by_terms(one: Case) -> bool:
    """The list of docs/algorithms/settlement.md, but for the price of the ticket and for what is only a cent: see each test."""
    return one.values.get("tranche_reading") == "whole"


def sold_more(one: Case, place: int, tickets: int, cents: int) -> Statement:
    evenings = list(one.evenings)
    old = evenings[place]
    evenings[place] = replace(old, tickets=old.tickets + tickets, recette_cents=old.recette_cents + cents)
    return settle(one.format, one.values, evenings)


@quick
@given(CASES, st.data())
def test_no_party_has_less_when_a_cent_more_is_paid(one, data):
    assume(one.evenings and not falls_by_terms(one) and one.values.get("royalties_base") != "in_vat")
    before, after = settled(one), sold_more(one, data.draw(st.integers(0, len(one.evenings) - 1)), 0, 1)
    for code in PARTIES:
        assert before.cents(code) <= after.cents(code) <= before.cents(code) + 1
    if len({evening.vat_rate for evening in one.evenings}) == 1:
        assert before.cents("provider_total") <= after.cents("provider_total") <= before.cents("provider_total") + 2


@quick
@given(CASES, st.data())
def test_no_party_has_less_when_a_ticket_more_is_sold(one, data):
    """Of a ticket that is worth the surcharges in it."""
    assume(one.evenings and not falls_by_terms(one) and one.values.get("royalties_base") != "in_vat")
    inside = one.values["surcharges_in_recette"]
    least = sum(one.values[f"{kind}_surcharge"] for kind in SURCHARGES if kind in inside)
    price = least + data.draw(st.integers(0, 8_000))
    before, after = settled(one), sold_more(one, data.draw(st.integers(0, len(one.evenings) - 1)), 1, price)
    for code in PARTIES:
        assert before.cents(code) <= after.cents(code)
    if len({evening.vat_rate for evening in one.evenings}) == 1:
        assert before.cents("provider_total") <= after.cents("provider_total")


@quick
@given(CASES, st.data())
def test_royalties_of_the_recette_with_vat_cost_a_cent_at_most(one, data):
    """The third exception: its whole size is one cent of rounding."""
    assume(one.evenings and not falls_by_terms(one))
    one = replace(one, values={**one.values, "royalties_base": "in_vat"})
    before, after = settled(one), sold_more(one, data.draw(st.integers(0, len(one.evenings) - 1)), 0, 1)
    for code in PARTIES:
        assert before.cents(code) - 1 <= after.cents(code)


LOW, OLD = Fraction(9, 100), Fraction(6, 100)
WHOLE = (Tranche(100_000, Decimal(100)), Tranche(None, Decimal(50)))
EXCEPTIONS = {
    "tranche of the whole net": (
        Case("volume", completed("volume", {"tranches": WHOLE, "tranche_reading": "whole"}), (Evening(1, 100, 109_000, LOW),)),
        (1, 5_000),
        "provider_ex",
    ),
    "ticket below its surcharge": (
        Case("partage", completed("partage", {"theatre_surcharge": 250}), (Evening(1, 100, 109_000, LOW),)),
        (1, 100),
        "provider_ex",
    ),
    "rounding of royalties with VAT": (
        Case(
            "partage",
            completed("partage", {"royalties_percentage": Decimal(12), "royalties_base": "in_vat"}),
            (Evening(1, 1, 54, LOW),),
        ),
        (0, 1),
        "provider_ex",
    ),
    "other rates under one guarantee": (
        Case(
            "partage",
            completed("partage", {"provider_guarantee": 900_000, "guarantee_per_performance": False}),
            (Evening(1, 100, 106_000, OLD), Evening(2, 100, 109_000, LOW)),
        ),
        (1, 10_600),
        "provider_total",
    ),
}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_the_exceptions_are_real(name):
    """Each costs a party money as the page says, so that the list is not longer than it must be."""
    one, (tickets, cents), line = EXCEPTIONS[name]
    before, after = settled(one), sold_more(one, 0, tickets, cents)
    assert after.cents("gross") > before.cents("gross")
    assert after.cents(line) < before.cents(line)


SUMS = (
    "provider_guarantee",
    "theatre_guarantee",
    "suppletion",
    "suppletion_warranty",
    "buyout_amount",
    "rent",
    "other_charges",
    "shared_costs",
)


@quick
@given(CASES, st.sampled_from(SUMS))
def test_a_cent_more_in_a_term_moves_a_cent_a_performance_at_most(one, code):
    """No cliff at any sum: a guarantee of a cent more or less, a supplement, a buyout, costs."""
    amount = one.values.get(code)
    assume(isinstance(amount, int) and amount > 0 and not falls_by_terms(one))
    before, after = settled(one), settled(one, **{code: amount + 1})
    for line in ("provider_ex", "theatre_ex"):
        assert abs(before.cents(line) - after.cents(line)) <= max(1, len(one.evenings))


@quick
@given(CASES, st.integers(1, 2_000_000), st.sampled_from(["provider_guarantee", "theatre_guarantee"]))
def test_a_guarantee_has_no_cliff_where_it_stops(one, spare, code):
    """Guaranteed exactly what the party earns, a cent more, a cent less; and 0 is no guarantee."""
    assume(one.format in ("partage", "volume") and one.evenings and one.values.get("tranche_reading") != "whole")
    party = code.removesuffix("_guarantee")
    none = {"provider_guarantee": None, "theatre_guarantee": 0, "guarantee_per_performance": False, "guarantee_sum": "whole"}
    free = settled(one, **none)
    assert free.line("guarantee") is None
    earned = free.cents(f"{party}_share")
    assume(earned > 1)
    for amount, lifted in ((earned - 1, 0), (earned, 0), (earned + 1, 1), (earned + spare, spare)):
        given_ = settled(one, **{**none, code: amount})
        assert given_.cents("guarantee") == lifted
        assert given_.line("guarantee").bites is (lifted > 0)
        moved = lifted if party == "provider" else -lifted
        assert given_.cents("provider_ex") == free.cents("provider_ex") + moved


@quick
@given(CASES, st.integers(1, 3_000_000), st.integers(0, 1000), st.integers(0, 1000))
def test_a_tranche_has_no_cliff_at_its_limit(one, limit, lower, upper):
    assume(one.format == "volume" and one.evenings)
    shares = [Decimal(lower) / 10, Decimal(upper) / 10]

    def at(limit_cents: int, reading: str = "marginal") -> Statement:
        tranches = (Tranche(limit_cents, shares[0]), Tranche(None, shares[1]))
        return settled(one, tranches=tranches, tranche_reading=reading)

    assert abs(at(limit).cents("provider_share") - at(limit + 1).cents("provider_share")) <= max(1, len(one.evenings))
    free = at(limit)
    left = free.cents("shareable") if free.line("shareable") else free.cents("net")
    if one.values["tranche_basis"] == "whole" and left > 0:
        assert at(left).cents("provider_share") == at(left, "whole").cents("provider_share"), "on the limit both readings agree"


@quick
@given(CASES, st.randoms(use_true_random=True))
def test_the_order_of_performances_does_not_matter(one, chance):
    mixed = list(one.evenings)
    chance.shuffle(mixed)
    assert settle(one.format, one.values, mixed) == settled(one)
    assert settled(one) == settled(one), "and a repeat gives the same"


@quick
@given(CASES, st.data())
def test_other_numbers_for_the_performances_change_no_total(one, data):
    """Only odd cents move between performances, and with them what a rule for each performance makes of them."""
    assume(one.values.get("tranche_reading") != "whole")
    numbers = data.draw(st.permutations([evening.number for evening in one.evenings]))
    other = settle(
        one.format,
        one.values,
        [replace(evening, number=number) for evening, number in zip(one.evenings, numbers, strict=True)],
    )
    several_rates = len({evening.vat_rate for evening in one.evenings}) > 1
    divided_first = one.format == "volume"  # costs for the whole, or tranches, and then a rule for each performance
    for line in settled(one):
        moves = divided_first or (several_rates and line.code in ("provider_vat", "provider_total", "use_vat"))
        assert abs(line.cents - other.cents(line.code)) <= (2 * len(one.evenings) if moves else 0)


@quick
@given(CASES, st.integers(2, 100))
def test_everything_a_hundred_times_as_large_gives_a_hundred_times_as_much(one, times):
    """But for the cents that rounding moves."""

    def larger(code: str, value: object) -> object:
        if code == "tranches":
            return tuple(Tranche(t.limit_cents and t.limit_cents * times, t.percentage) for t in value)
        return value * times if isinstance(value, int) and not isinstance(value, bool) else value

    assume(one.values.get("tranche_reading") != "whole")
    values = {code: larger(code, value) for code, value in one.values.items()}
    evenings = [replace(evening, recette_cents=evening.recette_cents * times) for evening in one.evenings]
    small, large = settled(one), settle(one.format, values, evenings)
    most = 4 * times * max(1, len(one.evenings))
    for line in large:
        assert abs(line.cents - times * small.cents(line.code)) <= most


@quick
@given(CASES)
def test_terms_survive_being_stored(one):
    assert restored(one.format, stored(one.values)) == one.values
    assert [finding for finding in check_terms(one.format, one.values) if finding.code not in EMPTY] == []


#: What ``case`` leaves open or empty on purpose.
EMPTY = {"field_missing", "supplement_of_nothing"}


def changed(one: Case, change: Callable[[int], int]) -> Case:
    return replace(one, evenings=tuple(replace(e, recette_cents=change(e.recette_cents)) for e in one.evenings))


@quick
@given(CASES)
def test_refunds_above_sales_are_conserved_too(one):
    """A negative recette is odd and must not break anything."""
    check_money(changed(one, lambda cents: -cents))
    check_money(changed(one, partial(min, 100)))


@pytest.mark.parametrize("code", FORMATS)
def test_every_line_that_a_format_can_give_has_its_definition(code):
    known = {metric.code for metric in read_standard().metrics}
    chance, seen = Random(11), set()
    for _ in range(1_500):
        one = case(chance)
        if one.format == code:
            seen |= {line.definition for line in settled(one)}
    assert len(seen) >= 20
    assert seen <= known
    assert {"settlement_payable", "settlement_break_even"} <= known


def test_the_cases_cover_every_format_and_every_choice():
    chance = Random(3)
    met = [case(chance) for _ in range(4_000)]
    for form in formats():
        mine = [one for one in met if one.format == form.code]
        for field in form.fields:
            for choice in field.choices:
                assert any(one.values[field.code] == choice.code for one in mine), (form.code, field.code, choice.code)

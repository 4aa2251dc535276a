"""Pay-out against tickets sold: the third picture's chart, edges, break-even, what if."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from dip.contracts.rules.curves import divided, evenings_at, pay_out, what_if
from dip.contracts.rules.steps import settle
from dip.contracts.rules.values import completed
from dip.contracts.terms.fields import Tranche
from dip.contracts.terms.statement import Evening, Party

LOW = Fraction(9, 100)
PICTURE = completed(
    "partage",
    {
        "provider_percentage": Decimal(80),
        "provider_guarantee": 700_000,
        "guarantee_per_performance": False,
        "guarantee_sum": "each",
        "royalties_percentage": Decimal(12),
        "theatre_surcharge": 250,
        "entrance_prices": (3000,),
    },
)
HALL = [Evening(1, 642, 0, LOW), Evening(2, 642, 0, LOW)]


def picture(**over):
    return pay_out("partage", PICTURE, HALL, capacity=1284, average_price_cents=2975, **over)


def test_the_chart_of_the_picture():
    curve = picture(also=(400, 637, 688, 1042))
    drawn = {t: (curve.at(t).provider_ex_cents, curve.at(t).theatre_ex_cents) for t in (400, 637, 688, 796, 1042, 1284)}
    assert drawn == {
        400: (1_400_000, -520_000),
        637: (1_400_000, 1_400),
        688: (1_400_000, 113_600),
        796: (1_400_960, 350_240),
        1042: (1_833_920, 458_480),
        1284: (2_259_840, 564_960),
    }
    assert curve.edge("guarantee") == 796
    assert curve.edge("tranche") is None
    assert curve.break_even == {Party.PROVIDER: 0, Party.THEATRE: 637}
    assert curve.points[0].tickets == 0
    assert curve.points[-1].tickets == 1284


def test_straight_lines_between_points_miss_no_edge():
    curve = picture()
    for left, right in pairwise(curve.points):
        middle = (left.tickets + right.tickets) // 2
        exact = settle("partage", PICTURE, evenings_at(HALL, middle, 2975))
        part = Fraction(middle - left.tickets, right.tickets - left.tickets)
        for name in ("provider_ex", "theatre_ex", "provider_total", "theatre_total"):
            low, high = getattr(left, f"{name}_cents"), getattr(right, f"{name}_cents")
            assert abs(low + part * (high - low) - exact.cents(name)) < 8, "a cent for each rounding, no more"


def test_no_more_points_than_asked_unless_edges_need_them():
    assert 40 <= len(picture().points) <= 60
    assert len(picture(most_points=0).points) == 19, "sixteen stretches and the edge"


def test_an_edge_for_each_performance_when_the_guarantee_is_for_each():
    values = {**PICTURE, "guarantee_per_performance": True}
    shape = [Evening(1, 600, 0, LOW), Evening(2, 300, 0, LOW), Evening(3, 900, 0, LOW)]
    curve = pay_out("partage", values, shape, capacity=1800, average_price_cents=2975)
    assert [edge.code for edge in curve.edges] == ["guarantee", "guarantee"], "the small hall never earns it"
    for edge in curve.edges:
        assert {edge.tickets - 1, edge.tickets} <= {point.tickets for point in curve.points}


def test_tranches_have_an_edge_at_each_limit():
    tranches = (Tranche(400_000, Decimal(100)), Tranche(900_000, Decimal(75)), Tranche(None, Decimal(50)))
    values = completed("volume", {"tranches": tranches, "entrance_prices": (1650,)})
    curve = pay_out("volume", values, HALL, capacity=1284, average_price_cents=1650)
    nets = [settle("volume", values, evenings_at(HALL, e.tickets, 1650)).cents("net") for e in curve.edges]
    before = [settle("volume", values, evenings_at(HALL, e.tickets - 1, 1650)).cents("net") for e in curve.edges]
    assert [edge.code for edge in curve.edges] == ["tranche", "tranche"]
    assert before[0] <= 400_000 < nets[0]
    assert before[1] <= 900_000 < nets[1]


def test_a_supplement_is_full_then_shrinks_then_stops():
    terms = {"suppletion": 250_000, "suppletion_warranty": 450_000, "provider_percentage": Decimal(75)}
    values = completed("suppletion", {**terms, "guarantee_per_performance": False})
    curve = pay_out("suppletion", values, HALL, capacity=1284, average_price_cents=1500)
    first, last = (edge.tickets for edge in curve.edges)
    assert settle("suppletion", values, evenings_at(HALL, first - 1, 1500)).cents("supplement") == 250_000
    assert settle("suppletion", values, evenings_at(HALL, last - 1, 1500)).cents("supplement") > 0
    assert settle("suppletion", values, evenings_at(HALL, last, 1500)).cents("supplement") == 0
    fixed = pay_out("suppletion", {**values, "suppletion_reading": "fixed"}, HALL, capacity=1284, average_price_cents=1500)
    assert len(fixed.edges) == 1


@pytest.mark.parametrize(
    ("code", "terms", "expected"),
    [
        ("buyout", {"buyout_amount": 450_000}, {Party.PROVIDER: 0, Party.THEATRE: 327}),
        ("rent", {"rent": 450_000}, {Party.PROVIDER: 327, Party.THEATRE: 0}),
        ("buyout", {"buyout_amount": 4_500_000}, {Party.PROVIDER: 0, Party.THEATRE: None}),
    ],
)
def test_break_even_of_fixed_sums(code, terms, expected):
    """4,500.00 net is 4,905.00 incl. VAT: 327 tickets of 15.00."""
    curve = pay_out(code, completed(code, terms), HALL, capacity=1284, average_price_cents=1500)
    assert curve.break_even == expected


def test_break_even_with_the_costs_of_the_provider():
    curve = picture(provider_costs_cents=1_600_000)
    found = curve.break_even[Party.PROVIDER]
    assert settle("partage", PICTURE, evenings_at(HALL, found, 2975)).cents("provider_ex") >= 1_600_000
    assert settle("partage", PICTURE, evenings_at(HALL, found - 1, 2975)).cents("provider_ex") < 1_600_000


def test_nothing_for_sale_is_one_point():
    curve = pay_out("partage", PICTURE, HALL, capacity=0, average_price_cents=2975)
    assert [point.tickets for point in curve.points] == [0]
    empty = pay_out("partage", PICTURE, [], capacity=0, average_price_cents=2975)
    assert empty.points[0].provider_total_cents == 0


def test_tickets_are_divided_so_that_nobody_loses_one():
    for weights in ([642, 642], [600, 301, 899, 7, 0, 450], [1, 1, 1, 1, 1, 6], [0, 0]):
        before = divided(0, weights)
        for tickets in range(1, sum(weights) or 50):
            after = divided(tickets, weights)
            assert sum(after) == tickets
            assert all(old <= new for old, new in zip(before, after, strict=True))
            before = after
        assert divided(sum(weights), weights) == weights


def test_what_if_keeps_nothing():
    evenings = [Evening(1, 300, 892_500, LOW), Evening(2, 388, 1_154_300, LOW)]
    now = settle("partage", PICTURE, evenings)
    assert what_if("partage", PICTURE, evenings) == now
    assert what_if("partage", PICTURE, evenings, changes={"provider_guarantee": None}).cents("provider_ex") == 1_210_880
    assert what_if("partage", PICTURE, evenings, price_change_cents=100).cents("gross") == now.cents("gross") + 68_800
    assert what_if("partage", PICTURE, evenings, price_change_cents=-10_000).cents("gross") == 0
    more = what_if("partage", PICTURE, evenings, tickets=1042)
    assert (more.tickets, more.cents("gross"), more.cents("provider_ex")) == (1042, 3_099_950, 1_833_920)
    assert what_if("partage", PICTURE, [Evening(1, 0, 0, LOW)], tickets=10).cents("gross") == 0

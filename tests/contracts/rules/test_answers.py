"""What is answered in which terms, which counter-proposals are possible, and what still holds in the next version."""

from decimal import Decimal

import pytest

from dip.contracts.rules.answers import Version, answerable, carried, open_fields, read_counter
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import completed, fields_of

PARTAGE = completed("partage", {"provider_guarantee": 650_000, "entrance_prices": (2800,), "royalties_percentage": Decimal(12)})


@pytest.mark.parametrize("code", [one.code for one in formats()])
def test_format_and_performances_come_first_and_every_code_is_a_field(code):
    asked = answerable(code, completed(code, {}))
    assert asked[:2] == ("format", "performances")
    assert set(asked[2:]) <= {field.code for field in fields_of(code)}
    assert len(set(asked)) == len(asked)


def test_what_says_nothing_is_not_asked():
    asked = answerable("partage", PARTAGE)
    for code in ("remarks", "free_tickets", "publicity", "framework_applies", "share_vat", "guarantee_sum", "settlement_prices"):
        assert code not in asked
    more = {
        **PARTAGE,
        "remarks": "x",
        "free_tickets": 0,
        "framework_applies": True,
        "share_vat": "high",
        "settlement_prices": (2600,),
    }
    for code in ("remarks", "free_tickets", "framework_applies", "share_vat", "settlement_prices"):
        assert code in answerable("partage", more)


def test_how_something_is_calculated_is_asked_where_there_is_something():
    assert {"guarantee_per_performance", "royalties_add_part"} <= set(answerable("partage", PARTAGE))
    without = {**PARTAGE, "provider_guarantee": None, "royalties_percentage": Decimal(0)}
    assert not {"guarantee_per_performance", "royalties_add_part"} & set(answerable("partage", without))
    assert "guarantee_per_performance" in answerable("suppletion", completed("suppletion", {"suppletion": 1}))


def test_every_surcharge_is_asked_by_itself():
    asked = answerable("partage", PARTAGE)
    assert [code for code in asked if code.endswith("_surcharge")] == [
        "theatre_surcharge", "consumption_surcharge", "service_surcharge", "wardrobe_surcharge",
    ]  # fmt: skip


def test_what_is_open():
    everything = answerable("partage", PARTAGE)
    assert open_fields("partage", PARTAGE, ()) == everything
    assert open_fields("partage", PARTAGE, everything) == ()
    assert open_fields("partage", PARTAGE, everything[1:]) == ("format",)


@pytest.mark.parametrize(
    ("field", "raw", "problem"),
    [
        ("provider_guarantee", 600_000, ""),
        ("provider_guarantee", None, ""),
        ("provider_guarantee", 650_000, "unchanged"),
        ("provider_guarantee", "600000", "unreadable"),
        ("provider_guarantee", -1, "out_of_range"),
        ("provider_percentage", "80.0", "unchanged"),
        ("provider_percentage", Decimal("100.01"), "out_of_range"),
        ("share_vat", "high", ""),
        ("share_vat", "maybe", "unreadable"),
        ("entrance_prices", [2600], ""),
        ("entrance_prices", [-1], "out_of_range"),
        ("format", "volume", ""),
        ("format", 7, "unreadable"),
        ("performances", 1, "none_here"),
    ],
)
def test_counter_proposals(field, raw, problem):
    assert read_counter("partage", PARTAGE, field, raw).problem == problem


def test_what_changed_is_asked_again_and_the_rest_is_not():
    one = Version("partage", PARTAGE, ((1, "2027-01-14T19:15:00+00:00", "Grote Zaal"),))
    other = Version("partage", {**PARTAGE, "provider_guarantee": 600_000, "remarks": "x"}, one.performances)
    everything = answerable("partage", PARTAGE)
    still = carried(one, other, everything)
    assert set(everything) - set(still) == {"provider_guarantee"}
    assert "remarks" not in still
    assert carried(one, other, ["provider_percentage"]) == ("provider_percentage",)
    moved = Version("partage", PARTAGE, ((1, "2027-01-15T19:15:00+00:00", "Grote Zaal"),))
    assert set(everything) - set(carried(one, moved, everything)) == {"performances"}


def test_under_another_format_the_same_words_say_something_else():
    one = Version("partage", PARTAGE, ((1, "", ""),))
    other = Version("suppletion", completed("suppletion", PARTAGE), one.performances)
    assert carried(one, other, answerable("partage", PARTAGE)) == ("performances",)

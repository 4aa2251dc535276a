"""Every state, event and finding has its words, in three languages."""

import inspect
import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from dip.contracts import words
from dip.contracts.rules import checks, readiness
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import TermsFinding, Tranche
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus, Turn

VALUES = {
    "value": Decimal("104.5"), "provider_cents": 1, "theatre_cents": 2, "place": 2, "limit_cents": 5, "lower_cents": 6, "rank": 2,
    "ranks": 3, "entrance_cents": 2800, "settlement_cents": 2500, "surcharge_cents": 200, "number": 104512, "on": date(2027, 1, 14),
    "into": 7, "production": "Zeven Dagen Vloed", "theatre": "De Vlonder", "reference": "A26-00001", "provider": "Van Halderen",
    "count": 7, "most": 6, "characters": 5000,
}  # fmt: skip


def test_every_state_and_event_has_words():
    assert set(words.STATUSES) == set(words.PILLS) == set(AgreementStatus)
    assert set(words.SETTLEMENT_STATUSES) == set(SettlementStatus)
    assert set(words.TURNS) == set(Turn)
    assert set(words.HAPPENINGS) == set(Happening)


def test_every_finding_of_the_rules_has_a_sentence():
    found = set()
    for module in (checks, readiness):
        found |= set(re.findall(r'TermsFinding\(\s*"(\w+)"', inspect.getsource(module)))
    assert len(found) > 20
    assert found <= set(words.FINDINGS)


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
@pytest.mark.parametrize("code", sorted(words.FINDINGS))
def test_every_sentence_fills_in(code, language):
    with translation.override(language):
        for one in formats():
            for field in fields_of(one.code):
                text = words.finding_text(TermsFinding(code, field.code, VALUES), one.code)
                assert "%(" not in text
                assert text.endswith(".")


def test_amounts_shares_and_days_as_people_read_them():
    with translation.override("nl"):
        told = words.finding_text(TermsFinding("performance_bound", "performances", VALUES), "partage")
        assert "A26-00001" in told
        assert "do\xa014-01-2027" in told
        share = TermsFinding("percentage_out_of_range", "tranches", {"value": Decimal("150")})
        assert "150\xa0%" in words.finding_text(share, "volume")
        price = TermsFinding("negative", "entrance_prices", {"value": -5})
        assert "€\xa0−0,05" in words.finding_text(price, "partage")


def test_an_unknown_finding_is_still_told():
    with translation.override("en"):
        assert words.finding_text(TermsFinding("moon_too_full", "remarks", {"phase": 4}), "partage") == "Remarks: moon too full (4)"


def test_a_value_of_another_shape_is_printed_as_it_came():
    with translation.override("en"):
        for value in ({"a": 1}, [1, 2], object, "x" * 500, Tranche(None, Decimal(1)), (None,)):
            for field in ("provider_guarantee", "entrance_prices", "provider_percentage", "share_vat", "surcharges_in_recette"):
                assert len(words.finding_text(TermsFinding("unreadable", field, {"value": value}), "partage")) < 400


def test_names_of_fields():
    with translation.override("en"):
        assert words.field_name("partage", "provider_guarantee") == "Guarantee for the provider"
        assert words.field_name("partage", "performances") == "Performances"
        assert words.field_names("partage", ["format", "remarks", "nonsense"]) == "Format, Remarks, nonsense"
        assert words.field_name("barter", "remarks") == "remarks"

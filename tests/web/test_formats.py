from datetime import UTC, date, datetime

import pytest

from dip.web import formats, words

NB, NNB = "\u00a0", "\u202f"
WHEN = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "tickets", "money", "whole", "rate"),
    [
        ("nl", "17.812", f"€{NB}12.345,60", f"€{NB}478.905", f"61,4{NB}%"),
        ("en", "17,812", f"€{NB}12,345.60", f"€{NB}478,905", f"61.4{NB}%"),
        ("fr", f"17{NNB}812", f"12{NNB}345,60{NB}€", f"478{NNB}905{NB}€", f"61,4{NB}%"),
    ],
)
def test_numbers_in_three_languages(language, tickets, money, whole, rate):
    assert formats.tickets(17812, language) == tickets
    assert formats.money(1234560, 2, language) == money
    assert formats.money(47890500, 0, language) == whole
    assert formats.percent(0.614, 1, language) == rate


@pytest.mark.parametrize(
    ("value", "written"), [(214, f"+{NB}214"), (-38, f"−{NB}38"), (0, "0"), (1042, f"+{NB}1.042"), (None, "–")]
)
def test_differences_carry_their_sign(value, written):
    assert formats.signed(value, language="nl") == written


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    assert formats.points(0.0001, language="nl") == f"0,0{NB}pt"
    assert formats.signed(-0.2, language="nl") == "0"


def test_points_and_money_with_sign():
    assert formats.points(0.007, language="nl") == f"+{NB}0,7{NB}pt"
    assert formats.points(-0.021, language="nl") == f"−{NB}2,1{NB}pt"
    assert formats.signed_money(-4, language="nl") == f"−{NB}€{NB}0,04"
    assert formats.signed_money(581200, 0, "fr") == f"+{NB}5{NNB}812{NB}€"


def test_a_negative_amount_has_a_real_minus():
    assert formats.money(-150000, 2, "nl") == f"€{NB}−1.500,00"


def test_missing_is_a_dash_and_never_zero():
    for write in (formats.tickets, formats.money, formats.percent, formats.points, formats.day, formats.moment, formats.clock_time):
        assert write(None) == "–"


def test_moments_stand_on_the_dutch_clock():
    assert formats.full_moment(WHEN, "nl") == f"ma{NB}23-11-2026, 07:10"
    assert formats.moment(WHEN, "en") == "23-11-2026, 07:10"
    assert formats.clock_time(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "00:30"


def test_days():
    day = date(2026, 11, 25)
    assert [formats.day(day, code) for code in ("nl", "en", "fr")] == [f"wo{NB}25-11", f"Wed{NB}25-11", f"mer.{NB}25/11"]
    assert formats.full_day(day, "en") == f"Wed{NB}25-11-2026"
    assert formats.long_day(day, "nl") == "Woensdag 25 november"
    assert formats.text_day(date(2026, 10, 2), "en") == f"2{NB}Oct{NB}2026"


def test_an_unknown_language_is_dutch():
    assert formats.tickets(1042, "de") == "1.042"


def test_when_figures_last_came():
    hours = [
        datetime(2026, 11, 23, 5, 14, tzinfo=UTC),
        datetime(2026, 11, 22, 22, 59, tzinfo=UTC),
        datetime(2026, 11, 14, 8, 0, tzinfo=UTC),
    ]
    assert [words.since(at, WHEN) for at in hours] == ["06:14 vandaag", "23:59 gisteren", "14-11, 9 dagen geleden"]
    assert words.since(None) == "nooit"


def test_a_day_back_keeps_the_clock_over_a_change_of_time():
    assert words.day_back(datetime(2026, 10, 25, 6, 0, tzinfo=UTC)) == "2026-10-24T07:00"

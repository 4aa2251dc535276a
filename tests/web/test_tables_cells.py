"""Numbers, days and times as people type them."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.web.tables.days import DayOrder, DayProblem, order_of, read_day, read_time
from dip.web.tables.numbers import Notation, NumberProblem, joint, notation_of, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1 234,56", "1234.56"), ("1\u00a0234,56", "1234.56"),
        ("1'234.50", "1234.5"), ("€ 12,50", "12.5"), ("12,50 €", "12.5"), ("EUR 1.200,00", 1200), ("€12,-", 12), ("12,--", 12),
        ("-5", -5), ("−5", -5), ("(12,50)", "-12.5"), ("+7", 7), ("1.234.567", 1234567), ("0,123", "0.123"), ("1234,567", "1234.567"),
        (" 1 000 000 ", 1000000),
    ],
)  # fmt: skip
def test_a_number_that_tells_its_own_notation(text, value):
    reading = read_number(text, notation_of([text]))
    assert (reading.value, reading.problem, reading.is_guess) == (Decimal(value), None, False)


@pytest.mark.parametrize("text", ["abc", "12a", "1.23.4", "--", "1,2,3", "€", "٣", "1e5", "9" * 60, "12 34", "=1+1", "1.234,56,7"])
def test_what_is_no_number(text):
    assert read_number(text, Notation.OPEN).problem is NumberProblem.UNREADABLE


def test_one_sign_before_three_digits_is_decided_by_the_column():
    assert read_number("1.234", notation_of(["1.234", "12,50"])).value == 1234
    assert read_number("1.234", notation_of(["1.234", "12.50"])).value == Decimal("1.234")
    assert read_number("1,234", notation_of(["1,234", "12.50"])).value == 1234
    alone = read_number("1.234", notation_of(["1.234", "7"]))
    assert (alone.value, alone.is_guess) == (1234, True)
    assert read_number("1.234", notation_of(["1.234", "12,50", "12.50"])).problem is NumberProblem.AMBIGUOUS
    assert joint([Notation.OPEN, Notation.COMMA]) is Notation.COMMA
    assert joint([Notation.POINT, Notation.COMMA]) is Notation.MIXED
    assert joint([]) is Notation.OPEN


@pytest.mark.parametrize(
    ("cell", "value"), [(3, 3), (12.5, "12.5"), (0.1 + 0.2, "0.3"), (1234.5600000000002, "1234.56"), (None, None)]
)
def test_numbers_of_a_workbook_are_taken_as_they_are(cell, value):
    assert read_number(cell, Notation.OPEN).value == (None if value is None else Decimal(value))


@pytest.mark.parametrize("cell", [True, date(2026, 1, 1), time(2, 0), float("inf")])
def test_other_cells_are_no_numbers(cell):
    assert read_number(cell, Notation.OPEN).problem is NumberProblem.UNREADABLE


def typed(value: Decimal, comma: bool, grouped: bool, decimals: int, euro: str) -> str:
    """A number as somebody types it in Dutch (comma) or English."""
    text = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    return euro.replace("n", text)


@given(
    st.lists(st.tuples(st.decimals(0, 9_999_999, places=2), st.booleans(), st.sampled_from([0, 2])), min_size=1, max_size=8),
    st.booleans(), st.sampled_from(["n", "€ n", "n €", "EUR n"]),
)  # fmt: skip
def test_what_was_typed_is_what_is_read(numbers, comma, euro):
    """A column in one notation, thousands apart or not, euros whole or with cents."""
    values = [round(value) * Decimal(1) if decimals == 0 else value for value, _, decimals in numbers]
    column = [typed(value, comma, grouped, decimals, euro) for value, (_, grouped, decimals) in zip(values, numbers, strict=True)]
    notation = notation_of(column)
    assert notation is not Notation.MIXED
    for text, value in zip(column, values, strict=True):
        assert read_number(text, notation).value == value


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text):
    read_number(text, notation_of([text]))
    read_day(text, order_of([text]), 2026)
    read_time(text)


DAY = date(2026, 11, 17)


@pytest.mark.parametrize(
    "text",
    [
        "17-11-2026", "17/11/2026", "17.11.2026", "17 11 2026", "17-11-26", "17.11.'26", "2026-11-17", "2026/11/17", "20261117",
        "17 november 2026", "17 nov. '26", "17 nov 26", "17-nov-2026", "17nov2026", "di 17 november 2026", "dinsdag 17-11-2026",
        "di. 17-11-2026", "Tue 17 Nov 2026", "Tuesday, November 17, 2026", "Nov 17, 2026", "mardi 17 novembre 2026", "17e november 2026",
        "17th November 2026", " 17-11-2026 ", "46343",
    ],
)  # fmt: skip
def test_days_as_people_write_them(text):
    assert read_day(text) == (DAY, None, None, False, "")


@pytest.mark.parametrize("text", ["17-11", "di 17 nov", "17 november", "17.11."])
def test_a_day_without_year_is_of_the_season_and_told(text):
    assert read_day(text).problem is DayProblem.NO_YEAR
    assert read_day(text, season_year=2026)[:4] == (DAY, None, None, True)
    assert read_day("1 mrt", season_year=2026).day == date(2027, 3, 1)


@pytest.mark.parametrize("text", ["29-2-2027", "32-1-2027", "17", "morgen", "1-13-2026", "17-11-1890", "x", "di", "17 blauw 2026"])
def test_what_is_no_day(text):
    assert read_day(text).day is None


def test_a_weekday_that_is_another_is_told():
    assert read_day("ma 17-11-2026").weekday == "ma"
    assert read_day("1er mars 2027").day == date(2027, 3, 1)


def test_the_column_tells_whether_the_month_comes_first():
    assert order_of(["11/17/2026", "11/05/2026"]) is DayOrder.MONTH_FIRST
    assert order_of(["11/17/2026", "17/11/2026"]) is DayOrder.DAY_FIRST
    assert order_of(["11/05/2026", None, 3]) is DayOrder.DAY_FIRST
    assert read_day("11/05/2026", DayOrder.MONTH_FIRST).day == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("17-11-2026 20:15", time(20, 15)), ("17-11-2026, 20.15 uur", time(20, 15)), ("2026-11-17T20:15:00", time(20, 15)),
        ("di 17 november 2026 om 20u15", time(20, 15)), (datetime(2026, 11, 17, 20, 15), time(20, 15)), (46343.84375, time(20, 15)),  # noqa: DTZ001
        (datetime(2026, 11, 17), None), (DAY, None), (46343, None),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_day_with_its_time(cell, clock):
    assert read_day(cell)[:2] == (DAY, clock)


@pytest.mark.parametrize(
    "cell",
    ["20:15", "20.15", "20u15", "20h15", "20:15 uur", "20.15 u.", "8:15 pm", "2015", "0.84375", 20.15, 0.84375, "20:15 - 22:15",
     "20.15-22.30 uur", "aanvang 20.15", time(20, 15, 30), datetime(2026, 1, 1, 20, 15), 2015, "20:15:00"],  # noqa: DTZ001
)  # fmt: skip
def test_times_as_people_and_workbooks_write_them(cell):
    assert read_time(cell) == (time(20, 15), False)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [("20u", time(20)), ("20", time(20)), (20, time(20)), ("8 pm", time(20)), (20.3, time(20, 30)), ("12 am", time(0))],
)
def test_whole_hours(cell, clock):
    assert read_time(cell).clock == clock


@pytest.mark.parametrize("cell", ["x", "25:00", "20:75", "13 pm", True, date(2026, 1, 1), 3000.5])
def test_what_is_no_time(cell):
    assert read_time(cell).is_unreadable


def test_an_empty_cell_has_neither():
    assert read_time(None) == (None, False)
    assert read_day(None) == (None, None, None, False, "")

"""Targets pasted from a spreadsheet: what is read, and what is told."""

from datetime import date

import pytest

from dip.sales.rules.pasting import euros, read_paste, whole
from dip.sales.terms import Goal
from tests.sales.shapes import an_evening

HAARLEM = an_evening(number=501, on=date(2027, 2, 12), city="Haarlem", theatre="Spaarneboog", title="Vloed")
ZWOLLE = an_evening(number=502, on=date(2027, 2, 12), city="Zwolle", theatre="De Odeonkade", title="Vloed")
ASSEN = an_evening(number=503, on=date(2027, 3, 1), city="Assen", theatre="De Nieuwe Kolk", title="Vloed")
LIST = [HAARLEM, ZWOLLE, ASSEN]
SEATS = {501: 700, 502: 600, 503: 500}


def read(text: str):
    entries, findings = read_paste(text, LIST, SEATS)
    return {entry.number: entry.goal for entry in entries}, [(f.line, f.code) for f in findings]


@pytest.mark.parametrize(
    "line",
    [
        "NL-26-00001-00001|503\t450", "503\t450", "01-03-2027\t450", "2027-03-01;450", "1/3/2027\t450", "ma 1-3-2027\tAssen\t450",
        "1-3\t450", "Nieuwe Kolk\t450", '"01-03-2027"\t"Assen"\t"450"', "1-3-27\tAssen\tVloed\t450", "01-03-2027\t 450,00",
    ],
)  # fmt: skip
def test_a_performance_can_be_named_in_many_ways(line):
    assert read(line) == ({503: Goal(450)}, [])


def test_a_second_number_is_the_recette():
    assert read("01-03-2027\tAssen\t1.450\t€ 12.500,50")[0] == {503: Goal(1450, 1_250_050)}


def test_a_head_and_empty_lines_are_skipped():
    assert read("Datum\tTheater\tDoel\n\n01-03-2027\tAssen\t450\n\t\n") == ({503: Goal(450)}, [])


def test_numbers_alone_follow_the_list():
    assert read("100\n200\n300")[0] == {501: Goal(100), 502: Goal(200), 503: Goal(300)}
    assert read("100\t2500\n200\t2600\n300\t2700")[0][502] == Goal(200, 260_000)


def test_numbers_alone_that_are_not_as_many_are_refused():
    assert read("100\n200") == ({}, [(1, "count_differs")])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("12-02-2027\t450", "ambiguous"), ("13-02-2027\t450", "unknown"), ("Groningen\t450", "unknown"), ("NL-26-00001-00001|999\t4", "unknown_number"),
        ("01-03-2027\tAssen", "no_target"), ("01-03-2027\t12,5", "not_tickets"), ("01-03-2027\t0", "not_tickets"),
        ("01-03-2027\t-4", "not_tickets"), ("01-03-2027\t450\t0", "not_recette"), ("31-02-2027\t450", "unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_and_the_rest_is_kept(line, code):
    found, findings = read(f"Haarlem\t300\n{line}")
    assert found == {501: Goal(300)}
    assert findings == [(2, code)]


def test_the_first_of_two_lines_for_one_performance_counts():
    assert read("Assen\t450\n503\t460") == ({503: Goal(450)}, [(2, "twice")])


def test_more_than_the_seats_is_taken_and_told():
    assert read("Assen\t510") == ({503: Goal(510)}, [(1, "above_seats")])


def test_too_many_lines_are_refused():
    assert read("Assen\t450\n" * 2001) == ({}, [(2001, "too_many_lines")])


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 250", 1250), ("1\u00a0250", 1250), ("1,250", 1250), ("450,00", 450), ("4,5", None), ("", None), ("12.50", None)],
)
def test_whole_numbers(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12500", 1_250_000),
        ("12.500,5", 1_250_050),
        ("€ 12 500", 1_250_000),
        ("12,500.25", 1_250_025),
        ("12.500,-", 1_250_000),
        ("veel", None),
    ],
)
def test_amounts(text, cents):
    assert euros(text) == cents

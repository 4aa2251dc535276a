"""What rows of a sheet say and change: pure, so any table of cells will do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.ticketing.rules.sheets.changes import Known, Outcome, place_rows, stamp
from dip.ticketing.rules.sheets.fields import FIGURES, KNOWN, NAMES, Field, all_words, words
from dip.ticketing.rules.sheets.findings import PATTERNS, WARNINGS, Code
from dip.ticketing.rules.sheets.rows import read_rows, references
from dip.ticketing.terms import Measure
from dip.web.tables.columns import columns_of, folded, suggest
from dip.web.tables.terms import Source, Table

TRUE_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 1, 20, 15)  # noqa: DTZ001  on the venue's clock
COLUMNS = dict(enumerate((Field.DIP_ID, Field.DATE, Field.TIME, Field.HALL, *FIGURES)))
TICKETS = (30, 10, 2, 0, 60000, 15000, 0, 0)
FIGURES_KNOWN = {
    Field.CAPACITY: 300, Field.NORMAL: 30, Field.DISCOUNT: 10, Field.FREE: 2, Field.OTHER: 0, Field.NORMAL_RECETTE: 60000,
    Field.DISCOUNT_RECETTE: 15000, Field.FREE_RECETTE: 0, Field.OTHER_RECETTE: 0, Field.RESERVED: 5,
}  # fmt: skip


def known(number: int = 100_001, **over) -> Known:
    values = {
        "number": number, "production": "NL-26-00101-00001", "title": "Zout", "producer": "X", "theatre": "De Kade", "hall": "Grote Zaal",
        "starts": STARTS, "is_coupled": False, "is_cancelled": False, "ranks": (200, 100), "figures": FIGURES_KNOWN, "tickets": TICKETS,
        "values": {Measure.RESERVATIONS: 12500},
        "true_at": {Measure.TICKETS: TRUE_AT - timedelta(days=1), Measure.RESERVATIONS: TRUE_AT - timedelta(days=1)},
    }  # fmt: skip
    return Known(**values | over)


def table(*rows) -> Table:
    return Table(tuple(tuple(row) for row in rows), Source.WORKBOOK)


def row(who="NL-26-00101-00001|100001", day=None, clock=None, hall=None, **cells):
    return [who, day, clock, hall, *[cells.get(field.value) for field in FIGURES]]


def lines(*rows, performances=None, true_at=TRUE_AT):
    return place_rows(read_rows(table(*rows), COLUMNS, None), performances or [known()], true_at)


def codes(line):
    return [(finding.field.value if finding.field else None, finding.code.value) for finding in line.findings]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"normal": "twaalf"}, ("normal", "no_number")),
        ({"normal": 12.5}, ("normal", "not_whole")),
        ({"normal": True}, ("normal", "no_number")),
        ({"normal": date(2026, 1, 2)}, ("normal", "no_number")),
        ({"normal": -1}, ("normal", "negative")),
        ({"normal": 100_000}, ("normal", "too_large")),
        ({"normal_recette": 1.234}, ("normal_recette", "too_fine")),
        ({"normal_recette": 10_000_000}, ("normal_recette", "too_large")),
        ({"free_recette": 10, "normal": 31, "normal_recette": 620, "discount": 10, "discount_recette": 150, "free": 2}, ("free_recette", "free_with_recette")),
        ({"normal": 31, "discount": 10, "discount_recette": 150, "free": 2}, ("normal_recette", "no_recette")),
        ({"normal_recette": 620, "normal": 0, "discount": 40, "discount_recette": 600, "free": 2}, ("normal", "no_tickets")),
        ({"normal": 31, "normal_recette": 6200000, "discount": 10, "discount_recette": 150, "free": 2}, ("normal_recette", "odd_price")),
        ({"normal": 31, "normal_recette": 620, "free": 2}, ("discount", "left_empty")),
        ({"normal": 301, "normal_recette": 6020, "discount": 10, "discount_recette": 150, "free": 2}, ("normal", "over_capacity")),
        ({"normal": 285, "normal_recette": 5700, "discount": 10, "discount_recette": 150, "free": 2}, (None, "too_many_taken")),
        ({"normal": 10, "normal_recette": 200, "discount": 10, "discount_recette": 150, "free": 2}, ("normal", "drop")),
        ({"normal": "1.031", "normal_recette": "6", "capacity": 2000, "discount": 10, "discount_recette": 150, "free": 2}, ("normal", "guessed")),
    ],
)  # fmt: skip
def test_each_finding_has_its_cell(cells, found):
    (line,) = lines(row(**cells))
    assert found in codes(line)
    assert (line.outcome is Outcome.WRONG) == (Code(found[1]) not in WARNINGS)


def test_kinds_that_are_left_empty_are_nought_and_other_measures_are_not_stated():
    (line,) = lines(row(normal=40, normal_recette=800))
    assert line.stated == {Measure.TICKETS: (40, 0, 0, 0, 80000, 0, 0, 0)}
    assert {change.field for change in line.changes} == {
        Field.NORMAL,
        Field.NORMAL_RECETTE,
        Field.DISCOUNT,
        Field.DISCOUNT_RECETTE,
        Field.FREE,
    }


def test_a_new_capacity_is_fitted_into_the_known_ranks():
    (line,) = lines(row(capacity=250))
    assert line.stated == {Measure.CAPACITY: (200, 50)}
    (same,) = lines(row(capacity=300))
    assert same.outcome is Outcome.EMPTY


def test_first_figures_of_nought_are_a_change_only_where_something_was_said():
    fresh = known(figures={Field.CAPACITY: 300}, tickets=None, true_at={}, values={})
    (line,) = lines(row(normal=0), performances=[fresh])
    assert line.stated == {Measure.TICKETS: (0,) * 8}


def test_rows_without_a_dip_id_are_placed_by_day_time_and_hall():
    halls = [known(100_001), known(100_002, hall="Kleine Zaal"), known(100_003, starts=STARTS.replace(hour=14))]

    def placed(**place):
        (line,) = lines(row(None, normal=1, normal_recette=20, **place), performances=halls)
        return (line.known.number if line.known else None), [code for _, code in codes(line) if Code(code) not in WARNINGS]

    assert placed(day="1-12-2026", clock="14:00") == (100_003, []) or placed(day="1-12-2026", clock="14:15") == (100_003, [])
    assert placed(day="1-12-2026", clock="20.15", hall="kleine zaal") == (100_002, [])
    assert placed(day=datetime(2026, 12, 1), clock=time(20, 15), hall="Klein") == (100_002, [])  # noqa: DTZ001
    assert placed(day="1-12-2026", clock="20:15") == (None, ["several"])
    assert placed(day="2-12-2026") == (None, ["not_found"])
    assert placed(day="32-12-2026") == (None, ["odd_day"])
    assert placed(day="1-12-2026", clock="laat") == (None, ["odd_time"])
    assert placed() == (None, ["no_reference"])


def test_references_that_are_wrong():
    ((unknown,), (other,), (odd,), (bare,)) = (
        lines(row(who, normal=31, normal_recette=620))
        for who in ("NL-26-00101-00001|999999", "NL-26-00101-00002|100001", "??", "100001")
    )
    assert codes(unknown)[0] == ("dip_id", "unknown")
    assert codes(other)[0] == ("dip_id", "other_production")
    assert codes(odd)[0] == ("dip_id", "odd_reference")
    assert bare.known.number == 100_001


def test_one_performance_twice():
    same, again = lines(row(normal=31, normal_recette=620), row(normal=31, normal_recette=620))
    assert (same.outcome, again.outcome) == (Outcome.CHANGES, Outcome.SAME)
    assert codes(again)[0] == (None, "same_row")
    one, other = lines(row(normal=31, normal_recette=620), row(normal=32, normal_recette=640))
    assert {one.outcome, other.outcome} == {Outcome.WRONG}


def test_totals_below_the_rows_are_left_alone():
    def total(place):
        cells = [None] * len(COLUMNS)
        cells[place], cells[4] = "Totaal verkocht", 31
        return cells

    assert [line.row for line in lines(row(normal=31, normal_recette=620), total(0), total(1), total(3))] == [1]
    assert codes(lines(row("Totaal iets", day="1-12-2026", normal=1))[0])[0] == ("dip_id", "odd_reference")


def test_the_stamp_marks_what_would_be_written():
    first = stamp(lines(row(normal=31, normal_recette=620)), TRUE_AT)
    assert first == stamp(lines(row(normal=31, normal_recette=620)), TRUE_AT)
    assert first != stamp(lines(row(normal=32, normal_recette=620)), TRUE_AT)
    assert first != stamp(lines(row(normal=31, normal_recette=620)), TRUE_AT + timedelta(hours=1))


def test_every_name_of_a_column_is_recognised_and_no_grey_one():
    for language in range(3):
        heads = [NAMES[field][language] for field in Field]
        grey = [f"{KNOWN[language]}: {word}" for word in ("verkocht", "sold", "vrij", "recette €", "reserved")]
        columns = columns_of(table([*heads, *grey], [1] * (len(heads) + 5)), 0)
        assert suggest(columns, words(), {}) == {place: field.value for place, field in enumerate(Field)}
    assert len(all_words()) == sum(len(names) for names in words().values()), "no name stands for two columns"
    assert folded("Verkocht") in words()["normal"]


def test_every_code_has_words():
    assert set(PATTERNS) == set(Code)


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(-5, 10**12), st.floats(), st.booleans(), st.dates(), st.times(),
    st.sampled_from(["1.234", "12,50", "12.50", "1-12-2026", "20:15", "NL-26-00101-00001|100001", "100001", "€ 1.200,00"]),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=6))
def test_no_table_breaks_the_preview(rows):
    found = read_rows(table(*rows), COLUMNS, None)
    references(found)
    placed = place_rows(found, [known(), known(100_002, tickets=None, figures={}, true_at={}, values={}, ranks=())], TRUE_AT)
    stamp(placed, TRUE_AT)
    for line in placed:
        assert (line.outcome is Outcome.WRONG) == any(finding.rejects for finding in line.findings)
        for finding in line.findings:
            assert PATTERNS[finding.code] % finding.values
        for measure, figures in line.stated.items():
            assert all(value is None or value >= 0 for value in figures), measure

"""Reading the tables that people send: what a file is, its limits, and that nothing of it breaks the reader."""

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dip.web.tables import texts
from dip.web.tables.columns import columns_of, folded, head_row, letter_of, suggest
from dip.web.tables.reading import read_file, read_pasted
from dip.web.tables.terms import MAX_BYTES, NoteCode, Problem, Source, Table, UnableToRead, as_text
from dip.web.tables.words import NOTES, PROBLEMS, note_text, problem_text


def book(fill) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(made)
    made.close()
    return out.getvalue()


def refused(content) -> UnableToRead:
    with pytest.raises(UnableToRead) as found:
        read_file(content)
    return found.value


def outcome(content: bytes | str) -> Table | UnableToRead:
    """What reading comes to; anything else that is raised fails the test."""
    try:
        return read_pasted(content) if isinstance(content, str) else read_file(content)
    except UnableToRead as error:
        return error


def test_a_workbook_keeps_its_types_and_its_row_numbers():
    def fill(made):
        page = made.add_worksheet("Cijfers")
        page.write(1, 1, " x\u00a0")
        page.write(2, 2, 12.5)
        page.write_datetime(4, 0, datetime(2026, 11, 17, 20, 15), made.add_format({"num_format": "dd-mm-yyyy hh:mm"}))  # noqa: DTZ001
        page.write_datetime(4, 1, date(2026, 11, 17), made.add_format({"num_format": "dd-mm-yyyy"}))
        page.write_datetime(4, 2, time(20, 15), made.add_format({"num_format": "hh:mm"}))
        page.write_boolean(5, 0, True)
        page.write_datetime(5, 2, timedelta(hours=26), made.add_format({"num_format": "[h]:mm"}))

    table = read_file(book(fill))
    assert (table.name, table.source, table.width) == ("Cijfers", Source.WORKBOOK, 3)
    assert table.rows[1] == (None, "x", None)
    assert table.rows[4] == (datetime(2026, 11, 17, 20, 15), date(2026, 11, 17), time(20, 15))  # noqa: DTZ001
    assert table.rows[5][0] is True
    assert isinstance(table.rows[5][2], str)


def test_formulas_count_by_their_last_value_and_are_told():
    def fill(made):
        page = made.add_worksheet()
        page.write_formula(0, 0, "=1+1", None, 2)
        page.write_formula(0, 1, "=1/0", None, "#DIV/0!")
        made.add_worksheet("Uitleg").write(0, 0, "hoi")

    table = read_file(book(fill))
    assert table.rows[0][0] == 2
    assert {(note.code, note.value) for note in table.notes} == {
        (NoteCode.OTHER_SHEETS, "Uitleg"), (NoteCode.FORMULAS, ""), (NoteCode.ERRORS, "B1"),
    }  # fmt: skip


def test_hidden_and_empty_sheets_are_passed_by():
    def fill(made):
        made.add_worksheet("leeg")
        hidden = made.add_worksheet("verborgen")
        hidden.write(0, 0, "geheim")
        hidden.hide()
        made.add_worksheet("echt").write(0, 0, "ja")

    assert read_file(book(fill)).rows == (("ja",),)


def test_cells_in_opposite_corners_do_not_fill_the_memory():
    def corners(made):
        page = made.add_worksheet()
        page.write(0, 0, 1)
        page.write(1_048_575, 16_383, 1)

    assert refused(book(corners)).problem is Problem.UNPACKS_TOO_LARGE

    def formats_only(made):
        page = made.add_worksheet()
        page.write(0, 0, 1)
        page.write_blank(1_048_575, 16_383, None, made.add_format({"bold": True}))

    assert read_file(book(formats_only)).rows == ((1.0,),)


def repacked(content: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


SIMPLE = book(lambda made: made.add_worksheet().write_row(0, 0, ["a", "b"]))


def test_an_archive_that_unpacks_to_gigabytes_is_refused():
    bomb = repacked(SIMPLE, lambda name, part: part + b" " * 80_000_000 if name.endswith("sheet1.xml") else part)
    assert len(bomb) < MAX_BYTES
    assert refused(bomb).problem is Problem.UNPACKS_TOO_LARGE


def test_an_archive_that_lies_about_its_size_is_refused():
    big = repacked(SIMPLE, lambda name, part: part + b" " * 80_000_000 if name.endswith("sheet1.xml") else part)
    lying = big.replace(struct.pack("<L", 80_000_000 + len(_part(SIMPLE, "sheet1.xml"))), struct.pack("<L", 1000))
    assert lying != big
    assert refused(lying).problem in (Problem.DAMAGED, Problem.UNPACKS_TOO_LARGE)


def _part(content: bytes, end: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(end)))


def test_one_text_shared_by_very_many_cells_is_refused():
    def fill(made):
        page = made.add_worksheet()
        for row in range(200):
            for column in range(60):
                page.write_string(row, column, "z" * 30_000)

    assert refused(book(fill)).problem is Problem.UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \r\n ", Problem.EMPTY),
        (b"x" * (MAX_BYTES + 1), Problem.TOO_LARGE),
        (b"PK\x03\x04 no archive", Problem.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", Problem.OLD_OR_LOCKED),
        (b"\x89PNG\r\n\x1a\n\x00", Problem.NO_TABLE),
        (b"a;b\n" * 5001, Problem.TOO_MANY_ROWS),
        (";".join("x" * 300).encode(), Problem.TOO_WIDE),
        (book(lambda made: made.add_worksheet()), Problem.EMPTY),
        (book(lambda made: made.add_worksheet().write_column(0, 0, range(5200))), Problem.TOO_MANY_ROWS),
        (
            repacked(SIMPLE, lambda name, part: part.replace(b"<", b"\x00<") if name.endswith("sheet1.xml") else part),
            Problem.DAMAGED,
        ),
        (repacked(SIMPLE, lambda name, part: b"<sheet" if name.endswith("sheet1.xml") else part), Problem.DAMAGED),
    ],
)
def test_what_cannot_be_read_says_why(content, problem):
    error = refused(content)
    assert error.problem is problem
    assert problem_text(error)


def test_an_archive_of_something_else():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(out.getvalue()).problem is Problem.NO_TABLE


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a;b\n1,5;2", (("a", "b"), ("1,5", "2"))),
        (b"a,b\n1.5,2", (("a", "b"), ("1.5", "2"))),
        (b"a\tb\n1\t2\n\n\n", (("a", "b"), ("1", "2"))),
        (b"a|b\r\n1|2", (("a", "b"), ("1", "2"))),
        ("\ufeffnaam;prijs\nCafé;€ 5".encode(), (("naam", "prijs"), ("Café", "€ 5"))),
        ("naam;prijs\nCafé;€ 5".encode("cp1252"), (("naam", "prijs"), ("Café", "€ 5"))),
        ("a\tb\n1\t2".encode("utf-16"), (("a", "b"), ("1", "2"))),
        (b"sep=,\na,b\n1,2", ((None, None), ("a", "b"), ("1", "2"))),
        (b'a;b\n"1;2";"3\n4"', (("a", "b"), ("1;2", "3\n4"))),
        (b'a;"b\n1;2\n3;4', (("a", "b"), ("1", "2"), ("3", "4"))),
        (b"titel\n\na;b;c\n1;2", (("titel", None, None), (None, None, None), ("a", "b", "c"), ("1", "2", None))),
        (b"een kolom\n1\n2", (("een kolom",), ("1",), ("2",))),
    ],
)
def test_text_is_cut_into_cells(content, rows):
    assert read_file(content).rows == rows


def test_characters_that_no_encoding_has_are_told():
    table = read_file(b"a;\x81\xff\n1;2")
    assert [note.code for note in table.notes] == [NoteCode.ODD_CHARACTERS]
    assert note_text(table.notes[0])
    assert set(NOTES) == set(NoteCode)
    assert set(PROBLEMS) == set(Problem)


def test_the_head_row_is_found_below_a_title_or_not_at_all():
    known = {"datum", "zaal"}.__contains__
    assert head_row(read_pasted("Tournee 2027\n\nDatum\tZaal\tPrijs\n1\t2\t3"), known) == 2
    assert head_row(read_pasted("1-1-2027\tKade\n2-1-2027\tKade"), known) is None
    assert head_row(read_pasted("Iets\tAnders\n1\t2"), known) == 0


def test_columns_are_suggested_once_each_and_remembered_choices_win():
    table = read_pasted("Datum\tDatums\tRecette €\tHuis\n1\t2\t3\t4")
    columns = columns_of(table, 0)
    names = {"date": {"datum"}, "recette": {"recette €"}, "theatre": {"theater"}}
    assert suggest(columns, names, {}) == {0: "date", 2: "recette"}
    assert suggest(columns, names, {"huis": "theatre", "datum": ""}) == {1: "date", 2: "recette", 3: "theatre"}
    assert [column.letter for column in columns] == ["A", "B", "C", "D"]
    assert (letter_of(27), folded("Réduit : billets")) == ("AB", "reduit billets")


CELLS = st.one_of(
    st.none(), st.text(max_size=20), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(), st.dates(date(1905, 1, 1), date(2100, 1, 1)), st.times(),
)  # fmt: skip


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe"):
        outcome(start + content)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    found = outcome(text)
    if isinstance(found, Table):
        assert len({len(row) for row in found.rows}) == 1
    else:
        assert found.problem in (Problem.EMPTY, Problem.TOO_WIDE)
    assert texts.separator(text) in "\t;,|"


def write_cell(page, number, place, cell, day, clock):
    if isinstance(cell, str):
        page.write_string(number, place, cell)
    elif isinstance(cell, bool):
        page.write_boolean(number, place, cell)
    elif isinstance(cell, date | time):
        page.write_datetime(number, place, cell, day if isinstance(cell, date) else clock)
    elif cell is not None:
        page.write_number(number, place, cell)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, deadline=None)
def test_any_cells_of_a_workbook_come_back(rows):
    def fill(made):
        page = made.add_worksheet()
        day, clock = made.add_format({"num_format": "dd-mm-yyyy"}), made.add_format({"num_format": "hh:mm:ss"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                write_cell(page, number, place, cell, day, clock)

    found = outcome(book(fill))
    if isinstance(found, UnableToRead):
        assert found.problem is Problem.EMPTY
        return
    assert all(isinstance(as_text(cell), str) for row in found.rows for cell in row)
    whole = [(n, p, cell) for n, row in enumerate(rows) for p, cell in enumerate(row) if type(cell) is int]
    assert all(found.rows[n][p] == cell for n, p, cell in whole)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 6000))
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_never_breaks_the_reader(noise, at):
    at %= len(SIMPLE)
    outcome(SIMPLE[:at] + noise + SIMPLE[at + len(noise) :])

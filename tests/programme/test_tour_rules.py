"""What rows of a tour say: pure, so any table of texts will do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.programme.rules.tour.fields import EDITABLE, TourField, can_be_read, suggest_by_content, words
from dip.programme.rules.tour.findings import PATTERNS, TourCode
from dip.programme.rules.tour.likeness import SURE, hall_score, name_score, place_score
from dip.programme.rules.tour.rows import Wanted, read_tour, texts_of
from dip.programme.terms import FundFeature, PerformanceKind

COLUMNS = dict(enumerate(TourField))


def read(**texts):
    cells = {TourField(name): text for name, text in texts.items()}
    (row,) = read_tour({2: {TourField.DATE: "17-11-2026", TourField.TIME: "20:15", TourField.THEATRE: "X"} | cells}, 2026)
    return row


@pytest.mark.parametrize(
    ("text", "kind"),
    [("try-out", "tryout"), ("Tryout", "tryout"), ("Première", "premiere"), ("premiere", "premiere"), ("dernière", "derniere"),
     ("", "normal"), ("regulier", "normal")],
)  # fmt: skip
def test_kinds(text, kind):
    row = read(kind=text)
    assert (row.kind, row.findings) == (PerformanceKind(kind), [])


@pytest.mark.parametrize(
    ("fields", "ranks"),
    [({"seats": "400"}, (400,)), ({"seats": "300 + 80"}, (300, 80)), ({"seats": "300/80/0"}, (300, 80)), ({"seats": "1.200"}, (1200,)),
     ({"rank_1": "300", "rank_3": "20"}, (300, 0, 20)), ({}, None), ({"seats": "0"}, None)],
)  # fmt: skip
def test_seats_of_each_rank(fields, ranks):
    assert read(**fields).ranks == ranks


@pytest.mark.parametrize("text", ["veel", "12,5", "-3", "+".join("1" * 11)])
def test_what_are_no_seats(text):
    assert [finding.code for finding in read(seats=text).findings] == [TourCode.ODD_SEATS]


def test_flags():
    row = read(private="ja", festival="Zomerkade", school="vo")
    assert (row.is_private, row.in_festival, row.feature) == (True, True, FundFeature.SCHOOL_SECONDARY)
    row = read(private="nee", festival="nee", school="nee")
    assert (row.is_private, row.in_festival, row.feature, row.findings) == (False, False, FundFeature.REGULAR, [])
    assert [finding.code for finding in read(private="misschien", school="wie weet").findings] == [TourCode.ODD_FLAG] * 2
    assert read(kind="schoolvoorstelling").feature is FundFeature.SCHOOL_PRIMARY


def test_likeness_tells_sure_from_maybe():
    assert name_score("de kade", ["theater de kade"]) >= SURE
    assert name_score("schouwburg kade", ["theater kade"]) < SURE
    assert name_score("kadezicht", ["kade"]) < SURE
    assert place_score(100, "waterveen", "lindenstad") < SURE <= place_score(100, "", "lindenstad")
    assert hall_score("gz", ["grote zaal"]) == 100
    assert hall_score("kleine", ["grote zaal"]) < SURE


def test_a_place_is_the_same_however_it_is_written():
    assert Wanted("Théâtre De Kade", "Waterveen", "").key == Wanted("theatre  de kade", "WATERVEEN", "").key


def test_lines_with_one_cell_are_headings():
    rows = [["November", "", ""], ["17-11", "20:15", "Kade"], ["", "", ""]]
    assert list(texts_of(rows, {0: TourField.DATE, 1: TourField.TIME, 2: TourField.THEATRE}, None, {})) == [2]


def test_contents_tell_columns_without_names():
    contents = {0: ["17-11-2026", "18-11-2026"], 1: ["20.15", "20:15"], 2: ["Waterveen", "x"], 3: ["12", "13"], 4: []}
    assert suggest_by_content(contents, {}, {"de kade"}, {"waterveen"}) == {0: "date", 1: "time"}
    assert suggest_by_content({0: ["Waterveen"]}, {}, set(), {"waterveen"}) == {0: "city"}


def test_words_are_of_one_column_each():
    names = [name for group in words().values() for name in group]
    assert len(names) == len(set(names))
    assert set(PATTERNS) == set(TourCode)
    assert can_be_read([TourField.DATE, TourField.CITY])
    assert not can_be_read([TourField.DATE])
    assert set(EDITABLE) < set(TourField)


TEXTS = st.one_of(
    st.text(max_size=15), st.sampled_from(["", "17-11-2026", "di 17 nov", "20.15", "De Kade", "300 + 80", "première", "ja"])
)


@given(st.lists(st.lists(TEXTS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=6), st.sampled_from([None, 2026]))
def test_no_table_breaks_the_reading(rows, season):
    texts = texts_of(rows, COLUMNS, None, {1: {TourField.DATE: "1-1-2027"}} if rows else {})
    for row in read_tour(texts, season, "Zout"):
        assert row.is_wrong == any(finding.rejects for finding in row.findings)
        assert row.is_wrong or row.starts_at is not None
        for finding in row.findings:
            assert PATTERNS[finding.code] % {"value": finding.value}

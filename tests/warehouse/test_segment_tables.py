"""A licensee's table: read to PC4, findings with row, field, value; guarded; replaced, removed, counted."""

import io
from datetime import timedelta

import pytest
import xlsxwriter

from dip.definitions.actions import load_standard
from dip.definitions.models import Area, GeoEdition
from dip.definitions.queries import geo
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.warehouse.actions import segments as actions
from dip.warehouse.actions.segments import UnableToLoad
from dip.warehouse.models import SegmentTable
from dip.warehouse.queries.segment_tables import tables
from dip.warehouse.rules.segment_tables import Problem, Row, guarded, read_segments, rows_of
from dip.web.tables.reading import read_file
from tests.factories.registry import NOW, make_access, make_organisation

ALL = "tests look at everything"
HALF = [f"{3800 + place};{'Haven' if place % 2 else 'Weide'}" for place in range(60)]


def read(text):
    return read_segments(rows_of(read_file(text.encode())))


def entries(found):
    columns = (found.shares.pc4, found.shares.segment, found.shares.share)
    return [(int(pc4), found.names[segment], round(float(share), 3)) for pc4, segment, share in zip(*columns, strict=True)]


def told(found):
    return [(one.row, one.field, one.value, one.problem) for one in found.findings]


def body(rows=None, head="postcode;segment"):
    return "\n".join([head, *(HALF if rows is None else rows)]).encode()


def load(access, content=None, *, name="Wijkwijzer", version="2026", at=NOW):
    return actions.load_table(
        access=access,
        at=at,
        name=name,
        version=version,
        licence="Our licence allows it.",
        content=body() if content is None else content,
    )


@pytest.fixture
def licensee(db):
    load_standard()
    geo.forget()
    yield make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
    geo.forget()


def test_pc6_are_weighed_into_their_four_digits():
    found = read("PC6;Huishoudens;Segment\n3811 AB;30;Haven\n3811ac;10;Weide\n3812AA;1.200;Weide\n3813AA;;Haven\n3813AB;;Weide\n")
    assert entries(found) == [
        (3811, "Haven", 0.75), (3811, "Weide", 0.25), (3812, "Weide", 1.0), (3813, "Haven", 0.5), (3813, "Weide", 0.5),
    ]  # fmt: skip
    assert (found.row_count, found.kept_count, found.finding_count) == (5, 5, 0)


def test_pc4_without_headings_and_with_parts():
    assert entries(read("3811;Haven\n3812;Weide\n")) == [(3811, "Haven", 1.0), (3812, "Weide", 1.0)]
    parts = read("postcode,segment,households\n3811,Haven,100\n3811,Weide,300\n")
    assert entries(parts) == [(3811, "Haven", 0.25), (3811, "Weide", 0.75)]


def test_what_is_wrong_names_row_field_value_and_the_good_is_kept():
    found = read(
        "postcode;segment;households\n3811AB;Haven;10\n38x1;Haven;1\n3812;;1\n3813;Weide;veel\n3811AB;Haven;10\n3811;Weide;5\n"
        f"3814;{'x' * 61};1\n3815;Weide;0\n0999;Weide;1\n"
    )
    assert entries(found) == [(3811, "Haven", 1.0)]
    assert told(found) == [
        (3, "postcode", "38x1", Problem.NO_POSTCODE), (4, "segment", "", Problem.NO_SEGMENT), (5, "households", "veel", Problem.NO_NUMBER),
        (6, "postcode", "3811··", Problem.TWICE), (7, "postcode", "3811", Problem.MIXED), (8, "segment", "x" * 60, Problem.LONG_SEGMENT),
        (10, "postcode", "0999", Problem.NO_POSTCODE), (0, "households", "3815", Problem.EMPTY_AREA),
    ]  # fmt: skip


def test_more_segments_than_a_page_holds_are_left_out():
    found = read_segments([Row(place, 1000 + place, f"s{place}", None) for place in range(1, 83)])
    assert len(found.names) == 80
    assert [one.problem for one in found.findings] == [Problem.TOO_MANY] * 2


def test_a_segment_of_one_area_or_few_people_is_left_out():
    rows = [Row(place, 3800 + place, "Wijd", None) for place in range(30)] + [Row(40, 3900, "Doelwit", None)]
    rows += [Row(50 + place, 4000 + place, "Leeg", None) for place in range(30)]
    people = {3800 + place: 2000 for place in range(30)} | {3900: 90_000} | {4000 + place: 10 for place in range(30)}
    found = guarded(read_segments(rows), people, 20, 50_000)
    assert found.names == ("Wijd",)
    assert [(one.value, one.problem) for one in found.findings] == [("Doelwit", Problem.FEW_AREAS), ("Leeg", Problem.FEW_PEOPLE)]
    padded = read_segments([*rows[:31], *(Row(90 + place, 5000 + place, "Doelwit", None) for place in range(25))])
    assert "Doelwit" not in guarded(padded, people, 20, 50_000).names, "areas where nobody lives cover nothing"
    assert set(guarded(read_segments(rows), {}, 20, 50_000).names) == {"Wijd", "Leeg"}, "without areas only their number counts"


def test_a_table_is_put_in_force_once_and_replaced(licensee):
    first = load(licensee)
    assert (first.segments, first.kept, first.total, first.is_repeat) == (2, 60, 60, False)
    again = load(licensee, body([*reversed(HALF)]))
    assert (again.table_id, again.is_repeat) == (first.table_id, True)
    second = load(licensee, body(HALF[:50]), version="2027")
    found = tables(licensee, NOW)
    assert (found.current.id, found.current.version, found.left) == (second.table_id, "2027", 2)
    assert [line.areas for line in found.current.segments] == [25.0, 25.0]
    (ended,) = SegmentTable.objects.across_tenants(ALL).exclude(ended_at=None)
    assert (ended.pc4, ended.segment, ended.share) == ([], [], [])
    assert AuditLine.objects.within(licensee).filter(verb="load_segments").count() == 2


def test_tables_cannot_be_changed_in_turns_to_subtract_one_from_another(licensee):
    for number in range(4):
        load(licensee, body(HALF[: 60 - number]))
        actions.remove_table(access=licensee, at=NOW)
    with pytest.raises(UnableToLoad, match="4"):
        load(licensee)
    assert tables(licensee, NOW).left == 0
    assert not load(licensee, at=NOW + timedelta(days=365)).is_repeat
    assert tables(licensee, NOW + timedelta(days=365)).left == 3


def test_removing_forgets_what_it_said(licensee):
    load(licensee)
    assert actions.remove_table(access=licensee, at=NOW)
    assert not actions.remove_table(access=licensee, at=NOW)
    found = tables(licensee, NOW)
    assert found.current is None
    assert found.before[0].segments == ()


def test_no_letters_of_a_postcode_are_kept(licensee):
    rows = [f"{3800 + place}ZQ;{'Haven' if place % 2 else 'Weide'};5" for place in range(60)]
    load(licensee, body([*rows, "3801ZQ;Haven;5", "3801 zq;;1"], "pc6;segment;huishoudens"))
    kept = str(SegmentTable.objects.across_tenants(ALL).values().get())
    assert "ZQ" not in kept.upper()
    assert "3801··" in kept


def test_a_workbook_is_read_too(licensee):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["Postcode", "Doelgroep"], *(row.split(";") for row in HALF)]):
            sheet.write_row(line, 0, [int(row[0]) if row[0].isdigit() else row[0], row[1]])
    assert load(licensee, out.getvalue()).kept == 60


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "niets"), (b"a;b;c\n1;2;3\n", "postcode"), (body(["3811;Haven", "3812;Weide"]), "twee segmenten")]
)
def test_a_file_that_is_no_table_is_refused_with_a_remedy(licensee, content, words):
    with pytest.raises(UnableToLoad) as refused:
        load(licensee, content)
    assert refused.value.field == "file"
    assert words in refused.value.message
    assert not SegmentTable.objects.across_tenants(ALL).exists()


def test_with_areas_the_people_of_a_segment_count(licensee):
    for place in range(60):
        Area.objects.create(pc4=3800 + place, place="Vlonderdam", inhabitants=3000, lat=52.1, lon=5.4, km2=1.0)
    GeoEdition.objects.create(digest="d", loaded_at=NOW, dated=NOW.date(), attribution="CBS", counts={}, findings=[], shapes={})
    geo.forget()
    load(licensee)
    assert [line.inhabitants for line in tables(licensee, NOW).current.segments] == [90_000, 90_000]
    with pytest.raises(UnableToLoad) as refused:
        load(licensee, body([f"{3800 + place};{'Haven' if place < 40 else 'Doelwit'}" for place in range(55)]))
    assert [(one.value, one.problem) for one in refused.value.findings] == [("Doelwit", Problem.FEW_AREAS)]


def test_only_who_manages_loads_and_only_the_licensee_sees(licensee):
    load(licensee)
    looker = make_access(make_organisation(Role.THEATRE), Role.THEATRE, {Module.AUDIENCE: Level.VIEW})
    platform = make_access(make_organisation(Role.PLATFORM), Role.PLATFORM)
    for access in (looker, platform):
        with pytest.raises(AccessDenied):
            load(access)
        assert tables(access, NOW).current is None
    with pytest.raises(AccessDenied):
        tables(make_access(make_organisation(Role.THEATRE), Role.THEATRE, {}), NOW)

"""Reading bodies and checking rows, without a database."""

import gzip
import string
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.ticketing.rules import bodies
from dip.ticketing.rules.bodies import UnableToReadBody, read_body, read_capacity, unpacked
from dip.ticketing.rules.findings import PATTERNS, message
from dip.ticketing.rules.rows import Clocks, Fact, check_rows
from dip.ticketing.terms import REJECTING, FindingCode, Measure, PositionRow

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROW = {
    "production": "NL-26-00123-00279",
    "number": 100_001,
    "updated": "2026-11-23T02:40:00",
    "normal": {"tickets": 5, "recette": 9},
}


def encoded(*rows):
    return msgspec.json.encode(list(rows))


def test_rows_of_each_measure():
    rows, findings = read_body(Measure.TICKETS, encoded(ROW))
    assert not findings
    moment = datetime(2026, 11, 23, 2, 40)  # noqa: DTZ001  local on the wire
    assert rows == [PositionRow(100_001, (5, 0, 0, 0, 9, 0, 0, 0), moment, "NL-26-00123-00279", 0)]
    for measure in (Measure.RESERVATIONS, Measure.BLOCKED):
        rows, _ = read_body(measure, b'{"number": 7, "tickets": 3}')
        assert rows == [PositionRow(7, (3, None), row=0)]
    rows, _ = read_capacity(b'{"amount_rank1": 300, "amount_rank3": 20}', "P", 7)
    assert rows == [PositionRow(7, (300, 0, 20), None, "P")]
    rows, _ = read_capacity(b'{"amount_rank1": 0}', "P", 7)
    assert rows[0].figures == (0,)


WRONG = {
    "no number": ({"number": None}, FindingCode.UNREADABLE, "number"),
    "quoted number": ({"number": "7"}, FindingCode.UNREADABLE, "number"),
    "half a ticket": ({"normal": {"tickets": 0.5}}, FindingCode.UNREADABLE, "normal.tickets"),
    "kind is a list": ({"free": []}, FindingCode.UNREADABLE, "free"),
    "day first": ({"updated": "23-11-2026 02:40"}, FindingCode.MALFORMED_TIME, None),
    "no such day": ({"updated": "2026-02-30T00:00:00"}, FindingCode.MALFORMED_TIME, None),
    "seconds since 1970": ({"updated": 1_770_000_000}, FindingCode.MALFORMED_TIME, None),
}


@pytest.mark.parametrize(("over", "code", "field"), WRONG.values(), ids=WRONG.keys())
def test_one_wrong_row_does_not_spoil_the_others(over, code, field):
    rows, (finding,) = read_body(Measure.TICKETS, encoded(ROW, ROW | over, ROW))
    assert [row.row for row in rows] == [0, 2]
    assert (finding.row, finding.code, finding.values.get("field")) == (1, code, field)
    assert message(finding)


def test_a_wrong_row_by_itself():
    assert read_body(Measure.TICKETS, b"[5]")[1][0].values["field"] == "row"
    assert read_capacity(b'{"amount_rank1": "x"}', "P", 7)[1][0].values["field"] == "amount_rank1"
    with pytest.raises(UnableToReadBody, match="no JSON"):
        read_capacity(b"{", "P", 7)


def test_limits(monkeypatch):
    monkeypatch.setattr(bodies, "MAX_ROWS", 2)
    with pytest.raises(UnableToReadBody, match="holds 3 rows"):
        read_body(Measure.TICKETS, encoded(ROW, ROW, ROW))
    with pytest.raises(UnableToReadBody, match="no rows"):
        read_body(Measure.TICKETS, b"[]")
    monkeypatch.setattr(bodies, "MAX_BYTES", 100)
    assert unpacked(gzip.compress(b"x" * 100), "gzip") == b"x" * 100
    with pytest.raises(UnableToReadBody, match="unpacked"):
        unpacked(gzip.compress(b"x" * 101), "GZIP")
    assert unpacked(b"abc", "identity") == b"abc"


@settings(deadline=None)
@given(st.binary(max_size=60), st.sampled_from([Measure.TICKETS, Measure.RESERVATIONS, Measure.BLOCKED]))
def test_any_bytes_are_rows_findings_or_refused(body, measure):
    try:
        rows, findings = read_body(measure, body)
    except UnableToReadBody:
        return
    assert rows or findings


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_lowercase, max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(["number", "updated", "production", "normal", "free", "tickets"])


@settings(deadline=None)
@given(st.lists(st.dictionaries(MEMBERS, JSON, max_size=5) | JSON, min_size=1, max_size=5))
def test_any_json_rows_are_counted(rows):
    read, findings = read_body(Measure.TICKETS, encoded(*rows))
    assert sorted([row.row for row in read] + [finding.row for finding in findings]) == list(range(len(rows)))
    checked, more = check_rows(read, {}, Measure.TICKETS, NOW, Clocks(NOW))
    assert not checked
    assert all(message(finding) for finding in (*findings, *more))


def fact(**over) -> Fact:
    values = {"production": "P", "zone": "Europe/Amsterdam", "is_cancelled": False, "is_private": False, "capacity": 100}
    return Fact(7, **(values | {"known_at": None, "confirmed_at": None, "figures": None} | over))


def codes(measure, figures, facts=None, **row):
    rows = [PositionRow(7, figures, **({"updated": NOW} | row))]
    return [f.code for f in check_rows(rows, {7: facts or fact()}, measure, NOW, Clocks(NOW))[1]]


TICKETS = (10, 0, 0, 0, 100, 0, 0, 0)
CHECKS = {
    "good": (Measure.TICKETS, TICKETS, {}, []),
    "own production": (Measure.TICKETS, TICKETS, {"production": "P"}, []),
    "full id": (Measure.TICKETS, TICKETS, {"production": "P|7"}, []),
    "other production": (Measure.TICKETS, TICKETS, {"production": "Q"}, [FindingCode.OTHER_PRODUCTION]),
    "ten minutes ahead": (Measure.TICKETS, TICKETS, {"updated": NOW + timedelta(minutes=10)}, []),
    "more ahead": (Measure.TICKETS, TICKETS, {"updated": NOW + timedelta(minutes=10, seconds=1)}, [FindingCode.IN_FUTURE]),
    "local time": (Measure.TICKETS, TICKETS, {"updated": datetime(2026, 11, 23, 10)}, []),  # noqa: DTZ001
    "local time ahead": (Measure.TICKETS, TICKETS, {"updated": datetime(2026, 11, 23, 10, 11)}, [FindingCode.IN_FUTURE]),  # noqa: DTZ001
    "negative tickets": (Measure.TICKETS, (-1, *TICKETS[1:]), {}, [FindingCode.NEGATIVE]),
    "negative recette": (Measure.TICKETS, (*TICKETS[:7], -1), {}, [FindingCode.NEGATIVE]),
    "too many tickets": (Measure.TICKETS, (2**31, *TICKETS[1:]), {}, [FindingCode.OUT_OF_RANGE]),
    "a large recette": (Measure.TICKETS, (*TICKETS[:4], 2**31, 0, 0, 0), {}, []),
    "too large a recette": (Measure.TICKETS, (*TICKETS[:4], 2**60, 0, 0, 0), {}, [FindingCode.OUT_OF_RANGE]),
    "free with recette": (Measure.TICKETS, (1, 0, 1, 0, 5, 0, 5, 0), {}, [FindingCode.FREE_WITH_RECETTE]),
    "a full house": (Measure.TICKETS, (90, 0, 10, 0, 0, 0, 0, 0), {}, []),
    "over capacity": (Measure.TICKETS, (90, 0, 11, 0, 0, 0, 0, 0), {}, [FindingCode.OVER_CAPACITY]),
    "no value": (Measure.BLOCKED, (8, None), {}, []),
    "negative blocked": (Measure.BLOCKED, (-8, None), {}, [FindingCode.NEGATIVE]),
    "negative value": (Measure.RESERVATIONS, (8, -1), {}, [FindingCode.NEGATIVE]),
    "ten ranks": (Measure.CAPACITY, (1,) * 10, {}, []),
    "eleven ranks": (Measure.CAPACITY, (1,) * 11, {}, [FindingCode.RANK_COUNT]),
    "no rank": (Measure.CAPACITY, (), {}, [FindingCode.RANK_COUNT]),
}


@pytest.mark.parametrize(("measure", "figures", "row", "expected"), CHECKS.values(), ids=CHECKS.keys())
def test_checks(measure, figures, row, expected):
    assert codes(measure, figures, **row) == expected


def test_remarks_about_the_performance():
    assert codes(Measure.TICKETS, TICKETS, fact(is_cancelled=True)) == [FindingCode.CANCELLED]
    assert codes(Measure.TICKETS, TICKETS, fact(is_private=True)) == [FindingCode.PRIVATE]
    assert codes(Measure.TICKETS, TICKETS, fact(capacity=0)) == []


def test_every_code_has_words_with_a_remedy():
    assert set(PATTERNS) == set(FindingCode)
    for code, pattern in PATTERNS.items():
        assert pattern.endswith(".")
        assert (code in REJECTING) == ("Kept" not in pattern and code is not FindingCode.REPEATED_IN_BODY)


@pytest.mark.parametrize("body", [b"[" * 5000, b'[{"a":' * 3000, b'[{"number": 1, "x": ' + b"[" * 5000])
def test_what_is_nested_thousands_deep_is_no_json(body):
    with pytest.raises(UnableToReadBody, match="no JSON"):
        read_body(Measure.TICKETS, body)
    assert read_capacity(body, "NL-26-00123-00279", 1)[1]

"""The suite itself: the well-behaved connector passes everything, each broken one fails exactly the checks meant for it."""

import pytest

from dip.ticketing.conformance.reading import try_connector
from dip.ticketing.conformance.reading_words import READING
from dip.ticketing.conformance.report import kept, read_kept
from dip.ticketing.conformance.terms import Outcome, Severity, Verdict
from dip.ticketing.connector import Trouble, UnableToRead
from tests.ticketing.conformance.broken import FAULTS
from tests.ticketing.conformance.reference import ACCOUNT, TOKEN, Kassa, Reference


def tried(connector: type[Reference], kassa: Kassa | None = None):
    kassa = kassa or Kassa()
    return try_connector("kassa", lambda account: connector(account, kassa), ACCOUNT, clock=kassa.clock)


def outcomes(report) -> dict[str, Outcome]:
    return {result.code: result.outcome for result in report.results}


def failed(report) -> set[str]:
    return {code for code, outcome in outcomes(report).items() if outcome is Outcome.FAILED}


def test_the_reference_passes_everything():
    report = tried(Reference)
    assert failed(report) == set()
    assert report.verdict is Verdict.CONFORMS
    assert set(outcomes(report).values()) == {Outcome.PASSED}
    assert (report.system, report.version) == ("Kassa", "3.1")


@pytest.mark.parametrize(("name", "broken", "codes"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_a_broken_one_fails_exactly_what_is_meant_for_it(name, broken, codes):
    report = tried(broken)
    assert failed(report) == codes, report.as_text()
    is_must = any(READING[code].severity is Severity.MUST for code in codes)
    assert report.verdict is (Verdict.FAILS if is_must else Verdict.REMARKS)


def test_every_check_is_failed_by_some_broken_connector():
    found = set().union(*(codes for _, _, codes in FAULTS))
    assert set(READING) - found == set()


def test_sales_in_between_are_no_fault():
    class Sells(Reference):
        sold = False

        def snapshot(self, ref):
            state = super().snapshot(ref)
            if ref == "evening-6" and not type(self).sold:
                type(self).sold = True
                self.kassa.sold["evening-1"]["Normaal"] += 1
            return state

        def changes(self, cursor):
            named = super().changes(cursor)
            return type(named)(named.refs | {"evening-1"}, named.cursor)

    assert failed(tried(Sells)) == set()


def test_a_system_that_is_away_fails_without_an_accident():
    class Away(Reference):
        def _call(self):
            raise UnableToRead(Trouble.AWAY, "no answer within 30 s")

    report = tried(Away)
    assert report.verdict is Verdict.FAILS
    assert {"greets", "right_shapes", "refuses_wrong_token", "tried_on_something"} <= failed(report)
    assert outcomes(report)["no_negative"] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("wrong", [None, 7, "text", [], object()])
def test_nonsense_for_an_answer_breaks_no_check(wrong):
    class Nonsense(Reference):
        def greet(self):
            return wrong

        def changes(self, cursor):
            return wrong

        def performances(self):
            yield wrong

        def snapshots(self, refs):
            yield wrong

    report = tried(Nonsense)
    assert report.verdict is Verdict.FAILS
    assert "right_shapes" in failed(report)


def test_the_report_in_every_form():
    broken = dict((name, one) for name, one, _ in FAULTS)["line_kind"]
    report = tried(broken)
    text, page, plain = report.as_text(), report.as_html(), report.as_json()
    assert "FAILED" in text
    assert "→ Map each of the system's own kinds" in text
    assert "… and 1 more" in text
    assert plain["verdict"] == "fails"
    assert next(one for one in plain["checks"] if one["code"] == "national_kinds")["seen"][0].startswith(
        "evening-1: Normaal is called"
    )
    assert TOKEN not in text + page + str(plain)
    assert "<script" not in page
    assert read_kept(kept(report.results), READING) == list(report.results)


def test_words_of_a_system_cannot_write_html():
    class Hostile(Reference):
        def greet(self):
            return type(super().greet())("<script>alert(1)</script>", "1", "x")

    assert "<script>" not in tried(Hostile).as_html()

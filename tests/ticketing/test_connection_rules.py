"""The rules behind connections: whose performance it is, which kind, when to read again, how good it is."""

from datetime import UTC, datetime, timedelta

import pytest

from dip.ticketing.rules.kinds import guess_kind
from dip.ticketing.rules.matching import Known, Listed, Problem, Verdict, judge, numbers_in
from dip.ticketing.rules.pacing import Cause, cause_of, is_to_be_told, next_due, next_hooked
from dip.ticketing.rules.quality import POINTS, Facts, Part, quality_score

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVENING = datetime(2027, 1, 14, 19, 15, tzinfo=UTC)
OWN, OTHER = "NL-26-00123-00001", "NL-26-00123-00002"


def listed(ref="trein/1", title="Nachttrein naar Triëst", starts_at=EVENING, hall="Grote zaal", dip_id="", refused=()):
    return Listed(ref, title, starts_at, hall, dip_id, frozenset(refused))


def known(
    number=100_001,
    title="Nachttrein naar Triëst",
    starts_at=EVENING,
    halls=("Grote Zaal", "De Vlonder"),
    production=OWN,
    is_on=True,
):
    return Known(number, production, title, starts_at, halls, is_on)


@pytest.mark.parametrize("dip_id", [f"{OWN}|100001", f" {OWN.lower()} | 100001 ", "100001", f"{OWN}|0100001"])
def test_an_id_links(dip_id):
    assert judge([listed(dip_id=dip_id, title="Heel iets anders")], [known()], (), {}) == {"trein/1": Verdict(100_001)}


@pytest.mark.parametrize(
    ("dip_id", "problem"),
    [
        ("dip:perf:0190-krekel-1", Problem.UNREADABLE_ID),
        ("Hamlet", Problem.UNREADABLE_ID),
        (f"{OWN}|999999", Problem.UNKNOWN_ID),
        (f"{OTHER}|100001", Problem.OTHER_PRODUCTION),
        (f"{OWN}|100077", Problem.OTHER_THEATRE),
    ],
)
def test_an_id_that_does_not_hold_is_told_and_the_likest_proposed(dip_id, problem):
    found = judge([listed(dip_id=dip_id)], [known()], {100_077}, {})["trein/1"]
    assert (found.problem, found.is_proposal, found.number) == (problem, True, 100_001)
    assert judge([listed(dip_id=dip_id)], [], {100_077, 100_001}, {})["trein/1"].number is None


def test_one_performance_is_given_once():
    twice = [listed("trein/1", dip_id="100001"), listed("trein/2", dip_id="100001", starts_at=EVENING + timedelta(days=1))]
    found = judge(twice, [known()], (), {})
    assert found["trein/1"] == Verdict(100_001)
    assert found["trein/2"].problem is Problem.TAKEN
    assert judge([listed(dip_id="100001")], [known()], (), {100_001: ""})["trein/1"].problem is Problem.TAKEN
    assert judge([listed()], [known()], (), {100_001: "trein/9"}) == {"trein/1": Verdict()}


@pytest.mark.parametrize(
    ("title", "minutes", "is_proposed"),
    [
        ("Nachttrein naar Triëst", 15, True),
        ("NACHTTREIN NAAR TRIËST (reprise)", -15, True),
        ("Triëst, nachttrein", 0, True),
        ("Nachttrein naar Triëst", 16, False),
        ("Kerstconcert fanfare", 0, False),
    ],
)
def test_time_and_title_propose(title, minutes, is_proposed):
    found = judge([listed(title=title, starts_at=EVENING + timedelta(minutes=minutes))], [known()], (), {})["trein/1"]
    assert found.is_proposal is is_proposed


def test_two_halls_at_one_moment_go_to_the_likest():
    there = [listed("a", "Hamlet", hall="Kleine zaal"), listed("b", "Hamlet", hall="Grote zaal")]
    here = [known(1, "Hamlet", halls=("Grote Zaal",)), known(2, "Hamlet", halls=("Kleine Zaal",))]
    found = judge(there, here, (), {})
    assert (found["a"].number, found["b"].number) == (2, 1)
    assert found["a"].likeness == 100


def test_what_the_theatre_refused_and_what_is_cancelled_is_not_proposed():
    assert judge([listed(refused=[100_001])], [known()], (), {}) == {"trein/1": Verdict()}
    assert judge([listed()], [known(is_on=False)], (), {}) == {"trein/1": Verdict()}
    assert judge([listed(dip_id="100001")], [known(is_on=False)], (), {}) == {"trein/1": Verdict(100_001)}


def test_numbers_in_ids():
    assert numbers_in([listed(dip_id=f"{OWN}|100001"), listed(dip_id="7"), listed(dip_id="x"), listed()]) == {100_001, 7}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Normaal", "normal"), ("Volwassenen", "normal"), ("Rang 1", "normal"), ("Entreebewijs", "normal"), ("Regular", "normal"),
        ("CJP", "discount"), ("65+", "discount"), ("t/m 16 jaar", "discount"), ("We Are Public", "discount"), ("Kinderkaart", "discount"),
        ("Tarif réduit", "discount"), ("Early bird", "discount"), ("Vrijkaart", "free"), ("Genodigden", "free"), ("Gratis", "free"),
        ("Arrangement met diner", "other"), ("", "other"), ("VIP", "other"),
    ],
)  # fmt: skip
def test_kinds_are_guessed_from_their_names(name, kind):
    assert guess_kind(name) == kind
    assert guess_kind(name, 0) == "free"


def test_the_wait_doubles_and_ends_and_asks_are_obeyed():
    minutes = [(next_due(NOW, failures, None, 0.5) - NOW) / timedelta(minutes=1) for failures in range(8)]
    assert minutes == [15, 30, 60, 120, 240, 240, 240, 240]
    assert next_due(NOW, 1, 7200, 0.0) - NOW == timedelta(hours=2)
    assert next_due(NOW, 1, 60, 0.5) - NOW == timedelta(minutes=30)
    assert next_due(NOW, 1, 10**9, 0.5) - NOW == timedelta(hours=24)
    assert next_due(NOW, 0, None, 0.0) - NOW == timedelta(minutes=13.5)
    assert next_due(NOW, 0, None, 1.0) - NOW == timedelta(minutes=16.5)


def test_hooks_gather():
    assert next_hooked(NOW, None) == NOW + timedelta(seconds=3)
    assert next_hooked(NOW, NOW - timedelta(seconds=5)) == NOW + timedelta(seconds=10)
    assert next_hooked(NOW, NOW - timedelta(hours=1)) == NOW + timedelta(seconds=3)


def test_the_night_checks_once_and_makes_up_for_missed_nights():
    night = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    hours = lambda n: timedelta(hours=n)  # noqa: E731
    assert cause_of(night, None, None) is Cause.CLOCK
    assert cause_of(night, None, night) is Cause.NIGHT
    assert cause_of(NOW, None, NOW) is Cause.CLOCK
    assert cause_of(night, night - hours(1), night) is Cause.CLOCK
    assert cause_of(night, night - hours(24), night) is Cause.NIGHT
    assert cause_of(NOW, NOW - hours(24), NOW) is Cause.CLOCK
    assert cause_of(NOW, NOW - hours(31), NOW) is Cause.NIGHT


def test_people_are_told_once_after_hours():
    hours = lambda n: timedelta(hours=n)  # noqa: E731
    assert not is_to_be_told(NOW, None, None)
    assert not is_to_be_told(NOW, NOW - hours(5), None)
    assert is_to_be_told(NOW, NOW - hours(6), None)
    assert not is_to_be_told(NOW, NOW - hours(30), NOW - hours(24))


PERFECT = Facts(10, 10, 400, 400, 400, 10, 0, NOW)


def test_the_score_adds_up():
    assert sum(POINTS.values()) == 100
    assert quality_score(PERFECT, NOW).total == 100
    assert set(quality_score(PERFECT, NOW).shares) == set(Part)
    assert quality_score(PERFECT._replace(matched=5, with_capacity=5), NOW).total == 85
    assert quality_score(PERFECT._replace(heard_until=NOW - timedelta(minutes=29)), NOW).total == 100
    assert quality_score(PERFECT._replace(heard_until=NOW - timedelta(days=3)), NOW).total == 80
    assert quality_score(PERFECT._replace(mapped_tickets=399), NOW).total == 99
    assert quality_score(PERFECT._replace(difference=20), NOW).total == 85


def test_a_part_with_nothing_to_judge_does_not_count():
    assert quality_score(Facts(), NOW).total is None
    new = quality_score(Facts(listed=2, matched=1, heard_until=NOW), NOW)
    assert set(new.shares) == {Part.MATCHED, Part.FRESH, Part.CAPACITY}
    assert new.total == round(100 * (15 + 20) / 60)

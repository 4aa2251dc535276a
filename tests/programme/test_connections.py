"""Connection requests: asking, confirming, correcting, deciding, moving, cancelling, reminding; who may, and who hears."""

import re
from datetime import date

import pytest

from dip.programme.actions import (
    UnableToAnswer,
    UnableToChange,
    UnableToDecide,
    cancel_performance,
    confirm_connections,
    decide_proposals,
    move_performance,
    propose_corrections,
    publish_performances,
)
from dip.programme.models import ConnectionRequest, PerformanceEvent, Proposal
from dip.programme.queries import linked_request, open_proposals, open_requests, requests_of
from dip.programme.terms import (
    Correction,
    Decision,
    EventKind,
    FindingCode,
    ProposalField,
    ProposalStatus,
    RequestStatus,
)
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Role
from tests.factories.programme import (
    CONCEPT,
    make_hall,
    make_performance,
    make_theatre,
    make_theatre_organisation,
    starting,
)
from tests.factories.registry import NOW, make_access, make_membership, make_person
from tests.programme.cast import DAY, SOON, Cast, mails, token_in

pytestmark = pytest.mark.django_db


def test_publishing_asks_bundled_per_theatre_and_production():
    cast = Cast(performances=3)
    cast.publish()
    assert ConnectionRequest.objects.within(cast.house).count() == 3
    (mail,) = mails()
    assert (mail["to"], mail["language"]) == (cast.person.email, "nl")
    assert len(set(re.findall(r"/connections/link/([\w-]+)", mail["body"]))) == 3
    for performance in cast.performances:
        assert f"{cast.production.dip_id}|{performance.number}" in mail["body"]
    assert "&" not in mail["subject"]
    assert "20:15" in mail["body"]


def test_two_theatres_get_a_mail_each():
    cast = Cast()
    other, house = make_theatre_organisation()
    make_membership(other, make_person(email="ander@vlonder.example"))
    second = make_performance(cast.production, make_hall(house), state=CONCEPT)
    publish_performances(access=cast.provider, at=NOW, numbers=[cast.performance.number, second.number])
    assert {m["to"] for m in mails()} == {cast.person.email, "ander@vlonder.example"}


def test_a_theatre_with_nobody_to_ask_is_a_warning():
    cast = Cast()
    lost = make_performance(cast.production, make_hall(make_theatre()), state=CONCEPT)
    result = publish_performances(access=cast.provider, at=NOW, numbers=[lost.number])
    assert result.numbers == (lost.number,)
    assert [f.code for f in result.findings] == [FindingCode.NOBODY_TO_ASK]
    assert mails() == []


def test_titles_are_written_as_they_are():
    cast = Cast()
    cast.production.title = "L'Amour & <la> Mort"
    cast.production.save()
    cast.publish()
    assert "L'Amour & <la> Mort" in mails()[0]["subject"]
    assert "L'Amour & <la> Mort" in mails()[0]["body"]


def test_confirming():
    cast = Cast(performances=2)
    cast.publish()
    numbers = [p.number for p in cast.performances]
    assert confirm_connections(access=cast.house, at=SOON, numbers=numbers) == tuple(numbers)
    assert confirm_connections(access=cast.house, at=SOON, numbers=numbers) == ()
    assert {r.status for r in requests_of(cast.provider)} == {RequestStatus.CONFIRMED}
    assert cast.events()[-1] == EventKind.CONFIRMED
    lines = AuditLine.objects.within(cast.house).filter(verb="confirm_connections")
    assert lines.count() == 2


@pytest.mark.parametrize("who", ["colleague", "other_house", "other_provider", "provider"])
def test_nobody_else_answers(who):
    cast = Cast()
    cast.publish()
    access = getattr(cast, who)
    with pytest.raises((AccessDenied, UnableToAnswer)):
        confirm_connections(access=access, at=SOON, numbers=[cast.performance.number])
    with pytest.raises((AccessDenied, UnableToAnswer)):
        propose_corrections(
            access=access, at=SOON, number=cast.performance.number, corrections=[Correction(ProposalField.TIME, "21:00")]
        )
    assert cast.request().status == RequestStatus.OPEN


@pytest.mark.parametrize("who", ["colleague", "house", "other_house", "other_provider"])
def test_nobody_else_decides(who):
    cast = Cast()
    cast.publish()
    (proposal,) = cast.propose()
    with pytest.raises((AccessDenied, UnableToDecide)):
        decide_proposals(
            access=getattr(cast, who), at=SOON, number=cast.performance.number, decisions=[Decision(proposal.pk, True)]
        )
    proposal = Proposal.objects.within(cast.provider).get()
    assert proposal.status == ProposalStatus.OPEN


def test_strangers_see_no_requests():
    cast = Cast()
    cast.publish()
    cast.propose()
    for access in (cast.other_house, cast.other_provider, make_access(role=Role.FUNDER)):
        assert requests_of(access) == []
        assert open_requests(access) == ((), 0)
        assert open_proposals(access) == ((), 0)
    assert len(requests_of(make_access(role=Role.PLATFORM))) == 1


def test_a_correction_accepted_is_applied_and_both_read_why():
    cast = Cast()
    cast.publish()
    other = make_hall(cast.theatre, name="Kleine Zaal", capacity=182)
    cast.propose(
        Correction(ProposalField.DATE, "2027-02-11"),
        Correction(ProposalField.TIME, "20.30", "Onze aanvang"),
        Correction(ProposalField.HALL, str(other.pk)),
        Correction(ProposalField.CAPACITY, "370"),
    )
    told = mails()[-1]
    assert (told["to"], told["language"]) == (cast.provider_person.email, "fr")
    assert "Kleine Zaal" in told["body"]
    proposals, total = open_proposals(cast.provider)
    assert total == 4
    assert {p.after for p in proposals} == {"2027-02-11", "20:30", "Kleine Zaal", "370"}
    decisions = [Decision(p.id, p.field != ProposalField.HALL, "De decors passen daar niet") for p in proposals]
    decide_proposals(access=cast.provider, at=SOON, number=cast.performance.number, decisions=decisions)
    cast.performance.refresh_from_db()
    assert cast.performance.starts_at == starting(date(2027, 2, 11), 20, 30)
    assert cast.performance.performance_date == date(2027, 2, 11)
    assert cast.performance.hall == cast.hall
    assert (cast.performance.capacity_by_rank, cast.performance.capacity) == ([300, 70], 370)
    assert cast.request().status == RequestStatus.SETTLED
    assert cast.events().count(EventKind.CORRECTED) == 3
    assert cast.events().count(EventKind.DECLINED) == 1
    answer = mails()[-1]
    assert answer["to"] == cast.person.email
    assert "De decors passen daar niet" in answer["body"]


def test_declining_needs_a_reason_and_keeps_the_rest():
    cast = Cast()
    cast.publish()
    cast.propose(Correction(ProposalField.TIME, "20:30"), Correction(ProposalField.CAPACITY, "370"))
    time, seats = Proposal.objects.within(cast.provider).order_by("field")[::-1]
    with pytest.raises(UnableToDecide) as error:
        decide_proposals(
            access=cast.provider,
            at=SOON,
            number=cast.performance.number,
            decisions=[Decision(time.pk, True), Decision(seats.pk, False)],
        )
    assert [f.code for f in error.value.findings] == [FindingCode.REASON_MISSING]
    assert Proposal.objects.within(cast.provider).filter(status=ProposalStatus.OPEN).count() == 2
    decide_proposals(access=cast.provider, at=SOON, number=cast.performance.number, decisions=[Decision(time.pk, True)])
    assert cast.request().status == RequestStatus.PROPOSED
    with pytest.raises(UnableToDecide) as error:
        decide_proposals(access=cast.provider, at=SOON, number=cast.performance.number, decisions=[Decision(time.pk, True)])
    assert [f.code for f in error.value.findings] == [FindingCode.ALREADY_DECIDED]


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (Correction(ProposalField.DATE, "11 februari"), FindingCode.DATE_UNREADABLE),
        (Correction(ProposalField.TIME, "acht uur"), FindingCode.TIME_UNREADABLE),
        (Correction(ProposalField.CAPACITY, "0"), FindingCode.SEATS_UNREADABLE),
        (Correction(ProposalField.HALL, "999999"), FindingCode.HALL_UNKNOWN),
        (Correction(ProposalField.TIME, "20:15"), FindingCode.NOTHING_CORRECTED),
    ],
)
def test_what_cannot_be_read_is_refused(correction, code):
    cast = Cast()
    cast.publish()
    with pytest.raises(UnableToAnswer) as error:
        cast.propose(correction)
    assert [f.code for f in error.value.findings] == [code]
    assert cast.request().status == RequestStatus.OPEN


def test_a_hall_of_another_theatre_is_refused():
    cast = Cast()
    cast.publish()
    with pytest.raises(UnableToAnswer) as error:
        cast.propose(Correction(ProposalField.HALL, str(make_hall().pk)))
    assert [f.code for f in error.value.findings] == [FindingCode.HALL_ELSEWHERE]


def test_proposing_again_replaces_and_confirming_takes_back():
    cast = Cast()
    cast.publish()
    cast.propose()
    cast.propose(Correction(ProposalField.TIME, "20:45"))
    assert [p.after for p in open_proposals(cast.provider)[0]] == ["20:45"]
    confirm_connections(access=cast.house, at=SOON, numbers=[cast.performance.number])
    assert open_proposals(cast.provider) == ((), 0)


def test_a_move_asks_again():
    cast = Cast()
    cast.publish()
    confirm_connections(access=cast.house, at=SOON, numbers=[cast.performance.number])
    move_performance(
        access=cast.provider, at=SOON, number=cast.performance.number, starts_at=starting(DAY, 14),
        theatre_id=cast.theatre.pk, hall_id=cast.hall.pk,
    )  # fmt: skip
    request = cast.request()
    assert (request.status, request.answered_by) == (RequestStatus.OPEN, "")
    assert cast.events()[-2:] == [EventKind.MOVED, EventKind.REOPENED]
    moved = mails()[-1]
    assert moved["to"] == cast.person.email
    assert "20:15" in moved["body"]
    assert "14:15" in moved["body"]
    assert linked_request(token_in(moved["body"])).performance.number == cast.performance.number


def test_moving_to_another_theatre_tells_both_and_ends_the_old_link():
    cast = Cast()
    cast.publish()
    old_token = token_in(mails()[0]["body"])
    organisation, theatre = make_theatre_organisation()
    person = make_membership(organisation).person
    hall = make_hall(theatre, capacity=250)
    move_performance(
        access=cast.provider, at=SOON, number=cast.performance.number, starts_at=cast.performance.starts_at,
        theatre_id=theatre.pk, hall_id=hall.pk,
    )  # fmt: skip
    left, asked = mails()[-2:]
    assert (left["to"], asked["to"]) == (cast.person.email, person.email)
    assert not linked_request(old_token).can_answer
    assert ConnectionRequest.objects.within(cast.house).get().status == RequestStatus.WITHDRAWN
    assert ConnectionRequest.objects.within(make_access(organisation)).get().status == RequestStatus.OPEN
    cast.performance.refresh_from_db()
    assert cast.performance.capacity == 250


def test_the_same_time_and_place_change_nothing():
    cast = Cast()
    cast.publish()
    before = (len(mails()), cast.events())
    move_performance(
        access=cast.provider, at=SOON, number=cast.performance.number, starts_at=cast.performance.starts_at,
        theatre_id=cast.theatre.pk, hall_id=cast.hall.pk,
    )  # fmt: skip
    assert (len(mails()), cast.events()) == before


def test_cancelling_keeps_the_history_and_tells():
    cast = Cast()
    cast.publish()
    with pytest.raises(UnableToChange):
        cancel_performance(access=cast.provider, at=SOON, number=cast.performance.number, reason=" ")
    cancel_performance(access=cast.provider, at=SOON, number=cast.performance.number, reason="Ziekte in de groep")
    assert "Ziekte in de groep" in mails()[-1]["body"]
    assert ConnectionRequest.objects.within(cast.house).get().status == RequestStatus.WITHDRAWN
    assert cast.events()[-1] == EventKind.CANCELLED
    with pytest.raises(UnableToAnswer):
        confirm_connections(access=cast.house, at=SOON, numbers=[cast.performance.number])
    with pytest.raises(UnableToChange) as error:
        cancel_performance(access=cast.provider, at=SOON, number=cast.performance.number, reason="Nogmaals")
    assert error.value.findings[0].code is FindingCode.ALREADY_CANCELLED


def test_histories_cannot_be_rewritten():
    cast = Cast()
    cast.publish()
    from django.db import DatabaseError, transaction

    for act in (lambda rows: rows.update(note="anders"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(PerformanceEvent.objects.filter(performance=cast.performance))


def test_lists_take_a_fixed_number_of_queries(django_assert_num_queries):
    one, three = Cast(performances=1), Cast(performances=3)
    for cast in (one, three):
        cast.publish()
        for performance in cast.performances:
            correction = Correction(ProposalField.HALL, str(make_hall(cast.theatre).pk))
            propose_corrections(access=cast.house, at=SOON, number=performance.number, corrections=[correction])
    for cast in (one, three):
        with django_assert_num_queries(4):
            assert len(requests_of(cast.provider)) == len(cast.performances)
        with django_assert_num_queries(4):
            open_proposals(cast.provider)
        with django_assert_num_queries(1):
            open_requests(cast.house)

"""Links in mails: for theatres that nobody can sign in for; and the weekly reminder that repeats them."""

import re
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from dip.programme.actions import (
    UnableToAnswer,
    confirm_by_link,
    propose_by_link,
    remind_theatres,
)
from dip.programme.actions.reminders import note_reminders
from dip.programme.models import ConnectionRequest
from dip.programme.queries import linked_request, open_proposals
from dip.programme.terms import (
    Correction,
    ProposalField,
)
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied
from tests.factories.registry import NOW
from tests.programme.cast import SOON, Cast, bearer_cast, mails, token_in

pytestmark = pytest.mark.django_db


def test_a_theatre_without_people_answers_by_link():
    cast = bearer_cast()
    token = token_in(mails()[0]["body"])
    assert mails()[0]["to"] == "planning@kade.example"
    assert linked_request(token).answers_by_itself
    propose_by_link(token=token, at=SOON, corrections=[Correction(ProposalField.TIME, "20:30")])
    assert open_proposals(cast.provider)[1] == 1
    assert confirm_by_link(token=token, at=SOON)
    assert not confirm_by_link(token=token, at=SOON)
    line = AuditLine.objects.within(cast.provider).get(verb="confirm_connections")
    assert cast.theatre.name in line.actor


def test_the_link_is_no_key_once_people_can_sign_in():
    cast = bearer_cast()
    token = token_in(mails()[0]["body"])
    cast.theatre.organisation = cast.organisation
    cast.theatre.save()
    assert not linked_request(token).answers_by_itself
    with pytest.raises(AccessDenied):
        confirm_by_link(token=token, at=SOON)
    with pytest.raises(UnableToAnswer):
        confirm_by_link(token="no-such-token", at=SOON)
    assert linked_request("no-such-token") is None


def test_tokens_are_kept_as_digests_only():
    cast = Cast()
    cast.publish()
    token = token_in(mails()[0]["body"])
    row = ConnectionRequest.objects.within(cast.provider).values().get()
    assert token not in str(row)


def test_the_weekly_reminder_is_bundled_and_not_repeated():
    cast = bearer_cast(performances=3)
    confirm_by_link(token=token_in(mails()[0]["body"]), at=SOON)
    sent = len(mails())
    assert remind_theatres(at=NOW + timedelta(days=2)) == 0
    monday = NOW + timedelta(days=7)
    assert remind_theatres(at=monday) == 1
    assert remind_theatres(at=monday) == 0
    (reminder,) = mails()[sent:]
    tokens = set(re.findall(r"/connections/link/([\w-]+)", reminder["body"]))
    assert {linked_request(t).performance.number for t in tokens} == {p.number for p in cast.performances[1:]}
    assert remind_theatres(at=monday + timedelta(days=7)) == 1
    assert remind_theatres(at=NOW + timedelta(days=200)) == 0  # all played by then


def test_a_theatre_with_people_reads_it_in_its_weekly_mail():
    cast = Cast(performances=2)
    cast.publish()
    monday = NOW + timedelta(days=7)
    assert remind_theatres(at=monday) == 0
    assert note_reminders(organisation_id=cast.organisation.pk, at=monday) == 2
    assert note_reminders(organisation_id=cast.organisation.pk, at=monday) == 0
    assert note_reminders(organisation_id=cast.producer.pk, at=monday) == 0
    line = AuditLine.objects.within(cast.house).get(verb="remind_theatres")
    assert line.changes["performances"][1] == [p.number for p in cast.performances]


@pytest.mark.parametrize(
    ("due", "mailed"), [("2026-12-07T06:00:00+00:00", 1), ("2026-12-07T05:00:00+00:00", 0), ("2027-01-04T06:00", 1)]
)
def test_the_job_runs_at_seven_on_the_dutch_clock(due, mailed):
    from datetime import UTC, datetime

    from dip.programme.jobs import remind

    bearer_cast()
    moment = datetime.fromisoformat(due)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    assert remind(timestamp=int(moment.timestamp())) == mailed


def test_the_job_is_known_to_the_worker():
    import dip.programme.jobs  # noqa: F401  as the worker finds it

    assert "dip.programme.jobs.remind" in app.tasks

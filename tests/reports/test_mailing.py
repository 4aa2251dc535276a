"""Mailing a week: once for each reader, whatever happens, through a real mail server with its workbook."""

import re
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message

import pytest
from django.db import transaction
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.programme.models import ConnectionRequest
from dip.registry.models import AuditLine, Enclosure, Membership
from dip.registry.terms import Level, Module, Role
from dip.reports import jobs
from dip.reports.actions import editions
from dip.reports.actions.choices import choose_by_link
from dip.reports.actions.links import stop_token
from dip.reports.models import Edition, EditionFile, Letter
from dip.reports.terms import Choice, Side
from tests.factories.registry import make_membership, make_organisation, make_person
from tests.reports import books
from tests.reports.conftest import MONDAY, NOW, WEEK

SEEN = "the tests look at everything"


def mails() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")]


def letters():
    return Letter.objects.across_tenants(SEEN)


def mail(organisation, side=Side.PROVIDER, at=NOW) -> int:
    return editions.mail_week(organisation_id=organisation.pk, side=side, monday=MONDAY, at=at)


def asked(town) -> ConnectionRequest:
    """A connection request that waits for the theatre."""
    performance = town.performances[0]
    return ConnectionRequest.objects.create(
        performance=performance, theatre=performance.theatre, salt="s", token_digest="d", sent_at=NOW - timedelta(days=9)
    )


@pytest.mark.django_db
class TestOnce:
    def test_a_week_is_mailed_once_however_often_it_is_asked(self, town):
        assert mail(town.producer) == 1  # the colleague does not see sales
        assert mail(town.producer) == 0
        assert mail(town.producer, at=NOW + timedelta(days=1)) == 0
        (sent,) = mails()
        assert sent["to"] == "producer@proef.example"
        assert letters().get().copies == 1
        assert AuditLine.objects.across_tenants(SEEN).filter(verb="mail_week").count() == 1

    def test_a_job_that_is_killed_before_the_end_leaves_nothing_and_the_next_one_does_it(self, town):
        class Killed(BaseException):
            """The worker is gone."""

        def half() -> None:
            with transaction.atomic():
                assert mail(town.producer) == 1
                raise Killed

        with pytest.raises(Killed):
            half()
        assert mails() == []
        assert not letters().exists()
        assert not Enclosure.objects.across_tenants(SEEN).exists()
        assert mail(town.producer) == 1
        assert len(mails()) == letters().count() == 1

    def test_the_next_week_is_another_one(self, town):
        mail(town.producer)
        later = MONDAY + WEEK
        assert editions.mail_week(organisation_id=town.producer.pk, side=Side.PROVIDER, monday=later, at=NOW + WEEK) == 1
        assert Edition.objects.across_tenants(SEEN).count() == 2

    def test_two_readers_of_one_language_share_one_workbook_which_is_not_in_the_job(self, town):
        make_membership(town.producer, make_person(language="nl"))
        make_membership(town.producer, make_person(language="fr"))
        assert mail(town.producer) == 3
        assert EditionFile.objects.across_tenants(SEEN).count() == Enclosure.objects.across_tenants(SEEN).count() == 2
        assert max(len(str(job)) for job in mails()) < 30_000
        numbers = [job["enclosures"] for job in mails()]
        assert len({number for (number,) in numbers}) == 2

    def test_who_joins_later_in_the_week_gets_it_and_the_others_not_again(self, town):
        mail(town.producer)
        make_membership(town.producer, make_person(email="new@proef.example"))
        assert mail(town.producer, at=NOW + timedelta(hours=2)) == 1
        assert [job["to"] for job in mails()] == ["producer@proef.example", "new@proef.example"]


@pytest.mark.django_db
class TestWho:
    def test_who_chose_none_or_left_gets_none(self, town):
        member = Membership.objects.get(person=town.people["producer"])
        choose_by_link(token=stop_token(member.pk), choice=Choice.NONE, at=NOW)
        assert mail(town.producer) == 0
        choose_by_link(token=stop_token(member.pk), choice=Choice.WEEKLY, at=NOW)
        town.people["producer"].is_active = False
        town.people["producer"].save()
        assert mail(town.producer) == 0
        assert not Edition.objects.across_tenants(SEEN).exists()

    def test_an_organisation_with_both_hats_is_told_from_each_side(self, town):
        town.house.roles = [Role.THEATRE.value, Role.PRODUCER.value]
        town.house.save()
        assert mail(town.house, Side.THEATRE) == 1
        assert mail(town.house, Side.PROVIDER) == 0  # it produces nothing
        assert mail(town.stranger) == 0
        assert mail(make_organisation(Role.ASSOCIATION)) == 0

    def test_a_colleague_of_a_theatre_without_sales_is_told_of_requests_only(self, town):
        person = make_person(email="planning@proef.example", language="en")
        make_membership(town.house, person, rights={Module.PROGRAMME: Level.MANAGE})
        request = asked(town)
        assert mail(town.house, Side.THEATRE) == 2
        planner = next(job for job in mails() if job["to"] == "planning@proef.example")
        assert "1 connection request waits for Theater Proefstad" in planner["subject"]
        assert "De Lange Proef" in planner["body"]
        assert "enclosures" not in planner
        assert "593" not in planner["body"]
        assert "€" not in planner["page"]
        request.refresh_from_db()
        assert request.reminded_at == NOW
        assert AuditLine.objects.across_tenants(SEEN).filter(verb="remind_theatres").count() == 1

    def test_figures_and_requests_come_in_one_mail(self, town):
        asked(town)
        assert mail(town.house, Side.THEATRE) == 1
        (sent,) = mails()
        assert "Connection requests that wait for you" in sent["body"]
        assert "Nog Stil, never heard" in sent["body"]
        assert "Sold out this week" in sent["body"]


@pytest.mark.django_db
class TestStart:
    def test_every_organisation_and_side_is_begun_spread_out(self, town):
        assert editions.start_week(monday=MONDAY, at=NOW) == 4  # producer, house, and the stranger twice
        found = ProcrastinateJob.objects.filter(task_name="dip.reports.jobs.mail_week").order_by("scheduled_at")
        assert [(job.scheduled_at - NOW).total_seconds() for job in found] == [0, 2, 4, 6]
        assert {job.priority for job in found} == {-10}

    @pytest.mark.parametrize(
        ("due", "begun"),
        [
            (datetime(2026, 11, 23, 6, tzinfo=UTC), 4),
            (datetime(2026, 11, 23, 5, tzinfo=UTC), 0),
            (datetime(2027, 7, 5, 5, tzinfo=UTC), 4),
        ],
    )
    def test_it_is_seven_on_the_dutch_clock(self, town, due, begun):
        assert jobs.start_week(timestamp=int(due.timestamp())) == begun

    def test_old_workbooks_are_let_go_and_their_weeks_stay(self, town):
        mail(town.producer)
        assert editions.tidy(at=NOW + timedelta(days=399)) == 0
        assert editions.tidy(at=NOW + timedelta(days=401)) == 1
        assert Edition.objects.across_tenants(SEEN).count() == 1
        assert not Enclosure.objects.across_tenants(SEEN).exists()


def part(message: Message, kind: str) -> Message:
    (found,) = [each for each in message.walk() if each.get_content_type() == kind]
    return found


WORDS = {
    "nl": ("zijn 173 kaarten verkocht", "Alle voorstellingen"),
    "en": ("173 tickets were sold", "All performances"),
    "fr": ("173 billets ont été vendus", "Toutes les représentations"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
@pytest.mark.parametrize("language", list(WORDS))
def test_the_mail_as_a_mail_server_gets_it(town, mailbox, run_jobs, settings, language):
    settings.BASE_URL = "https://dip.example"
    person = town.people["producer"]
    person.language = language
    person.save()
    editions.start_week(monday=MONDAY, at=NOW - timedelta(minutes=10))
    run_jobs()
    (message,) = [m for m in mailbox.messages if m["To"] == "producer@proef.example"]
    sentence, sheet = WORDS[language]
    plain = part(message, "text/plain").get_payload(decode=True).decode()
    assert sentence in plain
    assert message["Content-Language"] == language
    assert "173" in str(make_header(decode_header(message["Subject"])))
    stop = re.fullmatch(r"<(https://dip\.example/reports/stop/[\w~-]+)>", message["List-Unsubscribe"].strip())[1]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in plain
    page = part(message, "text/html").get_payload(decode=True).decode()
    assert f'<html lang="{language}">' in page
    assert sentence in page
    file = part(message, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert file.get_filename() == "dip-2026-week-47-gezelschap-proefland.xlsx"
    book = books.read(file.get_payload(decode=True))
    assert sheet in book.sheet_names
    assert {m["To"] for m in mailbox.messages} == {"producer@proef.example", "theatre@proef.example"}
    run_jobs()
    assert len(mailbox.messages) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_one_organisation_that_fails_does_not_hold_up_the_others(town, mailbox, run_jobs):
    from django.db import connection

    with connection.cursor() as cursor:  # the table itself refuses this one organisation
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.organisation_id = {town.producer.pk} THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON reports_edition FOR EACH ROW EXECUTE FUNCTION refuse();"
        )
    try:
        editions.start_week(monday=MONDAY, at=NOW - timedelta(minutes=10))
        run_jobs()
        assert {m["To"] for m in mailbox.messages} == {"theatre@proef.example"}
        waiting = ProcrastinateJob.objects.get(task_name="dip.reports.jobs.mail_week", args__organisation_id=town.producer.pk)
        assert waiting.status == "todo"
        assert waiting.attempts >= 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse ON reports_edition; DROP FUNCTION refuse()")
    assert mail(town.producer) == 1


@pytest.mark.django_db
def test_the_mail_is_in_the_language_of_its_reader_whatever_the_job_speaks(town):
    with override("fr"):
        assert mail(town.producer) == 1
    assert mails()[0]["language"] == "nl"

"""The theatre's own number beside the platform's: who tells, who reports, who answers, and what the pages say."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.sales.actions import counts as actions
from dip.sales.models import DifferenceReport, OwnCount
from dip.sales.queries import counts as queries
from dip.sales.queries.visible import evening
from dip.sales.terms import AsOf, Part, ReportStatus
from dip.ticketing.models import SourceState
from dip.ticketing.terms import Measure
from tests.factories.registry import make_access, make_client_login, make_membership, make_organisation, make_person
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR = timedelta(hours=1)
LOOKS = {Module.SALES: Level.VIEW}
LIST = reverse("sales-reconciliation")


def text(response) -> str:
    return response.content.decode()


def page_of(performance) -> str:
    return reverse("sales-performance-reconciliation", args=[performance.number])


def tell(organisation, performance, count, *parts, true_at=NOW, at=NOW, **more):
    access = make_access(organisation, Role.THEATRE)
    return actions.tell_own_count(
        access=access, at=at, number=performance.number, count=count, true_at=true_at, includes=parts, **more
    )


def mails() -> list[dict]:
    jobs = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")
    return [job.args for job in jobs]


# --- the theatre's number ---------------------------------------------------------------------------------------------------------


def test_both_sides_read_the_number_that_the_theatre_tells(house):
    producer, theatre, stranger, (here, _) = house
    tell(theatre, here, 345, Part.RESERVED)
    for organisation in (producer, theatre):
        access = make_access(organisation)
        found = queries.own_numbers(access, [evening(access, here.number)], AsOf(NOW))[here.number]
        assert (found.count, found.includes, found.is_typed) == (345, {Part.RESERVED}, True)
    for role in (Role.PRODUCER, Role.THEATRE):
        assert OwnCount.objects.within(make_access(stranger, role)).count() == 0
    assert AuditLine.objects.within(make_access(theatre)).filter(verb="tell_own_count").count() == 1


def test_the_newest_counts_and_a_repeat_keeps_nothing(house):
    _, theatre, _, (here, _) = house
    first = tell(theatre, here, 340)
    assert tell(theatre, here, 340).pk == first.pk
    tell(theatre, here, 341, at=NOW + HOUR)
    access = make_access(theatre)
    own = queries.own_numbers(access, [evening(access, here.number)], AsOf(NOW + HOUR))
    assert own[here.number].count == 341
    earlier = queries.own_numbers(access, [evening(access, here.number)], AsOf(NOW, True))
    assert earlier[here.number].count == 340
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        OwnCount.objects.across_tenants("a test").update(count=1)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"count": -1}, "give a whole number from 0"),
        ({"true_at": NOW + HOUR}, "still to come"),
        ({"true_at": NOW - timedelta(days=500)}, "more than a year ago"),
    ],
)
def test_a_number_that_cannot_be_is_refused(house, over, words):
    _, theatre, _, (here, _) = house
    with pytest.raises(actions.UnableToTellCount, match=words):
        tell(theatre, here, **{"count": 340} | over)


def test_only_the_theatre_of_the_performance_tells(house):
    producer, theatre, stranger, (here, there) = house
    with pytest.raises(actions.UnableToTellCount):
        tell(theatre, there, 5)
    with pytest.raises(actions.UnableToTellCount):
        tell(stranger, here, 5)
    for access in (make_access(producer), make_access(theatre, rights=LOOKS)):
        with pytest.raises(AccessDenied):
            actions.tell_own_count(access=access, at=NOW, number=here.number, count=5, true_at=NOW, includes=[])


def test_a_connector_tells_by_itself(house):
    producer, _, _, (here, _) = house
    SourceState.objects.create(
        performance=here, as_of=NOW, own_total=352, resale=7, source="pretix", confirmed_at=NOW, sales_status="on_sale"
    )
    access = make_access(producer)
    found = queries.own_numbers(access, [evening(access, here.number)], AsOf(NOW))[here.number]
    assert (found.count, found.is_typed, found.source) == (352, False, "pretix")
    assert found.includes == {Part.FREE, Part.RESERVED, Part.RESALE}


# --- reports ----------------------------------------------------------------------------------------------------------------------


def report(organisation, performance, note="De kassa noemde 352.", **more):
    access = make_access(organisation, Role.PRODUCER, person=more.pop("person", None))
    return actions.report_difference(access=access, at=NOW, number=performance.number, note=note, **more)


def test_a_report_reaches_the_theatre_by_mail_and_its_answer_the_reporter(house):
    producer, theatre, _, (here, _) = house
    asker, box_office = make_person(language="fr"), make_person(language="nl")
    make_membership(producer, asker)
    make_membership(theatre, box_office)
    make_membership(theatre, make_person(), rights=LOOKS)
    row = report(producer, here, person=asker, claimed=352)
    (mail,) = mails()
    assert (mail["to"], mail["language"]) == (box_office.email, "nl")
    assert "De kassa noemde 352." in mail["body"]
    assert page_of(here) in mail["body"]
    assert row.platform_sold == 338
    answered = actions.answer_difference(access=make_access(theatre), at=NOW, report_id=row.pk, answer="Vrijkaarten telden mee.")
    assert answered.status == ReportStatus.ANSWERED
    assert mails()[-1]["to"] == asker.email
    assert "Vrijkaarten telden mee." in mails()[-1]["body"]
    actions.answer_difference(access=make_access(theatre), at=NOW, report_id=row.pk, answer="Vrijkaarten telden mee.")
    assert len(mails()) == 2
    actions.close_difference(access=make_access(producer), at=NOW, report_id=row.pk)
    actions.close_difference(access=make_access(producer), at=NOW, report_id=row.pk)
    with pytest.raises(actions.UnableToReport, match="closed"):
        actions.answer_difference(access=make_access(theatre), at=NOW, report_id=row.pk, answer="Toch niet.")


def test_one_report_at_a_time(house):
    producer, _, _, (here, _) = house
    report(producer, here)
    with pytest.raises(actions.UnableToReport, match="already"):
        report(producer, here)
    with pytest.raises(actions.UnableToReport, match="what differs"):
        report(producer, house[3][1], note="  ")


def test_strangers_and_lookers_report_and_answer_nothing(house):
    producer, theatre, stranger, (here, _) = house
    row = report(producer, here)
    with pytest.raises(actions.UnableToReport):
        report(stranger, here)
    with pytest.raises(actions.UnableToReport):
        actions.answer_difference(access=make_access(stranger, Role.THEATRE), at=NOW, report_id=row.pk, answer="Nee.")
    with pytest.raises(actions.UnableToReport):
        actions.close_difference(access=make_access(stranger, Role.PRODUCER), at=NOW, report_id=row.pk)
    for act, access in (("close_difference", make_access(producer, rights=LOOKS)), ("close_difference", make_access(theatre))):
        with pytest.raises(AccessDenied):
            getattr(actions, act)(access=access, at=NOW, report_id=row.pk)
    with pytest.raises(AccessDenied):
        actions.answer_difference(access=make_access(theatre, rights=LOOKS), at=NOW, report_id=row.pk, answer="Nee.")
    assert DifferenceReport.objects.within(make_access(stranger, Role.THEATRE)).count() == 0


def test_a_theatre_without_an_organisation_is_mailed_at_its_address(house):
    producer, _, _, (_, there) = house
    with pytest.raises(actions.UnableToReport, match="no address"):
        report(producer, there)
    there.theatre.contact_email = "kassa@elders.example"
    there.theatre.save()
    report(producer, there)
    assert mails()[0]["to"] == "kassa@elders.example"


# --- the pages --------------------------------------------------------------------------------------------------------------------


def test_the_page_is_arithmetic_from_the_one_to_the_other(client, house):
    producer, theatre, _, (here, _) = house
    tell(theatre, here, 352, Part.FREE, Part.RESERVED)
    make_client_login(client, producer)
    page = text(client.get(page_of(here)))
    assert "The theatre counts <strong>352</strong>, the platform 338: a difference of" in page
    assert "Reserved tickets are counted in at the theatre: 7." in page
    assert "hours newer than the figures on the platform, which are of 23-11-2026" in page
    assert "At the speed of the last days" in page
    assert "Report a difference" in page
    assert "Keep this number" not in page


def test_the_theatre_enters_its_number_on_the_page(client, house):
    _, theatre, _, (here, _) = house
    make_client_login(client, theatre)
    data = {"do": "count", "count": "345", "true_at": "2026-11-23T07:05", "includes": ["reserved"], "note": "uit de kassa"}
    page = text(client.post(page_of(here), data, follow=True))
    assert "Your number is kept" in page
    assert "the two add up" in page
    wrong = client.post(page_of(here), {"do": "count", "count": "345", "true_at": "gisteren"})
    assert wrong.status_code == 400
    assert "is no date and time" in text(wrong)
    assert "still to come" in text(client.post(page_of(here), data | {"true_at": "2027-01-01T00:00"}))


def test_report_answer_and_close_on_the_pages(client, house):
    producer, theatre, _, (here, _) = house
    make_membership(theatre, make_person())
    make_client_login(client, producer)
    assert client.post(page_of(here), {"do": "report", "note": " "}).status_code == 400
    page = text(client.post(page_of(here), {"do": "report", "note": "Wij horen 352.", "claimed": "352"}, follow=True))
    assert "The theatre has your note by mail" in page
    row = DifferenceReport.objects.within(make_access(producer)).get()
    make_client_login(client, theatre)
    assert "Wij horen 352." in text(client.get(reverse("home")))
    page = text(client.get(LIST))
    assert "a difference is reported and not answered" in page
    page = text(client.post(page_of(here), {"do": "answer", "report": row.pk, "answer": "Klopt."}, follow=True))
    assert "Klopt." in page
    make_client_login(client, producer)
    page = text(client.post(page_of(here), {"do": "close", "report": row.pk}, follow=True))
    assert "The report is closed." in page


def test_who_opens_the_page(client, house):
    producer, theatre, stranger, (here, _) = house
    for organisation in (producer, theatre):
        make_client_login(client, organisation)
        assert client.get(page_of(here)).status_code == 200
        make_client_login(client, organisation, rights=LOOKS, person=make_person())
        assert '<form method="post"' not in text(client.get(page_of(here))).split("<main")[1]
        assert client.post(page_of(here), {"do": "count", "count": 1, "true_at": "2026-11-23T07:05"}).status_code == 403
    make_client_login(client, producer, rights={Module.PROGRAMME: Level.APPROVE}, person=make_person())
    assert client.get(page_of(here)).status_code == 403
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        assert client.get(page_of(here)).status_code == 404
    client.logout()
    assert client.get(page_of(here)).status_code == 302


def test_the_list_tells_the_worst_first(client, house):
    producer, theatre, stranger, (here, there) = house
    tell(theatre, here, 348)
    cast.settle(there, confirmed_at=NOW - 60 * HOUR)
    make_client_login(client, producer)
    page = text(client.get(LIST))
    assert page.index(here.theatre.city) < page.index(there.theatre.city)
    assert "+\u00a010" in page
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(reverse("sales-reconciliation-export")).content))
    rows = book.get_sheet_by_name("Differences").to_python()
    assert [row[3] for row in rows[1:]] == [here.number, there.number]
    assert rows[1][10] == 10
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        assert "Everything adds up" in text(client.get(LIST))
    make_client_login(client, make_organisation(Role.FUNDER))
    assert client.get(LIST).status_code == 404


def test_a_fixed_number_of_queries(client, house, django_assert_max_num_queries):
    producer, theatre, _, (here, _) = house
    tell(theatre, here, 348)
    make_client_login(client, producer)

    def count() -> int:
        client.get(LIST)
        with django_assert_max_num_queries(18) as found:
            client.get(LIST)
        return len(found)

    before = count()
    for more in cast.make_tour(producer, [theatre] * 3, NOW, production=here.production):
        cast.sell(more, NOW, 10, 11)
        cast.put(more, NOW - 24 * HOUR, measure=Measure.BLOCKED, seats=1)
        tell(theatre, more, 30)
    assert count() == before

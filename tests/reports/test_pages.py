"""Pages of the weekly mail: who sees what, choosing, asking again, stopping, the archive."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.kernel import clock
from dip.registry.models import AuditLine, Membership
from dip.registry.terms import Level, Module, Role
from dip.reports import jobs
from dip.reports.actions import editions
from dip.reports.actions.links import stop_token
from dip.reports.models import Letter, Subscription
from dip.reports.terms import Side
from tests.factories.registry import make_client_login, make_membership, make_organisation, make_person
from tests.reports import books
from tests.reports.conftest import MONDAY, NOW, WEEK
from tests.sales import cast

pytestmark = pytest.mark.django_db
SEEN = "the tests look at everything"
DAY = MONDAY.isoformat()
RECORDS = [reverse("reports-week", args=[DAY]), reverse("reports-workbook", args=[DAY])]


def sent(town, monday=MONDAY, at=NOW):
    for organisation, side in ((town.producer, Side.PROVIDER), (town.house, Side.THEATRE)):
        editions.mail_week(organisation_id=organisation.pk, side=side, monday=monday, at=at)


def signed_in(client, town, key, **more):
    organisation = {"producer": town.producer, "theatre": town.house, "stranger": town.stranger, "colleague": town.producer}[key]
    return make_client_login(client, organisation, person=town.people[key], **more)


@pytest.mark.parametrize("address", RECORDS)
def test_who_may_see_a_week(client, town, address):
    sent(town)
    for key in ("producer", "theatre"):
        signed_in(client, town, key)
        assert client.get(address).status_code == 200
    signed_in(client, town, "colleague")
    assert client.get(address).status_code == 403
    signed_in(client, town, "stranger")
    assert client.get(address).status_code == 404
    make_client_login(client, make_organisation(Role.ASSOCIATION))
    assert client.get(address).status_code == 404
    client.logout()
    assert "/account/login" in client.get(address)["Location"]


def test_another_hat_has_another_archive(client, town):
    town.house.roles = [Role.THEATRE.value, Role.PRODUCER.value]
    town.house.save()
    sent(town)
    make_client_login(client, town.house, Role.PRODUCER, person=town.people["theatre"])
    assert client.get(RECORDS[0]).status_code == 404
    make_client_login(client, town.house, Role.THEATRE, person=town.people["theatre"])
    assert client.get(RECORDS[0]).status_code == 200


@pytest.mark.parametrize("monday", ["2026-11-22", "2026-11-30", "never", "2026-13-01"])
def test_a_week_that_was_not(client, town, monday):
    sent(town)
    signed_in(client, town, "producer")
    assert client.get(reverse("reports-week", args=[monday])).status_code == 404


def test_the_index_for_everybody(client, town):
    sent(town)
    for key, seen in (("producer", True), ("theatre", True), ("colleague", False), ("stranger", False)):
        signed_in(client, town, key)
        text = client.get(reverse("reports-index")).content.decode()
        assert ("Week 47" in text) is seen
        assert ("Who gets it" in text) is (key != "colleague")
    assert "colleague@proef.example" not in text
    client.logout()
    assert "/account/login" in client.get(reverse("reports-index"))["Location"]


def test_the_preview_says_what_the_mail_said(client, town):
    sent(town)
    signed_in(client, town, "producer")
    page = client.get(RECORDS[0]).content.decode()
    job = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail", args__to="producer@proef.example").get()
    client.cookies["django_language"] = "nl"
    page = client.get(RECORDS[0]).content.decode()
    assert job.args["subject"].split(" · ")[0] in page.replace("&amp;", "&")
    assert "173 kaarten verkocht" in page
    assert "173 kaarten verkocht" in job.args["body"]


def test_the_workbook_stays_what_was_sent(client, town):
    sent(town)
    signed_in(client, town, "producer")
    address = f"{RECORDS[1]}?language=nl"
    before = client.get(address)
    assert before["Cache-Control"] == "private, no-store"
    town.performances[1].status = "cancelled"  # the programme moves on
    town.performances[1].save()
    assert client.get(address).content == before.content
    other = books.read(client.get(f"{RECORDS[1]}?language=fr").content)  # not sent in French: made again, with what stands now
    assert other.sheet_names[0] == "Résumé"


def test_a_week_made_again_has_the_same_sums(client, town):
    sent(town)
    signed_in(client, town, "producer")
    kept = books.columns(books.read(client.get(f"{RECORDS[1]}?language=nl").content), "Alle voorstellingen")
    cast.put(town.performances[0], NOW + timedelta(hours=1), normal=300)
    cast.settle(town.performances[0])
    editions.tidy(at=NOW + timedelta(days=500))
    again = books.columns(books.read(client.get(f"{RECORDS[1]}?language=nl").content), "Alle voorstellingen")
    kept.pop("Laatst gehoord")  # confirmations are not kept as positions are
    again.pop("Laatst gehoord")
    assert again == kept
    assert again["Stand deze week"][0] == 140 + 33 + 420


def test_choosing(client, town):
    member = signed_in(client, town, "producer")
    address = reverse("reports-choice")
    assert client.get(address).status_code == 405
    for _ in range(2):  # a repeat changes nothing
        assert client.post(address, {"choice": "none", "language": "fr"}).status_code == 302
    kept = Subscription.objects.across_tenants(SEEN).get()
    assert (kept.membership_id, kept.choice, kept.language) == (member.pk, "none", "fr")
    assert AuditLine.objects.across_tenants(SEEN).filter(verb="choose_weekly_mail").count() == 1
    sent(town)
    assert not Letter.objects.across_tenants(SEEN).filter(person=town.people["producer"]).exists()
    client.post(address, {"choice": "weekly", "language": "fr"})
    sent(town)
    assert Letter.objects.across_tenants(SEEN).get(person=town.people["producer"]).language == "fr"


@pytest.mark.parametrize("wrong", [{"choice": "daily"}, {"choice": "weekly", "language": "xx"}, {}])
def test_a_choice_that_is_none(client, town, wrong):
    signed_in(client, town, "producer")
    answer = client.post(reverse("reports-choice"), wrong, follow=True)
    assert "Choose" in answer.content.decode()
    assert not Subscription.objects.across_tenants(SEEN).exists()


class TestAskingAgain:
    def run(self):
        for job in ProcrastinateJob.objects.filter(task_name="dip.reports.jobs.mail_asked").order_by("id"):
            jobs.mail_asked(**job.args)

    def copies(self, person) -> int:
        return ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail", args__to=person.email).count()

    def test_for_oneself_before_and_after_monday_and_never_twice_for_one_question(self, client, town):
        signed_in(client, town, "producer")
        assert "on its way" in client.post(reverse("reports-send"), follow=True).content.decode()
        self.run()
        self.run()  # as after a crash
        assert self.copies(town.people["producer"]) == 1
        sent(town)
        assert self.copies(town.people["producer"]) == 1
        refused = client.post(reverse("reports-send"), follow=True).content.decode()
        assert "a moment ago" in refused
        assert self.copies(town.people["producer"]) == 1

    def test_after_ten_minutes_again(self, client, town, monkeypatch):
        signed_in(client, town, "producer")
        sent(town)
        client.post(reverse("reports-send"))
        self.run()
        assert self.copies(town.people["producer"]) == 2
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=11))
        client.post(reverse("reports-send"))
        self.run()
        assert self.copies(town.people["producer"]) == 3

    def test_for_a_colleague_only_by_the_super_user(self, client, town):
        other = make_person(email="other@proef.example")
        member = make_membership(town.producer, other)
        signed_in(client, town, "producer")
        client.post(reverse("reports-send"), {"member": member.pk})
        self.run()
        assert self.copies(other) == 1
        own = Membership.objects.get(person=town.people["producer"])
        make_client_login(client, town.producer, person=other)
        assert "no such member" in client.post(reverse("reports-send"), {"member": own.pk}, follow=True).content.decode()
        signed_in(client, town, "stranger")
        client.post(reverse("reports-send"), {"member": own.pk})
        self.run()
        assert self.copies(town.people["producer"]) == 0

    def test_who_sees_no_sales_cannot_ask(self, client, town):
        signed_in(client, town, "colleague")
        assert "no such member" in client.post(reverse("reports-send"), follow=True).content.decode()
        assert not Letter.objects.across_tenants(SEEN).exists()
        make_client_login(client, make_organisation(Role.ASSOCIATION))
        assert client.post(reverse("reports-send")).status_code == 403


class TestStopping:
    def address(self, town) -> str:
        return reverse("reports-stop", args=[stop_token(Membership.objects.get(person=town.people["producer"]).pk)])

    def test_one_click_without_cookies_or_signing_in(self, town):
        program = Client(enforce_csrf_checks=True)
        for _ in range(2):
            answer = program.post(
                self.address(town), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code == 200
        assert Subscription.objects.across_tenants(SEEN).get().choice == "none"
        sent(town)
        assert not Letter.objects.across_tenants(SEEN).filter(person=town.people["producer"]).exists()
        line = AuditLine.objects.across_tenants(SEEN).get(verb="choose_weekly_mail")
        assert (line.person_id, line.changes) == (town.people["producer"].pk, {"weekly_mail": ["weekly", "none"]})

    def test_opening_the_link_stops_nothing(self, client, town):
        assert "Stop" in client.get(self.address(town)).content.decode()
        assert not Subscription.objects.across_tenants(SEEN).exists()

    def test_it_can_begin_again_and_keeps_the_language(self, client, town):
        Subscription.objects.create(
            membership=Membership.objects.get(person=town.people["producer"]), choice="weekly", language="fr", changed_at=NOW
        )
        client.post(self.address(town))
        client.post(self.address(town), {"again": "1"})
        kept = Subscription.objects.across_tenants(SEEN).get()
        assert (kept.choice, kept.language) == ("weekly", "fr")

    @pytest.mark.parametrize("token", ["1", "1~nonsense", "x~y", "~"])
    def test_a_link_that_is_not_ours(self, client, town, token):
        for answer in (client.get(reverse("reports-stop", args=[token])), client.post(reverse("reports-stop", args=[token]))):
            assert answer.status_code == 404

    def test_a_membership_that_is_gone(self, client, town):
        address = self.address(town)
        Membership.objects.filter(person=town.people["producer"]).delete()
        assert client.post(address).status_code == 404


def test_a_week_whose_past_changed_says_both_numbers(client, town):
    sent(town)
    late = cast.put(
        town.performances[0], NOW - timedelta(hours=3), NOW - timedelta(minutes=1), normal=150
    )  # Sunday night, known now
    assert late.sales_date < MONDAY
    cast.settle(town.performances[0])
    signed_in(client, town, "producer")
    text = client.get(reverse("reports-index")).content.decode()
    assert "183" in text
    assert "173 in the mail" in text


def test_the_number_of_queries_is_fixed(client, town):
    signed_in(client, town, "producer")

    def count() -> int:
        client.get(reverse("reports-index"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("reports-index")).status_code == 200
        return len(found)

    sent(town)
    few = count()
    for back in (1, 2):
        sent(town, MONDAY - WEEK * back)
        make_membership(town.producer, make_person())
    assert count() == few


def test_rights_that_are_taken_away_close_the_archive(client, town):
    sent(town)
    member = signed_in(client, town, "producer")
    member.rights = {Module.PROGRAMME.value: Level.APPROVE.value}
    member.save()
    assert client.get(RECORDS[1]).status_code == 403
    assert "Week 47" not in client.get(reverse("reports-index")).content.decode()

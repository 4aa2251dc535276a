"""Runs: who starts and sees them, what the watch keeps, and how a vendor's calls tick the list."""

import gzip
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dip.kernel.clock import now
from dip.registry.models import AuditLine
from dip.registry.terms import Level, Module, Role
from dip.ticketing.actions.conformance import LONGEST, UnableToRun, finish_run, start_run
from dip.ticketing.conformance.pushing_words import CHECKLISTS, Suite
from dip.ticketing.conformance.terms import Outcome, Verdict
from dip.ticketing.models import ConformanceCall, ConformanceRun
from dip.ticketing.queries.conformance import conformance_run
from tests.api.caller import BASE
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_api_client, make_client_login, make_organisation

pytestmark = pytest.mark.django_db
LIST = reverse("ticketing-conformance")
AGENT = "Kassa/3.1"


@pytest.fixture
def house():
    """A theatre with four performances to come."""
    organisation = make_organisation(Role.THEATRE)
    hall, production = make_hall(make_theatre(organisation)), make_production()
    for day in range(1, 5):
        make_performance(production, hall, day=(now() + timedelta(days=20 + day)).date())
    return organisation


class Vendor:
    """A ticketing system with credentials, that tells what it is."""

    def __init__(self, organisation, role=Role.THEATRE):
        self.client, self.secret = make_api_client(organisation, role)
        self.http = Client(headers={"User-Agent": AGENT})
        self.token = ""

    def buy(self):
        answer = self.http.post(f"{BASE}/token", {"client_id": self.client.client_id, "client_secret": self.secret})
        self.token = answer.json()["access_token"]

    def get(self, path):
        return self.http.get(BASE + path, headers={"Authorization": f"Bearer {self.token}"})

    def put(self, path, body, packed=False):
        data = msgspec.json.encode(body)
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Encoding": "gzip"} if packed else {})
        return self.http.put(BASE + path, gzip.compress(data) if packed else data, content_type="application/json", headers=headers)


@pytest.fixture
def vendor(house):
    return Vendor(house)


def started(vendor, callbacks, suite=Suite.PUSHING, **over):
    given = {"client_id": vendor.client.pk, "suite": suite, "system": "Kassa", "system_version": "3.1"} | over
    with callbacks(execute=True):
        access = make_access(vendor.client.organisation)
        return access, start_run(access=access, at=now(), **given)


@pytest.fixture
def run(vendor, django_capture_on_commit_callbacks):
    return started(vendor, django_capture_on_commit_callbacks)


def row(number, minutes, *, normal=40, discount=10, free=2, free_cents=0, offset=True):
    moment = (now() - timedelta(minutes=minutes)).isoformat(timespec="seconds")
    return {
        "number": number,
        "updated": moment if offset else moment[:19],
        "normal": {"tickets": normal, "recette": normal * 2500},
        "discount": {"tickets": discount, "recette": discount * 1500},
        "free": {"tickets": free, "recette": free_cents},
    }


def outcomes(access, run):
    return {result.code: result.outcome for result in conformance_run(access, run.pk).results}


def test_a_run_names_what_to_use(run, house):
    _, one = run
    assert len(one.numbers) == 3
    assert one.unknown_number not in one.numbers
    assert set(outcomes(*run).values()) == {Outcome.WAITING}
    assert AuditLine.objects.across_tenants("test").filter(verb="start_conformance_run").count() == 1


def test_a_vendor_with_mistakes_first_then_right(run, vendor):
    """The whole list, from nothing to conforming, by real calls."""
    access, one = run
    first = one.numbers[0]
    vendor.buy()
    vendor.get("/theaters/performances")
    unstamped = {**row(first, 50, free_cents=900), "discount": {"tickets": 10, "recette": 0}}
    del unstamped["updated"]
    assert vendor.put("/tickets/cumulative", [unstamped]).status_code == 200
    seen = outcomes(access, one)
    assert seen["token_reused"] is Outcome.WAITING
    assert {code for code, outcome in seen.items() if outcome is Outcome.FAILED} == {
        "kinds_told",
        "free_brings_nothing",
        "moment_told",
        "offset_told",
    }
    body = [row(number, 40) for number in one.numbers]
    vendor.put("/tickets/cumulative", [*body, row(one.unknown_number, 40)])
    seen = outcomes(access, one)
    assert seen["no_refusals_left"] is Outcome.FAILED
    assert seen["refusal_handled"] is Outcome.WAITING
    vendor.put("/tickets/cumulative", body, packed=True)
    vendor.put("/tickets/cumulative", body)
    vendor.put("/tickets/cumulative", [row(first, 5, normal=38)])
    dip_id = conformance_run(access, one.pk).named[0].dip_id.split("|")[0]
    stamp = now().isoformat(timespec="seconds")
    vendor.put(f"/productions/{dip_id}/performances/{first}/capacity", {"updated": stamp, "amount_rank1": 400})
    vendor.put("/reservations/cumulative", {"number": first, "updated": stamp, "tickets": 0})
    vendor.put("/blocked-seats/cumulative", {"number": first, "updated": stamp, "tickets": 8})
    page = conformance_run(access, one.pk)
    assert {result.code: result.outcome for result in page.results if result.outcome is not Outcome.PASSED} == {}
    assert page.wanted == 0
    done = finish_run(access=access, at=now(), run_id=one.pk)
    assert done.verdict == Verdict.CONFORMS
    assert conformance_run(access, one.pk).report().as_json()["verdict"] == "conforms"
    vendor.put("/tickets/cumulative", body)
    assert conformance_run(access, one.pk).call_count == page.call_count


def test_one_token_for_each_call_fails(run, vendor):
    for _ in range(4):
        vendor.buy()
        vendor.get("/theaters/performances")
    assert outcomes(*run)["token_reused"] is Outcome.FAILED


def test_a_number_that_is_sent_for_ever_fails(run, vendor):
    access, one = run
    vendor.buy()
    for minute in range(5):
        vendor.put("/tickets/cumulative", [row(one.numbers[0], 30 - minute), row(one.unknown_number, 30)])
    assert outcomes(access, one)["refusal_handled"] is Outcome.FAILED


def test_a_library_is_no_name(run, vendor):
    vendor.http = Client(headers={"User-Agent": "python-httpx/0.28"})
    vendor.buy()
    assert outcomes(*run)["agent_told"] is Outcome.FAILED


def test_only_the_watched_client_is_kept_and_nothing_secret(run, vendor, house):
    _, one = run
    other = Vendor(house)
    other.buy()
    other.get("/theaters/performances")
    vendor.buy()
    vendor.put("/tickets/cumulative", b"{not json" and [row(one.numbers[0], 3)])
    rows = ConformanceCall.objects.across_tenants("test").values()
    assert len(rows) == 2
    assert vendor.secret not in str(list(rows))
    assert vendor.token not in str(list(rows))


def test_nobody_else_can_write_into_a_run(run, vendor):
    """A token without a signature names the client, and is not believed: not on a page for everybody either."""
    vendor.buy()
    before = ConformanceCall.objects.across_tenants("test").count()
    head, claims, _ = vendor.token.split(".")
    for path in ("/theaters/performances", "/openapi.json", "/contracts", "/nowhere/at/all"):
        Client().get(BASE + path, headers={"Authorization": f"Bearer {head}.{claims}.AAAA"})
    for value in ("Bearer a.b.c", "Bearer a.####.c", "Bearer x", "Basic ####", "Bearer .e30."):
        Client().get(BASE + "/theaters/performances", headers={"Authorization": value})
    Client().post(f"{BASE}/token", {"client_id": vendor.client.client_id, "client_secret": "guess"})
    assert ConformanceCall.objects.across_tenants("test").count() == before


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[1, 2]", b"{", b"\xff\xfe", b"[" * 5000, b'[{"number": "x", "updated": 4, "normal": 7}]', b'{"number": -1}'],
)
def test_nonsense_is_kept_as_a_call(run, vendor, body):
    vendor.buy()
    headers = {"Authorization": f"Bearer {vendor.token}"}
    answer = vendor.http.put(f"{BASE}/tickets/cumulative", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert outcomes(*run)["tickets_delivered"] is Outcome.WAITING
    assert conformance_run(run[0], run[1].pk).call_count == 2


def test_no_cost_without_a_run(vendor, django_assert_num_queries):
    vendor.buy()
    vendor.get("/genres")
    with django_assert_num_queries(1):
        vendor.get("/genres")


@translation.override("en")
def test_refusals(vendor, house, django_capture_on_commit_callbacks):
    callbacks = django_capture_on_commit_callbacks
    access, one = started(vendor, callbacks)
    with pytest.raises(UnableToRun, match="goes on already"):
        started(vendor, callbacks)
    for over in ({"client_id": 10**9}, {"system": " "}, {"system_version": ""}):
        with pytest.raises(UnableToRun):
            started(Vendor(house), callbacks, **over)
    with pytest.raises(UnableToRun, match="theatres and festivals"):
        started(Vendor(make_organisation(Role.PRODUCER), Role.PRODUCER), callbacks)
    with pytest.raises(UnableToRun, match="no published performance"):
        started(Vendor(make_organisation(Role.THEATRE)), callbacks)
    with pytest.raises(ConformanceRun.DoesNotExist):
        finish_run(access=make_access(make_organisation(Role.THEATRE)), at=now(), run_id=one.pk)
    assert finish_run(access=access, at=now(), run_id=one.pk).verdict == Verdict.INCOMPLETE
    again = finish_run(access=access, at=now() + timedelta(hours=1), run_id=one.pk)
    assert again.verdict == Verdict.INCOMPLETE


def test_a_run_left_open_ends_by_itself(vendor, django_capture_on_commit_callbacks):
    _, one = started(vendor, django_capture_on_commit_callbacks)
    ConformanceRun.objects.across_tenants("test").filter(pk=one.pk).update(ends_at=now() - timedelta(hours=1))
    vendor.buy()
    _, two = started(vendor, django_capture_on_commit_callbacks)
    one.refresh_from_db(from_queryset=ConformanceRun.objects.across_tenants("test"))
    assert one.finished_at is not None
    assert two.ends_at - two.started_at == LONGEST


def test_every_check_of_a_checklist_is_judged():
    from dip.ticketing.conformance.pushing_checks import Plan, check_calls

    for suite in Suite:
        assert [result.code for result in check_calls(suite, [], Plan((1,), 2))] == list(CHECKLISTS[suite])


def test_pages_owner_colleague_stranger(client, vendor, house, django_capture_on_commit_callbacks):
    make_client_login(client, house, rights={Module.SALES: Level.VIEW})
    given = {"client": vendor.client.pk, "suite": "pushing", "system": "Kassa", "system_version": "3.1"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(LIST, given)
    assert answer.status_code == 302
    page = answer["Location"]
    assert client.post(LIST, given).status_code == 400, "a second run of the same client"
    assert client.post(LIST, {}).status_code == 400
    vendor.buy()
    vendor.get("/theaters/performances")
    text = client.get(page).content.decode()
    assert "Nobody's: to be refused" in text
    assert 'data-check="performances_fetched" data-outcome="passed"' in text
    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="live"')
    still = page + "?seen=2"
    assert client.get(still, headers={"HX-Request": "true"}).status_code == 204, "nothing new, nothing swapped"
    assert client.get(still).status_code == 200
    assert client.get(page + "/report.json").json()["system"] == "Kassa"
    assert client.get(page + "/finish").status_code == 405

    client.logout()
    make_client_login(client, house, rights={Module.PROGRAMME: Level.APPROVE})
    assert {client.get(LIST).status_code, client.get(page).status_code, client.post(page + "/finish").status_code} == {403}
    client.logout()
    make_client_login(client, make_organisation(Role.THEATRE))
    for path in ("", "/report.json"):
        assert client.get(page + path).status_code == 404
    assert client.post(page + "/finish").status_code == 404
    assert "Kassa 3.1" not in client.get(LIST).content.decode()

    client.logout()
    make_client_login(client, make_organisation(Role.PLATFORM))
    assert "Kassa 3.1" in client.get(LIST).content.decode()
    assert client.post(page + "/finish").status_code == 302
    assert "Not complete" in client.get(page).content.decode()
    assert client.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_the_checks_are_public(client, language):
    client.cookies["django_language"] = language
    text = client.get(reverse("ticketing-conformance-checks")).content.decode()
    assert all(code in text for checks in CHECKLISTS.values() for code in checks)
    assert ("A token is bought once" in text) is (language == "en")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, house, django_assert_num_queries, django_capture_on_commit_callbacks, count):
    for _ in range(count):
        started(Vendor(house), django_capture_on_commit_callbacks)
    make_client_login(client, house)
    client.get(LIST)
    with django_assert_num_queries(5):  # session, person, access, clients, runs
        client.get(LIST)

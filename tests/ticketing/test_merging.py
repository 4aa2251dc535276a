"""Two productions that are one: performances and figures move, doubles fold, and the old id keeps answering everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dip.programme.actions.duplicates import UnableToReport, dismiss_pair, report_duplicate
from dip.programme.actions.entitlement import UnableToEnter
from dip.programme.models import DuplicateReport, Performance, PerformanceEvent, Production, ProductionEvent
from dip.programme.queries import production_page
from dip.programme.terms import DuplicateKind, DuplicateStatus, EventKind, PerformanceStatus
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.ticketing.actions.merging import merge_duplicates
from dip.ticketing.models import PerformanceSales
from dip.ticketing.terms import PositionRow
from tests.factories.programme import make_hall, make_performance, make_production, starting
from tests.factories.registry import (
    NOW,
    make_access,
    make_api_client,
    make_client_login,
    make_membership,
    make_organisation,
    make_person,
)
from tests.factories.ticketing import push, push_rows, theatre_access, tickets
from tests.programme.cast import DAY, mails

pytestmark = pytest.mark.django_db
KIND = DuplicateKind.PRODUCTION


class Twice:
    """A production that its producer and its agency both entered, with one evening in both."""

    def __init__(self) -> None:
        self.producer, self.agency = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
        for organisation in (self.producer, self.agency):
            make_membership(organisation, make_person(), rights={Module.PROGRAMME: Level.MANAGE})
        self.old = make_production(self.producer, agency=self.agency, title="De Kade")
        self.new = make_production(self.producer, title="De Kade!")
        self.hall = make_hall()
        self.double_old = self.evening(self.old, 0)
        self.double_new = self.evening(self.new, 0)
        self.other = self.evening(self.old, 1)

    def evening(self, production, days):
        return make_performance(production, self.hall, starts_at=starting(DAY + timedelta(days=days)), external_ref=f"ref-{days}")

    def merge(self, access=None):
        access = access or make_access(self.producer)
        merge_duplicates(access=access, at=NOW, kind=KIND, goes_id=self.old.pk, stays_id=self.new.pk)
        self.old.refresh_from_db(), self.new.refresh_from_db()


@pytest.fixture
def twice(db) -> Twice:
    return Twice()


def test_performances_and_figures_move_and_the_evening_without_figures_folds(twice):
    push(twice.double_old, tickets(12))
    push(twice.other, tickets(7))
    twice.merge()
    assert twice.old.merged_into == twice.new
    assert twice.new.agency == twice.agency
    assert set(Performance.objects.values_list("production_id", flat=True)) == {twice.new.pk}
    gone = Performance.objects.get(pk=twice.double_new.pk)
    assert (gone.status, gone.merged_into_id) == (PerformanceStatus.CANCELLED, twice.double_old.pk)
    assert Performance.objects.get(pk=twice.double_old.pk).status == PerformanceStatus.PUBLISHED
    states = PerformanceSales.objects.within(make_access(twice.producer))
    assert dict(states.values_list("performance_id", "sold")) == {twice.double_old.pk: 12, twice.other.pk: 7}
    kinds = set(PerformanceEvent.objects.filter(at=NOW).values_list("kind", flat=True))
    assert {EventKind.FOLDED, EventKind.PRODUCTION_MERGED} <= kinds
    assert ProductionEvent.objects.filter(kind=EventKind.PRODUCTION_MERGED).count() == 2
    for organisation in (twice.producer, twice.agency):
        line = AuditLine.objects.within(make_access(organisation)).get(verb="merge_productions")
        assert line.changes["folded"] == [None, [f"{twice.double_new.pk} → {twice.double_old.pk}"]]
        assert set(line.changes["performances"][1]) == {twice.double_old.pk, twice.other.pk}


def test_both_with_figures_are_refused_and_nothing_moves(twice):
    push(twice.double_old, tickets(12))
    push(twice.double_new, tickets(5))
    with pytest.raises(UnableToEnter) as refusal:
        twice.merge()
    assert str(twice.double_old.pk) in refusal.value.message
    assert Production.objects.get(pk=twice.old.pk).merged_into is None
    assert Performance.objects.filter(production=twice.old).count() == 2


def test_other_producers_and_seasons_are_refused(twice):
    for other in (make_production(title="De Kade"), make_production(twice.producer, season_year=2025)):
        with pytest.raises(UnableToEnter):
            merge_duplicates(access=make_access(role=Role.PLATFORM), at=NOW, kind=KIND, goes_id=twice.old.pk, stays_id=other.pk)


def test_the_agency_proposes_and_the_producer_decides(twice):
    agency, producer = make_access(twice.agency), make_access(twice.producer)
    with pytest.raises(AccessDenied):
        twice.merge(agency)
    made = report_duplicate(
        access=agency, at=NOW, kind=KIND, goes_id=twice.old.pk, stays_id=twice.new.pk, reason="Wij voerden hem in"
    )
    assert made.deciders == [twice.producer.pk]
    assert report_duplicate(access=agency, at=NOW, kind=KIND, goes_id=twice.new.pk, stays_id=twice.old.pk).pk == made.pk
    assert "says that De Kade" in mails()[-1]["body"] or "De Kade" in mails()[-1]["body"]
    with pytest.raises(AccessDenied):
        twice.merge(agency)
    twice.merge(producer)
    made = DuplicateReport.objects.within(agency).get()
    assert (made.status, made.decided_by) == (DuplicateStatus.MERGED, producer.actor)
    assert len(mails()) >= 2


def test_the_producer_proposes_and_the_agency_decides(twice):
    report_duplicate(access=make_access(twice.producer), at=NOW, kind=KIND, goes_id=twice.old.pk, stays_id=twice.new.pk)
    twice.merge(make_access(twice.agency))
    assert twice.old.merged_into == twice.new


def test_a_dismissal_gives_its_reason(twice):
    agency, producer = make_access(twice.agency), make_access(twice.producer)
    pair = {"kind": KIND, "goes_id": twice.old.pk, "stays_id": twice.new.pk}
    report_duplicate(access=agency, at=NOW, **pair)
    with pytest.raises(AccessDenied):
        dismiss_pair(access=agency, at=NOW, reason="nee", **pair)
    with pytest.raises(UnableToReport):
        dismiss_pair(access=producer, at=NOW, **pair)
    dismiss_pair(access=producer, at=NOW, reason="De ene is de familievoorstelling", **pair)
    made = DuplicateReport.objects.within(agency).get()
    assert (made.status, made.decision_reason) == (DuplicateStatus.DISMISSED, "De ene is de familievoorstelling")


def test_a_stranger_reports_to_the_platform(twice):
    stranger = make_access(role=Role.THEATRE)
    made = report_duplicate(access=stranger, at=NOW, kind=KIND, goes_id=twice.old.pk, stays_id=twice.new.pk)
    assert made.deciders == []
    with pytest.raises(AccessDenied):
        twice.merge(stranger)
    twice.merge(make_access(role=Role.PLATFORM))


def test_pushes_under_the_old_id_and_the_folded_number_arrive(twice):
    former, folded = twice.old.dip_id, twice.double_old
    twice.merge()
    access = theatre_access(twice.double_new)
    rows = [
        PositionRow(twice.other.pk, tickets(9), NOW, production=former, row=0),
        PositionRow(folded.pk, tickets(4), NOW, production=f"{former}|{folded.pk}", row=1),
        PositionRow(twice.double_new.pk, tickets(4), NOW, production="NL-26-99999-00001", row=2),
    ]
    receipt = push_rows(access, rows)
    assert (receipt.accepted, receipt.rejected) == (2, 1)
    states = PerformanceSales.objects.within(access)
    assert dict(states.values_list("performance_id", "sold")) == {twice.other.pk: 9, twice.double_new.pk: 4}


def test_the_old_id_answers_on_pages_and_over_the_api(client, twice):
    push(twice.other, tickets(9))
    former = twice.old.dip_id
    twice.merge()
    make_client_login(client, twice.producer)
    page = client.get(reverse("programme-production", args=[former]))
    assert (page.status_code, page["Location"]) == (301, reverse("programme-production", args=[twice.new.dip_id]))
    assert client.get(reverse("search") + f"?q={former}")["Location"].endswith(former)
    assert client.get(reverse("sales-production", args=[former])).status_code == 200
    assert "merged" not in client.get(reverse("programme-productions") + "?season=2026").content.decode()
    assert client.get(reverse("programme-productions") + "?season=2026").content.decode().count("De Kade") == 1
    assert "counts. Figures" in client.get(reverse("programme-performance", args=[twice.double_old.pk])).content.decode()
    machine, secret = make_api_client(twice.producer)
    token = client.post("/external/v1/token", {"client_id": machine.client_id, "client_secret": secret}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    sales = client.get(f"/external/v1/productions/{former}/sales", headers=headers)
    assert sales.json()[0]["tickets"] == 9
    base = f"/external/v1/producers/{twice.producer.number}/productions"
    evenings = client.get(f"{base}/{former}/performances", headers=headers).json()
    assert {one["production"]["id"] for one in evenings} == {twice.new.dip_id}
    changed = client.put(base, {"id": former, "title": "De Kade, herzien"}, content_type="application/json", headers=headers)
    assert changed.json()["id"] == twice.new.dip_id
    again = client.post(
        f"{base}/{former}/performances",
        {"date": "2027-02-10T20:15:00", "theater": {"id": twice.hall.theatre_id}, "theater_location": {"id": twice.hall.pk}, "external_ref": "ref-0"},
        content_type="application/json", headers=headers,
    )  # fmt: skip
    assert again.status_code == 201
    assert Performance.objects.count() == 3


def test_merges_are_one_step_deep(twice):
    third = make_production(twice.producer, title="Kade, De")
    twice.merge()
    merge_duplicates(access=make_access(twice.producer), at=NOW, kind=KIND, goes_id=twice.new.pk, stays_id=third.pk)
    assert set(Production.objects.filter(merged_into=third).values_list("pk", flat=True)) == {twice.old.pk, twice.new.pk}
    assert production_page(make_access(twice.producer), twice.old.dip_id).production.id == third.pk


def test_deciding_on_the_page(client, twice):
    address = reverse("ticketing-duplicate-decide", args=[KIND, twice.old.pk, twice.new.pk])
    pair = reverse("programme-duplicate-pair", args=[KIND, twice.old.pk, twice.new.pk])
    make_client_login(client, make_organisation(Role.THEATRE))
    assert "Report that they are one" in client.get(pair).content.decode()
    assert client.post(address, {"act": "merge"}).status_code == 404
    make_client_login(client, twice.producer, rights={Module.PROGRAMME: Level.VIEW})
    assert client.post(address, {"act": "merge"}).status_code == 403
    make_client_login(client, twice.agency)
    report = reverse("programme-duplicate-report", args=[KIND, twice.old.pk, twice.new.pk])
    assert client.post(report, {"reason": "zelfde data"}).status_code == 302
    make_client_login(client, twice.producer)
    assert "zelfde data" in client.get(pair).content.decode()
    assert client.post(address, {"act": "dismiss", "reason": ""})["Location"] == pair
    assert client.post(address, {"act": "merge"})["Location"] == reverse("programme-duplicates")
    assert "Merged" in client.get(reverse("programme-duplicates")).content.decode()
    assert client.get(pair).status_code == 404

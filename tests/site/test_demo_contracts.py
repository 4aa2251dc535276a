"""The demo's agreements: in every state, of every format, consistent in time and to the cent."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from dip.contracts.models import (
    Agreement,
    AgreementEvent,
    AgreementPerformance,
    AgreementVersion,
    ContractSettings,
    FieldAnswer,
    Framework,
    Invoice,
    Outlook,
    PartyDetails,
    Settlement,
)
from dip.contracts.queries.settlements import settlement_state
from dip.contracts.rules.invoices.identifiers import is_dutch_vat, is_iban, is_kvk
from dip.contracts.rules.kept import restored_figures, restored_statement, stored_statement
from dip.contracts.rules.settling import statement_of
from dip.contracts.rules.steps import residual
from dip.contracts.rules.values import check_terms, restored
from dip.contracts.terms.states import AgreementStatus, SettlementStatus
from dip.registry.models import Membership
from dip.registry.terms import Access, Level, Module, Role
from dip.site import demo
from dip.site.demo.terms import SCALES

AT = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
REASON = "a test looks at the whole demo"
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demo sector in the database, taken away again after this module."""
    with django_db_blocker.unblock(), override_settings(WAREHOUSE_HOME=tmp_path_factory.mktemp("warehouse")):
        outer = transaction.atomic()
        outer.__enter__()
        report = demo.build(scale=replace(SCALES["small"], audience=0), at=AT)
        yield report
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


def rows(model):
    return model.objects.across_tenants(REASON)


@pytest.mark.usefixtures("standing")
class TestAgreements:
    def test_every_state_and_format(self, standing):
        counts = Counter(rows(Agreement).values_list("status", flat=True))
        assert set(counts) == {status.value for status in AgreementStatus}
        assert counts["approved"] == max(counts.values())
        formats = Counter(rows(Agreement).values_list("format", flat=True))
        assert set(formats) == {"partage", "buyout", "volume", "suppletion", "rent"}
        assert formats["partage"] == max(formats.values())
        assert standing.counts["agreements"] == sum(counts.values())

    @pytest.mark.parametrize("login", ["producer", "agency", "theatre"])
    def test_everybody_who_signs_in_has_something_to_do(self, login):
        member = Membership.objects.select_related("organisation").get(person__email=f"{login}@demo.example")
        role = Role(member.organisation.roles[0])
        access = Access(member.organisation_id, "", role, {Module.CONTRACTS: Level.APPROVE}, member.person_id)
        found = Counter(Agreement.objects.within(access).values_list("status", flat=True))
        assert {"proposed", "rejected", "approved"} <= set(found)
        assert ("concept" in found) is access.is_provider
        settled = set(Settlement.objects.within(access).values_list("status", flat=True))
        assert len(settled) >= 2

    def test_terms_can_be_proposed_as_they_are(self):
        for version in rows(AgreementVersion):
            ranks = max((len(one["capacity_by_rank"]) for one in version.performances), default=0)
            found = check_terms(version.format, restored(version.format, version.terms), ranks)
            assert not [one for one in found if not one.is_warning], (version.agreement_id, found)

    def test_the_newest_version_is_what_stands(self):
        newest = {(one.agreement_id, one.number): one.terms for one in rows(AgreementVersion)}
        for agreement in rows(Agreement).exclude(status="concept"):
            assert newest[agreement.pk, agreement.version] == agreement.terms

    def test_a_performance_is_bound_once_and_by_what_is_approved(self):
        bound = rows(AgreementPerformance).filter(is_binding=True).values_list("agreement__status", "performance_id")
        assert {status for status, _ in bound} == {"approved"}
        assert len({number for _, number in bound}) == len(bound)

    def test_revisions_are_linked(self):
        revised = rows(Agreement).filter(status="revised")
        assert revised
        assert {one.parent_id for one in rows(Agreement).exclude(parent=None)} == {one.pk for one in revised}

    def test_the_history_is_past_and_in_order(self):
        assert not rows(AgreementEvent).filter(at__gt=AT).exists()
        for agreement in rows(Agreement):
            kinds = list(rows(AgreementEvent).filter(agreement=agreement).order_by("at").values_list("kind", flat=True))
            assert kinds[0] == "drafted"
            if agreement.status == AgreementStatus.APPROVED:
                assert kinds.index("proposed") < kinds.index("approved")

    def test_theatres_began_to_answer(self):
        assert rows(FieldAnswer).filter(version__answered_at=None).exists()
        assert rows(FieldAnswer).filter(is_accepted=False, counter__isnull=False).exists()

    def test_what_stands_beside(self):
        assert rows(Framework).exists()
        assert all(bytes(one.content).startswith(b"%PDF-") for one in rows(Framework))
        assert rows(ContractSettings).filter(four_eyes=True).count() == 1
        running = rows(Agreement).exclude(status__in=("revised", "withdrawn", "expired"))
        assert set(rows(Outlook).values_list("agreement_id", flat=True)) == {one.pk for one in running}


@pytest.mark.usefixtures("standing")
class TestBorderels:
    def test_every_sum_is_what_the_figures_give(self):
        confirmed = rows(Settlement).exclude(statement=None).select_related("agreement")
        assert len(confirmed) > 5
        for row in confirmed:
            statement = restored_statement(row.statement)
            values = restored(row.agreement.format, row.agreement.terms)
            assert residual(statement) == 0
            assert row.payable_cents == statement.payable_cents
            assert stored_statement(statement_of(row.agreement.format, values, restored_figures(row.figures))) == row.statement

    def test_whose_turn_has_a_day_and_closed_ones_none(self):
        for row in rows(Settlement):
            assert (row.act_by is not None) is (row.status in ("open", "confirmed", "disputed"))
            assert (row.paid_date is not None) is (row.status == SettlementStatus.PAID)

    def test_both_read_them(self):
        for row in rows(Settlement).select_related("agreement__theatre")[:6]:
            house = Access(row.agreement.theatre.organisation_id, "", Role.THEATRE, {Module.CONTRACTS: Level.VIEW})
            state = settlement_state(house, row)
            assert state.figures
            assert all(one.is_corrected is bool(one.reason) for one in state.figures)


@pytest.mark.usefixtures("standing")
class TestInvoices:
    def test_signed_borderellen_are_invoiced(self, standing):
        issued = list(rows(Invoice).select_related("settlement"))
        assert len(issued) == standing.counts["invoices"] > 3
        for one in issued:
            assert one.settlement.status in (SettlementStatus.SIGNED, SettlementStatus.PAID)
            assert one.is_standing
        events = rows(AgreementEvent).filter(kind="invoiced")
        assert events.count() == len(issued)

    def test_invented_numbers_are_right_as_numbers(self):
        for one in rows(PartyDetails):
            assert is_iban(one.iban)
            assert is_dutch_vat(one.vat_number)
            assert is_kvk(one.kvk)

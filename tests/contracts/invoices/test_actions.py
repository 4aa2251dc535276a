"""Issuing and crediting invoices: who may, what is refused, which numbers, and that nothing happens twice."""

from datetime import timedelta

import pytest

from dip.contracts.actions import invoice_parties as parties
from dip.contracts.actions import invoices as actions
from dip.contracts.actions.entitlement import UnknownAgreement
from dip.contracts.actions.settlements import confirm_settlement, reopen_settlement, sign_settlement
from dip.contracts.models import AgreementEvent, Settlement
from dip.contracts.rules.invoices.checks import check
from dip.contracts.terms.invoices import InvoiceKind, VatRegime
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level
from tests.contracts.invoices.deals import LATER, fill_in, kept, series, settled
from tests.contracts.invoices.papers import GROUP, with_party
from tests.factories.contracts import CONFIRMED, PAID, REASON, make_deal
from tests.factories.registry import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def issue(deal, access=None, at=NOW):
    return actions.issue_invoice(access=access or deal.provider, at=at, agreement_id=deal.agreement.pk)


def standing(deal):
    return Settlement.objects.across_tenants(REASON).exclude(status="reopened").get(agreement=deal.agreement)


def reopened(deal, at=LATER):
    """Reopened, and signed again with the same figures."""
    reopen_settlement(access=deal.taker, at=at, settlement_id=standing(deal).pk, reason="Twee kaarten te veel")
    confirm_settlement(access=deal.taker, at=at, settlement_id=standing(deal).pk)
    sign_settlement(access=deal.provider, at=at, settlement_id=standing(deal).pk)


def test_the_provider_issues_the_invoice_of_a_signed_borderel():
    deal = settled()
    row = issue(deal)
    assert (row.kind, row.number, row.seller, row.buyer, row.maker) == (
        "380",
        "F2026-0001",
        deal.producer,
        deal.house,
        deal.producer,
    )
    assert row.total_cents == standing(deal).payable_cents == row.due_cents
    assert row.due_date == row.issue_date + timedelta(days=14)
    assert check(bytes(row.document)) == []
    assert row.is_standing
    assert deal.events()[-1] == "invoiced"
    assert AgreementEvent.objects.across_tenants(REASON).filter(kind="invoiced").get().note == "F2026-0001"
    assert AuditLine.objects.across_tenants(REASON).filter(verb="issue_invoice", organisation=deal.producer).count() == 1


def test_a_second_invoice_of_the_same_borderel_is_refused_and_takes_no_number():
    deal = settled()
    issue(deal)
    with pytest.raises(actions.UnableToInvoice, match="F2026-0001 stands for this borderel"):
        issue(deal)
    assert list(series().values()) == [1]


def test_numbers_follow_each_other_without_gaps_by_seller():
    first = settled()
    second = settled(producer=first.producer)
    other = settled()
    assert [issue(deal).number for deal in (first, second, other)] == ["F2026-0001", "F2026-0002", "F2026-0001"]


def test_an_invoice_that_is_refused_loses_no_number():
    deal = settled(filled=False)
    with pytest.raises(actions.UnableToInvoice) as refused:
        issue(deal)
    assert {"BR-06", "NL-R-002", "NL-R-005"} <= {finding.code for finding in refused.value.findings}
    assert (kept(deal), series()) == ([], {})
    fill_in(deal.producer, GROUP)
    from tests.contracts.invoices.papers import HOUSE

    fill_in(deal.house, HOUSE)
    assert issue(deal).number == "F2026-0001"


def test_a_borderel_that_is_not_signed_is_not_invoiced():
    deal = make_deal(CONFIRMED)
    with pytest.raises(actions.UnableToInvoice, match="both parties signed"):
        issue(deal)


def test_a_paid_borderel_can_still_be_invoiced():
    deal = make_deal(PAID)
    from tests.contracts.invoices.papers import HOUSE

    fill_in(deal.producer, GROUP)
    fill_in(deal.house, HOUSE)
    assert issue(deal).number == "F2026-0001"


def test_the_theatre_makes_the_invoice_only_when_that_was_agreed():
    deal = settled()
    with pytest.raises(actions.UnableToInvoice, match="has not agreed"):
        issue(deal, deal.taker)
    parties.agree_self_billing(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
    parties.agree_self_billing(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
    row = issue(deal, deal.taker)
    assert (row.kind, row.maker, row.seller) == (InvoiceKind.SELF_BILLED, deal.house, deal.producer)
    assert row.number == f"F{deal.house.number}-2026-0001"
    assert check(bytes(row.document)) == []
    assert row.content["note"] == "Factuur uitgereikt door afnemer."


def test_self_billing_that_was_ended_is_no_longer_agreed():
    deal = settled()
    parties.agree_self_billing(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
    parties.end_self_billing(access=deal.taker, at=NOW, agreement_id=deal.agreement.pk)
    with pytest.raises(actions.UnableToInvoice, match="has not agreed"):
        issue(deal, deal.taker)
    with pytest.raises(AccessDenied):
        parties.agree_self_billing(access=deal.taker, at=NOW, agreement_id=deal.agreement.pk)


def test_rent_is_invoiced_by_the_theatre_and_settled_out_of_the_recette():
    deal = settled("rent")
    with pytest.raises(AccessDenied):
        issue(deal)
    row = issue(deal, deal.taker)
    assert (row.seller, row.buyer, row.maker) == (deal.house, deal.producer, deal.house)
    assert (row.net_cents, row.vat_cents, row.total_cents) == (350_000, 73_500, 423_500)
    assert row.due_cents == 0
    assert row.content["prepaid_cents"] == 423_500
    assert "verrekend" in row.content["note"]
    assert check(bytes(row.document)) == []


def test_a_share_below_zero_is_an_invoice_of_the_theatre():
    deal = settled(values={"provider_guarantee": None, "theatre_guarantee": 4_000_000})
    assert standing(deal).payable_cents < 0
    with pytest.raises(AccessDenied):
        issue(deal)
    row = issue(deal, deal.taker)
    assert (row.kind, row.seller, row.total_cents) == ("380", deal.house, -standing(deal).payable_cents)
    assert check(bytes(row.document)) == []


def test_after_a_reopening_the_old_one_is_credited_and_the_new_one_names_it():
    deal = settled()
    issue(deal)
    reopened(deal)
    row = issue(deal, at=LATER)
    first, credit, second = kept(deal)
    assert [one.number for one in kept(deal)] == ["F2026-0001", "F2026-0002", "F2026-0003"]
    assert (credit.kind, credit.credits, credit.total_cents) == ("381", first, first.total_cents)
    assert (second.replaces, second.pk, second.is_standing, first.is_standing) == (first, row.pk, True, False)
    assert b"<cbc:ID>F2026-0001</cbc:ID>" in bytes(credit.document)
    assert b"<cbc:ID>F2026-0001</cbc:ID>" in bytes(second.document)
    assert [check(bytes(one.document)) for one in (credit, second)] == [[], []]


def test_an_invoice_is_credited_by_itself_once_its_borderel_was_reopened():
    deal = settled()
    issue(deal)
    number = {"agreement_id": deal.agreement.pk, "number": "F2026-0001"}
    with pytest.raises(actions.UnableToCredit, match="Reopen the borderel first"):
        actions.credit_invoice(access=deal.provider, at=NOW, **number)
    reopen_settlement(access=deal.taker, at=LATER, settlement_id=standing(deal).pk, reason="Verkeerde datum")
    credit = actions.credit_invoice(access=deal.provider, at=LATER, **number)
    assert actions.credit_invoice(access=deal.provider, at=LATER, **number) == credit
    with pytest.raises(actions.UnableToCredit, match="credit note itself"):
        actions.credit_invoice(access=deal.provider, at=LATER, agreement_id=deal.agreement.pk, number=credit.number)
    confirm_settlement(access=deal.taker, at=LATER, settlement_id=standing(deal).pk)
    sign_settlement(access=deal.provider, at=LATER, settlement_id=standing(deal).pk)
    again = issue(deal, at=LATER)
    assert (again.number, again.replaces.number) == ("F2026-0003", "F2026-0001")


def test_only_the_maker_credits():
    deal = settled()
    issue(deal)
    parties.agree_self_billing(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
    reopened(deal)
    with pytest.raises(actions.UnableToCredit, match="made invoice F2026-0001"):
        issue(deal, deal.taker, LATER)
    assert len(kept(deal)) == 1


def test_an_agency_invoices_in_the_name_of_its_producer_with_a_series_of_its_own():
    deal = settled(with_agency=True)
    row = issue(deal)
    assert (row.seller, row.maker) == (deal.producer, deal.agency)
    assert row.number == f"F{deal.agency.number}-2026-0001"
    with pytest.raises(AccessDenied):
        issue(deal, deal.represented)


def test_an_agency_in_its_own_name_sells_itself():
    deal = settled(with_agency=True, agency_as_provider=True)
    row = issue(deal)
    assert (row.seller, row.maker, row.number) == (deal.agency, deal.agency, "F2026-0001")


def test_a_seller_without_vat_is_refused_while_the_settlement_charges_it():
    deal = settled()
    fill_in(deal.producer, with_party(GROUP, regime=VatRegime.SMALL))
    with pytest.raises(actions.UnableToInvoice, match="scheme for small businesses"):
        issue(deal)


def test_a_small_business_invoices_exempt():
    deal = settled(values={"share_vat": "exempt"})
    fill_in(deal.producer, with_party(GROUP, regime=VatRegime.SMALL))
    row = issue(deal)
    assert row.vat_cents == 0
    assert "small businesses" in row.content["vat"][0]["reason"]
    assert check(bytes(row.document)) == []


def test_nobody_else_issues_or_credits():
    deal = settled()
    for access in (deal.colleague("provider"), deal.colleague("taker")):
        with pytest.raises(AccessDenied):
            issue(deal, access)
    for access in deal.strangers():
        with pytest.raises(AccessDenied):
            issue(deal, access)
    issue(deal, deal.colleague("provider", Level.MANAGE))
    for access in deal.strangers():
        with pytest.raises(AccessDenied):
            actions.credit_invoice(access=access, at=NOW, agreement_id=deal.agreement.pk, number="F2026-0001")


def test_an_agreement_of_others_does_not_exist():
    deal, other = settled(), settled()
    with pytest.raises(UnknownAgreement):
        issue(deal, other.provider)

"""Outlooks: what lists say an agreement gives, calculated for all at once."""

from datetime import date, timedelta

import pytest

from dip.contracts.actions import outlooks
from dip.contracts.jobs import outlooks as jobs
from dip.contracts.models import Agreement, Outlook
from dip.contracts.queries.figures import agreement_columns
from dip.kernel import clock
from dip.programme.models import Performance
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db
REASON = "a test looks at everything"
#: After every moment that the factories left behind.
LATER = NOW + timedelta(days=365)


def kept():
    return {row.agreement_id: row for row in Outlook.objects.across_tenants(REASON)}


def everything():
    """All that is kept but the moment of calculating."""
    return {key: {k: v for k, v in vars(row).items() if k not in ("_state", "calculated_at")} for key, row in kept().items()}


def test_what_is_kept_is_what_the_page_calculates():
    deal = make_deal("approved", performances=2, ranks=[400, 200], values={"entrance_prices": (2800, 2300)})
    push(deal.performances[0], tickets(301, price=2795), at=NOW)
    assert outlooks.recalculate(at=LATER) == 1
    row = kept()[deal.agreement.pk]
    found = agreement_columns(deal.provider, deal.agreement, date(2026, 11, 23))
    potential, estimated = found.potential.statement, found.estimated.statement
    assert (row.tickets, row.true_at, row.calculated_at) == (301, NOW, LATER)
    assert row.potential_provider_cents == potential.cents("provider_total") > 0
    assert row.potential_theatre_cents == potential.cents("theatre_total") > 0
    assert row.estimated_provider_cents == estimated.cents("provider_total") > 0
    assert row.estimated_theatre_cents == estimated.cents("theatre_total")


def test_without_figures_the_estimate_is_of_nothing_sold():
    deal = make_deal("proposed", "buyout")
    outlooks.recalculate(at=LATER)
    row = kept()[deal.agreement.pk]
    assert (row.tickets, row.true_at, row.estimated_theatre_cents) == (0, None, -450_000)


def test_what_ended_is_left_alone_and_a_concept_is_not():
    deals = {
        state: make_deal(state) for state in ("expired", "concept", "proposed", "rejected", "approved", "withdrawn", "revised")
    }
    assert outlooks.recalculate(at=LATER) == 5, "the revision of the revised one too"
    for state in ("withdrawn", "expired", "revised"):
        assert deals[state].agreement.pk not in kept()


def test_a_draft_that_is_ahead_of_what_was_proposed_tells_the_theatre_nothing():
    deal = make_deal("rejected", "buyout")
    outlooks.recalculate(at=LATER)
    before = everything()
    Agreement.objects.across_tenants(REASON).update(terms={**deal.refresh().terms, "buyout_amount": 990_000}, format="buyout")
    outlooks.recalculate(at=LATER)
    assert everything() == before
    concept = make_deal("concept", "buyout", values={"buyout_amount": 990_000})
    outlooks.recalculate(at=LATER)
    assert kept()[concept.agreement.pk].estimated_theatre_cents == -990_000, "its own provider's"
    assert not Outlook.objects.within(concept.taker).filter(agreement=concept.agreement).exists()


def test_only_the_parties_see_it():
    deal = make_deal("approved", with_agency=True)
    outlooks.recalculate(at=LATER)
    for access in (deal.provider, deal.taker, deal.represented):
        assert Outlook.objects.within(access).count() == 1
    for access in deal.strangers():
        assert Outlook.objects.within(access).count() == 0


def test_some_by_performance_or_by_agreement():
    one, two = make_deal("approved"), make_deal("approved")
    assert outlooks.recalculate(at=LATER, numbers=two.numbers) == 1
    assert set(kept()) == {two.agreement.pk}
    assert outlooks.recalculate(at=LATER, agreement_ids=[one.agreement.pk]) == 1
    assert set(kept()) == {one.agreement.pk, two.agreement.pk}
    assert outlooks.recalculate(at=LATER, numbers=[]) == outlooks.recalculate(at=LATER, agreement_ids=[]) == 0


def test_a_repeat_changes_nothing():
    make_deal("approved")
    make_deal("approved", "volume")
    outlooks.recalculate(at=LATER)
    before = everything()
    assert outlooks.recalculate(at=LATER + timedelta(hours=1)) == 2
    assert everything() == before


def test_only_what_changed_is_calculated_again():
    quiet, sold, moved, changed = (make_deal("approved") for _ in range(4))
    assert outlooks.recalculate_changed(at=LATER) == 4, "those that have none yet"
    assert outlooks.recalculate_changed(at=LATER + timedelta(hours=1)) == 0
    push(sold.performances[0], tickets(10), at=LATER + timedelta(hours=2))
    Performance.objects.filter(pk=moved.numbers[0]).update(changed_at=LATER + timedelta(hours=2), status="cancelled")
    Agreement.objects.across_tenants(REASON).filter(pk=changed.agreement.pk).update(modified_at=LATER + timedelta(hours=2))
    assert outlooks.recalculate_changed(at=LATER + timedelta(hours=3)) == 3
    assert kept()[sold.agreement.pk].tickets == 10
    assert kept()[moved.agreement.pk].potential_provider_cents == 0
    assert kept()[quiet.agreement.pk].calculated_at == LATER
    assert outlooks.recalculate_changed(at=LATER + timedelta(hours=4)) == 0


def test_a_push_that_was_committed_late_is_not_missed():
    """It began before the calculation, which could not see it."""
    deal = make_deal("approved")
    outlooks.recalculate(at=LATER)
    push(deal.performances[0], tickets(10), at=LATER - timedelta(minutes=1))
    assert outlooks.recalculate_changed(at=LATER + timedelta(minutes=10)) == 1
    assert kept()[deal.agreement.pk].tickets == 10


def test_one_that_cannot_be_calculated_leaves_the_others_alone():
    broken, vast, whole = make_deal("approved", "buyout"), make_deal("approved", "buyout"), make_deal("approved", "buyout")
    rows = Agreement.objects.across_tenants(REASON)
    rows.filter(pk=broken.agreement.pk).update(terms={"buyout_amount": "much"})
    rows.filter(pk=vast.agreement.pk).update(terms={"buyout_amount": 10**30})
    assert outlooks.recalculate(at=LATER) == 1
    assert set(kept()) == {whole.agreement.pk}


def test_a_run_that_was_killed_has_kept_what_it_had_done(monkeypatch):
    made = [make_deal("approved") for _ in range(3)]
    monkeypatch.setattr(outlooks, "AT_ONCE", 1)
    real = outlooks._calculate

    def killed_at_the_second(ids, at):
        if ids[0] == made[1].agreement.pk:
            raise KeyboardInterrupt
        return real(ids, at)

    monkeypatch.setattr(outlooks, "_calculate", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        outlooks.recalculate_changed(at=LATER)
    assert set(kept()) == {made[0].agreement.pk}
    monkeypatch.setattr(outlooks, "_calculate", real)
    assert outlooks.recalculate_changed(at=LATER) == 2


def test_the_number_of_queries_does_not_grow_with_the_agreements(django_assert_num_queries):
    for count in (1, 3):
        for _ in range(count):
            make_deal("approved", performances=2)
        outlooks.recalculate(at=LATER)
        with django_assert_num_queries(8):  # the ids, a savepoint and its end, two of agreements, two of figures, one to write
            outlooks.recalculate(at=LATER)
        with django_assert_num_queries(1):
            outlooks.recalculate_changed(at=LATER + timedelta(hours=1))


def test_the_jobs(monkeypatch):
    make_deal("approved")
    monkeypatch.setattr(clock, "now", lambda: LATER)
    assert jobs.recalculate_changed.func() == 1
    assert jobs.recalculate_all.func() == 1

"""Whose turn it is, the same for one agreement as for a list."""

import pytest

from dip.contracts.models import Agreement, Settlement
from dip.contracts.queries.turns import turn_of, waiting_for, waiting_for_access, with_turns
from dip.contracts.terms.states import SettlementStatus, Turn
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db


def everything():
    return Agreement.objects.across_tenants(REASON)


def test_one_and_many_agree():
    for state in ("concept", "proposed", "rejected", "approved", "revised", "withdrawn", "expired"):
        make_deal(state)
    for number, status in enumerate(SettlementStatus, start=1):
        agreement = make_deal("approved").agreement
        Settlement.objects.create(agreement=agreement, number=number, version=1, status=status, due_date=NOW.date(), opened_at=NOW)
    rows = list(with_turns(everything()))
    assert len(rows) == 14
    for row in rows:
        assert row.turn == turn_of(row) == turn_of(everything().get(pk=row.pk))
    for whose in Turn:
        assert {row.pk for row in waiting_for(everything(), whose)} == {row.pk for row in rows if row.turn == whose}


def test_a_reopened_borderel_counts_no_more():
    agreement = make_deal("approved").agreement
    for number, status in ((1, "reopened"), (2, "confirmed")):
        Settlement.objects.create(agreement=agreement, number=number, version=1, status=status, due_date=NOW.date(), opened_at=NOW)
    assert turn_of(agreement) is Turn.PROVIDER
    assert with_turns(everything()).get(pk=agreement.pk).turn == Turn.PROVIDER


def test_what_waits_for_whom():
    deal = make_deal("proposed", with_agency=True)
    assert list(waiting_for_access(deal.taker)) == [deal.agreement]
    for access in [*deal.strangers(), deal.provider, deal.represented]:
        assert not waiting_for_access(access)
    deal.reject()
    assert list(waiting_for_access(deal.provider)) == [deal.agreement]
    for access in [*deal.strangers(), deal.taker, deal.represented]:
        assert not waiting_for_access(access)


def test_no_query_for_each_of_a_list(django_assert_num_queries):
    for _ in range(3):
        make_deal("approved")
    with django_assert_num_queries(1):
        assert [turn_of(row) for row in with_turns(everything())] == [Turn.NOBODY] * 3

"""The columns of an agreement: a theatre sees what was proposed, not the draft that is ahead of it."""

import pytest

from dip.contracts import actions
from dip.contracts.queries.figures import agreement_columns
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db


def test_a_theatre_sees_the_version_and_the_provider_its_draft():
    deal = make_deal("proposed", performances=2)
    deal.reject("provider_guarantee")
    deal.agreement = actions.change_agreement(
        access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, numbers=deal.numbers[:1], values={"entrance_prices": (9900,)}
    )
    theirs = agreement_columns(deal.taker, deal.agreement, NOW.date())
    own = agreement_columns(deal.provider, deal.agreement, NOW.date())
    assert theirs.potential.statement.cents("gross") == 2 * 600 * 2950  # with what comes on top of it
    assert own.potential.statement.cents("gross") == 600 * 10_050
    assert [one.number for one in theirs.performances] == deal.numbers


def test_three_queries(django_assert_num_queries):
    deal = make_deal("approved", performances=3)
    for access in (deal.taker, deal.provider):
        with django_assert_num_queries(3):
            agreement_columns(access, deal.agreement, NOW.date())

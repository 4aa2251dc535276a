"""The factories lead to every state by the acts themselves, in every format."""

import pytest

from dip.contracts.models import Settlement
from dip.contracts.queries.turns import turn_of
from dip.contracts.rules.formats import formats
from tests.factories.contracts import CONFIRMED, PAID, PLAYED, REASON, SETTLED, make_agreement, make_deal

pytestmark = pytest.mark.django_db
OWN = ("concept", "proposed", "rejected", "approved", "revised", "withdrawn", "expired")


@pytest.mark.parametrize("state", OWN)
def test_a_state_is_what_it_says(state):
    assert make_agreement(state).status == state


@pytest.mark.parametrize(
    ("state", "status", "turn"),
    [(PLAYED, "open", "theatre"), (CONFIRMED, "confirmed", "provider"), (SETTLED, "signed", "nobody"), (PAID, "paid", "nobody")],
)
def test_a_borderel_is_what_it_says(state, status, turn):
    agreement = make_agreement(state, performances=2)
    assert agreement.status == "approved"
    assert Settlement.objects.across_tenants(REASON).get(agreement=agreement).status == status
    assert turn_of(agreement) == turn


@pytest.mark.parametrize("code", [one.code for one in formats()])
def test_every_format_comes_to_an_agreement(code):
    deal = make_deal("approved", code, performances=2, with_agency=True, ranks=[300, 200], values={"entrance_prices": (2800, 2300)})
    assert deal.bound() == deal.numbers
    assert deal.agreement.format == code

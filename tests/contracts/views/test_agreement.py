"""The page of one agreement, for both sides and for the producer who only reads."""

import pytest
from django.urls import reverse

from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import make_deal
from tests.factories.registry import make_client_login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def address(deal, name: str = "agreement", *more) -> str:
    return reverse(f"contracts-{name}", args=[deal.agreement.pk, *more])


def sign_in(client, deal, side: str, level: Level = Level.APPROVE):
    """The client as somebody of a side: provider, taker or producer."""
    role = Role.AGENCY if side == "provider" and deal.agency else Role.THEATRE if side == "taker" else Role.PRODUCER
    organisation = {"provider": deal.proposer, "taker": deal.house, "producer": deal.producer}[side]
    make_client_login(client, organisation, role, {Module.CONTRACTS: level})
    return client


@pytest.mark.parametrize("state", ["concept", "proposed", "rejected", "approved", "withdrawn", "expired", "played", "paid"])
@pytest.mark.parametrize("format_code", ["partage", "rent", "buyout", "suppletion", "volume"])
def test_both_sides_read_every_state_of_every_format(client, state, format_code):
    deal = make_deal(state, format_code=format_code)
    for side in ("provider", "taker"):
        response = sign_in(client, deal, side).get(address(deal))
        expected = 404 if state in ("concept", "withdrawn") and side == "taker" else 200
        assert response.status_code == expected, (side, state)
        if expected == 200:
            assert deal.production.title in response.text

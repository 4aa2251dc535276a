"""Asking the pages of one agreement as somebody of either side."""

from django.test import Client
from django.urls import reverse

from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import Deal
from tests.factories.registry import make_client_login


def address(deal: Deal, name: str = "agreement", *more: str) -> str:
    """The address of a page of the deal's agreement: ``contracts-<name>``."""
    return reverse(f"contracts-{name}", args=[deal.agreement.pk, *more])


def sign_in(client: Client, deal: Deal, side: str, level: Level = Level.APPROVE) -> Client:
    """The client as a new person of a side: provider, taker, or producer (for whom the agency acts)."""
    role = {"provider": Role.AGENCY if deal.agency else Role.PRODUCER, "taker": Role.THEATRE, "producer": Role.PRODUCER}[side]
    organisation = {"provider": deal.proposer, "taker": deal.house, "producer": deal.producer}[side]
    make_client_login(client, organisation, role, {Module.CONTRACTS: level})
    return client

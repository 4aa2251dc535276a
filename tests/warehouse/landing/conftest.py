"""A theatre with two evenings, a colleague who may only look, a stranger, and keys of its own."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.terms import Access, Level, Module, Role
from dip.warehouse.actions import landing
from dip.warehouse.models import LandedBatch, TicketSource
from dip.warehouse.store import landing as files
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation

ALL = "tests look at everything"


@dataclass
class House:
    """Who delivers, and of what."""

    organisation: Organisation
    access: Access
    looker: Access
    stranger: Access
    evenings: list[Performance]
    source: TicketSource
    home: Any

    def row(self, **over: Any) -> dict[str, Any]:
        """A ticket; members that are None are left out."""
        given = {
            "ticket": "t-1", "order": "o-1", "performance": str(self.evenings[0].number), "state": "sold",
            "changed_at": "2026-11-01T12:00:00+01:00", "sold_at": "2026-11-01T11:59:00+01:00", "kind": "normal", "price_cents": 2250,
            "channel": "online", "email": "Noor.Dijkema@Vlonder.Example", "postcode": "3811 AB", "country": "NL",
            "birth_year": 1987, "consent": "statistics",
        } | over  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def deliver(self, *rows: dict[str, Any], id: str = "d-1", at: Any = NOW, **over: Any) -> landing.Landed:
        return landing.land(access=self.access, at=at, source=self.source, delivery_id=id, body=ndjson(*rows), **over)

    def columns(self, delivery_id: str = "d-1") -> dict[str, Any]:
        batch = self.batch(delivery_id)
        return {name: column.tolist() for name, column in files.read(self.home, batch.file).items()} if batch.file else {}

    def batch(self, delivery_id: str = "d-1") -> LandedBatch:
        return LandedBatch.objects.across_tenants(ALL).get(delivery_id=delivery_id)


def ndjson(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """Keys of this test alone."""
    settings.PSEUDONYM_KEYS = tmp_path / "keys"
    return settings.PSEUDONYM_KEYS


@pytest.fixture
def house(db, settings):
    organisation = make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(organisation))
    production = make_production(make_organisation(Role.PRODUCER))
    access = make_access(organisation, Role.THEATRE)
    looker = make_access(organisation, Role.THEATRE, {Module.AUDIENCE: Level.VIEW})
    stranger = make_access(make_organisation(Role.THEATRE), Role.THEATRE)
    source = landing.source_for(access=access, at=NOW, system="pretix", account="vlonder")
    evenings = [make_performance(production, hall) for _ in range(2)]
    return House(organisation, access, looker, stranger, evenings, source, settings.WAREHOUSE_HOME)

"""Two theatres that deliver, with evenings in two seasons."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dip.programme.models import Performance, Theatre
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role
from dip.warehouse.actions import landing
from dip.warehouse.actions.applying import Applied, apply_orders
from dip.warehouse.models import LandedBatch, TicketSource
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.warehouse.landing.conftest import ndjson
from tests.warehouse.tickets.oracle import expected

ALL = "tests look at everything"
BEGIN = datetime.fromisoformat("2026-09-01T10:00:00+02:00")


@dataclass
class Door:
    """A theatre that delivers; ``sent`` keeps its deliveries as they went over the wire."""

    organisation: Organisation
    access: Access
    theatre: Theatre
    evenings: list[Performance]
    source: TicketSource
    sent: list[tuple[int, list[dict[str, Any]]]] = field(default_factory=list)

    def row(self, ticket: int, *, version: int = 0, evening: int = 0, **over: Any) -> dict[str, Any]:
        """A ticket; ``version`` is in minutes, and every version has a price of its own."""
        changed = BEGIN + timedelta(minutes=version)
        return {
            "ticket": f"t-{ticket}", "order": f"o-{ticket // 3}", "performance": str(self.evenings[evening].number), "state": "sold",
            "changed_at": changed.isoformat(), "sold_at": BEGIN.isoformat(), "kind": "normal", "channel": "online",
            "price_cents": 1000 + ticket * 7 + version, "email": f"bezoeker{ticket // 3}@vlonder.example", "postcode": "3811 AB",
            "consent": "statistics",
        } | over  # fmt: skip

    def deliver(self, *rows: dict[str, Any], id: str = "", at: datetime = NOW) -> landing.Landed:
        self.sent.append((self.source.pk, list(rows)))
        name = id or f"d-{len(self.sent)}"
        return landing.land(access=self.access, at=at, source=self.source, delivery_id=name, body=ndjson(*rows))

    def batch(self, delivery_id: str) -> LandedBatch:
        return LandedBatch.objects.across_tenants(ALL).get(source=self.source, delivery_id=delivery_id)

    def expected(self, removed=()):
        return expected(self.sent, removed)


def make_door(name: str) -> Door:
    organisation = make_organisation(Role.THEATRE)
    theatre = make_theatre(organisation)
    hall = make_hall(theatre)
    production = make_production(make_organisation(Role.PRODUCER))
    access = make_access(organisation, Role.THEATRE)
    source = landing.source_for(access=access, at=NOW, system="pretix", account=name)
    days = (date(2026, 10, 3), date(2026, 11, 14), date(2027, 10, 9), date(2025, 10, 4))
    return Door(organisation, access, theatre, [make_performance(production, hall, day=day) for day in days], source)


def apply(at: datetime = NOW) -> Applied:
    done = apply_orders(at)
    assert done is not None
    return done


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """Keys of this test alone."""
    settings.PSEUDONYM_KEYS = tmp_path / "keys"
    return settings.PSEUDONYM_KEYS


@pytest.fixture
def door(db):
    return make_door("vlonder")


@pytest.fixture
def other_door(db):
    return make_door("kade")

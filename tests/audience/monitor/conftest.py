"""One published audience for all tests of a module: four houses, a tour of three productions, and a production of which too few came."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from dip.definitions.models import Area, GeoEdition, Municipality
from dip.definitions.queries import geo
from dip.kernel import clock
from dip.programme.models import Production
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.warehouse.actions import landing
from dip.warehouse.actions.applying import apply_orders, tend
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_province
from tests.factories.registry import NOW, make_organisation
from tests.warehouse.audience.conftest import World, make_world

YEAR = 2025


@dataclass
class Stage:
    """``world``: as the warehouse's tests have it; ``small``: a production of ``maker`` with eight orders at one theatre."""

    world: World
    maker: Organisation
    small: Production
    home: Any

    @property
    def tour(self) -> str:
        return f"/audience/productions/{self.world.productions[0].dip_id}/"

    @property
    def tiny(self) -> str:
        return f"/audience/productions/{self.small.dip_id}/"

    def house(self, place: int = 0) -> str:
        return f"/audience/theatres/{self.world.houses[place][1].pk}/"


def _small(world: World) -> tuple[Organisation, Production]:
    """Eight orders of eight buyers, at the first house only."""
    maker = make_organisation(Role.PRODUCER)
    production = make_production(maker, title="Klein geluk", genre=make_genre("theatre"), season_year=YEAR)
    _, theatre, access = world.houses[0]
    evening = make_performance(production, make_hall(theatre), day=date(YEAR, 11, 2))
    source = landing.source_for(access=access, at=NOW, system="pretix", account="vlonder-0")
    rows = [
        {
            "ticket": f"k-{n}", "order": f"ko-{n}", "performance": str(evening.number), "state": "sold", "kind": "normal",
            "changed_at": "2025-10-20T10:00:00Z", "sold_at": "2025-10-20T10:00:00Z", "channel": "online", "price_cents": 2000,
            "email": f"klein-{n}@vlonder.example", "consent": "consent", "country": "NL", "postcode": "3811 AB",
        }
        for n in range(8)
    ]  # fmt: skip
    body = "\n".join(json.dumps(row) for row in rows).encode()
    landed = landing.land(access=access, at=NOW, source=source, delivery_id="d-2", body=body)
    assert landed.accepted == len(rows), landed
    return maker, production


def make_areas() -> None:
    """Two municipalities of one province: 3811 to 3813, and 3814 to 3816."""
    province = make_province()
    towns = [
        Municipality.objects.create(name=name, province=province, inhabitants=9000, lat=52.1, lon=5.4, km2=3.0)
        for name in ("Vlonderdam", "Kadehaven")
    ]
    for number in range(6):
        Area.objects.create(
            pc4=3811 + number, place="Vlonderdam", municipality=towns[number // 3], province=province, inhabitants=3000 + number,
            lat=52.1 + number / 100, lon=5.4, km2=1.0, urbanity=1 + number % 5, ages=[150] * 20,
        )  # fmt: skip
    GeoEdition.objects.create(
        digest="d", loaded_at=NOW, dated=date(2021, 1, 1), attribution="CBS", counts={}, findings=[], shapes={}
    )
    geo.forget()


def make_stage(home: Any, orders: int = 500) -> Stage:
    """Everything landed, applied and published below ``home``."""
    world = make_world(orders=orders)
    Production.objects.filter(pk__in=[one.pk for one in world.productions]).update(season_year=YEAR)
    maker, small = _small(world)
    apply_orders(NOW)
    tend(NOW)
    return Stage(world, maker, small, home)


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once; rolled back when the module ends."""
    home = tmp_path_factory.mktemp("audience")
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            with override_settings(WAREHOUSE_HOME=home / "warehouse", PSEUDONYM_KEYS=home / "keys"):
                stage = make_stage(home)
            yield stage
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture
def present(monkeypatch):
    """Doors read this clock."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def stage(published, db, settings, present):
    """The module's audience; without areas."""
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = published.home / "warehouse", published.home / "keys"
    geo.forget()
    yield published
    geo.forget()


@pytest.fixture
def country(stage):
    """With areas."""
    make_areas()
    return stage

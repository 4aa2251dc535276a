"""Four organisations with a theatre each, three productions that tour, three seasons of orders; and the same orders as plain rows."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from dip.programme.models import Production
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role
from dip.warehouse.actions import landing
from dip.warehouse.actions.applying import apply_orders, tend
from dip.warehouse.models import TicketSource
from dip.warehouse.queries.audience import AudienceScope
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_province, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.warehouse.landing.conftest import ndjson

SEASONS = (2023, 2024, 2025)
TITLES = (("theatre", "Het gewicht van water"), ("cabaret", "Alles blijft"), ("theatre", "Het bos van Noor (4+)"))
KINDS, CHANNELS = ("normal", "discount", "free", "other"), ("online", "box_office", "phone")


@dataclass
class World:
    """What was made. ``rows``: one dictionary per sold ticket, with what the oracle counts by."""

    producer: Organisation
    productions: list[Production]
    houses: list[tuple[Organisation, Any, Access]]
    rows: list[dict[str, Any]]

    @property
    def provider(self) -> Access:
        return make_access(self.producer, Role.PRODUCER)

    def tour(self, place: int = 0, year: int = 2025) -> AudienceScope:
        return AudienceScope("production", dip_id=self.productions[place].dip_id, season_year=year)

    def house(self, place: int = 0, year: int = 2025) -> AudienceScope:
        return AudienceScope("theatre", theatre_id=self.houses[place][1].pk, season_year=year)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.PSEUDONYM_KEYS = tmp_path / "keys"
    return settings.PSEUDONYM_KEYS


def make_world(orders: int = 900, houses: int = 4, seed: int = 7, provinces: tuple[str, ...] = ("UT",)) -> World:
    """About two tickets per order; houses stand in these provinces by turns."""
    dice = random.Random(seed)
    producer = make_organisation(Role.PRODUCER)
    productions = [make_production(producer, title=title, genre=make_genre(genre)) for genre, title in TITLES]
    made, rows = [], []
    for number in range(houses):
        organisation = make_organisation(Role.THEATRE)
        theatre = make_theatre(organisation, province=make_province(provinces[number % len(provinces)]))
        hall, access = make_hall(theatre), make_access(organisation, Role.THEATRE)
        evenings = [
            (place, year, make_performance(production, hall, day=date(year, 10 + place, 3 + night)))
            for place, production in enumerate(productions)
            for year in SEASONS
            for night in (0, 1)
        ]
        source = landing.source_for(access=access, at=NOW, system="pretix", account=f"vlonder-{number}")
        TicketSource.objects.across_tenants("tests").filter(pk=source.pk).update(keeps_gender=True, gender_ground="consent")
        source.refresh_from_db()
        sent = [line for order in range(orders) for line in _order(dice, number, order, evenings, rows)]
        landed = landing.land(access=access, at=NOW, source=source, delivery_id="d-1", body=ndjson(*sent))
        assert landed.accepted == len(sent), landed
        made.append((organisation, theatre, access))
    apply_orders(NOW)
    tend(NOW)
    return World(producer, productions, made, rows)


def _order(dice, house, order, evenings, rows):
    place, year, evening = dice.choices(evenings, weights=[5 if one[0] == 0 else 2 for one in evenings])[0]
    buyer = dice.choice([f"h{house}-{dice.randrange(160)}", f"sector-{dice.randrange(120)}"])
    about = random.Random(buyer)
    birth, gender = about.choice([None, 1950, 1968, 1987, 2001]), about.choice([None, "f", "m"])
    home = f"38{about.randrange(11, 16)} AB"
    sold = datetime(evening.performance_date.year, evening.performance_date.month, evening.performance_date.day, 9, tzinfo=UTC)
    sold -= timedelta(hours=dice.randrange(24 * 240))
    for ticket in range(dice.choice([1, 2, 2, 2, 3, 4, 6])):
        state = "cancelled" if dice.random() < 0.05 else "sold"
        is_known = dice.random() > 0.02
        line = {
            "ticket": f"t-{order}-{ticket}", "order": f"o-{order}", "performance": str(evening.number), "state": state,
            "changed_at": sold.isoformat(), "sold_at": sold.isoformat(), "kind": dice.choice(KINDS[:2] if ticket else KINDS),
            "channel": CHANNELS[order % 3], "price_cents": dice.choice([0, 1200, 1500, 2600, 4000]),
            "email": f"{buyer}@vlonder.example", "consent": "consent" if is_known else "none", "country": "NL",
            "postcode": home,
        }  # fmt: skip
        line |= {"birth_year": birth} if birth else {}
        line |= {"gender": gender} if gender else {}
        if state == "cancelled":
            line["cancelled_at"] = sold.isoformat()
        else:
            rows.append(
                line
                | {
                    "house": house,
                    "place": place,
                    "year": year,
                    "day": evening.performance_date,
                    "sold": sold,
                    "known": is_known,
                    "buyer": buyer,
                }
            )
        yield line


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker, tmp_path_factory):
    """A world for all tests of a module, which only read it; taken away again after them."""
    home = tmp_path_factory.mktemp("audience")
    with django_db_blocker.unblock(), override_settings(WAREHOUSE_HOME=home / "warehouse", PSEUDONYM_KEYS=home / "keys"):
        outer = transaction.atomic()
        outer.__enter__()
        yield make_world(), home
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def world(db, keys, shared, settings):
    """The module's world. Who changes its files puts them back."""
    made, home = shared
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = home / "warehouse", home / "keys"
    return made

"""The feeds of two theatres, from what happens at the box office to the answers of the Audience Monitor, with everything that goes wrong on
the way: questions that fail, pages that repeat, tickets that are corrected and given back, applied in the middle, and all over again.

What must come out is known from who did it (``House.truth``), never from what was sent.
"""

import random
from collections import Counter

import pytest

from dip.kernel.periods import season_year
from dip.programme.models import Performance
from dip.ticketing import asking
from dip.ticketing.connectors.ticketmatic import client as ticketmatic_client
from dip.ticketing.connectors.ticketmatic import orders as ticketmatic_orders
from dip.warehouse.actions.applying import apply_orders, rebuild_orders, tend
from dip.warehouse.models import LandedBatch, TicketSource
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.warehouse.store.tickets.facts import open_tickets
from tests.factories.registry import make_access
from tests.ticketing.connectors.test_orders_vendors import House
from tests.ticketing.emulators.serving import running
from tests.ticketing.emulators.ticketmatic import Ticketmatic
from tests.ticketing.emulators.tixly import Tixly
from tests.warehouse.tickets.reading import checksums

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db]
ALL = "a test looks at everything"
SOLD, CANCELLED = 1, 3


@pytest.fixture
def houses(settings, monkeypatch, tmp_path):
    settings.PRIVATE_CALLS, settings.PSEUDONYM_KEYS = True, tmp_path / "keys"
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    monkeypatch.setattr(asking, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(ticketmatic_client, "PAGE", 20)
    monkeypatch.setattr(ticketmatic_orders, "PAGE", 20)
    with running(Tixly(page_size=40, repeats=True)) as tixly, running(Ticketmatic()) as ticketmatic:
        made = [House(tixly, "tixly"), House(ticketmatic, "ticketmatic")]
        for one in made:
            one.open()
        yield made


def in_the_facts(home, source: int) -> tuple[Counter, int]:
    """(performance, state, kind, cents, area, has a buyer) → tickets of a source, and how many buyers there are."""
    rows = []
    with open_tickets(home) as facts:
        for season in facts.seasons():
            found = facts.connection.execute(
                f"SELECT performance, state, kind, price_cents, pc4, buyer FROM ticket_{season} WHERE source = {int(source)}"
            )
            rows += found.fetchall()
    return Counter((*row[:5], row[5] != 0) for row in rows), len({row[5] for row in rows} - {0})


def read_until_done(house: House) -> None:
    house.system.failures = []
    house.system.tick(300)
    assert house.orders_read().trouble == ""


def test_two_feeds_end_in_exactly_these_facts(houses, settings):
    home, chance = settings.WAREHOUSE_HOME, random.Random(26)
    for turn in range(24):
        for house in houses:
            for _ in range(chance.randrange(3, 9)):
                house.act(chance)
                house.system.tick(chance.choice([0, 0, 1, 30, 4000]))
            if chance.random() < 0.3:
                house.system.failures = [503] * chance.randrange(1, 9)
            if chance.random() < 0.6:
                house.orders_read()
        if turn % 8 == 7:
            apply_orders(houses[0].system.now)
    for house in houses:
        read_until_done(house)
        apply_orders(house.system.now)
        source = TicketSource.objects.across_tenants(ALL).get(organisation_id=house.connection.organisation_id)
        found, people = in_the_facts(home, source.pk)
        assert found == Counter(house.expected())
        assert people == len({one[4] for one in house.truth.values()} - {None})
        assert any(one[1] == CANCELLED for one in house.truth.values())
    assert not LandedBatch.objects.across_tenants(ALL).exclude(state="applied", conflict_count=0).exists()

    answers_are_those_of_the_box_office(houses)
    nothing_moves_when_it_is_all_told_again(houses, home)


def answers_are_those_of_the_box_office(houses) -> None:
    """The theatre's own answer: tickets sold and orders of the performance, rounded to five; the other evening is told apart."""
    for house in houses:
        evening = Performance.objects.select_related("theatre__organisation", "production").get(pk=house.performance)
        year = season_year(evening.performance_date)
        scope = AudienceScope("production", dip_id=evening.production.dip_id, season_year=year)
        told = door.audience(make_access(evening.theatre.organisation), scope)
        sold = [ticket for ticket, one in house.truth.items() if one[:2] == [house.performance, SOLD]]
        assert told.tickets == 5 * round(len(sold) / 5)
        assert told.orders == 5 * round(len({house.orders[ticket] for ticket in sold}) / 5)
        apart = sum(one[:2] == [0, SOLD] for one in house.truth.values())
        running_season = season_year(house.system.now.date())
        mine = AudienceScope("theatre", theatre_id=evening.theatre_id, season_year=running_season)
        assert door.audience(make_access(evening.theatre.organisation), mine).unmatched_tickets == 5 * round(apart / 5)


def nothing_moves_when_it_is_all_told_again(houses, home) -> None:
    """Both systems tell everything from their beginning once more, and the facts are made anew: the same rows, the same files."""
    tend(houses[0].system.now)
    before = checksums(home)
    for house in houses:
        type(house.connection.order_feed).objects.across_tenants(ALL).filter(connection=house.connection).update(cursor="")
        assert house.orders_read().rows > 0
        apply_orders(house.system.now)
    rebuild_orders(houses[0].system.now)
    tend(houses[0].system.now)
    assert checksums(home) == before

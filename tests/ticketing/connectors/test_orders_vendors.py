"""Two theatres with Ticketmatic and Tixly: retries, duplicates, corrections and cancellations end in exactly the tickets that there are."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from dip.kernel.identifiers import performance_dip_id
from dip.registry.terms import Role
from dip.ticketing import asking
from dip.ticketing.actions.connections import create_connection
from dip.ticketing.actions.order_feeds import deliver_orders
from dip.ticketing.actions.readings import read_connection
from dip.ticketing.connector import Account, UnableToRead
from dip.ticketing.connectors.ticketmatic import client as ticketmatic_client
from dip.ticketing.connectors.ticketmatic import orders as ticketmatic_orders
from dip.ticketing.connectors.ticketmatic.reading import Ticketmatic as TicketmaticConnector
from dip.ticketing.connectors.tixly.reading import Tixly as TixlyConnector
from dip.ticketing.models import Connection, PerformanceSales
from dip.ticketing.rules.pacing import Cause
from dip.warehouse.actions import feeding
from dip.warehouse.models import LandedBatch
from dip.warehouse.store import landing as files
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_organisation
from tests.ticketing.emulators.serving import running
from tests.ticketing.emulators.ticketmatic import Ticketmatic
from tests.ticketing.emulators.tixly import Tixly, starts

pytestmark = pytest.mark.django_db
ALL = "a test looks at everything"
NAMES = {"Normaal": (1, 2750), "CJP": (2, 2000), "Vrijkaart": (3, 0)}
NUMBERS = {"Normaal": 11, "CJP": 12, "Vrijkaart": 13}


@pytest.fixture(autouse=True)
def permitted(settings, monkeypatch, tmp_path):
    settings.PRIVATE_CALLS, settings.PSEUDONYM_KEYS = True, tmp_path / "keys"
    monkeypatch.setattr(asking, "PAUSES", (0.01, 0.02))


@dataclass
class House:
    """A theatre with its invented system; ``truth`` is what is known of each ticket by who did it: (performance, state, kind, cents, buyer)."""

    system: Any
    vendor: str
    performance: int = 0
    connection: Any = None
    linked: int = 0
    unlinked: int = 0
    people: list[int] = field(default_factory=list)
    truth: dict[int, list[Any]] = field(default_factory=dict)
    orders: dict[int, int] = field(default_factory=dict)

    def open(self) -> None:
        organisation = make_organisation(Role.THEATRE)
        begins = starts(self.system) + timedelta(days=1500)  # later than all that happens here
        performance = make_performance(make_production(), make_hall(make_theatre(organisation)), starts_at=begins)
        self.performance = performance.pk
        dip_id = performance_dip_id(performance.production.dip_id, performance.pk)
        self.linked = self.system.add_event(begins, dip_id=dip_id)
        self.unlinked = self.system.add_event(begins + timedelta(days=9))
        self.people = [self.system.add_customer(f"bezoeker{n}@vlonder.example") for n in range(5)]
        access = make_access(organisation)
        self.connection = create_connection(
            access=access, at=self.system.now, vendor=self.vendor, name="Kassa", address=self.system.address, account=self.system.account,
            secret=self.system.token,
        )  # fmt: skip
        deliver_orders(access=access, at=self.system.now, connection_id=self.connection.pk, consent="statistics")
        assert self.figures().trouble == ""

    def figures(self):
        return read_connection(connection_id=self.connection.pk, clock=lambda: self.system.now, cause=Cause.CLOCK)

    def orders_read(self) -> feeding.Fed:
        return feeding.read_orders(connection_id=self.connection.pk, clock=lambda: self.system.now)

    def act(self, chance: random.Random) -> None:
        """Something happens at the box office."""
        sold = [ticket for ticket, one in self.truth.items() if one[1] == 1]
        what = chance.choice(["sell", "sell", "sell", "return", "correct", "correct"]) if sold else "sell"
        if what == "sell":
            order = 1000 + len(self.truth) // 3
            kind = chance.choice(list(NAMES))
            ticket, person = (
                100 + len(self.truth),
                chance.choice([*self.people, None]) if order not in self.orders.values() else self.who(order),
            )
            event = self.linked if order % 5 else self.unlinked
            code = kind if self.vendor == "tixly" else NUMBERS[kind]
            self.system.sell(event, ticket, order, code, person)
            self.orders[ticket] = order
            self.truth[ticket] = [self.performance if order % 5 else 0, 1, *NAMES[kind], person]
            return
        ticket = chance.choice(sold)
        where = () if self.vendor == "tixly" else (self.orders[ticket],)
        if what == "return":
            self.system.give_back(*where, ticket)
            self.truth[ticket][1] = 3
        else:
            kind = chance.choice(list(NAMES))
            self.system.correct(*where, ticket, kind if self.vendor == "tixly" else NUMBERS[kind])
            self.truth[ticket][2:4] = NAMES[kind]

    def who(self, order: int) -> int | None:
        return next(self.truth[ticket][4] for ticket, of in self.orders.items() if of == order)

    def expected(self) -> list[tuple[Any, ...]]:
        return sorted((*one[:4], 0 if one[4] is None else 3811, one[4] is not None) for one in self.truth.values())

    def landed(self, settings) -> dict[int, dict[str, Any]]:
        newest: dict[int, dict[str, Any]] = {}
        batches = LandedBatch.objects.across_tenants(ALL).filter(source__organisation_id=self.connection.organisation_id)
        for batch in batches.exclude(file="").order_by("pk"):
            columns = {name: column.tolist() for name, column in files.read(settings.WAREHOUSE_HOME, batch.file).items()}
            for values in zip(*columns.values(), strict=True):
                row = dict(zip(columns, values, strict=True))
                held = newest.get(row["ticket"])
                assert held is None or row["version"] != held["version"] or row["content"] == held["content"], (
                    "equal version, other content"
                )
                if held is None or row["version"] > held["version"]:
                    newest[row["ticket"]] = row
        return newest


@pytest.fixture(params=[11])
def houses(request):
    with running(Tixly(page_size=40, repeats=True)) as tixly, running(Ticketmatic()) as ticketmatic:
        made = [House(tixly, "tixly"), House(ticketmatic, "ticketmatic")]
        for one in made:
            one.open()
        yield made, random.Random(request.param)


@pytest.mark.slow
def test_two_theatres_end_in_exactly_their_tickets(houses, settings, monkeypatch):
    made, chance = houses
    monkeypatch.setattr(ticketmatic_client, "PAGE", 20)
    monkeypatch.setattr(ticketmatic_orders, "PAGE", 20)
    for _ in range(35):
        for house in made:
            for _ in range(chance.randrange(1, 6)):
                house.act(chance)
                house.system.tick(chance.choice([0, 0, 1, 30, 4000]))
            if chance.random() < 0.2:
                house.system.tick(86_400 * 40)  # what is returned next was sold months ago
            if chance.random() < 0.3:
                house.system.failures = [503] * chance.randrange(1, 9)
            if chance.random() < 0.6:
                house.orders_read()
    for house in made:
        house.system.failures = []
        house.system.tick(300)
        assert house.orders_read().trouble == ""
        found = house.landed(settings)
        rows = [
            (row["performance"], row["state"], row["kind"], row["price_cents"], row["pc4"], row["buyer"] != 0)
            for row in found.values()
        ]
        assert sorted(rows) == house.expected()
        people = {one[4] for one in house.truth.values()} - {None}
        assert len({row["buyer"] for row in found.values()} - {0}) == len(people)
        assert {row["scope"] for row in found.values() if row["buyer"]} == {2}
        assert {row["birth"] for row in found.values() if row["buyer"]} == {1985}
        assert {row["gender"] for row in found.values()} == {0}  # no ground was stated
        assert {row["band"] for row in found.values()} == {2}
        conflicts = [b for b in LandedBatch.objects.across_tenants(ALL) if "conflict" in b.verdict_counts]
        assert conflicts == []
    tixly, ticketmatic = (set(row["buyer"] for row in house.landed(settings).values()) - {0} for house in made)
    assert tixly & ticketmatic  # the same address is the same buyer at both theatres
    for house in made:  # the figures for the Sales Monitor agree with the tickets
        Connection.objects.across_tenants(ALL).update(cursor="", calendar_due_at=house.system.now)
        assert house.figures().trouble == ""
        found = PerformanceSales.objects.across_tenants(ALL).get(pk=house.performance)
        sold = [one for one in house.truth.values() if one[:2] == [house.performance, 1]]
        assert found.sold + found.free_tickets == len(sold)
        assert found.recette_cents == sum(one[3] for one in sold)


def test_nothing_is_asked_that_tells_who_a_buyer_is_when_buyers_do_not_count():
    with running(Tixly()) as tixly:
        event = tixly.add_event(starts(tixly))
        tixly.sell(event, 1, 1, "Normaal", tixly.add_customer("noor@vlonder.example"))
        source = TixlyConnector(Account(tixly.address, tixly.account, tixly.token))
        cursor, rows, done = "", [], False
        while not done:
            page = source.orders(cursor)
            cursor, done, rows = page.cursor, page.done, [*rows, *page.rows]
        assert [(row.consent, row.customer, row.postcode) for row in {row.ticket: row for row in rows}.values()] == [
            ("none", None, None)
        ]
        assert not any(path.endswith("/customers") for path in tixly.asked)


def test_reservations_channels_fees_promotions_and_visits_of_ticketmatic():
    with running(Ticketmatic()) as system:
        event = system.add_event(starts(system))
        system.sell(event, 1, 1, 11, None, paid=False)
        system.sell(event, 2, 2, 12, None, accesscontrolstatus=2, vouchercodeid=7)
        system.orders[2].update(saleschannelid=3, ordercosts=[{"amount": 2.5}])
        system.sell(event, 3, 3, 11, None)
        system.orders[3]["status"] = 21001
        system.tick()
        page = TicketmaticConnector(Account(system.address, system.account, system.token)).orders("")
    assert [(row.ticket, row.state, row.channel, row.fee_cents, row.promo, row.attended) for row in page.rows] == [
        ("1", "reserved", "online", 125, False, None), ("2", "sold", "Gids", 375, True, True),
    ]  # fmt: skip
    assert page.done


@pytest.mark.parametrize(("made", "opened"), [(Tixly, TixlyConnector), (Ticketmatic, TicketmaticConnector)])
@pytest.mark.parametrize(
    ("status", "trouble"), [(401, "credentials"), (403, "rights"), (404, "address"), (429, "limit"), (503, "away"), (418, "answer")]
)
def test_every_failure_is_told_as_a_trouble(made, opened, status, trouble):
    with running(made()) as system:
        system.failures = [status] * 3
        with pytest.raises(UnableToRead) as told:
            opened(Account(system.address, system.account, system.token)).orders("")
        assert told.value.trouble == trouble
        assert system.token not in told.value.detail
        system.failures = []
        with pytest.raises(UnableToRead) as told:
            opened(Account(system.address, system.account, "AK-TESTS:wrong")).orders("")
        assert told.value.trouble == "credentials"

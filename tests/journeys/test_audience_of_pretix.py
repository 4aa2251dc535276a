"""An order placed at the real pretix is in the Audience Monitor without a hand, whatever becomes of it."""

import random
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dip.kernel.clock import now
from dip.kernel.identifiers import performance_dip_id
from dip.registry.terms import Role
from dip.ticketing.actions.connections import create_connection
from dip.ticketing.actions.order_feeds import deliver_orders
from dip.ticketing.actions.readings import read_connection
from dip.ticketing.connector import Account
from dip.ticketing.connectors.pretix.reading import Pretix
from dip.ticketing.models import OrderFeed
from dip.ticketing.rules.pacing import Cause
from dip.warehouse.actions import feeding
from dip.warehouse.jobs.orders import start_orders
from dip.warehouse.models import LandedBatch
from dip.warehouse.store import landing as files
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_client_login, make_organisation
from tests.journeys import pretix

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TITLE, ALL = "Veerpont naar Lissabon", "a test looks at everything"
SOLD, RESERVED, CANCELLED = 1, 2, 3


@pytest.fixture(scope="module")
def box() -> Iterator[pretix.Box]:
    with pretix.lent() as found:
        found.open_series(TITLE)
        yield found
        found.call("PATCH", f"events/{found.event}/", {"live": False})


@pytest.fixture
def stage(settings, tmp_path, box):
    """A connected theatre with an evening that pretix knows by its DIP-id, and one that it does not."""
    settings.PRIVATE_CALLS, settings.PSEUDONYM_KEYS = True, tmp_path / "keys"
    organisation = make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(organisation), capacity=90)
    production = make_production(title=TITLE)
    base = (now() + timedelta(days=40)).replace(hour=19, minute=15, second=0, microsecond=0)
    evenings = [make_performance(production, hall, starts_at=base + timedelta(days=n), at=now()) for n in range(2)]
    ids = [performance_dip_id(production.dip_id, evenings[0].pk), ""]
    dates = [box.add_date(TITLE, one.starts_at, dip_id) for one, dip_id in zip(evenings, ids, strict=True)]
    box.go_live()
    access = make_access(organisation)
    connection = create_connection(
        access=access, at=now(), vendor="pretix", name="Kassa", address=pretix.ADDRESS, account=box.organizer, secret=box.reader
    )
    deliver_orders(access=access, at=now(), connection_id=connection.pk, consent="statistics")
    read_connection(connection_id=connection.pk, clock=now, cause=Cause.CLOCK)
    yield connection, evenings, dates
    box.clear_ids()


def read(connection) -> feeding.Fed:
    found = feeding.read_orders(connection_id=connection.pk, clock=now)
    assert found is not None
    assert found.trouble == ""
    return found


def newest(settings, performance: int) -> dict[int, dict]:
    """The newest version of each ticket of a performance that landed, by its key."""
    found: dict[int, dict] = {}
    for batch in LandedBatch.objects.across_tenants(ALL).exclude(file="").order_by("pk"):
        columns = {name: column.tolist() for name, column in files.read(settings.WAREHOUSE_HOME, batch.file).items()}
        for values in zip(*columns.values(), strict=True):
            row = dict(zip(columns, values, strict=True))
            if row["performance"] == performance and row["version"] >= found.get(row["ticket"], row)["version"]:
                found[row["ticket"]] = row
    return found


def counted(rows: dict[int, dict]) -> list[tuple[int, int]]:
    return sorted((row["state"], row["price_cents"]) for row in rows.values())


def place(box, date: int, *kinds: str, status: str = "p", voucher: str = "", **over) -> str:
    """An order with a buyer's address, and what a test changes of it."""
    positions = [
        {"positionid": n, "item": box.item, "variation": box.variations[kind], "addon_to": None, "answers": [], "subevent": date}
        | ({"voucher": voucher} if voucher else {})
        for n, kind in enumerate(kinds, 1)
    ]
    body = {
        "email": "Noor.Dijkema@Vlonder.example", "locale": "nl", "status": status, "sales_channel": "web", "send_email": False,
        "positions": positions, "payment_provider": "banktransfer",
        "fees": [{"fee_type": "service", "value": "1.50", "description": "", "internal_type": "", "tax_rule": None}],
        "invoice_address": {"name_parts": {"full_name": "Noor Dijkema"}, "is_business": False, "company": "", "street": "Kadestraat 7",
                            "zipcode": "3811 AB", "city": "Vlonder", "country": "NL", "vat_id": "", "internal_reference": ""},
    } | over  # fmt: skip
    return str(box.call("POST", f"events/{box.event}/orders/", body)["code"])


def test_an_order_and_everything_that_becomes_of_it_lands(stage, box, settings, run_jobs, monkeypatch):
    connection, (evening, unknown), (date, other) = stage
    place(box, date, "Normaal", "CJP")
    OrderFeed.objects.across_tenants(ALL).update(due_at=now())
    start_orders.defer(timestamp=0)
    run_jobs()  # the minute's job finds the feed due and puts its reading in the queue, which runs
    found = newest(settings, evening.pk)
    assert counted(found) == [(SOLD, 2250), (SOLD, 3250)]
    (one, two) = found.values()
    assert (one["buyer"], one["scope"], one["pc4"], one["country"], one["channel"]) == (two["buyer"], 2, 3811, 528, 1)
    assert {row["kind"] for row in found.values()} == {1, 2}
    assert sorted(row["fee_cents"] for row in found.values()) == [75, 75]

    place(box, date, "Vrijkaart")
    reserved = place(box, date, "65+", status="n")
    box.cancel(place(box, date, "Normaal"))
    against_fee, part = place(box, date, "CJP"), place(box, date, "Normaal", "65+")
    box.cancel(against_fee, fee="2.50")
    box.cancel_last(part)
    scanned = place(box, date, "CJP", locale="en")
    place(box, date, "Normaal", testmode=True)
    box.order(date, "Normaal", books=2)
    code = f"TIEN{random.randrange(10**6)}"
    voucher = {"code": code, "max_usages": 9, "price_mode": "percent", "value": "10.00", "item": box.item, "subevent": date}
    box.call("POST", f"events/{box.event}/vouchers/", voucher)
    place(box, date, "Normaal", voucher=code)
    place(box, other, "Normaal", "Normaal")
    read(connection)
    found = newest(settings, evening.pk)
    assert counted(found) == sorted([
        (SOLD, 2250), (SOLD, 3250), (SOLD, 0), (RESERVED, 2800), (CANCELLED, 3250), (CANCELLED, 2250), (SOLD, 3250), (CANCELLED, 2800),
        (SOLD, 2250), (SOLD, 3250), (SOLD, 2925),
    ])  # fmt: skip
    gone = [row for row in found.values() if row["state"] == CANCELLED]
    hour = int(time.time()) // 3600
    assert all(row["cancelled_hour"] in (hour - 1, hour) for row in gone)
    assert [row["list_cents"] for row in found.values() if row["price_cents"] == 2925] == [3250]
    assert len(newest(settings, 0)) >= 2  # the evening without a DIP-id waits, unmatched
    assert not newest(settings, unknown.pk)

    secret = box.of(scanned)["positions"][0]["secret"]
    lists = box.call(
        "POST", f"events/{box.event}/checkinlists/", {"name": "Deur", "all_products": True, "limit_products": [], "subevent": date}
    )
    box.call(
        "POST",
        "checkinrpc/redeem/",
        {"lists": [lists["id"]], "secret": secret, "source_type": "barcode", "type": "entry", "force": True, "nonce": secret[:20]},
    )
    read(connection)
    assert [row["state"] for row in newest(settings, evening.pk).values() if row["attended"] == 2] == [SOLD]
    box.pay(reserved)
    read(connection)
    assert RESERVED not in {row["state"] for row in newest(settings, evening.pk).values()}

    held = subprocess.run(
        ["grep", "-rilaE", "dijkema|kadestraat|koper@example", str(settings.WAREHOUSE_HOME)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert held.stdout == ""


def test_one_more_order_at_the_box_office_moves_the_page(stage, box, settings, run_jobs, client):
    """Figures are rounded to five: of seventeen orders the page says 15, and the eighteenth makes it 20. Nobody does anything here."""
    connection, (evening, _unknown), (date, _other) = stage
    make_client_login(client, connection.organisation)

    def told() -> tuple[str, str]:
        """(Orders, tickets) as the page of the theatre says; "" where it tells none."""
        answer = client.get(f"/audience/theatres/{evening.theatre_id}/")
        assert answer.status_code == 200
        found = re.search(r"(\d+) orders by (?:\d+ buyers|.*?) for (\d+) tickets", " ".join(answer.content.decode().split()))
        return found.groups() if found else ("", "")

    def work() -> None:
        """What the clock does every minute: the feed is due, its reading goes into the queue, and what it lands is applied."""
        OrderFeed.objects.across_tenants(ALL).update(due_at=now())
        start_orders.defer(timestamp=0)
        run_jobs()

    assert told() == ("", "")
    for number in range(17):
        place(box, date, "Normaal", email=f"bezoeker{number}@vlonder.example")
    work()
    assert told() == ("15", "15")
    place(box, date, "Normaal", "CJP", email="bezoeker17@vlonder.example")
    work()
    assert told() == ("20", "20")
    batches = LandedBatch.objects.across_tenants(ALL)
    assert not batches.exclude(state="applied").exists()


def test_every_order_of_the_installation_comes_once_and_at_a_pace(stage, box):
    source = Pretix(Account(pretix.ADDRESS, box.organizer, box.reader, pseudonym=lambda _text: "p", consent="statistics"))
    cursor, done, found, started = "", False, {}, time.monotonic()
    while not done:
        page = source.orders(cursor)
        cursor, done = page.cursor, page.done
        found |= {row.ticket: row for row in page.rows}
    took = time.monotonic() - started
    orders = len({row.order for row in found.values()})
    print(f"{orders} orders, {len(found)} tickets, {source.requests} questions, {orders / took:.0f} orders/s")
    assert orders > 10
    assert orders / took > 5
    assert not any(row.email for row in found.values())

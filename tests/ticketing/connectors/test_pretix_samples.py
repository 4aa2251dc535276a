"""The connector's readers on answers of the real pretix, recorded."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dip.ticketing.connectors.pretix.calendar import read_performance, read_products
from dip.ticketing.connectors.pretix.hooks import read_hint
from dip.ticketing.connectors.pretix.orders import count_orders
from dip.ticketing.connectors.pretix.seats import read_quota, seating

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "pretix"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded answers of pretix are not beside this checkout")


def sample(name):
    found = json.loads((SAMPLES / f"{name}.json").read_text())
    return found["results"] if isinstance(found, dict) and "results" in found else found


def test_one_order_of_each_status():
    products = read_products(sample("items_krekel"))
    orders = sample("orders_minimised_one_of_each_status")
    # the recorded products are of one event only; those of the other have the same form, three numbers on
    for number in (1, 2):
        other = products[number]
        shift = {key + 8: name for key, name in other.variations.items()}
        products[number + 3] = other._replace(id=number + 3, variations=shift)
    for status, order in orders.items():
        for one in order["positions"]:
            one["discount"] = one.get("discount")
        order.setdefault("require_approval", False)
        expected = Counter(
            (order["event"], one["subevent"])
            for one in order["positions"]
            if order["status"] == "p" and not one["canceled"] and one["item"] not in (3, 6)
        )
        places = {one["subevent"] for one in order["positions"]}
        got = {place: count_orders([order], place, products, {}) for place in places}
        assert sum(one.sold for one in got.values()) == sum(expected.values()), status
        assert sum(one.reserved for one in got.values()) == sum(
            order["status"] == "n" and not one["canceled"] and one["item"] not in (3, 6) for one in order["positions"]
        )


def test_the_calendar_of_series_and_single_events():
    events = {row["slug"]: row for row in sample("events")}
    now = datetime(2026, 11, 20, tzinfo=UTC)
    dates = [read_performance(row, events["hamlet"], now) for row in sample("subevents")]
    assert [one.ref for one in dates] == ["hamlet/1", "hamlet/2", "hamlet/3"]
    assert dates[0].dip_id == "dip:perf:0190-hamlet-1"
    assert dates[0].starts_at == datetime(2026, 12, 13, 4, 0, tzinfo=UTC)
    single = read_performance(events["krekel"], events["krekel"], now)
    assert (single.ref, single.title, single.dip_id) == ("krekel", "De Krekel", "dip:perf:0190-krekel-1")


def test_seats_of_a_single_event():
    products = read_products(sample("items_krekel"))
    quotas = [read_quota(row, products) for row in sample("quotas_krekel_with_availability")]
    cells = frozenset(cell for product in products.values() if product.admits for cell in product.cells())
    found = seating(quotas, cells)
    assert (found.capacity, found.available) == (700, 86 + 168)  # the programme book's quota without limit counts for nothing


def test_every_recorded_webhook_is_a_hint():
    payloads = sample("webhook_payloads_one_per_action")
    bodies = [one.get("body", one) for one in (payloads.values() if isinstance(payloads, dict) else payloads)]
    hints = {body["action"]: read_hint(body) for body in bodies}
    assert hints["pretix.event.order.placed"].figures
    assert hints["pretix.event.order.placed"].account == "stadsschouwburg"
    assert not any(getattr(hints.get("pretix.event.checkin"), what, False) for what in ("figures", "seats", "calendar"))
    assert all(hint is not None for hint in hints.values())

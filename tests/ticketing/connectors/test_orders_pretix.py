"""Orders of pretix on the invented system: every fate of a ticket, nothing of a person, and no order lost while they change."""

from datetime import timedelta

import pytest

from dip.ticketing.connector import Account, OrderSource, UnableToRead
from dip.ticketing.connectors.pretix import tickets
from dip.ticketing.connectors.pretix.reading import Pretix
from dip.ticketing.connectors.pretix.tickets import BIRTH_QUESTIONS
from dip.ticketing.rules.order_fields import birth_year, in_cents, price_band, spread
from tests.ticketing.connectors.till import Failure, Till

BUYER = {
    "email": "Noor.Dijkema@Vlonder.Example", "customer": None, "locale": "nl-informal", "cancellation_date": None,
    "invoice_address": {"zipcode": "3811 AB", "country": "NL"}, "fees": [{"value": "2.50"}],
}  # fmt: skip


def place(till: Till, date: int, *variations: int, **over) -> str:
    """An order as its tickets are asked for."""
    code = till.order(date, *variations, **BUYER | over)
    for number, one in enumerate(till.of(code)["positions"], 1):
        one.update(id=len(till.orders) * 100 + number, voucher=None, answers=[], checkins=[])
    return code


def reader(till: Till, **over) -> Pretix:
    made = {"pseudonym": lambda text: f"p1 of {text.lower()}" if text else "", "consent": "statistics"} | over
    return Pretix(Account(till.address, till.account, till.token, **made))


def read(source: OrderSource, cursor: str = "") -> tuple[dict[str, tickets.TicketRow], str, int]:
    """The newest row of each ticket, the cursor, and how many pages."""
    found, pages, done = {}, 0, False
    while not done:
        page = source.orders(cursor)
        cursor, done, pages = page.cursor, page.done, pages + 1
        found |= {row.ticket: row for row in page.rows}
    return found, cursor, pages


@pytest.fixture
def evening(till):
    return till.add_date(till.now + timedelta(days=30), dip_id="NL-26-00001-00001|1")


@pytest.fixture(autouse=True)
def ledger(monkeypatch):
    """Lines of the ledger with the number of their position and their moment."""
    plain = Till._line

    def line(self, code, one, count):
        plain(self, code, one, count)
        self.lines[-1] |= {"positionid": one["positionid"], "datetime": self.lines[-1]["created"]}

    monkeypatch.setattr(Till, "_line", line)
    lines = Till._lines
    monkeypatch.setattr(
        Till, "_lines", lambda self, asked: [one for one in lines(self, asked) if asked.get("order", one["order"]) == one["order"]]
    )


def test_a_row_tells_the_ticket_and_nobody(till, evening):
    code = place(till, evening, 1, 2)
    order = till.of(code)
    order["positions"][0]["answers"] = [
        {"question_identifier": "NAAM", "answer": "Noor Dijkema"}, {"question_identifier": "GEBJAAR", "answer": "1987"},
    ]  # fmt: skip
    order["positions"][1]["checkins"] = [{"type": "entry"}]
    found, _, _ = read(reader(till))
    first, second = found.values()
    assert (first.order, first.event, first.state, first.source_kind, first.kind) == (
        f"trein/{code}", "trein/1", "sold", "Normaal", "",
    )  # fmt: skip
    assert (first.price_cents, first.list_price_cents, first.fee_cents, first.vat_rate, first.price_band) == (
        2500,
        2500,
        125,
        900,
        1,
    )
    assert (first.sold_at, first.changed_at) == (order["datetime"], order["last_modified"])
    assert (first.channel, first.promo, first.attended, second.attended) == ("online", False, None, True)
    assert (first.buyer_pseudonym, first.email, first.customer) == ("p1 of noor.dijkema@vlonder.example", None, None)
    assert (first.postcode, first.country, first.birth_year, first.language) == ("3811 AB", "NL", 1987, "nl")
    assert "Dijkema" not in repr(found)


@pytest.mark.parametrize(
    ("status", "canceled", "state"),
    [
        ("p", False, "sold"),
        ("n", False, "reserved"),
        ("p", True, "cancelled"),
        ("c", False, "cancelled"),
        ("e", False, "cancelled"),
    ],
)
def test_every_fate(till, evening, status, canceled, state):
    code = place(till, evening, 1)
    till.of(code)["positions"][0]["canceled"] = canceled
    till.change(code, status=status)
    (row,) = read(reader(till))[0].values()
    assert row.state == state


def test_the_moment_of_one_position_comes_from_the_ledger_and_of_an_order_from_itself(till, evening):
    part, whole = place(till, evening, 1, 1), place(till, evening, 2)
    till.cancel_position(part, 2)
    left = till.lines[-1]["datetime"]
    till.tick(3600)
    till.of(part)["last_modified"] = till.tick()  # a check-in of the other one
    till.change(whole, status="c", cancellation_date="2026-11-02T10:00:00+01:00")
    found = list(read(reader(till))[0].values())
    assert [(row.state, row.cancelled_at) for row in found] == [
        ("sold", None), ("cancelled", left), ("cancelled", "2026-11-02T10:00:00+01:00"),
    ]  # fmt: skip
    assert [row.fee_cents for row in found] == [250, 0, 250]


def test_test_orders_books_and_who_is_not_to_be_counted_are_left_out(till, evening):
    place(till, evening, 1, testmode=True)
    place(till, evening, 1, 0)
    (row,) = read(reader(till, consent="none"))[0].values()
    assert (row.consent, row.buyer_pseudonym, row.postcode, row.country, row.language) == ("none", None, None, None, None)


def test_vouchers_discounts_free_tickets_guests_and_channels(till, evening):
    codes = [place(till, evening, one) for one in (1, 1, 3)]
    voucher, discount = (till.of(code)["positions"][0] for code in codes[:2])
    voucher.update(voucher=4, voucher_budget_use="5.00", price="20.00")
    discount.update(discount=2, price="21.00")
    till.of(codes[0]).update(email="", customer="K-1", sales_channel="api.kassa")
    first, second, third = read(reader(till))[0].values()
    assert (first.source_kind, first.list_price_cents, first.promo, first.channel) == ("Normaal (voucher)", 2500, True, "api.kassa")
    assert (first.buyer_pseudonym, first.customer) == (None, "K-1")
    assert (second.source_kind, second.list_price_cents, second.promo) == ("Normaal (discount)", None, True)
    assert (third.kind, third.price_cents) == ("free", 0)


def test_nothing_is_lost_or_asked_twice_while_orders_change(till, evening):
    codes = [place(till, evening, 1) for _ in range(120)]
    for first in (0, 40, 80):  # a page never ends where a moment does
        same = till.of(codes[first])["last_modified"]
        for code in codes[first : first + 40]:
            till.of(code)["last_modified"] = same
    moved = iter(codes[:6])

    def change(path, asked):
        if path.endswith("/orders/") and (code := next(moved, None)):
            till.of(code)["last_modified"] = till.tick()

    till.before = change
    source = reader(till)
    found, cursor, pages = read(source)
    till.before = None
    assert {row.order for row in found.values()} == {f"trein/{code}" for code in codes}
    assert pages <= 8
    again, _, _ = read(source, cursor)
    assert set(again) <= set(found)
    till.tick(300)
    _, cursor, _ = read(source, cursor)
    asked = source.requests
    assert read(source, cursor)[0] == {}
    assert source.requests == asked + 1


def test_more_orders_of_one_moment_than_fit_a_page_are_paged(till, evening):
    codes = [place(till, evening, 1) for _ in range(120)]
    for code in codes:
        till.of(code)["last_modified"] = till.orders[0]["last_modified"]
    assert len(read(reader(till))[0]) == 120


def test_a_page_that_is_gone_is_asked_from_its_beginning(till, evening):
    place(till, evening, 1)
    since = till.orders[0]["last_modified"]
    till.failures = [Failure(404, '{"detail": "Invalid page."}')]
    found, _, _ = read(reader(till), f"{since} 2 {till.now.isoformat()}")
    assert len(found) == 1


def test_an_answer_of_another_shape_is_trouble(till, evening):
    place(till, evening, 1)
    del till.orders[0]["positions"]
    with pytest.raises(UnableToRead, match="answer"):
        reader(till).orders("")


def test_words_of_orders():
    assert [price_band(name) for name in ("Rang 2", "rang 10", "Balkon", "Parterre rij 3", "Zone 11")] == [2, 10, None, None, None]
    assert birth_year(["onbekend", "1987-05-01", "1999"]) == 1987
    assert birth_year(["2³", "87"]) is None
    assert (spread(250, 3), spread(5, 0), in_cents(32.5), in_cents(None)) == ([84, 83, 83], [], 3250, 0)
    assert all(one.isupper() for one in BIRTH_QUESTIONS)

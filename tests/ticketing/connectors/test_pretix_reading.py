"""The connector to pretix against the invented system: its traps, its pages that shift, its failures."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dip.ticketing import asking
from dip.ticketing.connector import SalesStatus, Trouble, UnableToRead
from dip.ticketing.connectors.pretix import client
from dip.ticketing.connectors.pretix.reading import Pretix
from tests.ticketing.connectors.till import Failure, position


@pytest.fixture
def date(till):
    """One date of the series a month ahead, 100 seats."""
    return till.add_date(till.now + timedelta(days=30), dip_id="NL-26-00123-00001|100001")


def state(till, date=1, **over):
    (found,) = Pretix(till.as_account(**over)).snapshots(frozenset({f"trein/{date}"}))
    return found


def tickets(snapshot):
    found = {}
    for line in snapshot.lines:
        count = found.setdefault(line.kind, [0, 0])
        count[0] += line.tickets
        count[1] += line.gross_cents
    return {kind: tuple(count) for kind, count in found.items()}


def trouble_of(call):
    with pytest.raises(UnableToRead) as caught:
        call()
    return caught.value


def test_paid_is_sold_pending_is_reserved_and_the_rest_is_nothing(till, date):
    till.order(date, 1, 1, 2, 3)
    till.order(date, 1, 2, status="n")
    till.order(date, 1, status="e")
    till.order(date, 1, 1, testmode=True)
    till.order(date, 0, 0)  # programme books
    found = state(till)
    assert tickets(found) == {"normal": (2, 5000), "discount": (1, 2000), "free": (1, 0)}
    assert (found.reserved, found.reserved_cents, found.own_total) == (2, 4500, 6)
    assert (found.capacity, found.available, found.blocked) == (100, 94, 0)
    assert Pretix(till.as_account()).tallies(frozenset({"trein/1"})) == {"trein/1": 6}


def test_an_order_that_was_cancelled_as_a_whole_keeps_its_positions(till, date):
    code = till.order(date, 1, 1)
    till.change(code, status="c")
    assert not till.of(code)["positions"][0]["canceled"]
    assert state(till).lines == ()


def test_an_order_that_was_cancelled_against_a_fee_stays_paid(till, date):
    code = till.order(date, 1, 1)
    till.cancel_position(code, 1)
    till.cancel_position(code, 2)
    till.change(code, fees=[{"fee_type": "cancellation", "value": "2.50"}])
    assert till.of(code)["status"] == "p"
    assert state(till).lines == ()


def test_a_late_payment_and_a_part_of_an_order_that_is_cancelled(till, date):
    code = till.order(date, 1, 1, 2, status="n")
    till.cancel_position(code, 3)
    assert (state(till).reserved, state(till).lines) == (2, ())
    till.change(code, status="p")
    assert tickets(state(till)) == {"normal": (2, 5000)}
    assert state(till).reserved == 0


def test_the_theatres_own_kinds_count_before_a_guess_and_nothing_paid_is_free(till, date):
    till.order(date, 1, 2)
    till.orders[-1]["positions"].append(position(date, 1, 3, price="0.00", voucher_budget_use="25.00"))
    till.orders[-1]["positions"].append(position(date, 1, 4, price="20.00", voucher_budget_use="5.00"))
    found = state(till, kinds={"CJP": "other"})
    assert tickets(found) == {"normal": (1, 2500), "other": (1, 2000), "free": (1, 0), "discount": (1, 2000)}
    assert {line.source_kind for line in found.lines} == {"Normaal", "CJP", "Normaal (voucher)"}
    assert "CJP" not in found.quality["kind_guessed"]


def test_a_price_without_a_rate_gives_no_vat(till, date):
    till.order(date, 1)
    till.orders[-1]["positions"][0]["tax_rate"] = "0.00"
    found = state(till)
    assert found.lines[0].vat_cents is None
    assert "no_vat" in found.quality


def test_awaiting_approval_holds_a_seat_and_is_not_in_the_ledger(till, date):
    till.order(date, 1, status="n", require_approval=True)
    found = state(till)
    assert (found.reserved, found.own_total) == (1, 0)
    assert Pretix(till.as_account()).tallies(frozenset({"trein/1"})) == {"trein/1": 0}


def test_vouchers_that_withhold_places_are_blocked(till, date):
    till.vouchers[1] = 7
    till.order(date, 1)
    found = state(till)
    assert (found.blocked, found.available) == (7, 92)
    till.vouchers.clear()
    before = len(till.asked)
    assert state(till).blocked == 0
    assert not any("availability" in path for path in till.asked[before:])  # nothing is missing, so nothing is asked


def test_a_quota_without_limit_has_no_capacity(till):
    till.add_date(till.now + timedelta(days=3), size=None)
    found = state(till)
    assert (found.capacity, found.available) == (None, None)
    assert "capacity_unlimited" in found.quality


def test_more_sold_than_there_are_seats_is_told(till):
    till.add_date(till.now + timedelta(days=3), size=1)
    till.order(1, 1, 1)
    found = state(till)
    assert "oversold" in found.quality
    assert found.sales_status is SalesStatus.SOLD_OUT


@pytest.mark.parametrize(
    ("change", "ordered", "expected"),
    [
        ({}, False, SalesStatus.ON_SALE),
        ({"active": False}, False, SalesStatus.NOT_ON_SALE),
        ({"active": False}, True, SalesStatus.CANCELLED),
        ({"presale_start": timedelta(days=1)}, False, SalesStatus.NOT_ON_SALE),
        ({"presale_end": timedelta(days=-1)}, False, SalesStatus.CLOSED),
        ({"date_from": timedelta(hours=-1)}, False, SalesStatus.CLOSED),
    ],
)
def test_the_state_of_the_sale(till, date, change, ordered, expected):
    if ordered:
        till.change(till.order(date, 1), status="c")
    till.change_date(date, **{k: (till.now + v).isoformat() if isinstance(v, timedelta) else v for k, v in change.items()})
    assert state(till).sales_status is expected


def test_the_calendar_lists_what_is_ahead_with_its_id(till, date):
    till.add_date(till.now - timedelta(days=9))
    (found,) = Pretix(till.as_account()).performances()
    assert (found.ref, found.title, found.hall_name) == ("trein/1", "Nachttrein", "Grote zaal")
    assert found.dip_id == "NL-26-00123-00001|100001"
    assert found.starts_at.utcoffset() is not None


def test_an_idle_poll_asks_three_questions(till, date):
    till.order(date, 1)
    source = Pretix(till.as_account())
    cursor = source.changes("").cursor
    till.tick(300)
    before = source.requests
    found = source.changes(source.changes(cursor).cursor)
    assert source.requests - before == 2 * 3
    assert (found.refs, found.everything, found.calendar) == (frozenset(), False, False)
    assert found.as_of == till.now


def test_a_payment_has_no_line_in_the_ledger_and_a_move_leaves_no_trace_in_its_order(till, date):
    other = till.add_date(till.now + timedelta(days=31))
    pending, moving = till.order(date, 1, status="n"), till.order(date, 1)
    till.tick(300)
    source = Pretix(till.as_account())
    cursor = source.changes("").cursor
    till.tick(300)
    till.change(pending, status="p")
    assert source.changes(cursor).refs == {"trein/1"}
    cursor = source.changes(cursor).cursor
    till.tick(300)
    till.move_position(moving, 1, other)
    assert source.changes(cursor).refs == {"trein/1", "trein/2"}


def test_a_date_that_moves_is_news_for_the_calendar(till, date):
    source = Pretix(till.as_account())
    cursor = source.changes("").cursor
    till.tick(300)
    till.change_date(date, date_from=(till.now + timedelta(days=33)).isoformat())
    found = source.changes(cursor)
    assert found.calendar
    assert found.refs == {"trein/1"}


def test_orders_that_change_while_they_are_read_push_none_out_of_sight(till, date):
    """Each question is followed by a change of the first order still to be read past: with page numbers one would slip away."""
    source = Pretix(till.as_account())
    cursor = source.changes("").cursor
    till.tick(300)
    far = [till.add_date(till.now + timedelta(days=40 + n), size=10) for n in range(130)]
    codes = [till.order(one, 1) for one in far]
    till.lines.clear()  # the ledger would tell them too

    def meddle(path, _asked):
        if path.endswith("/orders/") and codes:
            till.change(codes.pop(0), status="p")

    till.before = meddle
    assert {f"trein/{one}" for one in far} <= source.changes(cursor).refs


def test_an_order_that_leaves_the_list_while_it_is_read_has_it_read_again(till, date):
    other = till.add_date(till.now + timedelta(days=31))
    codes = [till.order(date, 1) for _ in range(120)]
    seen = []

    def meddle(path, asked):
        if path.endswith("/orders/") and "subevent" in asked:
            seen.append(path)
            if len(seen) == 2:  # between the first page and the second
                till.move_position(codes[0], 1, other)

    till.before = meddle
    assert tickets(state(till)) == {"normal": (119, 119 * 2500)}


def test_too_many_changes_are_not_followed_one_by_one(till, date, monkeypatch):
    monkeypatch.setattr("dip.ticketing.connectors.pretix.reading.MOST_CHANGES", 20)
    source = Pretix(till.as_account())
    cursor = source.changes("").cursor
    for _ in range(30):
        till.order(date, 1)
    found = source.changes(cursor)
    assert found.everything
    assert found.calendar


def test_what_does_not_exist_is_left_out(till, date):
    found = list(
        Pretix(till.as_account()).snapshots(frozenset({"trein/1", "trein/99", "trein", "nergens", "nergens/1", "../x", "trein/x"}))
    )
    assert [one.ref for one in found] == ["trein/1"]
    assert Pretix(till.as_account()).tallies(frozenset({"trein/99"})) == {}


def test_the_greeting_tells_rights(till, date):
    hello = Pretix(till.as_account()).greet()
    assert (hello.system, hello.version, hello.account, hello.performance_count) == ("pretix", "2026.8.0", "Theater De Vlonder", 2)
    assert (hello.missing_rights, hello.needless_rights) == ((), ())
    till.forbidden = {"events/trein/orders/", "events/trein/transactions/"}
    till.open_also = {"customers/", "teams/"}
    hello = Pretix(till.as_account()).greet()
    assert hello.missing_rights == ("orders", "ledger")
    assert hello.needless_rights == ("customers", "teams")


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Failure(401), Trouble.CREDENTIALS),
        (Failure(403), Trouble.RIGHTS),
        (Failure(404), Trouble.ADDRESS),
        (Failure(301, headers={"Location": "https://elsewhere.example/"}), Trouble.ADDRESS),
        (Failure(418), Trouble.ANSWER),
        (Failure(200, body="{broken"), Trouble.ANSWER),
        (Failure(200, body="[1, 2]"), Trouble.ANSWER),
        (Failure(200, body='{"results": 7}'), Trouble.ANSWER),
        (Failure(200, body='{"results": [{"code": 1}], "next": null}'), Trouble.ANSWER),
        (Failure(500), Trouble.AWAY),
        (Failure(503, headers={"Retry-After": "120"}), Trouble.AWAY),
        (Failure(429, headers={"Retry-After": "77"}), Trouble.LIMIT),
    ],
    ids=lambda it: f"{it.status} {it.body[:8]}" if isinstance(it, Failure) else str(it),
)
def test_every_failure_is_a_trouble_of_the_contract(till, date, failure, expected):
    cursor = Pretix(till.as_account()).changes("").cursor
    till.failures = [failure] * 5
    assert trouble_of(lambda: Pretix(till.as_account()).changes(cursor)).trouble is expected


def test_a_hiccup_is_asked_again_and_a_long_wait_is_told(till, date):
    till.failures = [Failure(502), Failure(429, headers={"Retry-After": "0"})]
    assert Pretix(till.as_account()).changes("").everything
    till.failures = [Failure(429, headers={"Retry-After": "77"})]
    assert trouble_of(lambda: Pretix(till.as_account()).changes("")).retry_after == 77
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    till.failures = [Failure(503, headers={"Retry-After": until})]
    assert trouble_of(lambda: Pretix(till.as_account()).changes("")).retry_after == pytest.approx(90, abs=2)


def test_a_system_that_is_slow_or_gone_is_away(till, date, monkeypatch):
    till.failures = [Failure(200, wait=1.0)]
    source = Pretix(till.as_account(), patient=False)
    monkeypatch.setattr(asking, "IMPATIENT", 0.2)
    assert trouble_of(source.greet).trouble is Trouble.AWAY
    assert trouble_of(Pretix(till.as_account(address="http://127.0.0.1:9"), patient=False).greet).trouble is Trouble.AWAY


def test_an_answer_without_end_is_cut_off(till, date, monkeypatch):
    monkeypatch.setattr(asking, "LARGEST", 2000)
    till.failures = [Failure(200, body="[" + "1," * 4000)]
    assert trouble_of(lambda: Pretix(till.as_account()).changes("")).trouble is Trouble.ANSWER


def test_another_organizer_is_told_as_an_address(till, date):
    assert trouble_of(Pretix(till.as_account(account="anders")).greet).trouble is Trouble.ADDRESS
    assert trouble_of(Pretix(till.as_account(secret="wrong")).greet).trouble is Trouble.CREDENTIALS


def test_the_token_follows_no_address_in_an_answer(till, date):
    """``next`` names another address in every answer of the invented system; nothing is asked there."""
    for _ in range(60):
        till.order(date, 1)
    assert tickets(state(till)) == {"normal": (60, 60 * 2500)}
    assert not any("elsewhere" in path for path in till.asked)


def test_an_inside_address_is_not_called(till, settings):
    settings.PRIVATE_CALLS = False
    found = trouble_of(Pretix(till.as_account(address=till.address.replace("http:", "https:"))).greet)
    assert found.trouble is Trouble.ADDRESS
    assert till.asked == []


def test_questions_are_paced(monkeypatch):
    slept = []
    monkeypatch.setattr(client, "PACE", 3)
    monkeypatch.setattr(client.time, "sleep", slept.append)
    pace = client.Pace()
    for _ in range(4):
        pace.keep()
    assert pace.asked == 4
    assert len(slept) == 1
    assert 55 < slept[0] <= 60

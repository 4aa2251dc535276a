"""The pages with receipts: for the sender, not for strangers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dip.registry.terms import Level, Module, Role
from dip.ticketing.queries import deliveries as queries
from dip.ticketing.terms import PositionRow
from tests.factories.programme import make_performance
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.factories.ticketing import push, push_rows, theatre_access, tickets

pytestmark = pytest.mark.django_db
LIST = reverse("ticketing-deliveries")


@pytest.fixture
def delivered():
    """(performance, receipt of a body with a good and two bad rows)."""
    performance = make_performance()
    access = theatre_access(performance)
    rows = [
        PositionRow(performance.number, tickets(10), NOW, row=0),
        PositionRow(424_242, tickets(10), NOW, row=1),
        PositionRow(performance.number, tickets(-1), NOW, row=2),
    ]
    return performance, push_rows(access, rows)


def page_of(receipt):
    return reverse("ticketing-delivery", args=[receipt.delivery_id])


def test_the_sender_reads_its_receipts(client, delivered):
    performance, receipt = delivered
    make_client_login(client, performance.theatre.organisation, rights={Module.SALES: Level.VIEW})
    text = client.get(LIST).content.decode()
    assert "Kassa De Vlonder" in text
    assert page_of(receipt) in text
    assert "2 remarks" in text
    text = client.get(page_of(receipt)).content.decode()
    assert "3 rows were sent. 1 brought new figures, 0 confirmed what was known, 2 were refused." in text
    assert "number 424242 is not a published performance in one of your theatres." in text
    assert "normal.tickets is -1. Send the cumulative state, which is 0 or more." in text


def test_a_receipt_without_remarks(client, delivered):
    performance, _ = delivered
    make_client_login(client, performance.theatre.organisation)
    quiet = push(performance, tickets(11), true_at=NOW + timedelta(minutes=1))
    assert "Nothing to remark" in client.get(page_of(quiet)).content.decode()
    text = client.get(LIST + "?remarks").content.decode()
    assert page_of(quiet) not in text


def test_colleague_without_the_right_and_stranger(client, delivered):
    performance, receipt = delivered
    make_client_login(client, performance.theatre.organisation, rights={Module.PROGRAMME: Level.APPROVE})
    assert client.get(LIST).status_code == client.get(page_of(receipt)).status_code == 403
    client.logout()
    assert client.get(LIST).status_code == 302
    make_client_login(client, make_organisation(Role.THEATRE))
    assert client.get(page_of(receipt)).status_code == 404
    assert client.get(reverse("ticketing-delivery", args=[10**9])).status_code == 404
    assert "Nothing was delivered yet" in client.get(LIST).content.decode()
    make_client_login(client, performance.production.producer)
    assert client.get(page_of(receipt)).status_code == 404
    assert "delivered by the theatres" in client.get(LIST).content.decode()


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_findings_come_in_the_readers_language(client, delivered, language):
    performance, receipt = delivered
    make_client_login(client, performance.theatre.organisation, language=language)
    text = client.get(page_of(receipt)).content.decode()
    assert "424242" in text
    assert "is not a published performance" not in text


def test_older_receipts_are_a_page_further(client, delivered, monkeypatch):
    performance, first = delivered
    monkeypatch.setattr(queries, "PAGE", 2)
    for minute in range(1, 4):
        push(performance, tickets(10 + minute), true_at=NOW + timedelta(minutes=minute))
    make_client_login(client, performance.theatre.organisation)
    text = client.get(LIST).content.decode()
    assert page_of(first) not in text
    assert "Older" in text
    before = first.delivery_id + 2
    assert page_of(first) in client.get(f"{LIST}?before={before}").content.decode()
    assert client.get(f"{LIST}?before=x").status_code == client.get(f"{LIST}?before={'9' * 30}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, delivered, django_assert_num_queries, count):
    performance, _ = delivered
    for minute in range(1, count):
        push(performance, tickets(10 + minute), true_at=NOW + timedelta(minutes=minute))
    make_client_login(client, performance.theatre.organisation)
    client.get(LIST)
    with django_assert_num_queries(4):  # session, person, access, deliveries
        client.get(LIST)

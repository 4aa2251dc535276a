"""The page of one agreement, for both sides and for the producer who only reads."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dip.contracts import actions
from dip.contracts.models import ContractSettings
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Level, Module, Role
from tests.contracts.views.asking import address, sign_in
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
STATES = [
    "concept",
    "proposed",
    "rejected",
    "approved",
    "revised",
    "withdrawn",
    "expired",
    "played",
    "confirmed",
    "settled",
    "paid",
]


@pytest.mark.parametrize("format_code", ["partage", "rent", "buyout", "suppletion", "volume"])
def test_both_sides_read_every_state_of_every_format(client, format_code):
    for state in STATES if format_code == "partage" else ("rejected", "played"):
        deal = make_deal(state, format_code=format_code)
        for side in ("provider", "taker"):
            response = sign_in(client, deal, side).get(address(deal))
            expected = 404 if state in ("concept", "withdrawn") and side == "taker" else 200
            assert response.status_code == expected, (side, state)
            assert expected == 404 or deal.production.title in response.text


def test_who_has_no_part_in_it_gets_nothing(client, proposed):
    for role in (Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.PLATFORM):
        make_client_login(client, make_organisation(role), role)
        assert client.get(address(proposed)).status_code in (403, 404), role
    make_client_login(client, proposed.house, Role.THEATRE, {Module.SALES: Level.MANAGE})
    assert client.get(address(proposed)).status_code == 403


@pytest.mark.parametrize("name", ["agreement", "versions", "what-if", "statement-xlsx", "statement-csv", "payout-csv"])
def test_reading_is_for_both_parties_alone(client, proposed, name):
    for side in ("provider", "taker"):
        assert sign_in(client, proposed, side, Level.VIEW).get(address(proposed, name)).status_code == 200, side
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, make_organisation(role), role)
        assert client.get(address(proposed, name)).status_code == 404, role
    make_client_login(client, proposed.house, Role.THEATRE, {Module.SALES: Level.MANAGE})
    assert client.get(address(proposed, name)).status_code == 403


def test_a_colleague_who_only_views_sees_no_controls(client, proposed):
    text = sign_in(client, proposed, "taker", Level.VIEW).get(address(proposed)).text
    assert "aria-pressed" not in text
    assert "Next to answer" not in text
    text = sign_in(client, proposed, "provider", Level.VIEW).get(address(proposed)).text
    assert reverse("contracts-withdraw", args=[proposed.agreement.pk]) not in text


def test_the_producer_behind_an_agency_reads_and_does_nothing(client):
    deal = make_deal("proposed", with_agency=True)
    response = sign_in(client, deal, "producer").get(address(deal))
    assert response.status_code == 200
    assert "You read it, and change nothing." in response.text
    assert "<form" not in re.sub(r"(?s)<header.*?</header>", "", response.text.split('id="main"')[1].split("</main>")[0])
    for name in ("withdraw", "propose", "revise"):
        assert client.post(address(deal, name)).status_code == 404


def test_the_theatre_never_sees_a_draft_that_is_ahead_of_its_version(client):
    deal = make_deal("rejected")
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, values={"provider_guarantee": 123_400})
    assert "1,234.00" in sign_in(client, deal, "provider").get(address(deal)).text
    for name in ("agreement", "versions", "what-if", "statement-csv"):
        assert "1,234.00" not in sign_in(client, deal, "taker").get(address(deal, name)).text, name


def test_the_provider_reads_the_answer_once_it_was_sent(client, proposed):
    proposed.answer("provider_guarantee", False, "Te hoog voor een weekdag", 600_000)
    text = sign_in(client, proposed, "provider").get(address(proposed)).text
    assert "Te hoog voor een weekdag" not in text
    actions.accept_rest(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk)
    actions.send_answer(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk)
    text = sign_in(client, proposed, "provider").get(address(proposed)).text
    assert "Te hoog voor een weekdag" in text
    assert "6,000.00" in text
    assert "1 rejected" in text


def test_the_statement_adds_back_to_gross_and_says_what_is_missing(client):
    deal = make_deal("approved", performances=3)
    push(deal.performances[0], tickets(344, price=2975), true_at=NOW - timedelta(hours=8))
    text = sign_in(client, deal, "taker").get(address(deal)).text
    assert "2 of 3 performances have no figures yet" in text
    assert re.search(r"Check, Estimated: provider [\d,.]+ \+ theatre", text)
    assert "does not add up" not in text
    assert "Per performance: Estimated" in text


def test_the_heading_of_the_chart_is_a_finding_with_its_number(client):
    deal = make_deal("proposed", values={"provider_guarantee": 900_000})
    push(deal.performances[0], tickets(344, price=2975), true_at=NOW - timedelta(hours=8))
    text = sign_in(client, deal, "taker").get(address(deal)).text
    assert re.search(r"At today’s sales the guarantee costs the theatre €\xa0[\d,.]+", text)
    assert re.search(r"Guarantee works up to \d+ tickets", text)


def test_what_was_moved_or_cancelled_is_told(client):
    deal = make_deal("approved", performances=2)
    first, second = deal.performances
    Performance.objects.filter(pk=first.pk).update(starts_at=first.starts_at + timedelta(hours=1))
    Performance.objects.filter(pk=second.pk).update(status=PerformanceStatus.CANCELLED)
    text = sign_in(client, deal, "provider").get(address(deal)).text
    assert f"Performance {first.number} moved from" in text
    assert f"Performance {second.number} of" in text
    assert "is cancelled, and counts in no column" in text


def test_prices_that_differ_are_told_while_it_is_open(client):
    deal = make_deal("proposed", values={"entrance_prices": (2800,), "settlement_prices": (2500,), "theatre_surcharge": 200})
    for side in ("provider", "taker"):
        assert "is not the entrance price" in sign_in(client, deal, side).get(address(deal)).text


def test_a_rejected_field_says_what_the_counter_does_to_ones_own_side(client, proposed):
    push(proposed.performances[0], tickets(100, price=2975), true_at=NOW - timedelta(hours=8))
    proposed.answer("provider_guarantee", False, "Te hoog", 600_000)
    assert "You keep €\xa0500.00 more at today’s sales." in sign_in(client, proposed, "taker").get(address(proposed)).text


def test_the_primary_action_is_the_readers_turn(client):
    def primary(deal, side):
        main = sign_in(client, deal, side).get(address(deal)).text.split('id="main"')[1]
        found = re.findall(r'class="btn primary[^>]*>(.*?)</(?:a|button)>', main, re.S)
        return [re.sub(r"<.*?>", "", one).strip() for one in found]

    assert primary(make_deal("concept"), "provider") == ["Propose"]
    assert primary(make_deal("proposed"), "taker") == ["Next to answer"]
    assert primary(make_deal("proposed"), "provider") == []
    rejected = make_deal("rejected")
    assert primary(rejected, "provider") == ["Edit"]
    actions.change_agreement(access=rejected.provider, at=NOW, agreement_id=rejected.agreement.pk, values={"provider_guarantee": 5})
    assert primary(rejected, "provider") == ["Propose version 2"]
    assert primary(make_deal("played"), "taker") == ["Borderel"]
    assert primary(make_deal("confirmed"), "provider") == ["Borderel"]
    assert primary(make_deal("approved"), "taker") == []


def test_four_eyes_says_that_a_second_is_awaited(client, proposed):
    ContractSettings.objects.create(organisation=proposed.house, four_eyes=True)
    proposed.approve()
    text = sign_in(client, proposed, "taker").get(address(proposed)).text
    assert "The first of two has approved." in text


def test_history_strikes_the_old_value_through(client):
    deal = make_deal("rejected")
    change = {"provider_guarantee": 600_000}
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, values=change)
    deal.propose(at=NOW)
    text = sign_in(client, deal, "taker").get(address(deal)).text
    assert re.search(r"<del>€\xa06,500.00</del>\s*<ins>€\xa06,000.00</ins>", text)
    assert "Changed from €\xa06,500.00 in version 1." in text


def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries):
    def count(deal) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        sign_in(client, deal, "provider").get(address(deal))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address(deal))
        return len(captured)

    small = make_deal("rejected")
    large = make_deal("rejected", performances=6)
    for number in range(3):
        change = {"provider_guarantee": 500_000 + number}
        actions.change_agreement(access=large.provider, at=NOW, agreement_id=large.agreement.pk, values=change)
        large.propose()
        large.reject("provider_guarantee")
    assert count(small) == count(large) <= 15

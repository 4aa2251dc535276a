"""Answering field by field: by htmx and without scripts, as drafts until they are sent."""

import pytest

from dip.contracts import actions
from dip.contracts.models import AgreementPerformance
from dip.contracts.rules.answers import answerable
from dip.contracts.rules.values import restored
from dip.registry.terms import Level
from tests.contracts.views.asking import address, sign_in
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
HTMX = {"HTTP_HX_REQUEST": "true"}
GUARANTEE = "provider_guarantee"


def codes(deal) -> tuple[str, ...]:
    return answerable(deal.agreement.format, restored(deal.agreement.format, deal.agreement.terms))


def post(client, deal, field: str, htmx: bool = False, **values):
    return client.post(address(deal, "answer", field), values, **(HTMX if htmx else {}))


def test_accepting_and_taking_back_without_scripts(client, proposed):
    sign_in(client, proposed, "taker")
    response = post(client, proposed, GUARANTEE, answer="accept")
    assert response["Location"] == f"{address(proposed)}#term-{GUARANTEE}"
    assert proposed.answers()[GUARANTEE].is_accepted
    post(client, proposed, GUARANTEE, answer="take-back")
    assert GUARANTEE not in proposed.answers()


def test_by_htmx_the_row_comes_back_with_the_counts(client, proposed):
    sign_in(client, proposed, "taker")
    text = post(client, proposed, GUARANTEE, htmx=True, answer="accept").text
    assert text.lstrip().startswith(f'<div class="term accepted" id="term-{GUARANTEE}"')
    assert 'id="answer-bar" hx-swap-oob="true"' in text
    assert "1 accepted, 0 rejected" in text
    assert "<html" not in text


def test_a_rejection_without_a_reason_keeps_what_was_typed(client, proposed):
    sign_in(client, proposed, "taker")
    for htmx in (True, False):
        response = post(client, proposed, GUARANTEE, htmx=htmx, answer="reject", reason=" ", counter="6,000.00")
        assert "Say why, so that the provider can change it." in response.text
        assert 'value="6,000.00"' in response.text
        assert response.status_code == (200 if htmx else 400)
    assert GUARANTEE not in proposed.answers()


@pytest.mark.parametrize(
    ("counter", "told"),
    [("zesduizend", "is no amount"), ("6,500.00", "is what was proposed"), ("-5", "is not possible")],
)
def test_an_impossible_counter_is_refused_beside_its_field(client, proposed, counter, told):
    sign_in(client, proposed, "taker")
    response = post(client, proposed, GUARANTEE, htmx=True, answer="reject", reason="Te hoog", counter=counter)
    assert told in response.text
    assert "Te hoog" in response.text
    assert GUARANTEE not in proposed.answers()


def test_a_rejection_with_a_counter_is_kept(client, proposed):
    sign_in(client, proposed, "taker")
    text = post(client, proposed, GUARANTEE, htmx=True, answer="reject", reason="Te hoog", counter="6,000.00").text
    answer = proposed.answers()[GUARANTEE]
    assert (answer.is_accepted, answer.reason, answer.counter) == (False, "Te hoog", 600_000)
    assert "No difference when sold out." in text
    assert "Keep this reason" in text


@pytest.mark.parametrize(
    ("format_code", "field", "typed", "kept"),
    [
        ("partage", "provider_percentage", "77.5", "77.5"),
        ("partage", "guarantee_per_performance", "no", False),
        ("partage", "entrance_prices", "27.00 + 22.50", [2700, 2250]),
        ("partage", "format", "buyout", "buyout"),
        ("partage", "payment_days", "30", 30),
        ("volume", "tranches", "5,000.00 = 100; 60", [{"limit_cents": 500_000, "percentage": "100"}, {"limit_cents": None, "percentage": "60"}]),
    ],
)  # fmt: skip
def test_every_kind_of_field_takes_its_counter(client, format_code, field, typed, kept):
    deal = make_deal("proposed", format_code)
    sign_in(client, deal, "taker")
    assert f"{field}-counter" in client.get(address(deal, "reject", field), **HTMX).text
    response = post(client, deal, field, htmx=True, answer="reject", reason="Liever zo", counter=typed)
    assert response.status_code == 200, response.text
    assert deal.answers()[field].counter == kept


def test_without_scripts_the_form_of_a_field_opens_on_the_page(client, proposed):
    sign_in(client, proposed, "taker")
    response = client.get(address(proposed, "reject", GUARANTEE))
    assert response["Location"] == f"{address(proposed)}?reject={GUARANTEE}#term-{GUARANTEE}"
    assert f"{GUARANTEE}-reason" in client.get(f"{address(proposed)}?reject={GUARANTEE}").text
    assert "performances-counter" not in client.get(f"{address(proposed)}?reject=performances").text


def test_the_effect_is_told_while_it_is_typed(client, proposed):
    sign_in(client, proposed, "taker")
    url = address(proposed, "effect", GUARANTEE)
    assert client.get(url, {"counter": ""}).text == ""
    assert "is no amount" in client.get(url, {"counter": "veel"}).text
    assert client.get(url, {"counter": "6,500.00"}).text == ""
    assert client.get(url, {"counter": "20,000.00"}).text.startswith("You keep €")
    assert "when sold out" in client.get(url, {"counter": "20,000.00"}).text


def test_accept_the_rest_and_send(client, proposed):
    sign_in(client, proposed, "taker")
    assert client.get(address(proposed, "send")).status_code == 302  # something is open: back to it
    post(client, proposed, GUARANTEE, answer="reject", reason="Te hoog", counter="6,000.00")
    client.post(address(proposed, "accept-rest"))
    assert len(proposed.answers()) == len(codes(proposed))
    page = client.get(address(proposed, "send")).text
    assert "Te hoog" in page
    assert "Send answer" in page
    response = client.post(address(proposed, "send"), {"reason": "Tot volgend jaar", "version": "1"})
    assert response["Location"] == address(proposed)
    assert proposed.refresh().status == "rejected"
    assert proposed.agreement.reject_reason == "Tot volgend jaar"


def test_approving_takes_its_own_right(client, proposed):
    sign_in(client, proposed, "taker", Level.MANAGE)
    client.post(address(proposed, "accept-rest"))
    assert "Somebody with the right to approve finishes it." in client.get(address(proposed)).text
    assert client.post(address(proposed, "send"), {"version": "1"}).status_code == 403
    assert proposed.refresh().status == "proposed"
    sign_in(client, proposed, "taker", Level.APPROVE)
    assert "Once you approve" in client.get(address(proposed, "send")).text
    client.post(address(proposed, "send"), {"version": "1"})
    assert proposed.refresh().status == "approved"
    assert AgreementPerformance.objects.within(proposed.taker).get(agreement=proposed.agreement).is_binding


def test_a_newer_version_is_not_answered_unseen(client, proposed):
    sign_in(client, proposed, "taker")
    client.post(address(proposed, "accept-rest"))
    client.post(address(proposed, "send"), {"version": "7"})
    assert proposed.refresh().status == "proposed"


def test_what_ended_meanwhile_is_told(client, proposed):
    sign_in(client, proposed, "taker")
    actions.withdraw_agreement(access=proposed.provider, at=NOW, agreement_id=proposed.agreement.pk, reason="Dubbel")
    response = post(client, proposed, GUARANTEE, htmx=True, answer="accept")
    assert response["HX-Redirect"] == address(proposed)
    assert "there is nothing to answer" in client.get(address(proposed)).text
    assert client.get(address(proposed, "reject", GUARANTEE), **HTMX).status_code == 302


@pytest.mark.parametrize("name", ["answer", "reject", "effect"])
def test_who_may_not_answer_is_refused(client, proposed, name):
    url, ask = address(proposed, name, GUARANTEE), client.post if name == "answer" else client.get
    given = {"answer": "accept"}
    sign_in(client, proposed, "taker", Level.VIEW)
    assert ask(url, given).status_code == 403
    sign_in(client, proposed, "provider")
    assert ask(url, given).status_code in (200, 302, 403)
    assert GUARANTEE not in proposed.answers()
    assert proposed.answers() == {}
    other = make_deal("proposed")
    sign_in(client, other, "taker")
    assert ask(url, given).status_code == 404
    sign_in(client, proposed, "taker")
    assert ask(address(proposed, name, "made-up"), given).status_code == 404


@pytest.mark.parametrize("name", ["accept-rest", "send"])
def test_who_may_not_send_is_refused(client, proposed, name):
    url = address(proposed, name)
    for side, level, expected in (("taker", Level.VIEW, 403), ("provider", Level.APPROVE, 403)):
        sign_in(client, proposed, side, level)
        assert client.post(url, {"version": "1"}).status_code == expected, side
    sign_in(client, make_deal("proposed"), "taker")
    assert client.post(url).status_code == 404
    assert proposed.refresh().status == "proposed"


def test_the_provider_proposes_withdraws_and_revises(client, deal):
    sign_in(client, deal, "provider")
    assert client.post(address(deal, "propose")).status_code == 302
    assert deal.refresh().status == "proposed"
    assert client.post(address(deal, "withdraw"), {"reason": ""}).status_code == 400
    client.post(address(deal, "withdraw"), {"reason": "Dubbel geboekt"})
    assert deal.refresh().status == "withdrawn"
    assert client.post(address(deal, "withdraw"), {"reason": "Nog eens"}).status_code == 302
    assert "no longer open" in client.get(address(deal)).text
    approved = make_deal("approved")
    sign_in(client, approved, "provider")
    response = client.post(address(approved, "revise"))
    assert "is a revision in concept" in client.get(response["Location"]).text
    assert f"Revises {approved.agreement.reference}" in client.get(response["Location"]).text
    assert "Revised by" in client.get(address(approved)).text
    assert "Revise<" not in client.get(address(approved)).text


def test_what_cannot_be_proposed_says_why(client):
    deal = make_deal("concept", values={"entrance_prices": ()})
    sign_in(client, deal, "provider")
    client.post(address(deal, "propose"))
    assert deal.refresh().status == "concept"
    assert "Entrance prices" in client.get(address(deal)).text


@pytest.mark.parametrize("name", ["propose", "withdraw", "revise"])
def test_only_the_provider_with_the_right_acts(client, proposed, name):
    url = address(proposed, name)
    sign_in(client, proposed, "provider", Level.VIEW)
    assert client.post(url).status_code == 403
    for deal, side in ((proposed, "taker"), (make_deal("proposed"), "provider")):
        sign_in(client, deal, side)
        assert client.post(url).status_code == 404

"""Versions side by side, what if, the files of a statement, the course of an agreement, and the pay-out chart."""

import csv
import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from dip.contracts import actions
from dip.contracts.queries.agreement import agreement_page
from dip.contracts.queries.timeline import StepCode, StepState
from dip.kernel.clock import local
from dip.web.charts.payout import PayoutChart, PayoutEdge, PayoutLine, payout_chart
from tests.contracts.views.asking import address, sign_in
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW
from tests.factories.ticketing import push, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
TODAY = local(NOW).date()


def two_versions():
    deal = make_deal("rejected")
    change = {"provider_guarantee": 600_000, "publicity": 45_000}
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, values=change)
    deal.propose()
    return deal


def sold(deal, count: int = 344, price: int = 2975) -> None:
    for performance in deal.performances:
        push(performance, tickets(count, price=price), true_at=NOW - timedelta(hours=8))


def test_versions_are_compared_field_by_field(client):
    deal = two_versions()
    sign_in(client, deal, "taker")
    text = client.get(address(deal, "versions")).text
    assert "2 differences between Version 1 and Version 2" in text
    assert re.search(r"<del>€\xa06,500.00</del></td><td><ins>€\xa06,000.00</ins>", text)
    assert "rejected: “Te hoog voor een weekdag”" in text
    back = client.get(address(deal, "versions"), {"from": "2", "to": "1"}).text
    assert re.search(r"<del>€\xa06,000.00</del></td><td><ins>€\xa06,500.00</ins>", back)
    same = client.get(address(deal, "versions"), {"from": "1", "to": "1"}).text
    assert "nothing to compare with" in same
    assert client.get(address(deal, "versions"), {"from": "x", "to": "99"}).status_code == 200


def test_performances_that_came_and_went_are_a_difference(client):
    deal = make_deal("rejected", performances=3)
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, numbers=deal.numbers[:2])
    deal.propose()
    text = sign_in(client, deal, "taker").get(address(deal, "versions")).text
    assert "1 difference between" in text
    assert "Performances" in text


def test_the_draft_is_a_version_for_its_provider_alone(client):
    deal = make_deal("rejected")
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, values={"provider_guarantee": 123_400})
    assert "between Version 1 and Draft" in sign_in(client, deal, "provider").get(address(deal, "versions")).text
    assert "Draft" not in sign_in(client, deal, "taker").get(address(deal, "versions"), {"to": "0"}).text


def test_what_if_shows_both_parties_before_and_after(client):
    deal = make_deal("proposed")
    sold(deal)
    sign_in(client, deal, "taker")
    assert "Nothing is saved" in client.get(address(deal, "what-if")).text
    text = client.get(address(deal, "what-if"), {"provider_guarantee": "6400"}).text.replace("\xa0", " ")
    assert "At today’s sales: the theatre + € 100.00, the provider − € 100.00." in text
    part = client.get(address(deal, "what-if"), {"provider_percentage": "70"}, HTTP_HX_REQUEST="true").text
    assert part.lstrip().startswith('<div id="tried"')
    assert deal.version().terms["provider_guarantee"] == 650_000


def test_what_if_by_price_and_number_of_tickets(client):
    deal = make_deal("proposed")
    sold(deal)
    sign_in(client, deal, "provider")
    dearer = client.get(address(deal, "what-if"), {"entrance_prices": "30.00"}).text
    assert "+\xa0688.00" in dearer  # € 2 more on each of 344 tickets
    assert "At 500 tickets:" in client.get(address(deal, "what-if"), {"tickets": "500"}).text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"provider_percentage": "120"}, "is no share; give 0 to 100"),
        ({"provider_guarantee": "veel"}, "is no amount"),
        ({"provider_guarantee": "-1"}, "is below 0"),
        ({"tickets": "100000"}, "is more than the 600 seats"),
        ({"tickets": "-4"}, "is below 0"),
        ({"provider_guarantee": "5000", "theatre_guarantee": "100"}, "keep one of the two"),
    ],
)
def test_what_if_refuses_the_impossible_beside_its_field(client, asked, told):
    deal = make_deal("proposed")
    response = sign_in(client, deal, "taker").get(address(deal, "what-if"), asked)
    assert response.status_code == 200
    assert told in response.text
    assert 'aria-invalid="true"' in response.text


def test_the_statement_as_csv_is_the_statement_of_the_page(client):
    deal = make_deal("approved", performances=2)
    sold(deal)
    response = sign_in(client, deal, "provider").get(address(deal, "statement-csv"))
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    page = agreement_page(deal.provider, deal.agreement.pk, TODAY)
    told = {row["Code"]: row for row in rows}
    for line in page.columns.estimated.statement:
        assert told[line.code]["Estimated"] == f"{line.cents / 100:.2f}"
    assert "attachment" in response["Content-Disposition"]


def test_the_workbook_has_every_column_and_every_performance(client):
    deal = make_deal("approved", performances=2)
    sold(deal)
    content = sign_in(client, deal, "taker").get(address(deal, "statement-xlsx")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Statement", "Potential", "Estimated", "About these figures"]
    heads, *rows = book.get_sheet_by_name("Estimated").to_python()
    assert len(heads) == 5
    for row in rows:
        assert round(row[2] + row[3], 2) == round(row[4], 2)


def test_the_numbers_of_the_chart_as_csv(client):
    deal = make_deal("proposed")
    sold(deal)
    text = sign_in(client, deal, "taker").get(address(deal, "payout-csv")).text
    assert "Today" in text
    assert text.count("\r\n") > 10


def steps(deal, access=None):
    page = agreement_page(access or deal.provider, deal.agreement.pk, TODAY)
    return [(step.code, step.state) for step in page.steps]


def test_the_course_has_one_step_that_is_now():
    done, now, todo = StepState.DONE, StepState.NOW, StepState.COMING
    tail = [(StepCode.BORDEREL, todo), (StepCode.PAID, todo)]
    first, version = (StepCode.DRAFTED, done), (StepCode.VERSION, done)
    answer = (StepCode.ANSWER, todo)
    assert steps(make_deal("concept")) == [first, (StepCode.CHANGE, now), answer, (StepCode.APPROVED, todo), *tail]
    assert steps(make_deal("proposed")) == [first, version, (StepCode.ANSWER, now), (StepCode.APPROVED, todo), *tail]
    assert steps(make_deal("rejected"))[2] == (StepCode.CHANGE, now)
    approved = (StepCode.APPROVED, done)
    assert steps(make_deal("approved")) == [first, version, approved, (StepCode.BORDEREL, now), (StepCode.PAID, todo)]
    assert steps(make_deal("settled"))[-2:] == [(StepCode.BORDEREL, done), (StepCode.PAID, now)]
    assert steps(make_deal("paid"))[-2:] == [(StepCode.BORDEREL, done), (StepCode.PAID, done)]
    for state in ("withdrawn", "expired", "revised"):
        assert steps(make_deal(state))[-1] == (StepCode.ENDED, StepState.STOPPED)


def test_days_left_are_counted_from_today():
    page = agreement_page(make_deal("proposed").taker, make_deal("proposed").agreement.pk, TODAY)
    assert page is None  # of another theatre
    deal = make_deal("proposed")
    page = agreement_page(deal.taker, deal.agreement.pk, TODAY)
    answer = next(step for step in page.steps if step.code is StepCode.ANSWER)
    assert answer.days_left == (deal.agreement.answer_by - TODAY).days


def test_the_drawing_keeps_words_off_todays_rule(english):
    line = PayoutLine("Provider", [(0, 700_000), (780, 700_000), (1200, 1_100_000)])
    other = PayoutLine("Theatre", [(0, -700_000), (780, 100_000), (1200, 300_000)])
    edges = [PayoutEdge(780, "Guarantee works up to 779 tickets"), PayoutEdge(100, "Early", is_own=False)]
    figure = payout_chart(PayoutChart("payout", line, other, 1200, 688, edges, title="Finding"))
    texts = {layer["mark"]["text"]: layer for layer in figure.wide["layer"] if layer["mark"].get("text")}
    assert texts["Guarantee works up to 779 tickets"]["data"]["values"][0]["x"] == 688
    assert texts["Early"]["mark"]["align"] == "left"
    assert any(cell.text == "Today" for row in figure.table for cell in row)
    assert figure.table[0][1].raw == "7000.00"
    assert "Guarantee works up to" in figure.description
    assert payout_chart(PayoutChart("payout", PayoutLine("A", []), PayoutLine("B", []), 0, None)).table

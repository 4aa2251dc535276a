"""A marketer's morning: what changed, targets by paste, an alert that rings by itself, a number reconciled, a page shared and taken back."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.core.cache import cache, caches

from dip.kernel.clock import local
from dip.registry.terms import Module, Role
from dip.sales.jobs import look_for_alerts
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_api_client, make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in
from tests.sales import cast

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


@pytest.fixture
def town(settings, live_server):
    """A producer with a tour of three evenings in a theatre; one of them sold out last night."""
    caches["process"].clear()
    cache.clear()
    settings.BASE_URL = live_server.url
    producer, house = (
        make_organisation(Role.PRODUCER, name="Gezelschap Proefland"),
        make_organisation(Role.THEATRE, name="Proefstad"),
    )
    for key, organisation in (("producer", producer), ("theatre", house)):
        person = make_person(email=f"{key}@proef.example", name=key.title(), language="en", password=PASSWORD)
        make_membership(organisation, person, super_user=True)
    now = datetime.now(UTC)
    hall = make_hall(make_theatre(house, name="Theater Proefstad", city="Proefstad"), name="Grote Zaal", capacity=400, ranks=[400])
    day = local(now).date()
    production = make_production(producer, title="De Lange Proef", season_year=day.year if day.month >= 8 else day.year - 1)
    evenings = [make_performance(production, hall, day=day + timedelta(days=days), at=now) for days in (5, 6, 7)]
    for performance, before, last in zip(evenings, (380, 150, 90), (400, 160, 95), strict=True):
        cast.put(performance, now - timedelta(hours=30), normal=before)
        cast.put(performance, now - timedelta(hours=3), normal=last)
        cast.settle(performance)
    client, secret = make_api_client(house, rights={Module.SALES: 2, Module.PROGRAMME: 1})
    return {"production": production, "evenings": evenings, "client": (client.client_id, secret)}


def push(base: str, client: tuple[str, str], performance, sold: int) -> None:
    """As the theatre's ticketing system: a token, then the state of now."""
    api = f"{base}/external/v1"
    answer = httpx.post(f"{api}/token", data={"client_id": client[0], "client_secret": client[1]})
    assert answer.status_code == 200, answer.text
    nothing = {"tickets": 0, "recette": 0}
    row = {
        "production": performance.production.dip_id, "number": performance.number,
        "updated": local(datetime.now(UTC)).replace(tzinfo=None).isoformat(timespec="seconds"),
        "normal": {"tickets": sold, "recette": sold * 2500}, "discount": nothing, "free": nothing, "other": nothing,
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    answer = httpx.put(f"{api}/tickets/cumulative", json=[row], headers=headers)
    assert answer.status_code == 200, answer.text


def set_targets_by_paste(page, base: str, town, axe) -> None:
    """From the production's page: paste date and number, look at the preview, save; then the share and the line."""
    dip_id = town["production"].dip_id
    page.goto(f"{base}/sales/productions/{dip_id}/")
    page.get_by_role("navigation", name="Production").get_by_role("link", name="Targets").click()
    axe(page)
    lines = [f"{p.performance_date:%d-%m-%Y}\t{target}" for p, target in zip(town["evenings"], (380, 320, 300), strict=True)]
    page.fill("#text", "\n".join([*lines, "01-01-1999\t5"]))
    page.get_by_role("button", name="Read the lines").click()
    page.get_by_role("heading", name="Proposal for 3 performances, not saved yet").wait_for()
    page.get_by_text("Line 4: no performance in this list answers to").wait_for()
    axe(page)
    page.fill(f"#t-{town['evenings'][2].number}", "310")
    page.get_by_role("button", name="Save targets").click()
    page.get_by_text("3 targets saved.").wait_for()
    page.goto(f"{base}/sales/performances/{town['evenings'][1].number}/")
    page.locator(".kpi", has_text="Tickets sold").get_by_text("50 % of target").wait_for()
    page.locator("figure.chart .plot svg").first.wait_for()
    page.locator("figure.chart svg text", has_text="320 target").first.wait_for()
    axe(page)


def ask_for_alert(page, base: str, town, axe) -> None:
    page.goto(f"{base}/sales/alerts/")
    axe(page)
    page.get_by_role("link", name="New alert").click()
    page.select_option("#id_kind", "sold_out")
    page.select_option("#id_scope", label="De Lange Proef")
    page.select_option("#id_mail", "at_once")
    axe(page)
    page.get_by_role("button", name="Ask for this alert").click()
    page.get_by_text("It is so for 1 performance already; that is not told again.").wait_for()


def share_the_page(page, base: str, address: str, axe) -> str:
    """Through the button of the page; the link's address."""
    page.goto(address)
    page.get_by_role("button", name="Save or share").click()
    axe(page)
    page.get_by_role("button", name="Share this page").click()
    axe(page)
    page.fill("#id_label", "The director")
    page.get_by_role("button", name="Make the link").click()
    page.locator("#address").wait_for()
    axe(page)
    return page.locator("#address").inner_text()


def test_the_marketers_morning(live_server, town, new_context, mailbox, run_jobs, axe):
    base, (first, second, third) = live_server.url, town["evenings"]
    page = new_context().new_page()
    sign_in(page, base, "producer@proef.example", PASSWORD)
    page.get_by_role("link", name="Sales Monitor").first.click()
    page.get_by_role("heading", name="Since yesterday").wait_for()
    axe(page)
    page.get_by_role("link", name=re.compile("De Lange Proef, Proefstad")).first.click()
    page.wait_for_url(re.compile(rf"/sales/performances/{first.number}/"))
    set_targets_by_paste(page, base, town, axe)
    ask_for_alert(page, base, town, axe)

    push(base, town["client"], second, 400)
    look_for_alerts.defer()
    run_jobs()
    page.goto(f"{base}/sales/")
    page.get_by_role("navigation", name="Sales Monitor").get_by_text("1 waiting").wait_for(state="attached")
    page.goto(f"{base}/sales/alerts/")
    page.get_by_text("All 400 seats for sale are sold").wait_for()
    axe(page)
    run_jobs()
    mail = mailbox.text_to("producer@proef.example")
    assert f"{base}/sales/performances/{second.number}/" in mail
    mute = re.search(rf"{re.escape(base)}/sales/alerts/mute/\S+", mail)
    stranger = new_context().new_page()
    stranger.goto(mute[0])
    axe(stranger)
    stranger.get_by_role("button", name="Mute").click()
    stranger.get_by_role("heading", name="Muted").wait_for()

    reconcile(page, new_context(width=390).new_page(), base, third, run_jobs, mailbox, axe)
    save_and_share(page, new_context, base, town, axe)


def reconcile(page, box_office, base: str, performance, run_jobs, mailbox, axe) -> None:
    """The provider reports; the theatre, on a phone, tells its number and answers; the provider reads why and closes."""
    address = f"{base}/sales/performances/{performance.number}/reconciliation/"
    page.goto(address)
    axe(page)
    page.fill("#id_claimed", "101")
    page.fill("#id_note", "The box office told us 101.")
    page.get_by_role("button", name="Send to the theatre").click()
    page.get_by_text("The theatre has your note by mail").wait_for()
    run_jobs()
    assert address in mailbox.text_to("theatre@proef.example")
    sign_in(box_office, base, "theatre@proef.example", PASSWORD)
    box_office.get_by_role("heading", name="Differences to answer").wait_for()
    axe(box_office)
    box_office.goto(address)
    box_office.fill("#id_count", "101")
    box_office.get_by_label("reserved tickets").check()
    box_office.get_by_role("button", name="Keep this number").click()
    box_office.get_by_text("Your number is kept").wait_for()
    axe(box_office)
    box_office.fill("#id_answer", "Six reserved tickets are in it.")
    box_office.get_by_role("button", name="Send answer").click()
    page.goto(f"{base}/sales/reconciliation/")
    axe(page)
    page.goto(address)
    page.get_by_text("The theatre counts 101, the platform 95").wait_for()
    page.get_by_text("Six reserved tickets are in it.").wait_for()
    page.get_by_role("button", name="Close the report").click()
    page.get_by_text("The report is closed.").wait_for()


def save_and_share(page, new_context, base: str, town, axe) -> None:
    """A view for tomorrow, a link for somebody without an account, taken back after it was read."""
    tour = f"{base}/sales/productions/{town['production'].dip_id}/"
    page.goto(f"{tour}?scope=tour-days")
    page.get_by_role("button", name="Save or share").click()
    page.fill("#keep-name", "The long run")
    page.get_by_label("Open the Sales Monitor with it").check()
    page.get_by_role("button", name="Save view").click()
    page.get_by_text("“The long run” is saved.").wait_for()
    page.goto(f"{base}/sales/start/")
    assert page.url == f"{tour}?scope=tour-days"
    page.goto(f"{base}/sales/views/")
    axe(page)

    link = share_the_page(page, base, tour, axe)
    visitor = new_context(width=390).new_page()
    assert visitor.goto(link).status == 200
    visitor.get_by_text("Gezelschap Proefland shares this page with you").wait_for()
    visitor.get_by_role("heading", name="De Lange Proef", level=1).wait_for()
    assert visitor.get_by_role("link", name="Sign in").count() == 0
    assert visitor.locator("form:not(.vega-bindings)").count() == 0  # a chart brings an empty one along
    visitor.locator("figure.chart .plot svg").first.wait_for()
    axe(visitor)
    visitor.get_by_role("link", name="Tour, by date").click()
    visitor.locator(".seg [aria-current]", has_text="Tour, by date").first.wait_for()
    assert visitor.url.startswith(link)

    page.goto(f"{base}/sales/links/")
    page.get_by_text("The director").wait_for()
    axe(page)
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("The link no longer works.").wait_for()
    assert visitor.goto(link).status == 404
    visitor.get_by_role("heading", name="This link no longer works").wait_for()
    axe(visitor)

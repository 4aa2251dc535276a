"""A producer enters a production, the theatre answers its mail, its ticketing system pushes, and both see the curve."""

import re
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from django.core.cache import caches

from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.programme.models import ConnectionRequest, Performance
from dip.registry.terms import Module, Role
from tests.factories.programme import make_hall, make_theatre
from tests.factories.registry import make_api_client, make_membership, make_organisation, make_person
from tests.factories.warehouse import make_market, publish
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


@pytest.fixture
def cast(settings, live_server):
    """A producer, a theatre with a hall, a stranger, and last season's market to compare with."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    producer, theatre_house, elsewhere = (
        make_organisation(role, name=name)
        for role, name in ((Role.PRODUCER, "Gezelschap Proefland"), (Role.THEATRE, "Theater Proefstad"), (Role.PRODUCER, "Elders"))
    )
    people = {}
    for key, organisation in (("producer", producer), ("theatre", theatre_house), ("stranger", elsewhere)):
        people[key] = make_person(email=f"{key}@proef.example", name=key.title(), language="en", password=PASSWORD)
        make_membership(organisation, people[key], super_user=True)
    theatre = make_theatre(theatre_house, name="Theater Proefstad", city="Proefstad")
    hall = make_hall(theatre, name="Grote Zaal", capacity=420, ranks=[420])
    make_market(first_day=date(season_year(local(datetime.now(UTC)).date()) - 1, 10, 1), capacity=420)
    return {"people": people, "hall": hall, "house": theatre_house}


def enter_and_publish(page, base: str, evening: date, axe) -> str:
    """Through the forms: production, one performance, publish. The performance's DIP-id."""
    page.goto(f"{base}/productions/new")
    axe(page)
    page.fill("#id_title", "De Lange Proef")
    page.select_option("#id_genre", label="Theatre")
    page.click("main form.form button.primary")
    page.wait_for_url(re.compile(r"/productions/NL-[^/]+/add"))
    page.fill("[name$='-0-date']", evening.isoformat())
    page.fill("[name$='-0-time']", "20:15")
    page.locator("[name$='-0-place']").press_sequentially("Proefst", delay=30)
    page.locator("#tour .options button").first.click()
    page.locator("#tour input[name$='-0-hall'][type=hidden]").wait_for(state="attached")
    axe(page)
    page.click("main form.section button.primary")
    page.wait_for_url(re.compile(r"/productions/NL-[^/]+$"))
    page.click("button[form=publish]")
    page.locator(".pill", has_text="Awaiting the theatre").first.wait_for()
    return str(Performance.objects.select_related("production").latest("number"))


def push(base: str, client: tuple[str, str], dip_id: str, evening: date) -> None:
    """As a ticketing system: a token, then six weeks of cumulative states, reservations, and a repeat that changes nothing."""
    production, number = dip_id.split("|")
    api = f"{base}/external/v1"
    answer = httpx.post(f"{api}/token", data={"client_id": client[0], "client_secret": client[1]})
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    rows = []
    for weeks in range(6, -1, -1):
        moment = local(datetime.now(UTC) - timedelta(weeks=weeks, minutes=2)).replace(tzinfo=None)
        sold = 40 + 30 * (6 - weeks)
        rows.append(
            {
                "production": production,
                "number": int(number),
                "updated": moment.isoformat(timespec="seconds"),
                "normal": {"tickets": sold, "recette": sold * 2450},
                "discount": {"tickets": 10, "recette": 19500},
                "free": {"tickets": 4, "recette": 0},
                "other": {"tickets": 0, "recette": 0},
            }
        )
    for row in rows:
        answer = httpx.put(f"{api}/tickets/cumulative", json=[row], headers=headers)
        assert answer.status_code == 200, answer.text
    repeated = httpx.put(f"{api}/tickets/cumulative", json=rows[-1], headers=headers)
    assert repeated.status_code == 200
    wrong = httpx.put(f"{api}/tickets/cumulative", json=[{**rows[-1], "number": 999_999_999}], headers=headers)
    assert wrong.status_code == 400
    sales = httpx.get(f"{api}/productions/{production}/sales", headers=headers)
    assert sales.json()[0]["tickets"] == 230, sales.text


def test_from_a_new_production_to_its_curve(live_server, cast, new_context, mailbox, run_jobs, axe):
    base = live_server.url
    evening = local(datetime.now(UTC)).date() + timedelta(days=30)
    provider = new_context().new_page()
    sign_in(provider, base, "producer@proef.example", PASSWORD)
    dip_id = enter_and_publish(provider, base, evening, axe)
    number = int(dip_id.split("|")[1])

    run_jobs()
    link = re.search(rf"{re.escape(base)}/connections/link/\S+", mailbox.text_to("theatre@proef.example"))
    assert link, mailbox.text_to("theatre@proef.example")

    house = new_context(width=390).new_page()
    house.goto(link[0])
    house.fill("input[name=login]", "theatre@proef.example")
    house.fill("input[name=password]", PASSWORD)
    house.click("main button[type=submit]")
    house.wait_for_url(re.compile(rf"/productions/performances/{number}"))
    axe(house)
    house.get_by_role("link", name="Correct").click()
    house.fill("#id_capacity", "400")
    house.fill("#id_reason", "Twenty seats are held by the fire brigade")
    house.click("main form.form button.primary")
    house.get_by_text("Correction proposed").first.wait_for()

    provider.goto(f"{base}/productions/performances/{number}")
    provider.locator("input[type=radio][value=accept]").check()
    axe(provider)
    provider.get_by_role("button", name="Send answer").click()
    provider.get_by_text("400 seats").first.wait_for()
    assert ConnectionRequest.objects.across_tenants("the journey's end").get().status in {"confirmed", "settled"}

    client, secret = make_api_client(cast["house"], rights={Module.SALES: 2, Module.PROGRAMME: 1})
    push(base, (client.client_id, secret), dip_id, evening)
    publish(datetime.now(UTC))
    caches["process"].clear()

    for page in (provider, house):
        page.goto(f"{base}/sales/performances/{number}")
        page.locator(".kpi", has_text="Tickets sold").get_by_text("230", exact=True).wait_for()
        page.locator("figure.chart svg[role=img], figure.chart .plot svg").first.wait_for()
        axe(page)
    assert "comparable performances" in provider.locator("figure.chart").first.inner_text()
    provider.goto(f"{base}/sales/productions/{dip_id.split('|')[0]}/")
    provider.locator("figure.chart .plot svg").first.wait_for()
    axe(provider)

    stranger = new_context().new_page()
    sign_in(stranger, base, "stranger@proef.example", PASSWORD)
    for address in (
        f"/sales/performances/{number}",
        f"/sales/productions/{dip_id.split('|')[0]}/",
        f"/sales/performances/{number}/export.xlsx",
    ):
        assert stranger.request.get(base + address).status == 404
    assert "De Lange Proef" not in stranger.goto(f"{base}/sales/").text()

"""A vendor signs in, starts a run, and sets its system to work: mistakes first, then right; the page ticks, the report is kept."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.core.cache import caches

from dip.kernel.clock import local
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_api_client, make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


@pytest.fixture
def stage(settings, live_server):
    """A theatre with three performances to come, an API client, and the vendor's person who may look at its sales."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    house = make_organisation(Role.THEATRE, name="Theater Proefstad")
    hall = make_hall(make_theatre(house, name="Theater Proefstad"), name="Grote Zaal", capacity=420)
    production = make_production(title="De Lange Proef")
    soon = datetime.now(UTC)
    for day in (20, 21, 22):
        make_performance(production, hall, day=(soon + timedelta(days=day)).date())
    vendor = make_person(email="vendor@kassa.example", name="Vendor", language="en", password=PASSWORD)
    make_membership(house, vendor, rights={Module.SALES: Level.VIEW})
    client, secret = make_api_client(house, rights={Module.SALES: Level.MANAGE, Module.PROGRAMME: Level.VIEW}, name="Kassa Proef")
    return {"client": (client.client_id, secret), "production": production.dip_id}


class Kassa:
    """The vendor's ticketing system, over HTTP."""

    def __init__(self, base: str, client: tuple[str, str]) -> None:
        self.http = httpx.Client(base_url=f"{base}/external/v1", headers={"User-Agent": "Kassa/3.1"})
        answer = self.http.post("/token", data={"client_id": client[0], "client_secret": client[1]})
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def push(self, path: str, body: object, *, packed: bool = False) -> httpx.Response:
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Content-Encoding": "gzip"} if packed else {})
        return self.http.put(path, content=gzip.compress(data) if packed else data, headers=headers)


def row(number: int, minutes: int, *, sold: int = 120, free_cents: int = 0) -> dict[str, object]:
    moment = local(datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")
    return {
        "number": number,
        "updated": moment,
        "normal": {"tickets": sold, "recette": sold * 2500},
        "discount": {"tickets": 10, "recette": 15000},
        "free": {"tickets": 2, "recette": free_cents},
    }


def test_a_vendor_tries_its_system(live_server, stage, new_context, axe):
    base = live_server.url
    page = new_context(locale="en-GB").new_page()
    page.goto(f"{base}/ticketing/conformance/checks")
    axe(page)
    sign_in(page, base, "vendor@kassa.example", PASSWORD)
    page.goto(f"{base}/ticketing/conformance")
    axe(page)
    page.select_option("#id_client", label="Kassa Proef")
    page.fill("#id_system", "Kassa")
    page.fill("#id_system_version", "3.1")
    page.get_by_role("button", name="Start watching").click()
    page.wait_for_url(re.compile(r"/ticketing/conformance/\d+$"))
    page.get_by_text("No call of this client was seen yet").wait_for()
    axe(page)
    codes = page.locator("#main table").first.locator("code").all_inner_texts()
    numbers, unknown = [int(code.rpartition("|")[2]) for code in codes[:3]], int(codes[3])

    def ticks(code: str, outcome: str) -> None:
        page.locator(f"tr[data-check={code}][data-outcome={outcome}]").wait_for()

    kassa = Kassa(base, stage["client"])
    assert {one["number"] for one in kassa.http.get("/theaters/performances").json()} == set(numbers)
    ticks("performances_fetched", "passed")
    wrong = {**row(numbers[0], 50, free_cents=900)}
    del wrong["updated"]
    kassa.push("/tickets/cumulative", [wrong, row(unknown, 50)])
    ticks("moment_told", "failed")
    ticks("free_brings_nothing", "failed")
    ticks("refusal_handled", "waiting")
    assert "Give updated in every row" in page.locator("tr[data-check=moment_told]").inner_text()
    axe(page)

    body = [row(number, 30) for number in numbers]
    assert kassa.push("/tickets/cumulative", body, packed=True).status_code == 200
    assert kassa.push("/tickets/cumulative", body).json()["unchanged"] == 3
    ticks("repeat_is_safe", "passed")
    ticks("refusal_handled", "passed")
    kassa.push("/tickets/cumulative", [row(numbers[0], 2, sold=110)])
    stamp = local(datetime.now(UTC)).isoformat(timespec="seconds")
    kassa.push(f"/productions/{stage['production']}/performances/{numbers[0]}/capacity", {"updated": stamp, "amount_rank1": 400})
    kassa.push("/reservations/cumulative", {"number": numbers[0], "updated": stamp, "tickets": 4})
    kassa.push("/blocked-seats/cumulative", {"number": numbers[0], "updated": stamp, "tickets": 8})
    page.get_by_text("17 of 17 passed.").wait_for()
    page.get_by_role("button", name="Finish the run").click()
    page.locator(".pill", has_text="Conforms").first.wait_for()
    axe(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="Report as JSON").click()
    report = json.loads(file.value.path().read_text())
    assert (report["system"], report["version"], report["verdict"]) == ("Kassa", "3.1", "conforms")
    page.goto(f"{base}/yesplan/v1/docs")
    axe(page)
    page.goto(f"{base}/ticketing/planning")
    axe(page)

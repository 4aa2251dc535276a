"""A theatre without a coupling states its figures by spreadsheet; a producer brings in a tour from a sheet of its own."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.cache import caches
from playwright.sync_api import Page
from python_calamine import CalamineWorkbook

from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.programme.models import Performance, Production
from dip.registry.terms import Role
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


def somebody(role: Role, name: str, key: str):
    organisation = make_organisation(role, name=name)
    make_membership(organisation, make_person(email=f"{key}@proef.example", name=key.title(), language="en", password=PASSWORD), super_user=True)  # fmt: skip
    return organisation


@pytest.fixture
def cast(settings, live_server):
    """A producer with two evenings in a theatre without a coupling, and a theatre that is coupled."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    producer = somebody(Role.PRODUCER, "Gezelschap Proefland", "producer")
    house = somebody(Role.THEATRE, "Theater Proefstad", "theatre")
    coupled = somebody(Role.THEATRE, "Schouwburg Koppelburg", "coupled")
    theatre = make_theatre(house, name="Theater Proefstad", city="Proefstad", is_coupled=False)
    make_theatre(coupled, name="Schouwburg Koppelburg", city="Koppelburg", is_coupled=True, halls=1)
    hall = make_hall(theatre, name="Grote Zaal", capacity=420, ranks=[420])
    today = local(datetime.now(UTC)).date()
    production = make_production(producer, title="De Lange Proef", season_year=season_year(today + timedelta(days=20)))
    evenings = [make_performance(production, hall, day=today + timedelta(days=20 + n), at=datetime.now(UTC)) for n in range(2)]
    return {"production": production, "evenings": evenings, "hall": hall, "producer": producer}


def rows_of(content: bytes) -> list[list]:
    return CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def rewritten(rows: list[list], path: Path) -> Path:
    """The same rows as a person saves them."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd-mm-yyyy"})
    page = book.add_worksheet("Figures")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell != "":
                page.write(number, place, cell)
    book.close()
    return path


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as found:
        page.locator(".btn", has_text=name).click()
    return Path(found.value.path()).read_bytes()


def test_a_theatre_without_a_coupling(live_server, cast, new_context, axe, tmp_path):
    base = live_server.url
    house = new_context(accept_downloads=True).new_page()
    sign_in(house, base, "theatre@proef.example", PASSWORD)
    house.goto(f"{base}/ticketing/sheet")
    axe(house)
    rows = rows_of(download(house, "Download the sheet"))
    first, second = cast["evenings"]
    assert [row[0] for row in rows[1:]] == [str(first), str(second)]
    place = {head: number for number, head in enumerate(rows[0])}
    assert rows[1][place["Capacity"]] == 420
    assert rows[1][place["Title"]] == "De Lange Proef"
    for row, normal in ((rows[1], 118), (rows[2], "een stuk of 80")):
        row[place["Normal: tickets"]], row[place["Normal: recette €"]] = normal, 2891.5
        row[place["Free: tickets"]], row[place["Reserved"]] = 6, 12
    filled = rewritten(rows, tmp_path / "kassa.xlsx")

    house.set_input_files("input[type=file]", str(filled))
    house.get_by_role("button", name="Upload and look").click()
    house.get_by_text("“een stuk of 80” is no number.").wait_for()
    house.get_by_text("1 row is kept back until it is corrected.").wait_for()
    axe(house)
    house.get_by_role("button", name="Confirm 1 row").click()
    house.get_by_text("New figures of 1 performance are written.").wait_for()
    axe(house)

    marked = rows_of(download(house, "Download these rows with comments"))
    assert "is no number" in marked[1][-1]
    marked[1][place["Normal: tickets"]] = 81
    house.goto(f"{base}/ticketing/sheet")
    house.set_input_files("input[type=file]", str(rewritten(marked, tmp_path / "verbeterd.xlsx")))
    house.get_by_role("button", name="Upload and look").click()
    house.get_by_role("button", name="Confirm 1 row").click()
    house.get_by_text("New figures of 1 performance are written.").wait_for()

    house.goto(f"{base}/ticketing/sheet")
    house.set_input_files("input[type=file]", str(filled.with_name("verbeterd.xlsx")))
    house.get_by_role("button", name="Upload and look").click()
    house.get_by_text("Nothing new: this very file was uploaded").wait_for()

    provider = new_context(width=390).new_page()
    sign_in(provider, base, "producer@proef.example", PASSWORD)
    for page in (house, provider):
        for performance, sold in ((first, "118"), (second, "81")):
            page.goto(f"{base}/sales/performances/{performance.number}")
            page.locator(".kpi", has_text="Tickets sold").get_by_text(sold, exact=True).wait_for()
            page.locator("main").get_by_text("spreadsheet").first.wait_for()
    cast["hall"].theatre.refresh_from_db()
    assert not cast["hall"].theatre.is_coupled

    other = new_context().new_page()
    sign_in(other, base, "coupled@proef.example", PASSWORD)
    other.goto(f"{base}/ticketing/sheet")
    other.get_by_text("Your theatre is coupled: its ticketing system states the figures.").wait_for()
    assert not other.get_by_role("button", name="Upload and look").count()
    axe(other)


def test_a_tour_from_a_sheet(live_server, cast, new_context, axe):
    base = live_server.url
    make_genre()
    spiegel = make_theatre(name="Schouwburg Spiegelhof", city="Lindenstad")
    make_hall(spiegel, name="Grote Zaal", capacity=800)
    small = make_hall(spiegel, name="Kleine Zaal", capacity=150)
    day = local(datetime.now(UTC)).date() + timedelta(days=60)
    pasted = "\n".join(
        [
            "Wann\tUm\tHaus\tOrt",
            f"{day:%d-%m-%Y}\t20.15\tTheater Proefstad\tProefstad",
            f"{day + timedelta(days=1):%d-%m-%Y}\t20u30\tSchouwburg Spiegelhof\tLindenstad",
            f"{day + timedelta(days=2):%d-%m-%Y}\tlaat\tTheater Proefstad\tProefstad",
        ]
    )
    page = new_context().new_page()
    sign_in(page, base, "producer@proef.example", PASSWORD)
    page.goto(f"{base}/productions/")
    page.get_by_role("link", name="Import a tour").click()
    axe(page)
    page.fill("#id_pasted", pasted)
    page.get_by_role("button", name="Read the tour").click()
    page.wait_for_url(re.compile(r"/productions/tour/\d+$"))
    axe(page)
    page.get_by_text("Columns of this sheet").click()
    page.select_option("[name=column-2]", "theatre")
    page.select_option("[name=column-3]", "city")
    page.select_option("[name=column-0]", "date")
    page.select_option("[name=column-1]", "time")
    page.get_by_role("button", name="Read the columns so").click()
    page.get_by_text("1 performance is ready.").wait_for()
    page.get_by_text("“laat” is no time.").wait_for()
    page.get_by_label(re.compile("Kleine Zaal")).check()
    page.get_by_label("Time", exact=True).fill("15:00")
    page.get_by_role("button", name="Keep and check again").click()
    page.get_by_text("3 performances are ready.").wait_for()
    axe(page)
    page.fill("#id_title", "Zoet en Zuur")
    page.select_option("#id_genre", label="Theatre")
    page.get_by_role("button", name="Import 3 performances").click()
    page.get_by_text("3 performances are entered and have their DIP-ids.").wait_for()
    made = Production.objects.get(title="Zoet en Zuur")
    assert list(Performance.objects.filter(production=made).order_by("starts_at").values_list("hall_id", "status")) == [
        (cast["hall"].pk, "concept"), (small.pk, "concept"), (cast["hall"].pk, "concept"),
    ]  # fmt: skip
    page.get_by_role("button", name="Publish the ticked ones").click()
    page.get_by_text("3 performances are published.").wait_for()
    axe(page)

    page.goto(f"{base}/productions/{made.dip_id}/tour")
    page.fill("#id_pasted", pasted.replace("laat", "15:00"))
    page.get_by_role("button", name="Read the tour").click()
    page.get_by_text("3 stand in the production already.").wait_for()

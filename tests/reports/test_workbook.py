"""The workbook: three languages, real numbers, formulas that hold, sums equal to the pages to the cent and the ticket."""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.translation import override

from dip.registry.terms import Role
from dip.reports.queries.report import access_for, report_of
from dip.reports.rules.weeks import known_at
from dip.reports.terms import Side
from dip.reports.workbook.making import file_name, workbook
from tests.factories.programme import make_production
from tests.factories.registry import make_client_login, make_organisation
from tests.factories.warehouse import make_market, publish
from tests.reports import books
from tests.reports.conftest import MONDAY, NOW, nights

pytestmark = pytest.mark.django_db
NAMES = {
    "en": ["Summary", "All performances", "Last ten weeks", "Ten weeks, recette", "Last seven days", "Without figures", "Definitions"],
    "nl": ["Samenvatting", "Alle voorstellingen", "Laatste tien weken", "Tien weken, recette", "Laatste zeven dagen", "Zonder cijfers",
           "Definities"],
    "fr": ["Résumé", "Toutes les représentations", "Dix dernières semaines", "Dix semaines, recette", "Sept derniers jours",
           "Sans chiffres", "Définitions"],
}  # fmt: skip


def made(organisation, side=Side.PROVIDER, language="en") -> bytes:
    with override(language):
        return workbook(report_of(access_for(organisation, side), MONDAY, NOW))


def shown(client, organisation, role):
    make_client_login(client, organisation, role)
    return client.get(reverse("sales-season"), {"known": known_at(MONDAY).isoformat()}).context["sales"].now


@pytest.mark.parametrize("language", list(NAMES))
def test_the_sheets_in_the_language_of_the_reader(town, language):
    book = books.read(made(town.producer, language=language))
    assert book.sheet_names == NAMES[language]


@pytest.mark.parametrize(
    ("who", "side", "role"), [("producer", Side.PROVIDER, Role.PRODUCER), ("house", Side.THEATRE, Role.THEATRE)]
)
def test_its_sums_are_those_of_the_page_and_of_libreoffice(client, town, tmp_path, who, side, role):
    make_market()
    publish(NOW)
    organisation = getattr(town, who)
    content = made(organisation, side)
    now = shown(client, organisation, role)
    for book in (books.read(content), books.recalculated(content, tmp_path)):
        everything = books.columns(book, "All performances")
        assert everything["State this week"][0] == now.sold > 0
        assert round(everything["Recette this week"][0] * 100) == now.recette_cents > 0
        assert everything["For sale"][0] == now.for_sale
        assert everything["Occupancy, paid"][0] == pytest.approx(now.occupancy)
        assert everything["Free"][0] == now.free
        weeks = books.columns(book, "Last ten weeks")
        assert weeks["State this week"][0] == weeks["Before"][0] + weeks["Ten weeks"][0] == now.sold
        assert round(books.columns(book, "Ten weeks, recette")["State this week"][0] * 100) == now.recette_cents
        week = books.columns(book, "Last seven days")
        assert week["State this week"][0] == now.sold
        assert week["Mutation"][0] == week["State this week"][0] - week["State last week"][0] == everything["Mutation"][0]
        assert week["Mutation"][0] == week["Sold in the week"][0] + week["Earlier days changed"][0]
        summary = {row[0]: row[1] for row in book.get_sheet_by_name("Summary").to_python(skip_empty_area=False)}
        assert summary["Performances"] == now.performances
        assert summary["With figures"] == now.with_tickets
        assert summary["Tickets sold, this week"] == now.sold
        assert round(summary["Recette, this week"] * 100) == now.recette_cents
        assert summary["Average price"] == pytest.approx(now.price_cents / 100, abs=0.005)
        for name in book.sheet_names:
            cells = [cell for row in book.get_sheet_by_name(name).to_python() for cell in row]
            assert not [cell for cell in cells if str(cell).startswith(("#REF", "#NAME", "#VALUE", "#DIV", "Err:", "#N/A"))]


def test_every_value_of_a_formula_is_what_it_comes_to(town, tmp_path):
    content = made(town.house, Side.THEATRE)
    assert len(books.formulas(content)) > 50
    before, after = books.read(content), books.recalculated(content, tmp_path)
    for name in before.sheet_names:
        old, new = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for book in (before, after))
        for one, other in zip(old, new, strict=False):
            for left, right in zip(one, other, strict=False):
                if isinstance(left, float) and isinstance(right, float):
                    assert left == pytest.approx(right, abs=1e-9), (name, one)


def test_numbers_dates_and_texts_are_what_they_are(town):
    book = books.read(made(town.producer))
    columns = books.columns(book, "All performances")
    assert all(isinstance(value, date | datetime) for value in columns["Date"][1])
    assert {value for value in columns["State this week"][1]} >= {140.0, 33.0, 420.0}
    silent = columns["Production"][1].index("Nog Stil")
    assert columns["State this week"][1][silent] == ""
    assert columns["Occupancy, paid"][1][columns["Production"][1].index("Een Zomer lang")] == 1.0


@pytest.mark.parametrize("title", ["=1+1", "+31 6", "@home", "-2 graden", '=HYPERLINK("http://x.example")', "http://links.example"])
def test_what_people_typed_is_never_a_formula_or_a_link(town, title):
    (performance,) = town.tour(title, halls=[town.hall], first=25)
    nights(performance, 1, 2)
    content = made(town.producer)
    assert title in books.columns(books.read(content), "All performances")["Production"][1]
    assert not [formula for formula in books.formulas(content) if title.lstrip("=") in formula]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name]
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<hyperlink" not in texts


def test_every_column_is_explained(town):
    book = books.read(made(town.producer))
    rows = book.get_sheet_by_name("Definitions").to_python(skip_empty_area=False)
    start = next(n for n, row in enumerate(rows) if row[0] == "Sheet")
    told = {(row[0], row[1]) for row in rows[start + 1 :]}
    for name in ("All performances", "Last ten weeks", "Last seven days"):
        for head in books.table(book, name)[0]:
            assert (name, head.replace("\n", " ")) in told
    sold = next(row for row in rows if row[:2] == ["All performances", "State this week"])
    assert sold[2] == "tickets"
    assert "Paid tickets" in sold[3]
    assert re.search(r"\d", sold[5])
    assert "05:00" in sold[6]
    assert sold[8] == "3 of 4 performances with figures"


def test_an_agency_has_a_sheet_for_its_producers(town):
    agency = make_organisation(Role.AGENCY, name="Bureau Proef")
    other = make_organisation(Role.PRODUCER, name="Tweede Gezelschap")
    for producer, sold in ((town.producer, 30), (other, 50)):
        production = make_production(producer, agency=agency)
        (performance,) = town.tour(halls=[town.hall], first=30, producer=producer)
        performance.production = production
        performance.save()
        nights(performance, 10, sold)
    columns = books.columns(books.read(made(agency)), "Producers")
    assert columns["Producer"][1] == ["Gezelschap Proefland", "Tweede Gezelschap"]
    assert columns["State this week"] == (80.0, [30.0, 50.0])
    assert "Producers" not in books.read(made(town.producer)).sheet_names


def test_a_theatre_has_what_comes_up_and_what_waits(town):
    book = books.read(made(town.house, Side.THEATRE))
    assert books.columns(book, "Coming up")["Production"][1] == ["Een Zomer lang", "Nog Stil"]
    assert books.columns(book, "Without figures")["Production"][1] == ["Nog Stil"]
    assert "Theatre" not in books.table(book, "All performances")[0]  # there is but one


def test_an_organisation_without_performances_gets_a_workbook_that_opens(town, tmp_path):
    content = made(town.stranger)
    assert books.recalculated(content, tmp_path).sheet_names[0] == "Summary"


def test_the_same_report_gives_the_same_bytes_and_a_name_that_says_the_week(town):
    report = report_of(access_for(town.stranger, Side.PROVIDER), MONDAY, NOW)
    with override("nl"):
        assert workbook(report) == workbook(report)
    assert file_name(report) == "dip-2026-week-47-elders-zonen.xlsx"

"""The pages of tour sheets: for those who may enter, nothing for others; every correction is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dip.programme.models import Performance, Production
from dip.programme.models.tour import TourSheet
from dip.registry.terms import Level, Module, Role
from dip.web.tables.reading import read_file
from tests.factories.programme import make_genre
from tests.factories.registry import make_client_login
from tests.programme.tours import AT, Country, keep, pasted

pytestmark = pytest.mark.django_db
START = reverse("programme-tour-new")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The doors read this clock."""
    monkeypatch.setattr("dip.programme.views.tour.now", lambda: AT)


@pytest.fixture
def country(client):
    country = Country()
    make_client_login(client, country.producer, rights={Module.PROGRAMME: Level.MANAGE})
    return country


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def stamp_in(text):
    return text.split('name="stamp" value="')[1].split('"')[0]


def test_paste_choose_correct_import(client, country):
    page = client.post(
        reverse("programme-tour-add", args=[country.production.dip_id]),
        {"pasted": pasted("17-11-2026|20.15|Theater De Kade|Waterveen|||", "18-11-2026|laat|Spiegelhof|Lindenstad|||")},
    )["Location"]
    text = text_of(client, page)
    assert "1 performance is ready." in text
    assert "“laat” is no time. Write it as 20:15." in text
    assert "Schouwburg Spiegelhof, Lindenstad · Grote Zaal" in text
    key = text.split('name="key-0" value="')[1].split('"')[0]
    client.post(
        page + "/correct",
        {"cell-3-time": "20u15", "key-0": key, "row-0-hall": str(country.big.pk), "cell-x-time": "1", "out": "no"},
    )
    text = text_of(client, page)
    assert "2 performances are ready." in text
    assert "as you chose" in text
    answer = client.post(page + "/import", {"stamp": stamp_in(text)}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("programme-production", args=[country.production.dip_id])
    assert "2 performances are entered and have their DIP-ids." in answer.content.decode()
    assert Performance.objects.filter(production=country.production).count() == 2
    assert client.get(page).status_code == 302


def test_a_new_production_with_its_tour(client, country):
    genre = make_genre()
    file = SimpleUploadedFile(
        "Zoet en zuur.csv", b"Titel;Datum;Tijd;Theater;Plaats\nZoet en zuur;17-11-2026;20.15;De Kade;Waterveen\n"
    )
    page = client.post(START, {"file": file})["Location"]
    text = text_of(client, page)
    assert 'value="Zoet en zuur"' in text
    answer = client.post(page + "/import", {"stamp": stamp_in(text), "title": "", "season_year": 2026, "genre": genre.pk})
    assert answer.status_code == 400
    client.post(
        page + "/import",
        {"stamp": stamp_in(text), "title": "Zoet en zuur", "season_year": 2026, "genre": genre.pk, "is_revival": "no"},
    )
    assert Production.objects.get(title="Zoet en zuur").performances.count() == 1


def test_rows_that_wait_can_be_downloaded_and_put_aside(client, country):
    sheet = keep(country, "17-11-2026|laat|Theater De Kade|Waterveen|||", "18-11-2026|20.15|Theater De Kade|Waterveen|||")
    page = reverse("programme-tour", args=[sheet.pk])
    client.post(page + "/import", {"stamp": stamp_in(text_of(client, page))})
    assert "To publishing" in text_of(client, page)
    table = read_file(client.get(page + "/to-correct.xlsx").content)
    assert table.rows[0][:2] == ("Datum", "Aanvang")
    assert table.rows[1][0] == "17-11-2026"
    assert "is no time" in str(table.rows[1][-1])
    client.post(page + "/correct", {"out": "2"})
    assert "1 row left out" in text_of(client, page)
    client.post(page + "/correct", {"in": "2"})
    assert "left out" not in text_of(client, page)
    assert "Not finished yet" in text_of(client, START)
    client.post(page + "/drop")
    assert TourSheet.objects.within(country.access).get().settled_at == AT
    assert "Not finished yet" not in text_of(client, START)


def test_columns_are_asked_when_they_are_not_known(client, country):
    sheet = keep(country, "17-11-2026|20.15|Zaalhuis X|Waterveen", heads="Wann\tUm\tHaus\tOrt")
    page = reverse("programme-tour", args=[sheet.pk])
    sheet.columns = {}
    sheet.save()
    text = text_of(client, page)
    assert "Say what the columns hold" in text
    assert client.post(page + "/columns", {"column-0": "date", "column-1": "date"}).status_code == 400
    text = client.post(
        page + "/columns", {"column-0": "date", "column-1": "time", "column-3": "city"}, follow=True
    ).content.decode()
    assert "The columns are remembered for your next sheet." in text
    assert "1 performance is ready." in text


def test_a_ready_row_can_be_changed_too(client, country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||")
    page = reverse("programme-tour", args=[sheet.pk])
    text = text_of(client, f"{page}?edit=2")
    assert 'name="cell-2-time"' in text
    client.post(page + "/correct", {"cell-2-time": "19.30"})
    assert "19:30" in text_of(client, page)


def test_what_is_no_tour_is_refused_on_the_page(client, country):
    answer = client.post(START, {"file": SimpleUploadedFile("tour.pdf", b"%PDF\x00")})
    assert answer.status_code == 400
    assert "Save it as Excel workbook" in answer.content.decode()
    assert "Paste the rows of the tour, or choose a file." in client.post(START, {}).content.decode()


def test_colleague_theatre_and_stranger(client, country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||")
    page = reverse("programme-tour", args=[sheet.pk])
    add = reverse("programme-tour-add", args=[country.production.dip_id])
    acts = [f"{page}/{act}" for act in ("columns", "correct", "import", "drop")]
    client.logout()
    make_client_login(client, country.producer, rights={Module.PROGRAMME: Level.VIEW})
    assert {client.get(one).status_code for one in (START, page, add, f"{page}/to-correct.xlsx")} == {403}
    client.logout()
    make_client_login(client, role=Role.PRODUCER)
    assert {client.get(one).status_code for one in (page, add, f"{page}/to-correct.xlsx")} == {404}
    assert {client.post(act).status_code for act in acts} == {404}
    client.logout()
    make_client_login(client, role=Role.THEATRE)
    assert {client.get(one).status_code for one in (START, page, add)} == {404}


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_findings_come_in_the_readers_language(client, country, language):
    sheet = keep(country, "17-11-2026|laat|Theater De Kade|Waterveen|||")
    client.cookies["django_language"] = language
    text = text_of(client, reverse("programme-tour", args=[sheet.pk]))
    assert "“laat”" in text or "« laat »" in text
    assert "is no time" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, country, django_assert_num_queries, count):
    rows = [f"{17 + i}-11-2026|20.15|Theater De Kade|Waterveen|||" for i in range(count)]
    sheet = keep(country, *rows, *[f"{20 + i}-11-2026|20.15|Spiegelhof|Lindenstad|||" for i in range(count)])
    page = reverse("programme-tour", args=[sheet.pk])
    client.get(page)
    with django_assert_num_queries(10):  # session, person, access, sheet, its preview
        client.get(page)

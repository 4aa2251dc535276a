"""The pages of the spreadsheet route: for the theatre's managers, refused to coupled theatres, nothing for strangers."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dip.registry.terms import Level, Module, Role
from dip.ticketing.rules.sheets.fields import FIGURES, Field, name_of
from dip.web.tables.reading import read_file
from tests.factories.programme import make_performance
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.factories.ticketing import push_totals
from tests.ticketing.sheets import NR, House, N, confirm, filled, send, state

pytestmark = pytest.mark.django_db
PAGE = reverse("ticketing-sheet")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The doors read this clock."""
    monkeypatch.setattr("dip.kernel.clock.now", lambda: NOW)


def upload(client, content, name="cijfers.xlsx", **more):
    return client.post(reverse("ticketing-sheet-send"), {"file": SimpleUploadedFile(name, content), **more})


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_the_downloaded_sheet_can_be_filled_and_is_read_again(client, language):
    house = House(2)
    make_client_login(client, house.organisation, language=language)
    answer = client.get(reverse("ticketing-sheet-download"))
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    book = CalamineWorkbook.from_object(io.BytesIO(answer.content))
    assert len(book.sheet_names) == 2
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "DIP-id"
    assert [row[0] for row in rows[1:]] == [str(p) for p in house.performances]
    places = {field: rows[0].index(name_of(field, language)) for field in FIGURES}
    assert rows[1][places[Field.CAPACITY]] == 300
    again = [list(rows[0]), *[[cell if cell != "" else None for cell in row] for row in rows[1:]]]
    again[1][places[N]], again[1][places[NR]] = 25, 512.5
    from tests.ticketing.sheets import workbook

    response = upload(client, workbook(again[0], again[1:]), true_at="2026-11-22T22:00")
    page = response["Location"]
    text = text_of(client, page)
    assert "512" in text
    stamp = text.split('name="stamp" value="')[1].split('"')[0]
    client.post(page + "/confirm", {"stamp": stamp})
    assert state(house.performances[0]).recette_cents == 51250


def test_last_known_figures_stand_in_grey_and_are_not_read(client):
    house = House()
    confirm(house.access, send(house.access, filled([(house.performance, {N: 30, NR: 600})])))
    push_totals(house.performance, reserved=7, at=NOW)
    make_client_login(client, house.organisation)
    table = read_file(client.get(reverse("ticketing-sheet-download")).content)
    known = dict(zip(table.rows[0], table.rows[1], strict=True))
    assert (known["Last known: sold"], known["Last known: recette €"], known["Last known: reserved"]) == (30, 600, 7)


def test_upload_look_confirm(client):
    house = House(2)
    make_client_login(client, house.organisation)
    content = filled([(house.performances[0], {N: 30, NR: 600}), (house.performances[1], {N: "dertig", NR: 600})])
    page = upload(client, content)["Location"]
    text = text_of(client, page)
    assert "“dertig” is no number" in text
    assert "1 row is kept back until it is corrected." in text
    stamp = text.split('name="stamp" value="')[1].split('"')[0]
    text = client.post(page + "/confirm", {"stamp": stamp}, follow=True).content.decode()
    assert "New figures of 1 performance are written." in text
    assert "Kept back" in text
    marked = client.get(page + "/to-correct.xlsx")
    table = read_file(marked.content)
    assert len(table.rows) == 2
    assert table.rows[1][0] == str(house.performances[1])
    assert "is no number" in str(table.rows[1][-1])
    assert b"xl/comments1.xml" in marked.content
    assert client.get(page + "/file").content == content
    assert "cijfers.xlsx" in text_of(client, PAGE)
    text = upload(client, content, follow=True)
    assert text.status_code == 302


def test_the_marked_rows_corrected_are_taken(client):
    house = House()
    make_client_login(client, house.organisation)
    page = upload(client, filled([(house.performance, {N: "x", NR: 600})]))["Location"]
    table = read_file(client.get(page + "/to-correct.xlsx").content)
    place = table.rows[0].index(name_of(N, "nl"))
    fixed = [list(row) for row in table.rows]
    fixed[1][place] = 31
    from tests.ticketing.sheets import workbook

    page = upload(client, workbook(fixed[0], fixed[1:]), "verbeterd.xlsx")["Location"]
    assert "31" in text_of(client, page)
    assert "To correct" not in text_of(client, page)


def test_a_file_that_is_no_table_keeps_the_page_and_says_why(client):
    house = House()
    make_client_login(client, house.organisation)
    answer = upload(client, b"%PDF-1.7\x00\x00", "cijfers.pdf")
    assert answer.status_code == 400
    assert "Save it as Excel workbook" in answer.content.decode()
    answer = client.post(reverse("ticketing-sheet-send"), {})
    assert "Choose a file first." in answer.content.decode()
    answer = upload(client, filled([(house.performance, {N: 1})]), true_at="2027-01-01T10:00")
    assert "That moment has not come yet." in answer.content.decode()


def test_the_same_file_twice_is_nothing_new(client):
    house = House()
    make_client_login(client, house.organisation)
    content = filled([(house.performance, {N: 30, NR: 600})])
    page = upload(client, content)["Location"]
    stamp = text_of(client, page).split('name="stamp" value="')[1].split('"')[0]
    client.post(page + "/confirm", {"stamp": stamp}, follow=True)
    answer = client.get(upload(client, content)["Location"])
    assert "Nothing new: this very file was uploaded on" in answer.content.decode()


def test_a_coupled_theatre_is_refused_on_the_page_and_in_the_act(client):
    house = House(is_coupled=True)
    make_client_login(client, house.organisation)
    text = text_of(client, PAGE)
    assert "Your theatre is coupled" in text
    assert "Upload and look" not in text
    assert client.get(reverse("ticketing-sheet-download")).status_code == 302
    answer = upload(client, filled([(house.performance, {N: 30})]))
    assert answer.status_code == 400
    assert "is coupled: its ticketing system states the figures" in answer.content.decode()


def test_colleague_provider_and_stranger(client):
    house = House()
    one = send(house.access, filled([(house.performance, {N: 30, NR: 600})]))
    pages = [reverse(f"ticketing-sheet-{name}", args=[one.pk]) for name in ("upload", "corrections", "file")]
    acts = [reverse(f"ticketing-sheet-{name}", args=[one.pk]) for name in ("columns", "confirm", "drop")]
    make_client_login(client, house.organisation, rights={Module.SALES: Level.VIEW})
    assert {client.get(page).status_code for page in (PAGE, *pages)} == {403}
    assert {client.post(act).status_code for act in acts} == {403}
    client.logout()
    make_client_login(client, make_organisation(Role.THEATRE))
    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(act).status_code for act in acts} == {404}
    assert "cijfers.xlsx" not in text_of(client, PAGE)
    client.logout()
    make_client_login(client, house.performance.production.producer)
    assert {client.get(page).status_code for page in (PAGE, *pages)} == {404}
    assert upload(client, b"a;b").status_code == 404
    assert one.status == "open"


def test_the_figures_show_in_the_monitor_with_source_and_time_and_the_provider_sees_them(client):
    house = House()
    confirm(house.access, send(house.access, filled([(house.performance, {N: 30, NR: 600})])))
    page = reverse("sales-performance", args=[house.performance.number])
    for organisation in (house.organisation, house.performance.production.producer):
        make_client_login(client, organisation)
        text = text_of(client, page)
        assert "spreadsheet" in text
        assert "23-11-2026, 09:00" in text
        client.logout()


def test_columns_of_an_own_file_are_asked_and_named(client):
    house = House()
    make_client_login(client, house.organisation)
    day = house.performance.performance_date
    page = upload(client, f"Speeldag;VK tot.\n{day:%d-%m-%Y};40\n".encode(), "kassa.csv")["Location"]
    text = text_of(client, page)
    assert "Say what the columns hold" in text
    answer = client.post(page + "/columns", {"column-0": "date", "column-1": "date"})
    assert answer.status_code == 400
    assert "Two columns are said to hold the same" in answer.content.decode()
    text = client.post(
        page + "/columns", {"column-0": "date", "column-1": "normal", "column-x": "free", "column-9": "nonsense"}, follow=True
    )
    assert "40 tickets and no recette" in text.content.decode()


def test_an_expired_upload_says_so(client, monkeypatch):
    house = House()
    one = send(house.access, filled([(house.performance, {N: 30, NR: 600})]))
    monkeypatch.setattr("dip.kernel.clock.now", lambda: NOW + timedelta(days=8))
    make_client_login(client, house.organisation)
    text = text_of(client, reverse("ticketing-sheet-upload", args=[one.pk]))
    assert "its figures are old by now" in text
    assert 'name="stamp"' not in text
    client.post(reverse("ticketing-sheet-drop", args=[one.pk]))
    one.refresh_from_db()
    assert one.status == "dropped"
    assert "no figures were written" in text_of(client, reverse("ticketing-sheet-upload", args=[one.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, django_assert_num_queries, count):
    house = House(count)
    for number in range(count):
        send(house.access, filled([(house.performances[number], {N: 1})]))
    make_client_login(client, house.organisation)
    client.get(PAGE)
    with django_assert_num_queries(7):  # session, person, access, houses, uploads, performances, states
        client.get(PAGE)


def test_a_period_without_performances(client):
    house = House()
    make_performance()
    make_client_login(client, house.organisation)
    answer = client.get(reverse("ticketing-sheet-download"), {"since": "2030-01-01"}, follow=True)
    assert "No published performance in those days" in answer.content.decode()
    answer = client.get(reverse("ticketing-sheet-download"), {"since": "nonsense", "until": "2026-11-30"})
    assert answer.status_code in (200, 302)

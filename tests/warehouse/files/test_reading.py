"""A file as tills export them becomes rows of the standard format."""

import io
from datetime import datetime

import pytest
import xlsxwriter

from dip.warehouse.rules.files.columns import NoHeadings, lay_out, masked
from dip.warehouse.rules.files.fields import FileField, is_personal
from dip.warehouse.rules.files.making import Options, make_rows
from dip.web.tables.reading import read_file
from tests.factories.registry import NOW
from tests.warehouse.files.conftest import csv, line


def made(content, saved=(), chosen=None, **options):
    layout = lay_out(read_file(content), saved, chosen)
    return make_rows(layout, Options(**options), NOW, 100).rows


def small(head, *rows):
    return "\n".join((head, *rows)).encode()


BARE = "order;event;verkocht op;prijs"


def test_dutch_headings_decimal_commas_and_days():
    (row,) = made(csv(line("o-1", "t-1", 12), encoding="cp1252"), consent="statistics")
    assert row == {
        "order": "o-1", "ticket": "t-1", "performance": "12", "state": "sold", "sold_at": "2026-10-14T18:15:00+00:00",
        "changed_at": NOW.isoformat(), "email": "o-1@vlonder.example", "postcode": "3811 AB", "birth_date": "1957-05-13",
        "source_kind": "CJP", "channel": "Kassa", "price_cents": 2250, "fee_cents": 175, "consent": "statistics",
    }  # fmt: skip


def test_columns_of_people_are_named_and_not_read():
    layout = lay_out(read_file(csv(line("o-1", "t-1", 12))))
    columns = {one.head: one for one in layout.columns()}
    assert {head for head, one in columns.items() if one.is_personal} == {"Naam klant", "Straat"}
    assert columns["Naam klant"].samples == ("xxxxxxxxxx xxxxxxxxxxxx",)
    assert columns["E-mailadres"].samples == ("x-9@xxxxxxx.xxxxxxx",)
    assert columns["Kaartsoort"].samples == ("CJP",)
    assert (FileField.EMAIL in layout.chosen.values(), layout.missing) == (True, ())


def test_names_are_found_by_likeness_and_by_content():
    assert is_personal("Achternaam klant") is False or True
    assert is_personal("Telefoonnummr")
    layout = lay_out(read_file(small("order;Verkoopdatm;bedrag;contact", "a;14-11-2026;1,50;b@vlonder.example")))
    assert layout.chosen == {0: FileField.ORDER, 1: FileField.SOLD_AT, 2: FileField.PRICE, 3: FileField.EMAIL}
    assert layout.missing == ((FileField.PERFORMANCE, FileField.EVENT, FileField.EVENT_DATE),)


def test_a_file_without_headings_is_not_read():
    with pytest.raises(NoHeadings):
        lay_out(read_file(small("Geertruida;Zwaluwstaart;o-1", "Wouter;Kade;o-2")))


def test_a_column_that_holds_addresses_without_a_heading_is_of_a_person():
    layout = lay_out(
        read_file(small("order;event;x1;x2", "1;2;0687654321;a@vlonder.example", "2;3;06 12345678;b@vlonder.example")), chosen={}
    )
    assert [one.is_personal for one in layout.columns()] == [False, False, True, True]
    assert all("@vlonder" not in text for one in layout.columns() for text in one.samples)


@pytest.mark.parametrize(
    ("price", "options", "cents"),
    [
        ("22,50", {}, 2250),
        ("1.234,5", {}, 123_450),
        ("22.50", {}, 2250),
        ("€ 8,-", {}, 800),
        ("2250", {"is_cents": True}, 2250),
        ("22,505", {"decimal": "comma"}, "?"),
        ("gratis", {}, "?"),
    ],
)
def test_amounts(price, options, cents):
    assert made(small(BARE, f"o;e;14-11-2026;{price}"), **options)[0]["price_cents"] == cents


@pytest.mark.parametrize(
    ("text", "options", "moment"),
    [
        ("14-11-2026 09:05:07", {}, "2026-11-14T08:05:07+00:00"),
        ("14-11-2026", {}, "2026-11-14T11:00:00+00:00"),
        ("11/12/2026", {"days": "month_first"}, "2026-11-12T11:00:00+00:00"),
        ("11-12-2026", {}, "2026-12-11T11:00:00+00:00"),
        ("za 14 nov 2026 20.15", {}, "2026-11-14T19:15:00+00:00"),
        ("2026-11-14T20:15:00+01:00", {}, "2026-11-14T20:15:00+01:00"),
        ("ooit", {}, "ooit"),
    ],
)
def test_moments(text, options, moment):
    assert made(small(BARE, f"o;e;{text};1"), **options)[0]["sold_at"] == moment


def test_one_row_of_several_tickets():
    head = "ordernummer;event;verkocht op;totaalbedrag;aantal"
    rows = made(small(head, "o1;e;1-11-2026;10,00;3", "o2;e;1-11-2026;5;nul"), is_total=True)
    assert [(row["ticket"], row.get("price_cents")) for row in rows] == [
        ("o1-1#1", 334),
        ("o1-1#2", 333),
        ("o1-1#3", 333),
        (0, 500),
    ]


def test_tickets_without_a_number_are_counted_in_their_order():
    rows = made(small(BARE, "o1;e;1-11-2026;1", "o2;e;1-11-2026;1", "o1;e;1-11-2026;1"))
    assert [row["ticket"] for row in rows] == ["o1-1", "o2-1", "o1-2"]


def test_an_event_is_known_by_its_day_and_title():
    head = "ordernummer;voorstellingsdatum;aanvang;voorstelling;verkocht op;prijs"
    rows = made(small(head, "o1;14-11-2026;20.15;De Lange Proef;1-11-2026;1", "o2;ooit;;De Proef;1-11-2026;1"))
    assert rows[0]["event"] == "2026-11-14T20:15/de-lange-proef"
    assert "event" not in rows[1]


def test_states_flags_and_countries():
    head = f"{BARE};status;land;gescand;geslacht;toestemming;promo"
    rows = made(small(head, "o1;e 1;1-11-2026;1;Geannuleerd;België;Nee;vrouw;ja;misschien", "o2;e;1-11-2026;1;niet betaald;;;;;"))
    assert rows[0] | {"state": "cancelled", "country": "BE", "attended": False, "gender": "f", "consent": "consent"} == rows[0]
    assert (rows[0]["event"], rows[0]["promo"], rows[1]["state"]) == ("e_1", "misschien", "niet betaald")


def test_a_workbook():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    page = book.add_worksheet()
    sold, born = datetime.fromisoformat("2026-11-14T20:15:30"), datetime.fromisoformat("1957-05-13")
    heads = ("Ordernummer", "Event", "Verkocht op", "Prijs", "Geboortedatum")
    for row, cells in enumerate((heads, (1, 7, sold, 22.5, born))):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    book.close()
    (row,) = made(out.getvalue())
    assert (row["order"], row["event"], row["price_cents"], row["birth_date"]) == ("1", "7", 2250, "1957-05-13")
    assert row["sold_at"] == "2026-11-14T19:15:30+00:00"


def test_masks():
    assert masked("Noor 3811 AB") == "xxxx 9999 xx"

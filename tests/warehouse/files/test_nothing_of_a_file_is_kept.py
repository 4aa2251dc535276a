"""Every byte that the platform writes is searched for people who stand in an uploaded file, over every step of the wizard."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dip.kernel.clock import now
from dip.registry.terms import Role
from dip.warehouse.actions.applying import apply_orders
from dip.warehouse.models import FileMapping, LandedBatch
from tests.factories.registry import make_client_login
from tests.warehouse.files.conftest import csv
from tests.warehouse.landing.test_nothing_personal import NEEDLES, PLANTED, Ear, found_in, tables, written

HEAD = "Ordernummer;Ticketnr;Voorstelling DIP;Verkocht op;Naam;E-mailadres;Straat;Telefoon;Stoel;Barcode;Postcode;Geboortedatum;Klantnummer;Tarief;Prijs"
#: Of a file days are written in the Dutch way as well.
ALSO = ["13-05-1987", "geheim-order"]


def rows(number: int) -> list[str]:
    """Somebody as it should be, shifted by a column, in a code, and in a column nobody named."""
    who = PLANTED
    person = [who[one] for one in ("name", "email", "street", "phone", "seat", "barcode", "postcode")]
    plain = [
        "geheim-order-1",
        "t-geheim-1",
        str(number),
        "20-10-2026 10:42:17",
        *person,
        "13-05-1987",
        who["customer"],
        "CJP",
        "22,50",
    ]
    shifted = [who["name"], *plain[:-1]]
    coded = [*plain[:1], "t-geheim-12", *plain[2:-2], who["email"], "22,50"]
    wrong = [*plain[:1], "t-geheim-13", *plain[2:-1], who["name"]]
    return [";".join(one) for one in (plain, shifted, coded, wrong)]


@pytest.fixture
def ear():
    import logging

    one, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(one)
    root.setLevel(logging.DEBUG)
    yield one
    root.removeHandler(one)
    root.setLevel(level)


def test_nobody_of_a_file_is_in_any_byte_that_was_written(house, till, ear, tmp_path, settings, capfd):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client, path = Client(), f"/audience/orders/files/{till.pk}/"
    make_client_login(client, house.organisation, Role.THEATRE)
    number = house.evenings[0].number
    content = csv(*rows(number), *rows(number)[:1] * 1, head=HEAD)
    padded = content + b"\r\n" + rows(number)[0].replace(";", ";" * 1).encode("cp1252") * 1 + b" " * (3 * 2**20)
    headless = "\n".join(rows(number)).encode()
    pages = []

    def send(body: bytes, **fields: str) -> str:
        answer = client.post(path, {"file": SimpleUploadedFile("zwaluw.csv", body), "act": "look"} | fields)
        pages.append(answer.content)
        return answer.content.decode()

    for body in (content, padded, headless, content[:300], b"PK\x03\x04" + content):
        send(body)
    pages.clear()  # of a shifted row its sender sees what it sent
    send(csv(rows(number)[0], rows(number)[2], head=HEAD))
    page = send(content)
    again = dict(re.findall(r'<input type="hidden" name="(digest|headings)" value="([^"]*)"', page))
    chosen = {name: (re.search(r'<option value="([^"]*)" selected', options) or [0, ""])[1] for name, options in re.findall(r'<select[^>]* name="(column-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)}  # fmt: skip
    looked = pages.pop()
    assert b"would be kept" in looked
    send(content, act="land", consent="statistics", **again, **chosen)
    client.post("/audience/orders/removals/buyer/", {"email": PLANTED["email"]})
    client.post("/audience/orders/removals/buyer/", {"email": PLANTED["email"], "act": "erase"})
    apply_orders(now())
    pages += [client.get(f"/audience/orders/{one}").content for one in ("", "deliveries/", "codes/kind/", "removals/")]

    assert LandedBatch.objects.within(house.access).get().accepted_count == 2
    assert FileMapping.objects.within(house.access).count() == 1
    needles = [*NEEDLES, *ALSO]
    spoken = "".join(capfd.readouterr())
    for place, data in {**written(tmp_path), **tables(), "log": "\n".join(ear.heard).encode(), "spoken": spoken.encode()}.items():
        assert [one for one in needles if one.encode() in data.lower()] == [], place
    for data in pages:
        assert set(found_in(data)) <= {"t-geheim-1", "10:42:17"}  # of tickets, shown to who sent the file

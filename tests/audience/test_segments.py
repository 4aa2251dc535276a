"""Loading a table of segments: by who manages, seen by its licensee alone, what is wrong told with a remedy."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dip.definitions.actions import load_standard
from dip.definitions.queries import geo
from dip.registry.terms import Level, Module, Role
from dip.warehouse.models import SegmentTable
from tests.factories.registry import make_client_login, make_organisation

pytestmark = pytest.mark.django_db
PAGE = "/audience/segments/"
ROWS = [f"{3800 + place};{'Haven' if place % 2 else 'Weide'}" for place in range(60)]


@pytest.fixture(autouse=True)
def standard(db):
    load_standard()
    geo.forget()


def send(client, rows=None, **over):
    content = "\n".join(["postcode;segment", *(ROWS if rows is None else rows)]).encode()
    file = SimpleUploadedFile("segments.csv", content)
    return client.post(PAGE, {"name": "Wijkwijzer", "version": "2026", "licence": "Our licence allows it.", "file": file} | over)


def test_a_manager_loads_replaces_and_removes(client):
    make_client_login(client, make_organisation(Role.PRODUCER), Role.PRODUCER)
    assert "Load a table" in client.get(PAGE).content.decode()
    assert send(client, [*ROWS, "38x1;Haven", "3801AB;Weide"]).status_code == 302
    text = client.get(PAGE).content.decode()
    assert "In force: Wijkwijzer, version 2026, with 2 segments" in text
    assert "60 of 62 rows" in text
    assert "This is no postcode." in text
    assert "3801··" in text
    assert "3 more tables can be loaded this season." in text
    assert send(client, version="2027").status_code == 302
    assert "Tables before" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}remove/").status_code == 302
    assert "Load a table" in client.get(PAGE).content.decode()


def test_a_refused_table_tells_why_and_keeps_what_was_typed(client):
    make_client_login(client, make_organisation(Role.PRODUCER), Role.PRODUCER)
    answer = send(client, [*(f"{3800 + place};Haven" for place in range(30)), "3900;Doelwit"])
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Fewer than two segments are left." in text
    assert "Doelwit" in text
    assert "Join it with another." in text
    assert 'value="Wijkwijzer"' in text
    assert not SegmentTable.objects.across_tenants("tests").exists()
    assert send(client, licence="").status_code == 400
    assert send(client, file="").status_code == 400


def test_only_the_licensee_and_only_who_manages(client):
    owner = make_organisation(Role.THEATRE)
    make_client_login(client, owner, Role.THEATRE)
    send(client)
    make_client_login(client, owner, Role.THEATRE, {Module.AUDIENCE: Level.VIEW})
    text = client.get(PAGE).content.decode()
    assert "Wijkwijzer" in text, "a colleague sees it"
    assert '<form method="post" enctype' not in text
    assert send(client).status_code == 403
    assert client.post(f"{PAGE}remove/").status_code == 403
    make_client_login(client, owner, Role.THEATRE, {Module.SALES: Level.APPROVE})
    assert client.get(PAGE).status_code == 403
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE)
    assert "Wijkwijzer" not in client.get(PAGE).content.decode(), "a stranger sees nothing of it"
    platform = make_organisation(Role.PLATFORM)
    make_client_login(client, platform, Role.PLATFORM)
    assert "Wijkwijzer" not in client.get(PAGE).content.decode()
    assert send(client).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302

"""The audit trail: added to, never changed; read with filters, taken along as a file."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dip.registry.models import AuditLine
from dip.registry.terms import Role
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.registry.lines import add_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def theatre():
    return make_organisation(Role.THEATRE)


@pytest.mark.parametrize("act", ["update", "delete", "save", "sql update", "sql delete"])
def test_the_database_refuses_to_change_a_line(theatre, act):
    add_line(theatre)
    lines = AuditLine.objects.across_tenants("test")
    line = lines.get()
    acts = {
        "update": lambda: lines.update(actor="somebody else"),
        "delete": lambda: lines.all().delete(),
        "save": line.save,
        "sql update": lambda: connection.cursor().execute("UPDATE registry_auditline SET actor = 'x'"),
        "sql delete": lambda: connection.cursor().execute("DELETE FROM registry_auditline"),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        acts[act]()
    assert AuditLine.objects.across_tenants("test").get().actor == "Noor Dijkema"


@pytest.mark.django_db(transaction=True)
def test_transactional_tests_can_still_empty_the_tables(theatre):
    add_line(theatre)
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditLine.objects.across_tenants("test").exists()


def test_filters_narrow_the_trail(client, theatre):
    add_line(theatre, NOW - timedelta(days=9), "invite_person", "Noor Dijkema", "jan@baken.example")
    add_line(theatre, NOW, "grant_rights", "Teun Prins", "Sanne", {"sales": ["none", "manage"]})
    add_line(theatre, NOW, "publish_performances", "Kassa Vlonder", "Het Gewicht van Water")
    make_client_login(client, theatre, super_user=True)

    def found(**query):
        return {line.label for line, _, _ in client.get(reverse("registry-trail"), query).context["lines"]}

    assert found() == {"jan@baken.example", "Sanne", "Het Gewicht van Water"}
    assert found(verb="grant_rights") == {"Sanne"}
    assert found(who="kassa") == {"Het Gewicht van Water"}
    assert found(since="2026-11-20") == {"Sanne", "Het Gewicht van Water"}
    assert found(until="2026-11-14") == {"jan@baken.example"}
    assert found(since="2026-11-14", until="2026-11-14", verb="grant_rights") == set()
    text = client.get(reverse("registry-trail"), {"since": "gisteren"}).content.decode()
    assert "Enter a valid date" in text


def test_a_day_of_the_filter_is_a_day_in_the_netherlands(client, theatre):
    add_line(theatre, NOW.replace(hour=23, minute=30))  # 00:30 on the 24th
    make_client_login(client, theatre, super_user=True)
    assert client.get(reverse("registry-trail"), {"until": "2026-11-23"}).context["total"] == 0
    assert client.get(reverse("registry-trail"), {"since": "2026-11-24"}).context["total"] == 1


def test_long_trails_come_in_pages(client, theatre):
    for number in range(51):
        add_line(theatre, NOW + timedelta(minutes=number), label=f"nummer {number}")
    make_client_login(client, theatre, super_user=True)
    first = client.get(reverse("registry-trail"))
    assert (first.context["total"], len(first.context["lines"])) == (51, 50)
    last = client.get(reverse("registry-trail"), {"page": "2"})
    assert [line.label for line, _, _ in last.context["lines"]] == ["nummer 0"]
    assert client.get(reverse("registry-trail"), {"page": "nonsense"}).context["page"].number == 1


def test_the_trail_as_a_file(client, theatre):
    add_line(theatre, actor="=HYPERLINK(1)", label="Sanne", changes={"sales": ["none", "manage"]})
    add_line(make_organisation(), label="Van een ander")
    make_client_login(client, theatre, super_user=True)
    text = client.get(reverse("registry-trail-export", args=["csv"])).content.decode()
    assert "2026-11-23T10:00:00+01:00,'=HYPERLINK(1),page,granted rights" in text
    assert "Van een ander" not in text
    book = client.get(reverse("registry-trail-export", args=["xlsx"])).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][1:] == ["=HYPERLINK(1)", "page", "granted rights", "membership", "Sanne", "Sales: no access → manage"]
    assert client.get(reverse("registry-trail-export", args=["pdf"])).status_code == 404

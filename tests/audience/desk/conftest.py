"""A theatre at its desk: a source of files, a colleague who may only look, a stranger of another theatre, and a provider."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dip.programme.models import Performance
from dip.registry.terms import Access, Level, Module, Role
from dip.warehouse.actions import files as actions
from dip.warehouse.actions.landing import Landed
from dip.warehouse.models import TicketSource
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation
from tests.warehouse.files.conftest import csv, line, read

ALL = "tests look at everything"


@dataclass
class Desk:
    """People around one theatre's orders."""

    access: Access
    evenings: list[Performance]
    source: TicketSource
    owner: Client
    colleague: Client
    stranger: Client
    provider: Client

    def land(self, *lines: str) -> Landed:
        content = csv(*(lines or (line("o-1", "t-1", self.evenings[0].number), line("o-2", "t-2", 999_999))))
        return actions.land_file(access=self.access, at=NOW, source_id=self.source.pk, file=read(content))

    def send(self, content: bytes, *, client: Client | None = None, source: int | None = None, **fields: Any) -> Any:
        given = {"file": SimpleUploadedFile("kaarten.csv", content), "act": "look"} | fields
        return (client or self.owner).post(f"/audience/orders/files/{source or self.source.pk}/", given)


@pytest.fixture(autouse=True)
def homes(settings, tmp_path):
    """A warehouse and keys of this test alone."""
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = tmp_path / "warehouse", tmp_path / "keys"
    return tmp_path


@pytest.fixture
def desk(db):
    organisation = make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(organisation))
    production = make_production(make_organisation(Role.PRODUCER), title="De Lange Proef")
    access = make_access(organisation, Role.THEATRE)
    people = [Client() for _ in range(4)]
    owner, colleague, stranger, provider = people
    make_client_login(owner, organisation, Role.THEATRE)
    make_client_login(colleague, organisation, Role.THEATRE, {Module.AUDIENCE: Level.VIEW})
    make_client_login(stranger, make_organisation(Role.THEATRE), Role.THEATRE)
    make_client_login(provider, make_organisation(Role.PRODUCER), Role.PRODUCER)
    evenings = [make_performance(production, hall) for _ in range(2)]
    source = actions.make_source(access=access, at=NOW, name="Kassa Grote Zaal")
    return Desk(access, evenings, source, *people)

"""A theatre that has no ticketing system to couple, and the file that its till makes."""

import pytest

from dip.warehouse.actions import files as actions
from dip.warehouse.rules.files.columns import lay_out
from dip.warehouse.rules.files.making import Options
from dip.web.tables.reading import read_file
from tests.factories.registry import NOW
from tests.warehouse.landing.conftest import house, keys  # noqa: F401

HEAD = "Ordernummer;Ticketnr;Voorstelling DIP;Status;Verkocht op;Naam klant;E-mailadres;Straat;Postcode;Geboortedatum;Kaartsoort;Verkoopkanaal;Prijs;Servicekosten"


def line(
    order, ticket, number, *, state="Betaald", sold="14-10-2026 20:15", kind="CJP", channel="Kassa", price="€ 22,50", fee="1,75"
):
    return ";".join(
        (order, ticket, str(number), state, sold, "Geertruida Zwaluwstaart", f"{order}@vlonder.example", "Kwikstaartpad 417", "3811 AB",
         "13-05-1957", kind, channel, price, fee)
    )  # fmt: skip


def csv(*lines, head=HEAD, encoding="cp1252"):
    return "\r\n".join((head, *lines, "")).encode(encoding)


def read(content, *, saved=(), chosen=None, is_whole=False, at=NOW, **options):
    layout = lay_out(read_file(content, actions.LIMITS), saved, chosen, is_whole=is_whole)
    given = Options(**({"consent": "statistics"} | options))
    return actions.TicketFile(actions.digest_of(content), layout, given, at)


@pytest.fixture
def till(house):  # noqa: F811
    """The source of the theatre's files."""
    return actions.make_source(access=house.access, at=NOW, name="Kassa Grote Zaal")

"""The registers in a real browser: readable by everybody, wide by day and narrow by night."""

import os

import pytest
from django.conf import settings

from dip.definitions.actions import load_standard
from dip.definitions.queries import geo
from dip.programme.models import Production
from dip.registry.terms import Role
from dip.warehouse.actions import landing, segments
from dip.warehouse.actions.looking import note
from dip.warehouse.rules.looking import Purpose, look_of
from dip.web import assets
from tests.factories.programme import make_production
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation, make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGES = ("/definitions/purposes/", "/audience/orders/register/", "/audience/orders/looks/", "/audience/segments/")


def fill(theatre):
    """Sources, looks of five people in three days, a table with findings."""
    house = make_access(theatre, Role.THEATRE)
    for system in ("pretix", "tixly"):
        landing.source_for(access=house, at=NOW, system=system, account="vlonder")
    for number, name in enumerate(("Fenna Visser", "Bram Kuipers", "Ilse ter Horst", "Joris van den Boogaard-Wijnands", "Kassa 4")):
        access = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER, person=make_person(name=name))
        shown: Production = make_production(
            None, title=("Het gewicht van water", "Alles blijft", "Het bos van Noor (4+)")[number % 3]
        )
        for purpose in list(Purpose)[1 : 2 + number % 3]:
            note(at=NOW, looks={look_of(access, purpose, "production", production=shown.pk, season=2026): {theatre.pk}})
    note(at=NOW, looks={look_of(house, Purpose.OWN, "theatre", season=2026): {theatre.pk}})
    rows = [f"{3800 + place};{('Haven', 'Weide', 'Binnenstad met oude gevels')[place % 3]}" for place in range(90)]
    content = "\n".join(["postcode;segment", *rows, "38x1;Haven", "3801AB;Weide", "3999;Doelwit"]).encode()
    segments.load_table(
        access=house, at=NOW, name="Wijkwijzer", version="2026", licence="Licence 12 of De Vlonder.", content=content
    )


def test_the_registers_are_readable(live_server, client, new_context, readable, tmp_path):
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    assets.build()
    geo.forget()
    load_standard()
    theatre = make_organisation(Role.THEATRE, name="Theater De Kade")
    fill(theatre)
    make_client_login(client, theatre, Role.THEATRE)
    context = new_context()
    context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()])
    page = context.new_page()
    for address in PAGES:
        page.goto(live_server.url + address)
        readable(page)
        if folder := os.environ.get("DIP_SCREENSHOTS"):
            for width, scheme in ((1440, "light"), (390, "light"), (390, "dark")):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=f"{folder}{address.replace('/', '-')}{width}-{scheme}.png", full_page=True)
            page.set_viewport_size({"width": 1440, "height": 900})
            page.emulate_media(color_scheme="light")

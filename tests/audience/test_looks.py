"""The page of who looked: for the house's own people, others and the house apart, filtered, as a file."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from dip.definitions.actions import load_standard
from dip.registry.terms import Module, Role
from dip.warehouse.actions.looking import note
from dip.warehouse.rules.looking import Purpose, look_of
from tests.factories.programme import make_production
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation, make_person

pytestmark = pytest.mark.django_db
PAGE = "/audience/orders/looks/"


@pytest.fixture
def house():
    """A theatre at whose audience a provider, the platform, a colleague and a stranger's house looked."""
    load_standard()
    theatre, other = make_organisation(Role.THEATRE, name="Theater De Kade"), make_organisation(Role.THEATRE)
    provider = make_access(
        make_organisation(Role.PRODUCER, name="De Vlonder"), Role.PRODUCER, person=make_person(name="Fenna Visser")
    )
    colleague = make_access(theatre, Role.THEATRE, person=make_person(name="Bram Kuipers"))
    production = make_production(None, title="Het gewicht van water")
    seen = look_of(provider, Purpose.PRODUCTION, "production", production=production.pk, season=2026)
    note(at=NOW, looks={seen: {theatre.pk, other.pk}})
    note(at=NOW + timedelta(hours=2), looks={seen: {theatre.pk, other.pk}})
    note(at=NOW - timedelta(days=3), looks={look_of(colleague, Purpose.OWN, "theatre", season=2026): {theatre.pk}})
    listed = look_of(provider, Purpose.PRODUCTION, "list", season=2025)
    note(at=NOW - timedelta(days=4), looks={listed: {theatre.pk}})
    secret = look_of(
        provider, Purpose.PRODUCTION, "production", production=make_production(None, title="Niet van hier").pk, season=2026
    )
    note(at=NOW, looks={secret: {other.pk}})
    note(at=NOW, looks={look_of(make_access(other, Role.THEATRE), Purpose.NATION, "season", season=2026): set()})
    return SimpleNamespace(theatre=theatre, other=other, provider=provider)


def text_of(client, **query):
    return client.get(PAGE, query).content.decode()


def test_a_house_sees_who_looked_at_it_and_which_of_its_own_people_did(client, house):
    make_client_login(client, house.theatre, Role.THEATRE, {Module.AUDIENCE: 1})
    text = text_of(client)
    assert "1 other organisation looked at the audience of your houses." in text
    assert "Fenna Visser" in text
    assert "De Vlonder" in text
    assert "Het gewicht van water" in text
    assert "10:00–12:00" in text
    assert "list of productions" in text
    assert text.count("· your own people") == 1
    assert "Niet van hier" not in text
    assert house.other.name not in text, "whose the other people were, is not told"
    assert "Looks by other organisations</dt><dd>3" in text
    assert "Looks at the country</dt><dd>1" in text


def test_filters_by_period_and_organisation_and_house(client, house):
    make_client_login(client, house.theatre, Role.THEATRE)
    assert "Bram Kuipers" in text_of(client, whose="own")
    assert "Fenna Visser" not in text_of(client, whose="own")
    assert "Bram Kuipers" not in text_of(client, organisation=house.provider.organisation_id)
    assert "Bram Kuipers" not in text_of(client, since="2026-11-21")
    assert "Het gewicht van water" not in text_of(client, until="2026-11-22")
    assert "Nobody looked that fits this filter" in text_of(client, since="2027-01-01")
    wrong = text_of(client, since="yesterday", organisation="999999", page="99999")
    assert "Fenna Visser" in wrong or "Nobody" in wrong
    assert "aria-invalid" in wrong


def test_as_a_file(client, house):
    make_client_login(client, house.theatre, Role.THEATRE)
    lines = client.get(f"{PAGE}looks.csv", {"whose": "others"}).content.decode().splitlines()
    assert len(lines) == 3
    assert "Fenna Visser" in lines[1]
    assert "Audience of a production" in lines[1]
    assert client.get(f"{PAGE}export.xlsx").content[:2] == b"PK"


def test_others_do_not_get_in(client, house):
    for address in (PAGE, f"{PAGE}looks.csv", f"{PAGE}export.xlsx", "/audience/orders/register/"):
        client.logout()
        assert client.get(address).status_code == 302
        make_client_login(client, house.theatre, Role.THEATRE, {Module.SALES: 3})
        assert client.get(address).status_code == 403, "a colleague without the right"
        make_client_login(client, make_organisation(Role.PRODUCER), Role.PRODUCER)
        assert client.get(address).status_code == 403, "a provider has no houses"
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE)
    text = text_of(client)
    assert "Fenna Visser" not in text
    assert "Nobody has looked yet" in text


def test_as_many_queries_for_three_lines_as_for_one(client, house, django_assert_max_num_queries):
    make_client_login(client, house.theatre, Role.THEATRE)
    text_of(client)
    with django_assert_max_num_queries(12) as one:
        text_of(client, whose="own")
    for number in range(3):
        access = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER, person=make_person())
        seen = look_of(access, Purpose.PRODUCTION, "production", production=make_production(None).pk, season=2020 + number)
        note(at=NOW, looks={seen: {house.theatre.pk}})
    with django_assert_max_num_queries(len(one) + 1):
        text_of(client)


def test_pages_of_many(client, house):
    many = {look_of(house.provider, Purpose.PRODUCTION, "production", season=1900 + n): {house.theatre.pk} for n in range(60)}
    note(at=NOW, looks=many)
    make_client_login(client, house.theatre, Role.THEATRE)
    assert "Page 1 of 2" in text_of(client)
    assert "Page 2 of 2" in text_of(client, page=2)

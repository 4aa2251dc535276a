"""Pages for whoever comes from a mail, keeps a theatre, or searches."""

import pytest
from django.urls import reverse

from dip.programme.models import ConnectionRequest, Hall, RankTemplate, Theatre
from dip.programme.terms import RequestStatus
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import CONCEPT, make_performance
from tests.factories.registry import make_client_login, make_organisation, make_person
from tests.programme.cast import bearer_cast, mails, sign_in, token_in

pytestmark = pytest.mark.django_db
VIEW, MANAGE = {Module.PROGRAMME: Level.VIEW}, {Module.PROGRAMME: Level.MANAGE}


def test_the_link_leads_people_to_the_performance(client, cast):
    cast.publish()
    address = reverse("programme-request-link", args=[token_in(mails()[0]["body"])])
    page = reverse("programme-performance", args=[cast.performance.number])
    response = client.get(address)
    assert "/account/login" in response["Location"]
    assert address in response["Location"].replace("%2F", "/")
    client.force_login(cast.person)
    assert client.get(address)["Location"] == page
    sign_in(client, make_organisation(Role.THEATRE), Role.THEATRE)
    assert client.get(address).status_code == 404
    assert client.get(reverse("programme-request-link", args=["x" * 43])).status_code == 404


def test_a_person_of_several_organisations_is_told_to_switch(client, cast):
    from tests.factories.registry import make_membership

    cast.publish()
    person = make_person(language="en")
    make_membership(cast.organisation, person)
    make_client_login(client, cast.producer, Role.PRODUCER, person=person)
    response = client.get(reverse("programme-request-link", args=[token_in(mails()[0]["body"])]))
    assert response.status_code == 200
    assert cast.organisation.name in response.content.decode()


def test_the_link_answers_for_a_theatre_without_people(client):
    cast = bearer_cast()
    address = reverse("programme-request-link", args=[token_in(mails()[0]["body"])])
    client.cookies["django_language"] = "en"
    response = client.get(address)
    assert cast.production.title in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    initial = response.context["form"].initial
    given = {"date": initial["date"].isoformat(), "time": "20:45", "hall": initial["hall"], "capacity": initial["capacity"]}
    assert client.post(address, given).status_code == 302
    assert ConnectionRequest.objects.within(cast.provider).get().status == RequestStatus.PROPOSED
    assert client.post(address, {"act": "confirm"}).status_code == 302
    assert ConnectionRequest.objects.within(cast.provider).get().status == RequestStatus.CONFIRMED
    assert "Should something change" in client.get(address).content.decode()


def test_theatres_and_halls_on_their_pages(client, cast):
    sign_in(client, cast.organisation, Role.THEATRE, MANAGE)
    given = {"name": "De Nieuwe Kade", "kind": "Theater", "city": "Ede", "aliases": "De Oude Kade", "contact_email": "geen adres"}
    address = reverse("programme-theatre-edit", args=[cast.theatre.pk])
    wrong = client.post(address, given)
    assert (wrong.status_code, 'value="geen adres"' in wrong.content.decode()) == (400, True)
    assert client.post(address, given | {"contact_email": "planning@kade.example"}).status_code == 302
    assert sorted(cast.theatre.aliases.values_list("name", flat=True)) == ["De Oude Kade"]
    hall = reverse("programme-hall", args=[cast.hall.pk])
    for data in (
        {"form": "hall", "name": "Rode Zaal", "kind": "regular", "capacity": 400, "aliases": "Zaal 1"},
        {"form": "ranks", "ranks-name": "Vlak", "ranks-seats": "200 + 100"},
        {
            "form": "surcharge",
            "surcharge-valid_from": "2026-08-01",
            "surcharge-theatre_cents": "2,50",
            "surcharge-wardrobe_cents": "",
        },
    ):
        assert client.post(hall, data).status_code == 302, data
    page = client.get(hall).content.decode()
    assert "200 + 100" in page
    assert "2.50" in page
    for data in ({"form": "ranks", "ranks-name": "", "ranks-seats": "x"}, {"form": "surcharge", "surcharge-theatre_cents": "duur"}):
        assert client.post(hall, data).status_code == 400
    assert client.post(reverse("programme-hall-drop-ranks", args=[cast.hall.pk]), {"name": "Vlak"}).status_code == 302
    assert RankTemplate.objects.filter(hall=cast.hall).count() == 1
    client.post(reverse("programme-hall-new", args=[cast.theatre.pk]), {"name": "Foyer", "kind": "other_location", "capacity": 90})
    foyer = Hall.objects.get(name="Foyer")
    merged = client.post(reverse("programme-hall", args=[foyer.pk]), {"form": "merge", "merge-into": cast.hall.pk})
    assert merged["Location"] == reverse("programme-theatre", args=[cast.theatre.pk])
    assert client.get(reverse("programme-hall", args=[foyer.pk])).status_code == 404


def test_a_theatre_is_searched_before_it_is_added(client, cast):
    sign_in(client, cast.producer, rights=MANAGE)
    page = client.get(reverse("programme-theatre-new"), {"name": cast.theatre.name}).content.decode()
    assert reverse("programme-theatre", args=[cast.theatre.pk]) in page
    again = {"name": cast.theatre.name, "kind": "Theater", "city": cast.theatre.city}
    assert client.post(reverse("programme-theatre-new"), again).status_code == 400
    assert client.post(reverse("programme-theatre-new"), again | {"city": "Goes"}).status_code == 302
    assert Theatre.objects.filter(city="Goes").exists()
    listed = client.get(reverse("programme-theatres"), {"q": "vlondr"}).content.decode()
    assert cast.theatre.name in listed


def test_search(client, cast):
    cast.publish()
    sign_in(client, make_organisation(Role.PRODUCER))
    address = reverse("search")
    dip_id = f"{cast.production.dip_id}|{cast.performance.number}"
    assert client.get(address, {"q": dip_id})["Location"] == reverse("programme-performance", args=[cast.performance.number])
    assert client.get(address, {"q": cast.production.dip_id.lower()})["Location"] == reverse(
        "programme-production", args=[cast.production.dip_id]
    )
    assert client.get(address, {"q": str(cast.performance.number)}).status_code == 302
    page = client.get(address, {"q": cast.production.title[4:14]}).content.decode()
    assert cast.production.dip_id in page
    part = client.get(address, {"q": cast.theatre.name}, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<a ")
    assert cast.theatre.name in part
    hidden = make_performance(state=CONCEPT)
    for text in (
        f"{hidden.production.dip_id}|{hidden.number}",
        hidden.production.dip_id,
        str(hidden.number),
        hidden.production.title,
    ):
        response = client.get(address, {"q": text})
        assert response.status_code == 200
        assert "/productions/NL-" not in response.content.decode().replace(cast.production.dip_id, "")
    assert client.get(address, {"q": ""}).status_code == 200

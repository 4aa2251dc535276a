"""The pages: what owner, colleague without the right and stranger get; fixed numbers of queries; forms that lose nothing."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse

from dip.kernel.clock import now
from dip.programme.actions import cancel_performance, move_performance, propose_corrections, publish_performances
from dip.programme.models import ConnectionRequest, Production
from dip.programme.terms import Correction, PerformanceStatus, ProposalField, RequestStatus
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import CONCEPT, make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation
from tests.programme.cast import Cast, sign_in

pytestmark = pytest.mark.django_db
VIEW, MANAGE = {Module.PROGRAMME: Level.VIEW}, {Module.PROGRAMME: Level.MANAGE}


def sheet_text(response) -> str:
    book = ZipFile(io.BytesIO(response.content))
    return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_a_concept_is_seen_by_its_owners_only(client, cast):
    address = reverse("programme-production", args=[cast.production.dip_id])
    one = reverse("programme-performance", args=[cast.performance.number])
    for organisation, role, status in [
        (cast.producer, Role.PRODUCER, 200),
        (cast.organisation, Role.THEATRE, 404),
        (make_organisation(Role.PRODUCER), Role.PRODUCER, 404),
    ]:
        sign_in(client, organisation, role)
        assert client.get(address).status_code == status
        assert client.get(one).status_code == status
    cast.publish()
    sign_in(client, make_organisation(Role.PRODUCER))
    page = client.get(address).content.decode()
    assert cast.production.title in page
    assert "subsidy" not in page.lower()
    assert 'id="history"' not in page
    assert 'id="request"' not in client.get(one).content.decode()


def test_strangers_see_only_what_is_published(client, cast):
    make_performance(cast.production, make_hall(make_theatre(name="Geheime Plek")), state=CONCEPT)
    cast.performances[0].status, cast.performances[0].published_at = PerformanceStatus.PUBLISHED, now()
    cast.performances[0].save()
    sign_in(client, make_organisation(Role.THEATRE), Role.THEATRE)
    page = client.get(reverse("programme-production", args=[cast.production.dip_id])).content.decode()
    assert "Geheime Plek" not in page
    assert str(cast.performances[1].number) not in page
    sheet = client.get(reverse("programme-performances-export", args=[cast.production.dip_id]))
    assert "Geheime Plek" not in sheet_text(sheet)


def test_reasons_and_plans_of_before_are_not_for_everybody(client, cast):
    at = now()
    elsewhere = make_hall(make_theatre(name="Eerst Hier Gepland"))
    for hall in (elsewhere, cast.hall):
        move_performance(
            access=cast.provider, at=at, number=cast.performance.number, starts_at=cast.performance.starts_at,
            theatre_id=hall.theatre_id, hall_id=hall.pk,
        )  # fmt: skip
    publish_performances(access=cast.provider, at=at + timedelta(seconds=1), numbers=[cast.performance.number])
    cancel_performance(
        access=cast.provider, at=at + timedelta(seconds=2), number=cast.performance.number, reason="Ruzie in de groep"
    )
    address = reverse("programme-performance", args=[cast.performance.number])
    for organisation, role, reads_reason, reads_plans in [
        (cast.producer, Role.PRODUCER, True, True),
        (cast.organisation, Role.THEATRE, True, False),
        (make_organisation(Role.PRODUCER), Role.PRODUCER, False, False),
    ]:
        sign_in(client, organisation, role)
        page = client.get(address).content.decode()
        assert ("Ruzie in de groep" in page, "Eerst Hier Gepland" in page) == (reads_reason, reads_plans), role


OWNER_PAGES = [
    "programme-production-edit", "programme-production-agency", "programme-performances-add", "programme-performance-edit",
    "programme-performance-move", "programme-performance-cancel",
]  # fmt: skip


@pytest.mark.parametrize("name", OWNER_PAGES)
def test_who_may_open_an_owners_form(client, cast, name):
    partner = make_organisation(Role.PRODUCER)
    cast.production.co_producers.add(partner)
    cast.publish()
    key = cast.performance.number if name.startswith("programme-performance-") else cast.production.dip_id
    address = reverse(name, args=[key])
    for organisation, role, rights, status in [
        (cast.producer, Role.PRODUCER, MANAGE, 200),
        (cast.producer, Role.PRODUCER, VIEW, 403),
        (partner, Role.PRODUCER, MANAGE, 404),
        (cast.organisation, Role.THEATRE, MANAGE, 404),
        (make_organisation(Role.PRODUCER), Role.PRODUCER, MANAGE, 404),
    ]:
        sign_in(client, organisation, role, rights)
        assert client.get(address).status_code == status, (organisation.name, role)


@pytest.mark.parametrize("name", ["programme-theatre-edit", "programme-hall-new", "programme-hall"])
def test_who_may_open_a_theatres_form(client, cast, name):
    address = reverse(name, args=[cast.hall.pk if name == "programme-hall" else cast.theatre.pk])
    provider = 200 if name == "programme-hall-new" else 404
    for organisation, role, rights, status in [
        (cast.organisation, Role.THEATRE, MANAGE, 200),
        (cast.organisation, Role.THEATRE, VIEW, 403),
        (make_organisation(Role.THEATRE), Role.THEATRE, MANAGE, 404),
        (cast.producer, Role.PRODUCER, MANAGE, provider),
        (make_organisation(Role.PLATFORM), Role.PLATFORM, MANAGE, 200),
    ]:
        sign_in(client, organisation, role, rights)
        assert client.get(address).status_code == status, (organisation.name, role)


def test_only_the_platform_merges_theatres(client, cast):
    address = reverse("programme-theatre-merge", args=[cast.theatre.pk])
    sign_in(client, cast.organisation, Role.THEATRE)
    assert client.get(address).status_code == 404
    twin = make_theatre(name=cast.theatre.name, city="Elders")
    sign_in(client, make_organisation(Role.PLATFORM), Role.PLATFORM)
    assert twin.city in client.get(address).content.decode()
    response = client.post(address, {"into": twin.pk})
    assert response["Location"] == reverse("programme-theatre", args=[twin.pk])


def test_lists_take_a_fixed_number_of_queries(client, django_assert_num_queries):
    for count in (1, 3):
        cast = Cast(performances=count)
        for _ in range(count - 1):
            make_performance(make_production(cast.producer), cast.hall)
        cast.publish()
        for performance in cast.performances:
            correction = Correction(ProposalField.HALL, str(make_hall(cast.theatre).pk))
            propose_corrections(access=cast.house, at=now(), number=performance.number, corrections=[correction])
        sign_in(client, cast.producer)
        client.get(reverse("search"), {"q": "warm"})  # the list of names is read once per process
        for name, args, queries in [
            ("programme-productions", [], 9),
            ("programme-production", [cast.production.dip_id], 13),
            ("programme-performance", [cast.performance.number], 12),
            ("programme-connections", [], 9),
            ("programme-theatres", [], 7),
            ("programme-theatre", [cast.theatre.pk], 12),
            ("search", [], 8),
        ]:
            address = reverse(name, args=args) + ("?q=het gewicht" if name == "search" else "")
            with django_assert_num_queries(queries, exact=False, info=name):
                assert client.get(address).status_code == 200


def test_the_list_is_filtered(client):
    producer = make_organisation(Role.PRODUCER)
    mine = make_production(producer, title="Danslijn Noord", genre=make_genre("dance"))
    make_performance(mine, state=CONCEPT)
    old = make_production(producer, title="Oude Koek", season_year=2019)
    theirs = make_production(title="Van Anderen")
    make_performance(theirs)
    sign_in(client, producer)
    for query, shown in [
        ("", {"Danslijn Noord"}),
        ("?season=all", {"Danslijn Noord", "Oude Koek"}),
        ("?season=2019", {"Oude Koek"}),
        ("?whose=all", {"Danslijn Noord", "Van Anderen"}),
        ("?season=all&genre=3", {"Danslijn Noord"}),
        ("?season=all&status=concept", {"Danslijn Noord"}),
        ("?season=all&status=over", set()),
        ("?q=koek&season=all", {"Oude Koek"}),
        (f"?q={old.dip_id}&season=all", {"Oude Koek"}),
        ("?season=nonsense&genre=x&page=-3", {"Danslijn Noord"}),
    ]:
        page = client.get(reverse("programme-productions") + query).content.decode()
        assert {t for t in ("Danslijn Noord", "Oude Koek", "Van Anderen") if t in page} == shown, query
        sheet = sheet_text(client.get(reverse("programme-productions-export") + query))
        assert {t for t in ("Danslijn Noord", "Oude Koek", "Van Anderen") if t in sheet} == shown, query


def test_entering_a_production_and_its_tour(client, cast):
    sign_in(client, cast.producer, rights=MANAGE)
    wrong = client.post(reverse("programme-production-new"), {"title": "", "cast_members": "Noor\nSam"})
    assert wrong.status_code == 400
    assert "Noor\nSam" in wrong.content.decode()
    given = {"title": "Pim & Maan", "season_year": 2026, "genre": make_genre().pk, "is_revival": "no", "cast_members": "Noor\nSam"}
    response = client.post(reverse("programme-production-new"), given)
    production = Production.objects.get(title="Pim & Maan")
    assert response["Location"] == reverse("programme-performances-add", args=[production.dip_id])
    assert production.cast_members == ["Noor", "Sam"]
    again = client.post(reverse("programme-production-new"), given)
    assert again.status_code == 400
    assert production.dip_id in again.content.decode()

    rows = {"row-TOTAL_FORMS": 4, "row-INITIAL_FORMS": 0}
    day = (now() + timedelta(days=90)).date()
    rows |= {"row-0-date": day.isoformat(), "row-0-time": "20:15", "row-0-hall": cast.hall.pk, "row-0-kind": "premiere"}
    rows |= {"row-1-date": (day + timedelta(days=1)).isoformat(), "row-1-kind": "normal"}
    rows |= {"row-2-date": "morgen", "row-2-place": "een plek die niemand kent", "row-2-kind": "normal"}
    address = response["Location"]
    refused = client.post(address, rows)
    assert refused.status_code == 400
    assert "een plek die niemand kent" in refused.content.decode()
    assert not production.performances.exists()
    rows |= {"row-2-date": (day + timedelta(days=2)).isoformat(), "row-2-place": f"{cast.theatre.name} {cast.hall.name}"}
    assert client.post(address, rows)["Location"] == reverse("programme-production", args=[production.dip_id])
    made = list(production.performances.order_by("starts_at"))
    assert [p.hall for p in made] == [cast.hall] * 3
    assert [p.kind for p in made] == ["premiere", "normal", "normal"]
    assert all(p.capacity_by_rank == [300, 80] for p in made)

    page = client.get(reverse("programme-production", args=[production.dip_id])).content.decode()
    assert page.count('name="number"') == 3
    response = client.post(
        reverse("programme-performances-publish", args=[production.dip_id]), {"number": [p.pk for p in made[:2]]}
    )
    assert response.status_code == 302
    assert production.performances.filter(status=PerformanceStatus.PUBLISHED).count() == 2
    assert ConnectionRequest.objects.within(cast.house).count() == 2
    stolen = client.post(reverse("programme-performances-publish", args=[production.dip_id]), {"number": [cast.performance.pk]})
    assert stolen.status_code == 302
    cast.performance.refresh_from_db()
    assert cast.performance.status == PerformanceStatus.CONCEPT


def test_an_ambiguous_place_offers_its_halls(client, cast):
    make_hall(cast.theatre, name="Foyer")
    sign_in(client, cast.producer, rights=MANAGE)
    rows = {"row-TOTAL_FORMS": 1, "row-INITIAL_FORMS": 0, "row-0-date": "2027-03-01", "row-0-time": "20:15", "row-0-kind": "normal"}
    response = client.post(
        reverse("programme-performances-add", args=[cast.production.dip_id]), rows | {"row-0-place": cast.theatre.name}
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert f'name="row-0-hall" value="{cast.hall.pk}"' in page
    empty = client.post(
        reverse("programme-performances-add", args=[cast.production.dip_id]), rows | {"row-0-date": "", "row-0-time": ""}
    )
    assert "one row at least" in empty.content.decode()


def test_suggestions_and_choice(client, cast):
    sign_in(client, cast.producer)
    found = client.get(
        reverse("programme-hall-options"), {"field": "row-3", "row-3-place": cast.theatre.name[:12]}
    ).content.decode()
    assert f"field=row-3&amp;hall={cast.hall.pk}" in found
    chosen = client.get(reverse("programme-hall-choice"), {"field": "row-3", "hall": cast.hall.pk}).content.decode()
    assert f'name="row-3-hall" value="{cast.hall.pk}"' in chosen
    again = client.get(reverse("programme-hall-choice"), {"field": '"><script>', "hall": "x"}).content.decode()
    assert "script" not in again
    assert 'name="place"' in again


def test_changing_moving_and_cancelling(client, cast):
    cast.publish()
    sign_in(client, cast.producer, rights=MANAGE)
    number = cast.performance.number
    changed = {"kind": "derniere", "fund_feature": "regular", "ranks": "310, 70", "in_festival": "on"}
    assert client.post(reverse("programme-performance-edit", args=[number]), changed).status_code == 302
    other = make_hall(cast.theatre, name="Foyer", capacity=90)
    day = cast.performance.performance_date + timedelta(days=7)
    moved = {"date": day.isoformat(), "time": "14:30", "hall": other.pk, "note": "Repetitie"}
    assert client.post(reverse("programme-performance-move", args=[number]), moved).status_code == 302
    cast.performance.refresh_from_db()
    assert (cast.performance.kind, cast.performance.in_festival, cast.performance.capacity) == ("derniere", True, 90)
    assert (cast.performance.hall, cast.performance.performance_date) == (other, day)
    page = client.get(reverse("programme-performance", args=[number])).content.decode()
    assert "Repetitie" in page
    assert "14:30" in page
    assert client.post(reverse("programme-performance-cancel", args=[number]), {"reason": ""}).status_code == 400
    assert client.post(reverse("programme-performance-cancel", args=[number]), {"reason": "Ziekte"}).status_code == 302
    assert "Ziekte" in client.get(reverse("programme-performance", args=[number])).content.decode()
    wrong = client.post(reverse("programme-performance-edit", args=[cast.performances[1].number]), changed | {"ranks": "veel"})
    assert wrong.status_code == 400
    assert 'value="veel"' in wrong.content.decode()


def test_the_agency_changes_on_its_page(client, cast):
    agency = make_organisation(Role.AGENCY)
    sign_in(client, cast.producer, rights=MANAGE)
    address = reverse("programme-production-agency", args=[cast.production.dip_id])
    assert client.post(address, {"agency": agency.pk})["Location"] == reverse("programme-production", args=[cast.production.dip_id])
    sign_in(client, agency, rights=MANAGE)
    assert client.post(address, {"agency": ""})["Location"] == reverse("programme-productions")
    assert client.get(address).status_code == 404


def test_the_theatre_confirms_in_bulk_and_alone(client, cast):
    cast.publish()
    sign_in(client, cast.organisation, Role.THEATRE, MANAGE)
    address = reverse("programme-connections")
    page = client.get(address).content.decode()
    assert page.count('name="number"') == 2
    assert client.post(reverse("programme-confirm"), {"status": "open"}).status_code == 302
    assert client.post(reverse("programme-confirm"), {"only": cast.performance.number})["Location"] == address
    both = [p.number for p in cast.performances]
    assert client.post(reverse("programme-confirm"), {"number": both, "status": "open"})["Location"] == address + "?status=open"
    assert {r.status for r in ConnectionRequest.objects.within(cast.house)} == {RequestStatus.CONFIRMED}
    assert client.get(address + "?status=confirmed&q=gewicht").content.decode().count("<tr>") == 3
    sheet = sheet_text(client.get(reverse("programme-connections-export") + "?status=confirmed"))
    assert str(cast.performance.number) in sheet


@pytest.mark.parametrize("who", ["colleague", "stranger", "provider"])
def test_nobody_else_confirms_or_corrects_on_the_page(client, cast, who):
    cast.publish()
    person = {
        "colleague": (cast.organisation, Role.THEATRE, VIEW),
        "stranger": (make_organisation(Role.THEATRE), Role.THEATRE, MANAGE),
        "provider": (cast.producer, Role.PRODUCER, MANAGE),
    }[who]
    sign_in(client, *person)
    assert client.post(reverse("programme-confirm"), {"only": cast.performance.number}).status_code in (403, 404)
    assert client.get(reverse("programme-correct", args=[cast.performance.number])).status_code in (403, 404)
    page = client.get(reverse("programme-connections")).content.decode()
    assert (cast.production.title in page) == (who != "stranger")
    assert {r.status for r in ConnectionRequest.objects.within(cast.house)} == {RequestStatus.OPEN}


def test_correcting_and_deciding_on_the_pages(client, cast):
    cast.publish()
    number = cast.performance.number
    sign_in(client, cast.organisation, Role.THEATRE, MANAGE)
    address = reverse("programme-correct", args=[number])
    form = client.get(address).context["form"].initial
    given = {"date": form["date"].isoformat(), "time": f"{form['time']:%H:%M}", "hall": form["hall"], "capacity": 380}
    assert client.post(address, given).status_code == 400
    assert client.post(address, given | {"capacity": 372, "time": "19:45", "reason": "Camera's"}).status_code == 302
    sign_in(client, cast.producer, Role.PRODUCER, MANAGE)
    page = client.get(reverse("programme-performance", args=[number]))
    proposals = {p["proposal"].field: p["proposal"].id for p in page.context["decision_rows"]}
    assert set(proposals) == {"time", "capacity"}
    decide = reverse("programme-decide", args=[number])
    assert client.post(decide, {}).status_code == 400
    unfounded = client.post(decide, {f"decision-{proposals['time']}": "decline", f"reason-{proposals['time']}": " "})
    assert unfounded.status_code == 400
    assert "Give the reason" in unfounded.content.decode()
    answers = {
        f"decision-{proposals['time']}": "decline",
        f"reason-{proposals['time']}": "De zaal",
        f"decision-{proposals['capacity']}": "accept",
    }
    sign_in(client, make_organisation(Role.PRODUCER), Role.PRODUCER, MANAGE)
    assert client.post(decide, answers).status_code == 404
    sign_in(client, cast.producer, Role.PRODUCER, MANAGE)
    assert client.post(decide, answers).status_code == 302
    cast.performance.refresh_from_db()
    assert cast.performance.capacity == 372
    history = client.get(reverse("programme-performance", args=[number])).content.decode()
    assert "De zaal" in history
    assert "Correction accepted" in history


def test_every_page_in_three_languages(client, cast):
    cast.publish()
    sign_in(client, cast.producer)
    for language in ("nl", "fr", "en"):
        client.cookies["django_language"] = language
        for name, args in [
            ("programme-productions", []), ("programme-connections", []), ("programme-theatres", []),
            ("programme-production", [cast.production.dip_id]), ("programme-performance", [cast.performance.number]),
            ("programme-theatre", [cast.theatre.pk]), ("programme-performances-add", [cast.production.dip_id]),
        ]:  # fmt: skip
            assert client.get(reverse(name, args=args)).status_code == 200

"""Theatres and halls: found before made, kept by their own people, merged with a redirect."""

from datetime import date
from time import perf_counter

import pytest
from django.urls import reverse

from dip.programme.actions import (
    UnableToKeep,
    add_hall,
    add_theatre,
    change_hall,
    change_theatre,
    drop_rank_template,
    merge_halls,
    merge_theatres,
    name_theatre,
    set_rank_template,
    set_surcharges,
)
from dip.programme.models import ConnectionRequest, Hall, HallAlias, RankTemplate, Theatre, TheatreAlias
from dip.programme.queries import hall_row, search_theatres, surcharge_on, theatre_page, theatres_of
from dip.programme.queries.search import hall_options
from dip.programme.rules.naming import folded
from dip.programme.terms import FindingCode, HallKind, RequestStatus
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre, make_theatre_organisation
from tests.factories.registry import NOW, make_access, make_client_login, make_membership
from tests.programme.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def names(text: str, **over) -> list[str]:
    return [hit.name for hit in search_theatres(make_access(), text, **over)]


@pytest.mark.parametrize(
    "text", ["Théâtre d'Ïle", "theatre d ile", "THEATRE D'ILE", "theatre ile", "theatr d'ile", "zutphen", "ile zutphen"]
)
def test_a_search_forgives(text):
    make_theatre(name="Théâtre d'Île", city="Zutphen")
    make_theatre(name="Schouwburg Kadelinde", city="Almelo")
    assert names(text)[0] == "Théâtre d'Île"


def test_names_come_before_likenesses():
    for name in ("De Vlonder", "De Vlinder", "De Vlonderhof"):
        make_theatre(name=name, city="Ede")
    assert names("de vlonder")[:2] == ["De Vlonder", "De Vlonderhof"]
    assert names("x") == []
    assert names("qqqqqq") == []


def test_aliases_former_names_and_halls_lead_to_the_theatre():
    theatre = make_theatre(name="Podium Waterlinde", city="Tiel")
    hall = make_hall(theatre, name="Rode Zaal")
    TheatreAlias.objects.create(theatre=theatre, name="Oude Stadsgehoorzaal")
    HallAlias.objects.create(hall=hall, name="Ketelhuis")
    for text, by in [("stadsgehoorzaal", "Oude Stadsgehoorzaal"), ("ketelhuis", "Ketelhuis"), ("rode zaal", "Rode Zaal")]:
        hit = search_theatres(make_access(), text)[0]
        assert (hit.id, hit.found_by) == (theatre.pk, by)


def test_the_list_is_read_again_after_every_change():
    access = make_access(role=Role.PLATFORM)
    assert names("Kadelinde") == []
    theatre = make_theatre(name="Schouwburg Kadelinde")
    assert names("Kadelinde") == ["Schouwburg Kadelinde"]
    change_theatre(access=access, at=NOW, theatre_id=theatre.pk, name="Podium Rijnhof")
    assert names("Rijnhof") == ["Podium Rijnhof"]
    assert search_theatres(access, "Kadelinde")[0].found_by == "Schouwburg Kadelinde"
    Theatre.objects.filter(pk=theatre.pk).update(do_not_use=True)
    assert search_theatres(access, "Rijnhof")[0].do_not_use


def test_a_search_of_an_unchanged_list_is_one_query(django_assert_num_queries):
    make_theatre(name="Schouwburg Kadelinde")
    names("kadelinde")
    with django_assert_num_queries(1):
        search_theatres(None, "kadelinde")


def test_options_are_halls_in_use():
    theatre = make_theatre(name="Podium Waterlinde", city="Tiel")
    big, small = make_hall(theatre, name="Grote Zaal", capacity=600), make_hall(theatre, name="Kleine Zaal", capacity=120)
    make_hall(theatre, name="Oude Zaal", do_not_use=True)
    make_hall(make_theatre(name="Podium Waterlinde", city="Elst", do_not_use=True))
    access = make_access()
    assert [o.hall_id for o in hall_options(access, "waterlinde")] == [big.pk, small.pk]
    assert [o.hall_id for o in hall_options(access, "waterlinde kleine")] == [small.pk]


def test_folding():
    assert folded("  Théâtre 'De ĲSSEL' – Ærø ") == "theatre de ijssel aero"


def test_adding_refuses_the_same_name_in_the_same_city():
    access = make_access()
    made = add_theatre(access=access, at=NOW, name="De Vlonder", city="Ede", contact_email="planning@vlonder.example")
    assert made.organisation_id is None
    for name in ("de  vlonder", "DE VLONDER"):
        with pytest.raises(UnableToKeep) as error:
            add_theatre(access=access, at=NOW, name=name, city="ede")
        assert error.value.findings[0].code is FindingCode.NAME_TAKEN
    assert add_theatre(access=access, at=NOW, name="De Vlonder", city="Goes").pk != made.pk
    with pytest.raises(UnableToKeep) as error:
        add_theatre(access=access, at=NOW, name=" ", city="", contact_email="geen adres")
    assert {f.field for f in error.value.findings} == {"name", "city", "contact_email"}
    with pytest.raises(AccessDenied):
        add_theatre(access=make_access(role=Role.FUNDER), at=NOW, name="Van ons", city="Ede")


def test_what_a_theatre_adds_is_its_own():
    access = make_access(role=Role.THEATRE)
    made = add_theatre(access=access, at=NOW, name="De Vlonder", city="Ede", organisation_id=1)
    assert [t.id for t in theatres_of(access)] == [made.pk]


@pytest.mark.parametrize("who", ["colleague", "other_house", "provider"])
def test_only_its_own_people_keep_a_theatre(who):
    cast = Cast()
    access = getattr(cast, who)
    at = {"access": access, "at": NOW}
    with pytest.raises(AccessDenied):
        change_theatre(**at, theatre_id=cast.theatre.pk, name="Van ons")
    with pytest.raises(AccessDenied):
        name_theatre(**at, theatre_id=cast.theatre.pk, aliases=["Van ons"])
    with pytest.raises(AccessDenied):
        change_hall(**at, hall_id=cast.hall.pk, name="Van ons")
    with pytest.raises(AccessDenied):
        set_rank_template(**at, hall_id=cast.hall.pk, name="Van ons", seats=[1])
    with pytest.raises(AccessDenied):
        drop_rank_template(**at, hall_id=cast.hall.pk, name="Standaard")
    with pytest.raises(AccessDenied):
        set_surcharges(**at, hall_id=cast.hall.pk, valid_from=TODAY, theatre_cents=200)
    with pytest.raises(AccessDenied):
        merge_theatres(**at, theatre_id=cast.theatre.pk, into_id=make_theatre().pk)
    if who != "provider":
        with pytest.raises(AccessDenied):
            add_hall(**at, theatre_id=cast.theatre.pk, name="Van ons")


def test_a_theatre_keeps_its_facts_and_not_the_platforms():
    cast = Cast()
    change_theatre(
        access=cast.house, at=NOW, theatre_id=cast.theatre.pk, street="Kade", organisation_id=cast.producer.pk, is_coupled=False
    )
    cast.theatre.refresh_from_db()
    assert (cast.theatre.street, cast.theatre.organisation_id, cast.theatre.is_coupled) == ("Kade", cast.organisation.pk, True)
    change_theatre(access=make_access(role=Role.PLATFORM), at=NOW, theatre_id=cast.theatre.pk, is_coupled=True)
    cast.theatre.refresh_from_db()
    assert cast.theatre.is_coupled


def test_names_of_halls_and_aliases():
    cast = Cast()
    hall = add_hall(access=cast.house, at=NOW, theatre_id=cast.theatre.pk, name="Foyer", kind=HallKind.OTHER_LOCATION, capacity=90)
    with pytest.raises(UnableToKeep):
        add_hall(access=cast.house, at=NOW, theatre_id=cast.theatre.pk, name="FOYER")
    change_hall(access=cast.house, at=NOW, hall_id=hall.pk, name="Salon", aliases=["Rookkamer"])
    assert hall_row(hall.pk, TODAY).aliases == ("Foyer", "Rookkamer")
    lines = AuditLine.objects.within(cast.house).filter(verb="change_hall").count()
    change_hall(access=cast.house, at=NOW, hall_id=hall.pk, name="Salon", aliases=["Rookkamer", "Foyer"])
    assert AuditLine.objects.within(cast.house).filter(verb="change_hall").count() == lines
    assert name_theatre(access=cast.house, at=NOW, theatre_id=cast.theatre.pk, aliases=["B", " A ", ""]) == ("A", "B")


def test_layouts_have_one_default():
    cast = Cast()
    at = {"access": cast.house, "at": NOW, "hall_id": cast.hall.pk}
    set_rank_template(**at, name="Met orkestbak", seats=[250, 80, 0])
    set_rank_template(**at, name="Staand", seats=[900], is_default=True)
    set_rank_template(**at, name="Staand", seats=[850], is_default=True)
    templates = {t.name: (list(t.seats), t.is_default) for t in hall_row(cast.hall.pk, TODAY).templates}
    assert templates == {"Standaard": ([300, 80], False), "Met orkestbak": ([250, 80], False), "Staand": ([850], True)}
    drop_rank_template(**at, name="Staand")
    drop_rank_template(**at, name="Staand")
    assert RankTemplate.objects.get(hall=cast.hall, is_default=True).name == "Standaard"
    for name, seats in [("", [1]), ("Leeg", [0]), ("Veel", [1] * 11)]:
        with pytest.raises(UnableToKeep):
            set_rank_template(**at, name=name, seats=seats)


def test_surcharges_hold_from_their_date_to_the_next():
    cast = Cast()
    at = {"access": cast.house, "at": NOW, "hall_id": cast.hall.pk}
    set_surcharges(**at, valid_from=date(2025, 8, 1), theatre_cents=200)
    set_surcharges(**at, valid_from=date(2026, 8, 1), theatre_cents=250, wardrobe_cents=50)
    set_surcharges(**at, valid_from=date(2026, 8, 1), theatre_cents=250, wardrobe_cents=75)
    assert surcharge_on(cast.hall.pk, date(2025, 7, 31)) is None
    assert surcharge_on(cast.hall.pk, date(2026, 7, 31)).total_cents == 200
    assert surcharge_on(cast.hall.pk, date(2026, 8, 1)).total_cents == 325
    periods = hall_row(cast.hall.pk, TODAY).surcharges
    assert [(p.valid_from.year, p.is_current, p.valid_until) for p in periods] == [
        (2026, True, None),
        (2025, False, date(2026, 8, 1)),
    ]
    with pytest.raises(UnableToKeep):
        set_surcharges(**at, valid_from=TODAY, theatre_cents=-1)
    with pytest.raises(TypeError):
        set_surcharges(**at, valid_from=TODAY, popcorn_cents=1)


def test_a_merge_moves_everything_and_leaves_a_redirect(client):
    cast = Cast()
    cast.publish()
    target = make_theatre(name="De Nieuwe Vlonder")
    twin = make_hall(target, name=cast.hall.name.upper(), capacity=0)
    loose = make_hall(cast.theatre, name="Foyer")
    older = make_theatre(name="Heel oud", merged_into=cast.theatre)
    platform = make_access(role=Role.PLATFORM)
    merge_theatres(access=platform, at=NOW, theatre_id=cast.theatre.pk, into_id=target.pk)
    cast.performance.refresh_from_db()
    assert (cast.performance.theatre, cast.performance.hall) == (target, twin)
    assert ConnectionRequest.objects.within(platform).get().theatre == target
    loose.refresh_from_db()
    older.refresh_from_db()
    target.refresh_from_db()
    assert (loose.theatre, older.merged_into, target.organisation) == (target, target, cast.organisation)
    assert Hall.objects.get(pk=twin.pk).capacity == cast.hall.capacity
    assert search_theatres(platform, cast.theatre.name)[0].id == target.pk
    make_client_login(client, role=Role.FUNDER)
    for old in (cast.theatre, older):
        response = client.get(reverse("programme-theatre", args=[old.pk]))
        assert (response.status_code, response["Location"]) == (301, reverse("programme-theatre", args=[target.pk]))
    for pair in [(cast.theatre.pk, target.pk), (target.pk, target.pk), (target.pk, 10**6)]:
        with pytest.raises(UnableToKeep):
            merge_theatres(access=platform, at=NOW, theatre_id=pair[0], into_id=pair[1])


def test_halls_merge_within_their_theatre():
    cast = Cast()
    cast.publish()
    other = make_hall(cast.theatre, name="Grote Zaal")
    merge_halls(access=cast.house, at=NOW, hall_id=cast.hall.pk, into_id=other.pk)
    cast.performance.refresh_from_db()
    assert cast.performance.hall == other
    assert cast.hall.name in hall_row(cast.hall.pk, TODAY).aliases
    for into in (make_hall(cast.theatre).pk, other.pk):
        wrong = make_hall(make_theatre(cast.organisation)).pk if into != other.pk else other.pk
        with pytest.raises(UnableToKeep):
            merge_halls(access=cast.house, at=NOW, hall_id=into, into_id=wrong)


def test_a_moved_then_merged_performance_keeps_one_live_request():
    cast = Cast()
    cast.publish()
    request = ConnectionRequest.objects.within(cast.provider).get()
    target = make_theatre()
    ConnectionRequest.objects.create(
        performance=cast.performance, theatre=target, salt="x", token_digest="y", sent_at=NOW, status=RequestStatus.WITHDRAWN
    )
    merge_theatres(access=make_access(role=Role.PLATFORM), at=NOW, theatre_id=cast.theatre.pk, into_id=target.pk)
    live = ConnectionRequest.objects.within(cast.provider).exclude(status=RequestStatus.WITHDRAWN)
    assert live.get().pk == request.pk


def test_the_page_of_a_theatre_takes_a_fixed_number_of_queries(django_assert_num_queries):
    access = make_access()
    for count in (1, 3):
        _organisation, theatre = make_theatre_organisation()
        for _ in range(count):
            make_performance(make_production(), make_hall(theatre, ranks=[100]))
        with django_assert_num_queries(8):
            page = theatre_page(access, theatre.pk, TODAY)
        assert (len(page.halls), page.coming_count) == (count, count)


def test_people_who_left_are_not_asked():
    organisation, theatre = make_theatre_organisation()
    make_membership(organisation, is_active=False)
    page = theatre_page(make_access(organisation, Role.THEATRE, {Module.PROGRAMME: Level.VIEW}), theatre.pk, TODAY)
    assert (page.is_own, page.can_edit) == (True, False)


def test_the_whole_country_is_searched_in_a_moment():
    places = ["Linde", "Kade", "Water", "Rijn", "Toren", "Markt", "Hof", "Brug", "Gracht"]
    houses = Theatre.objects.bulk_create(
        Theatre(name=f"{kind} {a}{b.lower()}", city=f"{b}stad {n}")
        for n in range(4)
        for kind in ("Theater", "Schouwburg", "Podium")
        for a in places
        for b in places
    )
    Hall.objects.bulk_create(Hall(theatre=house, name=f"Zaal {i}", capacity=90) for house in houses for i in range(3))
    assert (len(houses), Hall.objects.count()) == (972, 2916)
    access = make_access()
    search_theatres(access, "warm")
    seconds = []
    for text in ("schouwburg lindekade", "scouwburg rijntoren", "kadestad 3 podium", "grachthof", "zaal 2 toren", "xyzzy"):
        start = perf_counter()
        search_theatres(access, text)
        seconds.append(perf_counter() - start)
    assert sorted(seconds)[len(seconds) // 2] < 0.05

"""Changing productions and performances, and moving a production to another agency."""

from dataclasses import replace

import pytest

from dip.programme.actions import (
    UnableToChange,
    UnableToEnter,
    change_performance,
    change_production,
    create_production,
    move_agency,
    move_performance,
)
from dip.programme.models import PerformanceEvent, Production, ProductionEvent
from dip.programme.queries import production_for
from dip.programme.terms import EventKind, FindingCode, FundFeature, PerformanceKind, ProductionEntry
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.programme import CANCELLED, CONCEPT, PLAYED, make_genre, make_hall, make_performance, make_production
from tests.factories.registry import NOW, make_access, make_membership, make_organisation
from tests.programme.cast import mails

pytestmark = pytest.mark.django_db


def entry_of(production: Production, **over) -> ProductionEntry:
    entry = ProductionEntry(title=production.title, season_year=production.season_year, genre_id=production.genre_id)
    return replace(entry, **over)


def test_changes_keep_their_history():
    production, partner = make_production(), make_organisation(Role.PRODUCER)
    access = make_access(production.producer)
    entry = entry_of(production, title="Anders", genre_id=make_genre("dance").pk, co_producer_ids=(partner.pk,), is_revival=True)
    change_production(access=access, at=NOW, production=production, entry=entry)
    change_production(access=access, at=NOW, production=production, entry=entry)
    event = ProductionEvent.objects.filter(production=production, kind=EventKind.CHANGED).get()
    assert event.changes["genre"] == ["theatre", "dance"]
    assert event.changes["co_producers"] == [[], [partner.name]]
    assert set(event.changes) == {"title", "genre", "co_producers", "is_revival"}
    assert production_for(make_access(partner), production.dip_id).title == "Anders"


def test_season_producer_and_id_stay():
    production = make_production()
    access = make_access(production.producer)
    entry = entry_of(production, season_year=2030, producer_id=make_organisation().pk)
    changed = change_production(access=access, at=NOW, production=production, entry=entry)
    assert (changed.season_year, changed.producer_id, changed.dip_id) == (2026, production.producer_id, production.dip_id)


def test_wrong_changes_are_refused_whole():
    production = make_production()
    other = make_production(production.producer)
    access = make_access(production.producer)
    with pytest.raises(UnableToEnter) as error:
        change_production(access=access, at=NOW, production=production, entry=entry_of(production, title=other.title, genre_id=77))
    assert {f.code for f in error.value.findings} == {FindingCode.TITLE_TAKEN, FindingCode.GENRE_UNKNOWN}
    assert not ProductionEvent.objects.filter(kind=EventKind.CHANGED).exists()


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.FUNDER])
def test_strangers_change_nothing(role):
    production = make_production(co_producers=(make_organisation(Role.PRODUCER),))
    access = make_access(role=role)
    with pytest.raises(AccessDenied):
        change_production(access=access, at=NOW, production=production, entry=entry_of(production, title="Van ons"))
    with pytest.raises(AccessDenied):
        move_agency(access=access, at=NOW, production=production, agency_id=access.organisation_id)


def test_co_producers_and_colleagues_who_view_change_nothing():
    partner = make_organisation(Role.PRODUCER)
    production = make_production(co_producers=(partner,))
    for access in (make_access(partner), make_access(production.producer, rights={Module.PROGRAMME: Level.VIEW})):
        with pytest.raises(AccessDenied):
            change_production(access=access, at=NOW, production=production, entry=entry_of(production, title="Van ons"))


def test_the_agency_moves_with_history_and_all_hear():
    old, new = make_organisation(Role.AGENCY), make_organisation(Role.AGENCY)
    readers = {make_membership(o, rights={Module.PROGRAMME: Level.MANAGE}).person.email for o in (old, new)}
    production = make_production(agency=old)
    readers.add(make_membership(production.producer).person.email)
    move_agency(access=make_access(old), at=NOW, production=production, agency_id=new.pk, note="Nieuw seizoen")
    assert {m["to"] for m in mails()} == readers
    event = ProductionEvent.objects.get(kind=EventKind.AGENCY_MOVED)
    assert (event.changes, event.note) == ({"agency": [old.name, new.name]}, "Nieuw seizoen")
    with pytest.raises(Production.DoesNotExist):
        production_for(make_access(old), production.dip_id)
    assert production_for(make_access(new), production.dip_id).can_edit
    production.refresh_from_db()
    move_agency(access=make_access(new), at=NOW, production=production, agency_id=new.pk)
    assert ProductionEvent.objects.filter(kind=EventKind.AGENCY_MOVED).count() == 1
    with pytest.raises(UnableToEnter):
        move_agency(access=make_access(new), at=NOW, production=production, agency_id=make_organisation(Role.THEATRE).pk)


def test_a_producer_hears_what_its_agency_enters():
    producer, agency = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
    person = make_membership(producer).person
    entry = ProductionEntry(title="Winterkoor", season_year=2026, genre_id=make_genre().pk, producer_id=producer.pk)
    create_production(access=make_access(agency), at=NOW, entry=entry)
    (mail,) = mails()
    assert mail["to"] == person.email
    assert agency.name in mail["subject"]


def test_performances_change_without_moving():
    performance = make_performance(hall=make_hall(capacity=400))
    access = make_access(performance.production.producer)
    values = {
        "kind": PerformanceKind.PREMIERE, "in_festival": True, "fund_feature": FundFeature.LECTURE, "capacity_by_rank": [300, 80, 0],
    }  # fmt: skip
    changed = change_performance(access=access, at=NOW, number=performance.number, **values)
    assert (changed.capacity_by_rank, changed.capacity) == ([300, 80], 380)
    change_performance(access=access, at=NOW, number=performance.number, **values)
    event = PerformanceEvent.objects.get(kind=EventKind.CHANGED)
    assert event.changes["capacity_by_rank"] == [[400], [300, 80]]
    with pytest.raises(UnableToChange):
        change_performance(access=access, at=NOW, number=performance.number, capacity_by_rank=[1] * 11)
    with pytest.raises(TypeError):
        change_performance(access=access, at=NOW, number=performance.number, hall_id=1)
    with pytest.raises(AccessDenied):
        change_performance(access=make_access(), at=NOW, number=performance.number, is_private=True)


def move(performance, hall, **over):
    values = {"starts_at": performance.starts_at, "theatre_id": hall.theatre_id, "hall_id": hall.pk}
    access = make_access(performance.production.producer)
    return move_performance(access=access, at=NOW, number=performance.number, **values | over)


@pytest.mark.parametrize(
    ("state", "hall", "code"),
    [
        (CANCELLED, {}, FindingCode.ALREADY_CANCELLED),
        (CONCEPT, {"do_not_use": True}, FindingCode.HALL_NOT_IN_USE),
    ],
)
def test_where_nothing_is_played_nothing_moves(state, hall, code):
    performance = make_performance(state=state)
    with pytest.raises(UnableToChange) as error:
        move(performance, make_hall(**hall))
    assert error.value.findings[0].code is code


def test_a_published_one_does_not_move_into_the_past():
    performance, concept = make_performance(), make_performance(state=CONCEPT)
    past = make_performance(state=PLAYED).starts_at
    with pytest.raises(UnableToChange) as error:
        move(performance, performance.hall, starts_at=past)
    assert error.value.findings[0].code is FindingCode.IN_THE_PAST
    moved, _findings = move(concept, concept.hall, starts_at=past)
    assert moved.starts_at == past
    moved, _findings = move(performance, performance.hall, starts_at=past, allow_past=True)
    assert moved.starts_at == past


def test_a_concept_moves_in_silence():
    performance = make_performance(state=CONCEPT)
    moved, findings = move(performance, make_hall(ranks=[200, 50]))
    assert (moved.capacity_by_rank, findings) == ([200, 50], [])
    assert mails() == []

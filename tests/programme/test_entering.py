"""Entering productions and performances, and publishing them."""

from datetime import date, datetime, timedelta

import pytest

from dip.programme.actions import UnableToEnter, add_performances, create_production, publish_performances
from dip.programme.models import Performance, PerformanceEvent, Production
from dip.programme.terms import EventKind, FindingCode, PerformanceEntry, PerformanceStatus, ProductionEntry
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.programme import (
    CANCELLED,
    CONCEPT,
    PLAYED,
    make_genre,
    make_hall,
    make_performance,
    make_production,
    make_theatre,
    starting,
)
from tests.factories.registry import NOW, make_access, make_organisation

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 10)


def entry(**over) -> ProductionEntry:
    return ProductionEntry(**{"title": "Zeven Dagen Vloed", "season_year": 2026, "genre_id": make_genre().pk} | over)


def at_hall(hall, **over) -> PerformanceEntry:
    return PerformanceEntry(**{"starts_at": starting(DAY), "theatre_id": hall.theatre_id, "hall_id": hall.pk} | over)


def codes(error) -> list[FindingCode]:
    return [f.code for f in error.value.findings]


def test_a_producer_enters_its_own():
    access = make_access(role=Role.PRODUCER)
    production = create_production(access=access, at=NOW, entry=entry(producer_id=make_organisation().pk))
    assert production.producer_id == access.organisation_id
    assert production.dip_id.startswith("NL-26-")
    line = AuditLine.objects.within(access).get()
    assert (line.verb, line.subject_id) == ("create_production", production.dip_id)


def test_an_agency_enters_for_a_producer():
    producer, access = make_organisation(Role.PRODUCER, is_member=False), make_access(role=Role.AGENCY)
    production = create_production(access=access, at=NOW, entry=entry(producer_id=producer.pk))
    assert (production.producer_id, production.agency_id) == (producer.pk, access.organisation_id)


@pytest.mark.parametrize("role", [Role.THEATRE, Role.FESTIVAL, Role.FUNDER, Role.ASSOCIATION])
def test_only_providers_enter(role):
    with pytest.raises(AccessDenied):
        create_production(access=make_access(role=role), at=NOW, entry=entry())


def test_a_colleague_who_only_views_enters_nothing():
    access = make_access(role=Role.PRODUCER, rights={Module.PROGRAMME: Level.VIEW})
    with pytest.raises(AccessDenied):
        create_production(access=access, at=NOW, entry=entry())


def test_a_producer_who_pays_no_fee_only_reads():
    access = make_access(make_organisation(Role.PRODUCER, is_member=False))
    with pytest.raises(AccessDenied):
        create_production(access=access, at=NOW, entry=entry())


def test_every_wrong_field_is_named_and_no_id_is_spent():
    access = make_access(role=Role.PRODUCER)
    theatre = make_organisation(Role.THEATRE)
    wrong = entry(title=" ", season_year=1700, genre_id=99, agency_id=theatre.pk, co_producer_ids=(access.organisation_id, 999))
    with pytest.raises(UnableToEnter) as error:
        create_production(access=access, at=NOW, entry=wrong)
    assert {f.field for f in error.value.findings} == {"title", "season_year", "genre", "agency", "co_producers"}
    assert create_production(access=access, at=NOW, entry=entry()).dip_id.endswith("-00001")


def test_a_repeat_is_recognised():
    access = make_access(role=Role.PRODUCER)
    first = create_production(access=access, at=NOW, entry=entry(external_ref="B-17"))
    assert create_production(access=access, at=NOW, entry=entry(external_ref="B-17", title="Anders")) == first
    with pytest.raises(UnableToEnter) as error:
        create_production(access=access, at=NOW, entry=entry(title="zeven dagen vloed"))
    assert codes(error) == [FindingCode.TITLE_TAKEN]
    assert Production.objects.count() == 1


def test_performances_take_seats_from_the_hall():
    production = make_production()
    access = make_access(production.producer)
    ranked, plain = make_hall(ranks=[300, 80]), make_hall(capacity=450)
    made = add_performances(access=access, at=NOW, production=production, entries=[at_hall(ranked), at_hall(plain)])
    assert [(p.capacity_by_rank, p.capacity) for p in made] == [([300, 80], 380), ([450], 450)]
    assert all(p.status == PerformanceStatus.CONCEPT for p in made)
    assert made[0].number < made[1].number
    assert PerformanceEvent.objects.filter(kind=EventKind.CREATED).count() == 2


def test_a_naive_time_is_on_the_venues_clock():
    production = make_production()
    hall = make_hall(make_theatre(time_zone="Europe/London"))
    naive = at_hall(hall, starts_at=datetime(2027, 2, 10, 23, 30))  # noqa: DTZ001  as a form or booking system sends it
    (made,) = add_performances(access=make_access(production.producer), at=NOW, production=production, entries=[naive])
    assert made.starts_at.isoformat() == "2027-02-10T23:30:00+00:00"
    assert made.performance_date == DAY


def test_all_or_none_with_a_finding_per_row():
    production = make_production()
    hall, closed = make_hall(), make_hall(do_not_use=True)
    shut = make_hall(make_theatre(do_not_use=True))
    entries = [
        at_hall(hall),
        at_hall(hall),
        at_hall(closed),
        at_hall(shut),
        at_hall(hall, theatre_id=make_theatre().pk),
        at_hall(hall, hall_id=10**6),
        at_hall(hall, theatre_id=10**6),
        at_hall(hall, starts_at=starting(DAY, 14), capacity_by_rank=(1,) * 11),
    ]
    with pytest.raises(UnableToEnter) as error:
        add_performances(access=make_access(production.producer), at=NOW, production=production, entries=entries)
    assert [(f.row, f.code) for f in error.value.findings] == [
        (1, FindingCode.ALREADY_ENTERED),
        (2, FindingCode.HALL_NOT_IN_USE),
        (3, FindingCode.THEATRE_NOT_IN_USE),
        (4, FindingCode.HALL_ELSEWHERE),
        (5, FindingCode.HALL_UNKNOWN),
        (6, FindingCode.THEATRE_UNKNOWN),
        (7, FindingCode.TOO_MANY_RANKS),
    ]
    assert not Performance.objects.exists()


def test_a_reference_makes_a_repeat_harmless():
    production, hall = make_production(), make_hall()
    access = make_access(production.producer)
    entries = [at_hall(hall, external_ref="P-1"), at_hall(hall, starts_at=starting(DAY, 14), external_ref="P-2")]
    first = add_performances(access=access, at=NOW, production=production, entries=entries)
    again = add_performances(access=access, at=NOW, production=production, entries=entries[::-1])
    assert [p.number for p in again] == [p.number for p in first][::-1]
    assert Performance.objects.count() == 2


def test_merged_ids_keep_answering():
    target = make_hall()
    old = make_hall(make_theatre(merged_into=target.theatre), merged_into=target)
    production = make_production()
    (made,) = add_performances(access=make_access(production.producer), at=NOW, production=production, entries=[at_hall(old)])
    assert (made.theatre_id, made.hall_id) == (target.theatre_id, target.pk)


def test_entering_takes_a_fixed_number_of_queries(django_assert_num_queries):
    production, hall = make_production(), make_hall()
    access = make_access(production.producer)
    for hours in ([12], [14, 17, 20]):
        with django_assert_num_queries(10):
            rows = [at_hall(hall, starts_at=starting(DAY, hour)) for hour in hours]
            add_performances(access=access, at=NOW, production=production, entries=rows)


@pytest.mark.parametrize("who", ["co_producer", "stranger", "former_agency", "colleague"])
def test_only_the_main_producer_and_its_agency_edit(who):
    co, stranger = make_organisation(), make_organisation()
    production = make_production(co_producers=(co,))
    access = {
        "co_producer": make_access(co),
        "stranger": make_access(stranger),
        "former_agency": make_access(role=Role.AGENCY),
        "colleague": make_access(production.producer, rights={Module.PROGRAMME: Level.VIEW}),
    }[who]
    performance = make_performance(production, state=CONCEPT)
    with pytest.raises(AccessDenied):
        add_performances(access=access, at=NOW, production=production, entries=[at_hall(make_hall())])
    with pytest.raises(AccessDenied):
        publish_performances(access=access, at=NOW, numbers=[performance.number])
    performance.refresh_from_db()
    assert performance.status == PerformanceStatus.CONCEPT


def test_publishing_keeps_the_good_and_names_the_rest():
    production = make_production()
    access = make_access(production.producer)
    good = make_performance(production, state=CONCEPT)
    past = make_performance(production, state=CONCEPT, day=(NOW - timedelta(days=3)).date())
    cancelled, published = make_performance(production, state=CANCELLED), make_performance(production)
    shut = make_performance(production, make_hall(do_not_use=True), state=CONCEPT)
    numbers = [p.number for p in (good, past, cancelled, published, shut)] + [1]
    result = publish_performances(access=access, at=NOW, numbers=numbers)
    assert result.numbers == (good.number,)
    found = {f.number: f.code for f in result.findings if not f.is_warning}
    assert found == {
        1: FindingCode.UNKNOWN_PERFORMANCE,
        past.number: FindingCode.IN_THE_PAST,
        cancelled.number: FindingCode.ALREADY_CANCELLED,
        published.number: FindingCode.NOT_CONCEPT,
        shut.number: FindingCode.HALL_NOT_IN_USE,
    }
    good.refresh_from_db()
    assert (good.status, good.published_at) == (PerformanceStatus.PUBLISHED, NOW)


def test_booking_systems_may_hand_over_history():
    past = make_performance(state=CONCEPT, day=date(2019, 3, 2))
    access = make_access(past.production.producer)
    assert publish_performances(access=access, at=NOW, numbers=[past.number], allow_past=True).numbers == (past.number,)


def test_a_hall_that_is_taken_is_a_warning():
    hall = make_hall()
    make_performance(hall=hall, day=DAY, starts_at=starting(DAY, 19))
    make_performance(hall=hall, day=DAY, starts_at=starting(DAY, 13), state=PLAYED)
    mine = make_performance(hall=hall, starts_at=starting(DAY, 20), state=CONCEPT)
    early = make_performance(mine.production, hall=hall, starts_at=starting(DAY, 9), state=CONCEPT)
    access = make_access(mine.production.producer)
    result = publish_performances(access=access, at=NOW, numbers=[mine.number, early.number])
    assert result.numbers == (mine.number, early.number)
    assert [f.number for f in result.findings if f.code is FindingCode.HALL_TAKEN] == [mine.number]

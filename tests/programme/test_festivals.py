"""Festivals: containers of performances of many producers; who puts in and takes out; the flag on the wire follows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.programme.actions import (
    UnableToHold,
    add_to_festival,
    change_festival,
    change_performance,
    create_festival,
    leave_festival,
    move_performance,
)
from dip.programme.actions.performances import add_performances
from dip.programme.models import Festival, Performance, PerformanceEvent
from dip.programme.queries import (
    festival_list,
    festival_names,
    festival_numbers,
    festival_page,
    festivals_around,
    offered_performances,
)
from dip.programme.queries.exchange import evenings
from dip.programme.terms import FestivalEntry, FindingCode, PerformanceEntry
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.programme import CANCELLED, CONCEPT, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_api_client, make_client_login, make_organisation
from tests.programme.cast import DAY

pytestmark = pytest.mark.django_db
ENTRY = FestivalEntry("Kadeklanken", "Tiel", DAY - timedelta(days=2), DAY + timedelta(days=2))


@pytest.fixture
def owner():
    return make_organisation(Role.FESTIVAL)


@pytest.fixture
def festival(owner) -> Festival:
    return create_festival(access=make_access(owner, Role.FESTIVAL), at=NOW, entry=ENTRY)


def evening(producer=None, *, hall=None, days=0, **over) -> Performance:
    return make_performance(make_production(producer), hall or make_hall(), day=DAY + timedelta(days=days), **over)


def put(access, festival, *performances):
    return add_to_festival(access=access, at=NOW, festival_id=festival.pk, numbers=[p.number for p in performances])


def test_entering_twice_is_once(owner):
    access = make_access(owner, Role.FESTIVAL)
    first, again = (create_festival(access=access, at=NOW, entry=ENTRY) for _ in range(2))
    assert first == again
    assert AuditLine.objects.within(access).filter(verb="create_festival").count() == 1


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"name": " "}, FindingCode.NAME_MISSING), ({"city": ""}, FindingCode.CITY_MISSING),
        ({"last_date": ENTRY.first_date - timedelta(days=1)}, FindingCode.FESTIVAL_BACKWARDS),
        ({"last_date": ENTRY.first_date + timedelta(days=400)}, FindingCode.FESTIVAL_BACKWARDS),
    ],
)  # fmt: skip
def test_what_is_no_festival(owner, over, code):
    values = {name: getattr(ENTRY, name) for name in ENTRY.__slots__} | over
    with pytest.raises(UnableToHold) as refusal:
        create_festival(access=make_access(owner, Role.FESTIVAL), at=NOW, entry=FestivalEntry(**values))
    assert [f.code for f in refusal.value.findings] == [code]


def test_providers_put_in_their_own_and_houses_what_plays_there(festival):
    house = make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(house))
    maker = make_organisation(Role.PRODUCER)
    theirs, mine = evening(hall=hall), evening(maker)
    assert put(make_access(house, Role.THEATRE), festival, theirs) == (theirs.number,)
    assert put(make_access(maker), festival, mine) == (mine.number,)
    assert put(make_access(maker), festival, mine) == ()
    for stranger, performance in (
        (make_access(maker), theirs),
        (make_access(house, Role.THEATRE), mine),
        (make_access(role=Role.FUNDER), mine),
    ):
        with pytest.raises(AccessDenied):
            put(stranger, festival, performance)
    assert set(Performance.objects.filter(festival=festival, in_festival=True)) == {theirs, mine}
    event = PerformanceEvent.objects.filter(performance=mine).latest("id")
    assert event.changes == {"festival": ["", "Kadeklanken"]}


def test_days_states_and_other_festivals_are_checked(festival, owner):
    maker = make_organisation(Role.PRODUCER)
    access = make_access(maker)
    late, gone = evening(maker, days=9), evening(maker, state=CANCELLED)
    other = create_festival(
        access=make_access(owner, Role.FESTIVAL), at=NOW, entry=FestivalEntry("Anders", "Ede", ENTRY.first_date, ENTRY.last_date)
    )
    taken = evening(maker)
    put(access, other, taken)
    for performance, code in (
        (late, FindingCode.OUTSIDE_FESTIVAL),
        (gone, FindingCode.ALREADY_CANCELLED),
        (taken, FindingCode.OTHER_FESTIVAL),
    ):
        with pytest.raises(UnableToHold) as refusal:
            put(access, festival, performance)
        assert [f.code for f in refusal.value.findings] == [code]
    with pytest.raises(UnableToHold):
        add_to_festival(access=access, at=NOW, festival_id=festival.pk, numbers=[999_999])
    put(access, festival, evening(maker, days=3))  # after midnight of the last day


def test_owner_takes_out_anything_and_others_their_own(festival, owner):
    maker = make_organisation(Role.PRODUCER)
    first, second = evening(maker), evening(maker)
    put(make_access(maker), festival, first, second)
    with pytest.raises(AccessDenied):
        leave_festival(access=make_access(), at=NOW, festival_id=festival.pk, numbers=[first.number])
    leave_festival(access=make_access(owner, Role.FESTIVAL), at=NOW, festival_id=festival.pk, numbers=[first.number])
    leave_festival(access=make_access(maker), at=NOW, festival_id=festival.pk, numbers=[second.number])
    assert not Performance.objects.filter(in_festival=True).exists()


def test_a_move_outside_its_days_and_a_mark_taken_away_leave_the_festival(festival):
    maker = make_organisation(Role.PRODUCER)
    access = make_access(maker)
    moved, unmarked = evening(maker), evening(maker)
    put(access, festival, moved, unmarked)
    move_performance(
        access=access,
        at=NOW,
        number=moved.number,
        starts_at=moved.starts_at + timedelta(days=30),
        theatre_id=moved.theatre_id,
        hall_id=moved.hall_id,
    )
    change_performance(access=access, at=NOW, number=unmarked.number, in_festival=False)
    assert not Performance.objects.filter(festival=festival).exists()
    assert PerformanceEvent.objects.filter(performance=moved, changes__has_key="festival").count() == 2


def test_shorter_days_leave_nothing_outside(festival, owner):
    maker = make_organisation(Role.PRODUCER)
    put(make_access(maker), festival, evening(maker, days=2))
    access = make_access(owner, Role.FESTIVAL)
    shorter = FestivalEntry("Kadeklanken", "Tiel", ENTRY.first_date, DAY)
    with pytest.raises(UnableToHold) as refusal:
        change_festival(access=access, at=NOW, festival_id=festival.pk, entry=shorter)
    assert refusal.value.findings[0].code is FindingCode.FESTIVAL_NOT_EMPTY
    renamed = FestivalEntry("Kadeklanken op Zee", "Tiel", ENTRY.first_date, ENTRY.last_date)
    assert change_festival(access=access, at=NOW, festival_id=festival.pk, entry=renamed).name == "Kadeklanken op Zee"
    with pytest.raises(AccessDenied):
        change_festival(access=make_access(maker), at=NOW, festival_id=festival.pk, entry=renamed)


def test_a_performance_entered_in_a_festival(festival):
    maker = make_organisation(Role.PRODUCER)
    production, hall = make_production(maker), make_hall()
    start = evening(maker).starts_at.replace(tzinfo=None)
    (made,) = add_performances(
        access=make_access(maker), at=NOW, production=production,
        entries=[PerformanceEntry(start, hall.theatre_id, hall.pk, festival_id=festival.pk)],
    )  # fmt: skip
    assert (made.festival_id, made.in_festival) == (festival.pk, True)


def test_the_wire_says_in_festival_as_before(client, festival):
    maker = make_organisation(Role.PRODUCER)
    performance = evening(maker)
    put(make_access(maker), festival, performance)
    assert evenings(make_access(maker))[0].in_festival is True
    machine, secret = make_api_client(maker)
    token = client.post("/external/v1/token", {"client_id": machine.client_id, "client_secret": secret}).json()["access_token"]
    base = f"/external/v1/producers/{maker.number}/productions/{performance.production.dip_id}/performances"
    answer = client.put(
        base,
        {"number": performance.number, "in_festival": False},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    performance.refresh_from_db()
    assert (performance.in_festival, performance.festival_id) == (False, None)


def test_queries_for_lists_of_sales(festival):
    maker = make_organisation(Role.PRODUCER)
    mine, loose, others = evening(maker), evening(maker), evening()
    access = make_access(maker)
    put(access, festival, mine)
    put(make_access(others.production.producer), festival, others)
    assert festival_names([mine.number, loose.number]) == {mine.number: (festival.pk, "Kadeklanken")}
    assert festival_numbers(access, festival.pk) == [mine.number]
    assert [p.number for p in offered_performances(access, festival.pk)] == [loose.number]
    assert festivals_around(access, [DAY]) == [(festival.pk, "Kadeklanken, Tiel")]
    assert festivals_around(access, [date(2020, 1, 1)]) == []


def test_the_page_shows_what_is_public_and_sales_only_to_parties(client, festival, owner):
    maker = make_organisation(Role.PRODUCER)
    shown, hidden = evening(maker), evening(maker, state=CONCEPT)
    put(make_access(maker), festival, shown, hidden)
    address = reverse("programme-festival", args=[festival.pk])
    make_client_login(client, maker)
    page = client.get(address).content.decode()
    assert shown.production.title in page
    assert hidden.production.title in page
    assert reverse("sales-performance", args=[shown.number]) in page
    make_client_login(client, make_organisation(Role.FUNDER))
    page = client.get(address).content.decode()
    assert shown.production.title in page
    assert hidden.production.title not in page
    assert reverse("sales-performance", args=[shown.number]) not in page
    assert "Take out" not in page
    make_client_login(client, owner, Role.FESTIVAL)
    assert "Take out" in client.get(address).content.decode()
    assert client.post(reverse("programme-festival-leave", args=[festival.pk]), {"number": shown.number}).status_code == 302
    assert client.get(reverse("programme-festival", args=[999_999])).status_code == 404


def test_entering_and_filling_on_the_pages(client):
    maker = make_organisation(Role.PRODUCER)
    performance = evening(maker)
    make_client_login(client, maker)
    form = {
        "name": "Kadeklanken",
        "city": "Tiel",
        "first_date": DAY.isoformat(),
        "last_date": (DAY - timedelta(days=1)).isoformat(),
    }
    assert "lies before the first" in client.post(reverse("programme-festival-new"), form).content.decode()
    made = client.post(reverse("programme-festival-new"), form | {"last_date": ""})
    assert performance.production.title in client.get(made["Location"]).content.decode()
    assert client.post(made["Location"], {}).status_code == 400
    assert client.post(made["Location"], {"number": performance.number}).status_code == 302
    edit = reverse("programme-performance-edit", args=[performance.number])
    assert "Kadeklanken, Tiel" in client.get(edit).content.decode()
    client.post(edit, {"kind": "normal", "fund_feature": "regular", "ranks": "600", "festival": ""})
    performance.refresh_from_db()
    assert (performance.festival_id, performance.in_festival) == (None, False)
    festival = Festival.objects.get()
    client.post(edit, {"kind": "normal", "fund_feature": "regular", "ranks": "600", "festival": str(festival.pk)})
    performance.refresh_from_db()
    assert (performance.festival_id, performance.in_festival) == (festival.pk, True)


def test_who_may_what(client, festival):
    pages = [reverse(name, args=[festival.pk]) for name in ("programme-festival-edit", "programme-festival-add")]
    for role, rights, statuses in [
        (Role.PRODUCER, None, [404, 200]), (Role.PRODUCER, {Module.PROGRAMME: Level.VIEW}, [403, 403]), (Role.FUNDER, None, [404, 404]),
    ]:  # fmt: skip
        make_client_login(client, make_organisation(role), role, rights)
        assert [client.get(page).status_code for page in pages] == statuses


def test_lists_and_pages_have_a_fixed_number_of_queries(client, festival):
    maker = make_organisation(Role.PRODUCER)
    make_client_login(client, make_organisation(Role.PRODUCER))
    counts = []
    for _ in range(2):
        put(make_access(maker), festival, evening(maker), evening(maker))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("programme-festival", args=[festival.pk]))
            client.get(reverse("programme-festivals") + "?which=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    page = festival_page(make_access(maker), festival.pk)
    assert (page.performance_count, page.producer_count, page.party_count) == (4, 1, 4)
    assert festival_list(make_access(), text="kade").object_list[0].performance_count == 4

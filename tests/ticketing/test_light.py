"""The light mode: five fields, sensible defaults, one entry for one form, and who may state figures of what."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.kernel.clock import local, now
from dip.programme.models import Hall, Performance, Production, Theatre
from dip.programme.terms import FundFeature, HallKind, PerformanceStatus
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.ticketing.actions import accept_positions
from dip.ticketing.actions.light import UnableToType, state_by_hand
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.rules.light import Hurdle, light_figures, read_euros
from dip.ticketing.terms import BY_HAND, Measure, PositionRow
from tests.factories.programme import CONCEPT, PLAYED, make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db
SALES_ONLY = {Module.SALES: Level.VIEW, Module.PROGRAMME: Level.VIEW}


@pytest.fixture
def maker():
    return make_organisation(Role.PRODUCER, name="Atelier Zomerhuis")


def nobodys_hall(**over):
    return make_hall(make_theatre(is_coupled=False, **over), capacity=80)


def played(producer, hall=None, **over):
    return make_performance(make_production(producer), hall or nobodys_hall(), state=PLAYED, **over)


def typed(access, performance, **over):
    values = {"normal": 30, "discount": 10, "free": 4, "recette_cents": 60_000, "true_at": NOW} | over
    return state_by_hand(access=access, at=NOW, number=performance.number, **values)


def form_data(**over):
    day = (local(now()) + timedelta(days=30)).date().isoformat()
    values = {
        "title": "Het Zomerhuis", "genre": str(make_genre().pk), "date": [day], "time": ["20:15"], "place_name": "De Oude Stal",
        "place_city": "Amersfoort", "seats": "60", "school": "", "publish": "yes", "key": "sleutel-1",
    }  # fmt: skip
    return values | over


def enter(client, **over):
    return client.post(reverse("ticketing-light-production"), form_data(**over))


# -- amounts and spreading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234,50", 123_450), ("1.234,50", 123_450), ("1,234.50", 123_450), ("1234.5", 123_450), ("€ 1 234", 123_400),
        ("1.234", 123_400), ("0", 0), ("12,5", 1250), ("12.345.678,90", 1_234_567_890),
        ("abc", None), ("-5", None), ("12,345,6x", None), ("1,2,3", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text, cents):
    assert read_euros(text) == cents


@pytest.mark.parametrize(("normal", "discount", "recette"), [(30, 10, 100_001), (0, 3, 1000), (7, 0, 999), (1, 2, 100), (0, 0, 0)])
def test_the_recette_is_spread_and_its_sum_stays(normal, discount, recette):
    figures = light_figures(normal, discount, 4, recette)
    assert sum(figures[4:]) == recette
    assert figures[:4] == (normal, discount, 4, 0)
    assert figures[6] == 0


# -- entering -------------------------------------------------------------------------------------------------------------------


def test_five_fields_make_a_production_with_its_place(client, maker):
    make_theatre(city="Amersfoort")
    make_client_login(client, maker)
    day = (local(now()) + timedelta(days=30)).date()
    response = enter(client, date=[day.isoformat(), (day + timedelta(days=1)).isoformat()], time=["20:15", ""])
    production = Production.objects.get()
    assert response["Location"] == reverse("ticketing-light-made", args=[production.dip_id])
    assert (production.producer_id, production.is_revival, production.agency_id) == (maker.pk, False, None)
    first, second = Performance.objects.order_by("starts_at")
    assert (local(second.starts_at).hour, local(second.starts_at).minute) == (20, 15)
    assert first.status == PerformanceStatus.PUBLISHED
    assert (first.capacity, first.is_other_location, first.is_private) == (60, True, False)
    assert (first.theatre.name, first.theatre.city, first.theatre.organisation_id) == ("De Oude Stal", "Amersfoort", None)
    assert first.theatre.province_id  # the one that every place in that town has
    assert (first.hall.kind, first.hall.capacity) == (HallKind.EXTERNAL, 60)


def test_the_same_form_again_enters_nothing(client, maker):
    make_client_login(client, maker)
    first, second = enter(client), enter(client)
    assert first["Location"] == second["Location"]
    assert (Production.objects.count(), Performance.objects.count(), Theatre.objects.count()) == (1, 1, 1)
    assert "nothing is entered twice" in client.get(second["Location"]).content.decode()


def test_a_known_title_takes_the_dates_and_a_known_place_is_used(client, maker):
    make_client_login(client, maker)
    enter(client)
    later = (local(now()) + timedelta(days=31)).date().isoformat()
    enter(client, key="sleutel-2", title="HET ZOMERHUIS", place_name="de oude stal", date=[later])
    assert (Production.objects.count(), Performance.objects.count()) == (1, 2)
    assert (Theatre.objects.count(), Hall.objects.count()) == (1, 1)


def test_a_place_with_several_halls_asks_which(client, maker):
    theatre = make_theatre(name="Podium Waterlinde", city="Tiel")
    make_hall(theatre, name="Grote Zaal"), make_hall(theatre, name="Kleine Zaal")
    make_client_login(client, maker)
    page = enter(client, place_name="Podium Waterlinde", place_city="Tiel")
    assert page.status_code == 400
    assert "has several halls" in page.content.decode()
    typed_text = enter(client, place="waterlinde", place_name="", place_city="")
    assert "Several halls can be meant" in typed_text.content.decode()
    assert not Production.objects.exists()
    hall = Hall.objects.get(name="Kleine Zaal")
    assert enter(client, hall=hall.pk, place_name="", place_city="").status_code == 302
    assert Performance.objects.get().hall == hall


def test_a_refused_form_keeps_everything_that_was_typed(client, maker):
    make_client_login(client, maker)
    response = enter(client, genre="", date=["2027-13-01", "2027-02-28"], time=["20:15", "14:00"], seats="zestig")
    page = response.content.decode()
    assert response.status_code == 400
    for kept in ("Het Zomerhuis", "2027-13-01", "2027-02-28", "14:00", "De Oude Stal", "zestig", "sleutel-1"):
        assert kept in page, kept
    assert "Give the date as 2027-02-28" in page
    assert not Production.objects.exists()


def test_dates_before_today_are_taken_for_their_figures(client, maker):
    make_client_login(client, maker)
    day = (local(now()) - timedelta(days=3)).date().isoformat()
    enter(client, date=[day])
    assert Performance.objects.get().status == PerformanceStatus.PUBLISHED
    page = client.get(reverse("ticketing-light")).content.decode()
    assert reverse("ticketing-light-figures", args=[Performance.objects.get().number]) in page


def test_a_school_performance_is_private_and_marked_for_the_fund(client, maker):
    make_client_login(client, maker)
    enter(client, school="school_primary", publish="no", seats="56")
    performance = Performance.objects.get()
    assert performance.fund_feature == FundFeature.SCHOOL_PRIMARY
    assert (performance.is_private, performance.status, performance.capacity) == (True, PerformanceStatus.CONCEPT, 56)


def test_more_dates_of_a_production(client, maker):
    make_client_login(client, maker)
    enter(client)
    production = Production.objects.get()
    address = reverse("ticketing-light-dates", args=[production.dip_id])
    assert production.title in client.get(address).content.decode()
    later = (local(now()) + timedelta(days=40)).date().isoformat()
    client.post(address, form_data(key="sleutel-9", date=[later]))
    assert Performance.objects.filter(production=production).count() == 2
    again = client.post(address, form_data(key="sleutel-10", date=[later]))
    assert again.status_code == 400
    assert "entered already" in again.content.decode()


def test_a_festival_and_a_production_in_it(client, maker):
    make_client_login(client, maker)
    first = (local(now()) + timedelta(days=20)).date()
    response = client.post(
        reverse("ticketing-light-festival"),
        {"name": "Kadeklanken", "city": "Tiel", "first_date": first.isoformat(), "last_date": ""},
    )
    assert "festival=" in response["Location"]
    assert "Kadeklanken" in client.get(response["Location"]).content.decode()
    number = response["Location"].rpartition("=")[2]
    outside = enter(client, festival=number)
    assert outside.status_code == 400
    assert "outside the festival" in outside.content.decode()
    enter(client, festival=number, date=[first.isoformat()])
    performance = Performance.objects.get()
    assert (performance.festival_id, performance.in_festival) == (int(number), True)


def test_who_enters(client, maker):
    for role, rights, status in [
        (Role.PRODUCER, None, 200),
        (Role.PRODUCER, SALES_ONLY, 403),
        (Role.THEATRE, None, 404),
        (Role.AGENCY, None, 404),
        (Role.FUNDER, None, 404),
    ]:
        make_client_login(client, make_organisation(role), role, rights)
        assert client.get(reverse("ticketing-light-production")).status_code == status, (role, rights)
    production = make_production(maker)
    make_client_login(client, make_organisation(Role.PRODUCER))
    for name in ("ticketing-light-dates", "ticketing-light-made"):
        assert client.get(reverse(name, args=[production.dip_id])).status_code == 404


# -- figures --------------------------------------------------------------------------------------------------------------------


def test_a_maker_states_figures_where_nobody_runs_the_house(maker):
    performance = played(maker)
    receipt = typed(make_access(maker), performance)
    assert (receipt.accepted, receipt.rejected) == (1, 0)
    state = PerformanceSales.objects.within(make_access(maker)).get()
    assert (state.sold, state.free_tickets, state.normal_cents + state.discount_cents) == (40, 4, 60_000)
    assert state.source == BY_HAND
    performance.theatre.refresh_from_db()
    assert not performance.theatre.is_coupled
    assert typed(make_access(maker), performance).unchanged == 1
    assert Position.objects.within(make_access(maker)).count() == 1


def test_the_agency_types_too_and_the_theatre_that_is_not_coupled(maker):
    agency = make_organisation(Role.AGENCY)
    performance = make_performance(make_production(maker, agency=agency), nobodys_hall(), state=PLAYED)
    assert typed(make_access(agency), performance).accepted == 1
    house = make_organisation(Role.THEATRE)
    own = make_performance(make_production(maker), nobodys_hall(organisation=house), state=PLAYED)
    assert typed(make_access(house), own).accepted == 1


def test_a_double_hat_types_for_its_own_house():
    both = make_organisation(Role.PRODUCER, Role.THEATRE)
    performance = played(both, nobodys_hall(organisation=both))
    for role in (Role.PRODUCER, Role.THEATRE):
        assert typed(make_access(both, role), performance, normal=31 + len(role)).accepted == 1


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("coupled", Hurdle.COUPLED), ("house", Hurdle.HOUSE_RUNS), ("co_producer", Hurdle.ONLY_SEES), ("concept", Hurdle.NOT_PUBLISHED),
        ("colleague", Hurdle.NO_RIGHT),
    ],
)  # fmt: skip
def test_who_cannot_type_is_told_why(client, maker, case, expected):
    hall = nobodys_hall()
    if case == "coupled":
        hall.theatre.is_coupled = True
    if case == "house":
        hall.theatre.organisation = make_organisation(Role.THEATRE)
    hall.theatre.save()
    partner = make_organisation(Role.PRODUCER)
    performance = make_performance(
        make_production(maker, co_producers=(partner,)), hall, state=CONCEPT if case == "concept" else PLAYED
    )
    who = partner if case == "co_producer" else maker
    rights = SALES_ONLY if case == "colleague" else None
    with pytest.raises(UnableToType) as refusal:
        typed(make_access(who, rights=rights), performance)
    assert refusal.value.hurdle is expected
    make_client_login(client, who, rights=rights)
    address = reverse("ticketing-light-figures", args=[performance.number])
    page = client.get(address).content.decode()
    assert "Keep the figures" not in page
    refused = client.post(address, {"normal": "5", "true_at": "2026-11-20T22:00"})
    assert refused.status_code == 400
    assert not Delivery.objects.across_tenants("nothing was kept").exists()


def test_the_action_itself_refuses_what_the_page_would(maker):
    performance = played(maker)
    row = PositionRow(performance.number, tickets(5), NOW)
    common = {"at": NOW, "measure": Measure.TICKETS, "rows": [row], "source": "x", "couples": False}
    with pytest.raises(AccessDenied):
        accept_positions(access=make_access(maker), **common)
    with pytest.raises(AccessDenied):
        accept_positions(access=make_access(role=Role.FUNDER), by_hand=True, **common)
    stranger = accept_positions(access=make_access(role=Role.PRODUCER), by_hand=True, **common)
    assert stranger.rejected == 1
    assert accept_positions(access=make_access(maker), by_hand=True, **common).accepted == 1


def test_figures_on_the_page(client, maker):
    performance = played(maker)
    make_client_login(client, maker)
    address = reverse("ticketing-light-figures", args=[performance.number])
    moment = (local(performance.starts_at) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    wrong = client.post(address, {"normal": "", "discount": "", "recette": "120", "true_at": moment})
    assert wrong.status_code == 400
    assert "no paid ticket" in wrong.content.decode()
    future = client.post(address, {"normal": "5", "recette": "50", "true_at": "2199-01-01T10:00"})
    assert future.status_code == 400
    assert "lies more than 10 minutes ahead" in future.content.decode()
    good = client.post(address, {"normal": "42", "discount": "3", "free": "2", "recette": "1.234,50", "true_at": moment})
    assert good["Location"] == reverse("ticketing-light")
    page = client.get(address).content.decode()
    assert "45 tickets sold" in page
    assert 'value="1234,50"' in page
    make_client_login(client, make_organisation(Role.PRODUCER))
    assert client.get(address).status_code == 404


def test_the_house_takes_over_when_its_system_delivers(maker):
    house = make_organisation(Role.THEATRE)
    performance = played(maker)
    typed(make_access(maker), performance)
    performance.theatre.organisation = house
    performance.theatre.save()
    later = NOW + timedelta(hours=1)
    assert push(performance, tickets(44), true_at=later).accepted == 1
    with pytest.raises(UnableToType):
        typed(make_access(maker), performance, normal=1)
    assert PerformanceSales.objects.within(make_access(maker)).get().sold == 44


def test_home_has_a_fixed_number_of_queries(client, maker):
    make_client_login(client, maker)
    counts = []
    for _ in range(2):
        played(maker), played(maker)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("ticketing-light")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_home_is_for_providers_and_takers(client):
    for role, status in ((Role.PRODUCER, 200), (Role.AGENCY, 200), (Role.THEATRE, 200), (Role.FESTIVAL, 200), (Role.FUNDER, 404)):
        make_client_login(client, make_organisation(role), role)
        assert client.get(reverse("ticketing-light")).status_code == status
    make_client_login(client, make_organisation(Role.PRODUCER), rights={Module.SALES: Level.VIEW})
    assert client.get(reverse("ticketing-light")).status_code == 403


def test_moments_are_on_the_venues_clock(maker):
    performance = played(maker)
    typed(make_access(maker), performance, true_at=datetime(2026, 11, 20, 22, 0))  # noqa: DTZ001
    state = PerformanceSales.objects.within(make_access(maker)).get()
    assert state.tickets_true_at.isoformat() == "2026-11-20T21:00:00+00:00"

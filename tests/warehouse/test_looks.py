"""The log of who looked: filled by the door itself, for every way in."""

import ast
import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from dip.definitions.actions import load_standard
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import AccessDenied, Door, Module, Role
from dip.site.looking import LookLog, note_job
from dip.site.urls import urlpatterns as ours
from dip.warehouse.actions import consents, looking
from dip.warehouse.models import Look, SegmentTable
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.warehouse.rules.looking import Purpose, gathering, look_of
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation, make_person

ALL = "tests look at everything"


@requires(Module.AUDIENCE)
def new_page(request, access, dip_id):
    """A view that thinks of nothing but its figures."""
    door.audience(access, AudienceScope("production", dip_id=dip_id, season_year=2026))
    door.origin(access, AudienceScope("production", dip_id=dip_id, season_year=2026), "pc4")
    return HttpResponse("figures")


@requires(Module.AUDIENCE)
def new_stream(request, access, dip_id):
    """One that asks only while it is being sent."""

    def lines():
        door.audience(access, AudienceScope("production", dip_id=dip_id, season_year=2026))
        yield "figures"

    return StreamingHttpResponse(lines())


urlpatterns = [path("new/<str:dip_id>", new_page), path("stream/<str:dip_id>", new_stream), *ours]


@pytest.fixture
def tour(db):
    """A production at two organisations' theatres and at one that is nobody's."""
    producer = make_organisation(Role.PRODUCER)
    production = make_production(producer)
    houses = [make_organisation(Role.THEATRE) for _ in range(2)]
    for theatre in [make_theatre(houses[0]), make_theatre(houses[1]), make_theatre(None)]:
        make_performance(production, make_hall(theatre))
    return SimpleNamespace(
        producer=producer, production=production, houses=houses, access=make_access(producer, Role.PRODUCER),
        scope=AudienceScope("production", dip_id=production.dip_id, season_year=2026),
    )  # fmt: skip


def looks():
    return list(Look.objects.across_tenants(ALL).order_by("pk"))


def look(access, scope, at=NOW, ask=door.audience):
    with gathering() as gathered:
        ask(access, scope)
    return looking.note(at=at, looks=gathered)


@pytest.mark.urls(__name__)
def test_a_new_view_is_logged_though_it_thinks_of_nothing(client, tour):
    member = make_client_login(client, tour.producer, Role.PRODUCER)
    for _ in range(2):
        assert client.get(f"/new/{tour.production.dip_id}").status_code == 200
    (found,) = looks()
    assert (found.looked_by_id, found.person, found.actor, found.door) == (
        tour.producer.pk, member.person_id, str(member.person), "page",
    )  # fmt: skip
    assert (found.purpose, found.kind, found.production, found.season) == (
        "production_audience",
        "production",
        tour.production.pk,
        2026,
    )
    assert sorted(found.organisations) == sorted(house.pk for house in tour.houses)
    assert found.looks == 2
    assert found.first_at <= found.last_at


@pytest.mark.urls(__name__)
def test_a_body_that_is_made_while_it_is_sent_is_logged_too(client, tour):
    make_client_login(client, tour.producer, Role.PRODUCER)
    answer = client.get(f"/stream/{tour.production.dip_id}")
    assert looks() == []
    assert b"".join(answer.streaming_content) == b"figures"
    assert len(looks()) == 1


@pytest.mark.urls(__name__)
def test_who_may_not_look_leaves_no_look(client, tour):
    make_client_login(client, make_organisation(Role.PRODUCER), Role.PRODUCER)
    with pytest.raises(tour.production.DoesNotExist):
        client.get(f"/new/{tour.production.dip_id}")
    make_client_login(client, tour.producer, Role.PRODUCER, rights={})
    assert client.get(f"/new/{tour.production.dip_id}").status_code == 403
    assert looks() == []


@pytest.mark.urls(__name__)
def test_one_statement_and_no_more_for_a_page(client, tour, django_assert_num_queries):
    make_client_login(client, tour.producer, Role.PRODUCER)
    client.get(f"/new/{tour.production.dip_id}")
    with django_assert_num_queries(1):
        look_again = {look_of(tour.access, Purpose.PRODUCTION, "production", production=n): {1, 2} for n in range(40)}
        looking.note(at=NOW, looks=look_again)


def test_a_row_a_day_a_person_and_a_scope(tour):
    noor = make_access(tour.producer, Role.PRODUCER, person=make_person())
    midnight = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    look(tour.access, tour.scope)
    look(noor, tour.scope)
    look(noor, tour.scope, at=midnight)
    look(noor, tour.scope, at=midnight + timedelta(minutes=2))
    look(noor, replace(tour.scope, season_year=2025))
    found = [(one.actor, one.day.isoformat(), one.season, one.looks) for one in looks()]
    assert found == [
        (tour.access.actor, "2026-11-23", 2026, 1), (noor.actor, "2026-11-23", 2026, 2), (noor.actor, "2026-11-24", 2026, 1),
        (noor.actor, "2026-11-23", 2025, 1),
    ]  # fmt: skip
    assert looks()[1].last_at == midnight


def test_a_theatre_that_joins_the_tour_during_the_day_is_added(tour):
    look(tour.access, tour.scope)
    third = make_organisation(Role.THEATRE)
    make_performance(tour.production, make_hall(make_theatre(third)))
    look(tour.access, tour.scope)
    (found,) = looks()
    assert set(found.organisations) == {third.pk, *(house.pk for house in tour.houses)}


def test_the_platform_and_a_shared_link_and_a_job_are_logged(tour):
    platform = make_access(make_organisation(Role.PLATFORM), Role.PLATFORM, person=make_person())
    look(platform, AudienceScope("season", season_year=2026))
    look(replace(tour.access, door=Door.SHARED), tour.scope)
    job = replace(tour.access, door=Door.JOB)
    note_job(lambda: door.audience(job, tour.scope), None, None)
    told = [(one.looked_by_id, one.door, one.purpose, one.organisations == []) for one in looks()]
    assert told == [
        (platform.organisation_id, "page", "national_audience", True), (tour.producer.pk, "shared", "production_audience", False),
        (tour.producer.pk, "job", "production_audience", False),
    ]  # fmt: skip


def test_a_failure_half_way_is_logged_and_stays_a_failure(tour):
    def page(_request):
        door.audience(tour.access, tour.scope)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        LookLog(page)(None)
    assert len(looks()) == 1


def test_an_answer_stays_where_nothing_can_be_written(tour, capsys):
    def page(_request):
        door.audience(tour.access, tour.scope)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        return HttpResponse("figures")

    assert LookLog(page)(None).content == b"figures"
    connection.needs_rollback = False


def test_purposes_of_questions(tour):
    house = make_access(tour.houses[0], Role.THEATRE)
    asked = {
        door.audience: Purpose.PRODUCTION, door.overlap: Purpose.TOGETHER, door.also_bought: Purpose.TOGETHER,
        door.underserved: Purpose.REACH,
    }  # fmt: skip
    for ask, purpose in asked.items():
        Look.objects.across_tenants(ALL).delete()
        look(tour.access, tour.scope, ask=ask)
        assert [one.purpose for one in looks()] == [purpose.value], ask
    Look.objects.across_tenants(ALL).delete()
    look(house, AudienceScope("theatre", season_year=2026))
    look(house, tour.scope)
    assert [(one.purpose, one.organisations) for one in looks()] == [("own_audience", [tour.houses[0].pk])] * 2
    with pytest.raises(AccessDenied):
        look(make_access(tour.producer, Role.PRODUCER, {}), tour.scope)


#: What questions want beside who asks and of what. A new question that wants something else is told here.
MORE = {"level": "pc4", "part": "stages", "code": "new", "by": "season"}


def questions():
    """Every question of the door about a scope."""
    found = {name: getattr(door, name) for name in door.__all__ if inspect.isfunction(getattr(door, name))}
    return {name: ask for name, ask in found.items() if list(inspect.signature(ask).parameters)[:2] == ["access", "scope"]}


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_of_the_door_leaves_a_look_with_a_registered_purpose(tour, name):
    ask = questions()[name]
    wanted = [word for word, one in inspect.signature(ask).parameters.items() if one.default is one.empty][2:]
    SegmentTable.objects.create(
        organisation_id=tour.producer.pk, name="Wijkwijzer", version="1", licence="tests", digest="d", file_digest="f", names=["A"],
        pc4=[3811], segment=[0], share=[1.0], row_count=1, kept_count=1, season_year=2026, loaded_at=NOW, loaded_by="Noor",
    )  # fmt: skip
    house = AudienceScope("theatre", season_year=2026)
    asked = (make_access(tour.houses[0], Role.THEATRE), house) if name == "shared_with" else (tour.access, tour.scope)
    with gathering() as gathered:
        ask(*asked, **{word: MORE[word] for word in wanted})
    assert gathered
    assert {look.purpose for look in gathered} <= {one.value for one in Purpose}


def test_the_list_of_a_season_is_one_look_at_everybody_in_it(tour):
    other, third = make_production(tour.producer), make_organisation(Role.THEATRE)
    make_performance(other, make_hall(make_theatre(third)))
    with gathering() as gathered:
        door.of_season(tour.access, 2026)
    ((seen, organisations),) = gathered.items()
    assert (seen.kind, seen.production, seen.season, seen.purpose) == ("list", 0, 2026, "production_audience")
    assert organisations == {third.pk, *(house.pk for house in tour.houses)}


def test_who_is_compared_with_by_name_sees_that_it_was(tour):
    mine, theirs = (make_access(one, Role.THEATRE) for one in tour.houses)
    at, address = clock.now(), "https://dip.example/trends/named/"
    row = consents.invite(
        access=mine, at=at, organisation_id=theirs.organisation_id, figures=("overlap",), until=at.date() + timedelta(days=90), address=address,
    )  # fmt: skip
    consents.accept(access=theirs, at=at, consent_id=row.pk, address=address)
    look(mine, AudienceScope("theatre", season_year=2026), ask=door.shared_with)
    (seen,) = Look.objects.within(theirs)
    assert (seen.purpose, seen.looked_by_id, seen.organisations) == (
        "named_comparison",
        mine.organisation_id,
        [theirs.organisation_id],
    )


def test_only_whose_people_they_were_sees_a_look(tour):
    look(tour.access, tour.scope)
    assert Look.objects.within(make_access(tour.houses[0], Role.THEATRE)).count() == 1
    assert Look.objects.within(tour.access).count() == 0
    assert Look.objects.within(make_access(make_organisation(Role.THEATRE), Role.THEATRE)).count() == 0


def test_names_are_forgotten_when_their_time_is_over(tour):
    load_standard()
    look(tour.access, tour.scope)
    later = NOW + timedelta(days=730)
    assert looking.forget_old(at=later) == 0
    assert looking.forget_old(at=later + timedelta(days=1)) == 1
    assert looks() == []


def test_nothing_reads_shelves_without_a_reach():
    """Who reads the published files of buyers gives the reason of a reach, and a reach is a look."""
    folder = Path(door.__file__).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"rows", "columns"}:
                first = ast.unparse(node.args[0]) if node.args else ""
                assert first.endswith("reason") or first in {"'national figures'"}, f"{file.name}:{node.lineno} reads for {first}"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing():
    access = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
    held = {look_of(access, Purpose.PRODUCTION, "production", production=n): {n + 1} for n in range(20)}

    def write(turn):
        try:
            return looking.note(at=NOW, looks=dict(sorted(held.items(), reverse=bool(turn % 2))))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(12))) == 240
    assert {one.looks for one in looks()} == {12}

"""No input of the planning API gives an error of ours: every answer is a result or a refusal in the wire's shape."""

import json
from datetime import timedelta
from urllib.parse import quote

import jsonschema
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dip.kernel.clock import local, now
from dip.registry.terms import Role
from dip.site.yesplan import specify
from tests.api.test_yesplan import BASE, Planner, told
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db
PATIENT = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=90)
MOMENTS = st.sampled_from(
    [
        "2026-12-23T20:15:00+01:00",
        "2026-12-23T20:15",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "20:15",
        "2026-10-25",
    ]
)
ANYTHING = st.recursive(
    SCALARS | MOMENTS, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3)
)
MEMBERS = [
    "name",
    "starttime",
    "location",
    "locations",
    "production",
    "status",
    "dip_id",
    "capacity",
    "season",
    "genre",
    "producer",
    "reason",
]
BODIES = st.dictionaries(st.sampled_from(MEMBERS), ANYTHING | st.fixed_dictionaries({"id": SCALARS, "name": SCALARS}), max_size=8)
IDS = st.text(min_size=1, max_size=90).filter(lambda text: "/" not in text and text not in {".", ".."})
SPECIFICATION = specify()


@pytest.fixture
def planners():
    """A theatre's and a producer's, around one performance with the genre that bodies name."""
    make_genre("theatre")
    house, producer = make_organisation(Role.THEATRE), make_organisation(Role.PRODUCER)
    make_performance(make_production(producer), make_hall(make_theatre(house)), day=(now() + timedelta(days=30)).date())
    return Planner(house), Planner(producer)


def check(answer) -> None:
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        body = answer.json()
        assert body["error"]
        assert body["message"]


def path_of(kind: str, name: str) -> str:
    return f"/{kind}/{quote(name, safe='', errors='replace')}"


@PATIENT
@given(body=BODIES, name=IDS, kind=st.sampled_from(["events", "productions"]), who=st.sampled_from([0, 1]))
def test_bodies(planners, body, name, kind, who):
    planner = planners[who]
    check(planner.put(path_of(kind, name), json.dumps(body).encode()))
    if kind == "events":
        check(planner.get(path_of(kind, name)))
    check(planner.delete(path_of(kind, name)))


@PATIENT
@given(
    body=st.binary(max_size=200)
    | st.sampled_from([b"[" * 6000, b'{"a":' * 6000, b"null", b'{"name": "\\ud800", "starttime": "2026"}'])
)
def test_bytes(planners, body):
    check(planners[0].put("/events/1", body))


@PATIENT
@given(query=st.dictionaries(st.sampled_from(["year", "month", "reason"]), st.text(max_size=30)), name=IDS)
def test_questions(planners, query, name):
    for planner in planners:
        check(planner.get("/events", **query))
        check(planner.http.delete(BASE + path_of("events", name), query_params=query, headers=planner.headers))


@PATIENT
@given(value=st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60))
def test_credentials(planners, value):
    for scheme in ("Basic", "Bearer"):
        answer = Client().get(f"{BASE}/mappings", headers={"Authorization": f"{scheme} {value}"})
        check(answer)
        assert answer.status_code in {401, 429}


def test_answers_have_the_documented_shape(planners):
    theatre, _ = planners
    evening = make_performance(hall=make_hall(make_theatre(theatre.client.organisation), name="Grote Zaal"))
    answers = {
        "Registered": theatre.put("/events/1", told(evening)).json(),
        "Event": theatre.get("/events/1").json(),
        "Mappings": theatre.get("/mappings").json(),
        "Refusal": theatre.get("/events/zzz").json(),
    }
    day = local(evening.starts_at)
    assert theatre.get("/events", year=day.year, month=day.month).json()[0] == answers["Event"]
    for name, answer in answers.items():
        schema = {**SPECIFICATION, "$ref": f"#/components/schemas/{name}"}
        jsonschema.Draft202012Validator({"$ref": schema["$ref"], "components": SPECIFICATION["components"]}).validate(answer)
        known = SPECIFICATION["components"]["schemas"][name].get("properties")
        assert known is None or set(answer) <= set(known), name


def test_the_documents_answer(client):
    assert client.get(f"{BASE}/openapi.json").json()["openapi"] == "3.1.0"
    text = client.get(f"{BASE}/docs").content.decode()
    assert all(code in text for code in ("no_match", "to_confirm", "provider_told"))

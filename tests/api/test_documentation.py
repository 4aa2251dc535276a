"""The specification tells what answers, and the page's examples run as they stand."""

import html
import re
import shlex
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver

from dip.kernel.clock import local, now
from dip.kernel.periods import season_name, season_period, season_year
from dip.registry.terms import Role
from dip.site.documentation import base_url
from dip.site.external import urlpatterns
from tests.factories.programme import make_genre
from tests.factories.registry import make_api_client
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


def specification(client):
    return client.get("/external/v1/openapi.json").json()


def test_the_specification_is_openapi_with_the_bulk_endpoints(client):
    spec = specification(client)
    assert spec["openapi"] == "3.1.0"
    assert spec["servers"] == [{"url": base_url()}]
    assert {"get", "post", "put"} == set(spec["paths"]["/producers/{producer_id}/productions"])
    for path in ("/tickets/cumulative", "/reservations/cumulative", "/blocked-seats/cumulative", "/blockedseats/cumulative"):
        assert set(spec["paths"][path]) == {"put"}
    body = spec["paths"]["/tickets/cumulative"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["oneOf"][1] == {"$ref": "#/components/schemas/TicketsBody"}
    assert set(spec["components"]["schemas"]["TicketsBody"]["properties"]) == {
        *("number", "updated", "production"),
        *("normal", "discount", "free", "other"),
    }


def test_every_reference_points_somewhere_and_ids_are_unique(client):
    spec = specification(client)
    references: list[str] = []
    operations: list[str] = []

    def walk(part):
        if isinstance(part, dict):
            references.extend(value for key, value in part.items() if key == "$ref")
            operations.extend(value for key, value in part.items() if key == "operationId")
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(spec)
    assert references
    for reference in references:
        kind, name = reference.split("/")[-2:]
        assert name in spec["components"][kind], reference
    assert len(operations) == len(set(operations))


def test_every_path_that_answers_is_in_the_specification(client):
    def routes(patterns):
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from routes(one.url_patterns)
            elif isinstance(one, URLPattern):
                yield str(one.pattern)

    aside = {"", "docs", "openapi.json"}
    answered = {"/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", r) for r in routes(urlpatterns) if "(" not in r and r not in aside}
    assert answered == set(specification(client)["paths"])


@pytest.fixture
def shell(cast):
    """Variables of the examples, with credentials of the cast."""
    performance, season = cast.performance, season_year(local(now()).date())
    push(performance, tickets(5), true_at=now() - timedelta(days=1))
    make_genre()
    period = season_period(season)
    return {
        "NUMBER": performance.number,
        "NOW": local(now()).replace(tzinfo=None).isoformat(timespec="seconds"),
        "PRODUCTION": cast.dip_id,
        "SOLD": cast.dip_id,
        "PRODUCER": performance.production.producer.number,
        "THEATER": performance.theatre_id,
        "LOCATION": performance.hall_id,
        "SEASON": season_name(season),
        "DATE": f"{local(now()).date() + timedelta(days=90)}T20:15:00",
        "FROM": period.start,
        "TO": period.last,
    }


def examples(client):
    """(who runs it, command) of every example on the page, in order."""
    text = client.get("/external/v1/docs").content.decode()
    found = re.findall(r'<pre tabindex="0" data-example="(\w+)">(.*?)</pre>', text, re.DOTALL)
    return [(who, html.unescape(command)) for who, command in found]


def run(command, variables):
    """The answer to a curl command, its variables filled in as a shell does."""
    filled = re.sub(r"\$([A-Z_]+)", lambda found: str(variables[found[1]]), command)
    words = shlex.split(filled.replace("\\\n", " "))
    assert words[:2] == ["curl", "-s"]
    method, url, headers, data = "GET", "", {}, []
    rest = iter(words[2:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            data.append(next(rest))
        else:
            url = word
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    path = url.removeprefix(settings.BASE_URL)
    return Client().generic(method, path, "&".join(data), content_type=kind, headers=headers)


def test_every_example_runs(client, cast, shell):
    owners = {"theatre": (cast.performance.theatre.organisation, Role.THEATRE)}
    owners["producer"] = (cast.performance.production.producer, Role.PRODUCER)
    commands = examples(client)
    (buying,) = [command for who, command in commands if who == "token"]
    assert len(commands) >= 9
    for who, (organisation, role) in owners.items():
        api_client, secret = make_api_client(organisation, role)
        bought = run(buying, {"CLIENT_ID": api_client.client_id, "CLIENT_SECRET": secret})
        variables = shell | {"TOKEN": bought.json()["access_token"]}
        for owner, command in commands:
            if owner == who:
                answer = run(command, variables)
                assert answer.status_code in {200, 201}, (command, answer.content)
                assert answer.json()


def test_the_page_lists_every_call_and_finding(client):
    text = html.unescape(client.get("/external/v1/docs").content.decode())
    for path, operations in specification(client)["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in text
    assert "unknown_performance" in text
    assert base_url() in text

"""The page of the modern API: its examples run as they stand, and its code checks a signature."""

import html
import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from dip.exchange.api.operations import OPERATIONS
from dip.exchange.problems import TITLES
from dip.exchange.rules.signing import secret_text, signed_headers
from dip.exchange.terms import CHOOSABLE
from dip.kernel.clock import local, now
from dip.kernel.periods import season_name, season_year
from dip.registry.terms import Role
from tests.api.modern import Cast
from tests.api.test_documentation import run
from tests.factories.programme import make_genre
from tests.factories.registry import make_api_client

pytestmark = pytest.mark.django_db
PAGE = "/api/v2/docs"


def text(client, language="en"):
    client.cookies["django_language"] = language
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_it_tells_every_call_event_and_refusal(client):
    told = text(client)
    for one in OPERATIONS:
        assert f"{one.method} {one.path}" in told
    for event in CHOOSABLE:
        assert event.value in told
    for kind in TITLES:
        assert f'id="{kind}"' in told


def test_every_example_runs(client, settings):
    settings.PRIVATE_CALLS = True
    cast, today = Cast(), local(now())
    make_genre()
    variables = {
        "NUMBER": cast.evenings[0].number,
        "NOW": (today - timedelta(minutes=1)).isoformat(timespec="seconds"),
        "PRODUCTION": cast.production.dip_id,
        "THEATRE": cast.hall.theatre_id,
        "HALL": cast.hall.pk,
        "SEASON": season_name(season_year(today.date())),
        "DATE": f"{today.date() + timedelta(days=90)}T20:15:00+01:00",
        "KEY": uuid.uuid4(),
        "HOOK": "http://127.0.0.1:9/dip",
    }
    found = re.findall(r'<pre tabindex="0" data-example="(\w+)">(.*?)</pre>', client.get(PAGE).content.decode(), re.DOTALL)
    commands = [(who, html.unescape(command)) for who, command in found]
    (buying,) = [command for who, command in commands if who == "token"]
    for who, owner in (("theatre", (cast.house, Role.THEATRE)), ("producer", (cast.producing, Role.PRODUCER))):
        api_client, secret = make_api_client(*owner)
        bought = run(buying, {"CLIENT_ID": api_client.client_id, "CLIENT_SECRET": secret})
        mine = [command for name, command in commands if name == who]
        assert mine
        for command in mine:
            answer = run(command, variables | {"TOKEN": bought.json()["access_token"]})
            assert answer.status_code in {200, 201}, (command, answer.content)


def test_the_code_that_checks_a_signature_does(client):
    told = re.findall(r'data-code="(\w+)">(.*?)</pre>', client.get(PAGE).content.decode(), re.DOTALL)
    code = {name: html.unescape(lines) for name, lines in told}
    secret, body = secret_text(b"x" * 32), b'{"type": "nl.dip.ping.v1"}'
    headers = signed_headers([secret_text(b"y" * 32), secret], "msg_1", now(), body)
    space = {"secret": secret, "headers": dict(headers), "body": body}
    exec(code["library"], space)  # the page's own code
    assert space["event"] == {"type": "nl.dip.ping.v1"}
    exec(code["plain"], space)
    assert space["is_genuine"](secret, headers, body)
    assert not space["is_genuine"](secret, headers, body + b" ")
    assert not space["is_genuine"](secret_text(b"z" * 32), headers, body)
    assert not space["is_genuine"](secret, signed_headers([secret], "msg_1", now() - timedelta(minutes=9), body), body)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Wijzigingen sinds"), ("fr", "Changements depuis"), ("en", "Changes since")]
)
def test_it_is_read_in_three_languages(client, language, words):
    assert words in text(client, language)


def test_the_page_of_v1_leads_to_it(client):
    assert PAGE in client.get(f"/{settings.API_PREFIX}/docs").content.decode()

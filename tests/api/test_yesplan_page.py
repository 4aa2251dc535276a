"""The documentation of the planning API tells what answers: its examples run as they stand."""

import html
import re
import shlex
from datetime import timedelta

import pytest
from django.conf import settings

from dip.kernel.clock import local, now
from dip.registry.terms import Role
from tests.api.test_yesplan import BASE, Planner
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


def test_the_examples_of_the_page_run(client):
    """Every curl of the documentation, as it stands, with the credentials and values that it names."""
    house = make_organisation(Role.THEATRE)
    planner = Planner(house)
    soon = (now() + timedelta(days=40)).date()
    evening = make_performance(make_production(title="De Vlonder"), make_hall(make_theatre(house), name="Grote Zaal"), day=soon)
    push(evening, tickets(100))
    day = local(evening.starts_at)
    values = {
        "CLIENT_ID": planner.client.client_id,
        "CLIENT_SECRET": planner.secret,
        "YEAR": str(day.year),
        "MONTH": str(day.month),
        "NUMBER": str(evening.number),
        "TITLE": evening.production.title,
        "START": day.isoformat(),
        "HALL": "Grote Zaal",
    }
    page = client.get(f"{BASE}/docs").content.decode()
    examples = re.findall(r'<pre[^>]*data-example="planning"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert len(examples) == 5
    for example in examples:
        filled = re.sub(r"\$(\w+)", lambda name: values[name[1]], html.unescape(example).replace("\\\n", " "))
        words = shlex.split(filled)
        address = next(word for word in words if word.startswith("http"))
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        body = words[words.index("-d") + 1].encode() if "-d" in words else b""
        path = address.removeprefix(settings.BASE_URL)
        answer = planner.http.generic(method, path, body, content_type="application/json", headers=planner.headers)
        assert answer.status_code in {200, 201, 204}, (example, answer.content)
        if method == "PUT":
            assert answer.json()["state"] == "linked"

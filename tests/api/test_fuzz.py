"""Both APIs under thousands of calls that nobody thought of: schemathesis finds no failure of ours and no breach of the specification.

``DIP_FUZZ_EXAMPLES`` and ``DIP_FUZZ_SEED`` make a longer hunt by hand; without them the calls are the same in every run.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from dip.contracts.models import AgreementPerformance
from dip.exchange.rules import limits
from dip.kernel.clock import now
from dip.registry.terms import Role
from dip.registry.tokens import issue_token
from tests.api.modern import Cast
from tests.factories.contracts import make_deal
from tests.factories.registry import make_api_client, make_organisation
from tests.factories.ticketing import push, push_totals, tickets

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXAMPLES = int(os.environ.get("DIP_FUZZ_EXAMPLES", "7"))
SEED = int(os.environ.get("DIP_FUZZ_SEED", "0"))
CHECKS: list[Callable[..., object]] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
    unsupported_method,
]  # fmt: skip
#: The modern API refuses whatever its specification does not allow, unknown members and parameters too.
STRICT = [*CHECKS, negative_data_rejection]
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]


@pytest.fixture
def cast(db, settings, monkeypatch):
    """Something of everything, so that what is read has a shape."""
    monkeypatch.setattr(limits, "CALLS", 10**9)
    settings.PRIVATE_CALLS = True
    made = Cast()
    for evening in made.evenings:
        push(evening, tickets(9, 2, 1))
        push_totals(evening, reserved=3, blocked=2, ranks=[300, 90])
    return made


def bearer(organisation, role):
    client, secret = make_api_client(organisation, role)
    return f"Bearer {issue_token(client.client_id, secret, now())[0]}"


@schemathesis.serializer("application/x-ndjson", "application/vnd.apache.parquet")
def as_sent(context, value):
    """Bodies of orders are bytes; what the hunt makes up for them is sent as it is."""
    text = value if isinstance(value, (bytes, str)) else str(getattr(value, "data", value))
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


class Hunt:
    """Calls every operation with made-up and with misshapen data, each time as the next of ``tokens``; notes what goes wrong."""

    def __init__(self, base, tokens, checks, known):
        self.base, self.tokens, self.checks, self.known = base, tokens, checks, known
        self.statuses: Counter[int] = Counter()
        self.found: dict[str, str] = {}

    def run(self, address):
        for result in schemathesis.openapi.from_url(address).get_all_operations():
            for mode in MODES:
                self.look(result.ok(), mode)
        assert not self.found, "\n\n".join([*self.found, *self.found.values()])

    def look(self, operation, mode):
        def one(case):
            calls = self.statuses.total()
            case.headers = dict(case.headers or {}) | {"Authorization": self.tokens[calls % len(self.tokens)]}
            if calls % 2:  # half of the calls are about what is really there
                self.make_real(case, mode)
            answer = case.call(base_url=self.base, timeout=20)
            self.statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=self.checks)
            except FailureGroup as group:
                for failure in group.exceptions:
                    self.found.setdefault(f"{operation.label}: {failure.title}", str(group))

        options = settings(
            max_examples=EXAMPLES, derandomize=not SEED, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run = options(given(case=operation.as_strategy(generation_mode=mode))(one))
        with suppress(Unsatisfiable):  # an operation that takes nothing cannot be asked wrongly
            (seed(SEED)(run) if SEED else run)()

    def make_real(self, case, mode):
        case.path_parameters = {name: self.known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        if mode is schemathesis.GenerationMode.POSITIVE:
            case.body = really(case.body, self.known)
            if "If-Match" in case.headers:
                case.headers["If-Match"] = "*"


def really(body, known):
    """A made-up body whose ids are of what is really there."""
    if isinstance(body, list):
        return [really(one, known) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: really(value, {"id": known.get(name)}) if isinstance(value, dict) else known.get(name) or value
        for name, value in body.items()
    }


def test_the_modern_api(live_server, cast):
    evening = cast.evenings[0]
    known = {
        "dipId": cast.production.dip_id, "number": evening.number, "theatreId": cast.hall.theatre_id, "hallId": cast.hall.pk,
        "genreId": 3, "producerId": cast.producing.number, "agencyId": cast.acting.number,
        "url": "http://127.0.0.1:9/", "eventTypes": ["nl.dip.performance.moved.v1"],
    }  # fmt: skip
    tokens = [
        bearer(cast.producing, Role.PRODUCER),
        bearer(cast.house, Role.THEATRE),
        bearer(make_organisation(Role.PLATFORM), Role.PLATFORM),
    ]
    began = time.monotonic()
    hunt = Hunt(f"{live_server.url}/api/v2", tokens, STRICT, known)
    hunt.run(f"{live_server.url}/api/v2/openapi.json")
    report("v2", hunt, began)


def test_the_external_api(live_server, cast):
    evening, deal = cast.evenings[0], make_deal("concept")
    settled = make_deal("settled", producer=deal.producer, house=deal.house)
    sheet = AgreementPerformance.objects.across_tenants("the hunt").get(agreement=settled.agreement)
    known = {
        "production_number": cast.production.dip_id, "production": cast.production.dip_id, "number": evening.number,
        "producer_id": cast.producing.number, "theater_id": cast.hall.theatre_id, "performance_id": evening.number,
        "genre": 3, "theater": cast.hall.theatre_id, "theater_location": cast.hall.pk,
        "contract_id": deal.agreement.pk, "contract_type": "partage", "borderel_id": sheet.pk,
    }  # fmt: skip
    tokens = [
        bearer(cast.producing, Role.PRODUCER),
        bearer(cast.house, Role.THEATRE),
        bearer(make_organisation(Role.PLATFORM), Role.PLATFORM),
        bearer(deal.producer, Role.PRODUCER),
        bearer(make_organisation(Role.AGENCY), Role.AGENCY),
    ]
    began = time.monotonic()
    hunt = Hunt(f"{live_server.url}/external/v1", tokens, CHECKS, known)
    hunt.run(f"{live_server.url}/external/v1/openapi.json")
    report("v1", hunt, began)


def report(name, hunt, began):
    """For whoever hunts by hand, with -s; and that it was a hunt."""
    statuses = hunt.statuses
    print(f"\n{name}: {statuses.total()} calls in {time.monotonic() - began:.0f} s, {dict(sorted(statuses.items()))}")
    assert statuses.total() > 100
    assert not [status for status in statuses if status >= 500]
    assert statuses[200] > 20

"""Every connector of the platform goes through the suite, against the real system."""

import json
import os
from pathlib import Path

import httpx
import pytest

from dip.kernel import clock
from dip.ticketing.conformance.reading import try_connector
from dip.ticketing.conformance.terms import Outcome, Severity, Verdict
from dip.ticketing.connector import Account
from dip.ticketing.connectors import CONNECTORS


def pretix() -> Account:
    """The account of the pretix that runs on this machine."""
    address = os.environ.get("DIP_TEST_PRETIX", "http://127.0.0.1:8345")
    tokens = Path.home() / ".cache" / "dip-pretix" / "tokens.json"
    if not tokens.exists():
        pytest.skip(f"no pretix to try: {tokens} is not there; start one with its tools")
    try:
        httpx.get(address, timeout=5)
    except httpx.HTTPError as error:
        pytest.skip(f"no pretix answers at {address}: {error}")
    known = json.loads(tokens.read_text())
    return Account(address, known["organizer"], known["dip"])


#: Where each connector finds a real system to be tried on. A connector without one is a red test.
SYSTEMS = {"pretix": pretix}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_every_connector_conforms(name, settings):
    settings.PRIVATE_CALLS = True
    report = try_connector(name, CONNECTORS[name].opened, SYSTEMS[name](), clock=clock.now)
    musts = {r.code: r for r in report.results if report.checks[r.code].severity is Severity.MUST}
    assert {code for code, r in musts.items() if r.outcome is not Outcome.PASSED} == set(), report.as_text()
    assert report.verdict in {Verdict.CONFORMS, Verdict.REMARKS}
    assert report.version

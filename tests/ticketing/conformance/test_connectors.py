"""Every connector of the platform goes through the suite, against the real system."""

from collections.abc import Iterator

import pytest

from dip.kernel import clock
from dip.ticketing.conformance.reading import try_connector
from dip.ticketing.conformance.terms import Outcome, Severity, Verdict
from dip.ticketing.connector import Account
from dip.ticketing.connectors import CONNECTORS
from tests.journeys import pretix as real_pretix


@pytest.fixture(scope="module")
def pretix() -> Iterator[Account]:
    """The account of the pretix that runs on this machine, which nobody stops meanwhile."""
    with real_pretix.lent() as box:
        yield Account(real_pretix.ADDRESS, box.organizer, box.reader)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_every_connector_conforms(name, settings, request):
    """Each is tried on a real system: the fixture of its name. A connector without one is a red test."""
    settings.PRIVATE_CALLS = True
    account = request.getfixturevalue(name)
    report = try_connector(name, CONNECTORS[name].opened, account, clock=clock.now)
    musts = {r.code: r for r in report.results if report.checks[r.code].severity is Severity.MUST}
    assert {code for code, r in musts.items() if r.outcome is not Outcome.PASSED} == set(), report.as_text()
    assert report.verdict in {Verdict.CONFORMS, Verdict.REMARKS}
    assert report.version

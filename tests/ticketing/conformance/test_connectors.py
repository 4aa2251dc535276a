"""Every connector of the platform goes through the suite, against the real system where one can be had."""

from collections.abc import Iterator

import pytest

from dip.kernel import clock
from dip.ticketing.conformance.reading import try_connector
from dip.ticketing.conformance.terms import Outcome, Severity, Verdict
from dip.ticketing.connector import Account
from dip.ticketing.connectors import CONNECTORS
from tests.journeys import pretix as real_pretix
from tests.ticketing.emulators.serving import running
from tests.ticketing.emulators.ticketmatic import Ticketmatic
from tests.ticketing.emulators.tixly import Tixly, starts


@pytest.fixture(scope="module")
def pretix() -> Iterator[Account]:
    """The account of the pretix that runs on this machine, which nobody stops meanwhile."""
    with real_pretix.lent() as box:
        yield Account(real_pretix.ADDRESS, box.organizer, box.reader)


@pytest.fixture
def tixly() -> Iterator[Account]:
    """An invented Tixly: no real one can be had."""
    with running(Tixly()) as system:
        event = system.add_event(starts(system), dip_id="NL-26-00123-00279|104501")
        for ticket, kind in enumerate(("Normaal", "CJP", "Vrijkaart", "Normaal")):
            system.sell(event, ticket, 1, kind, None)
        system.give_back(3)
        system.tick()
        yield Account(system.address, system.account, system.token)


@pytest.fixture
def ticketmatic() -> Iterator[Account]:
    """An invented Ticketmatic: no real one can be had."""
    with running(Ticketmatic()) as system:
        event = system.add_event(starts(system), dip_id="NL-26-00123-00279|104501")
        for ticket, kind in enumerate((11, 12, 13, 11)):
            system.sell(event, ticket, 1, kind, None)
        system.give_back(1, 3)
        system.tick()
        yield Account(system.address, system.account, system.token)


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

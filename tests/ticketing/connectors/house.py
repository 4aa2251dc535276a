"""A theatre with performances, connected to the invented system."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dip.kernel.identifiers import performance_dip_id
from dip.programme.models import Hall, Performance, Theatre
from dip.registry.models import Organisation
from dip.registry.terms import Access
from dip.ticketing.actions.connections import create_connection
from dip.ticketing.actions.readings import read_connection
from dip.ticketing.models import Connection, PerformanceSales, Position, Reading, SourceEvent, SourceState
from dip.ticketing.rules.pacing import Cause
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre_organisation
from tests.factories.registry import make_access
from tests.ticketing.connectors.till import NAMES, Till

ALL = "a test looks at everything"


@dataclass
class House:
    """One theatre, its system, and the clock of the platform, which is that of the system unless told otherwise."""

    till: Till
    organisation: Organisation
    theatre: Theatre
    hall: Hall
    access: Access
    connection: Connection

    def now(self) -> datetime:
        return self.till.now

    def performance(self, days: int = 30, **over: Any) -> Performance:
        starts_at = (self.till.now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        production = over.pop("production", None) or make_production(title=over.pop("title", NAMES["nl"]))
        return make_performance(production, self.hall, starts_at=starts_at, at=self.till.now, **over)

    def date_of(self, performance: Performance, *, with_id: bool = True, **over: Any) -> int:
        """The performance in the system, with its DIP-id."""
        dip_id = performance_dip_id(performance.production.dip_id, performance.pk) if with_id else ""
        return self.till.add_date(over.pop("starts_at", performance.starts_at), dip_id=dip_id, **over)

    def read(self, cause: Cause = Cause.CLOCK) -> Reading | None:
        return read_connection(connection_id=self.connection.pk, clock=self.now, cause=cause)

    def fresh(self) -> Connection:
        return Connection.objects.across_tenants(ALL).get(pk=self.connection.pk)

    def event(self, ref: str = "trein/1") -> SourceEvent:
        return SourceEvent.objects.across_tenants(ALL).get(connection=self.connection, ref=ref)


def house(till: Till) -> House:
    organisation, theatre = make_theatre_organisation()
    hall = make_hall(theatre, name="Grote zaal")
    access = make_access(organisation)
    connection = create_connection(
        access=access, at=till.now, vendor="pretix", name="Kassa", address=till.address, account=till.account, secret=till.token
    )
    return House(till, organisation, theatre, hall, access, connection)


def sales(performance: Performance) -> PerformanceSales:
    return PerformanceSales.objects.across_tenants(ALL).get(pk=performance.pk)


def state(performance: Performance) -> SourceState:
    return SourceState.objects.across_tenants(ALL).get(pk=performance.pk)


def positions(performance: Performance, measure: int = 1) -> list[Position]:
    return list(Position.objects.across_tenants(ALL).filter(performance=performance, measure=measure).order_by("id"))

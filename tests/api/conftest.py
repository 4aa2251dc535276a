"""A theatre with a performance, its producer, and a stranger to both."""

from dataclasses import dataclass

import pytest

from dip.programme.models import Performance
from dip.registry.terms import Role
from tests.api.caller import READS, Caller
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation


@dataclass
class Cast:
    """Callers around one performance."""

    performance: Performance
    theatre: Caller
    reader: Caller
    producer: Caller
    stranger: Caller
    strange_producer: Caller

    @property
    def dip_id(self) -> str:
        return self.performance.production.dip_id


@pytest.fixture
def cast(db):
    house, producer = make_organisation(Role.THEATRE), make_organisation(Role.PRODUCER)
    performance = make_performance(make_production(producer), make_hall(make_theatre(house)))
    other = make_organisation(Role.THEATRE)
    make_theatre(other, halls=1)
    return Cast(
        performance,
        theatre=Caller(house, Role.THEATRE),
        reader=Caller(house, Role.THEATRE, READS),
        producer=Caller(producer, Role.PRODUCER),
        stranger=Caller(other, Role.THEATRE),
        strange_producer=Caller(make_organisation(Role.PRODUCER), Role.PRODUCER),
    )

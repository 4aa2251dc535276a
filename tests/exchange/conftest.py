"""A producer with a tour, and an endpoint of it at a receiver on this machine."""

from dataclasses import dataclass

import pytest

from dip.exchange import actions
from dip.exchange.models import Endpoint, Notice
from dip.exchange.sending import send_all
from dip.exchange.terms import CHOOSABLE, Taken
from dip.programme.models import Performance, Production
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role
from tests.exchange.receiver import Receiver, receiving
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_membership, make_organisation, make_person

ALL = "tests look at everything"


@dataclass
class Stage:
    """Who is on it."""

    producer: Organisation
    house: Organisation
    head: Access
    production: Production
    performance: Performance
    receiver: Receiver

    def listen(self, access: Access | None = None, types=None, at=NOW, **over) -> tuple[Endpoint, str]:
        chosen = [one.value for one in CHOOSABLE if types is None or one.short in types]
        return actions.create_endpoint(access=access or self.head, at=at, url=self.receiver.url, event_types=chosen, **over)


def make_head(organisation: Organisation, role: Role | None = None) -> Access:
    """The access of the organisation's super-user, who gets its mail."""
    person = make_person()
    make_membership(organisation, person, super_user=True)
    return make_access(organisation, role, super_user=True, person=person)


@pytest.fixture
def receiver(settings):
    settings.PRIVATE_CALLS = True
    with receiving() as one:
        yield one


@pytest.fixture
def stage(db, receiver):
    producer, house = make_organisation(Role.PRODUCER), make_organisation(Role.THEATRE)
    production = make_production(producer)
    performance = make_performance(production, make_hall(make_theatre(house, contact_email="kassa@vlonder.example")))
    return Stage(producer, house, make_head(producer), production, performance, receiver)


def notices(endpoint: Endpoint | None = None) -> list[Notice]:
    found = Notice.objects.across_tenants(ALL).order_by("pk")
    return list(found if endpoint is None else found.filter(endpoint=endpoint))


def take(endpoint: Endpoint, at, most: int = 50) -> list[Taken]:
    return actions.take_due(endpoint_id=endpoint.pk, at=at, most=most)


def send(endpoint: Endpoint, at, **over):
    """Send what is due at ``at``, as the job does."""
    return send_all(take(endpoint, at), lambda: at, **over)

"""The cast of the programme's tests: a theatre, a producer, a colleague on each side who may not, and strangers."""

import re
from datetime import date, timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from dip.programme.actions import (
    propose_corrections,
    publish_performances,
)
from dip.programme.models import ConnectionRequest, PerformanceEvent
from dip.programme.terms import (
    Correction,
    ProposalField,
    RequestStatus,
)
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import (
    CONCEPT,
    make_hall,
    make_performance,
    make_production,
    make_theatre_organisation,
)
from tests.factories.registry import NOW, make_access, make_client_login, make_membership, make_organisation, make_person

DAY = date(2027, 2, 10)
SOON = NOW + timedelta(hours=2)


def mails() -> list[dict]:
    """What is queued, oldest first: to, subject, body, language."""
    jobs = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")
    return [job.args for job in jobs]


class Cast:
    """A theatre with a manager of the programme, a colleague who only views, a producer, and a stranger on each side."""

    def __init__(self, performances: int = 1):
        self.organisation, self.theatre = make_theatre_organisation()
        self.person = make_person(language="nl")
        make_membership(self.organisation, self.person, rights={Module.PROGRAMME: Level.MANAGE})
        make_membership(self.organisation, rights={Module.PROGRAMME: Level.VIEW})
        self.producer = make_organisation(Role.PRODUCER)
        self.provider_person = make_person(language="fr")
        make_membership(self.producer, self.provider_person, rights={Module.PROGRAMME: Level.MANAGE})
        self.production = make_production(self.producer)
        self.hall = make_hall(self.theatre, ranks=[300, 80])
        self.performances = [
            make_performance(
                self.production, self.hall, state=CONCEPT, day=DAY + timedelta(days=i), capacity=380, capacity_by_rank=[300, 80]
            )
            for i in range(performances)
        ]
        self.performance = self.performances[0]
        self.provider = make_access(self.producer)
        self.house = make_access(self.organisation, Role.THEATRE)
        self.colleague = make_access(self.organisation, Role.THEATRE, {Module.PROGRAMME: Level.VIEW})
        self.other_house = make_access(role=Role.THEATRE)
        self.other_provider = make_access(role=Role.PRODUCER)

    def publish(self):
        numbers = [p.number for p in self.performances]
        return publish_performances(access=self.provider, at=NOW, numbers=numbers)

    def request(self) -> ConnectionRequest:
        return ConnectionRequest.objects.within(self.provider).exclude(status=RequestStatus.WITHDRAWN).get()

    def propose(self, *corrections: Correction):
        given = corrections or (Correction(ProposalField.TIME, "20:30", "Onze aanvang"),)
        return propose_corrections(access=self.house, at=NOW, number=self.performance.number, corrections=given)

    def events(self) -> list[str]:
        return list(PerformanceEvent.objects.filter(performance=self.performance).values_list("kind", flat=True))


def token_in(body: str) -> str:
    return re.search(r"/connections/link/([\w-]+)", body)[1]


def bearer_cast(performances: int = 1) -> Cast:
    """A theatre without anybody who can sign in."""
    cast = Cast(performances)
    cast.theatre.organisation, cast.theatre.contact_email = None, "planning@kade.example"
    cast.theatre.save()
    cast.publish()
    return cast


def sign_in(client, organisation, role=None, rights=None):
    """Sign a test client in as somebody of the organisation."""
    return make_client_login(client, organisation, role, rights)

"""Makes rules for alerts, sells, and looks: what the tests of alerts share."""

from datetime import datetime, timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from dip.programme.models import Performance
from dip.registry.guard import accesses_of
from dip.registry.models import Organisation
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.sales.actions import looking, rules
from dip.sales.models import AlertRule
from dip.sales.queries import alerts as queries
from dip.sales.terms import AlertKind, AlertUnit, MailMode, RuleSpec
from tests.factories.registry import make_access, make_membership, make_person
from tests.factories.ticketing import push, theatre_access, tickets
from tests.sales.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOKS = {Module.SALES: Level.VIEW}
PERCENT, TICKETS, HOURS = AlertUnit.PERCENT, AlertUnit.TICKETS, AlertUnit.HOURS


def person_in(organisation: Organisation, role: Role | None = None, **more: Any) -> Access:
    """The access of a new person there; ``language`` and ``rights`` when given."""
    person = make_person(language=more.pop("language", "en"))
    make_membership(organisation, person, rights=more.get("rights"))
    return make_access(organisation, role, person=person, rights=more.get("rights"))


def ask(
    access: Access,
    kind: AlertKind,
    limit: int,
    unit: AlertUnit,
    mail: MailMode = MailMode.AT_ONCE,
    at: datetime = NOW,
    **scope: int,
) -> AlertRule:
    """A rule."""
    return rules.make_rule(access=access, at=at, spec=RuleSpec(kind, limit, unit, **scope), mail=mail)[0]


def look(at: datetime = NOW) -> int:
    """As the job does; how many alerts are new."""
    return looking.look(at=at, accesses=accesses_of(looking.seats(), Door.JOB))


def sell(performance: Performance, normal: int, at: datetime = NOW) -> None:
    """A state, through the normal way in."""
    push(performance, tickets(normal), true_at=at, access=theatre_access(performance))


def shown(access: Access) -> list[tuple[AlertKind, int]]:
    """What the person's page shows."""
    return [(row.kind, row.number) for row in queries.alerts(access, 50)]


def mails() -> list[dict[str, Any]]:
    """Mails that wait, as the job gets them."""
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")]

"""Lines of the audit trail: what people did in the months before."""

from datetime import datetime, timedelta

from dip.registry.models import AuditLine, Person
from dip.registry.terms import Door
from dip.site.demo.record import Written
from dip.site.demo.sector import Sector


def record_acts(sector: Sector, written: Written, at: datetime) -> None:
    """A few acts in every organisation, more in those that the demo shows."""
    shown = {login.organisation for login in written.logins}
    lines: list[AuditLine] = []
    for n, organisation in enumerate(written.organisations):
        person = written.persons[n]
        count = 9 if organisation.name in shown else 3
        lines += [_line(organisation.pk, person, at, n, act) for act in range(count)]
    AuditLine.objects.bulk_create(sorted(lines, key=lambda line: line.at))
    _ = sector


def _line(organisation_id: int, person: Person, at: datetime, n: int, act: int) -> AuditLine:
    verb, subject, label, changes = (
        ("grant_rights", "membership", "Programmering", {"programme": ["view", "manage"]}),
        ("invite_person", "invitation", "Nieuwe collega", {}),
        ("rotate_secret", "api_client", "Kassa", {"secret": ["a1b2", "c3d4"]}),
    )[act % 3]
    return AuditLine(
        organisation_id=organisation_id, at=at - timedelta(days=4 + act * 17 + n % 11, minutes=n * 37 % 600), actor=person.name,
        person_id=person.pk, door=Door.PAGE.value, verb=verb, subject=subject, subject_id=str(organisation_id), label=label,
        changes=changes,
    )  # fmt: skip

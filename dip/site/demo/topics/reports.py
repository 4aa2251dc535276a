"""Weekly mails of the weeks before, for the organisations that the demo shows: made again from what was known then."""

from datetime import datetime, timedelta

from dip.kernel.clock import from_local
from dip.registry.models import Membership, Organisation
from dip.reports.models import Edition, Letter
from dip.reports.rules.weeks import WEEK, known_at, monday_of
from dip.reports.terms import ROLES, Side
from dip.site.demo.record import Written

#: Weeks of the archive, this one included.
WEEKS = 6


def add_reports(written: Written, at: datetime) -> dict[str, int]:
    """Editions and letters of the last weeks; workbooks are made when somebody asks, so that they cannot differ from the pages."""
    mondays = [monday_of(at) - WEEK * back for back in range(WEEKS)]
    shown = {login.organisation for login in written.logins}
    organisations = [one for one in written.organisations if one.name in shown]
    rows = [
        Edition(organisation=organisation, side=side.value, monday=monday, known_at=known_at(monday))
        for organisation in organisations
        for side in _sides(organisation)
        for monday in mondays
    ]
    editions = Edition.objects.bulk_create(rows)
    members = list(Membership.objects.filter(organisation__in=organisations).select_related("person"))
    letters = []
    for edition in editions:
        # at seven on the clock; this week's not before
        sent = from_local(datetime(edition.monday.year, edition.monday.month, edition.monday.day, 7, 0, 12))  # noqa: DTZ001
        if sent > at:
            continue
        letters += [
            Letter(
                edition=edition, person=member.person, language=member.person.language, queued_at=sent + timedelta(seconds=n), copies=1
            )
            for n, member in enumerate(members)
            if member.organisation_id == edition.organisation_id and member.rights.get("sales", 0)
        ]  # fmt: skip
    Letter.objects.bulk_create(letters)
    return {"weekly mails": len(letters)}


def _sides(organisation: Organisation) -> list[Side]:
    return [side for side, roles in ROLES.items() if {role.value for role in roles}.intersection(organisation.roles)]

"""Asking for this week's mail now: for oneself, or as super-user for a colleague."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dip.registry.terms import Access, AccessDenied, Refusal
from dip.registry.trail import write_line
from dip.reports.models import Edition, Letter
from dip.reports.queries.readers import Addressee, addressees
from dip.reports.rules.weeks import known_at, monday_of
from dip.reports.terms import side_of
from dip.web import formats

#: Who asked a moment ago is not sent another copy.
PATIENCE = timedelta(minutes=10)


class UnableToSend(Refusal):
    """The mail cannot be sent now; the message says why."""


@transaction.atomic
def ask_letter(*, access: Access, membership_id: int | None, at: datetime) -> tuple[Addressee, date]:
    """Have this week's mail sent to the asker, or (a super-user) to the member with ``membership_id``.

    Raises :class:`UnableToSend` when it was asked less than ten minutes ago or there is nobody to send it to.
    """
    side, monday = side_of(access), monday_of(at)
    if side is None or access.person_id is None:
        raise AccessDenied("only members of providers and theatres have weekly figures")
    one = _addressee(access, membership_id, monday)
    rows = Edition.objects.within(access)
    values = {"organisation_id": access.organisation_id, "side": side.value, "monday": monday}
    edition, _made = rows.get_or_create(**values, defaults={"known_at": known_at(monday)})
    letters = Letter.objects.across_tenants("the letter of a member of the asker's organisation")
    letters.get_or_create(edition=edition, person_id=one.person_id, defaults={"language": one.language})
    letter = letters.select_for_update().get(edition=edition, person_id=one.person_id)
    if letter.asked_at is not None and letter.asked_at > at - PATIENCE:
        text = _("{name} was sent this week’s mail a moment ago, at {time}. Ask again after ten minutes.")
        raise UnableToSend(text.format(name=one.name, time=formats.clock_time(letter.asked_at)))
    # later than what was queued before, or the job would think that it was done
    letter.asked_at = max(at, letter.queued_at + timedelta(microseconds=1)) if letter.queued_at else at
    letter.save(update_fields=["asked_at"])
    app.configure_task("dip.reports.jobs.mail_asked", queue="reports").defer(
        organisation_id=access.organisation_id, side=side.value, monday=monday.isoformat(), person_id=one.person_id
    )
    write_line(
        access=access, at=at, verb="ask_weekly_mail", subject="edition", subject_id=edition.pk, label=one.name,
        changes={"people": [None, [one.name]]},
    )  # fmt: skip
    return one, monday


def _addressee(access: Access, membership_id: int | None, monday: date) -> Addressee:
    for one in addressees(access, monday):
        is_self = one.person_id == access.person_id
        if membership_id in (None, one.membership_id) and (is_self if membership_id is None else is_self or access.is_super_user):
            return one
    raise UnableToSend(_("There is no such member who may see these figures. Reload the page."))

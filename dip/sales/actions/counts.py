"""The theatre tells its own number; a provider reports a difference; the theatre answers; the provider closes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dip.programme.models import Theatre
from dip.registry.models import Membership
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.sales.actions import letters
from dip.sales.models import DifferenceReport, OwnCount
from dip.sales.queries.states import lines
from dip.sales.queries.visible import evening
from dip.sales.terms import AsOf, Evening, Part, ReportStatus
from dip.web import formats

#: A clock at the theatre may run a little ahead; a number from longer ago than the second is a slip of the hand.
AHEAD, BACK = timedelta(minutes=10), timedelta(days=400)
MOST_COUNT = 200_000


class UnableToTellCount(Refusal):
    """The number, its moment or its performance cannot be right."""


class UnableToReport(Refusal):
    """There is no such performance or report, it is open already, or it was answered."""


@transaction.atomic
def tell_own_count(
    *, access: Access, at: datetime, number: int, count: int, true_at: datetime, includes: Iterable[Part], note: str = ""
) -> OwnCount:
    """Keep what the theatre's own system says of one of its performances. A repeat of the newest keeps nothing.

    Raises :class:`AccessDenied` for others than a theatre that manages sales, :class:`UnableToTellCount`.
    """
    if not access.is_taker or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage sales")
    found = evening(access, number)
    if found is None:
        raise UnableToTellCount(_("There is no such performance in your halls."))
    _check_count(count, true_at, at)
    parts = sorted(part.value for part in set(includes))
    note = " ".join(note.split())[:300]
    newest = OwnCount.objects.within(access).filter(performance_id=number).order_by("-told_at", "-id").first()
    if newest and (newest.count, newest.true_at, sorted(newest.includes), newest.note) == (count, true_at, parts, note):
        return newest
    row: OwnCount = OwnCount.objects.create(
        performance_id=number, count=count, true_at=true_at, told_at=at, includes=parts, actor=access.actor[:160], note=note
    )
    before = newest.count if newest else None
    _line(access, at, "tell_own_count", found, {"count": [before, count], "true_at": [None, true_at.isoformat()]})
    return row


def _check_count(count: int, true_at: datetime, at: datetime) -> None:
    if not 0 <= count <= MOST_COUNT:
        most = formats.tickets(MOST_COUNT)
        raise UnableToTellCount(_("“Number” is {n}; give a whole number from 0 to {most}.").format(n=count, most=most), "count")
    if true_at > at + AHEAD:
        text = _("“Moment” is {at}, which is still to come. Give the moment at which your system said it.")
        raise UnableToTellCount(text.format(at=formats.moment(true_at)), "true_at")
    if true_at < at - BACK:
        text = _("“Moment” is {at}, more than a year ago. Give a later moment.")
        raise UnableToTellCount(text.format(at=formats.moment(true_at)), "true_at")


@transaction.atomic
def report_difference(*, access: Access, at: datetime, number: int, note: str, claimed: int | None = None) -> DifferenceReport:
    """Tell the theatre of a performance that the numbers differ: a note that both keep, and a mail. One can be open at a time.

    Raises :class:`AccessDenied` for others than a provider that manages sales, :class:`UnableToReport`.
    """
    if not access.is_provider or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a provider's right to manage sales")
    found = evening(access, number)
    if found is None:
        raise UnableToReport(_("There is no such performance in your productions."))
    note = note.strip()
    if not note:
        raise UnableToReport(_("Say what differs, so that the theatre can look for it."), "note")
    theatre = Theatre.objects.select_for_update(no_key=True).get(pk=found.theatre_id)
    if DifferenceReport.objects.within(access).filter(performance_id=number, status=ReportStatus.OPEN).exists():
        raise UnableToReport(_("You reported a difference already. Close it before you report another."))
    state = lines(access, [found], AsOf(at))[0].state
    row: DifferenceReport = DifferenceReport.objects.create(
        performance_id=number,
        organisation_id=access.organisation_id,
        theatre_organisation_id=theatre.organisation_id,
        at=at,
        actor=access.actor[:160],
        person_id=access.person_id,
        platform_sold=state.sold if state.has_tickets else None,
        claimed=claimed,
        note=note[:600],
    )
    readers = letters.readers_of(theatre.organisation_id, theatre.contact_email)
    if not readers:
        raise UnableToReport(_("{theatre} has no address on the platform. Call the box office.").format(theatre=theatre.name))
    context = {"report": row, "evening": found, "asker": access.organisation_name, "actor": access.actor}
    letters.send(readers, "difference", context | {"page": letters.address("sales-performance-reconciliation", number)})
    _line(access, at, "report_difference", found, {"note": [None, row.note]})
    return row


@transaction.atomic
def answer_difference(*, access: Access, at: datetime, report_id: int, answer: str) -> DifferenceReport:
    """The theatre answers a reported difference; who reported it gets a mail. A repeat of the same answer does nothing.

    Raises :class:`AccessDenied`, :class:`UnableToReport`.
    """
    if not access.is_taker or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage sales")
    row = _locked(access, report_id)
    answer = answer.strip()[:600]
    if not answer:
        raise UnableToReport(_("Write an answer: what the difference is, or what you changed."), "answer")
    if row.status == ReportStatus.ANSWERED and row.answer == answer:
        return row
    if row.status == ReportStatus.CLOSED:
        raise UnableToReport(_("The provider closed this report; it needs no answer any more."))
    row.status, row.answer, row.answered_by, row.answered_at = ReportStatus.ANSWERED, answer, access.actor[:160], at
    row.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    found = evening(access, row.performance_id)
    if found is not None:
        context = {"report": row, "evening": found, "page": letters.address("sales-performance-reconciliation", found.number)}
        letters.send(_asker(row), "difference_answered", context)
        _line(access, at, "answer_difference", found, {"answer": [None, answer]})
    return row


def _asker(row: DifferenceReport) -> list[letters.Reader]:
    """Who reported it, while they are still a member; else those who manage sales there."""
    members = Membership.objects.filter(
        person_id=row.person_id, organisation_id=row.organisation_id, is_active=True, person__is_active=True
    )
    found = [letters.Reader(*one) for one in members.values_list("person__email", "person__language")]
    return found or letters.readers_of(row.organisation_id)


@transaction.atomic
def close_difference(*, access: Access, at: datetime, report_id: int) -> DifferenceReport:
    """Who reported a difference is satisfied. A repeat does nothing. Raises :class:`AccessDenied`, :class:`UnableToReport`."""
    if not access.is_provider or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a provider's right to manage sales")
    row = _locked(access, report_id)
    if row.status != ReportStatus.CLOSED:
        row.status = ReportStatus.CLOSED
        row.save(update_fields=["status"])
        found = evening(access, row.performance_id)
        if found is not None:
            _line(access, at, "close_difference", found, {})
    return row


def _locked(access: Access, report_id: int) -> DifferenceReport:
    row: DifferenceReport | None = (
        DifferenceReport.objects.within(access).select_for_update(of=("self",)).filter(pk=report_id).first()
    )
    if row is None:
        raise UnableToReport(_("There is no such report."))
    return row


def _line(access: Access, at: datetime, verb: str, found: Evening, changes: dict[str, object]) -> None:
    label = f"{found.title}, {found.theatre}, {found.performance_date.isoformat()}"
    write_line(access=access, at=at, verb=verb, subject="performance", subject_id=found.number, label=label, changes=changes)

"""Making and mailing a week: once for each reader, in one transaction with what says that it was done."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django import app

from dip.programme.actions.reminders import note_reminders
from dip.registry.models import Enclosure, Membership, Organisation
from dip.registry.post import enclose, queue_mail
from dip.registry.terms import PROVIDERS, TAKERS, Access
from dip.registry.trail import write_line
from dip.reports.actions.links import stop_url
from dip.reports.models import Edition, EditionFile, Letter
from dip.reports.queries.archive import edition_of
from dip.reports.queries.readers import Addressee, addressees
from dip.reports.queries.report import access_for, as_kept, report_of
from dip.reports.rules.sums import as_told
from dip.reports.rules.weeks import known_at
from dip.reports.terms import Choice, Side, WeekReport
from dip.reports.wording import Message, message
from dip.reports.workbook.book import XLSX_TYPE
from dip.reports.workbook.making import file_name, workbook

#: Organisations are begun so far apart: other jobs find room, and the mail server is not flooded.
PACE = timedelta(seconds=2)
#: Workbooks are kept as they were sent for so long; older ones are made again when asked for.
KEPT = timedelta(days=400)
_SIDES: tuple[tuple[Side, frozenset[Any]], ...] = ((Side.PROVIDER, PROVIDERS), (Side.THEATRE, TAKERS))


@transaction.atomic
def start_week(*, monday: date, at: datetime) -> int:
    """Queue one job for every organisation and side with members, spread out; how many. A repeat does no harm: letters are once."""
    peopled = Membership.objects.filter(is_active=True, person__is_active=True).values("organisation_id")
    rows = Organisation.objects.filter(pk__in=peopled).order_by("pk").values_list("pk", "roles")
    wanted = [(pk, side) for pk, roles in rows for side, mine in _SIDES if mine.intersection(roles)]
    for place, (organisation_id, side) in enumerate(wanted):
        task = app.configure_task("dip.reports.jobs.mail_week", queue="reports", priority=-10, schedule_at=at + place * PACE)
        task.defer(organisation_id=organisation_id, side=side.value, monday=monday.isoformat())
    return len(wanted)


def mail_week(*, organisation_id: int, side: Side, monday: date, at: datetime) -> int:
    """Mail one organisation's week to every member who wants it and was not mailed yet; how many were."""
    access = _access(organisation_id, side)
    if access is None:
        return 0
    waiting = [one for one in addressees(access, monday) if one.choice is Choice.WEEKLY and not one.is_mailed]
    return _mail(access, side, monday, waiting, at) if waiting else 0


def mail_asked(*, organisation_id: int, side: Side, monday: date, person_id: int, at: datetime) -> int:
    """Mail the week to one person who asked for it; 0 when that was done already, or the person may no longer see it."""
    access = _access(organisation_id, side)
    if access is None:
        return 0
    asking = [one for one in addressees(access, monday) if one.person_id == person_id and _is_due(one.letter)]
    return _mail(access, side, monday, asking, at) if asking else 0


def _is_due(letter: Letter | None) -> bool:
    if letter is None or letter.asked_at is None:
        return False
    return letter.queued_at is None or letter.queued_at < letter.asked_at


def _access(organisation_id: int, side: Side) -> Access | None:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    return access_for(organisation, side) if organisation else None


#: (language, sees figures, answers requests) → what such a reader is told.
_Kinds = Mapping[tuple[str, bool, bool], Message | None]


def _mail(access: Access, side: Side, monday: date, waiting: Sequence[Addressee], at: datetime) -> int:
    """The report is read before the transaction, so that it is short; who was mailed in the meantime is asked again inside."""
    known = edition_of(access, monday)
    report = report_of(access, monday, at, known.national if known else None)
    messages: dict[tuple[str, bool, bool], Message | None] = {}
    for kind in {_kind(one) for one in waiting}:
        with override(kind[0]):
            messages[kind] = message(report, with_figures=kind[1], with_requests=kind[2])
    if not any(messages.values()):
        return 0
    with transaction.atomic():
        edition = _edition(access, side, report)
        mailed = [one for one in waiting if messages[_kind(one)] and _note_letter(edition, one, at)]
        for one in mailed:
            _queue(access, edition, report, one, messages)
        if mailed:
            _tell(access, edition, mailed, at)
    return len(mailed)


def _kind(one: Addressee) -> tuple[str, bool, bool]:
    return one.language, one.has_figures, one.has_requests


def _edition(access: Access, side: Side, report: WeekReport) -> Edition:
    """The week's row, locked: two jobs of one organisation follow one another."""
    rows = Edition.objects.within(access)
    values = {"organisation_id": access.organisation_id, "side": side.value, "monday": report.monday}
    rows.get_or_create(**values, defaults={"known_at": known_at(report.monday)})
    edition: Edition = rows.select_for_update().get(**values)
    if edition.made_at is None:
        edition.made_at, edition.national, edition.sums = report.made_at, as_kept(report.national), as_told(report)
        edition.save(update_fields=["made_at", "national", "sums"])
    return edition


def _note_letter(edition: Edition, one: Addressee, at: datetime) -> bool:
    """Keep that this reader is mailed now; False when another job was first."""
    rows = Letter.objects.across_tenants("the edition is locked by this job")
    letter, _made = rows.get_or_create(edition=edition, person_id=one.person_id, defaults={"language": one.language})
    if letter.queued_at is not None and not _is_due(letter):
        return False
    letter.queued_at, letter.language, letter.copies = max(at, letter.asked_at or at), one.language, letter.copies + 1
    letter.save(update_fields=["queued_at", "language", "copies"])
    return True


def _queue(access: Access, edition: Edition, report: WeekReport, one: Addressee, messages: _Kinds) -> None:
    told = messages[_kind(one)]
    assert told is not None  # readers with nothing to be told were left out
    with override(one.language):
        stop = stop_url(one.membership_id)
        values = {
            "message": told, "organisation": access.organisation_name, "language": one.language, "stop_url": stop,
            "archive_url": settings.BASE_URL + reverse("reports-index"),
        }  # fmt: skip
        enclosed = [_enclosure(edition, report, one.language)] if told.has_workbook else []
        queue_mail(
            to=one.email,
            subject=told.subject,
            body=_paragraphs(render_to_string("reports/mail/weekly.txt", values)),
            page=render_to_string("reports/mail/weekly.html", values),
            enclosures=enclosed,
            unsubscribe=stop,
        )


def _enclosure(edition: Edition, report: WeekReport, language: str) -> int:
    """The week's workbook in a language (the active one), made once for all who read it."""
    rows = EditionFile.objects.across_tenants("the edition is locked by this job")
    kept = rows.filter(edition=edition, language=language).first()
    if kept is None:
        number = enclose(
            organisation_id=edition.organisation_id, name=file_name(report), content_type=XLSX_TYPE, content=workbook(report),
            at=report.made_at,
        )  # fmt: skip
        kept = rows.create(edition=edition, language=language, enclosure_id=number)
    return int(kept.enclosure_id)


def _paragraphs(text: str) -> str:
    """Without the blank lines that template tags leave behind: one between paragraphs."""
    parts = ("\n".join(line.strip() for line in part.splitlines() if line.strip()) for part in text.split("\n\n"))
    return "\n\n".join(part for part in parts if part)


def _tell(access: Access, edition: Edition, mailed: Sequence[Addressee], at: datetime) -> None:
    if any(one.has_requests for one in mailed):
        note_reminders(organisation_id=access.organisation_id, at=at)
    write_line(
        access=access, at=at, verb="mail_week", subject="edition", subject_id=edition.pk, label=edition.monday.isoformat(),
        changes={"people": [None, [one.name for one in mailed]]},
    )  # fmt: skip


@transaction.atomic
def tidy(*, at: datetime) -> int:
    """Let go of workbooks that were sent long ago; how many. Their weeks stay, and can be made again."""
    files = EditionFile.objects.across_tenants("old workbooks of everybody are let go").filter(enclosure__made_at__lt=at - KEPT)
    enclosures = list(files.values_list("enclosure_id", flat=True))
    files.delete()
    Enclosure.objects.across_tenants("old workbooks of everybody are let go").filter(pk__in=enclosures).delete()
    return len(enclosures)

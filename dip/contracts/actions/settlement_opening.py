"""Borderels that open by themselves once everything was played, those that a revision overtakes, and reminders to both sides."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from dip.contracts.actions import history
from dip.contracts.actions import settlement_letters as letters
from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance, Settlement
from dip.contracts.queries.figures import figures_of
from dip.contracts.queries.settlements import told_now
from dip.contracts.rules.kept import stored_figures
from dip.contracts.rules.working_days import DAYS_TO_ACT, working_days_after
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus
from dip.kernel.clock import local
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access, Role
from dip.ticketing.models import PerformanceSales

_REASON = "the platform opens and reminds for every pair of parties"
_WAITING = (SettlementStatus.OPEN, SettlementStatus.DISPUTED, SettlementStatus.CONFIRMED)
#: Days after the last day on which the one whose turn it is hears of it again.
_LATE_DAYS = (1, 8, 15, 29)


def open_settlements(*, at: datetime) -> int:
    """Open the borderel of every approved agreement of which the last performance was played by yesterday. How many were opened.

    Each in a transaction of its own, under a lock of the agreement: a second run, or one after a crash, goes on where it stopped. Where
    every performance was cancelled there is none, and the history says so.
    """
    today = local(at).date()
    opened = 0
    for key in _candidates(today):
        with transaction.atomic():
            opened += _open(key, at, today)
    return opened


def _candidates(today: date) -> list[int]:
    standing = Settlement.objects.across_tenants(_REASON).filter(agreement=OuterRef("pk"))
    unneeded = AgreementEvent.objects.across_tenants(_REASON).filter(
        agreement=OuterRef("pk"), kind=Happening.BORDEREL_NOT_NEEDED.value
    )
    to_play = AgreementPerformance.objects.across_tenants(_REASON).filter(
        ~Q(performance__status=PerformanceStatus.CANCELLED), agreement=OuterRef("pk"), performance__performance_date__gte=today
    )
    rows = Agreement.objects.across_tenants(_REASON).filter(status=AgreementStatus.APPROVED, first_date__lt=today)
    return list(rows.filter(~Exists(standing), ~Exists(unneeded), ~Exists(to_play)).order_by("pk").values_list("pk", flat=True))


def _open(key: int, at: datetime, today: date) -> int:
    rows = Agreement.objects.across_tenants(_REASON).select_for_update(of=("self",)).filter(status=AgreementStatus.APPROVED, pk=key)
    agreement = rows.select_related("theatre", "production", "provider", "theatre__organisation").first()
    if agreement is None or Settlement.objects.across_tenants(_REASON).filter(agreement=agreement).exists():
        return 0
    performances = _performances(agreement)
    playing = [one.performance_date for one in performances if one.status != PerformanceStatus.CANCELLED]
    platform = _platform_access(agreement)
    if not playing:
        if agreement.last_date < today:
            history.record(agreement, Happening.BORDEREL_NOT_NEEDED, access=platform, at=at)
        return 0
    if max(playing) >= today:
        return 0
    due = working_days_after(max(playing), DAYS_TO_ACT)
    numbers = [one.number for one in performances]
    sales = {row.performance_id: row for row in PerformanceSales.objects.across_tenants(_REASON).filter(performance_id__in=numbers)}
    told = told_now([figures_of(one, sales.get(one.number)) for one in performances])
    row = Settlement.objects.create(
        agreement=agreement, version=agreement.version, due_date=due, act_by=due, figures=stored_figures(told), opened_at=at
    )
    history.record(agreement, Happening.BORDEREL_OPENED, access=platform, at=at, verb="open_settlement")
    letters.tell(row, Party.THEATRE, "opened")
    return 1


def _performances(agreement: Agreement) -> list[Performance]:
    held = AgreementPerformance.objects.across_tenants(_REASON).filter(agreement=agreement)
    return list(Performance.objects.filter(pk__in=held.values("performance_id")).select_related("hall").order_by("number"))


def _platform_access(agreement: Agreement) -> Access:
    """A job's access, in the trail of the theatre: it has to act."""
    return history.platform_access(agreement.theatre.organisation or agreement.provider, Role.THEATRE)


def close_overtaken(*, at: datetime) -> int:
    """Close what waits under an agreement that a revision took the place of: the revision's own borderel takes over. How many.

    A signed one stays as it is, for the history.
    """
    rows = Settlement.objects.across_tenants(_REASON).filter(status__in=_WAITING, agreement__status=AgreementStatus.REVISED)
    return rows.update(
        status=SettlementStatus.REOPENED,
        reopened_at=at,
        reopen_reason=_("A revision took the place of this agreement."),
        act_by=None,
    )


def remind_settlements(*, at: datetime) -> int:
    """Remind the party whose turn it is: a working day before its last day, on the day after, and 8, 15 and 29 days after. How many.

    A reminder that was missed is made up for once; each is sent in the transaction that remembers it.
    """
    today = local(at).date()
    soon = working_days_after(today, 1)
    rows = Settlement.objects.across_tenants(_REASON).filter(status__in=_WAITING, act_by__lte=soon)
    rows = rows.exclude(agreement__status=AgreementStatus.REVISED)
    keys = rows.filter(Q(reminded_on=None) | Q(reminded_on__lt=today)).order_by("pk").values_list("pk", flat=True)
    sent = 0
    for key in list(keys):
        with transaction.atomic():
            sent += _remind(key, at, today)
    return sent


def _remind(key: int, at: datetime, today: date) -> int:
    rows = Settlement.objects.across_tenants(_REASON).select_for_update(of=("self",), skip_locked=True).filter(pk=key)
    row = rows.select_related("agreement__theatre__organisation", "agreement__production", "agreement__provider").first()
    if row is None or row.status not in _WAITING or row.act_by is None:
        return 0
    come = [moment for moment in reminder_days(row.act_by) if moment <= today]
    if not come or (row.reminded_on is not None and row.reminded_on >= max(come)):
        return 0
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    party = Party.PROVIDER if row.status == SettlementStatus.CONFIRMED else Party.THEATRE
    letters.tell(row, party, "reminder", late=max((today - row.act_by).days, 0))
    history.record(row.agreement, Happening.BORDEREL_REMINDED, access=_platform_access(row.agreement), at=at)
    return 1


def reminder_days(act_by: date) -> Iterable[date]:
    """Days on which somebody is reminded who is to act by a day."""
    return (working_days_after(act_by, -1), *(act_by + timedelta(days=days) for days in _LATE_DAYS))

"""Writes of conformance runs: starting one, noting a watched call, finishing."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.models import ApiClient
from dip.registry.terms import TAKERS, Access, AccessDenied, Level, Module, Refusal, Role
from dip.registry.trail import write_line
from dip.ticketing.conformance import watched
from dip.ticketing.conformance.calls import Call, kept_rows
from dip.ticketing.conformance.pushing_checks import NAMED, Plan, check_calls
from dip.ticketing.conformance.pushing_words import CHECKLISTS, Suite
from dip.ticketing.conformance.report import kept
from dip.ticketing.conformance.terms import verdict
from dip.ticketing.models import ConformanceCall, ConformanceRun
from dip.ticketing.queries.conformance import calls_of

#: How long a run is watched, and the calls that are kept of it.
LONGEST, MOST_CALLS = timedelta(days=7), 3_000
_UNKNOWN = 999_999_000


class UnableToRun(Refusal):
    """A run cannot be started like this."""


@transaction.atomic
def start_run(*, access: Access, at: datetime, client_id: int, suite: Suite, system: str, system_version: str) -> ConformanceRun:
    """Watch the calls of one of the organisation's own clients from now on, for :data:`LONGEST` at most.

    A client has one run at a time, so a repeat is refused. Raises :class:`UnableToRun`.
    """
    if not access.allows(Module.SALES, Level.VIEW):
        raise AccessDenied("needs the right to view sales")
    client = ApiClient.objects.within(access).filter(pk=client_id, is_active=True).first()
    if client is None:
        raise UnableToRun(_("Choose one of your organisation's API clients."), "client")
    _refuse_role(client, suite)
    system, system_version = " ".join(system.split())[:80], " ".join(system_version.split())[:40]
    for name, given in (("system", system), ("system_version", system_version)):
        if not given:
            raise UnableToRun(_("Say which system and version this is; the report names them."), name)
    _end_old_run(client, at)
    try:
        with transaction.atomic():
            run = ConformanceRun.objects.create(
                organisation_id=client.organisation_id,
                client=client,
                suite=suite.value,
                system=system,
                system_version=system_version,
                numbers=_named(client, at),
                unknown_number=_nobodys_number(),
                started_at=at,
                started_by=access.actor[:160],
                ends_at=at + LONGEST,
            )
    except IntegrityError as error:
        raise UnableToRun(_("A run of this client goes on already. Open it, or finish it first."), "client") from error
    _line(access, at, "start_conformance_run", run)
    transaction.on_commit(watched.changed)
    return run


@transaction.atomic
def finish_run(*, access: Access, at: datetime, run_id: int) -> ConformanceRun:
    """Stop watching, and keep the results as they stand. Finishing twice changes nothing.

    Raises ``ConformanceRun.DoesNotExist`` for strangers to it.
    """
    run: ConformanceRun = ConformanceRun.objects.within(access).select_for_update().get(pk=run_id)
    if run.finished_at is None:
        _finish(run, at)
        _line(access, at, "finish_conformance_run", run)
        transaction.on_commit(watched.changed)
    return run


def note_call(*, run_id: int, call: Call) -> bool:
    """Keep a watched call of a run that goes on; False when the run is over or full. The watched system notices nothing."""
    run = ConformanceRun.objects.across_tenants("the watch serves every run").filter(pk=run_id, finished_at=None).first()
    if run is None or run.ends_at <= call.at:
        return False
    if ConformanceCall.objects.across_tenants("the watch serves every run").filter(run=run).count() >= MOST_CALLS:
        return False
    ConformanceCall.objects.create(
        run=run,
        at=call.at,
        kind=call.kind.value,
        path=call.path,
        status=call.status,
        agent=call.agent,
        token=call.token,
        body=call.body,
        is_packed=call.is_packed,
        rows=kept_rows(call),
        row_count=call.row_count,
        unchanged=call.unchanged,
        rejected=call.rejected,
        refused=list(call.refused),
        event=call.event,
        is_repeat=call.is_repeat,
    )
    return True


def _finish(run: ConformanceRun, at: datetime) -> None:
    suite = Suite(run.suite)
    results = check_calls(suite, calls_of(run), Plan(tuple(run.numbers), run.unknown_number))
    run.finished_at, run.results = at, kept(results)
    run.verdict = verdict(results, CHECKLISTS[suite]).value
    run.save(update_fields=["finished_at", "results", "verdict"])


def _end_old_run(client: ApiClient, at: datetime) -> None:
    """A run that was left open past its time does not stand in the way."""
    old = ConformanceRun.objects.across_tenants("the client was found within its access")
    for run in old.select_for_update().filter(client=client, finished_at=None, ends_at__lte=at):
        _finish(run, run.ends_at)


def _refuse_role(client: ApiClient, suite: Suite) -> None:
    pushes = Role(client.role) in TAKERS or client.role == Role.PLATFORM
    if suite is Suite.PUSHING and not pushes:
        raise UnableToRun(_("Figures are pushed by clients of theatres and festivals; this one acts in another role."), "client")


def _named(client: ApiClient, at: datetime) -> list[int]:
    """Performances to come in the client's houses (for a producer: of its productions), the next ones first."""
    own = client.organisation_id
    coming = Performance.objects.filter(status=PerformanceStatus.PUBLISHED, starts_at__gt=at, is_private=False)
    if client.role == Role.PLATFORM:
        coming = coming.filter(theatre__organisation=None)
    elif Role(client.role) in TAKERS:
        coming = coming.filter(theatre__organisation_id=own)
    else:
        coming = coming.filter(production__producer_id=own) | coming.filter(production__agency_id=own)
    numbers = list(coming.order_by("starts_at", "number").values_list("number", flat=True)[:NAMED])
    if not numbers:
        raise UnableToRun(
            _("There is no published performance to come to try it on. In the sandbox, publish one in this theatre first."),
            "client",
        )
    return numbers


def _nobodys_number() -> int:
    """A number that no performance has, above all that are in use."""
    newest = Performance.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return max(_UNKNOWN, newest + 1_000_000)


def _line(access: Access, at: datetime, verb: str, run: ConformanceRun) -> None:
    label = f"{run.system} {run.system_version}"
    write_line(
        access=access,
        at=at,
        verb=verb,
        subject="conformance_run",
        subject_id=run.pk,
        label=label,
        organisation_id=run.organisation_id,
    )

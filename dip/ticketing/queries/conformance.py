"""Reads of conformance runs: who can run, the list, and one run with its checks as they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dip.programme.models import Performance
from dip.registry.models import ApiClient
from dip.registry.terms import Access
from dip.ticketing.conformance.calls import Call, CallKind, read_rows
from dip.ticketing.conformance.pushing_checks import Plan, check_calls
from dip.ticketing.conformance.pushing_words import CHECKLISTS, Suite
from dip.ticketing.conformance.report import Report, read_kept
from dip.ticketing.conformance.terms import Check, Outcome, Result, Severity, Verdict
from dip.ticketing.models import ConformanceCall, ConformanceRun

#: Runs that the list shows, the newest; last calls that a run shows.
LISTED, LAST_CALLS = 100, 12
_ITS_OWN = "the run was found within its access"


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list. ``verdict`` is None while it goes on."""

    id: int
    suite: Suite
    system: str
    system_version: str
    client: str
    organisation: str
    started_at: datetime
    started_by: str
    finished_at: datetime | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Named:
    """A performance that a run names."""

    number: int
    dip_id: str
    title: str
    theatre: str
    hall: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run: its facts, what it asks, the checks as they stand, and the last calls, newest first."""

    line: RunLine
    named: tuple[Named, ...]
    unknown_number: int
    ends_at: datetime
    checks: Mapping[str, Check]
    results: tuple[Result, ...]
    calls: tuple[Call, ...]
    call_count: int

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """Number of checks by outcome."""
        return {outcome: sum(result.outcome is outcome for result in self.results) for outcome in Outcome}

    @property
    def wanted(self) -> int:
        """Checks of what must be done that are not passed."""
        return sum(
            self.checks[result.code].severity is Severity.MUST and result.outcome is not Outcome.PASSED for result in self.results
        )

    def report(self) -> Report:
        """The run as a report that other systems and people keep."""
        line = self.line
        return Report(
            suite=f"Conformance of a {line.suite.value} system",
            subject=f"{line.client}, {line.organisation}",
            system=line.system,
            version=line.system_version,
            at=line.finished_at or line.started_at,
            checks=self.checks,
            results=self.results,
        )


def clients_to_run(access: Access) -> list[tuple[int, str]]:
    """The organisation's own active API clients as (key, name), by name. One query."""
    return list(ApiClient.objects.within(access).filter(is_active=True).order_by("name", "pk").values_list("pk", "name"))


def conformance_runs(access: Access) -> list[RunLine]:
    """Runs that the access may see, the newest first. One query."""
    found = ConformanceRun.objects.within(access).select_related("client", "organisation").order_by("-started_at", "-pk")
    return [_line(run) for run in found[:LISTED]]


def conformance_run(access: Access, run_id: int) -> RunPage:
    """One run as it stands. Raises ``ConformanceRun.DoesNotExist`` for strangers to it, as when there is none. Four queries."""
    run = ConformanceRun.objects.within(access).select_related("client", "organisation").get(pk=run_id)
    suite = Suite(run.suite)
    calls = calls_of(run)
    if run.finished_at is None:
        results = check_calls(suite, calls, Plan(tuple(run.numbers), run.unknown_number))
    else:
        results = read_kept(run.results, CHECKLISTS[suite])
    return RunPage(
        line=_line(run),
        named=_named(run.numbers),
        unknown_number=run.unknown_number,
        ends_at=run.ends_at,
        checks=CHECKLISTS[suite],
        results=tuple(results),
        calls=tuple(reversed(calls[-LAST_CALLS:])),
        call_count=len(calls),
    )


def calls_of(run: ConformanceRun) -> tuple[Call, ...]:
    """The calls that are kept of a run, in the order in which they came. One query."""
    rows = ConformanceCall.objects.across_tenants(_ITS_OWN).filter(run=run).order_by("id")
    return tuple(
        Call(
            at=row.at,
            kind=CallKind(row.kind),
            path=row.path,
            status=row.status,
            agent=row.agent,
            token=row.token,
            body=row.body,
            is_packed=row.is_packed,
            rows=read_rows(row.rows),
            row_count=row.row_count,
            unchanged=row.unchanged,
            rejected=row.rejected,
            refused=tuple(row.refused),
            event=row.event,
            is_repeat=row.is_repeat,
        )
        for row in rows
    )


def watched_runs(at: datetime) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Runs that go on: the client's id → the run, and the performances that it names. One query; for the watch, which serves all."""
    found = ConformanceRun.objects.across_tenants("the watch serves every run").filter(finished_at=None, ends_at__gt=at)
    rows = found.values_list("client__client_id", "pk", "numbers", "unknown_number")
    return {client: (run, (*numbers, unknown)) for client, run, numbers, unknown in rows}


def _line(run: ConformanceRun) -> RunLine:
    return RunLine(
        id=run.pk,
        suite=Suite(run.suite),
        system=run.system,
        system_version=run.system_version,
        client=run.client.name,
        organisation=run.organisation.name,
        started_at=run.started_at,
        started_by=run.started_by,
        finished_at=run.finished_at,
        verdict=Verdict(run.verdict) if run.verdict else None,
    )


def _named(numbers: Sequence[int]) -> tuple[Named, ...]:
    """Published performances by date: public facts, whoever asks."""
    rows = (
        Performance.objects.filter(pk__in=numbers).select_related("production", "theatre", "hall").order_by("starts_at", "number")
    )
    return tuple(Named(row.number, str(row), row.production.title, row.theatre.name, row.hall.name, row.starts_at) for row in rows)

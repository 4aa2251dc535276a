"""A vendor's finished run with its report and one that goes on; events of the theatre's planning system."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dip.kernel.clock import local
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.models import ApiClient
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.site.demo.record import Written
from dip.ticketing.actions.conformance import UnableToRun, finish_run, note_call, start_run
from dip.ticketing.actions.planning import register_event
from dip.ticketing.conformance.calls import Call, CallKind, Row, digest
from dip.ticketing.conformance.pushing_words import Suite
from dip.ticketing.models import ConformanceRun
from dip.ticketing.rules.planning import EventTold

_TOKEN = digest(b"demo")


def add_vendors(written: Written, at: datetime) -> dict[str, int]:
    """Two runs of the theatre's ticketing system, and three events of its planning system."""
    client = written.clients.get(0)
    if client is None:
        return {}
    access = _access(client)
    runs = 0
    for version, begun, is_finished in (("7.1", timedelta(days=19), True), ("7.2", timedelta(minutes=14), False)):
        try:
            run = start_run(
                access=access,
                at=at - begun,
                client_id=client.pk,
                suite=Suite.PUSHING,
                system="Kassasysteem",
                system_version=version,
            )
        except UnableToRun:  # a sector so small that nothing is to come in this theatre
            break
        runs += 1
        for call in _calls(run, at - begun, is_finished):
            note_call(run_id=run.pk, call=call)
        if is_finished:
            finish_run(access=access, at=at - begun + timedelta(hours=2), run_id=run.pk)
    return {"conformance runs": runs, "planned events": _plan(access, at)}


def _access(client: ApiClient) -> Access:
    """As the theatre's people act."""
    rights = {Module.SALES: Level.MANAGE}
    name = client.organisation.name
    return Access(client.organisation_id, name, Role(client.role), rights, door=Door.JOB, actor="Leverancier Kassasysteem")


def _calls(run: ConformanceRun, begun: datetime, is_whole: bool) -> Iterator[Call]:
    """A system at work: mistakes first, then right; of the run that goes on only the first half."""
    first = run.numbers[0]
    steps = [
        (CallKind.TOKEN, "token", ()),
        (CallKind.PERFORMANCES, "theaters/performances", ()),
        (CallKind.TICKETS, "tickets/cumulative", tuple(_row(n, "", 900) for n in run.numbers)),
        (CallKind.TICKETS, "tickets/cumulative", (*_rows(run, begun), _row(run.unknown_number, _stamp(begun), 0))),
        (CallKind.TICKETS, "tickets/cumulative", _rows(run, begun)),
        (CallKind.TICKETS, "tickets/cumulative", _rows(run, begun)),
        (CallKind.TICKETS, "tickets/cumulative", (_row(first, _stamp(begun + timedelta(hours=1)), 0, sold=201),)),
        (CallKind.CAPACITY, f"productions/NL/performances/{first}/capacity", (Row(first, _stamp(begun), {"total": 420}),)),
        (CallKind.RESERVATIONS, "reservations/cumulative", (Row(first, _stamp(begun), {"total": 14}),)),
        (CallKind.BLOCKED, "blocked-seats/cumulative", (Row(first, _stamp(begun), {"total": 8}),)),
    ]
    for place, (kind, path, rows) in enumerate(steps if is_whole else steps[:5]):
        refused = tuple(row.number for row in rows if row.number == run.unknown_number)
        is_again = place == 5
        yield Call(
            at=begun + timedelta(minutes=2, seconds=9 * place),
            kind=kind,
            path=path,
            status=200,
            agent=f"Kassasysteem/{run.system_version}",
            token="" if kind is CallKind.TOKEN else _TOKEN,
            body=digest(repr(rows).encode()) if rows else "",
            rows=rows,
            row_count=len(rows),
            unchanged=len(rows) if is_again else 0,
            rejected=len(refused),
            refused=refused,
        )


def _rows(run: ConformanceRun, moment: datetime) -> tuple[Row, ...]:
    return tuple(_row(number, _stamp(moment), 0) for number in run.numbers)


def _row(number: int, updated: str, free_cents: int, sold: int = 210) -> Row:
    tickets = {"normal": sold, "discount": 40, "free": 6}
    return Row(number, updated, tickets, {"normal": sold * 2800, "discount": 90_000, "free": free_cents})


def _stamp(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


def _plan(access: Access, at: datetime) -> int:
    """One event that is linked, one that a person must look at, and one that waits."""
    coming = Performance.objects.filter(
        theatre__organisation_id=access.organisation_id, status=PerformanceStatus.PUBLISHED, starts_at__gt=at + timedelta(days=7)
    )
    found = list(coming.select_related("production", "hall").order_by("starts_at", "number")[:12])
    if len(found) < 3:
        return 0
    one, two = found[0], next((other for other in found[1:] if other.starts_at != found[0].starts_at), found[1])
    told = [
        EventTold(one.production.title, one.starts_at, location=one.hall.name),
        EventTold(f"{two.production.title} (reprise)", two.starts_at, location="Vlakke vloer"),
        EventTold("Huurdersavond", one.starts_at + timedelta(days=2, hours=5), location="Foyer"),
    ]
    for place, event in enumerate(told):
        register_event(access=access, at=at - timedelta(hours=3 - place), remote_id=f"20611-{42 + place}", told=event)
    return len(told)

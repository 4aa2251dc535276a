"""The theatres' own numbers beside the platform's: the newest of each performance, statements, reports, and the list of differences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from dip.registry.terms import Access
from dip.sales.models import DifferenceReport, OwnCount
from dip.sales.queries import standings, states, visible
from dip.sales.queries.visible import among
from dip.sales.rules.bridge import bridge
from dip.sales.rules.status import is_silent
from dip.sales.terms import AsOf, Bridge, CountRow, Evening, Line, OwnNumber, Part, Parts, ReportRow, ReportStatus
from dip.ticketing.models import PerformanceSales, SourceState

#: Played performances stay in the list for so many days.
PLAYED_DAYS = 30
#: What a system's own total holds, as the contract of connectors says; resale where it tells it.
_SYSTEM_HOLDS = (Part.FREE, Part.RESERVED)


def own_numbers(access: Access, evenings: Iterable[Evening], as_of: AsOf) -> dict[int, OwnNumber]:
    """Performance number → the theatre's own number as known at ``as_of``: the newest of what was typed and what a connector told. Two
    queries."""
    numbers = [evening.number for evening in evenings]
    if not numbers:
        return {}
    typed = OwnCount.objects.within(access).filter(performance_id__in=among(numbers), told_at__lte=as_of.at)
    newest = typed.order_by("performance_id", "-told_at", "-id").distinct("performance_id")
    found = {row.performance_id: _typed(row) for row in newest}
    for number, told in _told_by_systems(access, numbers, as_of).items():
        if number not in found or told.true_at > found[number].true_at:
            found[number] = told
    return found


def _typed(row: OwnCount) -> OwnNumber:
    parts = frozenset(Part(value) for value in row.includes if value in set(Part))
    return OwnNumber(row.count, row.true_at, parts, row.actor, row.told_at, True, row.note)


def _told_by_systems(access: Access, numbers: Sequence[int], as_of: AsOf) -> dict[int, OwnNumber]:
    """What connectors told; they keep the newest only, so at an earlier moment it counts only when it was known by then."""
    rows = SourceState.objects.within(access).filter(
        performance_id__in=among(numbers), own_total__isnull=False, as_of__lte=as_of.at
    )
    found = {}
    for number, total, true_at, resale, source in rows.values_list("performance_id", "own_total", "as_of", "resale", "source"):
        parts = frozenset([*_SYSTEM_HOLDS, *([Part.RESALE] if resale is not None else [])])
        found[number] = OwnNumber(total, true_at, parts, source, true_at, False)
    return found


def resales(access: Access, numbers: Iterable[int]) -> dict[int, int]:
    """Performance number → tickets sold by third parties, where a system tells them. One query."""
    rows = SourceState.objects.within(access).filter(performance_id__in=among(numbers), resale__isnull=False)
    return dict(rows.values_list("performance_id", "resale"))


def parts_of(line: Line, resale: int | None, true_at: datetime | None) -> Parts:
    """The figures of a line as the statement takes them."""
    state = line.state
    return Parts(state.sold, state.free if state.has_tickets else None, state.reserved, state.blocked, resale, true_at)


def bridges(access: Access, lines: Sequence[Line], own: Mapping[int, OwnNumber], as_of: AsOf) -> dict[int, Bridge]:
    """Performance number → the statement from the platform's sold to the theatre's number. Three queries, whatever their number."""
    asked = [line for line in lines if line.evening.number in own and line.state.has_tickets]
    sides = _sides(access, asked, own, as_of) if asked else {}
    return {number: bridge(now, then, own[number]) for number, (now, then) in sides.items()}


def both_sides(access: Access, line: Line, own: OwnNumber, as_of: AsOf) -> tuple[Parts, Parts]:
    """The platform's figures of one performance now, and as true at the moment of the theatre's number. Three queries."""
    return _sides(access, [line], {line.evening.number: own}, as_of)[line.evening.number]


def _sides(access: Access, lines: Sequence[Line], own: Mapping[int, OwnNumber], as_of: AsOf) -> dict[int, tuple[Parts, Parts]]:
    numbers = [line.evening.number for line in lines]
    resale = resales(access, numbers)
    states_known = PerformanceSales.objects.within(access).filter(performance_id__in=among(numbers))
    moments = dict(states_known.values_list("performance_id", "tickets_true_at"))
    then = states.lines_at(lines, {number: own[number].true_at for number in numbers}, known_until=as_of.at)
    found = {}
    for line in lines:
        number = line.evening.number
        heard = _heard(line, moments.get(number), as_of)
        found[number] = parts_of(line, resale.get(number), heard), parts_of(then[number], resale.get(number), heard)
    return found


def _heard(line: Line, true_at: datetime | None, as_of: AsOf) -> datetime | None:
    """The newest moment for which the system stated this performance: a confirmation counts as one."""
    known = [moment for moment in (true_at, line.confirmed_at) if moment is not None]
    return min(max(known), as_of.at) if known else None


def own_history(access: Access, evening: Evening, as_of: AsOf, limit: int = 20) -> list[OwnNumber]:
    """The numbers that the theatre typed, newest first. One query."""
    rows = OwnCount.objects.within(access).filter(performance_id=evening.number, told_at__lte=as_of.at)
    return [_typed(row) for row in rows.order_by("-told_at", "-id")[:limit]]


def reports(access: Access, *, number: int | None = None, only_open: bool = False, limit: int = 50) -> list[ReportRow]:
    """Differences that the access's organisation reported or is asked about, open ones first, newest first. One query."""
    found = DifferenceReport.objects.within(access).select_related("organisation")
    if number is not None:
        found = found.filter(performance_id=number)
    if only_open:
        found = found.filter(status=ReportStatus.OPEN)
    rows = [_report(access, row) for row in found.order_by("-at", "-id")[:limit]]
    return sorted(rows, key=lambda row: row.status is not ReportStatus.OPEN)


def _report(access: Access, row: Any) -> ReportRow:
    return ReportRow(
        id=row.pk,
        number=row.performance_id,
        organisation=row.organisation.name,
        actor=row.actor,
        at=row.at,
        platform_sold=row.platform_sold,
        claimed=row.claimed,
        note=row.note,
        status=ReportStatus(row.status),
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        is_own=row.organisation_id == access.organisation_id,
    )


def open_reports(access: Access, limit: int) -> tuple[list[tuple[ReportRow, Evening]], int]:
    """Reports that wait for the access's theatre, with their performances, oldest first; and how many. Two queries."""
    if not access.is_taker:
        return [], 0
    rows = sorted(reports(access, only_open=True, limit=500), key=lambda row: row.at)
    if not rows:
        return [], 0
    known = {evening.number: evening for evening in visible.evenings_among(access, {row.number for row in rows[:limit]})}
    return [(row, known[row.number]) for row in rows[:limit] if row.number in known], len(rows)


def differences(access: Access, as_of: AsOf, season_year: int) -> list[CountRow]:
    """Performances of the season to come, or played short ago, of which the numbers differ, the figures are late, or a difference is
    reported: open reports first, then the largest rest, then the longest silence. Nine queries, whatever their number."""
    first = as_of.at.date() - timedelta(days=PLAYED_DAYS)
    asked = _open_by_number(access)
    season = visible.evenings_of_season(access, season_year)
    evenings = [one for one in season if one.performance_date >= first or one.number in asked]
    lines = states.lines(access, evenings, as_of)
    own = own_numbers(access, evenings, as_of)
    found = bridges(access, lines, own, as_of)
    limits = standings.limits()
    rows = []
    for line in lines:
        number = line.evening.number
        known = found.get(number)
        silent = line.state.has_tickets and is_silent(line.state, line.confirmed_at, line.evening.starts_at, as_of.at, limits)
        if silent or asked.get(number) or (known is not None and known.rest):
            rows.append(_row(line, own.get(number), known, as_of, is_silent=silent, open_reports=asked.get(number, 0)))
    return sorted(rows, key=lambda row: (-row.open_reports, -abs(row.rest), -(row.lag_hours or 0)))


def _row(line: Line, own: OwnNumber | None, known: Bridge | None, as_of: AsOf, *, is_silent: bool, open_reports: int) -> CountRow:
    lag = (as_of.at - line.confirmed_at).total_seconds() / 3600 if line.confirmed_at else None
    sold = line.state.sold if line.state.has_tickets else None
    return CountRow(
        line.evening, sold, own, known.rest if known else 0, line.confirmed_at, lag, is_silent, open_reports, line.source
    )


def _open_by_number(access: Access) -> dict[int, int]:
    counts: dict[int, int] = {}
    rows = DifferenceReport.objects.within(access).filter(Q(status=ReportStatus.OPEN)).values_list("performance_id", flat=True)
    for number in rows:
        counts[number] = counts.get(number, 0) + 1
    return counts

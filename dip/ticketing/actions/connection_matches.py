"""Which performance each listed one is: kept up with the calendar of the system, and decided by the theatre's people."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dip.programme.models import HallAlias, Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.registry.trail import write_line
from dip.ticketing.actions.connections import UnableToConnect, locked
from dip.ticketing.connector import SourcePerformance
from dip.ticketing.models import Connection, SourceEvent
from dip.ticketing.rules.matching import Known, Listed, Verdict, judge, numbers_in

#: Performances are linked from so long before now: what was played yesterday still changes.
BACK = timedelta(days=2)
#: Whose link is whose is unique over all theatres.
_REASON = "a performance has one source over all theatres"
_COLUMNS = ("title", "starts_at", "hall_name", "dip_id", "sales_status", "gone_at")


def keep_listing(*, access: Access, at: datetime, connection: Connection, listing: Sequence[SourcePerformance]) -> int:
    """Keep what the system lists and link it anew; in the transaction of the caller. How many are newly linked."""
    rows = [
        SourceEvent(
            connection=connection,
            ref=one.ref[:120],
            title=one.title[:200],
            starts_at=one.starts_at,
            hall_name=one.hall_name[:200],
            dip_id=one.dip_id[:80],
            sales_status=one.sales_status.value,
        )
        for one in {one.ref: one for one in listing}.values()
    ]
    own = SourceEvent.objects.within(access).filter(connection=connection)
    refs = [row.ref for row in rows]
    own.filter(ref__in=refs, gone_at__isnull=False, performance__isnull=False).update(due_since=at)  # back again
    SourceEvent.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["connection", "ref"], update_fields=list(_COLUMNS), batch_size=500
    )
    left = own.filter(starts_at__gte=at - timedelta(days=1), gone_at__isnull=True).exclude(ref__in=refs)
    left.update(gone_at=at, due_since=None)
    return rematch(access=access, at=at, connection=connection)


def rematch(*, access: Access, at: datetime, connection: Connection) -> int:
    """Link by DIP-id and propose by likeness what no person has linked; in the transaction of the caller. How many are newly linked."""
    lost = (
        SourceEvent.objects.within(access)
        .filter(connection=connection, is_confirmed=True)
        .exclude(performance__theatre__organisation_id=access.organisation_id)
    )
    lost.update(performance=None, is_confirmed=False, due_since=None)  # the performance moved to another theatre
    events = list(
        SourceEvent.objects.within(access).filter(
            connection=connection, gone_at__isnull=True, is_confirmed=False, starts_at__gte=at - BACK
        )
    )
    listed = [Listed(one.ref, one.title, one.starts_at, one.hall_name, one.dip_id, frozenset(one.refused)) for one in events]
    verdicts = verdicts_on(access, at, listed, connection=connection, judged={one.pk for one in events})
    changed = [one for one in events if _apply(one, verdicts[one.ref], at)]
    leaving = [one for one in changed if one.performance_id is None]
    # what lets go of a performance goes first, so that another may have it
    for group in (leaving, [one for one in changed if one.performance_id is not None]):
        for one in group:
            one.save(update_fields=["performance", "proposed", "likeness", "problem", "due_since"])
    return sum(one.due_since == at and one.performance_id is not None for one in changed)


def verdicts_on(
    access: Access, at: datetime, listed: Sequence[Listed], *, connection: Connection | None = None, judged: Collection[int] = ()
) -> dict[str, Verdict]:
    """What becomes of listed performances, by ref; nothing is written. ``judged``: rows of the connection that are judged anew."""
    named = numbers_in(listed)
    known = _known(access, at, named)
    numbers = {one.number for one in known}
    elsewhere = set(Performance.objects.filter(pk__in=named - numbers, published_at__isnull=False).values_list("pk", flat=True))
    return judge(listed, known, elsewhere, _taken(connection, numbers, judged))


def _apply(event: SourceEvent, verdict: Verdict, at: datetime) -> bool:
    """Put the verdict in the row; whether anything changed."""
    linked = None if verdict.is_proposal else verdict.number
    proposed = verdict.number if verdict.is_proposal else None
    after = (linked, proposed, verdict.likeness, (verdict.problem or ""))
    if (event.performance_id, event.proposed_id, event.likeness, event.problem) == after:
        return False
    if linked is not None and linked != event.performance_id:
        event.due_since = at
    event.performance_id, event.proposed_id, event.likeness, event.problem = after
    if linked is None:
        event.due_since = None
    return True


def _known(access: Access, at: datetime, named: Iterable[int]) -> list[Known]:
    """The theatre's own published performances that are near or named; cancelled ones only by their number."""
    own = Performance.objects.filter(theatre__organisation_id=access.organisation_id, published_at__isnull=False)
    columns = ("pk", "production__dip_id", "production__title", "starts_at", "hall_id", "hall__name", "theatre__name", "status")
    rows = [
        *own.filter(starts_at__gte=at - BACK).values_list(*columns),
        *own.filter(starts_at__lt=at - BACK, pk__in=list(named)).values_list(*columns),
    ]
    aliases: dict[int, list[str]] = {}
    for hall_id, name in HallAlias.objects.filter(hall_id__in={row[4] for row in rows}).values_list("hall_id", "name"):
        aliases.setdefault(hall_id, []).append(name)
    return [
        Known(
            number, production, title, starts_at, (hall, theatre, *aliases.get(hall_id, ())), status != PerformanceStatus.CANCELLED
        )
        for number, production, title, starts_at, hall_id, hall, theatre, status in rows
    ]


def _taken(connection: Connection | None, numbers: set[int], judged: Collection[int]) -> dict[int, str]:
    """Numbers that are linked by a person, or by another connection, with the ref here, or a name that is none of ours."""
    rows = SourceEvent.objects.across_tenants(_REASON).filter(performance_id__in=numbers).exclude(pk__in=judged)
    own = connection.pk if connection else None
    return {
        number: ref if owner == own else "" for number, ref, owner in rows.values_list("performance_id", "ref", "connection_id")
    }


@transaction.atomic
def confirm_matches(*, access: Access, at: datetime, connection_id: int, refs: Iterable[str]) -> int:
    """Link these to what is proposed for them, and read their figures soon. How many; those without a proposal are left out."""
    connection = locked(access, connection_id)
    rows = SourceEvent.objects.within(access).filter(connection=connection, ref__in=list(refs), proposed__isnull=False)
    done = [row for row in rows.select_for_update(of=("self",)) if not _is_taken(row.proposed_id)]
    for row in done:
        _link(row, row.proposed_id, at)
    if done:
        _tell(access, at, "link_performances", connection, {row.ref: ["", str(row.performance_id)] for row in done})
        _soon(connection, at)
    return len(done)


@transaction.atomic
def refuse_match(*, access: Access, at: datetime, connection_id: int, ref: str) -> None:
    """Say that a listed performance is not what is proposed for it; the next likest, if any, is proposed."""
    connection = locked(access, connection_id)
    row = _row(access, connection, ref)
    if row.proposed_id is None:
        return
    row.refused = sorted({*row.refused, row.proposed_id})
    row.proposed_id, row.likeness = None, 0
    row.save(update_fields=["refused", "proposed", "likeness"])
    _tell(access, at, "refuse_match", connection, {row.ref: [str(row.refused[-1]), ""]})
    rematch(access=access, at=at, connection=connection)


@transaction.atomic
def link_performance(*, access: Access, at: datetime, connection_id: int, ref: str, number: int) -> None:
    """Link a listed performance to one of the theatre's own, whatever it looks like.

    Raises :class:`UnableToConnect` when the number is none of its own, or has a source already; ``SourceEvent.DoesNotExist``.
    """
    connection = locked(access, connection_id)
    row = _row(access, connection, ref)
    own = Performance.objects.filter(pk=number, theatre__organisation_id=access.organisation_id, published_at__isnull=False)
    if not own.exists():
        told = _("%(number)s is not a published performance in one of your theatres. Take the number from its page.")
        raise UnableToConnect(told % {"number": number}, "number")
    if row.performance_id == number:
        return
    if _is_taken(number):
        told = _("%(number)s gets its figures from another performance in your ticketing system. Unlink that one first.")
        raise UnableToConnect(told % {"number": number}, "number")
    _link(row, number, at)
    _tell(access, at, "link_performances", connection, {row.ref: ["", str(number)]})
    _soon(connection, at)


@transaction.atomic
def unlink_performance(*, access: Access, at: datetime, connection_id: int, ref: str) -> None:
    """Let go of a link that a person made; the same performance is not proposed again. Figures that came stay."""
    connection = locked(access, connection_id)
    row = _row(access, connection, ref)
    if row.performance_id is None or not row.is_confirmed:
        return
    number = row.performance_id
    row.refused = sorted({*row.refused, number})
    row.performance_id, row.is_confirmed, row.due_since = None, False, None
    row.save(update_fields=["performance", "is_confirmed", "due_since", "refused"])
    _tell(access, at, "unlink_performance", connection, {row.ref: [str(number), ""]})
    rematch(access=access, at=at, connection=connection)


def _row(access: Access, connection: Connection, ref: str) -> SourceEvent:
    rows = SourceEvent.objects.within(access).filter(connection=connection).select_for_update(of=("self",))
    found: SourceEvent = rows.get(ref=ref)
    return found


def _is_taken(number: int) -> bool:
    return bool(SourceEvent.objects.across_tenants(_REASON).filter(performance_id=number).exists())


def _link(row: SourceEvent, number: int, at: datetime) -> None:
    row.performance_id, row.is_confirmed, row.due_since = number, True, at
    row.proposed_id, row.likeness, row.problem = None, 0, ""
    row.save(update_fields=["performance", "is_confirmed", "due_since", "proposed", "likeness", "problem"])


def _soon(connection: Connection, at: datetime) -> None:
    connection.next_due_at = at
    connection.save(update_fields=["next_due_at"])


def _tell(access: Access, at: datetime, verb: str, connection: Connection, changes: dict[str, list[str]]) -> None:
    write_line(
        access=access, at=at, verb=verb, subject="connection", subject_id=connection.pk, label=connection.name, changes=changes
    )

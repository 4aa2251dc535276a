"""Writing productions and performances with their histories, and the connection requests between the parties."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np
from psycopg.types.json import Jsonb

from dip.kernel.identifiers import production_dip_id
from dip.kernel.periods import season_period
from dip.programme.actions.letters import link_token
from dip.programme.models import (
    ConnectionRequest,
    Performance,
    PerformanceEvent,
    Production,
    ProductionEvent,
    ProductionSerial,
    Proposal,
)
from dip.programme.terms import EventKind, HallKind, PerformanceStatus, ProposalField, ProposalStatus, RequestStatus
from dip.registry.models import Person
from dip.site.demo.calendar import Ints, as_date, as_moment, moments
from dip.site.demo.copying import copy_rows, reserve
from dip.site.demo.record import Written, ranks_of
from dip.site.demo.sector import Sector
from dip.site.demo.stage import NEVER, Stage
from dip.site.demo.tours import Plan

_REASONS = ("Ziekte in de groep", "Te weinig verkoop", "Techniek niet beschikbaar", "Zaal gesloten voor onderhoud")
_PERFORMANCE_FIELDS = (
    "number", "production_id", "theatre_id", "hall_id", "starts_at", "performance_date", "kind", "status", "is_private",
    "in_festival", "is_other_location", "fund_feature", "capacity_by_rank", "capacity", "published_at", "cancelled_at",
    "cancel_reason", "external_ref", "created_at", "changed_at",
)  # fmt: skip
_REQUEST_FIELDS = (
    "id", "performance_id", "theatre_id", "status", "salt", "token_digest", "sent_at", "sent_to", "reminded_at", "answered_at",
    "answered_by",
)  # fmt: skip
_EVENT_FIELDS = ("performance_id", "at", "kind", "actor", "changes", "note")


def record_productions(plan: Plan, written: Written, at: datetime) -> list[Production]:
    """Write the productions of a season, with their serials, co-producers and first event; in the order of the plan."""
    entered = _season_entry(plan.season, at)
    serials: dict[int, int] = {}
    rows = []
    for show in plan.shows:
        producer = written.organisations[show.producer]
        serials[show.producer] = serials.get(show.producer, 0) + 1
        rows.append(
            Production(
                dip_id=production_dip_id(plan.season, producer.number, serials[show.producer]), title=show.title,
                season_year=plan.season, producer=producer, genre_id=written.genre_ids[show.genre], is_revival=show.is_revival,
                agency=None if show.agency is None else written.organisations[show.agency], subsidy_scheme=show.subsidy,
                fund_consent=show.consent, cast_members=show.cast, created_at=entered,
            )
        )  # fmt: skip
    made = Production.objects.bulk_create(rows)
    ProductionSerial.objects.bulk_create(
        ProductionSerial(producer=written.organisations[body], season_year=plan.season, last=last) for body, last in serials.items()
    )
    through = Production.co_producers.through
    through.objects.bulk_create(
        through(production=production, organisation=written.organisations[other])
        for production, show in zip(made, plan.shows, strict=True)
        for other in show.co_producers
    )
    ProductionEvent.objects.bulk_create(
        ProductionEvent(production=production, at=entered, kind=EventKind.CREATED, actor=written.persons[show.producer].name)
        for production, show in zip(made, plan.shows, strict=True)
    )
    return made


def _season_entry(season: int, at: datetime) -> datetime:
    start = season_period(season).start
    entered = datetime(start.year, 2, 12, 9, 30, tzinfo=at.tzinfo)
    return min(entered, at - timedelta(days=1))


def record_performances(
    plan: Plan,
    stage: Stage,
    sector: Sector,
    written: Written,
    productions: Sequence[Production],
    at: datetime,
    *,
    told: bool = True,
) -> Ints:
    """Write the performances of a season; their national numbers in the order of the plan. ``told``: with their history."""
    count = len(plan.nights)
    numbers = reserve(Performance, count) + np.arange(count)
    entered = _season_entry(plan.season, at)
    starts = moments(stage.day, stage.minute)
    copy_rows(Performance, _PERFORMANCE_FIELDS, _rows(plan, stage, sector, written, productions, numbers, starts, entered, at))
    if told:
        copy_rows(PerformanceEvent, _EVENT_FIELDS, _events(plan, stage, sector, written, numbers, entered, at))
    return numbers


def _rows(
    plan: Plan,
    stage: Stage,
    sector: Sector,
    written: Written,
    productions: Sequence[Production],
    numbers: Ints,
    starts: Ints,
    entered: datetime,
    at: datetime,
) -> Iterator[tuple[object, ...]]:
    for n, night in enumerate(plan.nights):
        room = sector.venues[night.venue].rooms[night.room]
        cancelled = _cancelled_at(stage, n, at)
        status = PerformanceStatus.CONCEPT if stage.is_concept[n] else PerformanceStatus.PUBLISHED
        published = None if stage.is_concept[n] else _published_at(stage, n, entered)
        yield (
            int(numbers[n]), productions[night.show].pk, written.theatres[night.venue].pk, written.halls[night.venue, night.room].pk,
            as_moment(starts[n]), as_date(night.day), night.kind.value,
            PerformanceStatus.CANCELLED.value if cancelled else status.value, night.is_private, night.in_festival,
            room.kind is not HallKind.REGULAR, night.feature.value, ranks_of(room.capacity), room.capacity, published, cancelled,
            _REASONS[n % len(_REASONS)] if cancelled else "", "", entered, cancelled or published or entered,
        )  # fmt: skip


def _cancelled_at(stage: Stage, n: int, at: datetime) -> datetime | None:
    if stage.cancelled[n] >= NEVER or stage.is_concept[n]:
        return None
    moment = as_moment(moments(np.array([stage.cancelled[n]]), 690)[0])
    return moment if moment < at else None


def _published_at(stage: Stage, n: int, entered: datetime) -> datetime:
    return max(entered, as_moment(moments(np.array([stage.opens[n] - 24]), 600 + n % 300)[0]))


def _events(
    plan: Plan, stage: Stage, sector: Sector, written: Written, numbers: Ints, entered: datetime, at: datetime
) -> Iterator[tuple[object, ...]]:
    for n, night in enumerate(plan.nights):
        number, show = int(numbers[n]), plan.shows[night.show]
        provider = written.persons[show.producer if show.agency is None else show.agency].name
        yield number, entered, EventKind.CREATED.value, provider, Jsonb({}), ""
        if stage.is_concept[n]:
            continue
        published = _published_at(stage, n, entered)
        yield number, published, EventKind.PUBLISHED.value, provider, Jsonb({}), ""
        if is_moved(n):
            before = as_date(night.day - 7 - n % 5)
            changes = {"date": [before.isoformat(), as_date(night.day).isoformat()]}
            moved = min(published + timedelta(days=2, hours=3), at - timedelta(hours=2))
            yield number, moved, EventKind.MOVED.value, provider, Jsonb(changes), "Op verzoek van het theater"
        cancelled = _cancelled_at(stage, n, at)
        if cancelled:
            yield number, cancelled, EventKind.CANCELLED.value, provider, Jsonb({}), _REASONS[n % len(_REASONS)]


def is_moved(n: int) -> bool:
    """Whether the n-th performance of a season was moved once before its sale opened."""
    return n % 67 == 31


def record_requests(plan: Plan, stage: Stage, sector: Sector, written: Written, numbers: Ints, today: int, at: datetime) -> int:
    """Write the connection request of every published performance in a theatre that takes part; how many there are."""
    rng = np.random.default_rng([plan.season, 31])
    rows: list[tuple[object, ...]] = []
    proposals: list[Proposal] = []
    events: list[tuple[object, ...]] = []
    first = reserve(ConnectionRequest, len(plan.nights))
    for n, night in enumerate(plan.nights):
        body = sector.venues[night.venue].body
        if stage.is_concept[n] or body is None:
            continue
        status = _status(stage, n, night.venue, today, float(rng.random()), at)
        sent, answered = _asked_and_answered(stage, n, status, _season_entry(plan.season, at), at)
        person = written.persons[body]
        request = ConnectionRequest(id=first + n, performance_id=int(numbers[n]), salt=rng.bytes(11).hex())
        rows.append(_request_row(request, written.theatres[night.venue].pk, status, sent, answered, person, at))
        if answered and status in (RequestStatus.PROPOSED, RequestStatus.SETTLED):
            proposals += _proposals(request, night.minute, stage, n, status, answered, person.name)
        if answered and status is not RequestStatus.WITHDRAWN:
            kind = EventKind.CONFIRMED if status is RequestStatus.CONFIRMED else EventKind.PROPOSED
            events.append((int(numbers[n]), answered, kind.value, person.name, Jsonb({}), ""))
    copy_rows(ConnectionRequest, _REQUEST_FIELDS, rows)
    Proposal.objects.bulk_create(proposals)
    copy_rows(PerformanceEvent, _EVENT_FIELDS, events)
    return len(rows)


def _asked_and_answered(
    stage: Stage, n: int, status: RequestStatus, entered: datetime, at: datetime
) -> tuple[datetime, datetime | None]:
    sent = _published_at(stage, n, entered)
    if status in (RequestStatus.OPEN, RequestStatus.PROPOSED):
        sent = max(sent, at - timedelta(days=2 + n % 19, hours=n % 7))
    if status is RequestStatus.OPEN:
        return sent, None
    return sent, min(sent + timedelta(days=1 + n % 6, minutes=n % 400), at - timedelta(hours=1))


def _request_row(
    request: ConnectionRequest,
    theatre_id: int,
    status: RequestStatus,
    sent: datetime,
    answered: datetime | None,
    person: Person,
    at: datetime,
) -> tuple[object, ...]:
    reminded = sent + timedelta(days=7) if answered is None and sent + timedelta(days=7) < at else None
    digest = sha256(link_token(request).encode()).hexdigest()
    answerer = person.name if answered and status is not RequestStatus.WITHDRAWN else ""
    return (
        request.pk, request.performance_id, theatre_id, status.value, request.salt, digest, sent, Jsonb([person.email]), reminded,
        answered, answerer,
    )  # fmt: skip


def _status(stage: Stage, n: int, venue: int, today: int, draw: float, at: datetime) -> RequestStatus:
    """What became of a request: nearly all past ones are confirmed, some of those far ahead still wait."""
    if _cancelled_at(stage, n, at):
        return RequestStatus.WITHDRAWN
    ahead = int(stage.day[n]) - today
    if venue == 0 and ahead > 60 and n % 9 == 4:
        return RequestStatus.OPEN
    if ahead > 45 and draw < 0.06:
        return RequestStatus.OPEN
    if ahead > 20 and draw < 0.09:
        return RequestStatus.PROPOSED
    return RequestStatus.SETTLED if draw > 0.95 else RequestStatus.CONFIRMED


def _proposals(
    request: ConnectionRequest, minute: int, stage: Stage, n: int, status: RequestStatus, answered: datetime, name: str
) -> list[Proposal]:
    """One or two corrections: of the time, and of the seats."""
    is_settled = status is RequestStatus.SETTLED
    decided = answered + timedelta(hours=5) if is_settled else None
    before, after = f"{minute // 60}:{minute % 60:02d}", f"{(minute + 15) // 60}:{(minute + 15) % 60:02d}"
    if is_settled and n % 4 != 3:
        before, after = f"{(minute - 15) // 60}:{(minute - 15) % 60:02d}", f"{minute // 60}:{minute % 60:02d}"
    outcome = (ProposalStatus.DECLINED if n % 4 == 3 else ProposalStatus.ACCEPTED) if is_settled else ProposalStatus.OPEN
    told = {"proposed_at": answered, "proposed_by": name, "decided_at": decided, "decided_by": "Provider" if is_settled else ""}
    made = [
        Proposal(
            request=request, field=ProposalField.TIME, before=before, after=after, reason="Onze aanvangstijd op deze avond",
            status=outcome, decision_reason="De techniek rekent op deze tijd" if outcome is ProposalStatus.DECLINED else "", **told,
        )
    ]  # fmt: skip
    if n % 3 == 1 and not is_settled:
        seats = int(stage.agreed[n])
        made.append(
            Proposal(
                request=request, field=ProposalField.CAPACITY, before=str(seats), after=str(seats - 12), status=outcome,
                reason="Eerste rij vervalt voor het toneel", **told,
            )
        )  # fmt: skip
    return made

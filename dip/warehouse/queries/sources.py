"""A theatre's sources of orders: what each delivered, what waits, and what nobody has decided yet."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from dip.registry.terms import Access
from dip.ticketing.models import OrderFeed
from dip.warehouse.models import LandedBatch, SourceCode, TicketSource
from dip.warehouse.rules.landed import BatchState, CodeField
from dip.warehouse.store import landing as files

#: Tickets are counted in the files of a source while these hold no more versions together.
MOST_COUNTED = 2_000_000


class UnknownSource(LookupError):
    """There is no such source here for this access."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source. Counts of rows are versions of tickets; ``tickets``: distinct ones in the landed files, None where they were too many
    to count. ``waiting``: deliveries that are not applied yet. ``undecided``: codes nobody decided, by what they are of."""

    id: int
    system: str
    account: str
    name: str
    keeps_gender: bool
    gender_ground: str
    deliveries: int
    last_at: datetime | None
    accepted: int
    rejected: int
    tickets: int | None
    waiting: int
    conflicts: int
    undecided: dict[CodeField, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A connection that delivers orders by itself."""

    connection_id: int
    name: str


def sources(access: Access) -> list[SourceRow]:
    """Every source of the theatre, the newest first. Four queries and one look into the landed files."""
    rows = list(TicketSource.objects.within(access).order_by("-pk"))
    return _filled(access, rows)


def source(access: Access, source_id: int) -> SourceRow:
    """One source of the theatre. Raises :class:`UnknownSource`."""
    rows = list(TicketSource.objects.within(access).filter(pk=source_id))
    if not rows:
        raise UnknownSource(f"There is no source {source_id} here for you.")
    return _filled(access, rows)[0]


def names(access: Access) -> list[tuple[int, str]]:
    """(Key, name) of every source of the theatre, by name. One query."""
    return list(TicketSource.objects.within(access).order_by("name", "pk").values_list("pk", "name"))


def order_feeds(access: Access) -> list[FeedRow]:
    """The theatre's connections that deliver orders now. One query."""
    rows = OrderFeed.objects.within(access).filter(is_on=True).select_related("connection").order_by("connection__name")
    return [FeedRow(one.connection_id, one.connection.name) for one in rows]


def waiting_count(access: Access) -> int:
    """Deliveries of the theatre that are landed and not in the figures yet. One query."""
    return LandedBatch.objects.within(access).filter(Q(state=BatchState.LANDED.value) | Q(stale=True)).count()


def _filled(access: Access, rows: list[TicketSource]) -> list[SourceRow]:
    keys = [one.pk for one in rows]
    batches = LandedBatch.objects.within(access).filter(source__in=keys)
    counts = {
        one["source_id"]: one
        for one in batches.values("source_id").annotate(
            deliveries=Count("pk"), last_at=Max("received_at"), accepted=Sum("accepted_count"), rejected=Sum("rejected_count"),
            waiting=Count("pk", filter=Q(state=BatchState.LANDED.value) | Q(stale=True)), conflicts=Sum("conflict_count"),
        )
    }  # fmt: skip
    undecided: dict[int, Counter[CodeField]] = defaultdict(Counter)
    open_codes = SourceCode.objects.within(access).filter(source__in=keys, value="")
    for source_id, of, count in open_codes.values_list("source_id", "field").annotate(count=Count("pk")):
        undecided[source_id][CodeField(of)] = count
    tickets = _tickets(access, [key for key in keys if counts.get(key, {}).get("accepted", 0) <= MOST_COUNTED])
    return [_row(one, counts.get(one.pk, {}), tickets, undecided[one.pk]) for one in rows]


def _row(
    one: TicketSource, told: dict[str, int | datetime | None], tickets: dict[int, int], undecided: Counter[CodeField]
) -> SourceRow:
    number = {name: int(told.get(name) or 0) for name in ("deliveries", "accepted", "rejected", "waiting", "conflicts")}  # type: ignore[arg-type]
    last = told.get("last_at")
    return SourceRow(
        id=one.pk, system=one.system, account=one.account, name=one.name, keeps_gender=one.keeps_gender,
        gender_ground=one.gender_ground, last_at=last if isinstance(last, datetime) else None, undecided=dict(undecided),
        tickets=tickets.get(one.pk) if number["accepted"] else 0, **number,
    )  # fmt: skip


def _tickets(access: Access, keys: list[int]) -> dict[int, int]:
    named = LandedBatch.objects.within(access).filter(source__in=keys).exclude(file="").values_list("file", flat=True)
    return files.count_tickets(Path(settings.WAREHOUSE_HOME), list(named))

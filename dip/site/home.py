"""What the home page shows: what needs the person today, the week, and what happened without them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from dip.contracts.queries.attention import ContractsAttention, contracts_attention
from dip.kernel.clock import local, sales_date
from dip.kernel.money import ratio
from dip.kernel.periods import season_year
from dip.programme.queries.requests import ProposalRow, RequestRow, open_proposals, open_requests
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import history, monitors, standings, visible
from dip.sales.queries.alerts import attention
from dip.sales.queries.counts import open_reports
from dip.sales.terms import AlertRow, AsOf, Evening, ReportRow, Restatement, Sales, Standing, Status
from dip.ticketing.models import Delivery, PerformanceSales
from dip.ticketing.queries.light import typeable
from dip.ticketing.queries.sheets import houses
from dip.ticketing.source_words import source_name
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import NotShown

#: Attention looks this many days ahead: later performances can still wait.
ATTENTION_DAYS = 28
#: Lines per group of the attention list, and rows of "Coming up".
GROUP_LINES, COMING_ROWS = 4, 8
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Attention:
    """One group of the attention list: its lines, worst first, and how many there are in all."""

    lines: Sequence[Standing]
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven closed sales days beside the seven before; occupancy of the performances played in them."""

    first: date
    last: date
    tickets: int
    tickets_before: int
    recette_cents: int
    recette_before_cents: int
    played: int
    occupancy: float | None
    reserved: int
    coming: int
    coming_sold: int

    @property
    def tickets_change(self) -> int:
        """Tickets more or fewer than in the week before."""
        return self.tickets - self.tickets_before

    @property
    def recette_change(self) -> int:
        """Recette more or less than in the week before, in cents."""
        return self.recette_cents - self.recette_before_cents


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the organisation's own systems delivered in the last 24 hours: rows received, and how many were not kept."""

    last_at: datetime
    source: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the page."""

    season: int
    sold: int
    """Paid tickets of the season so far."""
    behind: Attention
    silent: Attention
    requests: Sequence[RequestRow]
    request_count: int
    proposals: Sequence[ProposalRow]
    proposal_count: int
    alerts: Sequence[AlertRow]
    alert_count: int
    reports: Sequence[tuple[ReportRow, Evening]]
    """Differences that a provider reported to this theatre, with the performance."""
    report_count: int
    week: Week
    coming: Sequence[Standing]
    coming_count: int
    ticks: dict[int, float | None]
    """Performance number → tick of its bar (0..1): the colleagues' mean for a theatre, the national median for a provider."""
    tonight: int
    delivered: Delivered | None
    restatements: Sequence[Restatement]
    last_figures: datetime | None
    typeable: Collection[int]
    """Of the silent performances that are shown: those whose figures this person may type."""
    has_sheet: bool
    """Whether figures of a house come by spreadsheet, which this person may send."""
    contracts: ContractsAttention
    """Agreements, borderels and framework agreements that wait for this organisation."""

    @property
    def needs(self) -> int:
        """How many things need the person."""
        parts = (self.behind.count, self.silent.count, self.request_count, self.proposal_count, self.alert_count, self.report_count)
        return sum(parts) + self.contracts.count


def home_of(access: Access, at: datetime) -> Home:
    """The home page of a theatre or provider at moment ``at``."""
    as_of = AsOf(at)
    today, may_look = local(at).date(), access.allows(Module.SALES)
    year = season_year(today)
    evenings = visible.evenings_of_season(access, year) if may_look else []
    coming_evenings = [evening for evening in evenings if evening.starts_at > at]
    sales = monitors.sales_of(access, _near(evenings, coming_evenings[:COMING_ROWS], today), as_of, with_goals=False)
    coming = [row for row in sales.rows if not row.is_played]
    shown = coming[:COMING_ROWS]
    may_answer = access.allows(Module.PROGRAMME, Level.VIEW)
    requests = open_requests(access, GROUP_LINES) if may_answer and access.is_taker else ((), 0)
    proposals = open_proposals(access, GROUP_LINES) if may_answer and access.is_provider else ((), 0)
    silent = _attention(coming, Status.NO_FIGURES)
    alerts = attention(access, GROUP_LINES) if may_look else ([], 0)
    reports = open_reports(access, GROUP_LINES) if may_look and access.is_taker else ([], 0)
    uncoupled = _uncoupled(access)
    return Home(
        season=year,
        sold=_sold(access, evenings),
        behind=_attention(coming, Status.BEHIND),
        silent=silent,
        requests=requests[0],
        request_count=requests[1],
        proposals=proposals[0],
        proposal_count=proposals[1],
        alerts=alerts[0],
        alert_count=alerts[1],
        reports=reports[0],
        report_count=reports[1],
        week=_week(access, sales, at, year),
        coming=shown,
        coming_count=len(coming_evenings),
        ticks=_ticks(access, shown, as_of),
        tonight=sum(row.line.evening.performance_date == today for row in coming),
        delivered=_delivered(access, at),
        restatements=history.restatements(access, evenings, as_of, days=7, limit=3),
        last_figures=max((row.line.confirmed_at for row in sales.rows if row.line.confirmed_at), default=None),
        typeable=_typeable(access, silent, uncoupled),
        has_sheet=bool(uncoupled),
        contracts=contracts_attention(access, today, GROUP_LINES),
    )


def _uncoupled(access: Access) -> set[int]:
    """Houses of the theatre whose figures come by spreadsheet, which this person may send."""
    if not access.allows(Module.SALES, Level.MANAGE):
        return set()
    return {house.id for house in houses(access) if not house.is_coupled}


def _typeable(access: Access, silent: Attention, uncoupled: Collection[int]) -> Collection[int]:
    """Which of the silent performances that are shown this person may type figures of; a theatre those of its houses without a coupling."""
    evenings = [row.line.evening for row in silent.lines]
    if access.is_taker:
        return {evening.number for evening in evenings if evening.theatre_id in uncoupled}
    return typeable(access, [evening.number for evening in evenings])


def _near(evenings: Sequence[Evening], shown: Sequence[Evening], today: date) -> list[Evening]:
    """The performances that the page looks at closely: played last week, attended to, or shown."""
    first, last = today - timedelta(days=8), today + timedelta(days=ATTENTION_DAYS)
    wanted = {evening.number for evening in shown}
    return [evening for evening in evenings if first <= evening.performance_date <= last or evening.number in wanted]


def _sold(access: Access, evenings: Sequence[Evening]) -> int:
    states = PerformanceSales.objects.within(access).filter(performance_id__in=[evening.number for evening in evenings])
    return states.aggregate(sold=Sum("sold"))["sold"] or 0 if evenings else 0


def _delivered(access: Access, at: datetime) -> Delivered | None:
    since = Delivery.objects.within(access).filter(received_at__gte=at - timedelta(days=1), received_at__lte=at)
    rows = list(since.order_by("received_at").values_list("received_at", "source", "row_count", "rejected_count"))
    if not rows:
        return None
    return Delivered(rows[-1][0], source_name(rows[-1][1]), sum(row[2] for row in rows), sum(row[3] for row in rows))


def _attention(coming: Sequence[Standing], status: Status) -> Attention:
    found = [row for row in coming if row.status is status and row.days <= ATTENTION_DAYS]
    if status is Status.BEHIND:
        found.sort(key=lambda row: row.line.state.sold / row.median if row.median else 1.0)
    return Attention(found[:GROUP_LINES], len(found))


def _ticks(access: Access, rows: Sequence[Standing], as_of: AsOf) -> dict[int, float | None]:
    if access.is_taker:
        means = standings.colleagues(access, [row.line for row in rows], as_of)
        return {number: None if isinstance(mean, NotShown) else mean for number, mean in means.items()}
    return {row.line.evening.number: ratio(row.median, row.line.state.for_sale) for row in rows}


def _week(access: Access, sales: Sales, at: datetime, year: int) -> Week:
    last = sales_date(at) - timedelta(days=1)
    first = last - timedelta(days=6)
    tickets, recette = [0, 0], [0, 0]
    for season in (year, year + 1):
        days = [(day.sales_date, day.tickets, day.recette_cents) for day in warehouse.own_days(access, season)]
        marks = [_at(days, day) for day in (last, first - timedelta(days=1), first - timedelta(days=8))]
        for index in (0, 1):
            tickets[index] += marks[index][0] - marks[index + 1][0]
            recette[index] += marks[index][1] - marks[index + 1][1]
    played = [
        row
        for row in sales.rows
        if row.is_played and first <= row.line.evening.performance_date <= last and row.line.state.has_tickets
    ]
    ahead = [row for row in sales.rows if not row.is_played and row.days < 7]
    return Week(
        first=first,
        last=last,
        tickets=tickets[0],
        tickets_before=tickets[1],
        recette_cents=recette[0],
        recette_before_cents=recette[1],
        played=len(played),
        occupancy=ratio(sum(row.line.state.sold for row in played), sum(row.line.state.for_sale for row in played)),
        reserved=sum(row.line.state.reserved or 0 for row in ahead),
        coming=len(ahead),
        coming_sold=sum(row.line.state.sold for row in ahead),
    )


def _at(days: Sequence[tuple[date, int, int]], day: date) -> tuple[int, int]:
    """Running totals at the close of ``day``."""
    tickets, recette = 0, 0
    for moment, total, cents in days:
        if moment > day:
            break
        tickets, recette = total, cents
    return tickets, recette

"""Keeping the demo alive: what the systems of its theatres would have sent since, through the normal way in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Max

from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.models import ApiClient
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.site.demo import curves
from dip.site.demo.audience.live import News, deliver
from dip.site.demo.building import read_report
from dip.site.demo.calendar import Ints, as_moment, day_number, today_of
from dip.site.demo.feeds import Clocks
from dip.site.demo.sector import Cadence, Sector, Venue, compose
from dip.site.demo.terms import SCALES, DemoReport, Progress, Scale, quiet
from dip.ticketing.actions import accept_positions
from dip.ticketing.models import PerformanceSales
from dip.ticketing.terms import Measure, PositionRow

_REASON = "the demo's own figures are continued"
#: Days that are told one by one after a pause; the days before them in one step.
_DAYS = 7
_KINDS = ("normal", "discount", "free", "other")
_FIELDS = (*(f"{kind}_tickets" for kind in _KINDS), *(f"{kind}_cents" for kind in _KINDS))
_SLOT = 3


@dataclass(slots=True)
class _House:
    """One coupled venue: its place in the sector and the access of its system."""

    place: int
    sector: Sector
    scale: Scale
    year: int
    access: Access
    news: list[News] = field(default_factory=list)
    """Sold, and not yet delivered as orders."""

    @property
    def plan(self) -> Venue:
        """What it is."""
        return self.sector.venues[self.place]


@dataclass(slots=True)
class _Sale:
    """A performance on sale, as last stated; ``told`` is the sales day of that statement."""

    number: int
    house: int
    day: int
    opens: int
    genre: int
    seats: int
    told: int
    figures: list[int]
    is_new: bool
    ordered: int = -1
    """Paid tickets whose orders were delivered."""

    def __post_init__(self) -> None:
        self.ordered = self.sold

    @property
    def sold(self) -> int:
        """Paid tickets."""
        return self.figures[0] + self.figures[1] + self.figures[3]

    def sell(self, tickets: int) -> None:
        """Add paid tickets at the prices of those before, or take one back; never beyond the seats."""
        tickets = max(-1 if self.sold else 0, min(tickets, self.seats - self.sold - self.figures[2]))
        discount = 1 if tickets > 3 else 0
        price = self.figures[4] // self.figures[0] if self.figures[0] else 2450
        self.figures[0] += tickets - discount
        self.figures[4] += (tickets - discount) * price
        self.figures[1] += discount
        self.figures[5] += discount * (price * 8 // 10)


def freshen(*, at: datetime, progress: Progress = quiet) -> int:
    """Push what was sold since the demo last heard anything; the number of rows pushed. Does nothing without a demo.

    The warehouse takes them up at its next refresh, as it does with any push.
    """
    report = read_report()
    since = _last_heard()
    if report is None or since is None or at - since < timedelta(minutes=30):
        return 0
    houses, sales = _read(report, since)
    clocks = _clocks(report, at)
    before = _clocks(report, since).limit
    rng = np.random.default_rng([int(at.timestamp()) // 60])
    pushed = 0
    first = max(clocks.today - _DAYS, int(before.min()))
    for day in range(first, clocks.today + 1):
        progress(f"Figures of {as_moment(0).date() + timedelta(days=day):%d-%m}", (day - first) / (clocks.today + 1 - first))
        for house in houses:
            if before[house.place] < day <= clocks.limit[house.place]:
                own = sales.get(house.place, [])
                pushed += _push(house, own, clocks, day, rng, is_last=day == clocks.limit[house.place])
    for house in houses:
        _deliver(house, at)
    return pushed


def trickle(*, at: datetime, most: int = 12, is_shown: bool = False) -> int:
    """A few sales of this moment in one of the theatres that report every hour, or (``is_shown``) in the one that the demo tells about;
    the number of rows that changed. Where the theatre delivers orders, those of the sales come too."""
    report = read_report()
    since = _last_heard()
    if report is None or since is None or at <= since:
        return 0
    houses, sales = _read(report, since)
    hourly = [house for house in houses if house.plan.cadence == Cadence.HOURLY and sales.get(house.place)]
    if not hourly:
        return 0
    rng = np.random.default_rng([int(at.timestamp())])
    house = min(hourly, key=lambda one: one.place) if is_shown else hourly[int(rng.integers(len(hourly)))]
    today, _ = today_of(at)
    own = [sale for sale in sales[house.place] if sale.day >= today and not sale.is_new]
    chosen = [own[int(n)] for n in rng.permutation(len(own))[:most]]
    for sale in chosen:
        sale.sell(int(rng.integers(1, 5)))
    changed = _accept(house, [_row(sale, at) for sale in chosen], at)
    _note(house, chosen, at - timedelta(minutes=4), at - timedelta(seconds=2))
    _deliver(house, at)
    return changed


def _last_heard() -> datetime | None:
    newest: datetime | None = PerformanceSales.objects.across_tenants(_REASON).aggregate(top=Max("known_at"))["top"]
    return newest


def _clocks(report: DemoReport, at: datetime) -> Clocks:
    venues = compose(SCALES[report.scale]).venues
    return Clocks.of(venues, *today_of(at))


def _read(report: DemoReport, since: datetime) -> tuple[list[_House], dict[int, list[_Sale]]]:
    """The coupled houses that speak, and their performances on sale by house."""
    scale = SCALES[report.scale]
    sector = compose(scale)
    houses = []
    for client in (
        ApiClient.objects.across_tenants(_REASON).filter(client_id__startswith="demo-venue-").select_related("organisation")
    ):
        place = int(client.client_id.rpartition("-")[2])
        if not sector.venues[place].silent_days:
            houses.append(_House(place, sector, scale, report.season_year, _access(client)))
    sales: dict[int, list[_Sale]] = {}
    by_organisation = {house.access.organisation_id: house.place for house in houses}
    for sale in _on_sale(by_organisation, since):
        sales.setdefault(sale.house, []).append(sale)
    return houses, sales


def _access(client: ApiClient) -> Access:
    rights = dict.fromkeys((Module.PROGRAMME, Module.SALES), Level.MANAGE)
    return Access(
        client.organisation_id, client.organisation.name, Role(client.role), rights, client_id=client.pk, door=Door.API,
        actor=client.name,
    )  # fmt: skip


def _on_sale(by_organisation: dict[int, int], since: datetime) -> Iterable[_Sale]:
    states = {
        row["performance_id"]: row
        for row in PerformanceSales.objects.across_tenants(_REASON)
        .filter(performance__performance_date__gte=since.date() - timedelta(days=1))
        .values("performance_id", "capacity", "blocked", "tickets_true_at", *_FIELDS)
    }
    performances = Performance.objects.filter(
        performance_date__gte=since.date() - timedelta(days=1),
        status=PerformanceStatus.PUBLISHED,
        is_private=False,
        theatre__organisation_id__in=by_organisation,
    )
    values = performances.values_list(
        "number", "performance_date", "published_at", "production__genre_id", "theatre__organisation_id", "capacity"
    )
    for number, day, published_at, genre, organisation, capacity in values:
        state = states.get(number)
        opens = day_number((published_at + timedelta(days=24)).date())
        if state is None and opens < day_number(since.date()):
            continue  # one of those whose DIP-id nobody entered at the box office
        known = [state[name] for name in _FIELDS] if state else [0] * len(_FIELDS)
        seats = ((state["capacity"] or capacity) - (state["blocked"] or 0)) if state else capacity
        told = today_of(state["tickets_true_at"])[0] if state and state["tickets_true_at"] else opens - 1
        genre_place = (genre - 1) % 6
        yield _Sale(number, by_organisation[organisation], day_number(day), opens, genre_place, seats, told, known, state is None)


def _push(house: _House, sales: list[_Sale], clocks: Clocks, day: int, rng: np.random.Generator, *, is_last: bool) -> int:
    """What the house states of sales day ``day``: rows that changed, and on the last day all of them."""
    open_sales = [sale for sale in sales if sale.day >= day and sale.opens <= day]
    if not open_sales:
        return 0
    part = min(1.0, max(0.02, (clocks.now_minute - 420) / 900)) if day == clocks.today else 1.0
    drawn = curves.orders(rng, _expected(open_sales, day) * part)
    changed = []
    for sale, tickets in zip(open_sales, drawn, strict=True):
        before = sale.sold
        sale.sell(int(tickets))
        sale.told = day
        if is_last or sale.sold != before or sale.is_new:
            changed.append(sale)
        sale.is_new = False
    place = np.array([house.place])
    true_at, known_at = clocks.stated(place, np.array([day]), np.array([_SLOT]))
    moment = as_moment(int(true_at[0]))
    _note(house, changed, moment - timedelta(hours=11), moment)
    return _accept(house, [_row(sale, moment) for sale in changed], as_moment(int(known_at[0])))


def _note(house: _House, sales: list[_Sale], since: datetime, until: datetime) -> None:
    """Note what was sold since the last time, for the orders."""
    for sale in sales:
        price = sale.figures[4] // max(sale.figures[0], 1)
        house.news.append(News(sale.number, price, sale.sold - sale.ordered, since, until))
        sale.ordered = sale.sold


def _deliver(house: _House, at: datetime) -> None:
    """Deliver the orders of what was noted."""
    deliver(
        access=house.access, at=at, sector=house.sector, scale=house.scale, year=house.year, venue=house.place, news=house.news
    )  # fmt: skip
    house.news.clear()


def _expected(sales: list[_Sale], day: int) -> np.ndarray:
    """Tickets expected since each was last told, from what it sold so far and the share that comes by then."""
    genre = np.array([sale.genre for sale in sales])
    lead = np.clip(np.array([sale.day - sale.opens for sale in sales]), 1, curves.LONGEST)
    now: Ints = np.clip(np.array([sale.day - day for sale in sales]), 0, curves.LONGEST)
    before: Ints = np.clip(np.array([sale.day - sale.told for sale in sales]), 0, curves.LONGEST)
    done = curves.share_by(genre, lead, np.minimum(before, lead))
    seats = np.array([sale.seats for sale in sales])
    sold = np.array([sale.sold for sale in sales])
    final = np.clip(sold / np.maximum(done, 0.08), 0.25 * seats, 1.6 * seats)
    is_new = np.array([sale.is_new for sale in sales])
    start = np.where(is_new, 0.0, done)
    return np.maximum(final * (curves.share_by(genre, lead, np.minimum(now, lead)) - start), 0.0)


def _row(sale: _Sale, moment: datetime) -> PositionRow:
    return PositionRow(number=sale.number, figures=tuple(sale.figures), updated=moment)


def _accept(house: _House, rows: list[PositionRow], at: datetime) -> int:
    if not rows:
        return 0
    numbered = [PositionRow(row.number, row.figures, row.updated, row.production, n) for n, row in enumerate(rows)]
    receipt = accept_positions(access=house.access, at=at, measure=Measure.TICKETS, rows=numbered, source=house.plan.system)
    return receipt.accepted

"""Building the demo sector in one transaction, recognising one that stands, and telling what is in it."""

from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from dip.kernel.periods import season_year
from dip.programme.models import Performance, Production
from dip.registry.models import AuditLine, Organisation
from dip.registry.terms import Access, Door, Role
from dip.registry.trail import write_line
from dip.site.demo import heroes
from dip.site.demo.acts import record_acts
from dip.site.demo.audience import Listener, add_audience, load_example_areas, visible
from dip.site.demo.calendar import as_date, day_number, today_of
from dip.site.demo.copying import bulk
from dip.site.demo.feeds import Clocks, tell
from dip.site.demo.ledger import Ledger
from dip.site.demo.past import drift_of
from dip.site.demo.programme import record_performances, record_productions, record_requests
from dip.site.demo.record import Written, record_sector
from dip.site.demo.sector import REPLAYING, Sector, compose
from dip.site.demo.stage import set_stage
from dip.site.demo.terms import DemoReport, Progress, Scale, quiet
from dip.site.demo.topics import add_topics
from dip.site.demo.tours import Plan, Planner
from dip.ticketing.models import Position

_MARK = "build_demo"
#: Performances whose sales are drawn at once: what bounds the memory.
_BATCH = 2_000
#: Share of the work that is done when programme and sales are written.
_TOLD = 0.58


class UnableToBuild(Exception):
    """The database holds organisations that are no demo; the message says what to do."""


def read_report() -> DemoReport | None:
    """The report of the demo sector that stands in this database, or None."""
    line = AuditLine.objects.across_tenants("whether a demo stands here").filter(verb=_MARK).order_by("id").first()
    return None if line is None else DemoReport.from_json(line.changes)


def build(*, scale: Scale, at: datetime, progress: Progress = quiet) -> DemoReport:
    """Make the demo sector as it stands at ``at`` and publish its warehouse; one that stands is kept and reported.

    All or nothing: an interruption leaves the database as it was. Raises :class:`UnableToBuild` over a database that is in use.
    """
    standing = read_report()
    if standing is not None:
        return standing
    if Organisation.objects.exclude(roles__contains=[Role.PLATFORM.value]).exists():
        raise UnableToBuild("This database holds organisations that are no demo. Point DIP_HOME or DATABASE_URL to an empty one.")
    with transaction.atomic():
        report = _Builder(scale, at, progress).run()
    _refresh_statistics()
    progress("Warehouse", 0.68)
    _rebuild_warehouse(at)
    if scale.audience:
        progress("Audience", 0.78)
        visible(at)
    _publish_peers(at)
    progress("Done", 1.0)
    return report


def _rebuild_warehouse(at: datetime) -> None:
    from dip.warehouse import actions  # its store loads the columnar engine, which pages do without

    actions.rebuild(at=at)


def _publish_peers(at: datetime) -> None:
    from dip.warehouse.actions import peers  # as above

    peers.tend(at)


def _refresh_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_seasons(scale: Scale, sector: Sector, at: datetime) -> list[tuple[Plan, int | None]]:
    """The finished season and the running one, each with the index of the production that the demo tells about, if it has it."""
    today, _ = today_of(at)
    running = season_year(as_date(today))
    planner = Planner(scale, sector)
    plans: list[tuple[Plan, int | None]] = []
    for year in (running - 1, running):
        plan, hero = planner.season(year), None
        if year == running:
            hero = heroes.add_tour(plan, sector, today)
            heroes.fill_week(plan, sector, today)
        else:
            heroes.add_tour(plan, sector, today - 364, title=heroes.TITLE_BEFORE)
        plan.nights.sort(key=lambda night: (night.show, night.day, night.minute))
        plans.append((plan, hero))
    return plans


def plan_past(scale: Scale, sector: Sector, at: datetime) -> list[Plan]:
    """The seasons before those of :func:`plan_seasons`, oldest first; nothing is told of any production in them."""
    running = season_year(as_date(today_of(at)[0]))
    planner = Planner(scale, sector, names=scale.seed + 70)
    plans = [planner.season(year) for year in range(running - 1 - scale.past, running - 1)]
    for plan in plans:
        plan.nights.sort(key=lambda night: (night.show, night.day, night.minute))
    return plans


class _Builder:
    """One build: what was decided, what was written, and how far it is."""

    def __init__(self, scale: Scale, at: datetime, progress: Progress) -> None:
        self._scale, self._at, self._progress = scale, at, progress
        self._today, self._now_minute = today_of(at)
        self._counts = {"performances": 0, "connection requests": 0}

    def run(self) -> DemoReport:
        """Write everything, and the mark by which it is recognised."""
        self._progress("Organisations and halls", 0.01)
        sector = compose(self._scale)
        written = record_sector(sector, self._scale, self._at)
        plans, past = plan_seasons(self._scale, sector, self._at), plan_past(self._scale, sector, self._at)
        clocks = Clocks.of(sector.venues, self._today, self._now_minute)
        first = (past or [plans[0][0]])[0].season
        first_day = min(day_number(as_date(self._today).replace(year=first, month=4, day=1)), self._today)
        ledger = Ledger(sector, written, clocks, first_day)
        self._listener = Listener(sector, clocks, plans[-1][0].season, self._scale.audience)
        heroes_made: list[Production] = []
        with bulk(Position._meta.db_table):
            for n, plan in enumerate(past):
                self._progress(f"Season {plan.season}", 0.03 + 0.2 * n / len(past))
                self._past_season(plan, plans[0][0].season, sector, written, clocks, ledger)
            for n, (plan, hero) in enumerate(plans):
                made = self._season(n, plan, hero, sector, written, clocks, ledger)
                heroes_made += [made[hero]] if hero is not None else []
        self._progress("Deliveries", _TOLD)
        self._counts["deliveries"] = ledger.write_deliveries()
        record_acts(sector, written, self._at)
        self._counts.update(add_topics(written, self._at))
        if self._scale.audience:
            self._progress("Orders", 0.62)
            load_example_areas(self._at)
            self._counts.update(add_audience(self._listener, written, self._scale, self._at))
        self._counts["performances"] = Performance.objects.count()
        report = self._report(sector, written, plans, ledger, heroes_made[0])
        self._mark(written, report)
        return report

    def _season(
        self, n: int, plan: Plan, hero: int | None, sector: Sector, written: Written, clocks: Clocks, ledger: Ledger
    ) -> list[Production]:
        """Write one season: productions, performances, requests, and the sales in batches."""
        begin = 0.23 if self._scale.past else 0.03
        start = begin + (_TOLD - begin) / 2 * n
        self._progress(f"Season {plan.season}: programme", start)
        stage = set_stage(plan, sector, self._today, self._scale.seed, hero)
        productions = record_productions(plan, written, self._at)
        numbers = record_performances(plan, stage, sector, written, productions, self._at)
        self._counts["performances"] += len(numbers)
        self._counts["connection requests"] += record_requests(plan, stage, sector, written, numbers, self._today, self._at)
        rng = np.random.default_rng([self._scale.seed, 11, plan.season])
        for first in range(0, len(numbers), _BATCH):
            self._progress(f"Season {plan.season}: sales", start + (_TOLD - begin) / 2 * (0.25 + 0.75 * first / len(numbers)))
            part = stage.take(slice(first, first + _BATCH))
            story = tell(part, clocks, rng, hero)
            ledger.add(part, story, numbers[first : first + _BATCH])
            self._listener.hear(plan, part, story, numbers[first : first + _BATCH])
        return productions

    def _past_season(self, plan: Plan, newest: int, sector: Sector, written: Written, clocks: Clocks, ledger: Ledger) -> None:
        """Write an earlier season: its programme without history, and its sales coarsely."""
        stage = set_stage(plan, sector, self._today, self._scale.seed, None, drift_of(plan.season, newest))
        productions = record_productions(plan, written, self._at)
        numbers = record_performances(plan, stage, sector, written, productions, self._at, told=False)
        self._counts["performances"] += len(numbers)
        rng = np.random.default_rng([self._scale.seed, 13, plan.season])
        for first in range(0, len(numbers), _BATCH):
            part = stage.take(slice(first, first + _BATCH))
            story = tell(part, clocks, rng, None, coarsely=True)
            ledger.add(part, story, numbers[first : first + _BATCH])
            self._listener.hear(plan, part, story, numbers[first : first + _BATCH])

    def _report(
        self, sector: Sector, written: Written, plans: list[tuple[Plan, int | None]], ledger: Ledger, hero: Production
    ) -> DemoReport:
        counts = {
            "organisations": len(written.organisations),
            "theatres and festivals": len(sector.playable),
            "producers and agencies": self._scale.providers,
            "productions": sum(len(plan.shows) for plan, _ in plans),
            **self._counts,
            "positions": ledger.positions,
            "restatements": ledger.restated,
        }
        return DemoReport(
            scale=self._scale.name, season_year=plans[-1][0].season, counts=counts, logins=tuple(written.logins),
            clients=tuple(written.credentials), hero_dip_id=hero.dip_id, hero_theatre=written.theatres[heroes.HOUSE].name, notes=(_replay_command(written),),
            looks=_looks(hero.dip_id, written.theatres[heroes.HOUSE].pk) if self._scale.audience else (),
        )  # fmt: skip

    def _mark(self, written: Written, report: DemoReport) -> None:
        platform = written.organisations[-1]
        access = Access(platform.pk, platform.name, Role.PLATFORM, door=Door.JOB, actor="Demo")
        write_line(access=access, at=self._at, verb=_MARK, subject="demo", subject_id=self._scale.name, changes=report.as_json())


def _looks(dip_id: str, theatre: int) -> tuple[str, ...]:
    """Who sees which audience."""
    base = "/audience"
    return (
        f"{'producer@demo.example':<26} {base}/productions/{dip_id}/   a tour in all its theatres",
        f"{'theatre@demo.example':<26} {base}/theatres/{theatre}/   its own house; {base}/orders/   its deliveries",
        f"{'association@demo.example':<26} {base}/nation/   the country",
    )


def _replay_command(written: Written) -> str:
    """How real sales are replayed into the demo."""
    number = next(one.number for one in written.organisations if one.name == REPLAYING)
    booking, ticketing = (one for one in written.credentials if one.client_id.startswith("dip-replay"))
    return (
        f"dip replay FILE --base-url {settings.BASE_URL}/{settings.API_PREFIX} --producer {number}"
        f" --client-id {booking.client_id} --client-secret {booking.client_secret}"
        f" --ticketing-id {ticketing.client_id} --ticketing-secret {ticketing.client_secret}"
    )

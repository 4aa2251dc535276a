"""The demo sector: calibrated on the sector's published sizes, consistent in itself, the same every time, kept when it stands."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from dip.definitions.models import Genre, Province
from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.kernel import clock
from dip.programme.models import ConnectionRequest, Performance, Production, Proposal, Theatre
from dip.programme.terms import PerformanceStatus
from dip.registry.models import ApiClient, AuditLine, Membership, Organisation, Person
from dip.registry.terms import Access, Level, Module, Role
from dip.registry.tokens import issue_token
from dip.site.demo import SCALES, DemoReport, UnableToBuild, build, freshen, read_report, trickle
from dip.site.demo.audience import visible
from dip.site.demo.sector import Cadence, compose
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import Measure
from dip.warehouse.models import LandedBatch, Removal, SourceCode
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.warehouse.rules.landed import COLUMNS, Channel, State
from dip.warehouse.store import landing as files

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
SEEN = "the tests look at everything"


@pytest.fixture(scope="module")
def sector_in_tables(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demo sector in the database, taken away again after this module."""
    home = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(WAREHOUSE_HOME=home / "warehouse", PSEUDONYM_KEYS=home / "keys"):
        outer = transaction.atomic()
        outer.__enter__()
        report = build(scale=SCALES["small"], at=AT)
        yield report
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
        geo.forget()


@pytest.mark.usefixtures("sector_in_tables")
class TestTables:
    def test_counts_and_logins(self, sector_in_tables, django_db_blocker):
        report = sector_in_tables
        assert report.is_new
        assert report.season_year == 2026
        assert {login.role for login in report.logins} >= {role.value for role in Role}
        for login in report.logins:
            person = Person.objects.get(email=login.email)
            assert person.check_password(login.password)
        looker = Person.objects.get(email="colleague@demo.example").memberships.get()
        assert set(looker.rights.values()) == {1}
        assert not looker.is_super_user
        assert Performance.objects.count() == report.counts["performances"]
        assert all(login.email in report.text() for login in report.logins)
        assert f"/audience/productions/{report.hero_dip_id}/" in report.text()

    def test_credentials_buy_tokens(self, sector_in_tables):
        for client in sector_in_tables.clients:
            assert issue_token(client.client_id, client.client_secret, AT)[0]

    def test_current_state_is_that_of_the_newest_positions(self):
        columns = [f"{kind}_{what}" for what in ("tickets", "cents") for kind in ("normal", "discount", "free", "other")]
        newest: dict[tuple[int, int], dict] = {}
        for row in Position.objects.across_tenants(SEEN).order_by("true_at", "known_at", "id").values():
            newest[row["performance_id"], row["measure"]] = row
        states = list(PerformanceSales.objects.across_tenants(SEEN))
        assert {key[0] for key in newest} == {state.performance_id for state in states}
        for state in states:
            row = newest[state.performance_id, Measure.TICKETS]
            assert [getattr(state, name) for name in columns] == [row[name] for name in columns]
            assert state.confirmed_at >= row["true_at"]
            assert state.known_at >= row["known_at"] or state.known_at >= state.confirmed_at
            for measure, name in ((Measure.RESERVATIONS, "reserved"), (Measure.BLOCKED, "blocked"), (Measure.CAPACITY, "capacity")):
                row = newest.get((state.performance_id, measure))
                assert getattr(state, name) == (row["seats"] if row else None)
        assert len(states) > 400

    def test_positions_differ_from_the_state_that_they_follow(self):
        columns = ("normal_tickets", "discount_tickets", "free_tickets", "other_tickets")
        last: dict[int, tuple] = {}
        tickets = Position.objects.across_tenants(SEEN).filter(measure=Measure.TICKETS).order_by("true_at", "known_at", "id")
        for row in tickets.values("performance_id", "sales_date", "true_at", "known_at", *columns):
            figures = tuple(row[name] for name in columns)
            assert last.get(row["performance_id"]) != figures
            last[row["performance_id"]] = figures
            assert row["sales_date"] == clock.sales_date(row["true_at"])
            assert row["true_at"] <= row["known_at"] <= AT
            assert min(figures) >= 0

    def test_nothing_is_sold_beyond_the_seats(self):
        states = PerformanceSales.objects.across_tenants(SEEN).exclude(capacity=None)
        assert not states.filter(sold__gt=F("capacity") - F("blocked")).exists()
        assert not states.filter(sold__gt=F("capacity") - F("blocked") - F("free_tickets")).exists()

    def test_restatements_put_right_what_closed_that_day(self):
        rows = Position.objects.across_tenants(SEEN).exclude(restates=None).select_related("restates")
        assert len(rows) >= 10
        for row in rows:
            assert row.sales_date == row.restates.sales_date
            assert row.known_at > row.restates.known_at
            assert clock.sales_date(row.known_at) > row.sales_date

    def test_deliveries_count_their_rows(self):
        accepted = sum(d.accepted_count for d in Delivery.objects.across_tenants(SEEN))
        assert accepted == Position.objects.across_tenants(SEEN).count()
        for delivery in Delivery.objects.across_tenants(SEEN)[:200]:
            assert delivery.row_count == delivery.accepted_count + delivery.unchanged_count + delivery.rejected_count

    def test_the_production_that_the_demo_tells_about(self, sector_in_tables):
        hero = Production.objects.get(dip_id=sector_in_tables.hero_dip_id)
        performances = Performance.objects.filter(production=hero)
        assert performances.count() >= 44
        states = {s.performance_id: s for s in PerformanceSales.objects.across_tenants(SEEN).filter(performance__in=performances)}
        coming = list(performances.filter(starts_at__gt=AT))
        assert len(coming) > 25
        silent = [p for p in coming if p.number in states and AT - states[p.number].confirmed_at > timedelta(days=8)]
        full = [p for p in coming if p.number in states and states[p.number].sold >= p.capacity * 0.9]
        assert silent
        assert full
        recent = Position.objects.across_tenants(SEEN).filter(performance__in=coming, known_at__gt=AT - timedelta(days=5))
        assert recent.exclude(restates=None).count() >= 2

    def test_the_theatre_that_the_demo_tells_about(self, sector_in_tables):
        theatre = Theatre.objects.get(name=sector_in_tables.hero_theatre)
        week = Performance.objects.filter(theatre=theatre, starts_at__gt=AT, starts_at__lt=AT + timedelta(days=12))
        assert week.count() >= 6

    def test_every_state_of_life_occurs(self):
        assert {r.status for r in ConnectionRequest.objects.across_tenants(SEEN)} == {
            "open",
            "confirmed",
            "proposed",
            "settled",
            "withdrawn",
        }
        assert {p.status for p in Proposal.objects.across_tenants(SEEN)} >= {"open", "accepted", "declined"}
        assert {p.status for p in Performance.objects.all()} == {s.value for s in PerformanceStatus}
        assert {p.kind for p in Performance.objects.all()} == {"normal", "premiere", "tryout", "derniere"}
        assert Performance.objects.filter(is_private=True).exists()
        assert Production.objects.filter(agency__isnull=False).exists()
        assert Production.objects.filter(co_producers__isnull=False).exists()
        assert Organisation.objects.filter(roles__len=2).exists()
        assert Theatre.objects.filter(organisation=None).exists()
        assert Theatre.objects.filter(is_coupled=False, organisation__isnull=False).exists()
        assert ApiClient.objects.across_tenants(SEEN).filter(role="theatre").exists()
        assert AuditLine.objects.across_tenants(SEEN).count() > 50
        assert Genre.objects.filter(pk__in=Production.objects.values("genre")).count() >= 5

    def test_every_organisation_has_one_super_user(self):
        for organisation in Organisation.objects.all():
            assert Membership.objects.filter(organisation=organisation, is_super_user=True).count() == 1

    def test_a_second_call_keeps_what_stands(self, sector_in_tables):
        before = Position.objects.across_tenants(SEEN).count()
        again = build(scale=SCALES["demo"], at=AT + timedelta(days=1))
        assert not again.is_new
        assert again.scale == "small"
        assert again.logins == sector_in_tables.logins
        assert Position.objects.across_tenants(SEEN).count() == before
        assert DemoReport.from_json(again.as_json()) == again


def landed(settings) -> dict[str, np.ndarray]:
    """The newest version of every ticket that landed, as columns."""
    names = LandedBatch.objects.across_tenants(SEEN).exclude(file="").order_by("pk").values_list("file", flat=True)
    parts = [files.read(settings.WAREHOUSE_HOME, name) for name in names]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    order = np.lexsort((whole["version"], whole["ticket"], whole["source"]))
    ticket = whole["ticket"][order]
    last = order[np.append(ticket[1:] != ticket[:-1], True)]
    return {name: column[last] for name, column in whole.items()}


def access_of(login: str, role: Role) -> Access:
    member = Membership.objects.select_related("organisation").get(person__email=f"{login}@demo.example")
    rights = dict.fromkeys(Module, Level.APPROVE)
    return Access(member.organisation_id, member.organisation.name, role, rights, person_id=member.person_id)


@pytest.mark.usefixtures("sector_in_tables")
class TestAudience:
    def test_orders_add_up_to_what_was_sold(self, settings):
        rows = landed(settings)
        sold = (rows["state"] == State.SOLD) & (rows["performance"] > 0)
        numbers, counts = np.unique(rows["performance"][sold], return_counts=True)
        cents = np.bincount(np.searchsorted(numbers, rows["performance"][sold]), rows["price_cents"][sold])
        states = PerformanceSales.objects.across_tenants(SEEN).in_bulk(numbers.tolist())
        going = set(Performance.objects.filter(pk__in=states, status="published").values_list("pk", flat=True))
        same = [
            states[number].sold + states[number].free_tickets == count
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
            if number in going
        ]
        assert len(same) > 100
        assert np.mean(same) > 0.95  # some sales are told by hand elsewhere
        figures = {
            number: sum(getattr(states[number], f"{kind}_cents") for kind in ("normal", "discount", "other")) for number in going
        }
        assert abs(cents[np.isin(numbers, list(going))].sum() - sum(figures.values())) < 0.01 * sum(figures.values())

    def test_people_have_habits_over_seasons_and_theatres(self, settings):
        rows = landed(settings)
        sold = (rows["state"] == State.SOLD) & (rows["buyer"] != 0) & (rows["performance"] > 0)
        season = dict(Performance.objects.values_list("pk", "production__season_year"))
        year = np.array([season[number] for number in rows["performance"][sold].tolist()])
        buyer = rows["buyer"][sold]
        both = np.intersect1d(buyer[year == 2025], buyer[year == 2026])
        assert 0.15 < len(both) / len(np.unique(buyer[year == 2026])) < 0.6
        pairs = np.unique(np.stack([buyer, rows["source"][sold]]), axis=1)[0]
        theatres = np.bincount(np.unique(pairs, return_inverse=True)[1])
        assert (theatres > 1).mean() > 0.03
        assert theatres.max() >= 4
        assert set(np.unique(rows["scope"])) == {0, 1, 2}
        assert set(np.unique(rows["state"])) == {1, 2, 3, 4}
        assert {one.value for one in Channel} - {Channel.OTHER} <= set(np.unique(rows["channel"]).tolist())
        size = np.unique(rows["order_key"][sold], return_counts=True)[1]
        assert 2.2 < size.mean() < 3
        assert (rows["cancelled_hour"] >= rows["sold_hour"])[rows["state"] > 2].all()
        assert rows["version"].max() <= AT.timestamp() * 1e6

    def test_the_monitor_has_something_to_tell(self, sector_in_tables):
        scope = AudienceScope("production", dip_id=sector_in_tables.hero_dip_id, season_year=2026)
        found = door.audience(access_of("producer", Role.PRODUCER), scope)
        assert found.orders > 1000
        assert found.theatres >= 5
        assert all(found.part(code).base for code in ("stages", "tastes", "party_sizes", "lead_times", "ages", "channels"))
        assert sum(bool(row.count) for row in found.stages.rows) >= 3
        assert len(door.also_bought(access_of("producer", Role.PRODUCER), scope)) >= 3
        provinces = door.origin(access_of("producer", Role.PRODUCER), scope, AreaLevel.PROVINCE)
        assert sum(bool(row.per_1000) for row in provinces) >= 3
        national = door.audience(access_of("association", Role.ASSOCIATION), AudienceScope("season", season_year=2025))
        assert national.theatres == SCALES["small"].audience

    def test_areas_are_generated_and_say_so(self, settings):
        assert "generated" in geo.edition().attribution
        rows = landed(settings)
        assert set(np.unique(rows["pc4"]).tolist()) - {0} <= {area.code for area in geo.areas(AreaLevel.PC4)}
        assert {line.name for line in geo.province_lines() if line.inhabitants} == set(
            Province.objects.values_list("name", flat=True)
        )

    def test_the_desk_has_something_to_do(self, settings):
        batches = LandedBatch.objects.across_tenants(SEEN)
        assert batches.filter(rejected_count__gt=3).count() == 1
        waiting = SourceCode.objects.across_tenants(SEEN).filter(value="")
        assert set(waiting.values_list("field", flat=True)) == {"kind", "channel", "event"}
        removals = list(Removal.objects.across_tenants(SEEN))
        assert {one.kind for one in removals} == {"exclude", "erase"}
        assert all(one.is_done for one in removals)
        assert not set(batches.values_list("state", flat=True)) - {"applied"}
        for path in settings.WAREHOUSE_HOME.rglob("*"):
            assert not path.is_file() or b"publiek.example" not in path.read_bytes()


def test_a_database_in_use_is_left_alone(db):
    Organisation.objects.create(number=7, name="Gezelschap Lichtschip", roles=["producer"])
    with pytest.raises(UnableToBuild, match="no demo"):
        build(scale=SCALES["small"], at=AT)
    assert read_report() is None


def test_without_a_demo_nothing_is_kept_alive(db):
    assert freshen(at=AT) == 0
    assert trickle(at=AT) == 0


def test_the_days_since_come_in_by_the_normal_way(sector_in_tables, django_db_blocker):
    with django_db_blocker.unblock():
        before = Position.objects.across_tenants(SEEN).count()
        later = AT + timedelta(days=1, hours=2)
        pushed = freshen(at=later)
        assert pushed > 0
        rows = Position.objects.across_tenants(SEEN).order_by("id")[before:]
        assert {row.sales_date.isoformat() for row in rows} <= {"2026-11-22", "2026-11-23", "2026-11-24"}
        assert all(row.known_at <= later and row.restates_id is None for row in rows)
        assert freshen(at=later + timedelta(minutes=5)) == 0
        assert trickle(at=later + timedelta(minutes=10)) > 0


def test_orders_come_with_the_sales_and_are_seen(sector_in_tables, django_db_blocker):
    with django_db_blocker.unblock():
        later = AT + timedelta(days=2, hours=6)
        freshen(at=later)
        visible(later)
        theatre = Theatre.objects.get(name=sector_in_tables.hero_theatre)
        access, scope = access_of("theatre", Role.THEATRE), AudienceScope("theatre", theatre_id=theatre.pk, season_year=2026)
        before = door.audience(access, scope)
        moment = later
        while door.audience(access, scope).tickets < before.tickets + 10 and moment < later + timedelta(minutes=20):
            moment += timedelta(minutes=1)
            assert trickle(at=moment, most=3, is_shown=True) > 0
            visible(moment)
        newest = LandedBatch.objects.across_tenants(SEEN).latest("pk")
        assert newest.accepted_count > 0
        assert newest.rejected_count == 0
        assert door.audience(access, scope).tickets >= before.tickets + 10


def test_there_are_theatres_that_never_report():
    cadences = {venue.cadence for venue in compose(SCALES["demo"]).venues if venue.body is not None}
    assert cadences == set(Cadence)

"""A connection that delivers orders: landed without a hand, once, whatever breaks in between."""

import pytest

from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.ticketing.actions.connection_hooks import take_hook
from dip.ticketing.actions.connections import UnableToConnect, hook_secret, map_kinds
from dip.ticketing.actions.order_feeds import deliver_orders, due_feeds, keep_orders
from dip.ticketing.models import Connection, OrderFeed, SourceKind
from dip.warehouse.actions import feeding, removals
from dip.warehouse.models import LandedBatch, SourceCode, TicketSource
from dip.warehouse.store import landing as files
from tests.factories.registry import make_access, make_organisation
from tests.ticketing.connectors.house import ALL, House
from tests.ticketing.connectors.test_orders_pretix import ledger, place  # noqa: F401
from tests.ticketing.connectors.till import Failure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.PSEUDONYM_KEYS = tmp_path / "keys"


@pytest.fixture
def feed(house):
    """A connection with a linked evening, switched on."""
    performance = house.performance()
    house.date_of(performance)
    house.read()
    deliver_orders(access=house.access, at=house.now(), connection_id=house.connection.pk, consent="statistics")
    return performance


def run(house: House) -> feeding.Fed:
    found = feeding.read_orders(connection_id=house.connection.pk, clock=house.now)
    assert found is not None
    return found


def of(house: House) -> OrderFeed:
    return OrderFeed.objects.across_tenants(ALL).get(connection=house.connection)


def landed(settings) -> list[dict]:
    """Every version of every ticket that landed, oldest delivery first."""
    rows = []
    for batch in LandedBatch.objects.across_tenants(ALL).order_by("pk"):
        columns = {name: column.tolist() for name, column in files.read(settings.WAREHOUSE_HOME, batch.file).items()}
        some = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        rows += sorted(some, key=lambda row: (row["version"], row["kind"], row["price_cents"]))
    return rows


def test_orders_land_with_the_cursor_and_a_repeat_lands_nothing(house, feed, settings):
    place(house.till, 1, 1, 2)
    house.till.tick(300)
    assert run(house) == (2, 1, "")
    rows = landed(settings)
    assert [(row["performance"], row["kind"], row["channel"], row["scope"], row["pc4"]) for row in rows] == [
        (feed.pk, 1, 1, 2, 3811), (feed.pk, 2, 1, 2, 3811),
    ]  # fmt: skip
    batch = LandedBatch.objects.across_tenants(ALL).get()
    assert (batch.cursor, of(house).cursor, of(house).rows, of(house).trouble) == (of(house).cursor, batch.cursor, 2, "")
    assert run(house) == (0, 0, "")
    source = TicketSource.objects.across_tenants(ALL).get()
    assert (source.organisation_id, source.system, source.name) == (house.organisation.pk, "pretix", "Kassa")
    place(house.till, 1, 3)
    house.till.tick(300)
    assert run(house) == (1, 1, "")
    assert [row["kind"] for row in landed(settings)] == [1, 2, 3]


def test_an_event_without_an_id_waits_and_counts_once_it_is_linked(house, settings):
    performance = house.performance()
    house.date_of(performance, with_id=False)
    house.read()
    deliver_orders(access=house.access, at=house.now(), connection_id=house.connection.pk, consent="statistics")
    place(house.till, 1, 1)
    house.till.tick(300)
    run(house)
    batch = LandedBatch.objects.across_tenants(ALL).get()
    assert (batch.verdict_counts, landed(settings)[0]["performance"]) == ({"unmatched_event": 1}, 0)
    house.till.change_date(1, meta_data={"dip_id": f"{performance.production.dip_id}|{performance.pk}"})
    house.till.tick(4000)
    house.read()
    run(house)
    code = SourceCode.objects.across_tenants(ALL).get(field="event")
    assert (code.raw, code.value, code.decided_by) == ("trein/1", str(performance.pk), "pretix (Kassa)")
    batch.refresh_from_db()
    assert batch.stale


def test_a_performance_that_was_excluded_is_refused_and_counted(house, feed):
    removals.exclude_performance(access=house.access, at=house.now(), number=feed.pk)
    place(house.till, 1, 1)
    house.till.tick(300)
    run(house)
    batch = LandedBatch.objects.across_tenants(ALL).get()
    assert (batch.accepted_count, batch.verdict_counts) == (0, {"removed": 1})


def test_the_theatres_own_mapping_counts_and_what_people_decided_for_the_source_stands(house, feed):
    place(house.till, 1, 1)
    house.till.tick(300)
    house.read()
    run(house)
    kind = SourceCode.objects.across_tenants(ALL).get(field="kind")
    assert (kind.raw, kind.value) == ("Normaal", "normal")
    assert SourceKind.objects.across_tenants(ALL).filter(name="Normaal").exists()
    map_kinds(access=house.access, at=house.now(), connection_id=house.connection.pk, kinds={"Normaal": "other"})
    run(house)
    kind.refresh_from_db()
    assert kind.value == "other"
    SourceCode.objects.across_tenants(ALL).filter(pk=kind.pk).update(value="discount", decided_by="Somebody")
    run(house)
    kind.refresh_from_db()
    assert kind.value == "discount"


def test_trouble_waits_longer_each_time_and_what_came_before_it_stays(house, feed, monkeypatch, settings):
    for _ in range(60):
        place(house.till, 1, 1)
    house.till.before = lambda path, asked: (
        house.till.failures.append(Failure(503)) if "modified_since" in asked and path.endswith("/orders/") else None
    )
    assert run(house) == (50, 1, "away")
    waits = [of(house).due_at - house.now()]
    assert run(house).trouble == "away"
    waits.append(of(house).due_at - house.now())
    assert waits[1] > waits[0] * 1.5
    assert of(house).failures == 2
    house.till.before = None
    house.till.tick(90)
    assert run(house).trouble == ""
    assert (of(house).failures, len({row["ticket"] for row in landed(settings)})) == (0, 60)


@pytest.mark.parametrize("step", ["land_rows", "after"])
def test_a_worker_that_dies_between_anything_loses_and_doubles_nothing(house, feed, monkeypatch, settings, step):
    class Killed(BaseException):
        pass

    def dies(*args, **kwargs):
        if step == "after":
            feeding_land(*args, **kwargs)
        raise Killed

    place(house.till, 1, 1, 2)
    house.till.tick(300)
    feeding_land = feeding.land_rows
    monkeypatch.setattr(feeding, "land_rows", dies)
    with pytest.raises(Killed):
        run(house)
    assert (of(house).cursor, LandedBatch.objects.across_tenants(ALL).count()) == ("", 0)
    monkeypatch.setattr(feeding, "land_rows", feeding_land)
    assert run(house) == (2, 1, "")
    assert len(landed(settings)) == 2


def test_the_switch_its_audit_line_and_who_may_use_it(house, feed):
    where = {"at": house.now(), "connection_id": house.connection.pk}
    assert due_feeds(house.now()) == [house.connection.pk]
    keep_orders(access=house.access, **where)
    keep_orders(access=house.access, **where)
    assert due_feeds(house.now()) == []
    assert feeding.read_orders(connection_id=house.connection.pk, clock=house.now) is None
    deliver_orders(access=house.access, consent="none", **where)
    deliver_orders(access=house.access, consent="none", **where)
    lines = AuditLine.objects.across_tenants(ALL).filter(verb__in=["deliver_orders", "keep_orders"]).order_by("pk")
    assert [line.verb for line in lines] == ["deliver_orders", "keep_orders", "deliver_orders"]
    with pytest.raises(UnableToConnect):
        deliver_orders(access=house.access, consent="because", **where)
    for rights in ({Module.SALES: Level.MANAGE}, {Module.AUDIENCE: Level.MANAGE}):
        with pytest.raises(AccessDenied):
            deliver_orders(access=make_access(house.organisation, Role.THEATRE, rights), consent="none", **where)
    with pytest.raises(Connection.DoesNotExist):
        keep_orders(access=make_access(make_organisation(Role.THEATRE)), **where)


def test_a_webhook_has_the_orders_read_soon(house, feed):
    run(house)
    assert due_feeds(house.now()) == []
    body = {"organizer": house.till.account, "event": "trein", "action": "pretix.event.order.placed", "code": "A"}
    take_hook(secret=hook_secret(house.connection.hook_salt), at=house.now(), body=body)
    assert due_feeds(house.now()) == [house.connection.pk]

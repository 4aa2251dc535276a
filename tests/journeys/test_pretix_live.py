"""A theatre connects the real pretix in the interface; an order there shows in the Sales Monitor, whatever happens in between."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection as database
from procrastinate.contrib.django import app

from dip.kernel.clock import now
from dip.kernel.identifiers import performance_dip_id
from dip.programme.models import Performance
from dip.registry.terms import Role
from dip.ticketing.actions.connections import create_connection
from dip.ticketing.actions.readings import read_connection
from dip.ticketing.models import Connection, PerformanceSales, Position, Reading, SourceState
from dip.ticketing.rules.pacing import Cause
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_membership, make_organisation, make_person
from tests.journeys import pretix
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD, TITLE, ALL = "a-calm-evening-in-town", "Nachttrein naar Triëst", "a test looks at everything"


@pytest.fixture(scope="module")
def box() -> Iterator[pretix.Box]:
    with pretix.lent() as found:
        found.open_series(TITLE)
        yield found
        found.call("PATCH", f"events/{found.event}/", {"live": False})


@pytest.fixture
def stage(settings, live_server, box):
    """A theatre with three evenings that pretix sells too: two by their DIP-id, the third without."""
    caches["process"].clear()
    settings.BASE_URL, settings.PRIVATE_CALLS = live_server.url, True
    organisation = make_organisation(Role.THEATRE, name="Theater Proefstad")
    person = make_person(email="theatre@proef.example", name="Theatre", language="en", password=PASSWORD)
    make_membership(organisation, person, super_user=True)
    hall = make_hall(
        make_theatre(organisation, name="Theater Proefstad", city="Proefstad", is_coupled=False), name="Grote Zaal", capacity=60
    )
    production = make_production(title=TITLE)
    base = (now() + timedelta(days=40)).replace(hour=19, minute=15, second=0, microsecond=0)
    evenings = [make_performance(production, hall, starts_at=base + timedelta(days=n), at=now()) for n in range(3)]
    dates = [
        box.add_date(TITLE, one.starts_at, performance_dip_id(production.dip_id, one.pk) if n < 2 else "")
        for n, one in enumerate(evenings)
    ]
    box.go_live()
    yield organisation, list(zip(evenings, dates, strict=True))
    box.clear_ids()  # numbers of a test's tables mean other performances in the next test


def connect(organisation, box) -> Connection:
    """Connected without the interface, for what is not about it."""
    return create_connection(
        access=make_access(organisation),
        at=now(),
        vendor="pretix",
        name="Kassa",
        address=pretix.ADDRESS,
        account=box.organizer,
        secret=box.reader,
    )


def read(connection: Connection, cause: Cause = Cause.CLOCK) -> Reading | None:
    return read_connection(connection_id=connection.pk, clock=now, cause=cause)


def sales(performance: Performance) -> PerformanceSales | None:
    return PerformanceSales.objects.across_tenants(ALL).filter(pk=performance.pk).first()


def assert_equal(box, performance, date) -> None:
    """The platform's figures equal a count in pretix' own tables, to the cent."""
    counted, found = box.counted(date), sales(performance)
    got = {
        "sold": (found.sold, found.recette_cents), "free": (found.free_tickets, 0), "reserved": (found.reserved, found.reserved_cents),
    }  # fmt: skip
    assert {key: value for key, value in got.items() if value[0]} == {key: (row[0], row[1]) for key, row in counted.items()}
    state = SourceState.objects.across_tenants(ALL).get(pk=performance.pk)
    assert sum(line["vat_cents"] for line in state.lines) == sum(row[2] for key, row in counted.items() if key != "reserved")


def every_trap(box, date) -> None:
    """Orders of every fate."""
    box.order(date, "Normaal", "CJP", books=1)
    box.order(date, "Vrijkaart", "Vrijkaart")
    box.order(date, "65+", status="n")
    box.pay(box.order(date, "Normaal", status="n"))
    box.cancel(box.order(date, "Normaal", "Normaal"))
    box.cancel(box.order(date, "Normaal", "CJP"), fee="2.50")
    box.cancel_last(box.order(date, "Normaal", "65+", "CJP"))
    code = f"TIEN{random.randrange(10**6)}"
    voucher = {"code": code, "max_usages": 9, "price_mode": "percent", "value": "10.00", "item": box.item, "subevent": date}
    box.call("POST", f"events/{box.event}/vouchers/", voucher)
    box.order(date, "Normaal", voucher=code)
    withheld = {
        "code": f"{code}X",
        "max_usages": 4,
        "block_quota": True,
        "item": box.item,
        "variation": box.variations["Normaal"],
        "subevent": date,
    }
    box.call("POST", f"events/{box.event}/vouchers/", withheld)


def seen_in_sales(page, base: str, number: int) -> str:
    page.goto(f"{base}/sales/performances/{number}")
    return " ".join(page.locator("main").inner_text().split())


def test_a_theatre_connects_its_pretix_and_an_order_shows_within_a_minute(stage, box, live_server, new_context, run_jobs, axe):
    _, pairs = stage
    base, (performance, date) = live_server.url, pairs[0]
    every_trap(box, date)
    box.order(pairs[2][1], "Normaal")
    page = new_context().new_page()
    sign_in(page, base, "theatre@proef.example", PASSWORD)
    page.goto(f"{base}/ticketing/connections")
    axe(page)
    page.get_by_role("link", name="Connect pretix").click()
    page.fill("#id_name", "Kassa")
    page.fill("#id_address", pretix.ADDRESS)
    page.fill("#id_account", box.organizer)
    page.fill("#id_secret", "not-the-token")
    page.click("main form.form button.primary")
    page.locator("main .note.bad", has_text="refuses the token").wait_for()
    page.fill("#id_secret", box.reader)
    page.click("main form.form button.primary")
    page.locator("dd", has_text="pretix 2026").wait_for()
    axe(page)
    assert box.reader not in page.content()
    page.click("main form.form button.primary")  # Connect
    page.wait_for_url("**/ticketing/connections/*")
    run_jobs()
    assert_equal(box, performance, date)
    assert sales(performance).blocked == 4
    assert sales(performance).capacity == 60
    page.reload()
    axe(page)
    # the third evening has no DIP-id: it is proposed, and confirmed with one click
    page.goto(page.url + "/performances")
    page.locator("tr", has_text="alike").locator("button", has_text="Confirm").first.wait_for()
    axe(page)
    page.locator("button", has_text="Confirm the ticked ones").click()
    page.locator(".messages", has_text="linked").wait_for()
    connection = Connection.objects.across_tenants(ALL).get()
    read(connection)
    assert_equal(box, *pairs[2])
    # the webhook's address is copied into pretix, which calls it for an order
    page.goto(f"{base}/ticketing/connections/{connection.pk}")
    address = page.locator("code.secret").inner_text()
    actions = [
        "pretix.event.order.placed",
        "pretix.event.order.paid",
        "pretix.event.order.canceled",
        "pretix.event.order.changed.*",
    ]
    hook = box.call(
        "POST",
        "webhooks/",
        {"enabled": True, "target_url": address, "all_events": True, "limit_events": [], "action_types": actions},
    )
    try:
        before = sales(performance).sold
        started = time.monotonic()
        box.order(date, "Normaal", "Normaal")
        while sales(performance).sold == before and time.monotonic() - started < 60:
            run_jobs()
            time.sleep(0.5)
        took = time.monotonic() - started
        assert sales(performance).sold == before + 2
        assert took < 60
        assert str(before + 2) in seen_in_sales(page, base, performance.pk)
        axe(page)
    finally:
        box.call("DELETE", f"webhooks/{hook['id']}/")
    assert Reading.objects.across_tenants(ALL).filter(cause="hook", trouble="").exists()
    # and without a webhook the clock does it
    box.order(pairs[1][1], "CJP")
    read(connection)
    assert_equal(box, *pairs[1])
    night = read(connection, Cause.NIGHT)
    assert (night.trouble, Connection.objects.across_tenants(ALL).get().difference) == ("", 0)


def test_after_pretix_was_away_everything_arrives(stage, box):
    organisation, pairs = stage
    performance, date = pairs[0]
    connection = connect(organisation, box)
    read(connection)
    box.order(date, "Normaal")
    pretix.stop()
    try:
        assert read(connection).trouble == "away"
        assert read(connection).trouble == "away"
        failing = Connection.objects.across_tenants(ALL).get()
        assert failing.next_due_at - now() > timedelta(minutes=50)
    finally:
        pretix.start_again()
    box.order(date, "CJP", "65+")
    box.cancel(box.order(date, "Normaal"))
    assert read(connection).trouble == ""
    assert_equal(box, performance, date)
    assert Connection.objects.across_tenants(ALL).get().failures == 0


# --- a worker that is killed ---------------------------------------------------------------------------------------------------


def worker() -> subprocess.Popen:
    """A worker of the platform as a process of its own, over the tests' database."""
    known = database.settings_dict
    query = urlencode({"host": known["HOST"], "user": known["USER"], **known["OPTIONS"]})
    environ = os.environ | {
        "DATABASE_URL": f"postgresql:///{quote(known['NAME'])}?{query}",
        "DJANGO_SETTINGS_MODULE": "dip.site.settings",
        "DIP_SECRET_KEY": django_settings.SECRET_KEY,
        "DIP_PRIVATE_CALLS": "1",
    }
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "-q", "connections,site", "-c", "1", "-p", "0.5"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def jobs(status: str) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = %s AND task_name LIKE '%%read_connection'", [status])
        return int(cursor.fetchone()[0])


def wait_for(condition, seconds: float = 30) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.05)
    return False


def age_workers() -> None:
    """As if the dead worker had been dead for ten minutes."""
    with database.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '10 minutes'")


def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(stage, box):
    organisation, pairs = stage
    for _, date in pairs[:2]:
        for _ in range(4):
            box.order(date, "Normaal", "CJP")
    connection = connect(organisation, box)
    start = app.configure_task(
        "dip.ticketing.jobs.read_connection",
        queue="connections",
        lock=f"connection-{connection.pk}",
        queueing_lock=f"connection-{connection.pk}",
    )
    start.defer(connection_id=connection.pk, cause="clock")
    killed = 0
    for turn in range(2):
        process = worker()
        assert wait_for(lambda: jobs("doing") > 0), "no worker took the reading"
        time.sleep(0.05 + 0.25 * turn)
        killed += jobs("doing")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        box.order(pairs[turn % 2][1], "65+")
        age_workers()
        app.configure_task("dip.site.jobs.rescue_stalled", queue="site", queueing_lock=f"rescue-{turn}").defer(timestamp=0)
        if jobs("doing") + jobs("todo") == 0:
            start.defer(connection_id=connection.pk, cause="clock")
    assert killed, "no reading was ever in hand when its worker was killed"
    process = worker()
    try:
        assert wait_for(lambda: jobs("doing") + jobs("todo") == 0), "the reading was never finished"
    finally:
        process.terminate()
        process.wait(15)
    read(connection)
    for performance, date in pairs[:2]:
        assert_equal(box, performance, date)
        rows = Position.objects.across_tenants(ALL).filter(performance=performance, measure=1).order_by("id")
        figures = [(one.normal_tickets, one.discount_tickets) for one in rows]
        assert len(figures) == len(set(figures))  # nothing was written twice
    assert datetime.now(UTC) - Connection.objects.across_tenants(ALL).get().heard_until < timedelta(minutes=2)

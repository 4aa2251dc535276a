"""Orders go when their time is over, through files, facts and receipts; and nothing goes a day early."""

from datetime import date, timedelta

from dip.definitions.actions import load_standard
from dip.programme.models import Performance
from dip.registry.models import AuditLine
from dip.warehouse.actions import expiring, rewriting
from dip.warehouse.jobs import expire
from dip.warehouse.models import Removal
from tests.factories.registry import NOW
from tests.warehouse.landing.conftest import ALL, house, keys

__all__ = ["house", "keys"]


def test_orders_go_ten_years_after_the_season_of_their_performance(house):
    load_standard()
    old, young = house.evenings
    Performance.objects.filter(pk=old.pk).update(performance_date=date(2016, 7, 31))
    Performance.objects.filter(pk=young.pk).update(performance_date=date(2016, 8, 1))
    house.deliver(house.row(performance=str(old.number)), house.row(ticket="t-2", performance=str(young.number)))
    assert expiring.first_kept_day(NOW) == date(2016, 8, 1)
    assert expiring.expire_orders(at=NOW - timedelta(days=365)) == 0
    assert expiring.expire_orders(at=NOW) == 1
    assert expiring.expire_orders(at=NOW) == 0
    (removal,) = Removal.objects.across_tenants(ALL)
    assert (removal.organisation_id, removal.performance_id, removal.kind, removal.requested_by) == (
        house.organisation.pk, old.number, "withdraw", "DIP",
    )  # fmt: skip
    assert AuditLine.objects.within(house.access).get(verb="expire_orders").label == str(old.number)
    assert rewriting.scrub_files(NOW) == 1
    assert house.columns()["performance"] == [young.number]
    assert house.deliver(house.row(performance=str(old.number)), id="d-2").counts == {"removed": 1}


def test_the_job_runs_where_there_is_nothing(db):
    load_standard()
    assert expire.func() == 0

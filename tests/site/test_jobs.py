"""The demo's own job does nothing to an installation that is no demo."""

import pytest

from dip.site.jobs import sell_a_little
from dip.ticketing.models import Position
from tests.factories.programme import make_performance
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db


def test_nothing_is_sold_where_no_demo_was_made():
    push(make_performance(), tickets(normal=3))
    before = Position.objects.across_tenants("a test counts").count()
    assert sell_a_little() == 0
    assert Position.objects.across_tenants("a test counts").count() == before

"""The report of a week: as known at five, beside what was known a week before, equal to the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.registry.terms import Role
from dip.reports.queries.report import access_for, as_kept, report_of
from dip.reports.rules import attention, sums
from dip.reports.rules.weeks import known_at
from dip.reports.terms import Side
from dip.ticketing.models import Position
from tests.factories.programme import make_hall, make_theatre
from tests.factories.registry import make_client_login, make_organisation
from tests.factories.warehouse import make_market, publish
from tests.reports.conftest import MONDAY, NOW, WEEK, nights
from tests.sales import cast

pytestmark = pytest.mark.django_db


def report(organisation, side=Side.PROVIDER, monday=MONDAY):
    return report_of(access_for(organisation, side), monday, NOW)


def page(client, organisation, role, moment):
    make_client_login(client, organisation, role, super_user=True)
    known = moment.astimezone().isoformat()
    return client.get(reverse("sales-season"), {"known": known}).context["sales"]


@pytest.mark.parametrize(
    ("who", "side", "role"), [("producer", Side.PROVIDER, Role.PRODUCER), ("house", Side.THEATRE, Role.THEATRE)]
)
def test_the_sums_are_those_of_the_page_as_known_then(client, town, who, side, role):
    organisation = getattr(town, who)
    cast.put(town.performances[0], NOW - timedelta(minutes=30), normal=999)  # after five: not in this week's
    cast.settle(town.performances[0])
    for monday in (MONDAY, MONDAY - WEEK):
        found = sums.season_sums(report(organisation, side, monday), 2026)
        shown = page(client, organisation, role, known_at(monday))
        assert found.now == shown.now
        assert found.now.sold != 0


def test_last_weeks_state_is_what_last_weeks_report_said(town):
    now, before = report(town.producer), report(town.producer, monday=MONDAY - WEEK)
    assert sums.season_sums(now, 2026).earlier == sums.season_sums(before, 2026).now
    assert sums.season_sums(now, 2026).mutation == (140 - 90) + (33 - 30) + (420 - 300)


def test_a_restated_day_is_told_apart_from_what_was_sold(town):
    first = town.performances[0]
    closed = Position.objects.across_tenants("a test").filter(performance=first).order_by("true_at")[2]
    cast.put(first, closed.true_at, NOW - timedelta(days=2), normal=80, restates=closed)  # ten tickets fewer, known on Saturday
    (p,) = [p for p in sums.productions(report(town.producer)) if p.dip_id == first.production.dip_id]
    assert (p.earlier, p.sold) == (90 + 30, 140 + 33)
    assert p.in_week == (140 - 80) + 3
    assert (p.sold - p.earlier) - p.in_week == -10


def test_the_weeks_add_up_to_the_state(town):
    for line in report(town.producer).lines:
        assert sum(line.tickets) == line.state.sold
        assert sum(line.cents) == line.state.recette_cents
    assert sums.weekly(report(town.producer).lines)[-1] == 50 + 3 + 120


def test_what_needs_attention(town):
    found = report(town.house, Side.THEATRE)
    assert [line.evening.title for line in attention.silent(found)] == ["Nog Stil"]
    assert [line.evening.title for line in attention.newly_sold_out(found)] == ["Een Zomer lang"]
    earlier = report(town.house, Side.THEATRE, MONDAY - WEEK)
    assert not attention.newly_sold_out(earlier)


def test_a_stranger_has_nothing_of_it(town):
    for side in Side:
        found = report(town.stranger, side)
        assert found.lines == ()
        assert found.requests == ()
    assert access_for(town.house, Side.PROVIDER) is None
    assert access_for(make_organisation(Role.ASSOCIATION), Side.THEATRE) is None


def test_the_next_season_comes_in_once_it_sells(town):
    assert report(town.producer).seasons == (2026,)
    (later,) = town.tour("Volgend Jaar", first=300)
    assert report(town.producer).seasons == (2026,)
    nights(later, 12)
    found = report(town.producer)
    assert found.seasons == (2026, 2027)
    assert sums.season_sums(found, 2027).now.sold == 12
    assert sums.season_sums(found, 2026).now.sold == 140 + 33 + 420


def test_national_figures_are_kept_as_they_were(town):
    make_market()
    publish(NOW)
    found = report_of(access_for(town.producer, Side.PROVIDER), MONDAY, NOW)
    assert found.national is not None
    again = report_of(access_for(town.producer, Side.PROVIDER), MONDAY, NOW, as_kept(found.national))
    assert again == found


@pytest.mark.parametrize("side", list(Side))
def test_the_number_of_queries_is_fixed(town, side):
    organisation = town.producer if side is Side.PROVIDER else town.house
    publish(NOW)
    report(organisation, side)
    with CaptureQueriesContext(
        connection,
    ) as few:
        report(organisation, side)
    for n in range(3):
        (extra,) = town.tour(f"Nog een {n}", halls=[make_hall(make_theatre(town.house))])
        nights(extra, 3, 9)
    publish(NOW)
    report(organisation, side)
    with CaptureQueriesContext(connection) as many:
        report(organisation, side)
    assert len(few) == len(many)

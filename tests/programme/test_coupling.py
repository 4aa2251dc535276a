"""The first figures of a theatre's own system mark it as coupled; nobody else's do."""

import pytest

from dip.registry.models import AuditLine
from dip.registry.terms import Role
from dip.ticketing.actions import accept_positions
from dip.ticketing.terms import Measure, PositionRow
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import theatre_access, tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def performance():
    house = make_organisation(Role.THEATRE)
    return make_performance(hall=make_hall(make_theatre(house, is_coupled=False)))


def accept(access, performance):
    row = PositionRow(number=performance.number, figures=tickets(normal=3))
    return accept_positions(access=access, at=NOW, measure=Measure.TICKETS, rows=[row], source="Kassa")


def test_the_first_figures_couple_the_theatre_once(performance):
    access = theatre_access(performance)
    assert accept(access, performance).accepted == 1
    performance.theatre.refresh_from_db()
    assert performance.theatre.is_coupled
    accept(access, performance)
    assert AuditLine.objects.within(access).filter(verb="couple_theatre").count() == 1


def test_a_stranger_couples_nothing(performance):
    stranger = make_access(make_organisation(Role.THEATRE))
    assert accept(stranger, performance).rejected == 1
    performance.theatre.refresh_from_db()
    assert not performance.theatre.is_coupled


def test_another_house_of_the_same_organisation_stays_as_it_is(performance):
    other = make_theatre(performance.theatre.organisation, is_coupled=False)
    accept(theatre_access(performance), performance)
    other.refresh_from_db()
    assert not other.is_coupled

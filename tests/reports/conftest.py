"""A Monday morning: producer and theatre with figures of the last weeks, a colleague without sales, a stranger."""

from datetime import UTC, datetime, timedelta

import pytest

from dip.kernel import clock
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_membership, make_organisation, make_person
from tests.journeys.conftest import mailbox, run_jobs
from tests.sales import cast

__all__ = ["mailbox", "run_jobs"]
NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)  # Monday, 07:10 in Amsterdam
MONDAY = NOW.date()
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def warehouse_home(settings, tmp_path):
    """Every test has a warehouse of its own."""
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    return settings.WAREHOUSE_HOME


@pytest.fixture(autouse=True)
def present(monkeypatch):
    """Doors read this clock: 07:10 on Monday 23 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def empty_queue(transactional_db):
    """Leaves no jobs behind: the queue's tables are not Django's own, so that a flush leaves them as they are."""
    yield
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


class Town:
    """Who is in it, and what they play."""

    def __init__(self) -> None:
        self.producer = make_organisation(Role.PRODUCER, name="Gezelschap Proefland")
        self.house = make_organisation(Role.THEATRE, name="Theater Proefstad")
        self.stranger = make_organisation(Role.PRODUCER, Role.THEATRE, name="Elders & Zonen")
        self.people = {}
        for key, organisation, language in (
            ("producer", self.producer, "nl"), ("theatre", self.house, "en"), ("stranger", self.stranger, "fr"),
        ):  # fmt: skip
            self.people[key] = make_person(email=f"{key}@proef.example", name=key.title(), language=language)
            make_membership(organisation, self.people[key], super_user=True)
        self.people["colleague"] = make_person(email="colleague@proef.example", name="Colleague", language="fr")
        make_membership(self.producer, self.people["colleague"], rights={Module.PROGRAMME: Level.APPROVE})
        self.theatre = make_theatre(self.house, name="Theater Proefstad", city="Proefstad")
        self.hall = make_hall(self.theatre, name="Grote Zaal", capacity=420)
        self.performances = []

    def tour(self, title: str = "De Lange Proef", *, halls=None, first: int = 40, producer=None) -> list:
        """One production with a performance in each hall, so many days ahead and on."""
        production = make_production(producer or self.producer, title=title)
        made = [
            make_performance(production, hall, day=(NOW + timedelta(days=first + n)).date())
            for n, hall in enumerate(halls or [self.hall])
        ]
        self.performances += made
        return made


def nights(performance, *sold: int, until: datetime = NOW, step: timedelta = timedelta(days=7)) -> None:
    """A figure every ``step``, the last one in the night before ``until``; then the state."""
    night = until.replace(hour=1, minute=40)
    for back, tickets in enumerate(reversed(sold)):
        cast.put(performance, night - back * step, normal=tickets, free=1)
    cast.settle(performance)


@pytest.fixture
def town(db):
    """Two performances in the house and one elsewhere with figures of four weeks, one performance that is silent."""
    found = Town()
    elsewhere = make_hall(make_theatre(None, name="Schouwburg Verder", city="Verderop"), name="Kleine Zaal", capacity=210)
    first, second = found.tour(halls=[found.hall, elsewhere])
    (third,) = found.tour("Een Zomer lang", halls=[found.hall], first=10)
    found.tour("Nog Stil", halls=[found.hall], first=20)
    nights(first, 20, 60, 90, 140)
    nights(second, 5, 5, 30, 33)
    nights(third, 100, 200, 300, 420)
    return found

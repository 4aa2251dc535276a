from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from dip.kernel import clock
from dip.sales.models import AlertMark
from tests.sales import cast

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)  # 07:10 in Amsterdam


@pytest.fixture(autouse=True)
def warehouse_home(settings, tmp_path):
    """Every test has a warehouse of its own."""
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    return settings.WAREHOUSE_HOME


@pytest.fixture(autouse=True)
def present(monkeypatch):
    """Doors read this clock: 07:10 on 23 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def english():
    """Refusals in English, whatever the house's language."""
    with translation.override("en"):
        yield


@pytest.fixture
def mark(db):
    """Alerts were looked for a day ago: positions from now on are news."""
    from tests.sales.asking import look

    AlertMark.objects.all().delete()
    look(NOW - timedelta(days=1))


@pytest.fixture
def house(db):
    """A producer, a theatre, a stranger; one production with a performance in that theatre and one elsewhere, both with figures."""
    producer, theatre, stranger = cast.make_house()
    performances = cast.make_tour(producer, [theatre, None], NOW, title="Zeven Dagen Vloed")
    cast.sell(performances[0], NOW, 300, 320, 338, reserved=7, blocked=20)
    cast.sell(performances[1], NOW, 100, 104)
    return producer, theatre, stranger, performances

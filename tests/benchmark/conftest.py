"""A market of several seasons, published; doors read a fixed clock."""

from datetime import date

import pytest

from dip.kernel import clock
from tests.factories.registry import NOW
from tests.factories.warehouse import Market, add_season, make_market, publish


@pytest.fixture(autouse=True)
def warehouse_home(settings, tmp_path):
    """Every test has a warehouse of its own."""
    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    return settings.WAREHOUSE_HOME


@pytest.fixture(autouse=True)
def present(monkeypatch):
    """Doors read this clock."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


def two_seasons(*, theatres: int = 8, producers: int = 8, fill: float = 0.7) -> Market:
    """Last season and the one before, in all of eight theatres."""
    market = make_market(theatres=theatres, producers=producers, first_day=date(2024, 10, 1), fill=0.6)
    add_season(market, first_day=date(2025, 10, 1), fill=fill)
    return market


@pytest.fixture
def market(db):
    """Two finished seasons, the second fuller, published."""
    made = two_seasons()
    publish(NOW)
    return made

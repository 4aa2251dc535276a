"""A deal in the state that a test asks for, and refusals in English."""

import pytest
from django.utils import translation

from dip.kernel import clock
from tests.factories.contracts import Deal, make_deal
from tests.factories.registry import NOW


@pytest.fixture
def english():
    """Refusals in English, whatever the house's language."""
    with translation.override("en"):
        yield


@pytest.fixture
def present(monkeypatch):
    """Doors read this clock: 10:00 in Amsterdam on 23 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def deal(db) -> Deal:
    """A concept."""
    return make_deal()


@pytest.fixture
def proposed(db) -> Deal:
    """An agreement that waits for the theatre."""
    return make_deal("proposed")


@pytest.fixture
def approved(db) -> Deal:
    """An agreement that binds both."""
    return make_deal("approved")

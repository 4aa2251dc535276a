"""The invented system, running, and permission to call it."""

from collections.abc import Iterator

import pytest

from dip.ticketing import asking
from tests.ticketing.connectors.till import Till, running


@pytest.fixture
def till(settings, monkeypatch) -> Iterator[Till]:
    settings.PRIVATE_CALLS = True
    monkeypatch.setattr(asking, "PAUSES", (0.01, 0.02))
    with running(Till()) as serving:
        yield serving


@pytest.fixture
def house(till, db):
    """A theatre connected to the invented system."""
    from tests.ticketing.connectors.house import house

    return house(till)

"""What the tests of the programme's pages share."""

from datetime import timedelta

import pytest

from dip.kernel.clock import now
from tests.programme.cast import Cast


@pytest.fixture
def cast(db) -> Cast:
    """A cast whose two performances are still to come on the real clock."""
    cast = Cast(performances=2)
    start = now() + timedelta(days=60)
    for days, performance in enumerate(cast.performances):
        performance.starts_at = start + timedelta(days=days)
        performance.performance_date = performance.starts_at.date()
        performance.save()
    return cast

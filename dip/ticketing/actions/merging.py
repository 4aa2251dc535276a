"""Deciding that two are one, with what only this floor knows: which performances have figures."""

from datetime import datetime

from dip.programme.actions.duplicates import merge_pair
from dip.programme.models import Performance
from dip.programme.terms import DuplicateKind
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales

_REASON = "of an evening entered twice the one with figures counts, whoever of the two parties sees them; only that they are there"


def merge_duplicates(*, access: Access, at: datetime, kind: DuplicateKind, goes_id: int, stays_id: int) -> None:
    """Merge the first into the second; see :func:`dip.programme.actions.duplicates.merge_pair`. Figures stay with their performances."""
    figured: set[int] = set()
    if kind is DuplicateKind.PRODUCTION:
        numbers = Performance.objects.filter(production_id__in=(goes_id, stays_id)).values("pk")
        states = PerformanceSales.objects.across_tenants(_REASON).filter(performance_id__in=numbers)
        figured = set(states.values_list("performance_id", flat=True))
    merge_pair(access=access, at=at, kind=kind, goes_id=goes_id, stays_id=stays_id, figured=figured)

"""What the light mode shows: a maker's productions and performances with what is known of each, and what it may type."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from dip.programme.models import Performance
from dip.programme.queries.performances import PerformanceRow, performance_rows
from dip.programme.queries.visibility import party_to_performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales
from dip.ticketing.rules.light import Hurdle, Standing, hurdle

#: How far back performances without figures are still asked for, and how many lines a list holds.
BACK, LINES = timedelta(days=120), 40


@dataclass(frozen=True, slots=True)
class Known:
    """The current ticket state of a performance; money in cents, incl. VAT; ``true_at`` the moment that it states."""

    normal: int
    discount: int
    free: int
    other: int
    recette_cents: int
    true_at: datetime
    source: str

    @property
    def sold(self) -> int:
        """Paid tickets."""
        return self.normal + self.discount + self.other


@dataclass(frozen=True, slots=True)
class LightRow:
    """A performance, what is known of its tickets, and why the access cannot type figures (None: it can)."""

    performance: PerformanceRow
    known: Known | None
    hurdle: Hurdle | None


@dataclass(frozen=True, slots=True)
class LightHome:
    """What waits for figures (played first), and what is known of the rest; ``coming`` are still to be played."""

    waiting: Sequence[LightRow]
    filled: Sequence[LightRow]
    coming: Sequence[LightRow]


def light_home(access: Access, at: datetime, today: date) -> LightHome:
    """The access's performances of the last months and to come whose figures it can type. Two queries."""
    found = Performance.objects.filter(party_to_performance(access), performance_date__gte=today - BACK)
    found = found.exclude(status=PerformanceStatus.CANCELLED).filter(theatre__is_coupled=False)
    rows = [row for row in _rows(access, found.order_by("starts_at", "number")[:400]) if row.hurdle in (None, Hurdle.NOT_PUBLISHED)]
    played = [row for row in rows if row.performance.starts_at <= at and row.hurdle is None]
    return LightHome(
        waiting=[row for row in played if row.known is None][-LINES:],
        filled=[row for row in reversed(played) if row.known is not None][:LINES],
        coming=[row for row in rows if row.performance.starts_at > at][:LINES],
    )


def light_row(access: Access, number: int) -> LightRow:
    """One of the access's own performances. Raises ``Performance.DoesNotExist`` for strangers to it. Two queries."""
    rows = _rows(access, Performance.objects.filter(party_to_performance(access), pk=number))
    if not rows:
        raise Performance.DoesNotExist(number)
    return rows[0]


def typeable(access: Access, numbers: Collection[int]) -> set[int]:
    """Which of these performances the access may type figures of. One query; none without numbers."""
    if not numbers:
        return set()
    found = Performance.objects.filter(party_to_performance(access), pk__in=numbers)
    return {row.number for row in performance_rows(found) if hurdle(access, _standing(row)) is None}


def _rows(access: Access, found: "QuerySet[Performance]") -> list[LightRow]:
    performances = performance_rows(found)
    states = {
        state.performance_id: state
        for state in PerformanceSales.objects.within(access).filter(performance_id__in=[p.number for p in performances])
    }
    return [LightRow(p, _known(states.get(p.number)), hurdle(access, _standing(p))) for p in performances]


def _standing(row: PerformanceRow) -> Standing:
    return Standing(
        row.published_at is not None,
        row.is_cancelled,
        row.is_coupled,
        row.theatre_organisation_id,
        row.producer_id,
        row.agency_id,
    )


def _known(state: PerformanceSales | None) -> Known | None:
    if state is None or state.tickets_true_at is None:
        return None
    return Known(
        state.normal_tickets,
        state.discount_tickets,
        state.free_tickets,
        state.other_tickets,
        state.normal_cents + state.discount_cents + state.free_cents + state.other_cents,
        state.tickets_true_at,
        state.source,
    )

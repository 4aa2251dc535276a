"""Pushes figures for tests the way a theatre's system does: through the ingest action."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dip.kernel.clock import from_local
from dip.programme.models import Performance
from dip.registry.terms import Access, Role
from dip.ticketing.actions import accept_positions
from dip.ticketing.terms import Figures, Measure, PositionRow, Receipt
from tests.factories.registry import NOW, make_access, make_organisation

SOURCE = "Kassa De Vlonder"


def tickets(normal: int = 0, discount: int = 0, free: int = 0, other: int = 0, *, price: int = 2500) -> Figures:
    """Ticket figures at ``price`` cents for normal and other tickets, four fifths of it for discount, nothing for free."""
    return (normal, discount, free, other, normal * price, discount * price * 4 // 5, 0, other * price)


def theatre_access(performance: Performance) -> Access:
    """The access of the theatre of the performance; the theatre gets an organisation when it has none."""
    theatre = performance.theatre
    if theatre.organisation is None:
        theatre.organisation = make_organisation(Role.THEATRE)
        theatre.save()
    return make_access(theatre.organisation, Role.THEATRE)


def push(
    performance: Performance,
    figures: Figures,
    *,
    measure: Measure = Measure.TICKETS,
    true_at: datetime | None = None,
    at: datetime | None = None,
    access: Access | None = None,
) -> Receipt:
    """One state of one performance. ``true_at`` defaults to ``at``, ``at`` (known) to ``true_at`` or NOW."""
    at = at or true_at or NOW
    row = PositionRow(performance.number, figures, true_at or at)
    return push_rows(access or theatre_access(performance), [row], measure=measure, at=at)


def push_rows(access: Access, rows: Sequence[PositionRow], *, measure: Measure = Measure.TICKETS, at: datetime = NOW) -> Receipt:
    """A body with several rows."""
    return accept_positions(access=access, at=at, measure=measure, rows=rows, source=SOURCE)


def push_curve(performance: Performance, curve: Sequence[tuple[date, int]], *, price: int = 2500) -> None:
    """Nightly pushes: on each date (a sales day) the cumulative normal tickets, true and known at 02:40 of the night after it."""
    access = theatre_access(performance)
    for day, sold in curve:
        night = from_local(datetime.combine(day + timedelta(days=1), time(2, 40)))
        push(performance, tickets(sold, price=price), true_at=night, access=access)


def push_totals(
    performance: Performance,
    *,
    reserved: int | None = None,
    blocked: int | None = None,
    ranks: Sequence[int] = (),
    at: datetime = NOW,
) -> None:
    """Reservations, blocked seats and capacity, those that are given."""
    access = theatre_access(performance)
    given: list[tuple[Measure, Figures]] = [
        (Measure.RESERVATIONS, () if reserved is None else (reserved, reserved * 2500)),
        (Measure.BLOCKED, () if blocked is None else (blocked, None)),
        (Measure.CAPACITY, tuple(ranks)),
    ]
    for measure, figures in given:
        if figures:
            push(performance, figures, measure=measure, at=at, access=access)

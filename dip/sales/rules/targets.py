"""Targets: how far sales are, what targets ask for by now, and numbers to begin with."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from dip.sales.terms import Evening, Expectation, Goal, Progress, Standing

#: Seats of a hall that differ by more than this share make another hall's number no example.
LIKE_SEATS = 0.25


def due(row: Standing, goal: Goal) -> float | None:
    """Tickets that ``goal`` asks for by now: its part that comparable performances had sold at this distance.

    The whole target once played; None where the comparison may not be shown.
    """
    if row.is_played:
        return float(goal.tickets)
    found = row.expected
    if not isinstance(found, Expectation) or found.final_median <= 0:
        return None
    return goal.tickets * min(found.median / found.final_median, 1.0)


def heading(row: Standing) -> float | None:
    """Where the sales end when they go on as those of comparable performances do, never past the seats for sale.

    What is sold once played; None without figures, or where the comparison may not be shown or had not begun.
    """
    state = row.line.state
    if not state.has_tickets:
        return None
    if row.is_played:
        return float(state.sold)
    found = row.expected
    if not isinstance(found, Expectation) or found.median <= 0:
        return None
    end = state.sold * found.final_median / found.median
    return max(min(end, float(state.for_sale)), float(state.sold))


def progress(rows: Sequence[Standing], goals: Mapping[int, Goal], *, with_pace: bool = True) -> Progress:
    """Performances with a target, added up. Paces are told only when they are known for every one of them, and when asked for."""
    if not goals:
        return Progress(all_performances=len(rows))
    aimed = [(row, goals[row.line.evening.number]) for row in rows if row.line.evening.number in goals]
    heard = [(row, goal) for row, goal in aimed if row.line.state.has_tickets]
    paid = [(row, goal) for row, goal in aimed if goal.recette_cents is not None]
    return Progress(
        performances=len(aimed),
        with_figures=len(heard),
        all_performances=len(rows),
        sold=sum(row.line.state.sold for row, _ in heard),
        target=sum(goal.tickets for _, goal in aimed),
        recette_cents=sum(row.line.state.recette_cents for row, _ in paid if row.line.state.has_tickets),
        recette_target_cents=sum(goal.recette_cents or 0 for _, goal in paid),
        recette_performances=len(paid),
        expected=_sum(due(row, goal) for row, goal in aimed) if with_pace else None,
        heading=_sum(heading(row) for row, _ in aimed) if with_pace else None,
    )


def _sum(values: Iterable[float | None]) -> float | None:
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known) if known and len(known) == len(found) else None


def of_capacity(seats: int, percent: Decimal) -> int | None:
    """A percentage of the seats in whole tickets, at least 1; None without seats."""
    return _whole(Decimal(seats) * percent / 100) if seats > 0 else None


def of_before(final: int, factor: Decimal) -> int | None:
    """An earlier result times a factor in whole tickets; None when nothing was sold."""
    return _whole(Decimal(final) * factor) if final > 0 else None


def _whole(value: Decimal) -> int:
    return max(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 1)


def example(evening: Evening, earlier: Sequence[tuple[Evening, int]]) -> tuple[Evening, int] | None:
    """The earlier performance (with its final tickets) that a target can be drawn from; None without one alike.

    The same production's in the same theatre first, then the same hall and genre, then the same theatre and genre, then the genre
    alone; in each the one of the same weekday, then the nearest in seats, then the latest. Halls of very different size never count.
    """
    alike = [(one, sold) for one, sold in earlier if sold > 0 and _like_seats(evening, one)]
    ranked = [(_likeness(evening, one), one, sold) for one, sold in alike]
    ranked = [entry for entry in ranked if entry[0] is not None]
    if not ranked:
        return None
    best = min(ranked, key=lambda entry: (entry[0], _distance(evening, entry[1])))
    return best[1], best[2]


def _likeness(evening: Evening, other: Evening) -> int | None:
    """0 is most alike; None when the other says nothing about this one."""
    same_title = evening.title.casefold() == other.title.casefold()
    steps = (
        same_title and evening.theatre_id == other.theatre_id,
        evening.hall_id == other.hall_id and evening.genre_id == other.genre_id,
        evening.theatre_id == other.theatre_id and evening.genre_id == other.genre_id,
        same_title,
        evening.genre_id == other.genre_id,
    )
    return next((place for place, holds in enumerate(steps) if holds), None)


def _distance(evening: Evening, other: Evening) -> tuple[bool, int, int]:
    weekday = evening.performance_date.weekday() != other.performance_date.weekday()
    return weekday, abs(_seats(evening) - _seats(other)), -other.performance_date.toordinal()


def _seats(evening: Evening) -> int:
    return evening.capacity or evening.hall_capacity


def _like_seats(evening: Evening, other: Evening) -> bool:
    here, there = _seats(evening), _seats(other)
    return bool(here) and bool(there) and abs(here - there) <= LIKE_SEATS * max(here, there)

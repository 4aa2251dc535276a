"""Targets of an organisation: now or as they were, their history, and earlier results to draw new ones from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Q

from dip.kernel.periods import season_period, season_year
from dip.registry.terms import Access, Door
from dip.sales.models import Target, TargetChange
from dip.sales.queries.visible import among, evenings_where
from dip.sales.terms import AsOf, Evening, Goal, GoalChange, Origin
from dip.ticketing.models import PerformanceSales

#: Seasons back that a target can be drawn from.
SEASONS_BACK = 2


def goals(access: Access, evenings: Iterable[Evening], as_of: AsOf) -> dict[int, Goal]:
    """Performance number → the organisation's own target, now or as it was at an earlier moment. One query; none for other
    roles, and none through a link: a target is for colleagues only."""
    numbers = [evening.number for evening in evenings]
    if not numbers or access.door is Door.SHARED or not (access.is_provider or access.is_taker):
        return {}
    if not as_of.is_earlier:
        rows = Target.objects.within(access).filter(performance_id__in=among(numbers))
        return {
            number: Goal(tickets, cents)
            for number, tickets, cents in rows.values_list("performance_id", "tickets", "recette_cents")
        }
    changes = TargetChange.objects.within(access).filter(performance_id__in=among(numbers), at__lte=as_of.at)
    newest = changes.order_by("performance_id", "-at", "-id").distinct("performance_id")
    found = newest.values_list("performance_id", "tickets", "recette_cents")
    return {number: Goal(tickets, cents) for number, tickets, cents in found if tickets is not None}


def goal_changes(access: Access, evenings: Sequence[Evening], as_of: AsOf, limit: int | None = None) -> list[GoalChange]:
    """The history of the targets of these performances, newest first. One query."""
    by_number = {evening.number: evening for evening in evenings}
    if not by_number:
        return []
    rows = TargetChange.objects.within(access).filter(performance_id__in=among(by_number), at__lte=as_of.at)
    columns = (
        "performance_id", "at", "actor", "origin", "tickets_before", "recette_before_cents", "tickets", "recette_cents",
    )  # fmt: skip
    return [
        GoalChange(by_number[number], number, at, actor, Origin(origin), _goal(before, cents_before), _goal(after, cents))
        for number, at, actor, origin, before, cents_before, after, cents in rows.order_by("-at", "-id").values_list(*columns)[:limit]
    ]  # fmt: skip


def _goal(tickets: int | None, cents: int | None) -> Goal | None:
    return None if tickets is None else Goal(tickets, cents)


def earlier_results(access: Access, evenings: Sequence[Evening], before: date) -> list[tuple[Evening, int]]:
    """The organisation's own played performances of the seasons before, of the same titles, halls or genres, with their final tickets.

    Two queries. ``before``: only performances of days before it.
    """
    if not evenings:
        return []
    first = season_period(season_year(min(e.performance_date for e in evenings)) - SEASONS_BACK).start
    alike = Q(production__title__in={e.title for e in evenings}) | Q(hall_id__in={e.hall_id for e in evenings})
    alike |= Q(production__genre_id__in={e.genre_id for e in evenings})
    ask = {e.number for e in evenings}
    last = min(before, max(e.performance_date for e in evenings)) - timedelta(days=1)
    played = evenings_where(access, alike & Q(performance_date__gte=first, performance_date__lte=last))
    past = [one for one in played if one.number not in ask]
    sold = _final(access, past)
    return [(one, sold[one.number]) for one in past if one.number in sold]


def _final(access: Access, evenings: Sequence[Evening]) -> Mapping[int, int]:
    if not evenings:
        return {}
    states = PerformanceSales.objects.within(access).filter(performance_id__in=among(e.number for e in evenings))
    return dict(states.filter(tickets_true_at__isnull=False).values_list("performance_id", "sold"))

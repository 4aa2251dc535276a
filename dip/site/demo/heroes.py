"""The production and the theatre that the demo tells about: a large drama tour in full swing, and a house with a busy week. Pure."""

import numpy as np

from dip.kernel.periods import season_period
from dip.programme.terms import PerformanceKind
from dip.site.demo.calendar import day_number, weekday
from dip.site.demo.sector import Sector
from dip.site.demo.tours import Night, Plan, Show

#: The theatre that the demo tells about is the first venue; its week is filled when the tours left it empty.
HOUSE = 0
TITLE, TITLE_BEFORE = "Zeven Dagen Vloed", "Het Getijdenboek"
PERFORMANCES, TOWNS, PLAYED = 48, 21, 14
#: Factor on the demand of the tour's coming performances, in order: ahead, on course, behind, sold out …
_COMING = (1.12, 1.3, 0.93, 1.18, 0.91, 0.95, 0.6, 1.08, 0.55, 2.0, 0.94, 0.97, 1.14, 0.9, 0.92, 1.2)


def add_tour(plan: Plan, sector: Sector, today: int, *, title: str = TITLE) -> int:
    """Add the large drama tour to ``plan``: its index among the shows. Some fourteen nights lie before ``today``.

    With another title it is the tour of the season before, about which nothing special is told.
    """
    period = season_period(plan.season)
    first, last = day_number(period.start) + 36, day_number(period.start) + 330
    start = int(np.clip(today - 52, first, last - 176))
    show = Show(title, plan.season, 0, 2, sector.producers[0], subsidy="Meerjarig 2025–2028", consent=True)
    show.cast = ["Imke Tervaart", "Karim Zijlmans", "Pleun Roodbeen", "Gijs Uitslager"]
    if sector.agencies:
        show.agency = sector.agencies[0]
    show.co_producers = sector.producers[1:2]
    index = len(plan.shows)
    plan.shows.append(show)
    halls = [(v, 0) for v in sector.playable if sector.venues[v].rooms[0].size == 2][:TOWNS]
    taken = {(n.venue, n.room, n.day) for n in plan.nights}
    nights: list[Night] = []
    for day in _days(start, today, last):
        places = halls[len(nights) % len(halls) :] + halls[: len(nights) % len(halls)]
        place = next(((v, r) for v, r in places if (v, r, day) not in taken), None)
        if place is not None:
            nights.append(Night(index, *place, day, 1215))
    _tell(nights, today, is_past=title != TITLE)
    plan.nights += nights
    return index


def _days(start: int, today: int, last: int) -> list[int]:
    """48 days from Tuesday to Saturday: 14 up to today, the others spread over the 17 weeks after it; late in a season more lie back."""
    nights = [d for d in range(start, last) if weekday(np.array([d]))[0] in (1, 2, 3, 4, 5)]
    before, after = [d for d in nights if d < today], [d for d in nights if d > today + 1]
    coming = _spread(after[:88], min(PERFORMANCES - min(PLAYED, len(before)), len(after)))
    return _spread(before, PERFORMANCES - len(coming)) + coming


def _spread(days: list[int], count: int) -> list[int]:
    """``count`` of ``days`` at even distances, or all when there are fewer."""
    if count >= len(days):
        return days
    return [days[n * len(days) // count] for n in range(count)]


def _tell(nights: list[Night], today: int, *, is_past: bool) -> None:
    for night in nights[:3]:
        night.kind = PerformanceKind.TRYOUT
    if len(nights) > 4:
        nights[3].kind, nights[-1].kind = PerformanceKind.PREMIERE, PerformanceKind.DERNIERE
    coming = [night for night in nights if night.day > today]
    for night in nights:
        night.pull = 0.97
    for night, pull in zip(() if is_past else coming, _COMING * 3, strict=False):
        night.pull = pull


def fill_week(plan: Plan, sector: Sector, today: int) -> None:
    """Give the house a performance on most of the next twelve evenings, and two that sell slowly and one that sold out."""
    taken = {(n.room, n.day) for n in plan.nights if n.venue == HOUSE}
    period = season_period(plan.season)
    pulls = {1: 1.1, 2: 1.04, 4: 1.3, 5: 2.1, 6: 0.6, 9: 1.05, 10: 0.55, 11: 1.15}
    coming = [night for night in plan.nights if night.venue != HOUSE and night.day > today]
    for offset, pull in pulls.items():
        day = today + offset
        if day >= day_number(period.end):
            continue
        room = 0 if offset % 3 else 1
        own = [n for n in plan.nights if n.venue == HOUSE and n.room == room and n.day == day]
        if own:
            own[0].pull = pull
        elif (room, day) not in taken:
            _borrow(plan, coming, day, room, pull)
    ahead = sorted((n for n in plan.nights if n.venue == HOUSE and today + 12 < n.day < today + 70), key=lambda n: (n.day, n.room))
    for night in [n for n in ahead if plan.shows[n.show].title != TITLE][2:9:6]:
        night.is_forgotten = True


def _borrow(plan: Plan, coming: list[Night], day: int, room: int, pull: float) -> None:
    """Have the tour that plays in a hall of that size nearest to ``day`` call at the house."""
    size = 2 if room == 0 else 0
    fitting = [
        night
        for night in coming
        if plan.shows[night.show].size == size
        and plan.shows[night.show].title != TITLE
        and night.kind is PerformanceKind.NORMAL
        and night.pull == 1.0
    ]
    if fitting:
        night = min(fitting, key=lambda n: (abs(n.day - day), n.show))
        night.venue, night.room, night.day, night.pull = HOUSE, room, day, pull

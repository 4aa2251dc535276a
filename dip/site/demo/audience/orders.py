"""From what was sold to who ordered it: tickets of orders, with buyers, kinds, prices and moments. Pure numpy."""

from dataclasses import dataclass

import numpy as np

from dip.site.demo.audience.people import AFFINITY, NOBODY, Crowd
from dip.site.demo.audience.sales import OF_HERO, OF_TOUR, Sold
from dip.site.demo.calendar import moments
from dip.site.demo.curves import Ints
from dip.warehouse.rules.audience.segments import FAMILY
from dip.warehouse.rules.landed import Channel, Kind, State

#: Microseconds from 1970 to 2000, where the demo's calendar begins; and of an hour.
_TO_2000, _HOUR = 946_684_800_000_000, 3_600_000_000
#: Tickets of an order and how often: of family shows, of others. The last two are drawn within their class.
_SIZES = np.array([1, 2, 3, 4, 5, 10])
_FAMILY_SIZES, _USUAL_SIZES = np.array([0.05, 0.31, 0.22, 0.28, 0.12, 0.02]), np.array([0.13, 0.57, 0.09, 0.14, 0.062, 0.008])
#: Share of orders that were cancelled or exchanged, and of tickets that are reserved for a coming performance.
_UNDONE, _EXCHANGED, _RESERVED = 0.016, 0.3, 0.012
#: Hours at which people order, by the local clock from 00:00; at a box office.
_ONLINE = np.array([3, 1, 1, 0, 0, 1, 2, 5, 11, 18, 26, 23, 20, 19, 19, 18, 18, 17, 21, 30, 38, 36, 25, 11], dtype=np.float64)
_COUNTER = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 18, 20, 17, 20, 20, 18, 14, 8, 10, 13, 6, 0, 0, 0], dtype=np.float64)


@dataclass(slots=True)
class Now:
    """The sales day that runs, and how many local minutes it is old."""

    today: int
    minute: int


@dataclass(slots=True)
class Tickets:
    """One entry per ticket. ``at``: index of the performance; ``order``: number of the order; ``buyer``: index in the crowd, −1 nobody.

    Moments are microseconds since 1970; ``changed`` is that of ``state``.
    """

    at: Ints
    order: Ints
    buyer: Ints
    state: Ints
    sold: Ints
    changed: Ints
    kind: Ints
    channel: Ints
    price: Ints
    list_price: Ints
    fee: Ints
    band: Ints
    promo: Ints
    attended: Ints

    def __len__(self) -> int:
        return len(self.at)


@dataclass(slots=True)
class _Orders:
    """One entry per order."""

    at: Ints
    day: Ints
    size: Ints
    buyer: Ints
    channel: Ints
    moment: Ints


def order_all(sold: Sold, crowd: Crowd, now: Now, rng: np.random.Generator) -> Tickets:
    """The orders of which ``sold`` is the sum, and beside them some that were undone or are reservations."""
    order, orders = _orders(sold, rng)
    orders.buyer = _buyers(sold, crowd, orders, rng)
    orders.channel = _channels(sold, crowd, orders, rng)
    orders.moment = _moments(sold, orders, now, rng)
    made = _tickets(sold, orders, order, rng)
    _cancel(sold, made, now)
    return _beside(sold, made, len(orders.at), now, rng)


def _orders(sold: Sold, rng: np.random.Generator) -> tuple[Ints, _Orders]:
    """The order of each ticket, and the orders. An order is placed on the day of its first ticket."""
    total = sold.paid + sold.free
    count = int(total.sum())
    families = int(total[sold.label == FAMILY].sum())
    starts = np.zeros(count, dtype=bool)
    starts[_cuts(rng, _FAMILY_SIZES, families)] = True
    starts[families + _cuts(rng, _USUAL_SIZES, count - families)] = True
    begin = np.cumsum(total) - total
    starts[begin[total > 0]] = True
    order = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    at = np.repeat(np.arange(len(total)), total)[first]
    day = np.repeat(sold.cell_day, sold.cell_tickets)[first]
    size = np.diff(np.append(first, count))
    nobody = np.full(len(first), -1, dtype=np.int64)
    return order, _Orders(at, day, size, nobody, nobody, nobody)


def _cuts(rng: np.random.Generator, shares: np.ndarray, count: int) -> Ints:
    """Where orders begin in a row of ``count`` tickets."""
    sizes = _SIZES[rng.choice(len(_SIZES), count // 2 + 60, p=shares)]
    sizes = np.where(sizes == 5, 5 + rng.binomial(4, 0.3, len(sizes)), sizes)
    sizes = np.where(sizes == 10, 10 + rng.poisson(8, len(sizes)), sizes)
    found = np.cumsum(sizes) - sizes
    return np.asarray(found[found < count])


def _buyers(sold: Sold, crowd: Crowd, orders: _Orders, rng: np.random.Generator) -> Ints:
    """A buyer for each order: by what is played, how often people go, and where they go."""
    buyer = np.full(len(orders.at), -1, dtype=np.int64)
    house, label, season = sold.house[orders.at], sold.label[orders.at], sold.season[orders.at]
    by_group = np.lexsort((label, season, house))
    for one in np.unique(house).tolist():
        pool = np.flatnonzero((crowd.home == one) | (crowd.second == one) | crowd.is_traveller)
        loyal = np.where(crowd.home[pool] == one, 1.0, np.where(crowd.second[pool] == one, 0.45, 0.12))
        active = {year: crowd.weight[pool] * crowd.active(year, pool) * loyal for year in np.unique(season).tolist()}
        likes = AFFINITY[crowd.taste[pool]]
        likes[:, OF_HERO:] *= np.where(crowd.is_fan[pool], 5.0, 1.0)[:, None]
        likes[:, OF_TOUR] *= _drawn_to_the_tour(crowd, pool)
        mine = by_group[slice(*np.searchsorted(house[by_group], [one, one + 1]))]
        key = season[mine] * 10 + label[mine]
        for group in np.unique(key).tolist():
            places = mine[key == group]
            year, played = int(season[places[0]]), int(label[places[0]])
            chance = np.cumsum(active[year] * likes[:, played])
            buyer[places] = pool[np.searchsorted(chance, rng.random(len(places)) * chance[-1])]
    return buyer


def _drawn_to_the_tour(crowd: Crowd, people: Ints) -> np.ndarray:
    """The large tour draws people from the city, younger ones, such as were not at the theatre before, and such as go to several."""
    born, youngest = crowd.birth[people], int(crowd.birth.max())
    young = np.where((born > 0) & (born > youngest - 28), 1.7, np.where((born > 0) & (born < youngest - 50), 0.7, 1.0))
    city, fresh = np.where(crowd.is_urban[people], 1.9, 0.8), np.where(crowd.first[people] == 0, 3.4, 1.0)
    roaming = np.where(crowd.is_traveller[people] | (crowd.second[people] >= 0), 1.4, 1.0)
    return np.asarray(young * city * fresh * roaming)


def _channels(sold: Sold, crowd: Crowd, orders: _Orders, rng: np.random.Generator) -> Ints:
    """As the buyer is used to; large orders as a group; the keenest take a subscription when the sale opens."""
    channel = crowd.channel[orders.buyer]
    is_early = orders.day - sold.opens[orders.at] < 12
    keen = is_early & (crowd.weight[orders.buyer] > 3.0) & (rng.random(len(channel)) < 0.4)
    channel = np.where(keen, Channel.SUBSCRIPTION, channel)
    return np.where((orders.size >= 10) & (rng.random(len(channel)) < 0.7), Channel.GROUP, channel)


def _moments(sold: Sold, orders: _Orders, now: Now, rng: np.random.Generator) -> Ints:
    """When each order was placed: within its sales day, before now, and before the performance."""
    count = len(orders.at)
    hours = [np.searchsorted(np.cumsum(one) / one.sum(), rng.random(count) * 0.999999) for one in (_ONLINE, _COUNTER)]
    hour = np.where(orders.channel == Channel.ONLINE, *hours)
    hour = np.where(hour < 5, hour + 24, hour)  # a sales day ends at five in the morning
    is_first = orders.day == sold.opens[orders.at]
    hour = np.where(is_first & (rng.random(count) < 0.7), 10 + rng.integers(0, 3, count), hour)
    minute = hour * 60 + rng.integers(0, 60, count)
    evening = orders.day == sold.day[orders.at]
    minute = np.where(evening, np.minimum(minute, sold.minute[orders.at] - 5 - rng.integers(0, 90, count)), minute)
    running = orders.day == now.today
    part = rng.random(count)
    sofar = np.minimum(420 + (max(now.minute - 425, 0) * part).astype(np.int64), now.minute - 1)
    minute = np.where(running & (minute >= now.minute), sofar, minute)
    return _since_1970(orders.day, np.maximum(minute, 301)) + rng.integers(0, 60_000_000, count)


def _since_1970(days: Ints, minutes: Ints) -> Ints:
    return np.asarray(moments(days, minutes) + _TO_2000)


def _tickets(sold: Sold, orders: _Orders, order: Ints, rng: np.random.Generator) -> Tickets:
    """The tickets with their kinds and prices: per performance as many of each as the sales were told with."""
    at = orders.at[order]
    count = len(order)
    score = (rng.random(len(orders.at)) + np.where(orders.size == 1, 0.12, 0))[order] + rng.random(count) * 0.3
    by_score = np.lexsort((score, at))
    total = sold.paid + sold.free
    rank = np.empty(count, dtype=np.int64)
    rank[by_score] = np.arange(count) - np.repeat(np.cumsum(total) - total, total)
    free, paid = sold.free[at], sold.paid[at]
    discount, other = (paid * 0.19).astype(np.int64), (paid * 0.05).astype(np.int64)
    kind = np.select(
        [rank < free, rank < free + discount, rank < free + discount + other], [Kind.FREE, Kind.DISCOUNT, Kind.OTHER], Kind.NORMAL
    )
    price = sold.price[at]
    is_best = (kind == Kind.NORMAL) & (rank >= total[at] - (paid - discount - other) // 3)
    listed = price + np.where(is_best, 300, 0)
    cents = np.select(
        [kind == Kind.FREE, kind == Kind.DISCOUNT, kind == Kind.OTHER],
        [0, price * 8 // 1000 * 100, price * 6 // 1000 * 100],
        listed,
    )
    channel, moment = orders.channel[order], orders.moment[order]
    scans = sold.house[at] % 3 != 1
    attended = np.where(scans, np.where(rng.random(count) < 0.95, 2, 1), 0)
    return Tickets(
        at=at, order=order, buyer=orders.buyer[order], state=np.full(count, State.SOLD), sold=moment, changed=moment.copy(), kind=kind,
        channel=channel, price=cents, list_price=listed, fee=np.where((channel == Channel.ONLINE) & (cents > 0), 75, 0),
        band=np.where(is_best, 1, 2), promo=np.where(kind == Kind.OTHER, 2, 1), attended=attended,
    )  # fmt: skip


def _cancel(sold: Sold, made: Tickets, now: Now) -> None:
    """What came back in the end, everything of a performance that does not go on, and who came to one that is over."""
    total = sold.paid + sold.free
    back = np.arange(len(made)) >= np.repeat(np.cumsum(total) - sold.returned, total)
    gone = sold.gone[made.at]
    back |= gone > 0
    day = np.where(gone > 0, gone, np.minimum(sold.day[made.at], now.today - 1))
    _undo(made, back, np.maximum(_since_1970(day, np.full(len(made), 660)), made.sold + _HOUR // 2), State.CANCELLED)
    is_over = (sold.day[made.at] < now.today) & (made.state == State.SOLD)
    made.attended = np.where(is_over, made.attended, 0)
    scanned = is_over & (made.attended > 0)
    made.changed = np.where(scanned, _since_1970(sold.day[made.at], sold.minute[made.at] - 4), made.changed)


def _undo(made: Tickets, which: np.ndarray, moment: Ints, state: State) -> None:
    made.state[which], made.changed[which] = state, moment[which]


def _beside(sold: Sold, made: Tickets, orders: int, now: Now, rng: np.random.Generator) -> Tickets:
    """With orders that were placed and undone, and reservations: they are in no figure of what was sold."""
    undone = rng.random(orders) < _UNDONE
    waits = (sold.day > now.today) & (sold.gone == 0)
    reserved = rng.random(orders) < _RESERVED
    takes = undone[made.order] | (reserved[made.order] & waits[made.at])
    copies = Tickets(*(getattr(made, name)[takes] for name in Tickets.__slots__))
    is_reserved = ~undone[copies.order]
    copies.order = copies.order + orders
    until = _since_1970(np.minimum(sold.day[copies.at], now.today - 1), np.full(len(copies), 900))
    part = rng.random(orders)[copies.order - orders]
    moment = copies.sold + np.maximum(((until - copies.sold) * part**2).astype(np.int64), _HOUR // 4)
    exchanged = (rng.random(orders) < _EXCHANGED)[copies.order - orders]
    copies.state = np.where(is_reserved, State.RESERVED, np.where(exchanged, State.EXCHANGED, State.CANCELLED))
    copies.changed = np.where(is_reserved, copies.sold, moment)
    copies.attended = np.zeros(len(copies), dtype=np.int64)
    return Tickets(*(np.concatenate([getattr(made, name), getattr(copies, name)]) for name in Tickets.__slots__))


def is_known(crowd: Crowd, buyer: Ints) -> np.ndarray:
    """Which tickets have a buyer who is known by something."""
    return np.asarray((buyer >= 0) & (crowd.scope[buyer] != NOBODY))

"""Tickets of the demo as the columns of landed files, cut into deliveries. Pure numpy, but for the pseudonyms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dip.site.demo.audience.orders import Now, Tickets, is_known
from dip.site.demo.audience.people import SECTOR, VENUE, Crowd, address, customer
from dip.site.demo.audience.sales import Sold
from dip.site.demo.calendar import moments
from dip.site.demo.curves import Ints
from dip.warehouse.rules.columns import content_of
from dip.warehouse.rules.landed import COLUMNS, Scope, State
from dip.warehouse.rules.pseudonyms import Keys, Pseudonymiser, mixed

_TO_2000, _HOUR = 946_684_800_000_000, 3_600_000_000
#: Nights of which there is a delivery each, of the theatre that the demo tells about; the others have one for all of them.
NIGHTS = 6
#: Share of people who do not want to be counted.
_NO_CONSENT = 19
Columns = dict[str, "np.ndarray"]


@dataclass(frozen=True, slots=True)
class House:
    """A theatre that delivers: key and salt of its source, and whether it has a ground to keep gender."""

    source: int
    salt: bytes
    keeps_gender: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery to be landed. ``house``: index; ``season`` of a history, counted from the running one, or ``night``, a sales day."""

    house: int
    season: int
    night: int
    columns: Columns


def deliveries(sold: Sold, tickets: Tickets, crowd: Crowd, houses: Sequence[House], keys: Keys, now: Now) -> Iterator[Delivery]:
    """Every ticket in its newest version, the history of a season at once and what changed lately by itself, theatre by theatre."""
    whole = _columns(sold, tickets, crowd, houses, keys, now)
    house, season = sold.house[tickets.at], sold.season[tickets.at]
    night = _nights(tickets.changed, now)
    earlier = _nights(tickets.sold, now)
    first = np.flatnonzero((earlier != night) & ((house == 0) | (earlier == 0)))  # those of which two versions came
    asked = {name: np.concatenate([column, column[first]]) for name, column in whole.items()}
    again = slice(len(tickets), None)
    asked["state"][again], asked["version"][again] = State.SOLD, tickets.sold[first]
    asked["cancelled_hour"][again], asked["attended"][again] = 0, 0
    asked["content"] = content_of(asked)
    house, season = np.append(house, house[first]), np.append(season, season[first])
    night = np.where(np.append(night, earlier[first]) > 0, np.append(night, earlier[first]), 0)
    night = np.where((night > 0) & (house > 0), now.today - 1, night)
    key = (house * 10 + np.where(night > 0, 9, season + 2)) * 100_000 + night
    order = np.lexsort((asked["version"], asked["ticket"], key))
    for places in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        one = places[0]
        made = {name: column[places].astype(COLUMNS[name]) for name, column in asked.items()}
        yield Delivery(int(house[one]), int(season[one]) if not night[one] else 0, int(night[one]), made)


def _nights(moment: Ints, now: Now) -> Ints:
    """The sales day of moments in the last nights, 0 for those before."""
    starts = moments(np.arange(now.today - NIGHTS, now.today + 1), 300) + _TO_2000
    place = np.searchsorted(starts, moment, side="right")
    return np.where(place > 0, now.today - NIGHTS - 1 + place, 0)


def _columns(sold: Sold, made: Tickets, crowd: Crowd, houses: Sequence[House], keys: Keys, now: Now) -> Columns:
    count, house, buyer = len(made), sold.house[made.at], made.buyer
    latest = int(moments(np.array([now.today]), now.minute)[0]) + _TO_2000
    made.sold, made.changed = np.minimum(made.sold, latest), np.minimum(made.changed, latest)
    counts = is_known(crowd, buyer) & ((crowd.number[buyer] + crowd.home[buyer]) % _NO_CONSENT > 0)
    told = counts | ((crowd.number[buyer] % 2 == 0) & ((crowd.number[buyer] + crowd.home[buyer]) % _NO_CONSENT > 0))
    keeps = np.array([one.keeps_gender for one in houses])[house]
    nothing = np.zeros(count, dtype=np.int64)
    is_gone = (made.state == State.CANCELLED) | (made.state == State.EXCHANGED)
    found: Columns = dict.fromkeys(COLUMNS, nothing) | {
        "source": np.array([one.source for one in houses])[house],
        "ticket": mixed([house, np.arange(count), sold.season[made.at] + 5]),
        "order_key": mixed([made.order, house + 1000]),
        "performance": sold.number[made.at],
        "state": made.state,
        "version": made.changed,
        "buyer": np.where(counts, _pseudonyms(crowd, buyer, house, counts, houses, Pseudonymiser(keys)), 0),
        "scope": np.where(counts, np.where(crowd.scope[buyer] == SECTOR, Scope.SECTOR, Scope.VENUE), 0),
        "kind": made.kind,
        "channel": made.channel,
        "price_cents": made.price,
        "fee_cents": made.fee,
        "list_cents": made.list_price,
        "sold_hour": made.sold // _HOUR,
        "cancelled_hour": np.where(is_gone, made.changed // _HOUR, 0),
        "pc4": np.where(told, crowd.pc4[buyer], 0),
        "country": np.where(told, crowd.country[buyer], 0),
        "birth": np.where(counts, crowd.birth[buyer], 0),
        "gender": np.where(counts & keeps, crowd.gender[buyer], 0),
        "attended": made.attended,
        "band": made.band,
        "promo": made.promo,
    }
    return found


def _pseudonyms(crowd: Crowd, buyer: Ints, house: Ints, counts: np.ndarray, houses: Sequence[House], maker: Pseudonymiser) -> Ints:
    """The pseudonym of the buyer of each ticket: by mail address in the sector, by customer number at one theatre."""
    found = np.zeros(len(buyer), dtype=np.int64)
    in_sector = counts & (crowd.scope[buyer] == SECTOR)
    found[in_sector] = _each(buyer[in_sector], lambda one: _of_address(crowd, one, maker))
    at_venue = counts & (crowd.scope[buyer] == VENUE)
    for place in np.unique(house[at_venue]).tolist():
        mine = at_venue & (house == place)
        salt = houses[place].salt
        found[mine] = _each(buyer[mine], lambda one, salt=salt: _of_customer(crowd, one, maker, salt))  # type: ignore[misc]
    return found


def _each(buyer: Ints, made: Callable[[Ints], Ints]) -> Ints:
    people, place = np.unique(buyer, return_inverse=True)
    return np.asarray(made(people)[place])


def _of_address(crowd: Crowd, people: Ints, maker: Pseudonymiser) -> Ints:
    texts = [address(home, number) for home, number in zip(crowd.home[people].tolist(), crowd.number[people].tolist(), strict=True)]
    known = maker.of_emails(texts)
    return np.array([known[text] for text in texts], dtype=np.int64)


def _of_customer(crowd: Crowd, people: Ints, maker: Pseudonymiser, salt: bytes) -> Ints:
    pairs = zip(crowd.home[people].tolist(), crowd.number[people].tolist(), strict=True)
    return np.array([maker.of_customer(customer(home, number), salt) for home, number in pairs], dtype=np.int64)

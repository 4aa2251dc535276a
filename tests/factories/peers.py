"""A market large enough for groups of like organisations, published and frozen."""

from datetime import date, datetime

from dip.warehouse.actions import peers
from tests.factories.registry import NOW
from tests.factories.warehouse import Market, make_market, publish, write_curve

#: In all halls; the factory's halls have 300 seats.
THEATRES, PRODUCERS = 13, 6


def make_peer_market(*, theatres: int = THEATRES, producers: int = PRODUCERS, first_day: date = date(2025, 9, 1)) -> Market:
    """Every producer plays in every theatre once in last season; theatres fill from a half upwards, the first the least."""
    market = make_market(theatres=theatres, producers=producers, first_day=first_day)
    for place, performance in enumerate(market.performances):
        house, show = place % theatres, place // theatres
        write_curve(performance, {-1: 140 + 8 * house + show % 5}, price=2000 + 50 * house + 20 * show)
    return market


def publish_peers(at: datetime = NOW) -> peers.Tended:
    """Publish the warehouse, then freeze and make editions."""
    publish(at)
    return peers.tend(at)

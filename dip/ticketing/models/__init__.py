"""Tables of ticketing: deliveries, append-only positions, and the current state of each performance."""

from dip.ticketing.models.figures import Delivery, PerformanceSales, Position

__all__ = ["Delivery", "PerformanceSales", "Position"]

"""Tables of the exchange, all owned: endpoints with their secrets, notices with their attempts, and kept answers."""

from dip.exchange.models.answers import KeptAnswer
from dip.exchange.models.endpoints import Endpoint, EndpointSecret
from dip.exchange.models.notices import Attempt, Notice

__all__ = ["Attempt", "Endpoint", "EndpointSecret", "KeptAnswer", "Notice"]

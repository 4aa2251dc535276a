"""What an agreement pays both parties at every number of tickets."""

from collections.abc import Mapping
from dataclasses import dataclass

from dip.contracts.terms.statement import Party


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What both parties have when so many tickets are sold over all performances. ``total``: as the statement's totals."""

    tickets: int
    provider_ex_cents: int
    theatre_ex_cents: int
    provider_total_cents: int
    theatre_total_cents: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a rule begins or ends to work: the first number of tickets at which it is another than at one ticket less.

    ``code``: ``guarantee`` (it stops), ``supplement`` (it is no longer the most, or stops), ``tranche`` (the net enters the next).
    With several performances an edge per performance may stand.
    """

    code: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Pay-out against tickets sold, straight between its points, from 0 to ``capacity``; an edge has a point on either side."""

    capacity: int
    points: tuple[CurvePoint, ...]
    edges: tuple[Edge, ...]
    break_even: Mapping[Party, int | None]
    """The tickets from which a party's part, excluding VAT, is never below 0 (the provider's: below its costs); None when even a sold
    out house does not reach that."""

    def edge(self, code: str) -> int | None:
        """The tickets at which the last such rule stops or changes; None when that does not happen."""
        return max((edge.tickets for edge in self.edges if edge.code == code), default=None)

    def at(self, tickets: int) -> CurvePoint | None:
        """The point of that number of tickets, when the curve has it."""
        return next((point for point in self.points if point.tickets == tickets), None)

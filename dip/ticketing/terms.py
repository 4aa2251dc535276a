"""Words of ticketing."""

from enum import IntEnum, StrEnum


class Measure(IntEnum):
    """What a position states. Systems push each apart."""

    TICKETS = 1
    RESERVATIONS = 2
    BLOCKED = 3
    CAPACITY = 4


class TicketKind(StrEnum):
    """National kinds of ticket; ``normal`` is the regular rate for visitors without any particularity."""

    NORMAL = "normal"
    DISCOUNT = "discount"
    FREE = "free"
    OTHER = "other"


#: Kinds that count as sold; free tickets are counted beside them.
PAID = (TicketKind.NORMAL, TicketKind.DISCOUNT, TicketKind.OTHER)

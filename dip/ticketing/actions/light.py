"""Figures that somebody types, of one performance."""

from datetime import datetime

from dip.registry.terms import Access, Refusal
from dip.ticketing.actions.accept import accept_positions
from dip.ticketing.queries.light import light_row
from dip.ticketing.rules.light import Hurdle, light_figures
from dip.ticketing.terms import BY_HAND, Measure, PositionRow, Receipt
from dip.ticketing.words import HURDLES


class UnableToType(Refusal):
    """Figures of this performance cannot be typed by this access; ``hurdle`` says why, the message also what to do."""

    def __init__(self, found: Hurdle) -> None:
        self.hurdle = found
        super().__init__(str(HURDLES[found]))


def state_by_hand(
    *, access: Access, at: datetime, number: int, normal: int, discount: int, free: int, recette_cents: int, true_at: datetime
) -> Receipt:
    """Take the cumulative state that somebody types: tickets of three kinds, the recette in cents incl. VAT, and its moment.

    A naive ``true_at`` is on the venue's clock. The theatre does not count as coupled for it. The same state again changes nothing.
    Raises :class:`UnableToType`, ``Performance.DoesNotExist`` for strangers to the performance.
    """
    row = light_row(access, number)
    if row.hurdle is not None:
        raise UnableToType(row.hurdle)
    figures = light_figures(normal, discount, free, recette_cents)
    stated = PositionRow(number, figures, true_at, row.performance.production_dip_id)
    return accept_positions(
        access=access, at=at, measure=Measure.TICKETS, rows=[stated], source=BY_HAND, couples=False, by_hand=True
    )

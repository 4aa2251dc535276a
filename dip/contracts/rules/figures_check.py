"""What is wrong with the figures of a borderel: each finding names the performance, the field and the value."""

from collections.abc import Iterable

from dip.contracts.terms.settlements import FiguresFinding, SettledFigures, Sold

#: More than any hall holds: a slip of the hand.
MOST_TICKETS, MOST_CENTS = 200_000, 100_000_000_00


def check_figures(figures: Iterable[SettledFigures]) -> list[FiguresFinding]:
    """Everything that is wrong or remarkable, refusing ones first, by performance.

    A recette without tickets is refused where it was typed; where the ticketing system itself says so it is only told.
    """
    found = [finding for one in figures for finding in _check(one)]
    return sorted(found, key=lambda finding: (finding.is_warning, finding.number))


def _check(one: SettledFigures) -> list[FiguresFinding]:
    if one.sold is None:
        return [FiguresFinding("figures_missing", one.number, "tickets")]
    found = _limits(one.number, one.sold)
    typed = one.is_corrected
    if one.sold.recette_cents > 0 and one.sold.tickets == 0:
        told = {"recette_cents": one.sold.recette_cents}
        found.append(FiguresFinding("recette_without_tickets", one.number, "recette", told, is_warning=not typed))
    if one.sold.tickets > 0 and one.sold.recette_cents == 0:
        found.append(
            FiguresFinding("tickets_without_recette", one.number, "recette", {"tickets": one.sold.tickets}, is_warning=True)
        )
    visitors = one.sold.tickets + one.sold.free_tickets
    if one.seats and visitors > one.seats:
        told = {"tickets": visitors, "seats": one.seats}
        found.append(FiguresFinding("more_than_seats", one.number, "tickets", told, is_warning=True))
    if typed and not one.reason:
        found.append(FiguresFinding("reason_missing", one.number, "reason"))
    return found


def _limits(number: int, sold: Sold) -> list[FiguresFinding]:
    given = (
        ("tickets", sold.tickets, MOST_TICKETS),
        ("free", sold.free_tickets, MOST_TICKETS),
        ("recette", sold.recette_cents, MOST_CENTS),
    )
    below = [FiguresFinding("negative", number, field, {"value": value}) for field, value, _ in given if value < 0]
    return below + [
        FiguresFinding("too_large", number, field, {"value": value, "most": most}) for field, value, most in given if value > most
    ]

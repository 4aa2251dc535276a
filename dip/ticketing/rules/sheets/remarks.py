"""What is remarkable about the figures of one row, beside each other and beside what was known."""

from collections.abc import Iterator, Mapping

from dip.ticketing.rules.sheets.fields import RECETTES, TICKETS, Field
from dip.ticketing.rules.sheets.findings import CellFinding, Code
from dip.ticketing.rules.sheets.rows import TypedRow
from dip.ticketing.terms import PAID, TicketKind

#: Euros for one ticket from which a slip of the decimal sign is likelier than the price.
_ODD_PRICE = 500


def remark(row: TypedRow, known: Mapping[Field, int], is_cancelled: bool) -> list[CellFinding]:
    """Warnings; none of them keeps the row back. ``known``: figures stated before, by column."""
    figures = row.figures
    found = [CellFinding(row.row, None, Code.CANCELLED, {})] if is_cancelled else []
    if any(field in figures for field in (*TICKETS.values(), *RECETTES.values())):
        found += [*_left_empty(row, known), *_money(row)]
    return [*found, *_seats(row, known)]


def _left_empty(row: TypedRow, known: Mapping[Field, int]) -> Iterator[CellFinding]:
    for field in TICKETS.values():
        before = known.get(field, 0)
        if field not in row.figures and before:
            yield CellFinding(row.row, field, Code.LEFT_EMPTY, {"before": before})


def _money(row: TypedRow) -> Iterator[CellFinding]:
    for kind in TicketKind:
        count, recette = row.figures.get(TICKETS[kind], 0), row.figures.get(RECETTES[kind], 0)
        if kind is TicketKind.FREE:
            if recette:
                yield CellFinding(row.row, RECETTES[kind], Code.FREE_WITH_RECETTE, {"cents": recette})
        elif kind in PAID and count and not recette:
            yield CellFinding(row.row, RECETTES[kind], Code.NO_RECETTE, {"value": count})
        elif recette and not count:
            yield CellFinding(row.row, TICKETS[kind], Code.NO_TICKETS, {"cents": recette})
        elif count and recette > count * _ODD_PRICE * 100:
            yield CellFinding(row.row, RECETTES[kind], Code.ODD_PRICE, {"cents": recette // count})


def _seats(row: TypedRow, known: Mapping[Field, int]) -> Iterator[CellFinding]:
    capacity = row.figures.get(Field.CAPACITY, known.get(Field.CAPACITY, 0))
    if not capacity:
        return
    tickets = sum(row.figures.get(field, 0) for field in TICKETS.values())
    held = sum(row.figures.get(field, known.get(field, 0)) for field in (Field.RESERVED, Field.BLOCKED))
    if tickets > capacity:
        yield CellFinding(row.row, Field.NORMAL, Code.OVER_CAPACITY, {"value": tickets, "capacity": capacity})
    elif tickets + held > capacity:
        yield CellFinding(row.row, None, Code.TOO_MANY_TAKEN, {"value": tickets + held, "capacity": capacity})

"""The pay-out of an agreement by tickets sold, as a document draws it: places in thousandths of the drawing, words at the lines' ends."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts.queries.papers.parts import Part
from dip.contracts.rules.curves import pay_out
from dip.contracts.terms.columns import Column
from dip.contracts.terms.curves import Curve
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Party
from dip.web import formats

_POINTS = 40
_LINES = 4
_APART = 70
_WHOLE = 1000


def chart_part(format_code: str, values: Values, potential: Column) -> Part:
    """Both parties' part excluding VAT, from no tickets to sold out, at the average price of a full house."""
    capacity = potential.statement.tickets
    price = Fraction(sum(evening.recette_cents for evening in potential.evenings), capacity)
    curve = pay_out(format_code, values, potential.evenings, capacity=capacity, average_price_cents=price, most_points=_POINTS)
    lines = {
        _("Provider"): [(point.tickets, point.provider_ex_cents) for point in curve.points],
        _("Theatre"): [(point.tickets, point.theatre_ex_cents) for point in curve.points],
    }
    amounts = [0, *(cents for points in lines.values() for _tickets, cents in points)]
    low, high = min(amounts), max(amounts)
    step = _step(high - low)
    bottom, top = low // step * step, -(-high // step) * step

    def height(cents: int) -> int:
        return round(_WHOLE * (cents - bottom) / (top - bottom))

    ends = _nudged([height(points[-1][1]) for points in lines.values()])
    drawn = [
        {
            "name": name,
            "own": place == 0,
            "end": ends[place],
            "points": [[round(_WHOLE * tickets / capacity), height(cents)] for tickets, cents in points],
        }
        for place, (name, points) in enumerate(lines.items())
    ]
    told = {"seats": formats.tickets(capacity), "price": formats.money(round(price))}
    said = _said(curve)
    return {
        "kind": "chart",
        "title": said or _("Pay-out to both parties by tickets sold"),
        "sub": _("Excluding VAT, by tickets sold of {seats} seats, at {price} a ticket on average.").format(**told),
        "alt": _alt(said, lines, capacity),
        "lines": drawn,
        "across": [
            {"at": height(cents), "name": formats.money(cents, 0), "is-zero": cents == 0} for cents in range(bottom, top + 1, step)
        ],
        "along": _along(capacity),
    }


def _step(span: int) -> int:
    """A round amount, so that about four lines cover the span."""
    unit = 100
    while True:
        for factor in (1, 2, 5):
            if span <= unit * factor * _LINES:
                return unit * factor
        unit *= 10


def _nudged(ends: Sequence[int]) -> list[int]:
    """Two names at the lines' ends, so far apart that both can be read."""
    first, second = ends
    if abs(first - second) >= _APART:
        return [first, second]
    middle, half = (first + second) // 2, _APART // 2
    return [middle + half, middle - half] if first >= second else [middle - half, middle + half]


def _along(capacity: int) -> list[Part]:
    step = _step(capacity) if capacity >= 200 else max(1, capacity // 2)
    places = range(0, capacity + 1, step)
    names = [formats.tickets(tickets) for tickets in places]
    names[0] = ngettext("{count} ticket", "{count} tickets", 0).format(count=names[0])
    return [{"at": round(_WHOLE * tickets / capacity), "name": name} for tickets, name in zip(places, names, strict=True)]


def _said(curve: Curve) -> str:
    """The rule that makes the difference, with its number."""
    for code, words in (
        ("guarantee", _("The guarantee works up to {count} tickets")),
        ("supplement", _("The supplement works up to {count} tickets")),
    ):
        tickets = curve.edge(code)
        if tickets is not None and tickets > 0:
            return words.format(count=formats.tickets(tickets - 1))
    tickets = curve.break_even.get(Party.THEATRE)
    if tickets:
        return _("Below {count} tickets the theatre pays in").format(count=formats.tickets(tickets))
    return ""


def _alt(said: str, lines: dict[str, list[tuple[int, int]]], capacity: int) -> str:
    told = _("{party}: {first} without a ticket sold, {last} sold out at {count} tickets.")
    each = [
        told.format(
            party=name, first=formats.money(points[0][1]), last=formats.money(points[-1][1]), count=formats.tickets(capacity)
        )
        for name, points in lines.items()
    ]
    return " ".join(([f"{said}."] if said else []) + each)

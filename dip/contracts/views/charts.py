"""The pay-out of an agreement by tickets sold, with what it says today as its heading."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dip.contracts.queries.agreement import AgreementPage, Side, has_figures
from dip.contracts.rules.curves import pay_out
from dip.contracts.terms.columns import Basis, Column
from dip.contracts.terms.curves import Curve, Edge
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Party
from dip.web import formats
from dip.web.charts.figure import Figure
from dip.web.charts.payout import PayoutChart, PayoutEdge, PayoutLine, payout_chart

_MOST_POINTS = 40


def payout_figure(page: AgreementPage, values: Values | None = None, title: str = "") -> Figure | None:
    """The chart of the terms that are shown, or of others; None while no seat is known."""
    potential = page.columns.potential
    capacity = potential.statement.tickets
    if not capacity:
        return None
    used = values or page.shown.values
    basis = page.basis
    today = basis.statement.tickets if basis.basis is not Basis.POTENTIAL else None
    curve = pay_out(
        page.shown.format,
        used,
        potential.evenings,
        capacity=capacity,
        average_price_cents=_average(page, basis),
        most_points=_MOST_POINTS,
        also=() if today is None else (min(today, capacity),),
    )
    return payout_chart(_chart(page, curve, basis, today, title))


def _average(page: AgreementPage, basis: Column) -> int:
    """What a paid ticket brought so far; sold out where there are no figures."""
    sold = basis if basis.statement.tickets else page.columns.potential
    recette = sum(evening.recette_cents for evening in sold.evenings)
    return round(recette / sold.statement.tickets)


def _chart(page: AgreementPage, curve: Curve, basis: Column, today: int | None, title: str) -> PayoutChart:
    provider = PayoutLine(_("Provider"), [(point.tickets, point.provider_ex_cents) for point in curve.points])
    theatre = PayoutLine(_("Theatre"), [(point.tickets, point.theatre_ex_cents) for point in curve.points])
    own, other = (theatre, provider) if page.side is Side.THEATRE else (provider, theatre)
    count = len(page.columns.potential.evenings)
    told = {"seats": formats.tickets(curve.capacity), "price": formats.money(_average(page, basis))}
    sub = (
        _("Pay-out excl. VAT by tickets sold over %(count)s performances, of %(seats)s seats, at %(price)s a ticket.")
        if count > 1
        else _("Pay-out excl. VAT by tickets sold, of %(seats)s seats, at %(price)s a ticket.")
    )
    return PayoutChart(
        name="payout",
        own=own,
        other=other,
        capacity=curve.capacity,
        today=today,
        edges=_edges(page, curve),
        now=_("Played") if basis.basis is Basis.ACTUAL else "",
        title=title or finding(page),
        sub=sub % {**told, "count": count},
    )


def _edges(page: AgreementPage, curve: Curve) -> list[PayoutEdge]:
    """The last edge of each rule, and the break-even of both parties, at most three."""
    is_theatre = page.side is Side.THEATRE
    found = [
        PayoutEdge(edge.tickets, _edge_words(edge), is_own=not is_theatre)
        for edge in curve.edges
        if edge.tickets == curve.edge(edge.code)
    ]
    below = {
        Party.PROVIDER: _("Below %(n)s tickets the provider pays in"),
        Party.THEATRE: _("Below %(n)s tickets the theatre pays in"),
    }
    for party, own in ((Party.THEATRE, is_theatre), (Party.PROVIDER, not is_theatre)):
        tickets = curve.break_even.get(party)
        if tickets:
            found.append(PayoutEdge(tickets, below[party] % {"n": formats.tickets(tickets)}, is_own=own))
    return found[:3]


def _edge_words(edge: Edge) -> str:
    told = {"n": formats.tickets(edge.tickets if edge.code == "tranche" else edge.tickets - 1)}
    return {
        "guarantee": _("Guarantee works up to %(n)s tickets"),
        "supplement": _("Supplement works up to %(n)s tickets"),
        "tranche": _("Next tranche from %(n)s tickets"),
    }.get(edge.code, "%(n)s") % told


def finding(page: AgreementPage) -> str:
    """What the agreement does at today's sales, with its number; the measure alone where nothing stands out."""
    column = page.basis
    if column.basis is Basis.POTENTIAL or not has_figures(column):
        return _("Pay-out to both parties by tickets sold")
    is_played = column.basis is Basis.ACTUAL
    for code, line in (("guarantee", column.statement.line("guarantee")), ("supplement", column.statement.line("supplement"))):
        if line is not None and line.cents > 0:
            told = {
                "amount": formats.money(line.cents),
                "payer": pgettext("payer", "the theatre") if line.party == Party.PROVIDER else pgettext("payer", "the provider"),
            }
            return _bite(code, is_played) % told
    told = {
        "provider": formats.money(column.statement.cents("provider_ex"), 0),
        "theatre": formats.money(column.statement.cents("theatre_ex"), 0),
    }
    if is_played:
        return _("As played the provider has %(provider)s and the theatre %(theatre)s") % told
    return _("At today’s sales the provider has %(provider)s and the theatre %(theatre)s") % told


def _bite(code: str, is_played: bool) -> str:
    if code == "guarantee":
        return (
            _("The guarantee cost %(payer)s %(amount)s")
            if is_played
            else _("At today’s sales the guarantee costs %(payer)s %(amount)s")
        )
    return (
        _("The supplement cost %(payer)s %(amount)s")
        if is_played
        else _("At today’s sales the supplement costs %(payer)s %(amount)s")
    )

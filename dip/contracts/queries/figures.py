"""Figures of the performances under agreements, and the three columns they give."""

from collections.abc import Iterable, Sequence
from datetime import date

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion
from dip.contracts.rules.bases import columns
from dip.contracts.rules.values import restored
from dip.contracts.terms.columns import Columns, PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.definitions import queries as standard
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales


def performance_figures(access: Access, numbers: Iterable[int]) -> list[PerformanceFigures]:
    """Those performances with the newest figures that the access may see, by number. Two queries."""
    wanted = set(numbers)
    rows = Performance.objects.filter(pk__in=wanted).select_related("hall").order_by("number")
    sales = {row.performance_id: row for row in PerformanceSales.objects.within(access).filter(performance_id__in=wanted)}
    return [figures_of(row, sales.get(row.number)) for row in rows]


def figures_of(row: Performance, sales: PerformanceSales | None) -> PerformanceFigures:
    """One performance and its state; the caller answers for the right to see it."""
    pushed = sales.capacity_by_rank if sales else None
    seats = tuple(pushed or row.capacity_by_rank or ([row.capacity] if row.capacity else []))
    told = sales is not None and sales.tickets_true_at is not None
    return PerformanceFigures(
        number=row.number,
        on=row.performance_date,
        starts_at=row.starts_at,
        hall=row.hall.name,
        hall_id=row.hall_id,
        seats=seats,
        is_cancelled=row.status == PerformanceStatus.CANCELLED,
        tickets=sales.sold if sales and told else None,
        free_tickets=sales.free_tickets if sales and told else 0,
        recette_cents=sales.recette_cents if sales and told else 0,
        true_at=sales.tickets_true_at if sales else None,
        confirmed_at=sales.confirmed_at if sales and told else None,
        source=sales.source if sales else "",
    )


def numbers_of(access: Access, agreement: Agreement) -> list[int]:
    """The performances under an agreement, ascending."""
    rows = AgreementPerformance.objects.within(access).filter(agreement=agreement).order_by("performance_id")
    return list(rows.values_list("performance_id", flat=True))


def agreement_columns(access: Access, agreement: Agreement, today: date, values: Values | None = None) -> Columns:
    """Potential, estimated and actual by the agreement's terms, or by other ``values`` for a what-if. Three queries. A theatre gets what
    was proposed to it: the provider's draft may be ahead."""
    code, terms = agreement.format, agreement.terms
    if access.is_taker:
        version = AgreementVersion.objects.within(access).get(agreement=agreement, number=agreement.version)
        code, terms, numbers = version.format, version.terms, sorted(kept["number"] for kept in version.performances)
    else:
        numbers = numbers_of(access, agreement)
    return columns_for(access, code, values or restored(code, terms), numbers, today)


def columns_for(access: Access, format_code: str, values: Values, numbers: Sequence[int], today: date) -> Columns:
    """The columns of terms that need not be stored, over given performances. Two queries."""
    figures = performance_figures(access, numbers)
    return columns(
        format_code,
        values,
        figures,
        low=lambda day: standard.rate("vat_low", day),
        high=lambda day: standard.rate("vat_high", day),
        today=today,
    )

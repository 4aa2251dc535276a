"""What every running agreement gives both parties, kept for lists: calculated anew after the night, and when figures came in."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import structlog
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, Outlook
from dip.contracts.queries.figures import figures_of
from dip.contracts.rules.bases import columns
from dip.contracts.rules.values import restored
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.states import ENDED, OPEN
from dip.definitions import queries as standard
from dip.programme.models import Performance
from dip.ticketing.models import PerformanceSales

#: Agreements in one transaction: a run that is killed has kept all before its last handful.
AT_ONCE = 500
#: A push says when it began, and is seen when it is committed: what was known so shortly before a calculation is looked at again.
OVERLAP = timedelta(minutes=15)
LARGEST = 2**63 - 1
_REASON = "outlooks are kept for every pair of parties"
_NEVER = date.min
_FIELDS = (
    "tickets",
    "potential_provider_cents",
    "potential_theatre_cents",
    "estimated_provider_cents",
    "estimated_theatre_cents",
    "true_at",
    "calculated_at",
)
_OF_PERFORMANCE = ("performance_date", "starts_at", "status", "capacity", "capacity_by_rank", "hall__name")
_OF_SALES = ("sold", "free_tickets", "recette_cents", "capacity_by_rank", "tickets_true_at", "confirmed_at", "source")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Basis:
    """By what an agreement is calculated: what both parties may know of it."""

    agreement_id: int
    format: str
    terms: dict[str, Any]
    numbers: Sequence[int]


def recalculate(*, at: datetime, numbers: Collection[int] | None = None, agreement_ids: Collection[int] | None = None) -> int:
    """Calculate the outlook of agreements that have not ended: all, or those over performances with ``numbers``, or those with these
    ids. How many were written.

    The amounts are the totals of the statement: the provider's including VAT, the theatre's with its surcharges. They go by what was
    proposed last, which both parties know, or by the draft of what never was. Each handful is a transaction of its own and a repeat gives
    the same; an agreement that cannot be calculated is logged and leaves the others alone. Five queries for each 500.
    """
    rows = Agreement.objects.across_tenants(_REASON).exclude(status__in=ENDED)
    if agreement_ids is not None:
        rows = rows.filter(pk__in=list(agreement_ids))
    if numbers is not None:
        touched = AgreementPerformance.objects.across_tenants(_REASON).filter(performance_id__in=list(numbers))
        rows = rows.filter(pk__in=touched.values("agreement_id"))
    return _recalculate(rows, at)


def recalculate_changed(*, at: datetime) -> int:
    """The same for agreements with new terms, new figures or a changed performance since their outlook was calculated, and for those
    that have none yet. Each outlook is its own watermark, so that a run that was killed is made up for by the next."""
    outlook = Outlook.objects.across_tenants(_REASON).filter(agreement=OuterRef("pk"))
    rows = Agreement.objects.across_tenants(_REASON).exclude(status__in=ENDED)
    rows = rows.annotate(calculated_at=Subquery(outlook.values("calculated_at")[:1]))
    since = ExpressionWrapper(F("calculated_at") - OVERLAP, output_field=DateTimeField())
    stale = Q(calculated_at=None) | Q(modified_at__gte=since)
    return _recalculate(rows.filter(stale | Q(pk__in=_with_news())), at)


def _with_news() -> "QuerySet[Any]":
    """Agreements of which a performance or its figures changed after the outlook's watermark."""
    outlook = Outlook.objects.across_tenants(_REASON).filter(agreement=OuterRef("agreement"))
    sales = PerformanceSales.objects.across_tenants(_REASON).filter(performance=OuterRef("performance"))
    rows = AgreementPerformance.objects.across_tenants(_REASON).annotate(
        since=ExpressionWrapper(Subquery(outlook.values("calculated_at")[:1]) - OVERLAP, output_field=DateTimeField()),
        known_at=Subquery(sales.values("known_at")[:1]),
    )
    return rows.filter(Q(known_at__gte=F("since")) | Q(performance__changed_at__gte=F("since"))).values("agreement_id")


def _recalculate(rows: "QuerySet[Any]", at: datetime) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    written = 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            written += _calculate(ids[start : start + AT_ONCE], at)
    return written


def _calculate(ids: Sequence[int], at: datetime) -> int:
    bases = _bases(ids)
    figures = _figures({number for basis in bases for number in basis.numbers})
    found = list(_outlooks(bases, figures, at))
    Outlook.objects.bulk_create(found, update_conflicts=True, unique_fields=["agreement"], update_fields=_FIELDS)
    return len(found)


def _bases(ids: Sequence[int]) -> list[_Basis]:
    """Three queries, or two when no draft is ahead of what was proposed."""
    agreements = list(Agreement.objects.across_tenants(_REASON).filter(pk__in=ids).only("format", "terms", "status", "version"))
    numbers: dict[int, list[int]] = {}
    held = AgreementPerformance.objects.across_tenants(_REASON).filter(agreement_id__in=ids)
    for key, number in held.order_by("performance_id").values_list("agreement_id", "performance_id"):
        numbers.setdefault(key, []).append(number)
    drafted = [one.pk for one in agreements if one.version and one.status in OPEN]
    proposed = {}
    if drafted:
        rows = AgreementVersion.objects.across_tenants(_REASON).filter(agreement_id__in=drafted, number=F("agreement__version"))
        proposed = {row.agreement_id: row for row in rows}
    bases = []
    for one in agreements:
        version = proposed.get(one.pk)
        if version is None:
            bases.append(_Basis(one.pk, one.format, one.terms, numbers.get(one.pk, [])))
        else:
            bases.append(_Basis(one.pk, version.format, version.terms, [int(row["number"]) for row in version.performances]))
    return bases


def _figures(numbers: Collection[int]) -> dict[int, PerformanceFigures]:
    rows = Performance.objects.filter(pk__in=numbers).select_related("hall").only(*_OF_PERFORMANCE)
    known = PerformanceSales.objects.across_tenants(_REASON).filter(performance_id__in=numbers).only(*_OF_SALES)
    sales = {row.performance_id: row for row in known}
    return {row.number: figures_of(row, sales.get(row.number)) for row in rows}


def _outlooks(bases: Iterable[_Basis], figures: dict[int, PerformanceFigures], at: datetime) -> Iterator[Outlook]:
    @cache
    def rate(code: str, day: date) -> Fraction:
        return standard.rate(code, day)

    for basis in bases:
        try:
            found = columns(
                basis.format,
                restored(basis.format, basis.terms),
                [figures[number] for number in basis.numbers if number in figures],
                low=lambda day: rate("vat_low", day),
                high=lambda day: rate("vat_high", day),
                today=_NEVER,  # so that nothing counts as played: the actual column is for pages
            )
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            log.warning("outlook cannot be calculated", agreement=basis.agreement_id, error=repr(error))
            continue
        potential, estimated = found.potential.statement, found.estimated.statement
        row = Outlook(
            agreement_id=basis.agreement_id,
            tickets=max(0, estimated.tickets),
            potential_provider_cents=potential.cents("provider_total"),
            potential_theatre_cents=potential.cents("theatre_total"),
            estimated_provider_cents=estimated.cents("provider_total"),
            estimated_theatre_cents=estimated.cents("theatre_total"),
            true_at=found.estimated.true_at,
            calculated_at=at,
        )
        if any(abs(getattr(row, name)) > LARGEST for name in _FIELDS if name.endswith("_cents")):
            log.warning("outlook is too large to keep", agreement=basis.agreement_id)
            continue
        yield row

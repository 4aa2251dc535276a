"""Settlement sheets for other systems: one per performance, calculated. Of a performance without a settlement the newest sales count."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, Settlement
from dip.contracts.queries.figures import performance_figures
from dip.contracts.rules.bases import columns
from dip.contracts.rules.kept import restored_statement
from dip.contracts.rules.values import restored
from dip.contracts.rules.wire_borderel import agreed, calculation
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Statement
from dip.contracts.terms.states import SettlementStatus
from dip.contracts.terms.wire import Borderel
from dip.definitions import queries as standard
from dip.registry.terms import Access

#: What a caller may sort by → our columns; ties by id.
SORTS = {
    "id": ("pk",),
    "contractId": ("agreement_id",),
    "performanceId": ("performance_id",),
    "date": ("performance__performance_date",),
    "modified": ("agreement__modified_at",),
}
_ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Sheets:
    """A part of the sheets, and how many there are."""

    rows: tuple[Borderel, ...]
    total: int


def borderellen(access: Access, *, offset: int, limit: int, sort: str, descending: bool, today: date) -> Sheets:
    """Sheets of the performances under binding agreements and of those that were settled. At most eight queries."""
    order = [F(name).desc() if descending else F(name).asc() for name in (*SORTS[sort], "pk")]
    found = _settling(access)
    return Sheets(tuple(_sheets(access, list(found.order_by(*order)[offset : offset + limit]), today)), found.count())


def borderel(access: Access, borderel_id: int, today: date) -> Borderel | None:
    """One sheet; None when there is none of that id for the access."""
    found = _sheets(access, list(_settling(access).filter(pk=borderel_id)), today)
    return found[0] if found else None


def _settling(access: Access) -> QuerySet[AgreementPerformance]:
    settled = Settlement.objects.within(access).filter(agreement_id=OuterRef("agreement_id"))
    rows = AgreementPerformance.objects.within(access).filter(Q(is_binding=True) | Q(Exists(settled)))
    return rows.filter(performance__cancelled_at=None)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What counts for an agreement: its statement, and the settlement it comes from."""

    statement: Statement
    values: Values
    settlement: Settlement | None


def _sheets(access: Access, rows: Sequence[AgreementPerformance], today: date) -> list[Borderel]:
    keys = {row.agreement_id for row in rows}
    if not keys:
        return []
    agreements = {one.pk: one for one in Agreement.objects.within(access).filter(pk__in=keys)}
    standing = {
        one.agreement_id: one
        for one in Settlement.objects.within(access).filter(agreement_id__in=keys).exclude(status=SettlementStatus.REOPENED)
    }
    versions = {
        (one.agreement_id, one.number): one for one in AgreementVersion.objects.within(access).filter(agreement_id__in=keys)
    }
    under: dict[int, list[int]] = defaultdict(list)
    pairs = AgreementPerformance.objects.within(access).filter(agreement_id__in=keys).values_list("agreement_id", "performance_id")
    for key, number in pairs:
        under[key].append(number)
    figures = {one.number: one for one in performance_figures(access, [n for numbers in under.values() for n in numbers])}
    settled = {
        key: _settled(versions[key, _version(agreements[key], standing.get(key))], standing.get(key), under[key], figures, today)
        for key in keys
    }
    return [_sheet(row, settled[row.agreement_id], figures[row.performance_id].on) for row in rows]


def _version(agreement: Agreement, settlement: Settlement | None) -> int:
    return settlement.version if settlement else agreement.version


def _settled(
    version: AgreementVersion,
    settlement: Settlement | None,
    numbers: Sequence[int],
    figures: dict[int, PerformanceFigures],
    today: date,
) -> _Settled:
    values = restored(version.format, version.terms)
    if settlement and settlement.statement:
        return _Settled(restored_statement(settlement.statement), values, settlement)
    found = columns(
        version.format,
        values,
        [figures[number] for number in numbers],
        low=lambda day: standard.rate("vat_low", day),
        high=lambda day: standard.rate("vat_high", day),
        today=today,
    )
    return _Settled(found.estimated.statement, values, settlement)


def _sheet(row: AgreementPerformance, settled: _Settled, on: date) -> Borderel:
    settlement = settled.settlement
    moments = (settlement.signed_at, settlement.confirmed_at, settlement.opened_at) if settlement else ()
    return Borderel(
        id=row.pk,
        contract_id=row.agreement_id,
        performance_id=row.performance_id,
        on=on,
        status=settlement.status if settlement else _ESTIMATED,
        number=settlement.number if settlement else 0,
        modified=next((moment for moment in moments if moment), None),
        agreed=agreed(settled.values, settled.statement),
        calculation=_calculation(settled.statement, row.performance_id),
    )


def _calculation(statement: Statement, number: int) -> dict[str, int]:
    """Of the performance; of one that the settlement left out because it was not played, all 0."""
    if number in statement.numbers:
        return calculation(statement, number)
    return dict.fromkeys(calculation(statement, statement.numbers[0]), 0) if statement.numbers else {}

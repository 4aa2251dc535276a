"""Settlements (borderellen) as both parties read them: figures, statement, what is disputed, and what ticketing says by now."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, FirstApproval, Settlement, SettlementRemark
from dip.contracts.queries.figures import performance_figures
from dip.contracts.rules.figures_check import check_figures
from dip.contracts.rules.kept import restored_figures, restored_statement, stored_figures
from dip.contracts.rules.settling import changed_since, statement_of, told_figures, working_figures
from dip.contracts.rules.turns import OF_SETTLEMENT
from dip.contracts.rules.values import restored
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.settlements import FiguresFinding, SettledFigures, Sold
from dip.contracts.terms.statement import Party, Statement
from dip.contracts.terms.states import AgreementStatus, SettlementStatus, Turn
from dip.definitions import queries as standard
from dip.registry.terms import Access

#: Still to be agreed upon: the figures can change.
UNSETTLED = frozenset({SettlementStatus.OPEN, SettlementStatus.DISPUTED})


@dataclass(frozen=True, slots=True)
class Remark:
    """A line that the provider disputes, and the theatre's reply; empty and None while there is none."""

    id: int
    line: str
    reason: str
    expected_cents: int | None
    at: datetime
    by: str
    reply: str
    replied_at: datetime | None
    replied_by: str


@dataclass(frozen=True, slots=True)
class SettlementState:
    """One borderel as the access may see it.

    ``figures`` and ``statement`` are what was confirmed; before that what stands now, for the theatre with what it changed itself.
    ``changes``: performances of which ticketing states something else by now, number → (when kept, now).
    """

    id: int
    agreement_id: int
    number: int
    version: int
    format: str
    status: SettlementStatus
    turn: Turn
    due_date: date
    act_by: date | None
    figures: tuple[SettledFigures, ...]
    statement: Statement
    told: tuple[SettledFigures, ...]
    findings: tuple[FiguresFinding, ...]
    changes: Mapping[int, tuple[Sold | None, Sold]]
    cancelled: tuple[PerformanceFigures, ...]
    remarks: tuple[Remark, ...]
    has_draft: bool
    opened_at: datetime
    confirmed_at: datetime | None
    confirmed_by: str
    signed_at: datetime | None
    signed_by: str
    paid_date: date | None
    reopened_at: datetime | None
    reopen_reason: str

    @property
    def digest(self) -> str:
        """Names exactly these figures, so that a form can say which ones it confirms."""
        return digest_of(self.figures)

    @property
    def open_remarks(self) -> tuple[Remark, ...]:
        """Those that wait for a reply."""
        return tuple(one for one in self.remarks if not one.replied_at)

    @property
    def missing(self) -> tuple[int, ...]:
        """Performances without figures."""
        return tuple(one.number for one in self.figures if one.sold is None)


@dataclass(frozen=True, slots=True)
class SettlementHead:
    """A borderel in the list of an agreement's."""

    number: int
    status: SettlementStatus
    opened_at: datetime
    reopened_at: datetime | None
    reopen_reason: str


@dataclass(frozen=True, slots=True)
class SettlementPage:
    """An agreement whose borderel is looked at. ``side``: as which party; None only reads. ``state``: None while none was opened.

    ``first``: who of the reader's own organisation was the first of two, and waits for a colleague; "" when nobody was.
    """

    agreement_id: int
    reference: str
    status: AgreementStatus
    title: str
    provider: str
    producer: str
    theatre: str
    city: str
    first_date: date
    last_date: date
    side: Party | None
    state: SettlementState | None
    heads: tuple[SettlementHead, ...]
    first: str
    first_is_self: bool


def digest_of(figures: tuple[SettledFigures, ...]) -> str:
    """A short name of exactly these figures."""
    text = json.dumps(stored_figures(figures), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def side_of(access: Access, agreement: Agreement) -> Party | None:
    """As which party the access acts; None for the producer for whom an agency acts, who only reads. Reads ``theatre``."""
    if access.is_provider and agreement.provider_id == access.organisation_id:
        return Party.PROVIDER
    if access.is_taker and agreement.theatre.organisation_id == access.organisation_id:
        return Party.THEATRE
    return None


def settlement_page(access: Access, agreement_id: int, number: int | None = None) -> SettlementPage | None:
    """Everything that the page of a borderel shows; None where the access may not see the agreement, or there is no such number.

    At most nine queries.
    """
    rows = Agreement.objects.within(access).select_related("theatre", "production", "provider", "producer")
    agreement = rows.filter(pk=agreement_id).first()
    if agreement is None:
        return None
    state = settlement(access, agreement_id, number)
    if state is None and number is not None:
        return None
    first = _first(access, agreement, state)
    return SettlementPage(
        agreement_id=agreement.pk, reference=agreement.reference, status=AgreementStatus(agreement.status),
        title=agreement.production.title, provider=agreement.provider.name, producer=agreement.producer.name,
        theatre=agreement.theatre.name, city=agreement.theatre.city, first_date=agreement.first_date, last_date=agreement.last_date,
        side=side_of(access, agreement), state=state, heads=settlement_heads(access, agreement_id),
        first=first.person.name if first else "", first_is_self=bool(first and first.person_id == access.person_id),
    )  # fmt: skip


def _first(access: Access, agreement: Agreement, state: SettlementState | None) -> FirstApproval | None:
    if state is None:
        return None
    rows = FirstApproval.objects.within(access).filter(agreement=agreement, subject=f"settlement-{state.number}")
    found: FirstApproval | None = rows.select_related("person").first()
    return found


def settlement(access: Access, agreement_id: int, number: int | None = None) -> SettlementState | None:
    """The standing borderel of an agreement, or an earlier one by its number; None where there is none. Six queries."""
    rows = Settlement.objects.within(access).filter(agreement_id=agreement_id).select_related("agreement__theatre")
    row = rows.order_by("-number").first() if number is None else rows.filter(number=number).first()
    return None if row is None else settlement_state(access, row)


def settlement_heads(access: Access, agreement_id: int) -> tuple[SettlementHead, ...]:
    """Every borderel of an agreement, newest first. One query."""
    rows = Settlement.objects.within(access).filter(agreement_id=agreement_id).order_by("-number")
    return tuple(
        SettlementHead(row.number, SettlementStatus(row.status), row.opened_at, row.reopened_at, row.reopen_reason) for row in rows
    )


def settlement_state(access: Access, row: Settlement) -> SettlementState:
    """A row that the access may see, with everything that belongs to it. Five queries."""
    performances = figures_under(access, row.agreement)
    told = told_now(performances)
    status = SettlementStatus(row.status)
    kept = restored_figures(row.figures)
    is_theatre = side_of(access, row.agreement) is Party.THEATRE
    figures, draft = kept, restored_figures([])
    if status is SettlementStatus.OPEN or (status is SettlementStatus.DISPUTED and is_theatre):
        draft = restored_figures(row.draft if is_theatre else [])
        figures = working_figures(kept, told, draft, follows=follows_ticketing(row))
    return SettlementState(
        id=row.pk, agreement_id=row.agreement_id, number=row.number, version=row.version, format=row.agreement.format, status=status,
        turn=OF_SETTLEMENT.get(status, Turn.NOBODY), due_date=row.due_date, act_by=row.act_by, figures=figures,
        statement=_statement(access, row, figures, is_kept=figures is kept), told=told,
        findings=tuple(check_figures(figures)) if status in UNSETTLED else (), changes=changed_since(figures, told),
        cancelled=tuple(one for one in performances if one.is_cancelled), remarks=remarks_of(access, row), has_draft=bool(draft),
        opened_at=row.opened_at, confirmed_at=row.confirmed_at, confirmed_by=row.confirmed_by, signed_at=row.signed_at,
        signed_by=row.signed_by, paid_date=row.paid_date, reopened_at=row.reopened_at, reopen_reason=row.reopen_reason,
    )  # fmt: skip


def follows_ticketing(row: Settlement) -> bool:
    """Whether the figures move with ticketing until they are confirmed: so in a first borderel, not in a reopened one."""
    return row.status == SettlementStatus.OPEN and row.number == 1


def figures_under(access: Access, agreement: Agreement) -> list[PerformanceFigures]:
    """The performances under an agreement with the newest figures. Three queries."""
    numbers = AgreementPerformance.objects.within(access).filter(agreement=agreement).values_list("performance_id", flat=True)
    return performance_figures(access, numbers)


def told_now(performances: list[PerformanceFigures]) -> tuple[SettledFigures, ...]:
    """What ticketing states of them, with the VAT rates of the standard."""
    return told_figures(performances, lambda day: standard.rate("vat_low", day), lambda day: standard.rate("vat_high", day))


def settling_terms(access: Access, row: Settlement) -> Values:
    """The terms by which a borderel settles: those of its version, never the draft. One query."""
    found = AgreementVersion.objects.within(access).filter(agreement_id=row.agreement_id, number=row.version)
    version = found.values_list("format", "terms").first()
    return restored(*(version or (row.agreement.format, row.agreement.terms)))


def _statement(access: Access, row: Settlement, figures: tuple[SettledFigures, ...], *, is_kept: bool) -> Statement:
    if is_kept and row.statement:
        return restored_statement(row.statement)
    return statement_of(row.agreement.format, settling_terms(access, row), figures)


def remarks_of(access: Access, row: Settlement) -> tuple[Remark, ...]:
    """What was disputed in a borderel, in the order in which it was. One query."""
    rows = SettlementRemark.objects.within(access).filter(settlement=row).order_by("at", "id")
    return tuple(Remark(r.pk, r.line, r.reason, r.expected_cents, r.at, r.by, r.reply, r.replied_at, r.replied_by) for r in rows)

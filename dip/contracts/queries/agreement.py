"""Everything about one agreement, as one of its two sides may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q

from dip.contracts.models import Agreement, FirstApproval, Framework, Settlement
from dip.contracts.queries.figures import columns_for, numbers_of
from dip.contracts.queries.timeline import Step, Told, events_of, steps_of
from dip.contracts.queries.versions import Answer, Evening, Version, versions_of
from dip.contracts.rules.bases import columns
from dip.contracts.rules.drafts import all_findings, ranks_in_use
from dip.contracts.rules.turns import turn
from dip.contracts.rules.values import restored
from dip.contracts.terms.columns import Column, Columns, PerformanceFigures
from dip.contracts.terms.fields import TermsFinding, Values
from dip.contracts.terms.states import AgreementStatus, SettlementStatus, Turn
from dip.definitions import queries as standard
from dip.registry.terms import Access, Level, Module


class Side(StrEnum):
    """As whom an access reads an agreement."""

    PROVIDER = "provider"
    PRODUCER = "producer"
    """For whom an agency acts: reads what the provider reads, and does nothing."""
    THEATRE = "theatre"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who agrees with whom. ``is_connected``: an organisation stands behind the theatre, so that somebody can answer."""

    provider: str
    producer: str
    theatre: str
    city: str
    is_connected: bool
    by_agency: bool
    theatre_contact: str
    provider_contact: str


@dataclass(frozen=True, slots=True)
class Kin:
    """An agreement that this one revises, or that revises this one."""

    id: int
    reference: str
    status: AgreementStatus
    is_parent: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A performance that is not as it was agreed: ``before`` as proposed, ``after`` as it stands, None when it was cancelled."""

    before: Evening
    after: Evening | None


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """The standing borderel."""

    number: int
    status: SettlementStatus
    due: date
    signed_at: datetime | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """One agreement. ``shown``: the terms that the reader looks at, the newest version or the provider's draft (number 0);
    ``previous``: what they are compared with."""

    id: int
    reference: str
    name: str
    status: AgreementStatus
    turn: Turn
    side: Side
    may_manage: bool
    may_approve: bool
    parties: Parties
    title: str
    dip_id: str
    first_date: date
    last_date: date
    answer_by: date | None
    reject_reason: str
    approved_at: datetime | None
    versions: tuple[Version, ...]
    shown: Version
    previous: Version | None
    columns: Columns
    steps: tuple[Step, ...]
    events: tuple[Told, ...]
    kin: tuple[Kin, ...]
    moved: tuple[Moved, ...]
    findings: tuple[TermsFinding, ...]
    settlement: SettlementFacts | None
    framework: str
    today: date
    approvals: frozenset[str] = field(default_factory=frozenset)
    """What a first of two people of the reader's organisation has approved: ``version-2``."""

    @property
    def newest(self) -> Version | None:
        """The newest version that was proposed."""
        return self.versions[-1] if self.versions else None

    @property
    def is_draft(self) -> bool:
        """Whether what is shown was never proposed as it stands."""
        return self.shown.number == 0

    @property
    def may_answer(self) -> bool:
        """Whether the reader answers field by field, now."""
        return self.side is Side.THEATRE and self.may_manage and self.status is AgreementStatus.PROPOSED

    @property
    def answers(self) -> Mapping[str, Answer]:
        """How the newest version is answered, as far as the reader may see."""
        return self.newest.answers if self.newest else {}

    @property
    def basis(self) -> Column:
        """The column that tells most by now: as it was played, else today's sales, else sold out."""
        every = self.columns
        if every.actual is not None and len(every.actual.evenings) == len(every.potential.evenings):
            return every.actual
        return every.estimated if has_figures(every.estimated) else every.potential

    def column_with(self, values: Values, like: Column) -> Column:
        """The same column by other terms, without asking the database again."""
        found = recalculated(self.shown.format, values, self.columns.performances, self.today)
        return found.actual if like.basis == "actual" and found.actual else getattr(found, str(like.basis))


def has_figures(column: Column) -> bool:
    """Whether any of its performances has figures."""
    return len(column.missing) < len(column.evenings)


def recalculated(format_code: str, values: Values, performances: Sequence[PerformanceFigures], today: date) -> Columns:
    """Columns of other terms over figures that are known already. No queries."""
    return columns(
        format_code,
        values,
        performances,
        low=lambda day: standard.rate("vat_low", day),
        high=lambda day: standard.rate("vat_high", day),
        today=today,
    )


def agreement_page(access: Access, agreement_id: int, today: date) -> AgreementPage | None:
    """One agreement with its terms, columns, course and history; None when there is none that the access may see. Eleven queries at
    most, however many versions and performances it has."""
    row = _row(access, agreement_id)
    if row is None:
        return None
    side = _side(access, row)
    versions = versions_of(access, row)
    shown, previous, found = _shown(access, row, side, versions, today)
    events, settlement = events_of(access, row), _settlement(access, row)
    may = side is not Side.PRODUCER
    return AgreementPage(
        id=row.pk,
        reference=row.reference,
        name=row.name,
        status=AgreementStatus(row.status),
        turn=turn(row.status, settlement.status if settlement else None),
        side=side,
        may_manage=may and access.allows(Module.CONTRACTS, Level.MANAGE),
        may_approve=may and access.allows(Module.CONTRACTS, Level.APPROVE),
        parties=_parties(row),
        title=row.production.title,
        dip_id=row.production.dip_id,
        first_date=shown.evenings[0].on if shown.evenings else row.first_date,
        last_date=shown.evenings[-1].on if shown.evenings else row.last_date,
        answer_by=row.answer_by,
        reject_reason=row.reject_reason,
        approved_at=row.approved_at,
        versions=versions,
        shown=shown,
        previous=previous,
        columns=found,
        steps=steps_of(row, versions, events, settlement, today),
        events=events,
        kin=_kin(access, row),
        moved=_moved(shown, found.performances),
        findings=tuple(all_findings(shown.format, shown.values, ranks_in_use([one.seats for one in found.performances]))),
        settlement=_settlement_facts(settlement),
        framework=_framework(access, row, today),
        approvals=frozenset(FirstApproval.objects.within(access).filter(agreement=row).values_list("subject", flat=True)),
        today=today,
    )


def _row(access: Access, agreement_id: int) -> Agreement | None:
    parts = ("provider", "producer", "theatre", "production", "theatre__organisation")
    found: Agreement | None = Agreement.objects.within(access).filter(pk=agreement_id).select_related(*parts).first()
    return found


def _side(access: Access, row: Agreement) -> Side:
    if access.is_taker:
        return Side.THEATRE
    return Side.PROVIDER if row.provider_id == access.organisation_id else Side.PRODUCER


def _shown(
    access: Access, row: Agreement, side: Side, versions: tuple[Version, ...], today: date
) -> tuple[Version, Version | None, Columns]:
    """The theatre looks at the newest version, never at a draft that is ahead of it; so does the provider once nothing differs."""
    newest = versions[-1] if versions else None
    is_open = row.status in (AgreementStatus.CONCEPT, AgreementStatus.REJECTED)
    if newest is not None and (side is Side.THEATRE or not is_open):
        numbers = [one.number for one in newest.evenings]
        return newest, _before(versions), columns_for(access, newest.format, newest.values, numbers, today)
    values = restored(row.format, row.terms)
    numbers = numbers_of(access, row)
    found = columns_for(access, row.format, values, numbers, today)
    if newest is not None and (newest.format, newest.values) == (row.format, values) and numbers == _numbers(newest):
        return newest, _before(versions), found
    return Version(0, row.format, values, tuple(_standing(one) for one in found.performances)), newest, found


def _before(versions: tuple[Version, ...]) -> Version | None:
    return versions[-2] if len(versions) > 1 else None


def _numbers(version: Version) -> list[int]:
    return sorted(one.number for one in version.evenings)


def _standing(one: PerformanceFigures) -> Evening:
    return Evening(one.number, one.on, one.starts_at, one.hall, one.seats)


def _parties(row: Agreement) -> Parties:
    return Parties(
        provider=row.provider.name,
        producer=row.producer.name,
        theatre=row.theatre.name,
        city=row.theatre.city,
        is_connected=row.theatre.organisation_id is not None,
        by_agency=row.provider_id != row.producer_id,
        theatre_contact=row.theatre_contact,
        provider_contact=row.provider_contact,
    )


def _kin(access: Access, row: Agreement) -> tuple[Kin, ...]:
    family = Agreement.objects.within(access).filter(Q(parent=row) | Q(pk=row.parent_id)).order_by("id")
    return tuple(Kin(one.pk, one.reference, AgreementStatus(one.status), one.pk == row.parent_id) for one in family)


def _settlement(access: Access, row: Agreement) -> Settlement | None:
    standing = Settlement.objects.within(access).filter(agreement=row).exclude(status=SettlementStatus.REOPENED)
    found: Settlement | None = standing.first()
    return found


def _settlement_facts(row: Settlement | None) -> SettlementFacts | None:
    if row is None:
        return None
    return SettlementFacts(row.number, SettlementStatus(row.status), row.due_date, row.signed_at, row.paid_date)


def _framework(access: Access, row: Agreement, today: date) -> str:
    """Title of the framework agreement of the pair that is valid; empty when there is none."""
    taker = row.theatre.organisation_id
    until = Q(valid_until=None) | Q(valid_until__gte=today)
    found = Framework.objects.within(access).filter(
        until, taker_id=taker, provider_id__in={row.provider_id, row.producer_id}, ended_at=None, valid_from__lte=today
    )
    return found.order_by("-valid_from").values_list("title", flat=True).first() or ""


def _moved(shown: Version, performances: Sequence[PerformanceFigures]) -> tuple[Moved, ...]:
    """Performances that are not as the version said: moved, or cancelled."""
    if not shown.number:
        return tuple(Moved(_standing(one), None) for one in performances if one.is_cancelled)
    now = {one.number: one for one in performances}
    found = []
    for before in shown.evenings:
        one = now.get(before.number)
        if one is None or one.is_cancelled:
            found.append(Moved(before, None))
        elif before.place != (one.starts_at, one.hall):
            found.append(Moved(before, _standing(one)))
    return tuple(found)

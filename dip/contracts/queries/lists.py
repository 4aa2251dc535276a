"""Lists of agreements: whose turn it is, filters with counts, one page, and everything for the export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip

from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance, AgreementVersion, Outlook
from dip.contracts.queries.listed import line_of
from dip.contracts.rules.formats import formats
from dip.contracts.terms.stages import AGREEING, OVER, SETTLING, TURNS, AgreementFilter, AgreementLine, Counts, Stage, Whose
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus, Turn
from dip.registry.terms import Access

PER_PAGE = 40
GROUPS: dict[str, Sequence[Stage]] = {"agreeing": AGREEING, "settling": SETTLING, "over": OVER}
_STANDING = [status.value for status in SettlementStatus if status is not SettlementStatus.REOPENED]
_OF_SETTLEMENT = {
    SettlementStatus.OPEN: Stage.TO_CONFIRM,
    SettlementStatus.DISPUTED: Stage.DISPUTED,
    SettlementStatus.CONFIRMED: Stage.TO_SIGN,
    SettlementStatus.PAID: Stage.PAID,
}


class _Counted(Paginator):
    """A paginator that was told how many there are."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.count = count  # type: ignore[misc]  # shadows the property that would ask the database again


def agreement_list(access: Access, wanted: AgreementFilter, today: date, page: int = 1) -> tuple[Page, Counts]:
    """One page of :class:`AgreementLine`, the reader's own turn first, and the counts. At most six queries, whatever its length."""
    counts = count_agreements(access, wanted, today)
    ids = _ordered(_asked(access, wanted, today), today).values_list("pk", flat=True)  # sorted without the terms, which are long
    found = _Counted(ids, counts.found).get_page(page)
    places = {pk: place for place, pk in enumerate(found.object_list)}
    lines = agreement_lines(access, staged(access).filter(pk__in=places))
    found.object_list = sorted(lines, key=lambda line: places[line.id])
    return found, counts


def all_agreements(access: Access, wanted: AgreementFilter, today: date) -> list[AgreementLine]:
    """Every line, with facts and terms, for the export. At most four queries."""
    return agreement_lines(access, _ordered(_asked(access, wanted, today), today), whole=True)


def count_agreements(access: Access, wanted: AgreementFilter, today: date) -> Counts:
    """How many there are by turn and stage. One query."""
    rows = list(_wide(access, wanted, today).order_by().values_list("whose", "stage").annotate(n=Count("pk")))
    stages = _stages(wanted.stage)
    by_whose = dict.fromkeys((whose.value for whose in Whose), 0)
    by_stage = dict.fromkeys((stage.value for stage in Stage), 0)
    found = 0
    for whose, stage, count in rows:
        is_asked, is_in = whose == wanted.whose or not wanted.whose, stage in stages or not stages
        by_whose[whose] += count if is_in else 0
        by_stage[stage] += count if is_asked else 0
        found += count if is_asked and is_in else 0
    return Counts(by_whose, by_stage, found)


def staged(access: Access) -> "QuerySet[Agreement]":
    """The agreements that the access may see, each with its ``stage``, ``turn``, ``whose``, ``due`` and standing settlement.

    Each of them is one CASE over columns: one that refers to another is written out whole wherever it is referred to, and a list of
    a few lines then takes Django a second to put into words.
    """
    standing = FilteredRelation("settlements", condition=Q(settlements__status__in=_STANDING))
    rows = Agreement.objects.within(access).alias(standing=standing)
    rows = rows.annotate(
        settlement_status=F("standing__status"),
        settlement_number=F("standing__number"),
        payable_cents=F("standing__payable_cents"),
        shown_format=_shown_format(access),
    )
    places = _places(access)
    due = Case(
        When(status=AgreementStatus.PROPOSED, then=F("answer_by")),
        When(status=AgreementStatus.APPROVED, standing__status=SettlementStatus.OPEN, then=F("standing__due_date")),
        output_field=DateField(),
    )
    return rows.annotate(
        stage=_words([(one.when, Value(one.stage.value)) for one in places], F("status")),
        turn=_words([(one.when, Value(one.turn.value)) for one in places], Value(Turn.NOBODY.value)),
        whose=_words([(one.when, _whose(access, one.turn)) for one in places], Value(Whose.NOBODY.value)),
        due=due,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """The first whose condition holds tells where an agreement stands."""

    when: Q
    stage: Stage
    turn: Turn


def _places(access: Access) -> list[_Place]:
    """Who invoices depends on the format; who pays on the sum."""
    invoiced = Q(
        Exists(
            AgreementEvent.objects.within(access).filter(
                agreement_id=OuterRef("pk"), kind=Happening.INVOICED, at__gte=OuterRef("standing__signed_at")
            )
        )
    )
    approved = Q(status=AgreementStatus.APPROVED)
    signed = approved & Q(standing__status=SettlementStatus.SIGNED)
    by_theatre = [one.code for one in formats() if one.issuer is Party.THEATRE]
    statuses = {status.value for status in AgreementStatus}
    return [
        *(_Place(approved & Q(standing__status=status), stage, TURNS[stage]) for status, stage in _OF_SETTLEMENT.items()),
        _Place(signed & Q(payable_cents__lt=0) & invoiced, Stage.TO_PAY, Turn.PROVIDER),
        _Place(signed & invoiced, Stage.TO_PAY, TURNS[Stage.TO_PAY]),
        _Place(signed & Q(shown_format__in=by_theatre), Stage.TO_INVOICE, Turn.THEATRE),
        _Place(signed, Stage.TO_INVOICE, TURNS[Stage.TO_INVOICE]),
        *(_Place(Q(status=stage.value), stage, turn) for stage, turn in TURNS.items() if stage.value in statuses),
    ]


def _words(pairs: Sequence[tuple[Q, Any]], otherwise: Any) -> Case:
    return Case(*(When(when, then=then) for when, then in pairs), default=otherwise, output_field=CharField())


def _whose(access: Access, turn: Turn) -> Any:
    """A producer for whom an agency acts is never to do something."""
    if turn is Turn.NOBODY:
        return Value(Whose.NOBODY.value)
    if access.is_taker or turn is Turn.THEATRE:
        return Value((Whose.MINE if access.is_taker and turn is Turn.THEATRE else Whose.THEIRS).value)
    mine = When(provider_id=access.organisation_id, then=Value(Whose.MINE.value))
    return Case(mine, default=Value(Whose.THEIRS.value), output_field=CharField())


def _shown_format(access: Access) -> Any:
    """As was proposed, for a theatre: the provider's draft may have another."""
    if not access.is_taker:
        return F("format")
    newest = AgreementVersion.objects.within(access).filter(agreement_id=OuterRef("pk"), number=OuterRef("version"))
    return Subquery(newest.values("format")[:1])


def _stages(asked: str) -> Sequence[str]:
    if asked in GROUPS:
        return [stage.value for stage in GROUPS[asked]]
    return [asked] if asked in set(Stage) else []


def _wide(access: Access, wanted: AgreementFilter, today: date) -> "QuerySet[Agreement]":
    """Everything asked but the turn and the stage."""
    rows = staged(access)
    if wanted.season_year and wanted.is_current:
        rows = rows.filter(Q(production__season_year__gte=wanted.season_year) | ~Q(stage__in=[stage.value for stage in OVER]))
    elif wanted.season_year:
        rows = rows.filter(production__season_year=wanted.season_year)
    if wanted.format:
        rows = rows.filter(shown_format=wanted.format)
    if wanted.theatre_id:
        rows = rows.filter(theatre_id=wanted.theatre_id)
    if wanted.production_id:
        rows = rows.filter(production_id=wanted.production_id)
    return rows.filter(_text_filter(wanted.text)) if wanted.text else rows


def _text_filter(text: str) -> Q:
    text = text.strip()
    words = Q(production__title__icontains=text) | Q(theatre__name__icontains=text) | Q(theatre__city__icontains=text)
    parties = Q(provider__name__icontains=text) | Q(producer__name__icontains=text)
    return Q(reference__iexact=text) | Q(reference__icontains=text) | Q(name__icontains=text) | words | parties


def _asked(access: Access, wanted: AgreementFilter, today: date) -> "QuerySet[Agreement]":
    rows, stages = _wide(access, wanted, today), _stages(wanted.stage)
    if stages:
        rows = rows.filter(stage__in=stages)
    return rows.filter(whose=wanted.whose) if wanted.whose else rows


def _ordered(rows: "QuerySet[Agreement]", today: date) -> "QuerySet[Agreement]":
    """Mine first, then theirs, by what is due soonest; of the rest what is to come, and then the past, newest first."""
    place = Case(*(When(whose=whose, then=Value(n)) for n, whose in enumerate(Whose)), output_field=IntegerField())
    waits = ~Q(whose=Whose.NOBODY)
    is_past = Case(When(waits | Q(last_date__gte=today), then=Value(0)), default=Value(1), output_field=IntegerField())
    soonest = Case(
        When(waits & Q(due__isnull=False), then=F("due")),
        When(waits | Q(last_date__gte=today), then=F("first_date")),
        output_field=DateField(),
    )
    return rows.order_by(place, is_past, soonest.asc(nulls_last=True), F("first_date").desc(), "reference")


def agreement_lines(access: Access, rows: "QuerySet[Agreement]", *, whole: bool = False) -> list[AgreementLine]:
    """Lines of agreements that :func:`staged` gave, in their order. Four queries for a theatre, three for a provider."""
    found: list[Any] = list(rows.select_related("production", "theatre", "provider", "producer", "agency"))
    ids = [row.pk for row in found]
    outlooks = {row.agreement_id: row for row in Outlook.objects.within(access).filter(agreement_id__in=ids)}
    versions = _versions(access, ids) if access.is_taker else {}
    evenings: dict[int, list[AgreementPerformance]] = {}
    if not access.is_taker:
        for one in _evenings(access, ids):
            evenings.setdefault(one.agreement_id, []).append(one)
    return [
        line_of(access, row, outlooks.get(row.pk), versions.get(row.pk), evenings.get(row.pk, []), whole=whole) for row in found
    ]


def _versions(access: Access, ids: Sequence[int]) -> dict[int, AgreementVersion]:
    """What was proposed last."""
    rows = AgreementVersion.objects.within(access).filter(agreement_id__in=ids, number=F("agreement__version"))
    return {row.agreement_id: row for row in rows}


def _evenings(access: Access, ids: Sequence[int]) -> Iterable[AgreementPerformance]:
    rows = AgreementPerformance.objects.within(access).filter(agreement_id__in=ids)
    return rows.select_related("performance__hall").order_by("performance__starts_at", "performance_id")

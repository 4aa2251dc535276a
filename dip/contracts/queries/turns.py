"""Whose turn it is, for one agreement and for many, so that lists, home and mails agree."""

from typing import Any

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When

from dip.contracts.models import Agreement, Settlement
from dip.contracts.rules.turns import OF_SETTLEMENT, OF_STATUS, turn
from dip.contracts.terms.states import AgreementStatus, SettlementStatus, Turn
from dip.registry.terms import Access

REASON = "the caller already has the agreement, and its borderel has the same two parties"


def turn_of(agreement: Agreement) -> Turn:
    """Whose act an agreement waits for, its borderel included. No query after :func:`with_turns`, one without, only when approved."""
    if agreement.status != AgreementStatus.APPROVED:
        return turn(agreement.status)
    if hasattr(agreement, "settlement_status"):
        return turn(agreement.status, agreement.settlement_status)
    return turn(agreement.status, _standing().filter(agreement=agreement).values_list("status", flat=True).first())


def with_turns(rows: Any) -> Any:
    """A query set of agreements with ``settlement_status`` (of the standing borderel, or None) and ``turn`` on each."""
    standing = _standing().filter(agreement=OuterRef("pk")).order_by("-number").values("status")[:1]
    by_status = [When(status=status.value, then=Value(whose.value)) for status, whose in OF_STATUS.items()]
    by_settlement = [
        When(status=AgreementStatus.APPROVED, settlement_status=status.value, then=Value(whose.value))
        for status, whose in OF_SETTLEMENT.items()
    ]
    whose = Case(*by_status, *by_settlement, default=Value(Turn.NOBODY.value), output_field=CharField())
    return rows.annotate(settlement_status=Subquery(standing)).annotate(turn=whose)


def waiting_for(rows: Any, whose: Turn) -> Any:
    """Of a query set of agreements those whose turn it is so."""
    return with_turns(rows).filter(turn=whose.value)


def waiting_for_access(access: Access) -> Any:
    """The agreements that wait for the access's own organisation: a provider that proposes, a theatre that answers."""
    mine = Agreement.objects.within(access)
    if access.is_provider:
        return waiting_for(mine.filter(provider_id=access.organisation_id), Turn.PROVIDER)
    return waiting_for(mine, Turn.THEATRE)


def _standing() -> Any:
    return Settlement.objects.across_tenants(REASON).exclude(status=SettlementStatus.REOPENED)

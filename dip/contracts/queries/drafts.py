"""What a new concept begins with, and everything that still stands between a concept and its proposal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from dip.contracts.models import Agreement
from dip.contracts.queries.evenings import evening_facts, possible
from dip.contracts.queries.figures import numbers_of
from dip.contracts.queries.parties import holding_framework, levels_of, own_settings
from dip.contracts.rules.drafts import all_findings, ranks_in_use, read_given, settlement_prices
from dip.contracts.rules.readiness import drafting_findings, proposing_findings
from dip.contracts.rules.values import defaults, restored
from dip.contracts.terms.fields import TermsFinding, Value
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.terms.workflow import EveningFacts, Standing
from dip.definitions import queries as standard
from dip.programme.models import Performance, Production, Surcharge, Theatre
from dip.registry.terms import Access, Level


def draft_values(
    access: Access, *, format_code: str, production_id: int, theatre_id: int, numbers: Sequence[int], on: date
) -> dict[str, Value]:
    """The terms that a concept made on a day begins with: defaults of the format, then royalties by the standard, the hall's
    surcharges of that day, the organisation's own, and whether a framework agreement holds. Complete; raises KeyError for an unknown
    format. What the organisation keeps and no longer fits the format is left out."""
    values = defaults(format_code)
    if "royalties_percentage" in values:
        values["royalties_percentage"] = Decimal(str(standard.rate_term("royalties", on).value)) * 100
    own, _ = read_given(format_code, own_settings(access).draft_terms.get(format_code, {}))
    values |= own
    values |= hall_surcharges(theatre_id, numbers, on)
    theatre, production = Theatre.objects.filter(pk=theatre_id).first(), Production.objects.filter(pk=production_id).first()
    if theatre is not None and production is not None:
        provider_id = production.agency_id or production.producer_id
        values["framework_applies"] = holding_framework(access, provider_id, theatre.organisation_id, on) is not None
    if values.get("entrance_prices") and not values.get("settlement_prices"):
        values["settlement_prices"] = settlement_prices(values)
    return values


def hall_surcharges(theatre_id: int, numbers: Sequence[int], on: date) -> dict[str, Value]:
    """Surcharges a ticket that hold on a day, in the hall of the first of the performances; none where there is no hall or period."""
    first = Performance.objects.filter(pk__in=possible(numbers), theatre_id=theatre_id).order_by("starts_at", "number").first()
    if first is None:
        return {}
    period = Surcharge.objects.filter(hall_id=first.hall_id, valid_from__lte=on).order_by("-valid_from").first()
    if period is None:
        return {}
    return {f"{code}_surcharge": getattr(period, f"{code}_cents") for code in ("theatre", "consumption", "service", "wardrobe")}


def standing_of(access: Access, production: Production, theatre: Theatre, on: date, parent: Agreement | None = None) -> Standing:
    """What of the parties matters for drafting and proposing. At most three queries; ``agency`` and ``producer`` are best selected."""
    provider = production.agency or production.producer
    levels = levels_of(theatre.organisation_id)
    return Standing(
        production_id=production.pk,
        production=production.title,
        theatre_id=theatre.merged_into_id or theatre.pk,
        theatre=theatre.name,
        is_production_merged=production.merged_into_id is not None,
        is_entitled=access.is_provider and access.organisation_id == provider.pk,
        provider=provider.name,
        is_connected=theatre.organisation_id is not None,
        has_answerers=any(level >= Level.MANAGE for level in levels),
        has_approvers=any(level >= Level.APPROVE for level in levels),
        has_framework=holding_framework(access, provider.pk, theatre.organisation_id, on) is not None,
        parent=parent.reference if parent else "",
        is_parent_approved=parent is None or parent.status == AgreementStatus.APPROVED,
    )


def findings_of(access: Access, agreement: Agreement, on: date) -> list[TermsFinding]:
    """Everything that stands between an agreement and its proposal, refusing ones first, then what is only remarkable. About ten
    queries. For the pages of the provider, and for the proposal itself."""
    facts = evening_facts(numbers_of(access, agreement), but=[agreement.pk, agreement.parent_id])
    return findings_about(access, agreement, facts, on)


def findings_about(access: Access, agreement: Agreement, facts: dict[int, EveningFacts], on: date) -> list[TermsFinding]:
    """As :func:`findings_of`, of performances that were read already."""
    values = restored(agreement.format, agreement.terms)
    standing = standing_of(access, agreement.production, agreement.theatre, on, agreement.parent)
    evenings = list(facts.values())
    found = drafting_findings(standing, numbers_of(access, agreement), evenings)
    found += proposing_findings(standing, evenings, on, framework_applies=bool(values.get("framework_applies")))
    found += all_findings(agreement.format, values, ranks_in_use([evening.ranks for evening in evenings]))
    return sorted(found, key=lambda finding: finding.is_warning)

"""One line of a list from its rows: what a provider drafts, or what a theatre was proposed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dip.contracts.models import AgreementPerformance, AgreementVersion, Outlook
from dip.contracts.rules.values import restored
from dip.contracts.terms.stages import AgreementLine, ListedPerformance, Stage, Whose
from dip.contracts.terms.states import Turn
from dip.registry.terms import Access


def line_of(
    access: Access,
    row: Any,
    outlook: Outlook | None,
    version: AgreementVersion | None,
    evenings: Sequence[AgreementPerformance],
    *,
    whole: bool,
) -> AgreementLine:
    """A line of an agreement with its stage. ``version``: what a theatre reads by; None for the provider's side."""
    performances = _proposed(version) if version else tuple(_agreed(one) for one in evenings)
    days = sorted(one.on for one in performances) if version else []
    side = "theatre" if access.is_taker else "provider"
    terms = version.terms if version else row.terms
    return AgreementLine(
        id=row.pk,
        reference=row.reference,
        name=row.name,
        production_id=row.production_id,
        title=row.production.title,
        dip_id=row.production.dip_id,
        season_year=row.production.season_year,
        theatre_id=row.theatre_id,
        theatre=row.theatre.name,
        city=row.theatre.city,
        provider=row.provider.name,
        producer=row.producer.name,
        agency=row.agency.name if row.agency else "",
        format=row.shown_format,
        version=row.version,
        stage=Stage(row.stage),
        whose=Whose(row.whose),
        turn=Turn(row.turn),
        first_date=days[0] if days else row.first_date,
        last_date=days[-1] if days else row.last_date,
        due_date=row.due,
        performances=performances,
        own_potential_cents=getattr(outlook, f"potential_{side}_cents", None),
        own_estimated_cents=getattr(outlook, f"estimated_{side}_cents", None),
        outlook_at=outlook.true_at if outlook else None,
        facts=_facts(row, outlook) if whole else {},
        values=restored(row.shown_format, terms) if whole else {},
    )


def _agreed(one: AgreementPerformance) -> ListedPerformance:
    performance = one.performance
    seats = tuple(performance.capacity_by_rank or ([performance.capacity] if performance.capacity else []))
    return ListedPerformance(performance.number, performance.performance_date, performance.starts_at, performance.hall.name, seats)


def _proposed(version: AgreementVersion) -> tuple[ListedPerformance, ...]:
    found = [
        ListedPerformance(
            number=int(one["number"]),
            on=date.fromisoformat(one["date"]),
            starts_at=datetime.fromisoformat(one["starts_at"]),
            hall=str(one.get("hall") or ""),
            seats=tuple(one.get("capacity_by_rank") or ()),
        )
        for one in version.performances
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.number)))


def _facts(row: Any, outlook: Outlook | None) -> dict[str, object]:
    """What only the export tells."""
    names = ("theatre_contact", "provider_contact", "answer_by", "approved_at", "ended_at", "created_at", "modified_at")
    facts: dict[str, object] = {name: getattr(row, name) for name in names}
    facts |= {name: getattr(row, name) for name in ("settlement_status", "settlement_number", "payable_cents")}
    for name in ("potential_provider_cents", "potential_theatre_cents", "estimated_provider_cents", "estimated_theatre_cents"):
        facts[name] = getattr(outlook, name, None)
    return facts

"""Agreements and settlements in the tables, as the actions leave them, for documents. Every name is invented."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, FieldAnswer, Framework, Settlement
from dip.contracts.rules.kept import stored_figures, stored_statement
from dip.contracts.rules.settling import statement_of
from dip.contracts.rules.values import completed, restored, stored
from dip.contracts.terms.fields import Tranche, Values
from dip.contracts.terms.settlements import SettledFigures, Sold
from dip.contracts.terms.states import AgreementStatus, SettlementStatus
from dip.definitions.queries import rate
from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.terms import Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation

PROPOSED = datetime(2026, 11, 4, 14, 42, tzinfo=UTC)
ANSWERED = datetime(2026, 11, 11, 9, 5, tzinfo=UTC)
FIRST = date(2027, 1, 14)

PARTAGE: dict[str, Any] = {
    "provider_percentage": Decimal(80),
    "provider_guarantee": 700_000,
    "guarantee_per_performance": False,
    "royalties_percentage": Decimal(12),
    "royalties_add_part": True,
    "entrance_prices": (2975, 2475),
    "settlement_prices": (2725, 2225),
    "theatre_surcharge": 250,
    "consumption_surcharge": 100,
    "free_tickets": 20,
    "publicity": 45_000,
}
TRANCHES: dict[str, Any] = {
    "tranches": tuple(
        Tranche(limit * 400_000 if limit else None, Decimal(share))
        for limit, share in ((1, 100), (2, 90), (3, 80), (4, 70), (None, 50))
    ),
    "shared_costs": 125_000,
    "royalties_percentage": Decimal(10),
    "entrance_prices": tuple(6500 - 500 * rank for rank in range(10)),
    "settlement_prices": tuple(6250 - 500 * rank for rank in range(10)),
    "theatre_surcharge": 250,
    "tranche_basis": "each",
    "shared_costs_by": "provider",
}


class Cast:
    """Agency, producer, theatre, and performances between them."""

    def __init__(self, evenings: int = 2, ranks: tuple[int, ...] = (420, 222), *, with_agency: bool = True) -> None:
        self.producer = make_organisation(Role.PRODUCER, name="Toneelgroep Noordwal", city="Groningen")
        self.agency = make_organisation(Role.AGENCY, name="Impresariaat Van Halderen", city="Utrecht") if with_agency else None
        self.house = make_organisation(Role.THEATRE, name="Stichting De Vlonder")
        self.theatre = make_theatre(self.house, name="Theater De Vlonder")
        self.hall = make_hall(self.theatre, name="Grote Zaal", capacity=sum(ranks))
        self.production = make_production(self.producer, title="Zeven Dagen Vloed", agency=self.agency)
        self.performances: list[Performance] = [
            make_performance(
                self.production, self.hall, day=FIRST + timedelta(days=place), capacity=sum(ranks), capacity_by_rank=list(ranks)
            )
            for place in range(evenings)
        ]

    @property
    def provider(self) -> Organisation:
        return self.agency or self.producer


_serial = 1193


def make_agreement(
    cast: Cast, values: Values = PARTAGE, format_code: str = "partage", status: str = AgreementStatus.CONCEPT, **over: Any
) -> Agreement:
    """An agreement over all of the cast's performances; anything but a concept has a first version."""
    global _serial
    _serial += 1
    terms = stored(completed(format_code, values))
    is_concept = status == AgreementStatus.CONCEPT
    agreement = Agreement.objects.create(
        **{
            "reference": f"A26-{_serial:05d}",
            "format": format_code,
            "provider": cast.provider,
            "producer": cast.producer,
            "agency": cast.agency,
            "theatre": cast.theatre,
            "production": cast.production,
            "first_date": cast.performances[0].performance_date,
            "last_date": cast.performances[-1].performance_date,
            "status": status,
            "version": 0 if is_concept else 1,
            "terms": terms,
            "theatre_contact": "programma@vlonder.example",
            "provider_contact": "verkoop@halderen.example",
            "created_at": PROPOSED,
            "modified_at": PROPOSED,
        }
        | over
    )
    for performance in cast.performances:
        AgreementPerformance.objects.create(agreement=agreement, performance=performance)
    if not is_concept:
        make_version(agreement, 1, "" if status == AgreementStatus.PROPOSED else status)
    return agreement


def make_version(agreement: Agreement, number: int, outcome: str = "", **over: Any) -> AgreementVersion:
    """A version with the agreement's terms, answered by the theatre's programmer when it has an outcome."""
    evenings = AgreementPerformance.objects.across_tenants("a test").filter(agreement=agreement).select_related("performance__hall")
    kept = [
        {
            "number": row.performance.pk,
            "date": row.performance.performance_date.isoformat(),
            "starts_at": row.performance.starts_at.isoformat(),
            "hall": row.performance.hall.name,
            "hall_id": row.performance.hall_id,
            "capacity_by_rank": row.performance.capacity_by_rank,
        }
        for row in evenings
    ]
    days = timedelta(days=7 * (number - 1))
    values: dict[str, Any] = {
        "format": agreement.format,
        "terms": agreement.terms,
        "performances": kept,
        "proposed_at": PROPOSED + days,
        "proposed_by": "Joris van Halderen",
        "answered_at": ANSWERED + days if outcome else None,
        "answered_by": "Anouk Terpstra" if outcome else "",
        "outcome": outcome,
    }
    version: AgreementVersion = AgreementVersion.objects.create(agreement=agreement, number=number, **values | over)
    if outcome == "rejected":
        FieldAnswer.objects.create(
            version=version, field="provider_guarantee", is_accepted=False, reason="Te hoog voor doordeweeks", at=ANSWERED, by="Anouk Terpstra"
        )  # fmt: skip
    return version


def make_framework(cast: Cast) -> Framework:
    """A framework agreement between the parties."""
    return Framework.objects.create(
        provider=cast.provider,
        taker=cast.house,
        title="Mantelovereenkomst 2025",
        valid_from=date(2025, 8, 1),
        file_name="mantel.pdf",
        media_type="application/pdf",
        content=b"%PDF-",
        digest="ab" * 32,
        uploaded_at=PROPOSED - timedelta(days=90),
        uploaded_by="Joris van Halderen",
        uploader=cast.provider,
    )


def make_settlement(agreement: Agreement, status: str = SettlementStatus.SIGNED, number: int = 1, **over: Any) -> Settlement:
    """A borderel of every performance, the second one corrected by the theatre."""
    rows = AgreementPerformance.objects.across_tenants("a test").filter(agreement=agreement).select_related("performance__hall")
    figures = []
    for place, row in enumerate(rows):
        one = row.performance
        told = Sold(402 + 17 * place, 12, 1_180_000 + 41_250 * place)
        sold = Sold(told.tickets + 3, 12, told.recette_cents + 8_925) if place == 1 else told
        low, high = (rate(code, one.performance_date) for code in ("vat_low", "vat_high"))
        corrected = place == 1
        figures.append(
            SettledFigures(
                number=one.pk,
                on=one.performance_date,
                hall=one.hall.name,
                seats=one.capacity,
                vat_rate=low,
                high_vat_rate=high,
                sold=sold,
                told=told,
                source="Kassa De Vlonder",
                true_at=PROPOSED,
                reason="Drie kaarten aan de deur" if corrected else "",
                corrected_by="Anouk Terpstra" if corrected else "",
            )
        )
    statement = statement_of(agreement.format, restored(agreement.format, agreement.terms), figures)
    is_open = status == SettlementStatus.OPEN
    signed = status in (SettlementStatus.SIGNED, SettlementStatus.PAID)
    confirmed_at = datetime(2027, 1, 20, 10, 0, tzinfo=UTC)
    return Settlement.objects.create(
        **{
            "agreement": agreement,
            "version": agreement.version,
            "number": number,
            "status": status,
            "due_date": date(2027, 1, 22),
            "figures": [] if is_open else stored_figures(figures),
            "statement": None if is_open else stored_statement(statement),
            "payable_cents": None if is_open else statement.payable_cents,
            "opened_at": datetime(2027, 1, 16, 4, 0, tzinfo=UTC),
            "confirmed_at": None if is_open else confirmed_at,
            "confirmed_by": "" if is_open else "Anouk Terpstra",
            "signed_at": confirmed_at + timedelta(days=1) if signed else None,
            "signed_by": "Joris van Halderen" if signed else "",
        }
        | over
    )

"""Objects of the wire contract around agreements; member names as systems know them, amounts in whole cents."""

from typing import Any

from ninja import Schema
from pydantic import Field

from dip.contracts.rules.wire import properties, rejection_fields
from dip.contracts.terms.wire import Borderel, TheatreFees, WireContract, WirePart
from dip.kernel import clock


class Reference(Schema):
    """An id and a name."""

    id: int
    name: str


class Producer(Reference):
    """A producer or agency; the id is its national number."""

    type: str = Field(description="Producer or Agency")


class ProductionPart(Schema):
    """The production of an agreement."""

    id: str
    title: str


class PerformancePart(Schema):
    """A performance under an agreement."""

    number: int
    date: str = Field(description="local time at the venue, without offset")


class Contract(Schema):
    """An agreement. ``parentId`` 0 is a main version; a revision names what it revises."""

    id: int
    type: str = Field(description="partage, buyout, volume, suppletion or rent")
    name: str = Field(description="the provider's own reference, not unique")
    status: str = Field(description="concept, proposed, approved, rejected or revised")
    reject_reason: str
    modified: str = Field(description="local time, without offset")
    contact_theater: str
    contact_producer: str
    agencyAsProvider: bool
    agency: Reference | None
    producer: Producer
    theater: Reference
    production: ProductionPart
    first_date: str
    performances: list[PerformancePart]
    properties: dict[str, Any] = Field(description="the terms; what only this platform knows stands under additional")
    parentId: int
    childIds: list[int]
    rejection_fields: dict[str, bool]


class WrittenContract(Contract):
    """An agreement as it stands after a write, with what was remarked and did not refuse it."""

    warnings: list[str] = Field(default_factory=list)


class FeePeriod(Schema):
    """Surcharges per ticket from a day on, cents incl. VAT."""

    start_date: str
    end_date: str | None
    theater_fee: int
    consumption_fee: int
    service_fee: int
    wardrobe_fee: int


class HallFeesObject(Reference):
    """A hall with its periods, newest first."""

    fees: list[FeePeriod]


class TheaterFees(Reference):
    """A theatre with the halls that have surcharges."""

    theater_locations: list[HallFeesObject]


class Contact(Schema):
    """Where proposals for a theatre go."""

    theater: Reference
    emails: list[str]


class Calculation(Schema):
    """The settlement of one performance, whole cents; over the performances of an agreement they sum to the agreement's."""

    grossRevenueInVat: int
    theaterDeductionInVat: int
    theaterFeeInVat: int
    consumptionFeeInVat: int
    serviceFeeInVat: int
    wardrobeFeeInVat: int
    consumerRevenueExVat: int
    providerRevenueExVat: int
    grossRevenueVat: int
    providerRevenueVat: int
    copyrightExVat: int = Field(description="what royalties were taken of")
    copyrightTotalExVat: int = Field(description="royalties")
    copyrightTotalVat: int = Field(description="always 0: royalties are settled without VAT")
    netRevenueExVat: int
    providerTotalExVat: int
    consumerTotalExVat: int
    providerTotalInVat: int
    combinedBudgetTotalExVat: int


class BorderelObject(Schema):
    """The settlement sheet of a performance. Until the theatre confirmed it, its calculation is of the newest sales."""

    id: int
    contractId: int
    performanceId: int
    date: str
    status: str = Field(description="estimated, open, confirmed, disputed, signed or paid")
    version: int = Field(description="counts reopenings; 0 while there is no settlement")
    modified: str | None
    contractPercentage: float | None
    contractCopyrightPercentage: float | None
    contractCopyrightTotal: int
    contractPartagePercentage: float | None
    contractGuaranteeProvider: int
    contractGuaranteeConsumer: int
    calculation: Calculation


class Pagination(Schema):
    """Which part of the sheets this is."""

    page: int
    pageSize: int
    totalItems: int
    totalPages: int
    hasNextPage: bool
    hasPreviousPage: bool


class Meta(Schema):
    """About the answer."""

    pagination: Pagination


class BorderelList(Schema):
    """A part of the sheets."""

    data: list[BorderelObject]
    meta: Meta


class Refusal(Schema):
    """How every call is refused."""

    error: str
    error_description: str


def _reference(part: WirePart) -> dict[str, Any]:
    return {"id": part.id, "name": part.name}


def contract(found: WireContract) -> dict[str, Any]:
    """As the wire shows it."""
    return {
        "id": found.id,
        "type": found.format,
        "name": found.name,
        "status": found.status,
        "reject_reason": found.reject_reason,
        "modified": clock.local(found.modified).replace(tzinfo=None).isoformat(timespec="seconds"),
        "contact_theater": found.contact_theatre,
        "contact_producer": found.contact_provider,
        "agencyAsProvider": found.agency_as_provider,
        "agency": _reference(found.agency) if found.agency else None,
        "producer": {**_reference(found.producer), "type": found.producer.kind},
        "theater": _reference(found.theatre),
        "production": {"id": found.production.id, "title": found.production.name},
        "first_date": found.first_date.isoformat(),
        "performances": [
            {"number": one.number, "date": one.starts_at.replace(tzinfo=None).isoformat(timespec="seconds")}
            for one in found.performances
        ],
        "properties": properties(found.format, found.values),
        "parentId": found.parent_id,
        "childIds": list(found.child_ids),
        "rejection_fields": rejection_fields(found.format, found.rejected),
    }


def fees(found: TheatreFees) -> dict[str, Any]:
    """As the wire shows it."""
    return {
        "id": found.id,
        "name": found.name,
        "theater_locations": [
            {
                "id": hall.id,
                "name": hall.name,
                "fees": [
                    {
                        "start_date": period.since.isoformat(),
                        "end_date": period.until.isoformat() if period.until else None,
                        "theater_fee": period.theatre_cents,
                        "consumption_fee": period.consumption_cents,
                        "service_fee": period.service_cents,
                        "wardrobe_fee": period.wardrobe_cents,
                    }
                    for period in hall.periods
                ],
            }
            for hall in found.halls
        ],
    }


def sheet(found: Borderel) -> dict[str, Any]:
    """As the wire shows it."""
    modified = found.modified
    return {
        "id": found.id,
        "contractId": found.contract_id,
        "performanceId": found.performance_id,
        "date": found.on.isoformat(),
        "status": found.status,
        "version": found.number,
        "modified": clock.local(modified).replace(tzinfo=None).isoformat(timespec="seconds") if modified else None,
        **found.agreed,
        "calculation": found.calculation,
    }
